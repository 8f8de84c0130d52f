"""Watched runs: what statements assign, from what, and other values in their place."""

import sys
import time

import numpy as np
import pytest

from autograd_lite.checking.audits.running.watching import PER_NAME, watch
from tests.checking.zoo.mistakes import load


def double(x):
    return 2 * x


def several(x):
    y, z = x + 1, double(x)
    total = np.add(
        y,
        z,
    )
    total[0] = 7.0
    grads = {"y": y}
    grads["z"] = z * 1
    total += 1
    return total, grads


def assigned(call):
    return watch(call)[1]


def by_name(assignments, name):
    return [a for a in assignments if a.name == name and a.kind != "returned"]


def test_statements_are_noted_with_names_values_and_lines():
    x = np.arange(3.0)
    result, assignments = watch(lambda: several(x))
    (y,), (z,) = by_name(assignments, "y"), by_name(assignments, "z")
    np.testing.assert_array_equal(y.value, x + 1)
    np.testing.assert_array_equal(z.value, 2 * x)
    first, second, third = by_name(assignments, "total")[:3]
    assert first.source.startswith("total = np.add(\n")
    assert first.line == y.line + 1
    np.testing.assert_array_equal(first.value, 3 * x + 1)
    assert [each.kind for each in (first, second, third)] == ["assigned", "updated", "updated"]
    np.testing.assert_array_equal(third.value, result[0])
    assert by_name(assignments, "grads['z']")[0].value[1] == 2.0


def test_assignments_know_what_they_were_computed_from():
    assignments = assigned(lambda: several(np.arange(3.0)))
    first, second = by_name(assignments, "total")[:2]
    read = {assignments[number].name for number in first.reads}
    assert read == {"y", "z"}
    assert first.number in second.reads
    (z,) = by_name(assignments, "z")
    (returned,) = (a for a in assignments if a.kind == "returned" and a.function == "double")
    assert returned.number in z.reads


def test_attributes_of_an_object_are_known_in_its_other_methods():
    class Layer:
        def forward(self, x):
            self.x = 2 * x
            return self.x

        def backward(self, dout):
            self.dx = dout * self.x
            return self.dx

    def run(layer):
        return layer.backward(layer.forward(np.ones(2)))

    assignments = assigned(lambda: run(Layer()))
    (x,), (dx,) = by_name(assignments, "self.x"), by_name(assignments, "self.dx")
    assert x.number in dx.reads


def test_views_belong_to_the_array_that_they_are_of():
    def windows():
        dx = np.zeros(4)
        window = dx[1:3]
        window += 1.0
        return dx * 1

    assignments = assigned(windows)
    returned = assignments[-1]
    assert by_name(assignments, "window")[-1].number in returned.reads


def test_long_loops_are_kept_up_to_a_limit_with_the_last_value():
    def loop():
        total = np.zeros(2)
        for _ in range(3 * PER_NAME):
            total += 1.0
        return total

    result, assignments = watch(loop)
    kept = [each for each in by_name(assignments, "total") if each.kind == "updated"]
    assert len(kept) <= PER_NAME + 1
    np.testing.assert_array_equal(kept[-1].value, result)


def test_other_values_are_put_in_the_place_of_an_assignment():
    def edit(assignment):
        return np.zeros(3) if assignment.name == "y" else None

    x = np.arange(3.0)
    (total, _), _ = watch(lambda: several(x), edit)
    np.testing.assert_array_equal(total, [8.0, 3.0, 5.0])


def test_the_tracer_that_was_there_is_put_back():
    before = sys.gettrace()
    with pytest.raises(ZeroDivisionError):
        watch(lambda: 1 / 0)
    assert sys.gettrace() is before


def test_numpy_and_this_package_are_not_watched():
    assignments = assigned(lambda: np.linalg.norm(np.average(np.eye(2), axis=0)))
    assert {assignment.file for assignment in assignments} <= {__file__}


def test_the_network_of_the_blog_takes_a_few_milliseconds():
    network = load("blog_network")
    params, data = network.make(np.random.default_rng(0))
    watch(lambda: network.gradients(params, *data))
    times = []
    for _ in range(5):
        start = time.perf_counter()
        watch(lambda: network.gradients(params, *data))
        times.append(time.perf_counter() - start)
    assert min(times) < 0.02


class Hostile:
    def __getattr__(self, name):
        raise RuntimeError(name)

    def __getitem__(self, key):
        raise RuntimeError(key)

    def __eq__(self, other):
        raise RuntimeError

    __hash__ = None


def test_objects_that_fail_when_they_are_read_change_nothing():
    def run():
        hostile, y = Hostile(), np.ones(2)
        held = {"a": hostile}
        held["a"] = y
        y[0] = 3.0
        return held["a"]

    np.testing.assert_array_equal(watch(run)[0], [3.0, 1.0])


def test_another_tracer_is_put_back():
    def tracer(*_):
        return None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        watch(lambda: 1)
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)


def test_what_is_added_to_a_buffer_is_known_apart():
    def collect():
        total = np.zeros((2, 2))
        for i in range(2):
            total[i] += i + np.ones(2)
            total[0, 1] = 7.0
        return total

    added = [a for a in assigned(collect) if a.share is not None]
    assert [np.ravel(a.share).tolist() for a in added] == [[1, 1], [7], [2, 2], [7]]
    assert [a.overwrites for a in added] == [False, True, False, True]


def test_one_line_alone_can_be_watched():
    line = by_name(assigned(lambda: several(np.arange(3.0))), "grads['z']")[0].line
    _, assignments = watch(lambda: several(np.arange(3.0)), None, (__file__, line))
    assert {each.name for each in assignments} == {"grads['z']"}


def test_the_elements_of_what_is_returned_have_their_own_lines():
    def gradients(x):
        return {
            "a": 2 * x,
            "b": x + 1,
        }

    a, b = [each for each in assigned(lambda: gradients(np.ones(2))) if each.kind == "returned"][:2]
    assert (b.line, b.source) == (a.line + 1, '"b": x + 1,')


def test_code_without_source_runs_unwatched():
    scope = {"np": np}
    exec("def f(x):\n    y = 2 * x\n    return y", scope)
    result, assignments = watch(lambda: scope["f"](np.ones(2)))
    np.testing.assert_array_equal(result, [2.0, 2.0])
    assert {each.file for each in assignments} <= {__file__}

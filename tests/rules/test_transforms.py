"""Every declared function in forward mode and under vmap: the dot test and the batch test.

The change of the results along a direction, weighed, is the gradient of the weighed results along
that direction; and a batch is what its members are, one by one, also inside a gradient.
"""

import warnings
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag

from .cases import Call, Subject, plain_call
from .test_rules import SUBJECTS, outputs

each_subject = pytest.mark.parametrize("subject", SUBJECTS, ids=str)
# Functions whose results have shapes that depend on values: members cannot be joined.
MEMBERS = 3


def calls_of(subject: Subject) -> list[Call]:
    return [plain_call(subject, case) for case in subject.cases or ("",)]


def some(array: Any, random: np.random.Generator) -> Any:
    """Random numbers of the shape and dtype of an array."""
    numbers = random.normal(size=array.shape)
    if array.dtype.kind == "c":
        numbers = numbers + 1j * random.normal(size=array.shape)
    return numbers.astype(array.dtype)


def differentiable(results: Any) -> list[Any]:
    """The results that are real or complex numbers."""
    return [y for y in outputs(results) if getattr(y, "dtype", np.dtype(int)).kind in "fc"]


def inner(one: list[Any], other: list[Any]) -> Any:
    """The real inner product of several arrays with several others."""
    pairs = zip(one, other, strict=True)
    return sum(np.sum(np.real(np.conj(a) * b)) for a, b in pairs)


@each_subject
def test_forward_and_reverse_mode_are_transposed(subject: Subject) -> None:
    for call in calls_of(subject):
        for chosen in call.mixtures():
            if not any(chosen) or sum(chosen) not in (1, len(chosen)):
                continue
            random = np.random.default_rng(1)
            tangents = tuple(
                some(array, random) if c else None
                for array, c in zip(call.arrays, chosen, strict=True)
            )
            y, t = ag.jvp(lambda *a, call=call: differentiable(call(*a)), call.arrays, tangents)
            weights = [some(each, random) for each in y]
            moving = [n for n, c in enumerate(chosen) if c]

            def of_moving(*given: Any, call: Call = call, moving: Any = moving) -> Any:
                arrays = list(call.arrays)
                for n, array in zip(moving, given, strict=True):
                    arrays[n] = array
                return differentiable(call(*arrays))

            _, pullback = ag.vjp(of_moving, *(call.arrays[n] for n in moving))
            gradients = pullback(weights)
            pairs = [(g, tangents[n]) for n, g in zip(moving, gradients, strict=True)]
            scale = sum(np.sum(np.abs(np.conj(g) * t)) for g, t in pairs)
            forward, backward = inner(weights, list(t)), inner(*map(list, zip(*pairs, strict=True)))
            assert abs(forward - backward) <= 1e-12 * scale + 1e-12, (call.values, chosen)
            for each, change in zip(y, t, strict=True):
                assert (change.shape, change.dtype) == (each.shape, each.dtype)


@each_subject
def test_a_batch_is_its_members_one_by_one(subject: Subject) -> None:
    for call in calls_of(subject):
        random = np.random.default_rng(2)
        examples = [
            [array + (0.01 * n * some(array, random)).astype(array.dtype) for array in call.arrays]
            for n in range(MEMBERS)
        ]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of loops
            check_batch(call, examples)


def check_batch(call: Call, examples: list[list[Any]]) -> None:
    def scalar(*arrays: Any) -> Any:
        results = differentiable(call(*arrays))
        weights = [np.cos(np.arange(np.size(y))).reshape(np.shape(y)) for y in results]
        real = sum(np.sum(np.real(y) * w) for y, w in zip(results, weights, strict=True))
        return real + sum(np.sum(np.imag(y) * w) for y, w in zip(results, weights, strict=True)
                          if y.dtype.kind == "c")  # fmt: skip

    gradient = ag.grad(scalar, tuple(range(len(call.arrays))))
    due = [outputs(call(*example)) for example in examples]
    if any(list(map(np.shape, one)) != list(map(np.shape, due[0])) for one in due):
        return  # shapes that depend on values
    stacked = [np.stack(column) for column in zip(*examples, strict=True)]
    found = ag.vmap(lambda *arrays: tuple(outputs(call(*arrays))))(*stacked)
    assert_close(found, due, call)
    if differentiable(due[0]):
        assert_close(ag.vmap(gradient)(*stacked), [gradient(*e) for e in examples], call)


def assert_close(found: Any, due: list[Any], call: Call) -> None:
    for at, values in enumerate(found):
        expected = np.stack([one[at] for one in due])
        assert (values.shape, values.dtype) == (expected.shape, expected.dtype), call.values
        scale = np.max(np.abs(expected), initial=0.0) if expected.dtype.kind in "fc" else 0.0
        assert np.allclose(values, expected, 1e-9, 1e-11 * (1 + scale), equal_nan=True), call.values

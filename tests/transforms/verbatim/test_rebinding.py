"""`verbatim`: code for arrays, unchanged, gives the right gradients."""

import enum
import gc
import math
import types
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import sqrt
from typing import Any

import numpy as np
import numpy as xp  # noqa: ICN001 - any name will do
import pytest
from numpy import zeros

import autograd_lite as ag
from autograd_lite import Tensor, verbatim
from autograd_lite.transforms.verbatim import copies

from . import course_layers as layers

RANDOM = np.random.default_rng(0)
X, LABELS = RANDOM.normal(size=(4, 5)), np.array([0, 3, 2, 1])


def normal(*shape: int) -> Any:
    return RANDOM.normal(size=shape)


LAYERS: tuple[tuple[Callable[..., Any], tuple[Any, ...]], ...] = (
    (layers.affine_forward, (normal(4, 2, 3), normal(6, 5), normal(5))),
    (layers.batchnorm_forward, (X, normal(5), normal(5), {"mode": "train"})),
    (layers.conv_forward_naive, (normal(2, 2, 4, 4), normal(2, 2, 3, 3), normal(2),
                                 {"stride": 1, "pad": 1})),
    (layers.max_pool_forward_naive, (normal(2, 2, 4, 4),
                                     {"pool_height": 2, "pool_width": 2, "stride": 2})),
    (layers.svm_loss, (X, LABELS)),
    (layers.softmax_loss, (X, LABELS)),
    (layers.lstm_forward, (normal(2, 3, 3), normal(2, 4), normal(3, 16), normal(4, 16),
                           normal(16))),
    (layers.dropout_forward, (X, 0.6)),
    (layers.word_embedding, (np.array([[0, 1, 1], [2, 0, 2]]), normal(3, 4))),
    (layers.groupnorm, (normal(2, 4, 2, 2), normal(1, 4, 1, 1), normal(1, 4, 1, 1), 2)),
    (layers.attention, (normal(2, 4, 6), normal(2, 4, 6), normal(2, 4, 6), 2)),
    (layers.im2col, (normal(2, 3, 4, 4), 2)),
    (layers.checked, (X,)),
)  # fmt: skip


@pytest.mark.parametrize(("layer", "args"), LAYERS, ids=[f.__name__ for f, _ in LAYERS])
def test_layers_of_courses(layer: Callable[..., Any], args: tuple[Any, ...]) -> None:
    floats = [n for n, arg in enumerate(args) if getattr(arg, "dtype", None) == np.float64]
    before = [np.copy(args[n]) for n in floats]

    def output(*arrays: Any) -> Any:
        complete = [dict(arg) if isinstance(arg, dict) else arg for arg in args]
        for n, array in zip(floats, arrays, strict=True):
            complete[n] = array
        result = verbatim(layer)(*complete)
        return result[0] if isinstance(result, tuple) else result

    arrays = [args[n] for n in floats]
    assert isinstance(output(*arrays), np.ndarray | np.floating)
    ag.check_gradients(output, *arrays, order=1)
    assert all(np.array_equal(args[n], old) for n, old in zip(floats, before, strict=True))


@pytest.mark.parametrize("layer", [layers.svm_loss, layers.softmax_loss])
def test_gradient_by_hand_is_the_automatic_one(layer: Callable[..., Any]) -> None:
    loss = verbatim(layer)
    found = ag.grad(lambda x: loss(x, LABELS)[0])(X)
    assert np.allclose(found, layer(X, LABELS)[1], rtol=1e-13, atol=1e-15)


def test_method_sees_and_keeps_the_state_of_its_object() -> None:
    dense = layers.Dense(5, 3)
    weights = dense.W
    dense.W = Tensor(weights)
    verbatim(dense.forward)(X).sum().backward()
    expected = X.T @ (2.0 * (X @ weights > 0))
    assert np.allclose(dense.W.grad, expected, rtol=1e-13, atol=1e-14)
    assert dense.x.shape == X.shape
    assert type(dense) is layers.Dense


def test_class() -> None:
    dense = verbatim(layers.Dense)(5, 3)
    assert isinstance(dense, layers.Dense)
    x = Tensor(X)
    dense.forward(x).sum().backward()
    assert x.grad.shape == X.shape


def names_of_numpy(x: Any) -> Any:
    result = zeros(2)
    result[0] = xp.sum(x * math.exp(0.0))
    result[1] = math.tanh(x[0])
    return result


def test_numpy_by_any_name_and_the_math_module() -> None:
    ag.check_gradients(verbatim(names_of_numpy), X[0], order=2)
    assert verbatim(names_of_numpy)(X[0]).tolist() == names_of_numpy(X[0]).tolist()


def test_closure() -> None:
    library, factor = np, 3.0

    def inner(x: Any) -> Any:
        result = library.zeros_like(X)
        result[0] = factor * x
        return result

    def outer(x: Any) -> Any:
        return inner(x) ** 2

    ag.check_gradients(verbatim(outer), X[0], order=2)


def recursive(x: Any, depth: int) -> Any:
    buffer = np.zeros(x.shape)
    buffer[...] = x if depth == 0 else recursive(x, depth - 1) * x
    return buffer


def test_closure_that_calls_itself() -> None:
    def power(x: Any, n: int) -> Any:
        buffer = np.ones_like(X[0])
        buffer[...] = buffer if n == 0 else power(x, n - 1) * x
        return buffer

    ag.check_gradients(lambda x: verbatim(power)(x, 3), X[0], order=1)


class Colour(enum.Enum):
    RED = 1

    def shade(self) -> int:
        return self.value


REGISTER: list[type] = []


class Registered:
    def __init_subclass__(cls) -> None:
        REGISTER.append(cls)

    def f(self, x: Any) -> Any:
        return x


class Scale:
    def __init__(self, factor: float) -> None:
        self.factor = factor

    def apply(self, x: Any) -> Any:
        out = np.zeros(x.shape)
        out[...] = x * self.factor
        return out


GLOBAL_SCALE = Scale(3.0)


def with_objects(x: Any, scale: Any) -> Any:
    assert isinstance(scale, Scale)
    assert Colour.RED.shade() == 1
    return scale.apply(x) + GLOBAL_SCALE.apply(x) + sqrt(4.0 + 0 * x[0])


def test_objects_classes_and_functions_of_math_by_name() -> None:
    ag.check_gradients(lambda x: verbatim(with_objects)(x, Scale(2.0)), X[0], order=1)
    assert REGISTER == []


def test_array_that_is_given_twice() -> None:
    def shared(a: Any, b: Any) -> Any:
        a[0] = 5.0
        return b

    x = np.zeros(2)
    assert verbatim(shared)(x, x).tolist() == [5.0, 0.0]
    assert x.tolist() == [5.0, 0.0]


def test_copies_are_forgotten_with_their_functions() -> None:
    before = len(copies.COPIES)
    for n in range(50):
        verbatim(eval(f"lambda x: x + {n}", {"np": np}))(1.0)
    gc.collect()
    assert len(copies.COPIES) < before + 10


def test_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        source = "def f(x):\n    out = np.zeros(3)\n    out[:] = helper(x)\n    return out\n"
        source += "def helper(x):\n    return x * 2\n"

        def work(_: int) -> float:
            names: dict[str, Any] = {"np": np}
            exec(source, names)
            return float(ag.grad(lambda x: verbatim(names["f"])(x).sum())(X[0][:3])[0])

        assert set(pool.map(work, range(64))) == {2.0}


def test_recursion() -> None:
    ag.check_gradients(lambda x: verbatim(recursive)(x, 3), X[0], order=1)


def module_state(x: Any) -> Any:
    return np.sum(x) * SCALE


SCALE = 2.0


def test_globals_are_looked_up_when_called(monkeypatch: pytest.MonkeyPatch) -> None:
    f = verbatim(module_state)
    assert ag.grad(f)(X[0]).tolist() == [2.0] * 5
    monkeypatch.setitem(globals(), "SCALE", 5.0)
    assert ag.grad(f)(X[0]).tolist() == [5.0] * 5


def update(weights: Any, steps: list[Any], record: dict[str, Any]) -> None:
    weights -= 0.5
    weights[0] = 7.0
    steps.append(np.ones(2))
    record["mean"] = np.mean(weights)


def test_changes_in_place_reach_the_arrays_of_the_caller() -> None:
    weights, steps, record = np.ones(3), [np.zeros(2)], {"other": weights_of_record}
    first = steps[0]
    verbatim(update)(weights, steps, record)
    assert weights.tolist() == [7.0, 0.5, 0.5]
    assert steps[0] is first
    assert isinstance(steps[1], np.ndarray)
    assert record == {"other": weights_of_record, "mean": 8.0 / 3.0}


weights_of_record = "kept"


def test_originals_are_not_changed() -> None:
    before = dict(layers.__dict__)
    verbatim(layers.affine_forward)(X, np.ones((5, 2)), Tensor(np.zeros(2)))
    assert layers.__dict__ == before
    assert layers.np is np


@pytest.mark.parametrize("value", [np.sin, 3.0, types.SimpleNamespace(), X])
def test_what_is_not_written_in_python(value: Any) -> None:
    with pytest.raises(TypeError, match=r"verbatim was given .* not written in Python"):
        verbatim(value)


class Network:
    def __init__(self) -> None:
        self.weights = [normal(5, 3), normal(3, 2)]
        self.params = {"b": normal(2)}
        self.rng = np.random.default_rng(0)

    def forward(self, x: Any) -> Any:
        self.x = x
        assert isinstance(self.rng, np.random.Generator)
        for weight in self.weights:
            x = weight.T.dot(x.T).T
        self.weights[0] -= 1.0
        return x + self.params["b"]


def test_arrays_in_attributes_of_objects() -> None:
    network, plain = Network(), Network()
    plain.weights = [np.copy(weight) for weight in network.weights]
    plain.params = {"b": np.copy(network.params["b"])}
    weights = tuple(network.weights)
    x = Tensor(X)
    verbatim(network.forward)(x).sum().backward()
    assert np.allclose(x.grad, np.ones((4, 2)) @ (plain.weights[0] @ plain.weights[1]).T)
    plain.forward(X)
    assert network.x is x
    assert tuple(map(id, network.weights)) == tuple(map(id, weights))
    assert np.array_equal(network.weights[0], plain.weights[0])
    assert isinstance(network.rng, np.random.Generator)


class Doubled(Network):
    def forward(self, x: Any) -> Any:
        out = np.zeros((len(x), 2))
        out[...] = super().forward(x)
        return 2 * out


def test_super() -> None:
    ag.check_gradients(lambda x: verbatim(Doubled().forward)(x)[0] * 0 + x[0, :2], X, order=1)
    x = Tensor(X)
    verbatim(Doubled().forward)(x).sum().backward()
    assert x.grad.all()


def local_imports(x: Any) -> Any:
    import math  # noqa: I001, PLC0415
    import numpy as num  # noqa: ICN001, PLC0415
    from numpy import exp  # noqa: PLC0415

    out = num.zeros(5)
    for i in range(5):
        out[i] = exp(x[i]) + math.sqrt(x[i] ** 2) + float(x[i]) * x[i].item() + x.tolist()[i]
    assert isinstance(out.sum(), float)
    assert type(x) is num.ndarray
    return out * int(out[0])


def test_imports_and_numbers_inside_functions() -> None:
    ag.check_gradients(verbatim(local_imports), X[0], order=1)


def strided(x: Any) -> Any:
    rows, columns = x.strides
    view = np.lib.stride_tricks.as_strided(x, (2, 2, 2), (rows, columns, columns))
    np.lib.stride_tricks.as_strided(x[:, 1:], (2, 2), (rows, 2 * columns))[0] *= 3.0
    return view.max(axis=-1) + x[:2, :2]


def test_as_strided() -> None:
    ag.check_gradients(lambda x: verbatim(strided)(x + 0.0), X, order=1)
    with pytest.raises(ValueError, match="read-only"):
        ag.numpy.lib.stride_tricks.as_strided(Tensor(X) * 1, (2, 2), (8, 8))[0] = 1.0
    assert np.array_equal(verbatim(strided)(X.copy()), strided(X.copy()))
    with pytest.raises(ValueError, match="leaves the entries of a Tensor"):
        ag.numpy.lib.stride_tricks.as_strided(Tensor(X)[1:], (5, 5), (40, 8))

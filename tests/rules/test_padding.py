"""np.pad where generated tests do not reach: Tensors among its options, and users' functions."""

from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking import check_gradients

X = np.arange(6.0).reshape(2, 3) ** 1.5 + 0.3


def bits(value: Any) -> bytes:
    return bytes(np.asarray(value.numpy()).tobytes())


@pytest.mark.parametrize("shape", [(), (2,), (1, 2), (2, 1), (2, 2)])
@pytest.mark.parametrize(("mode", "option"), [("constant", "constant_values"),
                                              ("linear_ramp", "end_values")])  # fmt: skip
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_values_at_the_sides_are_differentiable(
    mode: Any, option: str, shape: tuple[int, ...], dtype: Any
) -> None:
    sides = np.arange(4.0)[: int(np.prod(shape))].reshape(shape) - 1.3
    x = X.astype(dtype)

    def padded(x: Any, sides: Any) -> Any:
        return np.pad(x, ((1, 2), (3, 0)), mode, **{option: sides})

    found = padded(ag.Tensor(x), ag.Tensor(sides))
    assert found.dtype == dtype
    assert bits(found) == padded(x, sides).tobytes()
    check_gradients(lambda x, sides: padded(x, sides) * x.sum(), X, sides, order=2)


def test_a_list_of_tensors_at_the_sides() -> None:
    left, right = ag.Tensor(2.0), ag.Tensor(3.0)
    y = np.pad(ag.Tensor([1.0]), (2, 1), constant_values=[left, right])
    assert y.tolist() == [2.0, 2.0, 1.0, 3.0]
    y.backward(np.array([1.0, 2.0, 4.0, 8.0]))
    assert (left.grad, right.grad) == (3.0, 8.0)


def test_a_tensor_at_the_sides_of_a_plain_array_is_refused() -> None:
    with pytest.raises(TypeError, match="gradient would be lost"):
        np.pad(X, 1, constant_values=ag.Tensor(2.0))


def test_negative_zeros_keep_their_sign() -> None:
    assert np.signbit(np.pad(ag.Tensor([1.0]), 1, constant_values=-0.0).numpy()).tolist() == [
        True, False, True,
    ]  # fmt: skip
    assert not np.signbit(np.pad(ag.Tensor([1.0]), 1, constant_values=0).numpy()).any()
    assert np.signbit(np.pad(ag.Tensor([-0.0]), 1, "linear_ramp").numpy()[1])


def test_what_empty_leaves_has_no_gradient() -> None:
    x = ag.Tensor([1.0, 2.0])
    y = np.pad(x, 1, "empty")
    assert y[1:-1].tolist() == [1.0, 2.0]
    y.backward(np.array([1.0, 2.0, 3.0, 4.0]))
    assert x.grad.tolist() == [2.0, 3.0]


@pytest.mark.parametrize("mode", ["edge", "mean", "maximum", "linear_ramp", "reflect", "symmetric"])
def test_arrays_without_entries(mode: Any) -> None:
    odd = {"reflect_type": "odd"} if mode in ("reflect", "symmetric") else {}
    x = ag.Tensor(np.zeros((0, 2)))
    y = np.pad(x, ((0, 0), (1, 2)), mode, **odd)
    assert y.shape == (0, 5)
    y.backward(np.zeros((0, 5)))
    assert x.grad.shape == (0, 2)
    with pytest.raises(ValueError, match="can't extend empty axis"):
        np.pad(x, 1, mode, **odd)


def test_numbers_without_axes() -> None:
    x = ag.Tensor(2.0)
    for mode in ("constant", "edge", "mean", "linear_ramp", "reflect"):
        y = np.pad(x, 3, mode)  # type: ignore[call-overload]
        assert y.shape == ()
    (np.pad(x, 3, constant_values=4) * 3.0).backward()
    assert x.grad == 3.0


def test_reflections_of_a_single_entry_are_copies() -> None:
    x = ag.Tensor([[1.0], [2.0]])
    y = np.pad(x, ((0, 0), (2, 1)), "reflect", reflect_type="odd")
    assert y.tolist() == [[1.0] * 4, [2.0] * 4]
    y.backward(np.ones((2, 4)))
    assert x.grad.tolist() == [[4.0], [4.0]]


def test_equal_maxima_share_the_gradient_of_the_padding() -> None:
    x = ag.Tensor([3.0, 1.0, 3.0])
    np.pad(x, (0, 4), "maximum").backward(np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]))
    assert x.grad.tolist() == [2.0, 0.0, 2.0]


@pytest.mark.parametrize(
    ("mode", "options", "error"),
    [
        ("edge", {"constant_values": 1}, ValueError),
        ("sideways", {}, ValueError),
        ("maximum", {"stat_length": 0}, ValueError),
        ("mean", {"stat_length": -1}, ValueError),
        ("constant", {"constant_values": np.ones(3)}, ValueError),
    ],
)
def test_impossible_calls_fail_as_with_numpy(mode: Any, options: Any, error: Any) -> None:
    for x in (X, ag.Tensor(X)):
        with pytest.raises(error):
            np.pad(x, 1, mode, **options)


def test_a_function_pads_what_it_is_given() -> None:
    seen = []

    def look(vector: Any, width: Any, axis: int, options: Any) -> None:
        seen.append((vector.shape, tuple(width), axis, options))

    x = ag.Tensor(X)
    y = np.pad(x, ((1, 0), (0, 2)), look, padder=7)
    plain = list(seen)
    seen.clear()
    assert bits(y) == np.pad(X, ((1, 0), (0, 2)), look, padder=7).tobytes()
    assert plain == seen
    y.backward(np.arange(15.0).reshape(3, 5))
    assert x.grad.tolist() == [[5.0, 6.0, 7.0], [10.0, 11.0, 12.0]]


def test_a_function_assigns_to_the_vectors_it_is_given() -> None:
    """As in NumPy's own documentation; the second axis sees what was assigned along the first."""

    def spread(vector: Any, width: Any, axis: int, options: Any) -> None:
        vector[: width[0]] = options["scale"] * vector[width[0]] + axis
        vector[len(vector) - width[1] :] = vector[width[0]] ** 2

    def padded(x: Any, scale: Any) -> Any:
        return np.pad(x, ((1, 2), (2, 1)), spread, scale=scale)

    found = padded(ag.Tensor(X), ag.Tensor(3.0))
    assert np.array_equal(found.numpy(), padded(X, 3.0))
    check_gradients(lambda x, scale: padded(x * 1.0, scale * 1.0), X, np.array(3.0), order=2)

"""Ways to lose a gradient unseen that NumPy leaves open: refused, or right."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
import autograd_lite.numpy as anp

Store = Callable[[Any, Any], Any]


def call_of_reduce(array: Any, t: Any) -> Any:
    return np.add.reduce(array, initial=t)


STORES: list[Store] = [
    lambda array, t: array.fill(t),
    lambda array, t: array.__setitem__(0, t),
    lambda array, t: np.fromiter([t, array[0]], float),
    lambda array, t: np.maximum.reduce(array, initial=t),
    lambda array, t: np.frompyfunc(lambda x: x * t, 1, 1)(array).astype(float),
    call_of_reduce,
]


@pytest.mark.parametrize("store", STORES)
def test_numbers_stored_by_a_call(store: Store) -> None:
    t = ag.Tensor(2.0) * 1
    with pytest.raises((TypeError, ValueError)) as caught:
        store(np.array([1.0, 2.0]), t)
    assert "would be lost" in str(caught.value.__cause__ or caught.value)


def test_numbers_that_were_asked_for() -> None:
    t, array = ag.Tensor(2.0) * 1, np.zeros(2)
    array.fill(float(t))
    array.fill(int(t)), array.astype(float).fill(np.float64(t))
    assert array.tolist() == [2.0, 2.0]
    with ag.no_grad():
        array.fill(t)
    array.fill(t.detach())


def test_results_stored_into_a_tensor_by_position() -> None:
    x = ag.Tensor([-2.0, 0.5, 2.0])
    for clip in (
        lambda z: np.clip(x, -1, 1, z),
        lambda z: x.clip(-1, 1, out=z),
        lambda z: np.compress([True] * 3, np.clip(x, -1, 1), None, z),
        lambda z: np.quantile(np.clip(x, -1, 1)[None], 0.5, 0, z),
    ):
        x.grad = None
        z = np.zeros_like(x)
        assert clip(z) is z
        (z * [1.0, 2.0, 3.0]).sum().backward()
        assert x.grad.tolist() == [0.0, 2.0, 0.0]
        with pytest.raises(TypeError, match="would be lost"):
            clip(np.zeros(3))


def test_bounds_of_an_array_that_is_none() -> None:
    low, high = ag.Tensor(0.25), ag.Tensor([0.75, 2.0, 3.0])
    y = np.array([0.0, 1.0, 9.0]).clip(low, high)
    assert y.tolist() == [0.25, 1.0, 3.0]
    y.sum().backward()
    assert (low.grad, high.grad.tolist()) == (1.0, [0.0, 0.0, 1.0])


def test_lists_by_name() -> None:
    s, x = ag.Tensor(2.0), ag.Tensor([1.0, 2.0])
    y = np.pad(x, 1, mode="linear_ramp", end_values=(s, 3 * s))
    y.sum().backward()
    assert s.grad == 4.0
    y = np.convolve(x, v=[1.0, 2.0])
    y.sum().backward()
    assert x.grad.tolist() == [4.0, 4.0]
    matrix = ag.Tensor(np.eye(2))
    np.linalg.solve(matrix, b=[s, 4 * s]).sum().backward()
    assert s.grad == 9.0
    assert matrix.grad.tolist() == [[-2.0, -8.0], [-2.0, -8.0]]


def test_lists_put_into_a_tensor() -> None:
    s, z = ag.Tensor(2.0), np.zeros_like(ag.Tensor([1.0, 2.0, 3.0]))
    z.put([0, 2], [s, 3 * s])
    z.sum().backward()
    assert s.grad == 4.0


def test_a_diagonal_taken_by_einsum_leaves_the_rest_out() -> None:
    x = ag.Tensor([[1.0, 0.0], [0.0, 4.0]])
    np.einsum("ii", np.sqrt(x)).backward()
    assert x.grad.tolist() == [[0.5, 0.0], [0.0, 0.25]]


VIEWS: list[Callable[[Any], Any]] = [
    lambda t: t.real,
    lambda t: t.conj()[1:],
    lambda t: np.real(t)[:, 1],
    lambda t: np.real_if_close(t),
    lambda t: np.einsum("ii->i", t),
    lambda t: np.einsum("ij->ji", t)[0],
    lambda t: np.einsum(t, [0, 1], [1, 0])[0],
    lambda t: np.transpose(a=t)[0],
    lambda t: np.moveaxis(a=t, source=0, destination=1)[1:],
    lambda t: np.swapaxes(t, axis1=0, axis2=1)[2],
    lambda t: t.flat[2:5],
    lambda t: np.squeeze(t),
    lambda t: np.block(t),
    lambda t: np.ravel(t, "F"),
    lambda t: t.T.ravel("K"),
    lambda t: np.reshape(t.T, -1, order="F"),
    lambda t: t.T.reshape(-1),
]


@pytest.mark.parametrize("view", VIEWS)
def test_assignment_through_a_view_reaches_what_numpy_reaches(view: Callable[[Any], Any]) -> None:
    numbers = np.arange(9.0).reshape(3, 3) + 0.5
    plain, x = numbers.copy(), ag.Tensor(numbers)
    view(plain)[...] = 7.0
    t = x * 1
    v = view(t)
    v[...] = 7.0
    assert t.tolist() == plain.tolist()
    t.sum().backward()
    assert x.grad.tolist() == (plain == numbers).astype(float).tolist()


MAKERS: list[tuple[str, dict[str, Any]]] = [
    ("asfortranarray", {}), ("ascontiguousarray", {}), ("asarray", {}), ("asarray", {"order": "F"}),
    ("asarray", {"dtype": float}), ("asanyarray", {"order": "K"}), ("require", {}),
    ("require", {"requirements": "F"}), ("array", {}), ("array", {"copy": None, "ndmin": 3}),
    ("array", {"copy": False}), ("array", {"dtype": np.float32}),
]  # fmt: skip


@pytest.mark.parametrize("turn", [np.copy, np.transpose])
@pytest.mark.parametrize(("name", "options"), MAKERS)
def test_arrays_made_of_a_tensor_are_copies_where_those_of_an_array_are(
    name: str, options: dict[str, Any], turn: Any
) -> None:
    numbers = np.arange(9.0).reshape(3, 3) + 0.5
    plain, x = numbers.copy(), ag.Tensor(numbers)
    expected = getattr(np, name)(turn(plain), **options)
    found = getattr(anp, name)(turn(x * 1), **options)
    assert found.dtype == expected.dtype
    assert found.shape == expected.shape
    assert found.strides[-2:] == expected.strides[-2:]
    t = x * 1
    getattr(np, name)(plain.T, **options)[:1] = 7.0
    getattr(anp, name)(t.T, **options)[:1] = 7.0
    assert t.tolist() == plain.tolist()
    t.sum().backward()
    assert x.grad.tolist() == (plain == numbers).astype(float).tolist()


def test_the_real_part_of_complex_numbers_can_be_assigned_to() -> None:
    x, z = ag.Tensor([5.0, 6.0]), ag.Tensor([1 + 2j, 3 - 1j])
    t = z * 1
    part = t.real
    part *= x
    assert t.tolist() == [5 + 2j, 18 - 1j]
    np.real(np.sum(t * np.conj(t))).backward()
    assert x.grad.tolist() == [10.0, 108.0]
    assert z.grad.tolist() == [50 + 4j, 216 - 2j]


def assign_entry(b: Any) -> None:
    b[0] = 3.0


def scale_all(b: Any) -> None:
    b *= 2.0


def through_a_view(b: Any) -> None:
    row = b[1:]
    row += 1.0


@pytest.mark.parametrize("change", [assign_entry, scale_all, through_a_view])
def test_what_an_inner_gradient_needs_stays_as_it_was(change: Callable[[Any], None]) -> None:
    """A Tensor of an outer trace, assigned to after the inner one has used it."""

    def inner(x: Any, y: Any) -> Any:
        b = y * 2.0
        square = np.sum(x * b)
        change(b)
        return square * np.sum(np.sin(x) * b)

    def slope(x: Any, y: Any) -> Any:
        return np.sum(ag.grad(inner)(x, y) * [1.0, 2.0, 3.0])

    x, y = np.array([0.5, 0.2, -0.3]), np.array([1.3, -0.4, 0.7])
    ag.check_gradients(slope, x, y, order=2)


def test_an_argument_assigned_to_while_it_is_differentiated() -> None:
    def inner(x: Any, y: Any) -> Any:
        square = x * x
        y[0] = 5.0
        return np.sum(square * x + y)

    y = ag.Tensor([1.0, 2.0]) * 1
    assert ag.grad(inner)(y, y).tolist() == [3.0, 12.0]


def test_the_imaginary_part_of_complex_numbers_can_be_assigned_to() -> None:
    x, z = ag.Tensor([5.0, 6.0]), ag.Tensor([1 + 2j, 3 - 1j])
    t = z * 1
    np.imag(t)[:1] = x[:1]
    t[1:].imag *= 2
    assert t.tolist() == [1 + 5j, 3 - 2j]
    np.real(np.sum(t * np.conj(t))).backward()
    assert x.grad.tolist() == [10.0, 0.0]
    assert z.grad.tolist() == [2.0, 6 - 8j]
    t.real = x * 2
    assert t.tolist() == [10 + 5j, 12 - 2j]
    with pytest.raises(ValueError, match="read-only"):
        (x * 1).imag[0] = 1.0
    y = x * 1
    y.real *= 3
    assert y.tolist() == [15.0, 18.0]


@pytest.mark.parametrize("writeable", [False, True])
def test_windows_cannot_be_assigned_to(writeable: bool) -> None:
    t = ag.Tensor([1.0, 2.0, 3.0]) * 1
    windows = np.lib.stride_tricks.sliding_window_view(t, 2, writeable=writeable)
    with pytest.raises(ValueError, match="several times"):
        windows[0] = 7.0
    with pytest.raises(ValueError, match="several times"):
        windows[1] *= 7.0
    t[1] = 5.0
    assert windows.tolist() == [[1.0, 5.0], [5.0, 3.0]]


def test_an_array_that_a_function_fills_holds_values_afterwards() -> None:
    buffer = anp.zeros((2, 2))
    row = buffer[0]

    def f(x: Any) -> Any:
        row[:] = x * 2
        buffer[1] = row * x
        return np.sum(buffer[1])

    for point in ([1.0, 2.0], [3.0, 4.0]):
        assert ag.grad(f)(np.array(point)).tolist() == [4 * p for p in point]
        assert buffer.numpy().tolist() == [[2 * p for p in point], [2 * p * p for p in point]]
        assert not buffer.requires_grad
    row[:] = 5.0
    assert buffer[0].tolist() == [5.0, 5.0]
    x = ag.Tensor([1.0, 1.0])
    np.sum(buffer * x).backward()
    assert x.grad.tolist() == [23.0, 37.0]


def test_an_array_that_a_function_fills_belongs_to_the_traces_outside() -> None:
    def outer(x: Any) -> Any:
        filled = np.zeros_like(x)

        def inner(y: Any) -> Any:
            filled[0] = x[0] * y
            filled[1] = y
            return filled[0] ** 2

        return ag.grad(inner)(3.0) + filled[0] * x[1] + filled[1]  # 6 x**2 + 3 x0 x1 + 3

    assert ag.grad(outer)(np.array([2.0, 5.0])).tolist() == [39.0, 6.0]
    w = ag.Tensor([2.0, 5.0])
    y = w * 1
    ag.grad(lambda x: np.sum(np.multiply(y, x, out=y)))(np.array([1.0, 3.0]))
    y.sum().backward()
    assert w.grad.tolist() == [1.0, 3.0]


def test_an_array_that_an_inner_function_fills_holds_values_when_the_outer_one_ends() -> None:
    buffer = anp.zeros(2)

    def outer(x: Any) -> Any:
        def inner(y: Any) -> Any:
            buffer[0] = x * y
            return buffer[0]

        return ag.grad(inner)(2.0) * x

    assert ag.grad(outer)(3.0) == 6.0
    assert buffer.numpy().tolist() == [6.0, 0.0]
    assert not buffer.requires_grad


class Memory:
    """An object that keeps what it has computed, as layers do."""

    cache: Any = None

    def square(self, x: Any) -> Any:
        self.cache = [x, x * x]
        return np.sum(self.cache[1])


def test_what_verbatim_code_stores_in_objects_holds_values_afterwards() -> None:
    memory, x = Memory(), np.array([1.0, 2.0])
    assert ag.grad(ag.verbatim(memory.square))(x).tolist() == [2.0, 4.0]
    assert [entry.requires_grad for entry in memory.cache] == [False, False]
    assert np.asarray(memory.cache[1]).tolist() == [1.0, 4.0]

    def outer(x: Any) -> Any:
        slopes = ag.grad(ag.verbatim(memory.square))(x)
        return np.sum(slopes * memory.cache[0])  # which belongs to this trace still

    assert ag.grad(outer)(x).tolist() == [4.0, 8.0]
    assert np.asarray(memory.cache[1]).tolist() == [1.0, 4.0]


def test_an_array_that_a_function_was_filling_when_it_failed() -> None:
    buffer = anp.zeros(2)

    def f(x: Any) -> Any:
        buffer[0] = x
        raise KeyError(x)

    with pytest.raises(KeyError):
        ag.grad(f)(3.0)
    assert buffer.numpy().tolist() == [3.0, 0.0]

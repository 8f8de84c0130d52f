"""Leaves, backward() and conversions out of the graph: what is refused, and with what advice."""

import copy
import pickle

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import GraphError, Tensor

from .error_cases import Case, case, check, ones

FLOATS = "remedy:  give floating-point data, for example np.asarray"
LOST = "cannot become a plain array while it is being recorded: its gradient would be lost"
FREED = r"freed \(at '{}'\) by an earlier backward\(\)"
RETAIN = r"remedy:  compute the result again, or .*backward\(retain_graph=True\)"
NOT_RECORDED = "depends on no Tensor that requires a gradient, or was computed under no_grad"
STALE = r"the data of a leaf Tensor \(2,\) float64 was changed .*after '?\w+'? had used it"
REDUCE = "remedy:  reduce it"


def backward_twice() -> None:
    loss = ones(2).sum()
    loss.backward()
    loss.backward()


def backward_through_a_freed_part() -> None:
    shared = np.exp(ones())
    first, second = shared * 2, shared * 3
    first.backward()
    second.backward()


def backward_of_what_no_grad_computed() -> None:
    with ag.no_grad():
        loss = ones(2).sum()
    loss.backward()


def backward_after_update() -> None:
    w = ones(2)
    loss = np.sum(w * w)
    w.data -= 0.5
    loss.backward()


def backward_after_replacement() -> None:
    w = ones(2)
    loss = np.sum(w * w)
    w.data = w.data - 0.5
    loss.backward()


def backward_after_update_of_entries() -> None:
    w = ones(2)
    loss = np.sum(w * w)
    w.data[0] = 7.0
    loss.backward()


def data_of_computed() -> None:
    t = ones(2) * 2
    t.data = np.zeros(2)


def grad_of_wrong_shape() -> None:
    w = ones(2)
    w.grad = np.ones(3)


def grad_of_text() -> None:
    w = ones(2)
    w.grad = "ab"


def grad_of_complex() -> None:
    w = ones(2)
    w.grad = np.ones(2) * 1j


def grad_of_computed() -> None:
    t = ones(2) * 2
    t.grad = np.ones(2)


def entries_of_array() -> None:
    array = np.zeros(2)
    array[:] = ones(2)


def update_while_recording() -> None:
    w = ones(2)
    w -= 0.5


LEAVES = [
    case("whole numbers", lambda: Tensor([1, 2]), TypeError,
         r"dtype int64 cannot be differentiated", r"Tensor\(\[1, 2\]\)", FLOATS),
    case("array of whole numbers", lambda: Tensor(np.ones((2, 3), "u1")), TypeError,
         r"dtype uint8", r"Tensor\(array \(2, 3\) uint8\)", FLOATS),
    case("booleans", lambda: Tensor(np.array([True])), TypeError, r"dtype bool", FLOATS),
    case("text", lambda: Tensor("1.0"), TypeError, r"dtype <U3", r"Tensor\('1.0'\)", FLOATS),
    case("text as constant", lambda: Tensor("a", requires_grad=False), TypeError, r"dtype <U1"),
    case("None", lambda: Tensor(None), TypeError, r"dtype object", r"Tensor\(None\)", FLOATS),
    case("object", lambda: Tensor({"w": 1.0}), TypeError, r"dtype object", FLOATS),
    case("rows of unequal length", lambda: Tensor([[1.0], [2.0, 3.0]]), ValueError,
         r"inhomogeneous shape", r"Tensor\(\[\[1.0\], \[2.0, 3.0\]\]\)", "remedy:  "),
    case("Tensor", lambda: Tensor(ones(2)), TypeError,
         r"given a Tensor \(2,\) float64", r"t.detach\(\) .*Tensor\(t.data\)"),
    case("list of Tensors", lambda: Tensor([ones(), ones()]), TypeError, LOST, r"np.stack\("),
    case("masked array", lambda: Tensor(np.ma.array([1.0, 2.0], mask=[False, True])), TypeError,
         "MaskedArray", "remedy:  .*np.where"),
]  # fmt: skip

BACKWARD = [
    case("no gradient", lambda: (ones(2, 3) * 2).backward(), ValueError,
         r"backward\(\) without a gradient on a Tensor of shape \(2, 3\)",
         r"remedy:  .*t.sum\(\).backward\(\)"),
    case("gradient of wrong shape", lambda: (ones(2) * 2).backward(np.ones(3)), ValueError,
         r"gradient \(3,\) float64 for a Tensor \(2,\) float64", "remedy:  give real numbers"),
    case("no gradient of a complex number", lambda: (ones() * 1j).backward(), ValueError,
         r"without a gradient on a Tensor of dtype complex128", r"remedy:  .*np.abs\(z\)"),
    case("number as gradient", lambda: (ones(2) * 2).backward(1.0), ValueError,
         r"gradient \(\) float64 for a Tensor \(2,\) float64", "exactly the shape"),
    case("complex gradient", lambda: (ones(2) * 2).backward(np.ones(2) * 1j), ValueError,
         r"gradient \(2,\) complex128 for a Tensor \(2,\) float64"),
    case("text as gradient", lambda: (ones(2) * 2).backward("ab"), ValueError,
         r"<U2 for a Tensor \(2,\) float64"),
    case("twice", backward_twice, GraphError, FREED.format("sum"), RETAIN),
    case("freed part", backward_through_a_freed_part, GraphError, FREED.format("exp"), RETAIN),
    case("constant", lambda: Tensor(1.0, requires_grad=False).backward(), GraphError,
         NOT_RECORDED, r"remedy:  make the parameters with Tensor\(data\)"),
    case("no_grad", backward_of_what_no_grad_computed, GraphError, NOT_RECORDED),
    case("detached", lambda: (ones().detach() * 2).backward(), GraphError, NOT_RECORDED),
    case("updated leaf", backward_after_update, GraphError, STALE,
         r"line \d+: w.data -= 0.5", r"remedy:  call backward\(\) before updating"),
    case("replaced data", backward_after_replacement, GraphError, STALE,
         r"line \d+: w.data = w.data - 0.5", r"remedy:  call backward\(\) before updating"),
    case("updated entries", backward_after_update_of_entries, GraphError, STALE,
         r"remedy:  call backward\(\) before updating"),
]  # fmt: skip

STATE = [
    case("data of computed", data_of_computed, GraphError,
         "the data of a computed Tensor cannot be replaced", "data of leaf Tensors only"),
    case("grad of wrong shape", grad_of_wrong_shape, ValueError,
         r"gradient array \(3,\) float64 was set on a Tensor \(2,\) float64", "or None"),
    case("grad of text", grad_of_text, (ValueError, TypeError), r"Tensor.*\(2,\)"),
    case("grad of complex numbers", grad_of_complex, (ValueError, TypeError), "complex128"),
    case("grad of computed", grad_of_computed, GraphError,
         "not a leaf that requires a gradient", r"Tensor\(data\)"),
    case("zero_grad of constant", lambda: Tensor(1.0, requires_grad=False).zero_grad(), GraphError,
         "not a leaf that requires a gradient"),
    case("update while recording", update_while_recording, GraphError,
         "leaf Tensor was changed in place by -= while it is being recorded", r"w.data -= step"),
    case("pickle", lambda: pickle.dumps(ones() * 2), GraphError,
         "computed Tensor cannot be copied or pickled", r"t.detach\(\)"),
    case("copy", lambda: copy.copy(ones() * 2), GraphError, r"t.copy\(\) which is recorded"),
    case("deepcopy", lambda: copy.deepcopy([ones() * 2]), GraphError, "cannot be copied"),
]  # fmt: skip

CONVERSIONS = [
    case("asarray", lambda: np.asarray(ones(2)), TypeError, r"Tensor of shape \(2,\) " + LOST,
         r"t.data, t.detach\(\) or t.item\(\) where no gradient is wanted"),
    case("array of computed", lambda: np.array(ones(2) * 2, dtype="f4"), TypeError, LOST),
    case("array of Tensors", lambda: np.array([ones(), ones()]), TypeError, LOST,
         r"np.stack\(\[t, u\]\) in place of np.array\(\[t, u\]\)"),
    case("array of objects", lambda: np.array([ones(2), ones(2)], dtype=object), TypeError, LOST),
    case("sum of a list", lambda: np.sum([ones(), ones()]), TypeError, LOST, "np.stack"),
    case("method of array", lambda: np.ones(2).dot(ones(2)), TypeError, LOST),
    case("entries of array", entries_of_array, TypeError, LOST,
         r"for array\[i\] = t make the array by autograd_lite.numpy"),
    case("float", lambda: float(ones(2)), TypeError,
         r"float\(\) of a Tensor with 2 elements, shape \(2,\)", REDUCE),
    case("int", lambda: int(ones(2, 2)), TypeError,
         r"int\(\) of a Tensor with 4 elements, shape \(2, 2\)", REDUCE),
    case("bool", lambda: bool(ones(2)), TypeError,
         r"bool\(\) of a Tensor with 2 elements", r"\(t > 0\).any\(\) or .all\(\)"),
    case("bool of nothing", lambda: bool(ones(0)), TypeError, r"0 elements, shape \(0,\)"),
    case("item", lambda: ones(2).item(), ValueError,
         r"exactly one element, and this Tensor has shape \(2,\)", REDUCE),
    case("format", lambda: f"{ones(2):.3f}", ValueError, r"shape \(2,\)"),
    case("len", lambda: len(ones()), TypeError, r"len\(\) of a Tensor without axes", "t.size"),
    case("iteration", lambda: list(ones()), TypeError,
         "iteration over a Tensor without axes", r"t.item\(\)"),
]  # fmt: skip


@pytest.mark.parametrize("row", LEAVES)
def test_leaves(row: Case) -> None:
    check(row)


@pytest.mark.parametrize("row", BACKWARD)
def test_backward(row: Case) -> None:
    check(row)


@pytest.mark.parametrize("row", STATE)
def test_state(row: Case) -> None:
    check(row)


@pytest.mark.parametrize("row", CONVERSIONS)
def test_conversions(row: Case) -> None:
    check(row)


def test_grad_of_a_computed_tensor_warns() -> None:
    with pytest.warns(UserWarning, match="only leaf Tensors collect .grad"):
        assert (ones(2) * 2).grad is None


def test_storing_one_number_in_an_array_is_refused() -> None:
    """NumPy raises its own ValueError, and shows ours as the cause."""
    array = np.zeros(2)
    with pytest.raises(ValueError, match="setting an array element") as caught:
        array[0] = ones()
    cause = str(caught.value.__cause__)
    assert "its gradient would be lost" in cause
    assert "np.stack in place of array[i] = t" in cause
    assert array.tolist() == [0.0, 0.0]

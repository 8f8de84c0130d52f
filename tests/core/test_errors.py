"""NumPy calls that cannot be recorded: the message has the call, the shapes and the way out."""

from fractions import Fraction

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import GraphError, NotDifferentiableError, Tensor

from .error_cases import Case, case, check, ones

BROADCAST = "remedy:  operands must have shapes that broadcast"
CONTRACTED = "remedy:  the last axis of a and the .* of b are summed over and must be equally long"
AXES = "remedy:  axes count from 0"
NUMBERS = "remedy:  combine Tensors with .*numbers"
OUT = r"with out= an array cannot be recorded"
ONLY = "remedy:  give Tensors only for "


def added_in_place() -> None:
    x = np.ones(3)
    x += ones(3)


def assigned_entry() -> None:
    t = ones(3)
    t[0] = 5.0


SHAPES = [
    case("add", lambda: ones(2, 3) + np.ones(4), ValueError,
         r"np.add failed: .*\(2,3\) \(4,\)",
         r"np.add\(Tensor \(2, 3\) float64, array \(4,\) float64\)", BROADCAST),
    case("subtract from array", lambda: np.ones(4) - ones(2, 3, dtype="f4"), ValueError,
         r"np.subtract\(array \(4,\) float64, Tensor \(2, 3\) float32\)", BROADCAST),
    case("maximum", lambda: np.maximum(ones(3), np.ones(2)), ValueError,
         r"np.maximum\(Tensor \(3,\) float64, array \(2,\) float64\)", BROADCAST),
    case("where", lambda: np.where([True, False], ones(3), 0.0), ValueError,
         r"np.where\(\[True, False\], Tensor \(3,\) float64, 0.0\)", BROADCAST),
    case("matmul", lambda: ones(2, 3) @ ones(2, 3), ValueError,
         r"np.matmul\(Tensor \(2, 3\) float64, Tensor \(2, 3\) float64\)", CONTRACTED),
    case("matmul of array", lambda: np.ones((2, 3)) @ ones(4), ValueError,
         r"np.matmul\(array \(2, 3\) float64, Tensor \(4,\) float64\)", CONTRACTED),
    case("dot", lambda: np.dot(ones(2, 3), np.ones(2)), ValueError,
         r"np.dot\(Tensor \(2, 3\) float64, array \(2,\) float64\)", CONTRACTED),
    case("inner", lambda: np.inner(ones(3), np.ones(2)), ValueError,
         r"np.inner\(Tensor \(3,\) float64, array \(2,\) float64\)", CONTRACTED),
    case("tensordot", lambda: np.tensordot(ones(2, 3), np.ones((2, 3)), 1), ValueError,
         r"np.tensordot\(Tensor \(2, 3\) float64, array \(2, 3\) float64, 1\)",
         "remedy:  the axes that are summed over"),
    case("einsum", lambda: np.einsum("ij,jk->ik", ones(2, 3), np.ones((2, 3))), ValueError,
         r"np.einsum\('ij,jk->ik', Tensor \(2, 3\) float64, array \(2, 3\) float64\)",
         "remedy:  an index must have the same length"),
    case("concatenate", lambda: np.concatenate([ones(2, 3), np.ones((2, 2))]), ValueError,
         r"np.concatenate\(\[Tensor \(2, 3\) float64, array \(2, 2\) float64\]\)",
         "remedy:  all arrays need the same number of axes"),
    case("hstack", lambda: np.hstack((np.ones((2, 1)), ones(3, 1))), ValueError,
         r"array \(2, 1\) float64, Tensor \(3, 1\) float64",
         "remedy:  all arrays need the same number of axes"),
    case("stack", lambda: np.stack([ones(3), np.ones(2)]), ValueError,
         r"np.stack\(\[Tensor \(3,\) float64, array \(2,\) float64\]\)",
         "remedy:  all arrays need the same shape"),
    case("reshape", lambda: ones(6).reshape(4, 2), ValueError,
         r"np.reshape\(Tensor \(6,\) float64, \(4, 2\)", "remedy:  the new shape must hold"),
    case("broadcast_to", lambda: np.broadcast_to(ones(2, 3), (2, 4)), ValueError,
         r"np.broadcast_to\(Tensor \(2, 3\) float64, \(2, 4\)\)", "remedy:  "),
    case("axis of sum", lambda: np.sum(ones(2, 3), axis=2), np.exceptions.AxisError,
         r"np.sum failed: axis 2 is out of bounds", r"np.sum\(Tensor \(2, 3\) float64, axis=2\)",
         AXES),
    case("axis of method", lambda: ones(2, 3).max(axis=-3), np.exceptions.AxisError,
         r"np.max failed: axis -3 is out of bounds", AXES),
    case("axis of softmax", lambda: ag.softmax(ones(2, 3), axis=2), np.exceptions.AxisError,
         r"softmax\(Tensor \(2, 3\) float64, axis=2\)", AXES),
    case("axis of split", lambda: np.split(ones(2, 2), 2, axis=5), IndexError,
         r"np.split\(Tensor \(2, 2\) float64, 2, axis=5\)", "remedy:  an index"),
    case("axis of cumsum", lambda: np.cumsum(ones(2), axis=3), np.exceptions.AxisError,
         r"np.cumsum failed: axis 3 is out of bounds", AXES),
    case("split into unequal parts", lambda: np.split(ones(3), 2), ValueError,
         r"np.split\(Tensor \(3,\) float64, 2\)"),
    case("vsplit of a vector", lambda: np.vsplit(ones(4), 2), ValueError,
         r"np.vsplit\(Tensor \(4,\) float64, 2\)"),
    case("index", lambda: ones(3)[5], IndexError,
         r"index 5 is out of bounds", r"Tensor \(3,\) float64.*5", "remedy:  an index must be"),
    case("index by a float Tensor", lambda: ones(3)[ones()], (IndexError, TypeError),
         r"Tensor of shape \(\)|Tensor \(\) float64"),
    case("take", lambda: np.take(ones(3), [7]), IndexError,
         r"np.take\(Tensor \(3,\) float64, \[7\]\)", "remedy:  an index must be"),
    case("maximum of nothing", lambda: ones(0).max(), ValueError,
         r"np.max failed: zero-size", r"np.max\(Tensor \(0,\) float64"),
]  # fmt: skip

OPERANDS = [
    case("None", lambda: ones(2) * None, TypeError,
         r"np.multiply\(Tensor \(2,\) float64, None\)", NUMBERS),
    case("text", lambda: ones(2) + "a", TypeError,
         r"np.add\(Tensor \(2,\) float64, 'a'\)", NUMBERS),
    case("text first", lambda: "a" + ones(2), TypeError,
         r"np.add\('a', Tensor \(2,\) float64\)", NUMBERS),
    case("fraction", lambda: ones(2) * Fraction(1, 2), TypeError,
         "dtype object, which cannot be differentiated", NUMBERS),
    case("one number by a fraction", lambda: ones() * Fraction(1, 2), TypeError,
         r"np.multiply\(Tensor \(\) float64, Fraction\(1, 2\)\)", NUMBERS),
    case("array of objects", lambda: ones(2) * np.array([1, None]), TypeError,
         r"np.multiply\(Tensor \(2,\) float64, array \(2,\) object\)", NUMBERS),
    case("constant_values of pad", lambda: np.pad(ones(2), 1, constant_values=ones(3)),
         ValueError, r"np.pad\(Tensor \(2,\) float64, 1, constant_values=Tensor \(3,\) float64\)"),
    case("matrix", lambda: ones(2, 2) * np.ones((2, 2)).view(np.matrix), TypeError,
         "matrix", r"remedy:  .*np.asarray"),
    case("masked array", lambda: ones(2) * np.ma.array([1.0, 2.0], mask=[False, True]), TypeError,
         "MaskedArray", "remedy:  .*np.where"),
    case("repeats of repeat", lambda: np.repeat(np.ones(2), ones()), TypeError,
         "cannot become a plain array"),
]  # fmt: skip

UNSUPPORTED = [
    case("histogram", lambda: np.histogram(ones(3)), NotDifferentiableError,
         r"np.histogram", r"Tensor \(3,\) float64"),
    case("spacing", lambda: np.spacing(ones(2)), NotDifferentiableError,
         r"np.spacing", r"Tensor \(2,\) float64"),
    case("at", lambda: np.add.at(np.zeros(2), [0], ones(1)), TypeError,
         r"np.add.at cannot write a Tensor into an array",
         r"array \(2,\) float64, \[0\], Tensor \(1,\)"),
    case("copyto", lambda: np.copyto(np.ones(2), ones(2)), TypeError,
         r"np.copyto cannot write a Tensor into an array"),
    case("out of ufunc", lambda: np.exp(ones(2), out=np.ones(2)), TypeError,
         "np.exp " + OUT, r"np.exp\(Tensor \(2,\) float64, out=array \(2,\) float64",
         r"y = f\(x\)"),
    case("leaf as out", lambda: np.exp(np.ones(2), out=ones(2)), GraphError, "in place by out="),
    case("out of sum", lambda: np.sum(ones(2), out=np.ones(())), TypeError,
         "np.sum " + OUT, r"np.sum\(Tensor \(2,\) float64, out=array \(\) float64", r"y = f\(x\)"),
    case("out by position", lambda: np.sum(ones(2), 0, None, np.ones(())), TypeError,
         "np.sum " + OUT),
    case("out of method", lambda: ones(2).sum(out=np.ones(())), TypeError, "np.sum " + OUT),
    case("out of clip", lambda: np.clip(ones(2), 0, 1, out=np.ones(2)), TypeError,
         "np.clip " + OUT),
    case("out of concatenate", lambda: np.concatenate([ones(2)], out=np.ones(2)), TypeError,
         "np.concatenate " + OUT),
    case("array += t", added_in_place, TypeError, "np.add " + OUT, r"x = x \+ t for x \+= t"),
    case("t[0] = 5", assigned_entry, GraphError, "a leaf Tensor was changed in place",
         r"Tensor \(3,\) float64 \[...\] = 5.0", r"t = w.copy\(\)"),
    case("ndarray method", lambda: ones(2).resize(1), AttributeError,
         "no 'resize', which an ndarray has", "use t.data.resize"),
]  # fmt: skip


@pytest.mark.parametrize("row", SHAPES)
def test_shapes_and_axes(row: Case) -> None:
    check(row)


@pytest.mark.parametrize("row", OPERANDS)
def test_operands(row: Case) -> None:
    check(row)


@pytest.mark.parametrize("row", UNSUPPORTED)
def test_unsupported(row: Case) -> None:
    check(row)


def test_attribute_that_no_array_has() -> None:
    with pytest.raises(AttributeError, match="'Tensor' object has no attribute 'partitoin'"):
        _ = Tensor(1.0).partitoin


def test_joining_with_what_has_no_gradient_is_refused() -> None:
    with pytest.raises(TypeError, match=r"the result is of dtype .* cannot be differentiated"):
        np.hstack((ones(2), np.array(["a", "b"])))

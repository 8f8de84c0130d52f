"""Every function that is declared or composed: its values, and the gradients of its rules."""

import importlib.util
import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite.checking import GradientError, check_gradients
from autograd_lite.core.operation import ELEMENTWISE, OPERATIONS, Operation, zero
from autograd_lite.core.structural_zeros.selected import Selected
from autograd_lite.core.trace import COMPOSITIONS

from .cases import FLOATS, Call, Slot, Subject, calls, composed, declared, plain_call, read_only

if importlib.util.find_spec("scipy") is not None:  # else tests/scipy says what is skipped
    import autograd_lite.scipy

# Not those that other tests declare for themselves, and not those that only batches and programs of
# HIPS autograd have, which have tests of their own.
OTHERS = ("tests.", "autograd_lite.transforms.", "autograd_lite.compat.")
DECLARED = tuple(
    operation
    for function, operation in OPERATIONS.items()
    if not getattr(function, "__module__", "").startswith(OTHERS)
)
SUBJECTS = (*map(declared, DECLARED), *map(composed, COMPOSITIONS.values()))

each_subject = pytest.mark.parametrize("subject", SUBJECTS, ids=str)
each_operation = pytest.mark.parametrize("operation", DECLARED, ids=lambda o: o.name)


def outputs(result: Any) -> list[Any]:
    return list(result) if isinstance(result, list | tuple) else [result]


def raw(value: Any) -> Any:
    return value.numpy() if isinstance(value, ag.Tensor) else np.asarray(value)


def leaf_of(array: Any) -> Any:
    """A leaf whose memory is arranged as that of the array: its own copy would be in order."""
    leaf = ag.Tensor(array)
    leaf._value = array
    return leaf


def assert_same(result: Any, expected: Any) -> None:
    """Equal to the last bit, also in dtype, shape and kind of sequence."""
    if isinstance(expected, list | tuple):
        assert type(result) is type(expected)
    for found, due in zip(map(raw, outputs(result)), outputs(expected), strict=True):
        assert (found.shape, found.dtype) == (np.shape(due), due.dtype)
        assert found.tobytes() == np.asarray(due).tobytes()


def numpy_result(call: Call, arrays: Sequence[Any]) -> Any:
    """What NumPy makes of a call; calls that NumPy refuses or warns of are not considered."""
    try:
        return call(*arrays)
    except (ValueError, TypeError, IndexError, ZeroDivisionError, RuntimeWarning):
        assume(False)


def backward(result: Any, gradients: list[Any]) -> None:
    for output, gradient in zip(outputs(result), gradients, strict=True):
        if isinstance(output, ag.Tensor) and output.requires_grad:
            output.backward(gradient, retain_graph=True)


@each_subject
@given(data=st.data())
def test_values_and_gradients_whichever_operands_are_tensors(
    subject: Subject, data: st.DataObject
) -> None:
    """Value and dtype are NumPy's, shape and dtype of a gradient those of its operand."""
    call = data.draw(calls(subject, FLOATS))
    as_lists = data.draw(st.booleans())
    expected = numpy_result(call, call.arrays)
    weights = [np.full(np.shape(y), 0.5, np.asarray(y).dtype) for y in outputs(expected)]
    reference: list[Any] = []
    for chosen in call.mixtures():
        mixed = tuple(
            leaf_of(array) if tensor else array
            for array, tensor in zip(call.arrays, chosen, strict=True)
        )
        result = call(*mixed)
        assert_same(result, expected)
        backward(result, weights)
        reference = reference or [leaf.grad for leaf in mixed]  # the first has all of them
        for leaf, array, gradient in zip(mixed, call.arrays, reference, strict=True):
            if isinstance(leaf, ag.Tensor) and gradient is not None:
                assert (np.shape(leaf.grad), leaf.grad.dtype) == (array.shape, array.dtype)
                # A constant is copied, and BLAS adds up in another order where memory is strided.
                coarse = max(np.finfo(each.dtype).eps for each in call.arrays)
                allowed = 8 * coarse * np.max(np.abs(gradient), initial=0)
                assert np.allclose(leaf.grad, gradient, rtol=0, atol=allowed, equal_nan=True)
        if as_lists and not all(chosen):
            assert_lists_work(call, mixed)


def assert_lists_work(call: Call, mixed: tuple[Any, ...]) -> None:
    """Operands that are constants may be lists or Python numbers."""
    # An empty list has neither a shape nor a dtype: np.dot takes that of the other operand.
    listed = [x.tolist() if isinstance(x, np.ndarray) and x.size else x for x in mixed]
    expected = numpy_result(call, [x.data if isinstance(x, ag.Tensor) else x for x in listed])
    result = call(*listed)
    assert_same(result, expected)
    backward(result, [np.ones_like(y) for y in outputs(expected)])


@each_operation
@given(data=st.data())
def test_rules_write_into_nothing_they_are_given(operation: Operation, data: st.DataObject) -> None:
    call = data.draw(calls(declared(operation)))
    arrays = tuple(read_only(array.copy()) for array in call.arrays)
    y = read_only(numpy_result(call, arrays))
    args, kwargs = call.arguments(*arrays)
    g = y.dtype.type(1) if isinstance(y, np.generic) else read_only(np.ones_like(y))
    for rule in operation.rules:
        value = call.values.get(rule.operand)
        if isinstance(value, Slot):
            rule.formula(g, *rule.keep(y, None, *args, **kwargs))
        for member, item in enumerate(value if isinstance(value, list) else []):
            if isinstance(item, Slot):
                rule.formula(g, *rule.keep(y, member, *args, **kwargs))


def laid_out(numbers: Any, shape: tuple[int, ...], layout: str) -> Any:
    """The numbers in this shape, in memory that is in Fortran's order, has gaps and runs
    backwards, or is the same for all entries (which are then the first number)."""
    array = numbers.reshape(shape)
    if layout == "reversed":
        wide = np.zeros([2 * length for length in shape])
        view = wide[tuple(slice(None, None, -2) for _ in shape)] if shape else wide
        view[...] = array
        return view
    if layout == "broadcast" and array.size:
        return np.broadcast_to(numbers[0], shape)
    return np.array(array, order="F" if layout == "Fortran" else "C")


@each_subject
@given(data=st.data())
def test_raw_mode_equals_nested_mode(subject: Subject, data: st.DataObject) -> None:
    """A rule runs on plain arrays, and on Tensors when a gradient is itself differentiated.

    The memory of the incoming gradient may be arranged in any way.
    """
    call = data.draw(calls(subject))
    layout = data.draw(st.sampled_from(("in order", "Fortran", "reversed", "broadcast")))
    results = outputs(numpy_result(call, call.arrays))
    weights = [laid_out(np.cos(np.arange(np.size(y))), np.shape(y), layout) for y in results]
    leaves = [leaf_of(array) for array in call.arrays]
    backward(call(*leaves), weights)
    nested: list[Any] = []

    def scalar(*args: Any) -> Any:
        products = [w * y for w, y in zip(weights, outputs(call(*args)), strict=True)]
        return sum(np.sum(np.real(y) if np.iscomplexobj(y) else y) for y in products)

    def outer(*args: Any) -> float:
        nested[:] = ag.grad(scalar, everything)(*args)
        return 0.0  # what the outer gradient is does not matter here

    everything = tuple(range(len(leaves)))
    ag.grad(outer, everything)(*call.arrays)
    for leaf, found in zip(leaves, map(raw, nested), strict=True):
        gradient = np.zeros_like(leaf.data) if leaf.grad is None else leaf.grad
        scale = np.max(np.abs(gradient), initial=0.0)
        assert np.all(np.abs(found - gradient) <= 1e-14 * scale)


@each_subject
@given(data=st.data())
def test_derivatives_are_the_numeric_ones(subject: Subject, data: st.DataObject) -> None:
    call = data.draw(calls(subject))
    numpy_result(call, call.arrays)
    check_gradients(call, *call.arrays, order=2)


@pytest.mark.parametrize(
    ("subject", "case"),
    [(subject, case) for subject in SUBJECTS for case in subject.cases or ("",)],
    ids=str,
)
def test_every_case_at_lengths_that_all_differ(subject: Subject, case: str) -> None:
    call = plain_call(subject, case)
    assert_same(call(*map(leaf_of, call.arrays)), call(*call.arrays))
    check_gradients(call, *call.arrays, order=2)


# Errors


@st.composite
def disturbed(draw: Any, subject: Subject) -> Call:
    """Calls of which one operand or one number has been changed, so that many are impossible."""
    call = draw(calls(subject))
    axes = sorted({"axis", "axis1", "axis2", "source", "axes"} & call.values.keys())
    if axes and draw(st.booleans()):
        axis = st.one_of(st.integers(-4, 4), st.just((0, 0)), st.just(1.5))
        return replace(call, values={**call.values, draw(st.sampled_from(axes)): draw(axis)})
    which = draw(st.integers(0, len(call.arrays) - 1))
    shape = list(call.arrays[which].shape)
    change = draw(st.sampled_from(("longer", "more axes", "fewer axes", "other")))
    if shape and change != "more axes":
        axis = draw(st.integers(0, len(shape) - 1))
        shape[axis : axis + 1] = {"longer": [shape[axis] + 1], "other": [5]}.get(change, [])
    else:
        shape = [2, *shape]
    arrays = list(call.arrays)
    arrays[which] = np.linspace(0.61, 0.89, int(np.prod(shape))).reshape(shape)
    return replace(call, arrays=tuple(arrays))


def outcome(call: Call, arrays: Any) -> Any:
    """The result of a call, or the type of the exception that it raises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return call(*arrays)
    except Exception as error:  # noqa: BLE001 - which one it is, is the question
        return type(error)


@each_subject
@given(data=st.data())
def test_calls_fail_as_those_of_numpy_do(subject: Subject, data: st.DataObject) -> None:
    call = data.draw(disturbed(subject))
    expected = outcome(call, call.arrays)
    result = outcome(call, [leaf_of(array) for array in call.arrays])
    if isinstance(expected, type) or isinstance(result, type):
        assert result is expected
    else:
        assert_same(result, expected)


# The table itself


@each_operation
def test_every_operand_is_exercised(operation: Operation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that is off by a thousandth fails the check in one of its cases at least."""
    subject = declared(operation)
    assert subject.cases or operation.kind is ELEMENTWISE
    for rule in operation.rules:
        if rule.formula is not zero:
            with monkeypatch.context() as patch:
                patch.setattr(rule, "formula", scaled(rule.formula))
                patch.setattr(rule, "_conjugated", None)  # it is made of the formula, once
                with pytest.raises(GradientError, match="is wrong"):
                    check_every_case(subject)


def check_every_case(subject: Subject) -> None:
    for case in subject.cases or ("",):
        call = plain_call(subject, case)
        check_gradients(call, *call.arrays, order=1)


def scaled(formula: Any) -> Any:
    """A rule's formula, and a thousandth of it."""

    def wrong(g: Any, *kept: Any) -> Any:
        gx = formula(g, *kept)
        return Selected(gx.values * 1.001, gx.live) if isinstance(gx, Selected) else gx * 1.001

    return wrong

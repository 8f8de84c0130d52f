"""Nothing of NumPy is unsorted, and nothing hands back a plain array that has lost a gradient."""

import warnings
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.core.operation import OPERATIONS
from autograd_lite.core.trace import COMPOSITIONS
from tests.coverage import DIFFERENTIABLE, REFUSED, callables, category, is_scalar_type

VECTOR, MATRIX = np.array([0.25, 0.5, 0.75]), np.array([[2.0, 0.5], [0.25, 1.5]])
EVERY = [pytest.param(*entry, id=f"{entry[0]}.{entry[1]}") for entry in callables()]
REFUSED_ONES = [
    pytest.param(value, id=f"{space}.{name}")
    for space, name, value in callables()
    if category(space, name, value) == REFUSED and space != "ndarray"
]


@pytest.mark.parametrize(("space", "name", "value"), EVERY)
def test_every_public_callable_is_sorted(space: str, name: str, value: Any) -> None:
    assert category(space, name, value)


def attempts() -> list[tuple[Any, ...]]:
    """Arguments, each with a Tensor that has a gradient to lose."""
    v, m = ag.Tensor(VECTOR) * 1, ag.Tensor(MATRIX) * 1
    s = v[0]
    single = [(v,), (m,), (s,), ([v, v],), ([s, s],)]
    return [*single, (v, v), (v, 1), (m, 1), (1, v), (m, m), (m, v), (v, v, v), ([v, v], v)]


@pytest.mark.parametrize("value", REFUSED_ONES)
def test_what_is_refused_raises(value: Any, tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    unary = isinstance(value, np.ufunc) and value.nin == 1  # a second argument is for the result
    for args in attempts():
        if unary and len(args) > 1:
            continue
        with pytest.raises(Exception):  # noqa: B017, PT011 - which one is NumPy's affair
            used(value(*args))


def used(result: Any) -> None:
    """Raise for what is no array: np.bmat returns None for what it does not know."""
    if result is None:
        raise TypeError


@pytest.mark.parametrize(("space", "name", "value"), EVERY)
def test_no_gradient_is_lost_unseen(space: str, name: str, value: Any) -> None:
    """What is differentiable never gives plain floating numbers that depend on a Tensor."""
    if category(space, name, value) != DIFFERENTIABLE or space == "ndarray":
        return
    reached = value in OPERATIONS or value in COMPOSITIONS or name in IN_PLACE  # tested by cases
    for args in attempts():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                result = value(*args)
        except Exception:  # noqa: BLE001 - most attempts make no sense
            continue
        reached = True
        for part in result if isinstance(result, list | tuple) else [result]:
            plain = isinstance(part, np.ndarray | np.generic) and part.dtype.kind in "fc"
            assert not plain or name in WITH_WHOLE_PARTS, (name, args, part)
    assert reached, f"no attempt says anything about {name}"


IN_PLACE = ("place", "put", "put_along_axis", "putmask")  # they return nothing
WITH_WHOLE_PARTS = ("divmod", "modf")  # which are floating numbers, and have no derivative


def test_types_of_numbers_are_known() -> None:
    assert is_scalar_type(np.float32)
    assert not is_scalar_type(np.ndarray)

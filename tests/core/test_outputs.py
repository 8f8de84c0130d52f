"""What a Tensor given as `out=` may hold: NumPy's rules of casting and of shapes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd_lite import Tensor

X = np.array([[0.4, 0.7, 1.1], [1.3, 1.6, 2.1]])
NARROW = np.ones((2, 3), np.float32)
OUTPUTS: list[Callable[[Any], Any]] = [
    lambda t: np.add(t, 1, out=t, casting="no"),
    lambda t: np.add(t, X, out=t, casting="same_kind"),
    lambda t: np.add(t, X, out=t, casting="safe"),
    lambda t: np.add(t, X + 1j, out=t),
    lambda t: np.add(t[:1], X[:, :1], out=t),
    lambda t: np.exp(t[:, :1], out=t),
    lambda t: np.exp(t, out=t[0]),
    lambda t: np.sum(t, axis=0, out=t),
    lambda t: np.add.reduce(t, axis=0, out=t),
    lambda t: np.sum(t, axis=0, out=t[1]),
    lambda t: np.putmask(t, t > 0, X),
    lambda t: np.putmask(t, t > 0, [1.5, 2]),
    lambda t: t.fill([1.0]),
    lambda t: t.fill(np.ones(3)),
    lambda t: t.fill(np.array(2.0)),
    lambda t: t.round(0, t),
    lambda t: t.__imul__(X),
]


@pytest.mark.parametrize("change", OUTPUTS)
def test_what_may_be_stored_is_what_numpy_lets_be_stored(change: Callable[[Any], Any]) -> None:
    t, expected, refusal = Tensor(NARROW) * 1, NARROW.copy(), None
    try:
        change(expected)
    except (TypeError, ValueError) as error:
        refusal = error
    if refusal is None:
        change(t)
    else:
        with pytest.raises((TypeError, ValueError)) as caught:
            change(t)
        assert isinstance(refusal, caught.type)
    assert t.dtype == np.float32
    assert np.allclose(t.numpy(), expected, rtol=1e-6)

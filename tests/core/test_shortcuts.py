"""Shortcuts give what the plain expressions give: for small and large arrays, of any layout."""

import numpy as np
import pytest

from autograd_lite.core import shortcuts

SHAPES = [(0, 3), (5, 0), (2, 3), (1024, 1), (300, 7), (100, 40), (7, 300)]
LAYOUTS = [lambda x: x, np.asfortranarray, lambda x: np.repeat(x, 2, axis=1)[:, ::2]]


@pytest.fixture(params=SHAPES, ids=str)
def x(request):
    return np.random.default_rng(0).standard_normal(request.param)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", ["e", "f", "d"])
def test_values(x, layout, dtype):
    x = layout(x.astype(dtype))
    near = {"rtol": 1e-5, "atol": 1e-4} if dtype != "e" else {"rtol": 0.02, "atol": 0.5}
    pairs = [
        (shortcuts.sum_of_rows(x), x.sum(axis=0)),
        *((shortcuts.sums_along(x, axis), x.sum(axis, keepdims=True)) for axis in (0, 1, -1)),
        *(
            (shortcuts.maxima_along(x, axis), x.max(axis, keepdims=True, initial=-np.inf))
            for axis in (0, 1, -1, (0, 1))
        ),
        (shortcuts.where_positive(x + 1, x), (x + 1) * (x > 0)),
        (shortcuts.positive_part(x, np.array(0, dtype)), np.where(x > 0, x, 0)),
    ]
    for found, expected in pairs:
        assert found.dtype == expected.dtype == np.dtype(dtype)
        np.testing.assert_allclose(found, expected, **near)


def test_nan_and_infinity_stay_in_their_rows_and_columns():
    x = np.ones((200, 10))
    x[3, 4], x[5, 6] = np.nan, np.inf
    assert np.flatnonzero(~np.isfinite(shortcuts.sum_of_rows(x))).tolist() == [4, 6]
    assert np.flatnonzero(~np.isfinite(shortcuts.sums_along(x, -1))).tolist() == [3, 5]
    assert np.flatnonzero(~np.isfinite(shortcuts.maxima_along(x, -1))).tolist() == [3, 5]
    assert np.isnan(shortcuts.positive_part(x, np.array(0.0))[3, 4])

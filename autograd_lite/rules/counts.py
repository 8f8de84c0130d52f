"""Counting: bincount, whose weights have a gradient; histograms, which are refused.

The counts of a histogram are steps, its edges follow the extremes of the data, and its density is
counts over widths: whoever asks for a gradient of one wants something smooth in its place.
"""

from typing import Any

import numpy as np

from ..core.errors import NotDifferentiableError, format_call, function_name, message
from ..core.operation import SHAPE, declare
from ..core.trace import HANDLERS

declare(
    np.bincount,
    kind=SHAPE,
    signature="x, weights=None, minlength=0",
    cases=(
        "x=np.array([1, 3, 1, 0]), weights=(4,)",
        "x=[2, 2, 5], weights=(3,), minlength=8",
        "x=np.array([], dtype=int), weights=(0,), minlength=2",
    ),
    remedy="one weight is due for each entry of x, which holds whole numbers that are not negative",
    weights=lambda g, x: np.take(g, x),
)


def refuse_histogram(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Raise NotDifferentiableError, and say what sums weights by bins and has a gradient."""
    raise NotDifferentiableError(
        message(
            f"{function_name(function)} is refused: counts have no derivative",
            call=format_call(function, args, kwargs),
            remedy="pass plain arrays (t.data) for counts and edges; for the gradient of weights "
            "summed by bins np.bincount(np.digitize(x, edges), weights=w); for a smooth density "
            "a sum of kernels, such as np.exp(-((grid[:, None] - x) / width) ** 2).sum(axis=1)",
        )
    )


for function in (np.histogram, np.histogram2d, np.histogramdd, np.histogram_bin_edges):
    HANDLERS[function] = refuse_histogram

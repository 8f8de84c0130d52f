"""What the main job prints: both gradients side by side, the predictions, the verdict."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .comparison import TOLERANCE, Comparison

Array = NDArray[Any]

ROWS_SHOWN = 16
EXACT, ROUNDED, SMALL = "{:.12e}", "{:.6g}", "{:.1e}"


def report_lines(comparison: Comparison, y: Array) -> Iterator[str]:
    """Yield the whole report on the samples with the labels `y`."""
    yield from gradient_lines(comparison.last)
    if not comparison.overflowed:
        yield from prediction_lines(comparison, y)
    yield from verdict_lines(comparison)


def gradient_lines(last: Any) -> Iterator[str]:
    """Yield both pairs of gradients of an iteration, entry by entry."""
    yield f"Gradients of iteration {last.number:,}"
    pairs = zip(last.manual_gradients, last.automatic_gradients, strict=True)
    for layer, (by_hand, automatic) in zip(("hidden", "output"), pairs, strict=True):
        yield from _table(
            [f"{layer}_weights{list(index)}" for index in np.ndindex(by_hand.shape)],
            ("by hand", EXACT, by_hand),
            ("automatic", EXACT, automatic),
            ("difference", SMALL, automatic - by_hand),
        )
        yield ""


def prediction_lines(comparison: Comparison, y: Array) -> Iterator[str]:
    """Yield what both trained networks say of every sample."""
    yield "Predictions after training"
    by_hand, automatic = comparison.predictions
    yield from _table(
        [
            f"sample {row + 1}" + (f", output {column + 1}" if y.shape[1] > 1 else "")
            for row, column in np.ndindex(y.shape)
        ],
        ("label", ROUNDED, y),
        ("by hand", ROUNDED, by_hand),
        ("automatic", ROUNDED, automatic),
    )
    yield ""


def verdict_lines(comparison: Comparison) -> Iterator[str]:
    """Yield the largest difference of all iterations and, in the last line, what it means."""
    count = comparison.last.number
    if comparison.overflowed:
        yield (
            f"NO VERDICT: in iteration {count:,} the numbers overflowed. Take a smaller learning "
            "rate, or scale the columns of the data to about -1 to 1"
        )
        return
    yield (
        f"Largest difference over {count:,} iterations: {comparison.absolute:.1e} absolute, "
        f"{comparison.relative:.1e} relative"
    )
    apart = f"more than {TOLERANCE:.0e} apart from iteration {comparison.first_above} on"
    same = f"from the same weights the gradients are {comparison.same_weights:.1e} apart"
    if comparison.agree:
        yield (
            "AGREE: by hand and automatic, gradients and weights, "
            f"within {TOLERANCE:.0e} in every iteration"
        )
    elif comparison.same_weights <= TOLERANCE:
        yield (
            f"DRIFTED: {apart}, though {same}: rounding errors grow in an unstable training. "
            "Take a smaller learning rate"
        )
    else:
        yield f"DISAGREE: {apart}; {same}"


def _table(names: list[str], *columns: tuple[str, str, Array]) -> Iterator[str]:
    """Yield a line of titles and the first lines of a table; a column is (title, form, values)."""
    width = max(map(len, names[:ROWS_SHOWN]))
    yield " " * width + "".join(f"{title:>21}" for title, _, _ in columns)
    forms = [form for _, form, _ in columns]
    rows = zip(*(values.ravel() for _, _, values in columns), strict=True)
    for name, row in zip(names, islice(rows, ROWS_SHOWN), strict=False):
        cells = (form.format(value) for form, value in zip(forms, row, strict=True))
        yield f"{name:<{width}}" + "".join(f"{cell:>21}" for cell in cells)
    if len(names) > ROWS_SHOWN:
        yield f"... and {len(names) - ROWS_SHOWN:,} more"

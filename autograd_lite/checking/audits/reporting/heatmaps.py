"""Pictures of gradients in SVG: a coloured cell for each entry, a scale below them.

The hues are classes, whose colours the page gives for light and dark; how strong a hue is says how
large the number is.
"""

from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple

import numpy as np

from .grids import Grid
from .sentences import entry, number

WIDTH, HEIGHT = 264, 264  # of the cells together, at most
CELL_WIDTH, CELL_HEIGHT = 66, 26  # of one, at most
LEFT, TOP, BOTTOM = 30, 36, 44  # for numbers of rows, title and numbers of columns, scale
NUMBERS = 44  # width of a cell that has room for its number
LABELS = 14  # rows or columns that are all numbered
TOOLTIPS = 600  # cells that may have one
STEPS = 12  # of the scale on each side


class Scale(NamedTuple):
    """How numbers become colours: none at `middle`, full at `low` and `high`."""

    low: float
    middle: float
    high: float
    hues: tuple[str, str]

    def colour(self, value: float) -> tuple[str, float]:
        """The hue of a number and its strength, from 0 to 1."""
        below = value < self.middle
        end = self.low if below else self.high
        if np.isinf(value):
            return self.hues[not below], 1.0
        span = abs(end - self.middle)
        strength = abs(value - self.middle) / span if span else 0.0
        return self.hues[not below], min(strength, 1.0)


class Panel(NamedTuple):
    """One of the pictures."""

    title: str
    values: Any
    scale: Scale


def panels_of(grid: Grid) -> list[Panel]:
    """The pictures of a grid, side by side."""
    found = [
        Panel(title, values, symmetric(values))
        for title, values in (("by hand", grid.manual), ("right", grid.right))
        if values is not None
    ]
    if grid.ratio is not None:
        found.append(Panel("by hand / right", grid.ratio, around_one(grid.ratio)))
    return found


def symmetric(values: Any) -> Scale:
    """The scale of a gradient, with 0 in the middle."""
    largest = float(np.max(np.abs(values), initial=0.0, where=np.isfinite(values)))
    return Scale(-largest, 0.0, largest, ("negative", "positive"))


def around_one(ratio: Any) -> Scale:
    """The scale of a ratio, with 1 in the middle; of many, a few are beyond its ends."""
    finite = ratio[np.isfinite(ratio)]
    if not finite.size:
        return Scale(1.0, 1.0, 1.0, ("less", "more"))
    cut = 0.02 if finite.size >= 50 else 0.0
    low, high = (float(q) for q in np.quantile(finite, [cut, 1 - cut]))
    low, high = (1.0 if abs(end - 1) < 1e-6 else end for end in (low, high))
    return Scale(min(low, 1.0), 1.0, max(high, 1.0), ("less", "more"))


def heatmap(panel: Panel, grid: Grid, name: str) -> str:
    """One picture."""
    rows, columns = panel.values.shape
    wide = min(CELL_WIDTH, WIDTH / columns)
    high = min(CELL_HEIGHT, HEIGHT / rows)
    width, height = max(columns * wide, 120.0), rows * high
    box = f"{LEFT + width + 8:.0f} {TOP + height + BOTTOM:.0f}"
    title = escape(summary(panel, grid, name))
    size = box.split()
    return "".join(
        [
            f'<svg role="img" viewBox="0 0 {box}" width="{size[0]}" height="{size[1]}">',
            f"<title>{title}</title>",
            f'<text class="title" x="{LEFT}" y="14">{escape(panel.title)}</text>',
            *axis_labels(grid, wide, high),
            *cells(panel, grid, name, (wide, high)),
            outline(columns * wide, height, TOP),
            *(frame(grid, place, wide, high) for place in reversed(grid.worst)),
            *scale_bar(panel.scale, width, TOP + height + 12),
            "</svg>",
        ]
    )


def summary(panel: Panel, grid: Grid, name: str) -> str:
    """A picture in words."""
    finite = panel.values[np.isfinite(panel.values)]
    span = "no numbers"
    if finite.size:
        span = f"from {number(float(finite.min()))} to {number(float(finite.max()))}"
    return f"{name}, {panel.title}: shape {grid.shape}, {span}"


def cells(panel: Panel, grid: Grid, name: str, size: tuple[float, float]) -> Iterator[str]:
    """The coloured cells."""
    wide, high = size
    written = wide >= NUMBERS and high >= 16
    tooltips = panel.values.size <= TOOLTIPS
    for (row, column), value in np.ndenumerate(panel.values):
        x, y = LEFT + column * wide, TOP + row * high
        tip = ""
        if tooltips:
            here = entry(name, grid.index_of(int(grid.places[row, column])))
            tip = f"<title>{escape(here)}: {number(float(value))}</title>"
        yield cell(panel.scale, float(value), (x, y, wide, high), tip)
        if written:
            yield (
                f'<text class="value" x="{x + wide / 2:.1f}" y="{y + high / 2 + 3.5:.1f}">'
                f"{short(float(value))}</text>"
            )


def cell(scale: Scale, value: float, box: tuple[float, float, float, float], tip: str) -> str:
    """One cell; a cross for what is not a number."""
    x, y, wide, high = box
    where = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
    if np.isnan(value):
        cross = (
            f'<path class="nan" d="M{x:.1f} {y:.1f}l{wide:.1f} {high:.1f}m0 {-high:.1f}'
            f'l{-wide:.1f} {high:.1f}"/>'
        )
        return f'<g><rect class="nothing" {where}/>{cross}{tip}</g>'
    hue, strength = scale.colour(value)
    body = f">{tip}</rect>" if tip else "/>"
    return f'<rect class="{hue}" fill-opacity="{strength:.2f}" {where}{body}'


def frame(grid: Grid, place: int, wide: float, high: float) -> str:
    """The frame of a cell that has one of the worst entries."""
    found = np.argwhere(grid.places == place)
    if not len(found):
        return ""
    row, column = found[0]
    kind = "worst first" if place == grid.worst[0] else "worst"
    x, y = LEFT + column * wide, TOP + row * high
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"/>'


def axis_labels(grid: Grid, wide: float, high: float) -> Iterator[str]:
    """The numbers of rows and columns: all, or the first and the last."""
    if len(grid.shape) > 2 or not grid.shape:
        return
    rows, columns = grid.places.shape
    last_row, last_column = (1, *grid.shape)[-2] - 1, grid.shape[-1] - 1
    for column in numbered(columns):
        label = column if column < columns - 1 else last_column
        x = LEFT + (column + 0.5) * wide
        yield f'<text class="axis middle" x="{x:.1f}" y="{TOP - 5}">{label}</text>'
    for row in numbered(rows) if len(grid.shape) == 2 else ():
        label = row if row < rows - 1 else last_row
        y = TOP + (row + 0.5) * high + 3.5
        yield f'<text class="axis end" x="{LEFT - 5}" y="{y:.1f}">{label}</text>'


def numbered(count: int) -> list[int]:
    """Which rows or columns get their number."""
    return list(range(count)) if count <= LABELS else [0, count - 1]


def scale_bar(scale: Scale, width: float, y: float) -> Iterator[str]:
    """The colours from the lowest to the highest number, with numbers."""
    step = width / (2 * STEPS)
    for n in range(2 * STEPS):
        strength = abs(n + 0.5 - STEPS) / STEPS
        hue = scale.hues[n >= STEPS]
        absent = scale.low == scale.middle if n < STEPS else scale.high == scale.middle
        yield (
            f'<rect class="{hue}" fill-opacity="{0.0 if absent else strength:.2f}" '
            f'x="{LEFT + n * step:.1f}" y="{y:.1f}" width="{step:.1f}" height="10"/>'
        )
    yield outline(width, 10, y)
    for value, place, anchor in (
        (scale.low, 0.0, "start"), (scale.middle, 0.5, "middle"), (scale.high, 1.0, "end"),
    ):  # fmt: skip
        if place == 0.5 or value != scale.middle:
            x = LEFT + place * width
            yield f'<text class="axis {anchor}" x="{x:.1f}" y="{y + 23:.1f}">{number(value)}</text>'


def outline(width: float, height: float, y: float) -> str:
    """The border of the cells or of the scale."""
    return (
        f'<rect class="border" x="{LEFT}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
    )


def short(value: float) -> str:
    """A number that fits into a cell."""
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    if np.isnan(value):
        return "NaN"
    text = f"{abs(value):.2g}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    return f"−{text}" if value < 0 else text

"""Hypotheses about one gradient that its numbers alone can decide: form, scale, order of entries.

Each takes a `Case` and returns a `Diagnosis`, or None if it does not explain every entry.
"""

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import numpy as np

from ..cases import Case, Diagnosis, close

MOST_AXES = 4
ROUNDINGS = 100  # so many may add up


def missing(case: Case) -> Diagnosis | None:
    """There is no gradient."""
    if case.given is not None and case.manual is not None:
        return None
    if case.given is None:
        text = f"no gradient of {case.name} was returned, or it is None"
    else:
        text = f"the gradient of {case.name} is no array of numbers but {type(case.given).__name__}"
    return Diagnosis("missing", text, {})


def not_finite(case: Case) -> Diagnosis | None:
    """There is NaN or an infinity where the gradient is finite."""
    bad = ~np.isfinite(case.manual)
    if not np.any(bad) or not np.all(np.isfinite(case.truth)):
        return None
    first = tuple(int(n) for n in np.argwhere(bad)[0])
    count = int(np.sum(bad))
    text = f"{count} of {bad.size} entries are not finite, the first at {first}"
    return Diagnosis("nan", text, {"count": count, "first": first})


def other_shape(case: Case) -> Diagnosis | None:
    """The right numbers in another shape."""
    if case.has_shape or case.manual.size != case.parameter.size:
        return None
    shape, wanted = case.manual.shape, case.parameter.shape
    if close(case.manual.ravel(), case.truth.ravel(), case.allowed.ravel() if np.ndim(case.allowed)
             else case.allowed):  # fmt: skip
        hint = "; keepdims=True has kept an axis" if sorted(set(shape) - {1}) == sorted(
            set(wanted) - {1}) and len(shape) > len(wanted) else ""  # fmt: skip
        text = (
            f"the values are right, but they stand in the shape {shape} instead of {wanted}{hint}"
        )
        return Diagnosis("shape", text, {"shape": shape, "due": wanted})
    return None


def summed_differently(case: Case) -> Diagnosis | None:
    """The right gradient once it is summed over axes, or taken along others."""
    manual, truth = case.manual, case.truth
    if manual.shape == truth.shape or manual.ndim > MOST_AXES:
        return None
    for axes in axes_subsets(manual.ndim):
        total = manual.sum(axis=axes)
        for kept in (total, manual.sum(axis=axes, keepdims=True)):
            if kept.size == truth.size and close(kept.ravel(), truth.ravel(), np.max(case.allowed)):
                text = (
                    f"it was not summed over axis {', '.join(map(str, axes))}: summed, its shape "
                    f"{manual.shape} becomes {truth.shape} and every entry is right"
                )
                return Diagnosis("axis", text, {"axes": axes})
    return None


def axes_subsets(ndim: int) -> Iterator[tuple[int, ...]]:
    """All non-empty sets of axes, the small ones first."""
    sets = [tuple(axis for axis in range(ndim) if bits >> axis & 1) for bits in range(1, 1 << ndim)]
    return iter(sorted(sets, key=len))


def wrong_shape(case: Case) -> Diagnosis | None:
    """A shape that cannot be that of the gradient."""
    if case.has_shape:
        return None
    text = f"the shape is {case.manual.shape} where {case.parameter.shape} is due"
    return Diagnosis("shape", text, {"shape": case.manual.shape, "due": case.parameter.shape})


def truncated(case: Case) -> Diagnosis | None:
    """Whole numbers in place of the gradient."""
    if np.asarray(case.given).dtype.kind not in "iub" or np.asarray(case.truth).dtype.kind != "f":
        return None
    cut, rounded = np.trunc(case.truth), np.round(case.truth)
    if np.array_equal(case.manual, cut) or np.array_equal(case.manual, rounded):
        text = f"it was cut to whole numbers ({np.asarray(case.given).dtype})"
        return Diagnosis("integer", text, {"dtype": str(np.asarray(case.given).dtype)})
    return None


def coarse(case: Case) -> Diagnosis | None:
    """Numbers of fewer digits than the parameter has."""
    if not case.has_shape or np.asarray(case.truth).dtype != np.float64:
        return None
    size = np.max(np.abs(case.truth), initial=0.0)
    for dtype in (np.float32, np.float16):
        with np.errstate(all="ignore"):
            rounded = case.manual.astype(dtype).astype(np.float64)
        near = np.abs(case.manual - case.truth) <= ROUNDINGS * np.finfo(dtype).eps * size
        if case.manual.dtype.kind == "f" and np.array_equal(rounded, case.manual) and np.all(near):
            name = np.dtype(dtype).name
            digits = np.finfo(dtype).precision
            text = f"its numbers were rounded to {name}: all are right to {digits} digits"
            return Diagnosis("dtype", text, {"dtype": name})
    return None


def scaled(case: Case) -> Diagnosis | None:
    """Every entry is off by the same factor."""
    factor = common_factor(case.manual, case.truth, case.allowed)
    if factor is None:
        return None
    if factor == 0:
        return Diagnosis(
            "path",
            f"it is 0 everywhere: nothing flows back to {case.name}",
            {"factor": 0.0},
        )
    return Diagnosis("scale", scale_text(case, factor), {"factor": factor})


def common_factor(manual: Any, truth: Any, allowed: Any) -> float | None:
    """c with manual = c truth, entry by entry, or None."""
    square = float(np.sum(truth * truth))
    if not square or not np.isfinite(square):
        return None
    factor = float(np.sum(manual * truth)) / square
    slack = np.max(allowed, initial=0.0) * max(1.0, abs(factor))
    if not np.isfinite(factor) or not close(manual, factor * truth, slack):
        return None
    return nice(factor)


def nice(factor: float) -> float:
    """The factor, rounded to a simple number that is the same but for rounding."""
    for denominator in (1, 2, 3, 4, 5, 6, 8, 10, 100, 1000):
        whole = round(factor * denominator)
        if abs(factor * denominator - whole) <= 1e-6 * max(1.0, abs(factor * denominator)):
            return whole / denominator
    return factor


def scale_text(case: Case, factor: float) -> str:
    """What a factor means: a length that was summed instead of averaged, a sign, a rate."""
    size = abs(factor)
    text = f"every entry is {multiple(factor)} × what it should be"
    lengths = case.problem.lengths
    if factor == -1:
        return f"{text}: the sign is wrong"
    reason = ""
    for number, meaning in ((size, "summed, not averaged"), (1 / size, "averaged, not summed")):
        whole = round(number)
        if whole > 1 and abs(number - whole) <= 1e-6 * number and whole in lengths:
            reason = f"{whole} is the length of {lengths[whole]}: it was {meaning}"
            break
        root = round(number * number)
        is_root = abs(number * number - root) <= 1e-6 * root and number != 2  # which is 2
        if root > 1 and is_root and root in lengths:
            form = "the square root" if size > 1 else "1 over the square root"
            reason = f"that is {form} of {root}, the length of {lengths[root]}"
            break
    if not reason and size == 2:
        reason = "a factor ½ of the loss is missing, or a square was differentiated twice"
    if not reason and size == 0.5:
        reason = "the 2 of a square is missing"
    if not reason and is_like_a_rate(size):
        reason = "has a learning rate been applied already?"
    sign = ", and the sign is wrong" if factor < 0 else ""
    return f"{text}: {reason}{sign}" if reason else f"{text}{sign}"


def multiple(factor: float) -> str:
    """A factor as people write it: `6`, `-1`, `1/6`, `0.7`, `2.33`."""
    below = round(1 / factor)
    if abs(below) > 2 and abs(factor * below - 1) <= 1e-6 and abs(below) % 10:
        return f"{'-' if below < 0 else ''}1/{abs(below)}"
    whole = round(factor)
    return str(whole) if whole == factor and abs(whole) < 10**6 else f"{factor:.3g}"


def is_like_a_rate(factor: float) -> bool:
    """Whether a factor is a number that people take for a learning rate: 0.5, 0.03, 1e-3."""
    return factor <= 0.5 and f"{factor:.6e}"[:8] in {f"{n}.000000" for n in (1, 2, 3, 5)}


def transposed(case: Case) -> Diagnosis | None:
    """The right gradient with its axes exchanged."""
    manual, truth = case.manual, case.truth
    if truth.ndim < 2 or truth.ndim > MOST_AXES:
        return None
    for order in permutations(range(truth.ndim)):
        candidate = np.transpose(truth, order)
        if order != tuple(range(truth.ndim)) and case.explained_by(candidate):
            if truth.ndim == 2:
                return Diagnosis("transposed", "it is the right gradient, transposed", {})
            text = f"its axes are permuted: it is the right gradient transposed by {order}"
            return Diagnosis("permuted", text, {"order": order})
    if manual.size == truth.size and manual.ndim == 2 and min(manual.shape) > 1:
        reordered = truth.reshape(truth.shape, order="C").ravel(order="F").reshape(manual.shape)
        if case.explained_by(reordered):
            return Diagnosis(
                "permuted", "its entries were reshaped where they should be transposed", {}
            )
    return None


def penalised(case: Case) -> Diagnosis | None:
    """The difference is a multiple of the parameter: the gradient of a penalty.

    One row or column of the parameter, that of the bias, may have no part in it, or alone.
    """
    if not case.has_shape:
        return None
    difference = case.manual - case.truth
    for form, penalty in (("{w}", case.parameter), ("sign({w})", np.sign(case.parameter))):
        for where, part in bias_parts(np.asarray(penalty, np.float64)):
            factor = common_factor(difference, part, case.allowed)
            if factor is not None and np.count_nonzero(part) > 1:
                verb = "too much" if factor > 0 else "too little"
                what = form.format(w=case.name)
                text = (
                    f"it has {multiple(abs(factor))} · {what} {verb}{where}: the regularisation "
                    "of the gradient is not that of the loss"
                )
                return Diagnosis("regularisation", text, {"difference": f"{factor:.6g} * {what}"})
    return None


def bias_parts(penalty: Any) -> Iterator[tuple[str, Any]]:
    """An array whole, without the first or last row or column, and with that only."""
    yield "", penalty
    for axis, length in enumerate(penalty.shape if penalty.ndim == 2 else ()):
        for index in (0, length - 1) if length > 2 else ():
            edge = np.zeros(penalty.shape)
            np.moveaxis(edge, axis, 0)[index] = np.moveaxis(penalty, axis, 0)[index]
            name = f"{('row', 'column')[axis]} {index}"
            yield f" everywhere but in {name}", penalty - edge
            yield f" in {name}", edge


def shifted(case: Case) -> Diagnosis | None:
    """The right entries, moved along an axis."""
    truth = case.truth
    for axis, length in enumerate(truth.shape):
        for step in (1, -1):
            if length < 3:
                continue
            rolled = np.roll(truth, step, axis)
            edge = [slice(None)] * truth.ndim
            edge[axis] = slice(0, 1) if step == 1 else slice(-1, None)
            padded = rolled.copy()
            padded[tuple(edge)] = 0.0
            for candidate in (rolled, padded):
                if case.explained_by(candidate):
                    text = f"its entries are shifted by {step} along axis {axis}"
                    return Diagnosis("shifted", text, {"axis": axis, "step": step})
    return None


def reordered(case: Case) -> Diagnosis | None:
    """The right rows, columns or entries in another order."""
    manual, truth = case.manual, case.truth
    for axis in range(truth.ndim):
        order = matching_order(np.moveaxis(manual, axis, 0), np.moveaxis(truth, axis, 0), case)
        if order is not None:
            text = f"the entries along axis {axis} stand in another order: {order}"
            return Diagnosis("permuted", text, {"axis": axis, "order": order})
    return None


def matching_order(manual: Any, truth: Any, case: Case) -> list[int] | None:
    """Which rows of `truth` the rows of `manual` are, if they are all there."""
    if not 2 <= len(truth) <= 64:
        return None
    slack = np.max(case.allowed, initial=0.0)
    order = []
    for row in manual:
        far = np.max(np.abs(truth - row).reshape(len(truth), -1), axis=1, initial=0.0)
        fits = np.flatnonzero(far <= slack)
        if not len(fits):
            return None
        order.append(int(fits[0]))
    return order if sorted(order) == list(range(len(truth))) else None


FORM: tuple[Callable[[Case], Diagnosis | None], ...] = (
    missing, not_finite, other_shape, transposed, summed_differently, truncated,
)  # fmt: skip
NUMBERS: tuple[Callable[[Case], Diagnosis | None], ...] = (
    coarse, scaled, penalised, shifted, reordered,
)  # fmt: skip

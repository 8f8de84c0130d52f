"""How a gradient with structural zeros passes through a rule: what depends on what.

Elementwise rules leave dead entries dead. Behind any other rule an entry is dead if it depends on
dead entries alone. No table says which do: a NaN that is put into every live entry and carried
back comes out wherever something depends on one.
"""

from collections.abc import Callable
from math import prod
from typing import Any, NamedTuple

import numpy as np

from ..guards import without_guards
from ..operation import GENERAL, MULTILINEAR, SHAPE, Rule
from ..trace import peel_all
from .liveness import Live, answer
from .selected import (
    TRUE,
    Selected,
    all_finite,
    is_plain,
    joined,
    marked,
    select,
    strip,
)

# Formulas that know of structural zeros by themselves, and what they are for gradients with such.
# Those leave it to the engine where they return None.
IN_PARTS: dict[Any, Callable[..., Any]] = {}
GOLDEN = (5**0.5 - 1) / 2


def apply_to_selected(rule: Rule, g: Selected, kept: tuple[Any, ...], last: bool = False) -> Any:
    """Apply a rule to a gradient with structural zeros, and carry them on unless it is the `last`.

    The parts of a steep gradient are carried on one by one.
    """
    if g.steep is not None:
        parts = (g.without_steep(), *g.steep)
        return joined(*[part and apply_to_selected(rule, part, kept) for part in parts])
    in_parts = IN_PARTS.get(rule.formula)
    if in_parts is not None:
        gx = in_parts(g, *kept)
        if gx is not None:
            return gx
    if g.parts is not None:
        g.unite()
    if g._live is TRUE:  # as of what was read everywhere
        return rule.formula(g.settled(), *kept)
    if not rule.elementwise:
        return carry(rule, g, kept, last)
    if not kept:  # no slope to be infinite
        gx = rule.formula(g.values)
        return g if gx is g.values else Selected(gx, g.live, g.pending)
    gx = silently(rule.formula, g.values, *kept)  # what is computed at dead entries is thrown away
    return restricted(gx, g.live)


@np.errstate(all="ignore")  # for a function, in half the time of a block
def silently(formula: Callable[..., Any], g: Any, *kept: Any) -> Any:
    """A formula's result, without NumPy's warnings."""
    return formula(g, *kept)


def carry(rule: Rule, g: Selected, kept: tuple[Any, ...], last: bool) -> Any:
    """Apply a rule that is not elementwise."""
    values, kind = g.settled(), rule.operation.kind
    gx = strip(
        silently(rule.formula, values, *kept) if kind is GENERAL else rule.formula(values, *kept)
    )
    if gx is values:
        return g
    if not hasattr(gx, "shape"):  # no gradient: the sweep refuses it
        return gx
    if kind is MULTILINEAR and not all_finite(peel_all(gx)):
        gx = without_dead_products(rule, g, kept, gx)
    if last or (kind is not SHAPE and is_plain(gx) and np.count_nonzero(gx) == gx.size):
        return gx  # where no entry is zero, there is nothing to know
    return Selected(gx, dependent(rule, g, kept))


def restricted(gx: Any, live: Any) -> Any:
    """An elementwise rule's result, dead where `live` says so."""
    if gx.__class__ is not Selected:
        return Selected(gx, live, pending=True) if hasattr(gx, "shape") else gx
    finite = Selected(gx.values, Live(np.logical_and, live, gx.live), pending=True)
    if gx.steep is None:
        return finite
    return joined(finite, *[part and select(part.values, answer(live)) for part in gx.steep])


def dependent(rule: Rule, g: Selected, kept: tuple[Any, ...]) -> Any:
    """Which entries of a rule's result depend on a live entry of `g`."""
    if g.live is np.False_:
        return g.live
    rule, kept = without_guards(rule, kept)
    if rule.operation.kind is MULTILINEAR:  # factors count as ones, and are not kept any longer
        outlines = over_arrays(kept, lambda factor: Outline(factor.shape, factor.dtype))
        return marked(lambda poison: rule.formula(poison, *filled(outlines)), g)
    return marked(lambda poison: rule.formula(poison, *over_arrays(kept, finite)), g)


class Outline(NamedTuple):
    """What is left of a factor when only its place in a product matters."""

    shape: tuple[int, ...]
    dtype: Any


def filled(outlines: Any) -> Any:
    """Outlines, alone or in sequences, as arrays of ones."""
    if outlines.__class__ is Outline:
        return np.ones(*outlines)
    if outlines.__class__ is tuple or outlines.__class__ is list:
        return outlines.__class__([filled(each) for each in outlines])
    return outlines


def over_arrays(kept: Any, change: Callable[[Any], Any]) -> Any:
    """What a formula is given, with every floating array in it changed."""
    if kept.__class__ is tuple or kept.__class__ is list:
        return kept.__class__([over_arrays(each, change) for each in kept])
    return change(kept) if getattr(kept, "dtype", np.dtype(int)).kind in "fc" else kept


def finite(a: Any) -> Any:
    """`a` with zeros for infinities and NaN."""
    return np.where(np.isfinite(a), a, 0.0)


def without_dead_products(rule: Rule, g: Selected, kept: tuple[Any, ...], gx: Any) -> Any:
    """`gx` of a product's rule where a factor is not finite, less what dead entries of `g` add.

    Where a live entry meets such a factor, `gx` stays as it is; elsewhere the factor counts as 0.
    To find out where they meet, those factors are 1 at first and then 2.
    """
    rule, kept = without_guards(rule, kept)
    clean = strip(rule.formula(g.values, *over_arrays(kept, finite)))
    live = np.where(np.broadcast_to(answer(g.live), g.shape), irregular(g.shape), 0.0)
    once = strip(rule.formula(live, *over_arrays(kept, lambda a: irregular(a.shape))))
    twice = strip(rule.formula(live, *over_arrays(kept, doubled_where_infinite)))
    return np.where(once != twice, gx, clean)


def doubled_where_infinite(a: Any) -> Any:
    """The irregular numbers, twice as large where `a` is not finite."""
    return irregular(a.shape) * np.where(np.isfinite(a), 1.0, 2.0)


def irregular(shape: tuple[int, ...]) -> Any:
    """Numbers between 1 and 2 without a pattern, so that differences of them do not vanish."""
    return np.reshape(1.0 + np.arange(prod(shape)) * GOLDEN % 1.0, shape)

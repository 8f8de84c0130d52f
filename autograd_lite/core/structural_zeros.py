"""Gradients of which some entries are structurally zero: the branch not taken.

A selection (`where`, an index, a mask, `clip`, `max`) knows to which entries nothing flows back.
`Selected` carries that with the gradient, so that 0 * inf is 0 there, and only there::

    where(x > 0, sqrt(x), 0)     # at x = 0: sqrt has slope inf, and the gradient is 0
    log(x)[1:]                   # at x[0] = 0 likewise

A *numeric* zero gets no such treatment, since 0 * inf is not 0 in general (softplus, when its
exponential overflows, has slope 1).

Ordinary code is full of indices and has no infinite slope anywhere. So which entries are live is
worked out only when something that is not finite turns up, and forgotten as soon as no entry of the
gradient is zero. A gradient that is itself being differentiated gets its mask in any case: its own
derivative may meet an infinite slope where it did not.
"""

from collections.abc import Callable
from math import isfinite, prod
from typing import Any, NamedTuple

import numpy as np

from .operation import GENERAL, MULTILINEAR, SHAPE, Rule
from .trace import peel_all

GOLDEN = (5**0.5 - 1) / 2

DEEPEST = 1000  # steps that are left to be worked out later
SMALL = 1024  # entries that are looked at sooner than their liveness is noted


class Live:
    """Which entries of a gradient are not structurally zero: found out when somebody asks.

    `work` makes a boolean array that broadcasts against the gradient out of those of `sources`.
    Nothing is kept once the answer is known, and long chains are worked out on the way.
    """

    __slots__ = ("_array", "_sources", "_work", "depth")

    def __init__(self, work: Callable[..., Any], *sources: "Live") -> None:
        self._work: Callable[..., Any] | None = work
        self._sources = sources
        self._array: Any = None
        self.depth = 0
        for source in sources:
            if source.depth >= self.depth:
                self.depth = source.depth + 1
        if self.depth > DEEPEST:
            self.array()

    def array(self) -> Any:
        """The answer, as a boolean array. There is no recursion."""
        waiting = [self]
        while waiting:
            live = waiting[-1]
            unknown = [source for source in live._sources if source._work is not None]
            if unknown:
                waiting += unknown
                continue
            waiting.pop()
            if live._work is not None:
                live._array = live._work(*[source._array for source in live._sources])
                live._work, live._sources, live.depth = None, (), 0
        return self._array


class Selected:
    """A gradient `values` of which only the entries that are `live` are not structurally zero.

    `live` is a boolean array that broadcasts against `values`, or a Live that can tell. `pending`
    says that a rule has run since dead entries were last set to 0: they may be anything.
    """

    __slots__ = ("dtype", "live", "pending", "shape", "values")
    __array_ufunc__ = None  # ndarray + Selected is left to __radd__

    def __init__(self, values: Any, live: Any, pending: bool = False) -> None:
        self.values = values
        self.live: Live = live if live.__class__ is Live else Live(lambda: live)
        self.pending = pending
        self.shape: tuple[int, ...] = values.shape
        self.dtype = values.dtype

    def __add__(self, other: Any) -> Any:
        if other.__class__ is not Selected:
            return self.settled() + other
        total = self.settled() + other.settled()
        if total.size < SMALL and is_plain(total) and np.count_nonzero(total) == total.size:
            return total  # where no entry is zero, there is nothing to know
        return Selected(total, Live(np.logical_or, self.live, other.live))

    __radd__ = __add__

    def settled(self) -> Any:
        """The gradient as a plain value, with zeros at dead entries."""
        if self.pending:
            if not (is_plain(self.values) and all_finite(self.values)):
                live = self.live.array()
                if not (is_plain(live) and live.all()):
                    self.values = np.where(live, self.values, 0.0)
            self.pending = False
        return self.values

    def carried(self, move: Callable[[Any], Any]) -> "Selected":
        """The gradient moved and summed by `move`, a linear function that has no slopes."""
        return Selected(move(self.settled()), marked(move, self))

    def conjugate(self) -> "Selected":
        """The complex conjugate, as that of an array."""
        return Selected(self.values.conjugate(), self.live, self.pending)


def select(g: Any, live: Any) -> Selected:
    """The gradient `g` where the boolean array `live` is true, and structurally zero elsewhere."""
    if not is_plain(g) or g.size < SMALL:
        return Selected(np.where(live, g, 0.0), live)
    with np.errstate(invalid="ignore"):  # in a third of the time, and inf * 0 is put right later
        return Selected(g * live + 0.0, live, pending=True)


def is_plain(values: Any) -> bool:
    """Whether these are numbers to look at, and no Tensor whose own derivative is still to come."""
    return values.__class__ is np.ndarray or isinstance(values, np.generic)


def all_finite(values: Any) -> bool:
    """Whether all entries are finite: one fast pass, which says no to very large ones as well."""
    return isfinite(abs(np.vdot(values, values)))


def marked(move: Callable[[Any], Any], g: Selected) -> Live:
    """Where a linear function leads live entries: a NaN put into each of them says so."""
    shape, dtype = g.shape, g.dtype

    def work(live: Any) -> Any:
        poison = np.where(np.broadcast_to(live, shape), np.nan, 0.0).astype(dtype)
        try:
            with np.errstate(all="ignore"):
                return np.isnan(strip(move(poison)))
        except np.linalg.LinAlgError:  # no place for a NaN: nothing is known
            return np.True_

    return Live(work, g.live)


def strip(gradient: Any) -> Any:
    """The gradient as a plain value, without the knowledge of structural zeros."""
    return gradient.values if gradient.__class__ is Selected else gradient


def apply_to_selected(rule: Rule, g: Selected, kept: tuple[Any, ...], last: bool = False) -> Any:
    """Apply a rule to a gradient with structural zeros, and carry them on unless it is the `last`.

    Elementwise rules leave dead entries dead. Behind any other rule an entry is dead if it depends
    on dead entries alone.
    """
    if rule.elementwise:
        if not kept:  # no slope to be infinite
            gx = rule.formula(g.values)
            return g if gx is g.values else Selected(gx, g.live, g.pending)
        with np.errstate(all="ignore"):  # what is computed at dead entries is thrown away
            gx = rule.formula(g.values, *kept)
        if gx.__class__ is Selected:
            return Selected(gx.values, Live(np.logical_and, g.live, gx.live), pending=True)
        return Selected(gx, g.live, pending=True)
    values, kind = g.settled(), rule.operation.kind
    if kind is GENERAL:
        with np.errstate(all="ignore"):
            gx = strip(rule.formula(values, *kept))
    else:
        gx = strip(rule.formula(values, *kept))
    if gx is values:
        return g
    if kind is MULTILINEAR and not all_finite(peel_all(gx)):
        gx = without_dead_products(rule, g, kept, gx)
    if last or (kind is not SHAPE and is_plain(gx) and np.count_nonzero(gx) == gx.size):
        return gx  # where no entry is zero, there is nothing to know
    return Selected(gx, dependent(rule, g, kept))


def dependent(rule: Rule, g: Selected, kept: tuple[Any, ...]) -> Live:
    """Which entries of a rule's result depend on a live entry of `g`."""
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
    clean = strip(rule.formula(g.values, *over_arrays(kept, finite)))
    live = np.where(np.broadcast_to(g.live.array(), g.shape), irregular(g.shape), 0.0)
    once = strip(rule.formula(live, *over_arrays(kept, lambda a: irregular(a.shape))))
    twice = strip(rule.formula(live, *over_arrays(kept, doubled_where_infinite)))
    return np.where(once != twice, gx, clean)


def doubled_where_infinite(a: Any) -> Any:
    """The irregular numbers, twice as large where `a` is not finite."""
    return irregular(a.shape) * np.where(np.isfinite(a), 1.0, 2.0)


def irregular(shape: tuple[int, ...]) -> Any:
    """Numbers between 1 and 2 without a pattern, so that differences of them do not vanish."""
    return np.reshape(1.0 + np.arange(prod(shape)) * GOLDEN % 1.0, shape)

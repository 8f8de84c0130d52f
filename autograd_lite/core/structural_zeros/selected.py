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
from functools import partial
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from ..primitives import scatter
from ..trace import peel_all
from .collection import Collection, placed
from .liveness import Live, answer

new = object.__new__
TRUE = np.True_
SMALL = 1024  # entries that are looked at sooner than their liveness is noted


class Selected:
    """A gradient `values` of which only the entries that are `live` are not structurally zero.

    `live` is a boolean array that broadcasts against `values`, or a Live or a function that can
    tell. `pending` says that a rule has run since dead entries were last set to 0: they may be
    NaN. `steep` are the parts of the gradient that are infinite (see `steep`). As long as nobody
    looks at it, it may be in `parts`: a collection, or the index of what was read, to which alone
    the gradient and its liveness then belong; or none, of memory that nobody else sees.
    """

    __slots__ = ("_live", "_values", "dtype", "parts", "pending", "shape", "steep")
    __array_ufunc__ = None  # ndarray + Selected is left to __radd__

    def __init__(
        self, values: Any, live: Any, pending: bool = False, steep: "Steep | None" = None
    ) -> None:
        self._values = values
        self._live = live
        self.pending = pending
        self.steep = steep
        self.parts: tuple[Any, ...] | Collection | None = None
        self.shape: tuple[int, ...] = values.shape
        self.dtype = values.dtype

    @property
    def values(self) -> Any:
        """The gradient as a plain value; dead entries may be NaN while it is pending."""
        if self.parts is not None:
            self.unite()
        return self._values

    @property
    def live(self) -> Any:
        """Which entries are not structurally zero, or what can tell."""
        if self.parts is not None:
            self.unite()
        return self._live

    def unite(self) -> None:
        """Make one array of the parts: from now on it is seen by others, and must not change."""
        parts, self.parts = self.parts, None
        if isinstance(parts, Collection):
            self._values, self._live = parts.values, parts.liveness()
        elif parts:
            work = partial(placed, self.shape, parts)
            plain = self._live is TRUE
            self._live = partial(work, self._live) if plain else Live(work, self._live)
            self._values = scatter(self._values, parts[0], self.shape)

    def collection(self) -> Collection | None:
        """The parts as what can be added to and taken from; None if there are none."""
        parts = self.parts
        if parts.__class__ is tuple:
            if parts:
                collection = Collection(np.zeros(self.shape, self.dtype))
                self.add_to(collection)
            else:
                collection = Collection(self._values, unknown=self._live)
            self.parts = collection
        return self.parts  # type: ignore[return-value]  # no tuple any more

    def __add__(self, other: Any) -> Any:
        if self.parts is not None:
            return self.joined_by(other)
        if other.__class__ is not Selected:
            return self.settled() + other if self.steep is None else add_parts(self, other)
        if other.parts is not None:
            return other.joined_by(self)
        if self.steep is not None or other.steep is not None:
            return add_parts(self, other)
        total = self.settled() + other.settled()
        if total.size < SMALL and is_plain(total) and np.count_nonzero(total) == total.size:
            return total  # where no entry is zero, there is nothing to know
        return Selected(total, Live(np.logical_or, self.live, other.live))

    __radd__ = __add__

    def joined_by(self, other: Any) -> Any:
        """A gradient in parts, to which another one has been added in place where possible."""
        selected = other.__class__ is Selected
        if not is_plain(other._values if selected else other) or (selected and other.steep):
            self.unite()
            return self + other
        if selected:
            other.add_to(self.collection())
        elif isinstance(self.parts, Collection):
            self.parts.add_whole(other, TRUE)
        else:
            total = Collection(np.array(other), live=True)
            self.add_to(total)
            self.parts = total
        return self

    def add_to(self, collection: Any) -> None:
        """Add this gradient to what has been collected."""
        if isinstance(self.parts, Collection):
            collection.add_collection(self.parts)
        elif self.parts:
            collection.add_entries(self.parts[0], self._values, self._live)
        else:
            collection.add_whole(self.settled(), self.live)

    def settled(self) -> Any:
        """The finite part as a plain value, with zeros at dead entries."""
        if self.pending:
            if not (is_plain(self.values) and all_finite(self.values)):
                live = answer(self.live)
                if not (is_plain(live) and live.all()):
                    self._values = np.where(live, self.values, 0.0)
            self.pending = False
        return self.values

    def total(self) -> Any:
        """The gradient as a plain value: what a leaf collects."""
        values = self.settled()
        for part, factor in zip(self.steep or (), (1.0, 0.0), strict=False):
            if part is not None:
                share = part.settled()
                there = share != 0  # divided by 0, so that NumPy may warn of it
                quotient = np.where(there, share, 1.0) * factor / np.where(there, 0.0, 1.0)
                values = np.where(there, quotient.astype(self.dtype), values)
        return values

    def changed(self, change: Callable[[Any], Any]) -> "Selected":
        """The gradient with all its values changed by `change`, entry by entry."""
        steep = None
        if self.steep is not None:
            steep = Steep(*[part and part.changed(change) for part in self.steep])
        return Selected(change(self.values), self.live, self.pending, steep)

    def carried(self, move: Callable[[Any], Any]) -> Any:
        """The gradient moved and summed by `move`, a linear function that has no slopes."""
        if self.steep is not None:
            parts = (self.without_steep(), *self.steep)
            return joined(*[part and part.carried(move) for part in parts])
        return Selected(move(self.settled()), marked(move, self))

    def without_steep(self) -> "Selected":
        """The finite part of the gradient."""
        return Selected(self.values, self.live, self.pending)

    def conjugate(self) -> "Selected":
        """The complex conjugate, as that of an array."""
        return self.changed(lambda values: values.conjugate())


class Steep(NamedTuple):
    """The parts of a gradient that have come by an infinite slope.

    `infinite` is a multiple of infinity. In `unknown` everything that is not zero is NaN: an
    infinite slope was met by a gradient of 0.
    """

    infinite: Selected | None
    unknown: Selected | None


def steep(finite: Any, share: Any, kink: Any, base: Any) -> Selected:
    """A gradient that is `share` times infinity at `kink`, where `base` is 0; `finite` elsewhere.

    It is for functions that have an infinite slope where they take their *least* value, as the
    square root does at 0. Wherever sqrt(q) is 0 it is at a minimum, so that in directions in which
    q does not move to first order 0 is a subgradient: q's gradient of 0 times infinity is 0 there,
    and sqrt(sum(x**2)) at 0 has the gradient 0 that norms have. In directions in which q moves it
    is infinite, as it should be. At other infinities (log, a quotient, an overflow) 0 times
    infinity stays NaN. A second derivative takes what is 0 in this way as constant; where the
    first is infinite, a root of `base` sees to it that the second is as well.
    """
    moves = share != 0
    edge = 1.0 - np.cbrt(base)
    return Selected(
        np.where(kink, 0.0, finite),
        np.logical_not(kink),
        steep=Steep(
            select(share * edge, np.logical_and(kink, moves)),
            select(np.ones_like(share) * edge, np.logical_and(kink, np.logical_not(moves))),
        ),
    )


def joined(finite: Any, infinite: Any, unknown: Any) -> Any:
    """One gradient of its parts; behind a second infinite slope a part may have got its own."""
    parts = [split(part) for part in (finite, infinite, unknown)]
    infinite = plus(parts[0][1], plus(parts[1][0], parts[1][1]))
    unknown = plus(plus(parts[0][2], parts[1][2]), plus(parts[2][0], parts[2][1]))
    found = Steep(nonzero(infinite), nonzero(unknown))
    plain = parts[0][0]
    if found.infinite is None and found.unknown is None:
        return plain
    if plain.__class__ is Selected:
        return Selected(plain.values, plain.live, plain.pending, found)
    return Selected(plain, np.True_, steep=found)


def split(part: Any) -> tuple[Any, Any, Any]:
    """The finite, infinite and unknown parts of a gradient, or None for what it has not."""
    if part.__class__ is not Selected or part.steep is None:
        return part, None, None
    return part.without_steep(), *part.steep


def plus(one: Any, other: Any) -> Any:
    """The sum of two gradients, of which None is nothing."""
    if one is None or other is None:
        return other if one is None else one
    return one + other


def nonzero(part: Any) -> Any:
    """The part as Selected, or None if it is zero: from then on it adds nothing."""
    if part is None:
        return None
    part = part if part.__class__ is Selected else Selected(part, np.True_)
    return part if np.any(peel_all(part.settled())) else None


def add_parts(one: Selected, other: Any) -> Any:
    """The sum of two gradients, part by part."""
    pairs = zip(split(one), split(other), strict=True)
    return joined(*[plus(mine, yours) for mine, yours in pairs])


def select(g: Any, live: Any) -> Selected:
    """The gradient `g` where the boolean array `live` is true, and structurally zero elsewhere."""
    if not is_plain(g) or g.size < SMALL:
        return Selected(np.where(live, g, 0.0), live)
    with np.errstate(invalid="ignore"):  # in a third of the time, and inf * 0 is put right later
        return Selected(g * live + 0.0, live, pending=True)


def entries(values: Any, live: Any, index: Any, shape: tuple[int, ...]) -> Selected:
    """The gradient of an array of `shape`, of which `index` was read: kept as `values` only."""
    gradient = new(Selected)
    gradient._values = values
    gradient._live = live
    gradient.pending = False
    gradient.steep = None
    gradient.parts = (index,)
    gradient.shape = shape
    gradient.dtype = values.dtype
    return gradient


def unshared(values: Any, live: Any) -> Selected:
    """A gradient in memory that nobody else sees, to which others may be added in place."""
    gradient = Selected(values, live)
    gradient.parts = ()
    return gradient


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

"""One gradient under audit: what was derived by hand beside what it should be."""

from typing import Any, NamedTuple

import numpy as np

from .opinions import Opinion, tolerance
from .problems import Problem


class Diagnosis(NamedTuple):
    """Why a gradient is wrong: one of the kinds that `audit` lists, in words, with the numbers."""

    kind: str
    text: str
    evidence: dict[str, Any]


class Case(NamedTuple):
    """The gradient of one parameter, as the user's code gave it, and the opinion on it."""

    problem: Problem
    name: str
    position: int
    given: Any  # as it was returned; None if there was none
    opinion: Opinion

    @property
    def parameter(self) -> Any:
        """The array that is differentiated."""
        return self.problem.arrays[self.position]

    @property
    def truth(self) -> Any:
        """The right gradient."""
        return self.opinion.value

    @property
    def manual(self) -> Any:
        """The gradient derived by hand as a float64 array, or None if it is no array of numbers."""
        try:
            array = np.asarray(self.given)
        except (ValueError, TypeError):
            return None
        if self.given is None or array.dtype.kind not in "fiubc":
            return None
        return array.astype(np.float64) if array.dtype.kind != "c" else array

    @property
    def allowed(self) -> Any:
        """How far an entry may be off."""
        own = getattr(np.asarray(self.given), "dtype", np.dtype(float))
        if own.kind == "f" and own.itemsize < np.dtype(self.truth.dtype).itemsize:
            scale = np.max(np.abs(self.truth), initial=0.0)
            return np.maximum(self.opinion.allowed, tolerance(own) * scale)
        return self.opinion.allowed

    @property
    def is_right(self) -> bool:
        """Whether the gradient has the right shape, precision and numbers."""
        return self.has_shape and not self.is_narrow and bool(np.all(self.right_entries))

    @property
    def is_narrow(self) -> bool:
        """Whether the gradient has fewer digits than its parameter."""
        own = np.asarray(self.given).dtype
        return own.kind == "f" and own.itemsize < self.parameter.dtype.itemsize

    @property
    def is_wrong(self) -> bool:
        """Whether the gradient is known not to be right."""
        return self.truth is not None and not self.is_right

    @property
    def has_shape(self) -> bool:
        """Whether the gradient is an array of the parameter's shape."""
        shape = getattr(self.given, "shape", self.parameter.shape)  # a huge one is not copied
        if shape != self.parameter.shape:
            return False
        return self.manual is not None and self.manual.shape == self.parameter.shape

    @property
    def right_entries(self) -> Any:
        """Which entries are right; those at kinks count as such."""
        right = np.abs(self.manual - self.truth) <= self.allowed
        same = self.manual == self.truth  # infinities
        return right | same | (False if self.opinion.kinks is None else self.opinion.kinks)

    def explained_by(self, candidate: Any) -> bool:
        """Whether the gradient is the candidate, which is not the right one."""
        manual = self.manual
        if manual is None or candidate is None or np.shape(candidate) != manual.shape:
            return False
        if not np.all(np.isfinite(candidate)):
            return False
        return close(manual, candidate, self.allowed)


def same(one: Any, other: Any) -> bool:
    """Whether two gradients have the same shape and numbers."""
    if one is None or other is None:
        return one is other
    if np.shape(one) != np.shape(other):
        return False
    return np.array_equal(one, other) or bool(
        np.allclose(one, other, rtol=1e-9, atol=0, equal_nan=True)
    )


def close(one: Any, other: Any, allowed: Any) -> bool:
    """Whether two arrays differ by rounding only, on the scale of the second."""
    scale = np.max(np.abs(other), initial=0.0)
    slack = np.max(allowed, initial=0.0, where=np.isfinite(allowed)) + 1e-7 * scale
    return bool(np.all(np.abs(one - other) <= slack))

"""Derivatives of the discrete Fourier transforms of `np.fft`.

Every transform is linear. The matrix of `fft` and `ifft` is symmetric, so each is its own
transpose. `rfft` keeps only one of each pair of conjugate entries, `irfft` puts the other back:
in their derivatives the entries that stand for two are halved, or doubled.

Formulas for complex results get the conjugate of the gradient and are conjugated by the engine;
those for real results (`irfft`, `irfftn`) give the gradient itself.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from ..core.operation import LINEAR, SHAPE, declare
from ..core.trace import compose

Points = tuple[int, int | None]  # an axis, and how many points its transform is told to have
Order = Iterable[Points]
OTHER_NORM: dict[Any, Any] = {
    None: "forward", "backward": "forward", "forward": "backward", "ortho": "ortho"
}  # fmt: skip


def with_length(g: Any, length: int, axis: int) -> Any:
    """The first entries along an axis, or zeros after them: what was cut or filled on the way.

    >>> with_length(np.array([1.0, 2.0]), 3, 0), with_length(np.array([1.0, 2.0]), 1, 0)
    (array([1., 2., 0.]), array([1.]))
    """
    missing = length - g.shape[axis]
    if missing > 0:
        zeros = np.zeros((*g.shape[:axis], missing, *g.shape[axis + 1 :]), g.dtype)
        return np.concatenate([g, zeros], axis=axis)
    return g[(slice(None),) * axis + (slice(length),)] if missing else g


def represented(g: Any, n: int, axis: int) -> Any:
    """How many of n entries each entry of a halved transform stands for: two but at the ends.

    >>> represented(np.zeros((3, 2)), 4, 0).tolist()
    [[1.0], [2.0], [1.0]]
    """
    counts = np.full(n // 2 + 1, 2.0, np.finfo(g.dtype).dtype)
    counts[0] = 1.0
    if n % 2 == 0:
        counts[-1] = 1.0
    return counts.reshape((-1,) + (1,) * (g.ndim - 1 - axis))


# One axis


def one_axis(rule: Any) -> Any:
    """A formula from a rule that is given the axis from 0 and the number of points."""

    def formula(g: Any, a_shape: Any, n: int | None, axis: int, norm: Any) -> Any:
        axis %= len(a_shape)
        return rule(g, Step(axis, a_shape[axis], a_shape[axis] if n is None else n), norm)

    return formula


class Step(NamedTuple):
    """The transform of one axis: how long that was before, and of how many points it is."""

    axis: int
    length: int
    points: int


def fft_rule(g: Any, step: Step, norm: Any) -> Any:
    """The transpose of fft."""
    return with_length(np.fft.fft(g, None, step.axis, norm), step.length, step.axis)


def ifft_rule(g: Any, step: Step, norm: Any) -> Any:
    """The transpose of ifft."""
    return with_length(np.fft.ifft(g, None, step.axis, norm), step.length, step.axis)


def rfft_rule(g: Any, step: Step, norm: Any) -> Any:
    """The real part of the transpose of fft, from half of the entries."""
    axis, length, n = step
    return with_length(np.fft.hfft(g / represented(g, n, axis), n, axis, norm), length, axis)


def irfft_rule(g: Any, a_shape: Any, axis: int, norm: Any) -> Any:
    """The entries of a half of fft, those that stand for two entries doubled."""
    axis, n = axis % len(a_shape), g.shape[axis]
    half = np.fft.rfft(g, None, axis, OTHER_NORM[norm])
    return with_length(half * represented(g, n, axis), a_shape[axis], axis)


LENGTHS = ("a=(3,)", "a=(n, 4), n=3", "a=(2, m), n=5, axis=0, norm='ortho'")
ENDS = ("a=(n, 1), n=1, norm='forward'", "a=(4, n), n=4, axis=-2, norm='backward'")
ONE_AXIS = LENGTHS + ENDS


def of_complex(*cases: str) -> tuple[str, ...]:
    """Cases with complex operands."""
    return tuple("complex: " + case for case in cases)


declare(np.fft.fft, kind=LINEAR, cases=ONE_AXIS + of_complex(*LENGTHS), a=one_axis(fft_rule))
declare(np.fft.ifft, kind=LINEAR, cases=ONE_AXIS + of_complex(*LENGTHS), a=one_axis(ifft_rule))
declare(np.fft.rfft, kind=LINEAR, cases=ONE_AXIS, a=one_axis(rfft_rule))
declare(
    np.fft.irfft,
    kind=LINEAR,
    complex_operands=True,
    cases=ONE_AXIS + of_complex(*ONE_AXIS),
    a=irfft_rule,
)


def other_norm(norm: Any) -> Any:
    """The norm with which the inverse transform is the transpose."""
    if norm not in OTHER_NORM:
        raise ValueError(f"Invalid norm value {norm}; should be backward, ortho or forward.")
    return OTHER_NORM[norm]


def hfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """np.fft.hfft by irfft, as NumPy has it."""
    return np.fft.irfft(np.conjugate(a), n, axis, other_norm(norm), out)


def ihfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """np.fft.ihfft by rfft, as NumPy has it."""
    return np.conjugate(np.fft.rfft(a, n, axis, other_norm(norm), out))


compose(
    np.fft.hfft,
    hfft,
    operands=("a",),
    cases=LENGTHS + of_complex(*ONE_AXIS),
)
compose(
    np.fft.ihfft,
    ihfft,
    operands=("a",),
    cases=ONE_AXIS,
)


# Several axes, which may be repeated: back through the transforms of one axis each


def told(shape: Any, s: Any, axes: Any) -> list[Points]:
    """The axis and the number of points of each transform, as NumPy reads `s` and `axes`."""
    if axes is None:
        axes = range(-len(shape if s is None else s), 0)
    numbers = [shape[axis] for axis in axes] if s is None else s
    pairs = zip(axes, numbers, strict=True)
    return [(axis % len(shape), shape[axis] if n == -1 else n) for axis, n in pairs]


def follow(shape: Any, order: Order) -> list[Step]:
    """The steps of transforms that are done in this order."""
    lengths, steps = list(shape), []
    for axis, n in order:
        steps.append(Step(axis, lengths[axis], lengths[axis] if n is None else n))
        lengths[axis] = steps[-1].points
    return steps


def fftn_rule(g: Any, a_shape: Any, s: Any, axes: Any, norm: Any) -> Any:
    """Back through fft along each axis; NumPy begins with the last one."""
    for step in reversed(follow(a_shape, reversed(told(a_shape, s, axes)))):
        g = fft_rule(g, step, norm)
    return g


def ifftn_rule(g: Any, a_shape: Any, s: Any, axes: Any, norm: Any) -> Any:
    """Back through ifft along each axis; NumPy begins with the last one."""
    for step in reversed(follow(a_shape, reversed(told(a_shape, s, axes)))):
        g = ifft_rule(g, step, norm)
    return g


def rfftn_rule(g: Any, a_shape: Any, s: Any, axes: Any, norm: Any) -> Any:
    """Back through fft along all axes but the last one, then through rfft."""
    *others, last = told(a_shape, s, axes)
    (first,) = follow(a_shape, [last])
    halved = [*a_shape]
    halved[first.axis] = first.points // 2 + 1
    for step in reversed(follow(halved, reversed(others))):
        g = fft_rule(g, step, norm)
    return rfft_rule(g, first, norm)


def irfftn_rule(g: Any, a_shape: Any, s: Any, axes: Any, norm: Any) -> Any:
    """Back through irfft along the last axis, then through ifft, whose adjoint is an fft."""
    *others, (last, _) = told(a_shape, s, axes)
    steps = follow(a_shape, others)
    shape = [*a_shape]
    for step in steps:
        shape[step.axis] = step.points
    g = irfft_rule(g, shape, last, norm)
    for step in reversed(steps):
        g = fft_rule(g, step, OTHER_NORM[norm])
    return g


TWO_AXES = (
    "a=(n, 3)",
    "a=(3, 2, m), s=(2, 3), axes=(0, -2), norm='ortho'",
    "a=(4, 3), s=(-1, 4), axes=(1, 0), norm='forward'",
)
REPEATED = ("a=(3, 2), s=(2, 5, 6), axes=(0, 1, 0)", "a=(2, 3), s=(2, -1, 5), axes=(1, 1, 0)")
HALVED = (REPEATED[0], "numpy 2.1: " + REPEATED[1])  # NumPy 2.0 begins with the first axis
ANY_AXES = ("a=(2, 3, 4)", "a=(n, 4), axes=(1,)", "a=(3, 4), s=(3, 3), axes=(-2, -1)")
BOTH = TWO_AXES + REPEATED + of_complex(TWO_AXES[1], REPEATED[0])
declare(np.fft.fft2, kind=LINEAR, cases=BOTH, a=fftn_rule)
declare(np.fft.fftn, kind=LINEAR, cases=BOTH + ANY_AXES, a=fftn_rule)
declare(np.fft.ifft2, kind=LINEAR, cases=BOTH, a=ifftn_rule)
declare(np.fft.ifftn, kind=LINEAR, cases=BOTH + ANY_AXES, a=ifftn_rule)
declare(np.fft.rfft2, kind=LINEAR, cases=TWO_AXES + HALVED, a=rfftn_rule)
declare(np.fft.rfftn, kind=LINEAR, cases=TWO_AXES + HALVED + ANY_AXES, a=rfftn_rule)
for inverse in (np.fft.irfft2, np.fft.irfftn):
    cases = TWO_AXES + REPEATED + ANY_AXES + of_complex(*TWO_AXES, *REPEATED)
    declare(inverse, kind=LINEAR, complex_operands=True, cases=cases, a=irfftn_rule)

SHIFTS = ("x=(3, 4)", "x=(n, 5), axes=-1", "x=(n, 3, m), axes=(1, 0)", "complex: x=(5,)")
declare(
    np.fft.fftshift,
    kind=SHAPE,
    cases=SHIFTS,
    x=lambda g, axes: np.fft.ifftshift(g, axes),
)
declare(
    np.fft.ifftshift,
    kind=SHAPE,
    cases=SHIFTS,
    x=lambda g, axes: np.fft.fftshift(g, axes),
)

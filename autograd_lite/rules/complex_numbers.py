"""Derivatives of the functions that make complex numbers real, or mirror them.

The gradient of a real loss L with respect to z = x + iy is dL/dx + i dL/dy (as in PyTorch): a
step against it descends. Formulas of holomorphic functions stand elsewhere, written as for real
numbers; the engine takes the conjugates. What is here is not holomorphic.
"""

from typing import Any

import numpy as np

from ..core.operation import ELEMENTWISE, POSITIVE, declare
from ..core.trace import HANDLERS, compose, newest, peel_all, without_gradient

OF_BOTH = ("{}=(n, m)", "complex: {}=(n, m)", "complex: {}=()")


def cases(operand: str) -> tuple[str, ...]:
    """Calls with real and with complex numbers."""
    return tuple(case.format(operand) for case in OF_BOTH)


declare(
    np.conjugate,
    kind=ELEMENTWISE,
    complex_operands=True,
    cases=cases("x"),
    x=lambda g: np.conjugate(g),
)
declare(np.real, kind=ELEMENTWISE, complex_operands=True, cases=cases("val"), val=lambda g: g)
declare(
    np.imag,
    kind=ELEMENTWISE,
    complex_operands=True,
    cases=cases("val"),
    val=lambda g: g * 1j,  # the engine takes its real part where the operand is real
)


def angle(z: Any, deg: bool = False) -> Any:
    """np.angle by arctan2: its gradient at 0 is 0."""
    radians = np.arctan2(np.imag(z), np.real(z))
    return radians * (180 / np.pi) if deg else radians


compose(
    np.angle,
    angle,
    operands=("z",),
    cases=(*cases("z"), "complex: z=(n,), deg=True"),
    domain=POSITIVE,  # it jumps at negative real numbers
)


def real_if_close(a: Any, tol: float = 100) -> Any:
    """np.real_if_close: NumPy itself looks at the values."""
    stays = np.isrealobj(a) or np.iscomplexobj(np.real_if_close(peel_all(a), tol))
    return a if stays else np.real(a)


compose(np.real_if_close, real_if_close, operands=("a",), cases=cases("a"))


def sign(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """np.sign, which is constant on either side of 0, and of complex numbers z / |z|."""
    z = args[0]
    if kwargs or newest(args) is None or not np.iscomplexobj(z):
        return without_gradient(function, args, kwargs)
    length: Any = np.absolute(z)
    return z / np.where(length == 0, 1.0, length)


HANDLERS[np.sign] = sign
for function in (np.iscomplex, np.isreal):
    HANDLERS[function] = without_gradient

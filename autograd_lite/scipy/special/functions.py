"""SciPy's special functions themselves, as `sp`, which rules call: `sp.erf(x)`.

With `SCIPY_ARRAY_API=1` in the environment the public ones look for an array's namespace first;
here are the ufuncs underneath, which ask Tensors by NumPy's own protocol.
"""

import inspect
from types import SimpleNamespace
from typing import Any

from scipy import special

from ...core.formulas import Formula
from ...core.operation import ELEMENTWISE, REAL, Domain, declare

INSIDE = 1.0  # stands in for what a branch that is not taken could not compute

sp = SimpleNamespace(**{name: inspect.unwrap(getattr(special, name)) for name in special.__all__})


def unary(name: str, x: Formula, domain: Domain = REAL, complex_operands: Any = None) -> None:
    """Declare an elementwise function of one operand, if this version of SciPy has it."""
    if hasattr(sp, name):
        declare(
            getattr(sp, name),
            kind=ELEMENTWISE,
            domain=domain,
            complex_operands=complex_operands,
            x=x,
        )


def binary(
    name: str, a: Formula, b: Formula, domain: Domain = REAL, cases: tuple[str, ...] = ()
) -> None:
    """Declare an elementwise function of two real operands, `a` and `b`."""
    declare(
        getattr(sp, name),
        kind=ELEMENTWISE,
        domain=domain,
        cases=cases,
        complex_operands=False,
        a=a,
        b=b,
    )


def with_order(
    name: str, x: Formula, domain: Domain, cases: tuple[str, ...], complex_operands: Any = None
) -> None:
    """Declare a function of an order `n`, in which it is not differentiated, and of `x`."""
    declare(
        getattr(sp, name),
        kind=ELEMENTWISE,
        domain=domain,
        cases=cases,
        signature="n, x",
        complex_operands=complex_operands,
        x=x,
    )

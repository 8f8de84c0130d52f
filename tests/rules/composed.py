"""Cases for functions that have no declaration of their own: they are composed of others."""

from typing import Any

import numpy as np

from autograd_lite.core.operation import REAL, UNTIED, Domain, Signature

from .cases import Subject

VERSION = tuple(int(part) for part in np.__version__.split(".")[:2])
# NumPy 2.0 has neither.
NEWER_CLIP = ("a=(n, m), min=(m,), max=(k, 1, 1)", "a=(n, m), max=0.3") if VERSION > (2, 0) else ()
NEWER_PAD = ("array=(n, m), pad_width={-1: (1, 2)}",) if VERSION > (2, 0) else ()
TUP, ARY = ("tup",), ("ary",)
PARTS = "indices_or_sections"
FRACTIONS = Domain(avoid=(-2.0, -1.0, 0.0, 1.0, 2.0))
QUOTIENTS = Domain(0.6, 0.9, ties=True)  # a whole quotient is a jump


def composed(
    function: Any, operands: tuple[str, ...], *cases: str, domain: Domain = REAL
) -> Subject:
    """A composed function as a subject of the same tests as the declared ones."""
    if isinstance(function, np.ufunc):
        return Subject(function, operands, cases, ", ".join(operands), domain)
    return Subject(function, operands, cases, Signature(function, None).text, domain)


COMPOSED = (
    composed(np.divmod, ("a", "b"), domain=QUOTIENTS),
    composed(np.modf, ("x",), domain=FRACTIONS),
    composed(
        np.average,
        ("a", "weights"),
        "a=(n, m)",
        "a=(n, m), axis=0",
        "a=(n, m, k), axis=(0, -1), keepdims=True",
        "a=(n, m), weights=(n, m)",
        "a=(n, m), axis=1, weights=(m,)",
        "a=(n, m, k), axis=(2, 0), weights=(k, n)",
        "a=(n, m), axis=-1, weights=(m,), returned=True",
        "a=(n, m), returned=True",
        domain=Domain(low=0.0),  # weights that nearly cancel make any average ill-conditioned
    ),
    composed(
        np.pad,
        ("array",),
        "array=(n, m), pad_width=1",
        "array=(n, m), pad_width=((0, 2), (1, 0))",
        *NEWER_PAD,
        "array=(n, m), pad_width=(1, 2), mode='constant', constant_values=3",
        "array=(n, m), pad_width=2, constant_values=((1.5, 2.0), (0.0, -1.0))",
        "array=(n, m), pad_width=3, mode='edge'",
        "array=(n, m), pad_width=((2, 1), (0, 5)), mode='reflect'",
        "array=(n, m), pad_width=2, mode='symmetric'",
        "array=(n,), pad_width=(4, 1), mode='wrap'",
    ),
    composed(
        np.clip,
        ("a", "a_min", "a_max", "min", "max"),
        "a=(n, m), a_min=-0.5, a_max=1.5",
        "a=(n, m), a_min=(m,), a_max=(n, 1)",
        "a=(n, m), a_min=None, a_max=(n, 1)",
        *NEWER_CLIP,
        domain=UNTIED,
    ),
    composed(np.vstack, TUP, "tup=[(n, m), (k, m)]", "tup=[(m,), (m,), (n, m)]", "tup=[(), ()]"),
    composed(np.dstack, TUP, "tup=[(n, m), (n, m)]", "tup=[(n,), (n,)]", "tup=[(n, m, k), (n, m)]"),
    composed(np.column_stack, TUP, "tup=[(n,), (n, m)]", "tup=[(n,), (n,), (n,)]", "tup=[(), ()]"),
    composed(
        np.split,
        ARY,
        f"ary=(4, n), {PARTS}=2",
        f"ary=(n, 4), {PARTS}=[1, 3], axis=-1",
        f"ary=(n, 4), {PARTS}=(3, 1, 9), axis=1",
        f"ary=(4, n), {PARTS}=[-1]",
    ),
    composed(
        np.array_split,
        ARY,
        f"ary=(n, m), {PARTS}=3",
        f"ary=(n, m), {PARTS}=2, axis=1",
        f"ary=(n, m), {PARTS}=[2, 2], axis=-1",
    ),
    composed(np.hsplit, ARY, f"ary=(n, 4), {PARTS}=2", f"ary=(4,), {PARTS}=[1]"),
    composed(np.vsplit, ARY, f"ary=(4, n), {PARTS}=2", f"ary=(n, m), {PARTS}=[1]"),
    composed(np.dsplit, ARY, f"ary=(n, m, 4), {PARTS}=2"),
    composed(np.atleast_1d, ("arys",), "arys=[()]", "arys=[(n, m)]", "arys=[(), (n,), (n, m)]"),
    composed(np.atleast_2d, ("arys",), "arys=[()]", "arys=[(n,)]", "arys=[(), (n,), (n, m, k)]"),
    composed(np.atleast_3d, ("arys",), "arys=[()]", "arys=[(n, m)]", "arys=[(), (n,), (n, m, k)]"),
)

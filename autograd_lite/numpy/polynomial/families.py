"""The public names of a family of series: NumPy's own, in place of which ours take Tensors."""

from collections.abc import Callable
from functools import partial, wraps
from types import ModuleType
from typing import Any

from ...rules.series import PREFIXES, numpys
from . import arithmetic, evaluation, polyutils
from .classes import on_tensors
from .polyutils import instead_of

NAMES: dict[str, Callable[..., Any]] = {
    "2poly": arithmetic.to_poly, "add": arithmetic.add, "companion": arithmetic.companion_matrix,
    "div": arithmetic.div, "fromroots": arithmetic.fromroots, "line": arithmetic.line,
    "mul": arithmetic.mul, "mulx": arithmetic.mulx, "poly2": arithmetic.poly2,
    "pow": arithmetic.to_power, "roots": arithmetic.roots, "sub": arithmetic.sub,
    "der": evaluation.der, "fit": evaluation.fit, "grid2d": evaluation.grid2d,
    "grid3d": evaluation.grid3d, "int": evaluation.antiderivative, "val": evaluation.val,
    "val2d": evaluation.val2d, "val3d": evaluation.val3d,
    "valfromroots": evaluation.valfromroots, "valnd": evaluation.valnd,
    "vander": evaluation.vander, "vander2d": evaluation.vander2d, "vander3d": evaluation.vander3d,
}  # fmt: skip


def names(module: ModuleType) -> dict[str, Any]:
    """Every public name of one of NumPy's modules, with what takes its place."""
    family = module.__name__.rpartition(".")[2]
    found = {name: getattr(module, name) for name in module.__all__}
    for name, implementation in NAMES.items():
        function = numpys(family, name) if has(module, family, name) else None
        if function is not None:
            found[function.__name__] = instead_of(function)(partial(implementation, family))
    found[f"{PREFIXES[family]}trim"] = polyutils.trimcoef
    if family == "chebyshev":
        interpolate = partial(evaluation.interpolate, family)
        found["chebinterpolate"] = wraps(numpys(family, "interpolate"))(interpolate)
    for name, value in found.items():
        if isinstance(value, type):
            found[name] = on_tensors(value, found)
    return {**found, "__all__": list(module.__all__)}


def has(module: ModuleType, family: str, name: str) -> bool:
    """Whether a family has a function: only Chebyshev's has cheb2poly."""
    prefix = PREFIXES[family]
    return hasattr(module, f"poly2{prefix}" if name == "poly2" else prefix + name)

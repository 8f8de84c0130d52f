"""NumPy's namespace, as `autograd.numpy` offers it: `import autograd_lite.compat.autograd.numpy`.

NumPy's own functions know what is differentiated. Those here also take lists of it, and what they
make of plain numbers is plain arrays: nothing is assigned to in programs for autograd.
"""

from importlib import import_module
from typing import Any

import numpy as np

from .... import numpy as namespace
from .numpy_wrapper import EXTRAS, JOINING, concatenating, first_plain, of_iterables

__all__ = list(np.__all__)
OWN: dict[str, Any] = {
    **EXTRAS,
    "c_": concatenating(np.c_, namespace.OWN["c_"]),
    "r_": concatenating(np.r_, namespace.OWN["r_"]),
}
globals().update(OWN)


def __getattr__(name: str) -> Any:
    if name in SUBMODULES:
        return import_module(f"{__name__}.{name}")
    value = getattr(np, name)
    makes_arrays = name in namespace.OWN and not isinstance(value, type)
    if makes_arrays or hasattr(value, "_implementation"):
        value = first_plain(value, getattr(namespace, name))
    if name in JOINING:
        value = of_iterables(value)
    globals()[name] = value  # looked up once
    return value


def __dir__() -> list[str]:
    return __all__


SUBMODULES = ("fft", "linalg", "numpy_boxes", "numpy_vjps", "numpy_vspaces", "random")

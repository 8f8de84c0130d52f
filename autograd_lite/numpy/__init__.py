"""NumPy's namespace for code that assigns: `import autograd_lite.numpy as np`.

Every public name of NumPy is here. Most are NumPy's own, which know Tensors by themselves.
What is different are the functions that make arrays: those of real or complex numbers are constant
Tensors here, to which Tensors can be assigned. All but ufuncs also take lists of Tensors.

>>> import autograd_lite as ag
>>> import autograd_lite.numpy as np
>>> def running_squares(x):
...     result = np.zeros(len(x))
...     for n in range(1, len(x)):
...         result[n] = result[n - 1] + x[n] ** 2
...     return result.sum()
>>> ag.grad(running_squares)(np.array([1.0, 2.0, 3.0]))
array([0., 8., 6.])
"""

from importlib import import_module
from typing import Any

import numpy as np

from .creation import MAKERS
from .grids import c_, mgrid, r_
from .iteration import ndenumerate, nditer
from .lists import OF_VALUES, of_lists

__all__ = list(np.__all__)
OWN: dict[str, Any] = {
    **MAKERS, **OF_VALUES, "c_": c_, "mgrid": mgrid, "ndenumerate": ndenumerate, "nditer": nditer,
    "r_": r_,
}  # fmt: skip
globals().update(OWN)


def __getattr__(name: str) -> Any:
    if name in SUBMODULES:
        return import_module(f"{__name__}.{name}")
    value = getattr(np, name)
    if hasattr(value, "_implementation"):  # a function that asks its operands who is to compute
        value = of_lists(value)
    globals()[name] = value  # looked up once
    return value


def __dir__() -> list[str]:
    return __all__


SUBMODULES = (
    "fft",
    "lib",
    "linalg",
    "polynomial",
    "random",
    "testing",
)  # loaded when they are asked for, as NumPy's own

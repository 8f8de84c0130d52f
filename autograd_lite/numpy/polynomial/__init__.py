"""`numpy.polynomial` on Tensors: series of powers, Chebyshev, Legendre, Hermite and Laguerre.

NumPy's functions of these names do not ask whether an argument is a Tensor. They refuse one, save
where `x` alone is: `np.polynomial.polynomial.polyval(t, c)` is recorded, but takes `c` of several
axes as with `tensor=False`. The functions here take Tensors everywhere; their values are NumPy's.

>>> import numpy as np
>>> import autograd_lite as ag
>>> from autograd_lite.numpy.polynomial import Chebyshev, chebyshev
>>> c = np.array([1.0, 2.0, 3.0])
>>> ag.grad(lambda c: chebyshev.chebval(0.5, c))(c)
array([ 1. ,  0.5, -0.5])
>>> ag.grad(lambda c: Chebyshev(c).deriv()(0.5))(c)
array([0., 1., 2.])
"""

from typing import Any

from numpy.polynomial import set_default_printstyle

from . import chebyshev, hermite, hermite_e, laguerre, legendre, polynomial, polyutils

CLASSES: dict[str, Any] = {
    "Polynomial": polynomial, "Chebyshev": chebyshev, "Legendre": legendre, "Hermite": hermite,
    "HermiteE": hermite_e, "Laguerre": laguerre,
}  # fmt: skip
globals().update({name: getattr(module, name) for name, module in CLASSES.items()})

__all__ = [
    "Chebyshev", "Hermite", "HermiteE", "Laguerre", "Legendre", "Polynomial", "chebyshev",
    "hermite", "hermite_e", "laguerre", "legendre", "polynomial", "polyutils",
    "set_default_printstyle",
]  # fmt: skip

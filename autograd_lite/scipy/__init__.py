"""SciPy on Tensors: `autograd_lite.scipy.special`; `pip install autograd_lite[scipy]`.

Importing this package, which `import autograd_lite` does not, declares the derivatives of SciPy's
special functions. From then on `scipy.special.erf(tensor)` works as well.
"""

from . import special as special

__all__ = ["special"]

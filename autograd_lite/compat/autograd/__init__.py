"""The names of HIPS autograd, over this engine: change the imports, and keep the program.

    import autograd_lite.compat.autograd.numpy as np         # was: import autograd.numpy as np
    from autograd_lite.compat.autograd import grad           # was: from autograd import grad

Programs that cannot be changed, as packages that import autograd themselves, find it after
`autograd_lite.compat.autograd.install()`.

>>> from autograd_lite.compat.autograd import elementwise_grad, grad
>>> import autograd_lite.compat.autograd.numpy as np
>>> def tanh(x):
...     return (1.0 - np.exp(-2 * x)) / (1.0 + np.exp(-2 * x))
>>> grad(tanh)(1.0)
np.float64(0.419974341614026)
"""

from . import numpy as numpy
from .builtins import dict as dict
from .builtins import isinstance as isinstance
from .builtins import list as list
from .builtins import tuple as tuple
from .builtins import type as type
from .differential_operators import (
    checkpoint,
    deriv,
    elementwise_grad,
    grad,
    grad_and_aux,
    grad_named,
    hessian,
    hessian_tensor_product,
    hessian_vector_product,
    holomorphic_grad,
    jacobian,
    make_ggnvp,
    make_hvp,
    make_jvp,
    make_vjp,
    multigrad_dict,
    tensor_jacobian_product,
    value_and_grad,
    vector_jacobian_product,
)
from .installation import install
from .primitives import primitive

__all__ = [
    "checkpoint",
    "deriv",
    "elementwise_grad",
    "grad",
    "grad_and_aux",
    "grad_named",
    "hessian",
    "hessian_tensor_product",
    "hessian_vector_product",
    "holomorphic_grad",
    "install",
    "jacobian",
    "make_ggnvp",
    "make_hvp",
    "make_jvp",
    "make_vjp",
    "multigrad_dict",
    "primitive",
    "tensor_jacobian_product",
    "value_and_grad",
    "vector_jacobian_product",
]

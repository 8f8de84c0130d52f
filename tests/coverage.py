"""Every public callable of NumPy, sorted: what a Tensor can be given to, and what becomes of it.

The README's table is made of this, and the tests hold that nothing is left unsorted and that no
function hands back a plain array in which a gradient was lost.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.polynomial as polynomials
from numpy.lib import stride_tricks

import autograd_lite.numpy as namespace
from autograd_lite.core.operation import OPERATIONS
from autograd_lite.core.tensor import Tensor
from autograd_lite.core.trace import HANDLERS, static, without_gradient
from autograd_lite.rules.complex_numbers import sign
from autograd_lite.rules.counts import refuse_histogram
from autograd_lite.rules.creation import constant_like
from autograd_lite.rules.remainders import between_floats
from autograd_lite.rules.without_gradient import of_whole_numbers

ARRAY_API = ("__array_namespace_info__",)
FAMILIES = ("polynomial", "chebyshev", "legendre", "hermite", "hermite_e", "laguerre")
SPACES: dict[str, tuple[Any, tuple[str, ...]]] = {
    # The private names that NumPy 2.0 lists do not count.
    "np": (np, tuple(n for n in np.__all__ if n in ARRAY_API or not n.startswith("_"))),
    "np.linalg": (np.linalg, tuple(np.linalg.__all__)),
    "np.fft": (np.fft, tuple(np.fft.__all__)),
    "np.lib.stride_tricks": (stride_tricks, ("as_strided", "sliding_window_view")),
    **{
        f"np.polynomial.{family}": (module, tuple(module.__all__))
        for family in FAMILIES
        for module in [getattr(polynomials, family)]
    },
    "ndarray": (np.ndarray, tuple(n for n in dir(np.ndarray) if not n.startswith("_"))),
}

DIFFERENTIABLE, IN_NAMESPACE, NO_DERIVATIVE, REFUSED = (
    "differentiable", "differentiable in `autograd_lite.numpy`", "no derivative", "refused",
)  # fmt: skip

# What is about anything but the entries of an array: types, shapes, indices, files, settings,
# printing. A Tensor there is a mistake, or asked of its dtype only.
NOT_ABOUT_ENTRIES = """
    base_repr binary_repr broadcast broadcast_shapes busday_count busday_offset busdaycalendar
    chebgauss chebpts1 chebpts2 hermegauss hermgauss laggauss leggauss
    datetime64 datetime_as_string datetime_data diag_indices dtype errstate fftfreq finfo flatiter
    format_float_positional format_float_scientific from_dlpack fromregex frompyfunc get_include
    get_printoptions getbufsize geterr geterrcall iinfo indices info is_busday isdtype isfortran
    isscalar issubdtype iterable LinAlgError load mask_indices memmap mintypecode ndindex
    nested_iters printoptions promote_types recarray record rfftfreq set_printoptions setbufsize
    seterr seterrcall show_config show_runtime test timedelta64 tril_indices triu_indices typename
    ufunc
"""
# Where no rule makes sense: matrices, files.
UNDECLARED = """
    __array_namespace_info__ asmatrix bmat matrix save savetxt savez savez_compressed
"""
BY_LIKE = "by_like"  # handlers of np.zeros(3, like=tensor)
PLAIN_METHODS = """
    all any argmax argmin argpartition argsort data device dtype flags item itemsize nbytes ndim
    nonzero round searchsorted shape size strides tobytes tolist
"""
ASK_OF_ENTRIES = (static, without_gradient, of_whole_numbers, constant_like, sign)
# Made of functions that know Tensors.
BY_OTHERS = """
    chebweight hermeweight hermweight lagweight legweight poly1d row_stack trapz
"""
REFUSING = (refuse_histogram, between_floats)


def callables() -> Iterator[tuple[str, str, Any]]:
    """Every public callable: the space it is in, its name, itself."""
    for space, (module, names) in SPACES.items():
        for name in sorted(names):
            value = getattr(module, name)
            if callable(value) or space == "ndarray":
                yield space, name, value


def category(space: str, name: str, value: Any) -> str:
    """What becomes of a Tensor that is given to a callable; an empty string if nobody knows."""
    if space == "ndarray":
        return method_category(name)
    handler = HANDLERS.get(value)
    if handler in ASK_OF_ENTRIES or name in NOT_ABOUT_ENTRIES.split() or is_scalar_type(value):
        return NO_DERIVATIVE
    if handler in REFUSING or name in UNDECLARED.split():
        return REFUSED
    known = handler is not None and handler.__name__ != BY_LIKE
    if known or value in OPERATIONS or name in BY_OTHERS.split():
        return DIFFERENTIABLE
    return IN_NAMESPACE if is_in_namespace(space, name, value) else ""


def is_in_namespace(space: str, name: str, value: Any) -> bool:
    """Whether the drop-in namespace has another function of this name, which knows Tensors."""
    if space.startswith("np.polynomial."):
        module = getattr(namespace.polynomial, space.rpartition(".")[2])
        return getattr(module, name) is not value
    if space == "np.lib.stride_tricks":
        return getattr(namespace.lib.stride_tricks, name) is not value
    return space == "np" and name in namespace.OWN


def is_scalar_type(value: Any) -> bool:
    """Whether a callable is the type of one number: it makes a number, as `float` does."""
    return isinstance(value, type) and issubclass(value, np.generic)


def method_category(name: str) -> str:
    """What becomes of a method or attribute of an array."""
    try:
        getattr(Tensor([[1.0]]), name)
    except AttributeError:
        return REFUSED
    return NO_DERIVATIVE if name in PLAIN_METHODS.split() else DIFFERENTIABLE

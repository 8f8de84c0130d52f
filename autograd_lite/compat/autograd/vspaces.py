"""`vspace(value)`: the vector space in which a value lies, with its zeros, basis and products.

>>> space = vspace({"W": np.ones((2, 3)), "b": 0.0})
>>> space.size, space.zeros()["W"].shape
(7, (2, 3))
"""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import numpy as np

from ...core.trace import Traced
from ...numpy.creation import accepting
from ...transforms.trees import flatten, map_tree, rebuild


class VSpace:
    """A vector space. Those of classes of your own are derived from it and registered."""

    mappings: ClassVar[dict[type, Callable[[Any], Any]]] = {}
    iscomplex = False

    def __init__(self, value: Any) -> None:
        pass

    def add(self, x_prev: Any, x_new: Any) -> Any:
        """The sum of two vectors."""
        return self._add(x_prev, x_new)

    def mut_add(self, x_prev: Any, x_new: Any) -> Any:
        """The sum of two vectors, of which the first may be overwritten; None counts as zeros."""
        return self._mut_add(self.zeros() if x_prev is None else x_prev, x_new)

    def scalar_mul(self, x: Any, a: Any) -> Any:
        """A vector times a number."""
        return self._scalar_mul(x, a)

    def inner_prod(self, x: Any, y: Any) -> Any:
        """The inner product of two vectors."""
        return self._inner_prod(x, y)

    def covector(self, x: Any) -> Any:
        """The functional that a vector is by the inner product: of complex ones the conjugate."""
        return self._covector(x)

    def zeros(self) -> Any:
        """The zero of this space."""
        raise NotImplementedError

    def _add(self, x: Any, y: Any) -> Any:
        return x + y

    def _mut_add(self, x: Any, y: Any) -> Any:
        return self._add(x, y)

    def _scalar_mul(self, x: Any, a: Any) -> Any:
        return x * a

    def _inner_prod(self, x: Any, y: Any) -> Any:
        raise NotImplementedError

    def _covector(self, x: Any) -> Any:
        return x

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"{type(self).__name__}({vars(self)})"

    @classmethod
    def register(cls, value_type: type, vspace_maker: Callable[[Any], Any] | None = None) -> None:
        """Let `vspace` of values of a class be this space, or what `vspace_maker(value)` says."""
        VSpace.mappings[value_type] = vspace_maker or cls


class ArrayVSpace(VSpace):
    """Real arrays of one shape and dtype."""

    def __init__(self, value: Any) -> None:
        self.shape = np.shape(value)
        self.dtype = np.result_type(value)

    @property
    def size(self) -> int:
        """The number of real numbers in a vector."""
        return int(np.prod(self.shape))

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def zeros(self) -> Any:
        """Zeros."""
        return np.zeros(self.shape, self.dtype)

    def ones(self) -> Any:
        """Ones."""
        return np.ones(self.shape, self.dtype)

    def standard_basis(self) -> Iterator[Any]:
        """The vectors that are 1 at one entry and 0 elsewhere."""
        for index in np.ndindex(*self.shape):
            yield self._unit(index, 1)

    def _unit(self, index: tuple[int, ...], value: complex) -> Any:
        vector = np.zeros(self.shape, self.dtype)
        vector[index] = value
        return vector

    def randn(self) -> Any:
        """Normal random numbers."""
        return np.asarray(np.random.randn(*self.shape)).astype(self.dtype)

    def _inner_prod(self, x: Any, y: Any) -> Any:
        return np.dot(np.ravel(x), np.ravel(y))


class ComplexArrayVSpace(ArrayVSpace):
    """Complex arrays of one shape and dtype, as spaces over the real numbers."""

    iscomplex = True

    @property
    def size(self) -> int:
        """The number of real numbers in a vector."""
        return 2 * int(np.prod(self.shape))

    def ones(self) -> Any:
        """Ones in the real and the imaginary parts."""
        return np.full(self.shape, 1 + 1j, self.dtype)

    def standard_basis(self) -> Iterator[Any]:
        """The vectors that are 1 or 1j at one entry and 0 elsewhere."""
        for index in np.ndindex(*self.shape):
            yield self._unit(index, 1)
            yield self._unit(index, 1j)

    def randn(self) -> Any:
        """Normal random numbers in the real and the imaginary parts."""
        parts = np.random.randn(2, *self.shape)
        return np.asarray(parts[0] + 1j * parts[1]).astype(self.dtype)

    def _inner_prod(self, x: Any, y: Any) -> Any:
        return np.real(np.dot(np.conj(np.ravel(x)), np.ravel(y)))

    def _covector(self, x: Any) -> Any:
        return np.conj(x)


class ContainerVSpace(VSpace):
    """Lists, tuples, dicts and other trees of vectors; `shape` is the tree of their spaces."""

    def __init__(self, value: Any) -> None:
        self.shape = map_tree(vspace, value)

    def _spaces(self) -> list[Any]:
        return list(flatten(self.shape).values())

    @property
    def size(self) -> int:
        """The number of real numbers in a vector."""
        return sum(space.size for space in self._spaces())

    def _map(self, method: str, *trees: Any) -> Any:
        return map_tree(lambda space, *parts: getattr(space, method)(*parts), self.shape, *trees)

    def zeros(self) -> Any:
        """Zeros."""
        return self._map("zeros")

    def ones(self) -> Any:
        """Ones."""
        return self._map("ones")

    def randn(self) -> Any:
        """Normal random numbers."""
        return self._map("randn")

    def standard_basis(self) -> Iterator[Any]:
        """The vectors that are 1 at one entry and 0 elsewhere."""
        for place, space in enumerate(self._spaces()):
            for unit in space.standard_basis():
                zeros = list(flatten(self.zeros()).values())
                yield rebuild(self.shape, [*zeros[:place], unit, *zeros[place + 1 :]])

    def _add(self, x: Any, y: Any) -> Any:
        return self._map("add", x, y)

    def _scalar_mul(self, x: Any, a: Any) -> Any:
        return map_tree(lambda space, part: space.scalar_mul(part, a), self.shape, x)

    def _inner_prod(self, x: Any, y: Any) -> Any:
        return sum(flatten(self._map("inner_prod", x, y)).values())

    def _covector(self, x: Any) -> Any:
        return self._map("covector", x)


class SparseObject:
    """A gradient that is mostly zeros: `mut_add(x)` adds it to `x`, of the space `vs`."""

    __slots__ = ("mut_add", "vs")

    def __init__(self, vs: Any, mut_add: Callable[[Any], Any]) -> None:
        self.vs = vs
        self.mut_add = mut_add

    def dense(self) -> Any:
        """The gradient as an array, or a tree of such."""
        return self.mut_add(map_tree(accepting, self.vs.zeros()))


def array_space(value: Any) -> ArrayVSpace:
    """The space of an array, real or complex."""
    return ComplexArrayVSpace(value) if np.iscomplexobj(value) else ArrayVSpace(value)


for number in (float, np.longdouble, np.float64, np.float32, np.float16, np.ndarray,
               complex, np.clongdouble, np.complex128, np.complex64):  # fmt: skip
    VSpace.register(number, array_space)
for container in (list, tuple, dict):
    ContainerVSpace.register(container)
VSpace.register(SparseObject, lambda sparse: sparse.vs)


def vspace(value: Any) -> Any:
    """The vector space of an array, a number, a Tensor, or a tree of such.

    TypeError for what lies in none that is known: whole numbers, strings, None.

    >>> vspace(np.zeros((2, 3))).shape
    (2, 3)
    """
    maker = VSpace.mappings.get(type(value))
    if maker is not None:
        return maker(value)
    if isinstance(value, Traced):
        return array_space(value)
    if isinstance(value, tuple):
        return ContainerVSpace(value)
    known = ", ".join(kind.__name__ for kind in VSpace.mappings)
    raise TypeError(f"no vector space is known for {value!r}; allowed: values of type {known}")

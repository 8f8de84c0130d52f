"""`scipy.linalg`, with derivatives of `sqrtm`, `solve_triangular`, `_sylvester` and `_banded`."""

from typing import Any

import numpy as np
import scipy.linalg

from ..primitives import defjvp, defvjp, primitive

sqrtm = primitive(scipy.linalg.sqrtm)
solve_sylvester = primitive(scipy.linalg.solve_sylvester)
solve_triangular = primitive(scipy.linalg.solve_triangular)
solve_banded = primitive(scipy.linalg.solve_banded)
__all__ = list(scipy.linalg.__all__)


def __getattr__(name: str) -> Any:
    return getattr(scipy.linalg, name)


def __dir__() -> list[str]:
    return __all__


# Y Y = A, and a change of both: dY Y + Y dY = dA
defvjp(sqrtm, lambda ans, _: lambda g: solve_sylvester(ans.T, ans.T, g))
defjvp(sqrtm, lambda t, ans, _: solve_sylvester(ans, ans, t))

# a x + x b = q
defvjp(
    solve_sylvester,
    lambda x, a, b, _: lambda g: -np.dot(solve_sylvester(a.T, b.T, g), x.T),
    lambda x, a, b, _: lambda g: -np.dot(x.T, solve_sylvester(a.T, b.T, g)),
    lambda _, a, b, __: lambda g: solve_sylvester(a.T, b.T, g),
)


def columns(x: Any) -> Any:
    """A vector as a matrix of one column."""
    return np.reshape(x, (-1, 1)) if np.ndim(x) == 1 else x


def is_transposed(trans: Any) -> bool:
    """Whether `trans=` asks for the transposed matrix."""
    return trans not in (0, "N")


def triangular_b(_: Any, a: Any, b: Any, trans: Any = 0, **options: Any) -> Any:
    """The gradient of the right-hand side: the solution for the transposed matrix."""
    del b
    return lambda g: solve_triangular(a, g, 0 if is_transposed(trans) else 1, **options)


def triangular_a(ans: Any, a: Any, b: Any, trans: Any = 0, **options: Any) -> Any:
    """The gradient of the matrix: of the triangle that is read."""
    strict = 1 if options.get("unit_diagonal") else 0
    solution = triangular_b(ans, a, b, trans, **options)

    def vjp(g: Any) -> Any:
        w, x = columns(solution(g)), columns(ans)
        product = np.dot(x, w.T) if is_transposed(trans) else np.dot(w, x.T)
        return -np.tril(product, -strict) if options.get("lower") else -np.triu(product, strict)

    return vjp


defvjp(solve_triangular, triangular_a, triangular_b)


def shifted(x: Any, steps: int) -> Any:
    """Rows moved up by some steps, or down, with zeros where none come from."""
    size = min(abs(steps), len(x))
    zeros = np.zeros((size, *np.shape(x)[1:]))
    parts = [x[size:], zeros] if steps > 0 else [zeros, x[: len(x) - size]]
    return np.concatenate(parts)


def transposed_bands(l_and_u: Any, ab: Any) -> Any:
    """The diagonals of the transposed matrix, as `solve_banded` orders them."""
    low, up = l_and_u
    return np.stack([shifted(ab[up + low - row], row - low) for row in range(low + up + 1)])


def banded_b(_: Any, l_and_u: Any, ab: Any, b: Any) -> Any:
    """The gradient of the right-hand side: the solution for the transposed matrix."""
    del b
    low, up = l_and_u
    return lambda g: solve_banded((up, low), transposed_bands(l_and_u, ab), g)


def banded_ab(ans: Any, l_and_u: Any, ab: Any, b: Any) -> Any:
    """The gradient of the diagonals."""
    low, up = l_and_u
    solution = banded_b(ans, l_and_u, ab, b)

    def vjp(g: Any) -> Any:
        w, x = columns(solution(g)), columns(ans)
        return -np.stack([
            np.sum(shifted(w, row - up) * x, axis=1) for row in range(low + up + 1)
        ])  # fmt: skip

    return vjp


defvjp(solve_banded, banded_ab, banded_b, argnums=[1, 2])

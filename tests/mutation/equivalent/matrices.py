"""Equivalent mutants of the rules of matrices: products, decompositions, norms, least squares."""

from .reasons import (
    ANY_LENGTH,
    EXACT,
    GUARD,
    IN_SIZE,
    ONE_AXIS,
    ONE_COLUMN,
    SHORT_CUT,
    SQUARE,
    TRUTH,
    UNUSED,
)

SYMMETRIC_GROUPS = "equal to is symmetric: a sum over rows is one over columns"
SAME_GROUP = "all of one group have the same factor: what fits in its rows fits in its columns"
UNKNOWN = "`unknown` is 0 and its derivative NaN, whichever way it comes into a factor of 1"
NEGATIVE = "a negative axis is the same axis"
EITHER = {
    "g.size < MANY -> g.size <= MANY": SHORT_CUT,
    "g.size < MANY -> g.size > MANY": SHORT_CUT,
    "np.dot if g.size < MANY else np.matmul -> np.matmul if g.size < MANY else np.dot": SHORT_CUT,
}

MATRICES = {
    # Decompositions
    "spectrum/a": {"np.where(equal, 1.0, gap) -> np.where(equal, 2.0, gap)": GUARD},
    "eigvals/a": {"(..., 0) -> (..., -1)": ONE_COLUMN},
    "decompositions.places": {
        "np.where(size == 0, 1.0, size) -> np.where(size == 0, 2.0, size)": GUARD,
        "w.dtype.itemsize <= 8 -> w.dtype.itemsize <= 9": "no number has 9 bytes",
        "...ed + 0.0, axis=-1), axis=-1) -> ...ed + 0.0, axis=-1))": "argsort's default",
        "...sort(rounded + 0.0, axis=-1) -> ...sort(rounded + 0.0)": "argsort's default",
        "rounded + 0.0 -> rounded - 0.0": "only the order matters, in which -0.0 is 0.0",
        "rounded + 0.0 -> rounded": "only the order matters, in which -0.0 is 0.0",
        "rounded + 0.0 -> rounded + 1.0": "only the order matters",
    },
    "singular_triple/a": {
        "np.where(total == 0, 1.0, 2.0 * total) -> np.where(total == 0, 2.0, 2.0 * total)": GUARD,
    },
    "decompositions.outside": {"np.where(zero, 1.0, s) -> np.where(zero, 2.0, s)": UNUSED},
    "matrices.read_triangle": {"gx.shape[-1] -> gx.shape[-2]": SQUARE},
    "matrices.symmetric": {"a.shape[-1] -> a.shape[-2]": SQUARE},
    "matrices.lower_half": {
        "np.tri(n, dtype=dtype) -> np.tri(n)": EXACT,
        "np.eye(n, dtype=dtype) -> np.eye(n)": EXACT,
    },
    "matrices.diagonals": {
        "...(weights.shape[-1], dtype=weights.dtype) -> ...(weights.shape[-1])": EXACT,
    },
    "equal_eigenvalues.rotation": {
        "np.where(same, 0.0, inner - adjoint(... -> np.where(0.0, same, inner - adjoint(...":
        "where eigenvalues are equal, `inner` is symmetric but for rounding, or NaN is added",
        "np.where(same, 1.0, 2.0 * gap) -> np.where(same, 2.0, 2.0 * gap)": GUARD,
    },
    "equal_eigenvalues.within": {
        "inner - adjoint(inner) -> adjoint(inner) - inner": IN_SIZE,
        "1.0 - unknown -> 1.0 + unknown": UNKNOWN,
        "both * factor * (1.0 - unknown) -> both * factor / (1.0 - unknown)": UNKNOWN,
    },
    "equal_eigenvalues.ratio": {
        "np.sum(group, axis=-1, keepdims=True) -> np.sum(group, axis=-2, keepdims=True)":
        SYMMETRIC_GROUPS,
        "...np.abs(gw), axis=-1) -> ...np.abs(gw), axis=-2)": SAME_GROUP,
        "...None] * x), axis=-1) -> ...None] * x), axis=-2)": SAME_GROUP,
        "...here(square == 0, 1.0, square) -> ...here(square == 0, 2.0, square)": GUARD,
        "y - factor[..., None] * x -> factor[..., None] * x - y": IN_SIZE,
    },
    "equal_eigenvalues.equals": {
        "w[..., None, :] - w[..., :, None] -> w[..., :, None] - w[..., None, :]": IN_SIZE,
    },
    # Linear equations, determinants
    "linalg.solve_b": {"(..., 0) -> (..., -1)": ONE_COLUMN},
    "cofactors/a": {"np.eye(s.shape[-1], dtype=s.dtype) -> np.eye(s.shape[-1])": EXACT},
    "linalg.all_but_two": {
        "...(s.shape[-1], k=-1, dtype=bool) -> ...(s.shape[-1], k=-1)": TRUTH,
    },
    "linalg.factors": {"np.matmul(u, vh) -> np.matmul(vh, u)": "det(U V) = det(V U)"},
    "sign_and_logarithm/a": {
        "np.eye(a.shape[-1], dtype=a.dtype) -> np.eye(a.shape[-1])": EXACT,
        "a.shape[-1] -> a.shape[-2]": SQUARE,
    },
    "cholesky/a": {"y.shape[-1] -> y.shape[-2]": SQUARE},
    # Least squares
    "least_squares/a": {
        "rcond is None or rcond < 0 -> rcond is None": "below a negative limit there is nothing",
        "rcond < 0 -> rcond < -1": "below a negative limit there is nothing",
        "rcond < 0 -> rcond <= 0": "a singular value of 0 that is cut off needs no correction",
        "..., rcond), a, cut, False, None) -> ..., rcond), a, cut, None, False)":
        "None is as false as False, and as a limit False is 0, which cuts off nothing",
    },
    "least_squares.column": {
        "np.reshape(x, (-1, 1)) if np.ndim(x) == 1 else x -> "
        "-(np.reshape(x, (-1, 1)) if np.ndim(x) == 1 else x)": "columns come in products of two",
        "(-1, 1) -> (-2, 1)": ANY_LENGTH,
    },
    "least_squares.residual_gradient": {"g.shape[0] -> g.shape[-1]": ONE_AXIS},
    "least_squares.parts": {
        "row.shape[0] - 1 -> -1": "a negative index counts from the end",
        "row.shape[0] -> row.shape[-1]": ONE_AXIS,
    },
    "least_squares.truncation": {
        "np.where(pairs, s, 1.0) -> np.where(pairs, s, 2.0)": "where the other number is 0, s / s "
        "- 1 is 0 for any s",
    },
    # Products
    "matmul/a": {"(..., 0) -> (..., -1)": ONE_COLUMN},
    "dot/a": {**EITHER,
        "len(a_shape) == 2 -> len(a_shape) == 3": SHORT_CUT,
        "len(a_shape) == 2 -> len(a_shape) == 1": SHORT_CUT,
    },
    "dot/b": {**EITHER,"len(b_shape) == 2 -> len(b_shape) == 1": SHORT_CUT},
    "matrix_products.on_diagonal": {
        "...pe[second], offset, dtype=bool) -> ...pe[second], offset)": TRUTH,
        "first < second -> first <= second": "they are different axes",
        "np.reshape(mask, [... -> 2.0 * np.reshape(mask, [...": TRUTH,
    },
    "products.contraction": {
        "np.ndim(axes) == 0 and (not isinstance(axes, list | tuple)) -> np.ndim(axes) == 0":
        "a list or tuple has axes",
    },
    # Norms
    "norms.slope": {"np.where(zero, 1.0, u) -> np.where(zero, 2.0, u)": UNUSED},
    "unit/x": {"np.where(zero, 1.0, norm) -> np.where(zero, 2.0, norm)": GUARD},
    "polar/x": {
        "np.where(live, 1.0, 0.0) -> np.where(1.0, live, 0.0)": "a mask counts as 1",
        "np.where(live, s, 1.0) -> np.where(live, s, 2.0)": GUARD,
        "...ere(pairs, total, 1.0) -> ...ere(pairs, total, 2.0)": GUARD,
    },
    "cond/x": {
        "np.eye(x.shape[-1], dtype=x.dtype) -> np.eye(x.shape[-1])": EXACT,
        "x.shape[-1] -> x.shape[-2]": SQUARE,
        "x.ndim - 2 -> -2": NEGATIVE,
        "x.ndim - 1 -> -1": NEGATIVE,
    },
    "norms.ratio_rule": {
        "sign > 0 -> sign >= 0": "the sign is 1 or -1",
        "sign > 0 -> sign > -1": "the sign is 1 or -1",
    },
}  # fmt: skip

"""What turns the vectors of a decomposition, also where eigenvalues are repeated.

Vectors of different eigenvalues turn into one another by (M_ij - M_ji) / (w_j - w_i), M being
V^H gV. Those of a repeated eigenvalue are any basis of their space, and only a function that does
not care which basis it is given can be differentiated there. It does not follow from the gradients
of w and V alone what its derivative is. The rule takes it for one of these, and is right for them:

- functions of the eigenvalues, h(w), and of the space as a whole, V V^H;
- functions of the matrix, V f(w) V^H, with any f;
- the sum of an h(w), alike for all eigenvalues, and of one V f(w) V^H.

With f' / 2f = a the gradient of w is then a M_kk (plus h') on the diagonal, which tells a, and a
times the symmetric part of M is the gradient beside the diagonal. Where that does not fit, or
where the function does depend on the basis (M is not symmetric), the gradient is NaN, and so are
second derivatives where a is not 0, which would need f''. Of functions with V^-1 in place of V^H
nothing is promised.
"""

from typing import Any

import numpy as np

from .matrices import adjoint, real


def equals(w: Any) -> Any:
    """Which pairs of eigenvalues are the same but for rounding."""
    limit = 4.0 * w.shape[-1] * np.finfo(w.dtype).eps * np.max(np.abs(w), axis=-1, initial=0.0)
    return np.abs(w[..., None, :] - w[..., :, None]) <= limit[..., None, None]


def rotation(w: Any, gw: Any, inner: Any) -> Any:
    """The gradient of the matrix in the basis of its vectors, beside the diagonal.

    `inner` is V^H gV; the result may be symmetrised.
    """
    same = equals(w)
    gap = w[..., None, :] - w[..., :, None]
    turned = np.where(same, 0.0, inner - adjoint(inner)) / np.where(same, 1.0, 2.0 * gap)
    alone = np.eye(w.shape[-1], dtype=bool)
    return turned + np.where(same & ~alone, within(gw, inner, same), 0.0)


def within(gw: Any, inner: Any, same: Any) -> Any:
    """The symmetric part of `inner` times f' / 2f, within the groups of equal eigenvalues."""
    coarse = np.finfo(inner.dtype).eps ** 0.5
    smallest = coarse * np.max(np.abs(inner), axis=(-1, -2), keepdims=True, initial=0.0)
    free = np.abs(inner - adjoint(inner)) <= smallest
    both = 0.5 * (inner + adjoint(inner))
    factor = ratio(gw, real(np.linalg.diagonal(inner)), same, coarse)[..., None]
    idle = (np.abs(both) <= smallest) | (factor == 0)
    unknown = np.cbrt(0.0 * real(both))  # 0, and its own derivative is NaN
    return np.where(free, np.where(idle, 0.0, both * factor * (1.0 - unknown)), np.nan)


def ratio(gw: Any, m: Any, same: Any, coarse: Any) -> Any:
    """The factor between `m` and `gw` in every group, up to a constant if need be; else NaN."""
    group = same.astype(m.dtype)
    number = np.sum(group, axis=-1, keepdims=True)
    gw, m = group * gw[..., None, :], group * m[..., None, :]
    centred_gw = gw - group * (np.sum(gw, axis=-1, keepdims=True) / number)
    centred_m = m - group * (np.sum(m, axis=-1, keepdims=True) / number)
    size = coarse * np.sum(np.abs(gw), axis=-1)
    result: Any = np.nan
    for x, y in ((centred_m, centred_gw), (m, gw)):
        square = np.sum(x * x, axis=-1)
        factor = np.sum(x * y, axis=-1) / np.where(square == 0, 1.0, square)
        rest = np.sum(np.abs(y - factor[..., None] * x), axis=-1)
        result = np.where(rest <= size, factor, result)
    return result

"""Bessel functions of real order: half a sum of neighbours is a slope (DLMF 10.6, 10.29).

None is differentiated in its order. Convention: the exponentially scaled `i0e`, `i1e` and `ive`,
which contain |x|, have slope 0 of that at 0 (as in PyTorch).
"""

from typing import Any

import numpy as np

from ...core.operation import NONZERO, POSITIVE, REAL
from .functions import sp, unary, with_order

WHOLE = ("n=2, x=(n, m)", "n=np.array([[0], [3]]), x=(2, m)")  # orders
BROKEN = ("n=1.5, x=(n, m)", "n=np.array([[0.5], [-1.2]]), x=(2, m)")

unary("j0", lambda g, x: -g * sp.j1(x))
unary("j1", lambda g, x: g * (0.5 * (sp.j0(x) - sp.jv(2.0, x))))
unary("y0", lambda g, x: -g * sp.y1(x), POSITIVE)
unary("y1", lambda g, x: g * (0.5 * (sp.y0(x) - sp.yn(2, x))), POSITIVE)
unary("i0", lambda g, x: g * sp.i1(x))
unary("i1", lambda g, x: g * (0.5 * (sp.i0(x) + sp.iv(2.0, x))))
unary("k0", lambda g, x: -g * sp.k1(x), POSITIVE)
unary("k1", lambda g, x: g * (-0.5 * (sp.k0(x) + sp.kn(2, x))), POSITIVE)

# Scaled by exp(-|x|) or exp(x)
unary("i0e", lambda g, x, y: g * (sp.i1e(x) - np.sign(x) * y), NONZERO)
unary("i1e", lambda g, x, y: g * (0.5 * (sp.i0e(x) + sp.ive(2.0, x)) - np.sign(x) * y), NONZERO)
unary("k0e", lambda g, x, y: g * (y - sp.k1e(x)), POSITIVE)
unary("k1e", lambda g, x, y: g * (y - 0.5 * (sp.k0e(x) + sp.kve(2.0, x))), POSITIVE)


def neighbours(function: Any, n: Any, x: Any, sign: float) -> Any:
    """Half the sum, or difference, of the functions of the orders below and above."""
    return 0.5 * (function(np.subtract(n, 1), x) + sign * function(np.add(n, 1), x))


with_order("jv", lambda g, n, x: g * neighbours(sp.jv, n, x, -1.0), REAL, WHOLE)
with_order("jve", lambda g, n, x: g * neighbours(sp.jve, n, x, -1.0), REAL, WHOLE, False)
with_order("yv", lambda g, n, x: g * neighbours(sp.yv, n, x, -1.0), POSITIVE, BROKEN)
with_order("yve", lambda g, n, x: g * neighbours(sp.yve, n, x, -1.0), POSITIVE, BROKEN, False)
with_order("yn", lambda g, n, x: g * neighbours(sp.yn, n, x, -1.0), POSITIVE, WHOLE)
with_order("iv", lambda g, n, x: g * neighbours(sp.iv, n, x, 1.0), REAL, WHOLE)
with_order(
    "ive",
    lambda g, n, x, y: g * (neighbours(sp.ive, n, x, 1.0) - np.sign(x) * y),
    NONZERO,
    WHOLE,
    False,
)
with_order("kv", lambda g, n, x: g * -neighbours(sp.kv, n, x, 1.0), POSITIVE, BROKEN)
with_order(
    "kve", lambda g, n, x, y: g * (y - neighbours(sp.kve, n, x, 1.0)), POSITIVE, BROKEN, False
)
with_order("kn", lambda g, n, x: g * -neighbours(sp.kn, n, x, 1.0), POSITIVE, WHOLE)

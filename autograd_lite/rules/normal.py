"""The normal distribution function, which `gelu` needs and NumPy lacks.

For z >= 0, (1 + 2z) exp(z^2) erfc(z) is smooth and has a short Chebyshev series in
t = (z - 3.5) / (z + 3.5) (the method of Shepherd & Laframboise, Mathematics of Computation 36,
1981). The coefficients were computed from that definition with 60 digits, at the Chebyshev nodes.
"""

from typing import Any

import numpy as np

from ..core.operation import ELEMENTWISE, declare
from ..core.primitives import as_float
from ..core.trace import unary_primitive

SERIES = (
    1.177632731636124, -0.001630177283414629, -0.08733682573463146, 0.05800974837029327,
    -0.024340115396182225, 0.007529483715635749, -0.0017438817577112521, 0.00028269829816555584,
    -2.31849116112635e-05, -2.111766698133041e-06, 8.765760156892822e-07, -6.105702635086118e-08,
    -1.7116664716341917e-08, 3.391360268611259e-09, 2.54661619366046e-10, -1.2482784079516295e-10,
    -2.2122757753433792e-12, 4.4272603638230294e-12, -3.367266128031013e-14,
    -1.6519256000923578e-13,
    1.9024103044538835e-15, 6.601187937172832e-15, 2.880282449409004e-17, -2.7791709635743296e-16,
)  # fmt: skip

FAR = 40.0  # exp(-x^2 / 2) is 0 beyond, in every dtype


@unary_primitive
def normal_cdf(x: Any) -> Any:
    """Probability that a standard normal variable is below x, elementwise.

    Float arrays of any shape; relative error below 1e-14 in float64, in the lower tail as well.

    >>> normal_cdf(np.array([-10.0, 0.0, 1.0]))
    array([7.61985302e-24, 5.00000000e-01, 8.41344746e-01])
    """
    x = as_float(x)
    tail = 0.5 * scaled_erfc(np.abs(x) * np.sqrt(0.5).astype(x.dtype)) * bell(x)
    return np.where(x > 0, 1.0 - tail, tail)


def scaled_erfc(z: Any) -> Any:
    """exp(z^2) erfc(z) for z >= 0, by Clenshaw's recurrence."""
    t = 1.0 - 7.0 / (z + 3.5)
    later = latest = 0.0 * t
    for coefficient in SERIES[:0:-1]:
        latest, later = 2.0 * t * latest - later + coefficient, latest
    return (t * latest - later + SERIES[0]) / (1.0 + 2.0 * z)


def bell(x: Any) -> Any:
    """exp(-x^2 / 2). The square is taken in two parts, since exp multiplies its rounding error."""
    x = np.clip(x, -FAR, FAR)
    rounded = x.astype(np.float16 if x.dtype == np.float32 else np.float32).astype(x.dtype)
    return np.exp(-0.5 * rounded * rounded) * np.exp(-0.5 * (x - rounded) * (x + rounded))


def normal_density(x: Any) -> Any:
    """exp(-x^2 / 2) / sqrt(2 pi)."""
    x = np.clip(x, -FAR, FAR)
    return np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi).item()


declare(normal_cdf, kind=ELEMENTWISE, x=lambda g, x: g * normal_density(x))

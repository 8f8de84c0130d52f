"""Calls of SciPy's own functions, which take Tensors once `SCIPY_ARRAY_API=1` is set.

Run by test_array_api.py in a process of its own, since SciPy looks at the variable only when it is
imported: prints the calls whose values are not those of SciPy, or whose gradients are wrong.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import fft, integrate, signal, special, stats

import autograd_lite as ag
import autograd_lite.scipy

X = np.array([[0.3, 1.2, 2.5, 0.7, 1.6], [1.1, 0.4, 0.9, 3.0, 2.2]])
TIMES = np.array([0.0, 0.5, 1.5, 1.75, 3.0])

CALLS: dict[str, Callable[[Any], Any]] = {
    "special.logsumexp": lambda x: special.logsumexp(x, axis=1),
    "special.logsumexp b": lambda x: special.logsumexp(x, b=x * x, axis=0, keepdims=True),
    "special.logsumexp sign": lambda x: special.logsumexp(x, b=-x, return_sign=True)[0],
    "special.softmax": lambda x: special.softmax(x, axis=0),
    "special.log_softmax": lambda x: special.log_softmax(x, axis=1),
    "special.erf": special.erf,
    "special.gammaln": special.gammaln,
    "special.polygamma": lambda x: special.polygamma(2, x),
    "special.multigammaln": lambda x: special.multigammaln(x + 1.0, 2),
    "special.zeta": lambda x: special.zeta(2.5, x),
    "special.xlogy": lambda x: special.xlogy(x, x + 1.0),
    "special.betaln": lambda x: special.betaln(x, x * x),
    "special.ndtri": lambda x: special.ndtri(x / 4.0),
    "special.i0e": special.i0e,
    "stats.moment": lambda x: stats.moment(x, order=3, axis=1),
    "stats.skew": lambda x: stats.skew(x, axis=1, bias=False),
    "stats.kurtosis": lambda x: stats.kurtosis(x, axis=None),
    "stats.sem": lambda x: stats.sem(x, axis=1),
    "stats.gmean": lambda x: stats.gmean(x, axis=1, weights=x * x),
    "stats.hmean": lambda x: stats.hmean(x, axis=0),
    "stats.pmean": lambda x: stats.pmean(x, 2.5, axis=1),
    "stats.zscore": lambda x: stats.zscore(x, axis=1),
    "stats.gzscore": lambda x: stats.gzscore(x, axis=1),
    "stats.zmap": lambda x: stats.zmap(x[0], x[1]),
    "stats.kstat": lambda x: stats.kstat(x[0], 3),
    "stats.kstatvar": lambda x: stats.kstatvar(x[0]),
    "stats.iqr": lambda x: stats.iqr(x, axis=1),
    "stats.quantile": lambda x: stats.quantile(x, 0.3, axis=1),
    "stats.trim_mean": lambda x: stats.trim_mean(x, 0.2, axis=1),
    "stats.median_abs_deviation": lambda x: stats.median_abs_deviation(x[0]),
    "stats.circmean": lambda x: stats.circmean(x, axis=1),
    "stats.circvar": lambda x: stats.circvar(x, axis=1),
    "stats.circstd": lambda x: stats.circstd(x, axis=1),
    "stats.entropy": lambda x: stats.entropy(x[0], x[1]),
    "stats.describe": lambda x: list(stats.describe(x, axis=1)[2:]),
    "stats.boxcox_llf": lambda x: stats.boxcox_llf(0.7, x[0]),
    "stats.ttest_1samp": lambda x: list(stats.ttest_1samp(x, 0.5, axis=1)),
    "stats.ttest_ind": lambda x: stats.ttest_ind(x[0], x[1]).pvalue,
    "stats.f_oneway": lambda x: stats.f_oneway(x[0], x[1]).pvalue,
    "stats.bartlett": lambda x: stats.bartlett(x[0], x[1]).pvalue,
    "stats.jarque_bera": lambda x: stats.jarque_bera(x, axis=1).pvalue,
    "stats.chisquare": lambda x: list(stats.chisquare(x[0])),
    "fft.fft": lambda x: np.abs(fft.fft(x)),
    "fft.ifft2": lambda x: np.imag(fft.ifft2(x)),
    "fft.rfftn": lambda x: np.real(fft.rfftn(x)) ** 2,
    "fft.irfft": lambda x: fft.irfft(fft.rfft(x) * 2.0, n=5),
    "fft.hfft": fft.hfft,
    "fft.ihfft": lambda x: np.abs(fft.ihfft(x)),
    "fft.fftshift": lambda x: fft.fftshift(x) * TIMES,
    "fft.fht": lambda x: fft.fht(x, 0.1, 0.5),
    "integrate.trapezoid": lambda x: integrate.trapezoid(x, x=TIMES),
    "integrate.trapezoid dx": lambda x: integrate.trapezoid(x, dx=0.3, axis=0),
    "integrate.cumulative_trapezoid": lambda x: integrate.cumulative_trapezoid(x, TIMES, initial=0),
    "integrate.cumulative_simpson": lambda x: integrate.cumulative_simpson(x, dx=0.5),
    "integrate.romb": lambda x: integrate.romb(x, dx=0.5),
    "signal.hilbert": lambda x: np.abs(signal.hilbert(x)),
    "signal.fftconvolve": lambda x: signal.fftconvolve(x[0], x[1]),
}


def verdict(call: Callable[[Any], Any]) -> str | None:
    """What is wrong with a call, or None."""
    expected, found = call(X), call(ag.Tensor(X))
    both = zip(*(y if isinstance(y, list) else [y] for y in (expected, found)), strict=True)
    for due, result in both:
        if not isinstance(result, ag.Tensor) or not result.requires_grad:
            return f"no gradient: {result!r}"
        if not np.allclose(result.numpy(), due, rtol=1e-13, atol=1e-15):
            return f"{result} where {due} is due"
    try:
        ag.check_gradients(call, X, order=2)
    except (ag.GradientError, TypeError) as error:
        return str(error)
    return None


if __name__ == "__main__":
    for name, call in CALLS.items():
        complaint = verdict(call)
        if complaint is not None:
            print(f"{name}: {complaint}")
    print(len(CALLS), "calls")

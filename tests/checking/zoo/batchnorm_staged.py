"""Batch normalisation, backward in stages; running averages in a dict of options."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "gamma", "beta")


def make(rng):
    """Features of different spread; eps is large enough to be missed."""
    n, d = rng.integers(4, 7), rng.integers(2, 4)
    x = rng.normal(size=(n, d)) * rng.uniform(0.5, 2.0, size=d) + rng.normal(size=d)
    options = {"mode": "train", "eps": 1e-2, "momentum": 0.9}
    return x, rng.uniform(0.5, 1.5, size=d), rng.normal(size=d), options


def forward(x, gamma, beta, bn_param):
    """Each step is kept."""
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    mu = 1.0 / N * np.sum(x, axis=0)
    xmu = x - mu
    sq = xmu**2
    var = 1.0 / N * np.sum(sq, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    gammax = gamma * xhat
    out = gammax + beta
    bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mu
    return out, (xhat, gamma, xmu, ivar, sqrtvar, var, eps)


def backward(dout, cache):
    """Step by step, from the last to the first."""
    xhat, gamma, xmu, ivar, sqrtvar, var, eps = cache
    N, D = dout.shape
    # step 9
    dbeta = np.sum(dout, axis=0)
    dgammax = dout
    # step 8
    dgamma = np.sum(dgammax * xhat, axis=0)
    dxhat = dgammax * gamma
    # step 7
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    # step 6
    dsqrtvar = -1.0 / (sqrtvar**2) * divar
    # step 5
    dvar = 0.5 * 1.0 / np.sqrt(var + eps) * dsqrtvar
    # step 4
    dsq = 1.0 / N * np.ones((N, D)) * dvar
    # step 3
    dxmu2 = 2 * xmu * dsq
    # step 2
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    # step 1
    dx2 = 1.0 / N * np.ones((N, D)) * dmu
    # step 0
    dx = dx1 + dx2
    return dx, dgamma, dbeta


MISTAKES = (
    Mistake(
        "dbeta averaged",
        "dbeta = np.sum(dout, axis=0)",
        "dbeta = np.mean(dout, axis=0)",
        "scale",
        ("beta",),
    ),
    Mistake(
        "dbeta over features",
        "dbeta = np.sum(dout, axis=0)",
        "dbeta = np.sum(dout, axis=1)",
        "axis",
        ("beta",),
    ),
    Mistake(
        "dgamma without xhat",
        "np.sum(dgammax * xhat, axis=0)",
        "np.sum(dgammax, axis=0)",
        ("factor", "operand"),
        ("gamma",),
    ),
    Mistake(
        "dgamma of what is not divided",
        "np.sum(dgammax * xhat, axis=0)",
        "np.sum(dgammax * xmu, axis=0)",
        ("factor", "operand"),
        ("gamma",),
    ),
    Mistake(
        "dgamma not summed", "np.sum(dgammax * xhat, axis=0)", "dgammax * xhat", "axis", ("gamma",)
    ),
    Mistake("gamma missing", "dxhat = dgammax * gamma", "dxhat = dgammax * 1", "factor", ("x",)),
    Mistake(
        "divar of xhat",
        "np.sum(dxhat * xmu, axis=0)",
        "np.sum(dxhat * xhat, axis=0)",
        ("factor", "operand"),
        ("x",),
    ),
    Mistake(
        "the wrong sign of the quotient",
        "dsqrtvar = -1.0 /",
        "dsqrtvar = 1.0 /",
        ("path", "scale", "factor", "twice"),
        ("x",),
    ),
    Mistake(
        "wrong power of the deviation",
        "-1.0 / (sqrtvar**2)",
        "-1.0 / sqrtvar",
        ("power", "factor"),
        ("x",),
    ),
    Mistake(
        "power of the variance for the deviation's",
        "-1.0 / (sqrtvar**2)",
        "-1.0 / (sqrtvar**3)",
        ("power", "factor"),
        ("x",),
    ),
    Mistake("the half missing", "0.5 * 1.0 /", "1.0 /", ("scale", "factor", "twice"), ("x",)),
    Mistake(
        "eps missing", "np.sqrt(var + eps) * dsqrtvar", "np.sqrt(var) * dsqrtvar", "eps", ("x",)
    ),
    Mistake(
        "another eps",
        "np.sqrt(var + eps) * dsqrtvar",
        "np.sqrt(var + 1e-8) * dsqrtvar",
        "eps",
        ("x",),
    ),
    Mistake(
        "root missing",
        "np.sqrt(var + eps) * dsqrtvar",
        "(var + eps) * dsqrtvar",
        ("power", "factor"),
        ("x",),
    ),
    Mistake(
        "variance summed",
        "dsq = 1.0 / N * np.ones",
        "dsq = np.ones",
        ("scale", "factor", "twice"),
        ("x",),
    ),
    Mistake(
        "variance by N - 1",
        "dsq = 1.0 / N *",
        "dsq = 1.0 / (N - 1) *",
        ("scale", "factor", "twice"),
        ("x",),
    ),
    Mistake(
        "the two missing",
        "dxmu2 = 2 * xmu * dsq",
        "dxmu2 = xmu * dsq",
        ("scale", "factor", "twice"),
        ("x",),
    ),
    Mistake("variance branch missing", "dx1 = dxmu1 + dxmu2", "dx1 = dxmu1", "path", ("x",)),
    Mistake("only the variance branch", "dx1 = dxmu1 + dxmu2", "dx1 = dxmu2", "path", ("x",)),
    Mistake("mean branch missing", "dx = dx1 + dx2", "dx = dx1", "path", ("x",)),
    Mistake("mean branch twice", "dx = dx1 + dx2", "dx = dx1 + 2 * dx2", "twice", ("x",)),
    Mistake(
        "mean branch of the wrong sign",
        "dmu = -1 *",
        "dmu = 1 *",
        ("path", "scale", "factor", "twice"),
        ("x",),
    ),
    Mistake(
        "mean branch summed",
        "dx2 = 1.0 / N * np.ones",
        "dx2 = np.ones",
        ("scale", "factor", "twice"),
        ("x",),
    ),
)

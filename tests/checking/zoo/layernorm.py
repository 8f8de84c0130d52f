"""Layer normalisation: every row by its own mean and deviation."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "gamma", "beta")


def make(rng):
    """Rows of different spread; never as many rows as columns."""
    n, d = rng.integers(2, 4), rng.integers(4, 7)
    x = rng.normal(size=(n, d)) * rng.uniform(0.5, 2.0, size=(n, 1)) + rng.normal(size=(n, 1))
    return x, rng.uniform(0.5, 1.5, size=d), rng.normal(size=d), {"eps": 1e-2}


def forward(x, gamma, beta, ln_param):
    """Normalises over the features."""
    eps = ln_param.get("eps", 1e-5)
    mu = np.mean(x, axis=1, keepdims=True)
    var = np.var(x, axis=1, keepdims=True)
    x_hat = (x - mu) / np.sqrt(var + eps)
    out = gamma * x_hat + beta
    cache = (x, mu, var, x_hat, gamma, eps)
    return out, cache


def backward(dout, cache):
    """Through the variance, the mean, and directly."""
    x, mu, var, x_hat, gamma, eps = cache
    D = x.shape[1]
    dgamma = np.sum(dout * x_hat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dx_hat = dout * gamma
    dvar = np.sum(dx_hat * (x - mu) * -0.5 * (var + eps) ** -1.5, axis=1, keepdims=True)
    dmu = np.sum(-dx_hat / np.sqrt(var + eps), axis=1, keepdims=True)
    dx = dx_hat / np.sqrt(var + eps)
    dx += dvar * 2.0 * (x - mu) / D
    dx += dmu / D
    return dx, dgamma, dbeta


MISTAKES = (
    Mistake(
        "dgamma over the features",
        "np.sum(dout * x_hat, axis=0)",
        "np.sum(dout * x_hat, axis=1)",
        "axis",
        ("gamma",),
    ),
    Mistake(
        "dgamma of x",
        "np.sum(dout * x_hat, axis=0)",
        "np.sum(dout * x, axis=0)",
        ("operand", "factor"),
        ("gamma",),
    ),
    Mistake("dbeta averaged", "np.sum(dout, axis=0)", "np.mean(dout, axis=0)", "scale", ("beta",)),
    Mistake(
        "dbeta keeps its dimensions",
        "np.sum(dout, axis=0)",
        "np.sum(dout, axis=0, keepdims=True)",
        "shape",
        ("beta",),
    ),
    Mistake("gamma missing", "dx_hat = dout * gamma", "dx_hat = dout * 1", "factor", ("x",)),
    Mistake("wrong power in the variance", "** -1.5", "** -0.5", ("power", "factor"), ("x",)),
    Mistake("power minus one", "** -1.5", "** -1", ("power", "factor"), ("x",)),
    Mistake(
        "the half missing", "* -0.5 * (var", "* -1 * (var", ("scale", "factor", "twice"), ("x",)
    ),
    Mistake(
        "the wrong sign of the half",
        "* -0.5 * (var",
        "* 0.5 * (var",
        ("scale", "factor", "path", "twice"),
        ("x",),
    ),
    Mistake("eps missing in the variance", "(var + eps) ** -1.5", "var**-1.5", "eps", ("x",)),
    Mistake(
        "variance over the batch",
        "** -1.5, axis=1, keepdims=True)",
        "** -1.5, axis=0, keepdims=True)",
        "axis",
        ("x",),
    ),
    Mistake(
        "mean over the batch",
        "np.sqrt(var + eps), axis=1, keepdims=True)",
        "np.sqrt(var + eps), axis=0, keepdims=True)",
        "axis",
        ("x",),
    ),
    Mistake(
        "the wrong sign of the mean",
        "np.sum(-dx_hat /",
        "np.sum(dx_hat /",
        ("scale", "factor", "path", "twice"),
        ("x",),
    ),
    Mistake(
        "eps missing directly",
        "dx = dx_hat / np.sqrt(var + eps)",
        "dx = dx_hat / np.sqrt(var)",
        "eps",
        ("x",),
    ),
    Mistake(
        "root missing",
        "dx = dx_hat / np.sqrt(var + eps)",
        "dx = dx_hat / (var + eps)",
        ("power", "factor"),
        ("x",),
    ),
    Mistake(
        "variance branch missing", "dx += dvar * 2.0 * (x - mu) / D", "dx += 0.0", "path", ("x",)
    ),
    Mistake(
        "the two missing",
        "dvar * 2.0 * (x - mu)",
        "dvar * (x - mu)",
        ("scale", "factor", "twice"),
        ("x",),
    ),
    Mistake(
        "x not centred", "dvar * 2.0 * (x - mu)", "dvar * 2.0 * x", ("operand", "factor"), ("x",)
    ),
    Mistake(
        "divided by the batch",
        "D = x.shape[1]",
        "D = x.shape[0]",
        ("axis", "scale", "factor", "twice", "path"),
        ("x",),
    ),
    Mistake("mean branch missing", "dx += dmu / D", "dx += 0.0", "path", ("x",)),
    Mistake("mean branch twice", "dx += dmu / D", "dx += 2 * dmu / D", "twice", ("x",)),
    Mistake(
        "mean branch assigned",
        "dx += dmu / D",
        "dx = dmu / D + 0 * dx",
        ("overwritten", "path"),
        ("x",),
    ),
)

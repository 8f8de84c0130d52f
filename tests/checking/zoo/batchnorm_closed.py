"""Batch normalisation, backward by the closed formula; the cache is a dict."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "gamma", "beta")


def make(rng):
    """Features of different spread; eps is large enough to be missed."""
    n, d = rng.integers(4, 7), rng.integers(2, 4)
    x = rng.normal(size=(n, d)) * rng.uniform(0.5, 2.0, size=d) + rng.normal(size=d)
    return x, rng.uniform(0.5, 1.5, size=d), rng.normal(size=d)


def forward(x, gamma, beta, eps=1e-2):
    """Normalises over the batch."""
    mean = x.mean(axis=0)
    var = x.var(axis=0)
    istd = 1 / np.sqrt(var + eps)
    x_norm = (x - mean) * istd
    out = gamma * x_norm + beta
    cache = {"x": x, "mean": mean, "var": var, "eps": eps, "x_norm": x_norm, "gamma": gamma}
    return out, cache


def backward(dout, cache):
    """All branches in one line."""
    gamma, x_norm = cache["gamma"], cache["x_norm"]
    std = np.sqrt(cache["var"] + cache["eps"])
    m = dout.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_norm).sum(axis=0)
    dx = (gamma / std / m) * (m * dout - dbeta - x_norm * dgamma)
    return dx, dgamma, dbeta


MISTAKES = (
    Mistake("eps missing", 'cache["var"] + cache["eps"]', 'cache["var"]', "eps", ("x",)),
    Mistake("another eps", 'cache["eps"]', "1e-5", "eps", ("x",)),
    Mistake(
        "root missing",
        'std = np.sqrt(cache["var"] + cache["eps"])',
        'std = cache["var"] + cache["eps"]',
        ("power", "factor"),
        ("x",),
    ),
    Mistake(
        "a product for a quotient",
        "(gamma / std / m)",
        "(gamma * std / m)",
        ("power", "factor"),
        ("x",),
    ),
    Mistake("deviation missing", "(gamma / std / m)", "(gamma / m)", "factor", ("x",)),
    Mistake("gamma missing", "(gamma / std / m)", "(1 / std / m)", "factor", ("x",)),
    Mistake(
        "gamma squared",
        "(gamma / std / m)",
        "(gamma * gamma / std / m)",
        ("factor", "power"),
        ("x",),
    ),
    Mistake("batch missing", "(gamma / std / m)", "(gamma / std)", "scale", ("x",)),
    Mistake(
        "mean branch missing", "m * dout - dbeta - x_norm", "m * dout - x_norm", "path", ("x",)
    ),
    Mistake(
        "mean branch averaged again",
        "- dbeta -",
        "- dbeta / m -",
        ("scale", "factor", "twice"),
        ("x",),
    ),
    Mistake(
        "mean branch added",
        "m * dout - dbeta",
        "m * dout + dbeta",
        ("path", "scale", "factor", "twice"),
        ("x",),
    ),
    Mistake("variance branch missing", "- x_norm * dgamma)", ")", "path", ("x",)),
    Mistake(
        "variance branch twice", "- x_norm * dgamma)", "- 2 * x_norm * dgamma)", "twice", ("x",)
    ),
    Mistake(
        "variance branch with gamma", "- x_norm * dgamma)", "- x_norm * gamma)", "operand", ("x",)
    ),
    Mistake("x for x_norm", "- x_norm * dgamma)", '- cache["x"] * dgamma)', "operand", ("x",)),
    Mistake(
        "dgamma of x",
        "dgamma = (dout * x_norm).sum(axis=0)",
        'dgamma = (dout * cache["x"]).sum(axis=0)',
        "operand",
        ("x", "gamma"),
    ),
    Mistake(
        "dgamma averaged",
        "(dout * x_norm).sum(axis=0)",
        "(dout * x_norm).mean(axis=0)",
        "scale",
        ("x", "gamma"),
    ),
    Mistake("dbeta averaged", "dout.sum(axis=0)", "dout.mean(axis=0)", "scale", ("x", "beta")),
    Mistake("dbeta of all features", "dout.sum(axis=0)", "dout.sum()", "axis", ("x", "beta")),
    Mistake(
        "dbeta keeps its dimensions",
        "dout.sum(axis=0)",
        "dout.sum(axis=0, keepdims=True)",
        "shape",
        ("beta",),
    ),
    Mistake(
        "batch too large by one",
        "m = dout.shape[0]",
        "m = dout.shape[0] + 1",
        ("scale", "factor", "twice", "path"),
        ("x",),
    ),
)

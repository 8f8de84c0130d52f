"""A regression that says how sure it is: mean and log-variance, negative log-likelihood."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, n=7, d=3):
    params = {
        "w_mean": rng.normal(size=d),
        "b_mean": np.array(rng.normal()),
        "w_logvar": 0.5 * rng.normal(size=d),
        "b_logvar": np.array(0.5 * rng.normal()),
    }
    return params, (rng.normal(size=(n, d)), 2 * rng.normal(size=n))


def loss(params, x, y):
    mean = x @ params["w_mean"] + params["b_mean"]
    logvar = x @ params["w_logvar"] + params["b_logvar"]
    return np.mean(0.5 * np.log(2 * np.pi) + 0.5 * logvar + 0.5 * (y - mean) ** 2 / np.exp(logvar))


def gradients(params, x, y):
    n = y.size
    mu = np.dot(x, params["w_mean"]) + params["b_mean"]
    log_sigma2 = np.dot(x, params["w_logvar"]) + params["b_logvar"]
    precision = np.exp(-log_sigma2)
    diff = mu - y
    d_mu = diff * precision / n
    d_logvar = 0.5 * (1 - diff**2 * precision) / n
    return {
        "w_mean": d_mu.dot(x),
        "b_mean": d_mu.sum(),
        "w_logvar": d_logvar.dot(x),
        "b_logvar": d_logvar.sum(),
    }


MEAN, VAR = ("w_mean", "b_mean"), ("w_logvar", "b_logvar")
ALL = MEAN + VAR
MISTAKES = (
    Mistake(
        "targets centred in place", "diff = mu - y", "y -= mu\n    diff = -y.copy()", "modified", ()
    ),
    Mistake(
        "whole numbers",
        "d_mu = diff * precision / n",
        "d_mu = diff * precision // n",
        "integer",
        MEAN,
    ),
    Mistake(
        "small variances cut off",
        "precision = np.exp(-log_sigma2)",
        "precision = 1 / (np.exp(log_sigma2) + 0.01)",
        "eps",
        ALL,
    ),
    Mistake(
        "noise on the precision",
        "precision = np.exp(-log_sigma2)",
        "precision = np.exp(-log_sigma2) + 0.1 * np.random.rand(n)",
        "random",
        ALL,
    ),
    Mistake("precision left out", "d_mu = diff * precision / n", "d_mu = diff / n", "factor", MEAN),
    Mistake(
        "precision squared",
        "d_mu = diff * precision / n",
        "d_mu = diff * precision**2 / n",
        ("power", "factor"),
        MEAN,
    ),
    Mistake(
        "standard deviation for the variance",
        "d_mu = diff * precision / n",
        "d_mu = diff * np.sqrt(precision) / n",
        ("power", "factor"),
        MEAN,
    ),
    Mistake(
        "variance multiplied",
        "precision = np.exp(-log_sigma2)",
        "precision = np.exp(log_sigma2)",
        ("power", "factor"),
        ALL,
    ),
    Mistake(
        "two of the square", "d_mu = diff * precision", "d_mu = 2 * diff * precision", "scale", MEAN
    ),
    Mistake(
        "sign of the difference",
        "diff = mu - y",
        "diff = y - mu",
        "scale",
        MEAN,
        line="diff = y - mu",
    ),
    Mistake("half missing", "0.5 * (1 - diff**2", "(1 - diff**2", "scale", VAR),
    Mistake(
        "log-determinant missing",
        "0.5 * (1 - diff**2 * precision)",
        "-0.5 * diff**2 * precision",
        "path",
        VAR,
    ),
    Mistake(
        "difference not squared", "1 - diff**2 * precision", "1 - diff * precision", "power", VAR
    ),
    Mistake("squares added", "1 - diff**2", "1 + diff**2", "path", VAR),
    Mistake("squares missing", "0.5 * (1 - diff**2 * precision)", "np.full(n, 0.5)", "path", VAR),
    Mistake(
        "derivative by the variance",
        "0.5 * (1 - diff**2 * precision) / n",
        "0.5 * (1 - diff**2 * precision) * precision / n",
        "factor",
        VAR,
    ),
    Mistake(
        "not averaged",
        "0.5 * (1 - diff**2 * precision) / n",
        "0.5 * (1 - diff**2 * precision)",
        "scale",
        VAR,
    ),
    Mistake(
        "averaged over the features",
        "d_mu = diff * precision / n",
        "d_mu = diff * precision / x.shape[1]",
        "scale",
        MEAN,
    ),
    Mistake("bias of the mean averaged again", "d_mu.sum()", "d_mu.mean()", "scale", ("b_mean",)),
    Mistake(
        "mean's error in the variance's bias",
        '"b_logvar": d_logvar.sum()',
        '"b_logvar": d_mu.sum()',
        ("operand", "weights"),
        ("b_logvar",),
    ),
    Mistake(
        "mean's error in the variance's weights",
        '"w_logvar": d_logvar.dot(x)',
        '"w_logvar": d_mu.dot(x)',
        ("operand", "weights"),
        ("w_logvar",),
    ),
    Mistake(
        "weights as a row",
        '"w_mean": d_mu.dot(x)',
        '"w_mean": d_mu[None, :].dot(x)',
        "shape",
        ("w_mean",),
    ),
    Mistake(
        "log-variance not trained",
        '        "b_logvar": d_logvar.sum(),\n',
        "",
        "missing",
        ("b_logvar",),
    ),
    Mistake(
        "variance divided by zero",
        "d_logvar = 0.5 * (1 - diff**2 * precision) / n",
        "d_logvar = 0.5 * (1 - diff**2 * precision) / n + 0 * np.log(diff)",
        "nan",
        VAR,
    ),
)

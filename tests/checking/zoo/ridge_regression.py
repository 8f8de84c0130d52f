"""Linear regression on a centred design with a ridge penalty, and an intercept without."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, n=8, p=3):
    params = {"beta": rng.normal(size=p), "intercept": rng.normal(size=1)}
    x = rng.normal(size=(n, p))
    targets = x @ rng.normal(size=p) + 0.1 * rng.normal(size=n)
    weights = rng.uniform(0.5, 2.0, size=n)
    return params, (x, targets, weights, 0.4)


def predict(params, x):
    return x @ params["beta"] + params["intercept"]


def loss(params, x, targets, weights, alpha):
    r = predict(params, x) - targets
    return np.average(r**2, weights=weights) + alpha * params["beta"] @ params["beta"]


def gradients(params, x, targets, weights, alpha):
    beta = params["beta"]
    residual = predict(params, x) - targets
    share = weights / weights.sum()
    d_residual = 2 * share * residual
    d_beta = x.T @ d_residual
    d_beta += 2 * alpha * beta
    d_intercept = np.array([d_residual.sum()])
    return {"beta": d_beta, "intercept": d_intercept}


BETA, INTERCEPT = ("beta",), ("intercept",)
BOTH = BETA + INTERCEPT
MISTAKES = (
    Mistake(
        "two of the square missing", "= 2 * share * residual", "= share * residual", "scale", BOTH
    ),
    Mistake(
        "targets minus prediction",
        "residual = predict(params, x) - targets",
        "residual = targets - predict(params, x)",
        "scale",
        BOTH,
    ),
    Mistake(
        "weights not normalised",
        "share = weights / weights.sum()",
        "share = weights",
        "scale",
        BOTH,
    ),
    Mistake(
        "weights divided by the number",
        "weights / weights.sum()",
        "weights / len(weights)",
        "scale",
        BOTH,
    ),
    Mistake(
        "weights left out",
        "2 * share * residual",
        "2 / len(x) * residual",
        ("factor", "path"),
        BOTH,
    ),
    Mistake(
        "weights twice", "2 * share * residual", "2 * share * weights * residual", "factor", BOTH
    ),
    Mistake("squared residual", "2 * share * residual", "2 * share * residual**2", "power", BOTH),
    Mistake(
        "sign of the residual",
        "2 * share * residual",
        "2 * share * np.sign(residual)",
        ("power", "factor"),
        BOTH,
    ),
    Mistake(
        "penalty with one half",
        "d_beta += 2 * alpha * beta",
        "d_beta += alpha * beta",
        "regularisation",
        BETA,
    ),
    Mistake("penalty missing", "    d_beta += 2 * alpha * beta\n", "", "regularisation", BETA),
    Mistake(
        "penalty of the lasso",
        "2 * alpha * beta",
        "alpha * np.sign(beta)",
        ("regularisation", "power"),
        BETA,
    ),
    Mistake(
        "penalty averaged", "2 * alpha * beta", "2 * alpha * beta / len(x)", "regularisation", BETA
    ),
    Mistake(
        "penalty on the intercept",
        "[d_residual.sum()])",
        '[d_residual.sum()]) + 2 * alpha * params["intercept"]',
        "regularisation",
        INTERCEPT,
    ),
    Mistake("intercept averaged", "d_residual.sum()", "d_residual.mean()", "scale", INTERCEPT),
    Mistake(
        "intercept as one number",
        "np.array([d_residual.sum()])",
        "d_residual.sum()",
        "shape",
        INTERCEPT,
    ),
    Mistake(
        "intercept not summed",
        "np.array([d_residual.sum()])",
        "d_residual",
        ("axis", "shape"),
        INTERCEPT,
    ),
    Mistake(
        "predictions for inputs",
        "x.T @ d_residual",
        "(x * beta).T @ d_residual",
        ("factor", "operand"),
        BETA,
    ),
    Mistake(
        "inputs modified by centring",
        "    d_beta = x.T @ d_residual",
        "    x -= x.mean(axis=0)\n    d_beta = x.T @ d_residual",
        ("modified", "operand", "path"),
        BETA,
    ),
    Mistake(
        "noise left from an experiment",
        "d_residual = 2 * share * residual",
        "d_residual = 2 * share * residual * (np.random.rand(len(x)) < 0.8)",
        "random",
        BOTH,
    ),
    Mistake(
        "column shape", 'return {"beta": d_beta,', 'return {"beta": d_beta[:, None],', "shape", BETA
    ),
)

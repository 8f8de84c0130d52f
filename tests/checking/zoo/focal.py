"""Focal loss of a logistic classifier: easy samples count little."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, n=8, d=3, scale=1.0):
    params = {"w": rng.normal(size=d), "b": rng.normal(size=1)}
    X = scale * rng.normal(size=(n, d))
    return params, (X, np.arange(n) % 3 == 0, 0.25, 2.5)


def loss(params, X, y, alpha, gamma):
    z = X @ params["w"] + params["b"]
    sign = np.where(y, 1.0, -1.0)
    p_t = 1 / (1 + np.exp(-sign * z))
    alpha_t = np.where(y, alpha, 1 - alpha)
    return np.mean(alpha_t * (1 - p_t) ** gamma * np.logaddexp(0, -sign * z))


def gradients(params, X, y, alpha, gamma):
    n = X.shape[0]
    z = np.dot(X, params["w"]) + params["b"]
    p = 1.0 / (1.0 + np.exp(-z))
    pt = np.where(y, p, 1 - p)
    at = np.where(y, alpha, 1 - alpha)
    log_pt = np.log(pt)
    modulation = -((1 - pt) ** gamma) / pt
    focus = gamma * (1 - pt) ** (gamma - 1) * log_pt
    d_pt = at * (modulation + focus)
    sign = 2.0 * y - 1.0
    dz = d_pt * sign * p * (1 - p) / n
    grad_w = X.T @ dz
    grad_b = np.sum(dz, keepdims=True)
    return {"w": grad_w, "b": grad_b}


BOTH = ("w", "b")
MISTAKES = (
    Mistake(
        "probabilities kept off zero",
        "log_pt = np.log(pt)",
        "log_pt = np.log(pt + 0.01)",
        "eps",
        BOTH,
    ),
    Mistake(
        "weights of the first call",
        "    at = np",
        '    pt = vars(gradients).setdefault("pt", pt)\n    at = np',
        "stale",
        BOTH,
    ),
    Mistake(
        "bias in the weights' buffer",
        "grad_b = np.sum(dz, keepdims=True)",
        "grad_b = grad_w[:1]",
        ("aliased", "operand"),
        BOTH,
    ),
    Mistake(
        "derivative of the modulation missing",
        "at * (modulation + focus)",
        "at * modulation",
        "path",
        BOTH,
    ),
    Mistake(
        "derivative of the logarithm missing",
        "at * (modulation + focus)",
        "at * focus",
        "path",
        BOTH,
    ),
    Mistake(
        "modulation subtracted",
        "at * (modulation + focus)",
        "at * (modulation - focus)",
        "path",
        BOTH,
    ),
    Mistake("power not lowered", "(1 - pt) ** (gamma - 1)", "(1 - pt) ** gamma", "power", BOTH),
    Mistake(
        "gamma not brought down",
        "focus = gamma * (1 - pt)",
        "focus = (1 - pt)",
        ("factor", "path", "scale"),
        BOTH,
    ),
    Mistake("balance left out", "d_pt = at * (", "d_pt = (", "factor", BOTH),
    Mistake(
        "balance of all positive", "d_pt = at * (", "d_pt = alpha * (", ("factor", "labels"), BOTH
    ),
    Mistake(
        "balance exchanged",
        "np.where(y, alpha, 1 - alpha)\n    log_pt",
        "np.where(y, 1 - alpha, alpha)\n    log_pt",
        ("labels", "factor"),
        BOTH,
    ),
    Mistake(
        "sign of the label missing",
        "d_pt * sign * p * (1 - p)",
        "d_pt * p * (1 - p)",
        ("labels", "factor"),
        BOTH,
    ),
    Mistake("sign of the loss", "dz = d_pt * sign", "dz = -d_pt * sign", "scale", BOTH),
    Mistake("slope of the sigmoid missing", "sign * p * (1 - p) / n", "sign / n", "slope", BOTH),
    Mistake(
        "slope of the sigmoid halved",
        "sign * p * (1 - p) / n",
        "sign * p / n",
        ("slope", "factor"),
        BOTH,
    ),
    Mistake(
        "cross entropy's short cut",
        "d_pt * sign * p * (1 - p) / n",
        "(1 - pt) ** gamma * (p - y) / n",
        ("path", "factor"),
        BOTH,
    ),
    Mistake(
        "probability not divided out",
        "-((1 - pt) ** gamma) / pt",
        "-((1 - pt) ** gamma)",
        ("factor", "power", "slope"),  # of the logarithm of a sigmoid
        BOTH,
    ),
    Mistake("not averaged", "p * (1 - p) / n", "p * (1 - p)", "scale", BOTH),
    Mistake("averaged over the features", "n = X.shape[0]", "n = X.shape[1]", "scale", BOTH),
    Mistake("averaged over the positive ones", "n = X.shape[0]", "n = y.sum()", "scale", BOTH),
    Mistake("bias as one number", "np.sum(dz, keepdims=True)", "np.sum(dz)", "shape", ("b",)),
    Mistake(
        "cut off at the wrong side",
        "log_pt = np.log(pt)",
        "log_pt = np.log(np.clip(pt, 0.6, 1))",
        "mask",
        BOTH,
    ),
)

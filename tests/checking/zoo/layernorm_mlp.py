"""A hidden layer that is normalised sample by sample, then ReLU, then a linear output."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, N=5, D=3, H=6):
    for _ in range(300):  # most draws lie too near to a kink
        params = {
            "W1": rng.normal(size=(D, H)),
            "gamma": rng.uniform(0.5, 1.5, size=H),
            "beta": 0.5 * rng.normal(size=H),
            "W2": rng.normal(size=(H, 2)),
            "b2": rng.normal(size=2),
        }
        x, eps = rng.normal(size=(N, D)), 0.05
        y = normalise(x @ params["W1"], eps) * params["gamma"] + params["beta"]
        if np.abs(y).min() > 0.02:
            break
    return params, (x, rng.normal(size=(N, 2)), eps)


def normalise(a, eps):
    mean = a.mean(axis=1, keepdims=True)
    return (a - mean) / np.sqrt(a.var(axis=1, keepdims=True) + eps)


def loss(params, x, target, eps):
    y = normalise(x @ params["W1"], eps) * params["gamma"] + params["beta"]
    out = np.maximum(y, 0) @ params["W2"] + params["b2"]
    return 0.5 * np.sum((out - target) ** 2) / len(x)


def gradients(params, x, target, eps):
    W1, gamma, W2 = params["W1"], params["gamma"], params["W2"]
    N, H = len(x), gamma.size
    a = x.dot(W1)
    mu = np.mean(a, axis=1, keepdims=True)
    centred = a - mu
    var = np.mean(centred**2, axis=1, keepdims=True)
    inv = 1 / np.sqrt(var + eps)
    a_hat = centred * inv
    y = gamma * a_hat + params["beta"]
    h = y * (y > 0)

    dout = (h.dot(W2) + params["b2"] - target) / N
    dW2, db2 = h.T.dot(dout), np.sum(dout, axis=0)
    dy = dout.dot(W2.T) * (y > 0)
    dgamma = np.sum(dy * a_hat, axis=0)
    dbeta = np.sum(dy, axis=0)

    da_hat = dy * gamma
    dvar = np.sum(da_hat * centred, axis=1, keepdims=True) * -0.5 * (var + eps) ** -1.5
    dmu = -np.sum(da_hat * inv, axis=1, keepdims=True)
    da = da_hat * inv
    da += dvar * 2 * centred / H
    da += dmu / H
    return {"W1": x.T.dot(da), "gamma": dgamma, "beta": dbeta, "W2": dW2, "b2": db2}


W1, GAMMA, BETA, W2, B2 = ("W1",), ("gamma",), ("beta",), ("W2",), ("b2",)
NORM = W1 + GAMMA + BETA
ALL = NORM + W2 + B2
MISTAKES = (
    Mistake("path of the variance missing", "    da += dvar * 2 * centred / H\n", "", "path", W1),
    Mistake("path of the mean missing", "    da += dmu / H\n", "", "path", W1),
    Mistake(
        "both paths missing",
        "    da += dvar * 2 * centred / H\n    da += dmu / H\n",
        "",
        "path",
        W1,
    ),
    Mistake(
        "paths assigned", "da += dmu / H", "da = dmu / H", ("overwritten", "path", "shape"), W1
    ),
    Mistake(
        "mean divided by the batch", "da += dmu / H", "da += dmu / N", ("scale", "path", "axis"), W1
    ),
    Mistake(
        "two of the variance missing",
        "dvar * 2 * centred / H",
        "dvar * centred / H",
        ("scale", "path"),
        W1,
    ),
    Mistake(
        "variance not divided",
        "dvar * 2 * centred / H",
        "dvar * 2 * centred",
        ("scale", "path"),
        W1,
    ),
    Mistake(
        "power of one half in the variance",
        "(var + eps) ** -1.5",
        "(var + eps) ** -0.5",
        "power",
        W1,
    ),
    Mistake("eps missing in the variance", "(var + eps) ** -1.5", "var**-1.5", "eps", W1),
    Mistake(
        "eps outside of the root",
        "inv = 1 / np.sqrt(var + eps)",
        "inv = 1 / (np.sqrt(var) + eps)",
        "eps",
        ALL,
    ),
    Mistake(
        "inputs not centred",
        "np.sum(da_hat * centred, axis=1",
        "np.sum(da_hat * a, axis=1",
        ("operand", "path"),
        W1,
    ),
    Mistake("gamma missing on the way back", "da_hat = dy * gamma", "da_hat = dy", "factor", W1),
    Mistake(
        "gamma times what is not normalised",
        "dgamma = np.sum(dy * a_hat, axis=0)",
        "dgamma = np.sum(dy * centred, axis=0)",
        ("operand", "factor"),
        GAMMA,
    ),
    Mistake(
        "gamma summed over the units",
        "dgamma = np.sum(dy * a_hat, axis=0)",
        "dgamma = np.sum(dy * a_hat, axis=1)",
        ("axis", "shape"),
        GAMMA,
    ),
    Mistake(
        "variance over the batch",
        "var = np.mean(centred**2, axis=1, keepdims=True)",
        "var = np.mean(centred**2, axis=0, keepdims=True)",
        "axis",
        ALL,
    ),
    Mistake("mask missing", "dout.dot(W2.T) * (y > 0)", "dout.dot(W2.T)", "mask", NORM),
    Mistake(
        "mask before scale and shift",
        "dout.dot(W2.T) * (y > 0)",
        "dout.dot(W2.T) * (a_hat > 0)",
        "mask",
        NORM,
    ),
    Mistake(
        "beta before the mask",
        "dbeta = np.sum(dy, axis=0)",
        "dbeta = np.sum(dout.dot(W2.T), axis=0)",
        "mask",
        BETA,
    ),
    Mistake(
        "scale of the number of units",
        '(h.dot(W2) + params["b2"] - target) / N',
        '(h.dot(W2) + params["b2"] - target) / H',
        "scale",
        ALL,
    ),
    Mistake(
        "normalised units for rectified ones",
        "h.T.dot(dout), np",
        "a_hat.T.dot(dout), np",
        ("operand", "mask"),
        W2,
    ),
)

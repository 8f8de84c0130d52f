"""Two layers of tanh and softmax; the bias is a last row of the weights, by `np.c_`."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, n=6, d=3, h=4, c=3, scale=1.0):
    params = {"V": rng.normal(size=(d + 1, h)), "W": scale * rng.normal(size=(h + 1, c))}
    x = rng.normal(size=(n, d))
    return params, (x, np.eye(c)[rng.integers(c, size=n)])


def with_bias(x):
    return np.c_[x, np.ones(len(x))]


def loss(params, x, t):
    hidden = np.tanh(with_bias(x) @ params["V"])
    scores = with_bias(hidden) @ params["W"]
    top = scores.max(axis=1)
    log_sum = top + np.log(np.exp(scores - top[:, None]).sum(axis=1))
    return -np.sum(t * (scores - log_sum[:, None])) / len(x)


def gradients(params, x, t):
    V, W = params["V"], params["W"]
    n = x.shape[0]
    x1 = with_bias(x)
    net = x1 @ V
    hidden = np.tanh(net)
    h1 = with_bias(hidden)
    scores = h1 @ W
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    prob = e / e.sum(axis=1, keepdims=True)
    delta = (prob - t) / n
    gW = h1.T @ delta
    back = delta @ W[:-1].T
    delta1 = back * (1 - hidden**2)
    gV = x1.T @ delta1
    return {"V": gV, "W": gW}


V, W = ("V",), ("W",)
MISTAKES = (
    Mistake(
        "first row dropped for the bias", "delta @ W[:-1].T", "delta @ W[1:].T", "bias_column", V
    ),
    Mistake(
        "bias dropped after the product at the wrong end",
        "back = delta @ W[:-1].T",
        "back = (delta @ W.T)[:, 1:]",
        "bias_column",
        V,
    ),
    Mistake(
        "bias not dropped",
        "back = delta @ W[:-1].T\n    delta1 = back * (1 - hidden**2)",
        "back = delta @ W.T\n    delta1 = back * (1 - h1**2)",
        ("bias_column", "shape"),
        V,
    ),
    Mistake(
        "ones in front",
        "gW = h1.T @ delta",
        "gW = np.c_[np.ones(n), hidden].T @ delta",
        ("bias_column", "shifted", "permuted"),
        W,
    ),
    Mistake(
        "ones in front of the inputs",
        "gV = x1.T @ delta1",
        "gV = np.c_[np.ones(n), x].T @ delta1",
        ("bias_column", "shifted", "permuted"),
        V,
    ),
    Mistake(
        "no gradient of the bias",
        "gV = x1.T @ delta1",
        "gV = np.r_[x.T @ delta1, np.zeros((1, V.shape[1]))]",
        ("bias_column", "path"),
        V,
    ),
    Mistake(
        "row of the bias left out",
        "gW = h1.T @ delta",
        "gW = hidden.T @ delta",
        ("shape", "bias_column"),
        W,
    ),
    Mistake(
        "bias also through tanh",
        "h1 = with_bias(hidden)",
        "h1 = np.tanh(with_bias(net))",
        ("operand", "bias_column"),
        V + W,
    ),
    Mistake("slope missing", "delta1 = back * (1 - hidden**2)", "delta1 = back.copy()", "slope", V),
    Mistake("slope at the pre-activation", "(1 - hidden**2)", "(1 - net**2)", "slope", V),
    Mistake("slope of a sigmoid", "(1 - hidden**2)", "hidden * (1 - hidden)", "slope", V),
    Mistake("slope of a relu", "(1 - hidden**2)", "(hidden > 0)", ("slope", "mask"), V),
    Mistake("sign", "(prob - t) / n", "(t - prob) / n", "scale", V + W),
    Mistake("summed", "(prob - t) / n", "prob - t", "scale", V + W),
    Mistake(
        "labels turned by one",
        "(prob - t) / n",
        "(prob - np.roll(t, 1, axis=1)) / n",
        "labels",
        V + W,
    ),
    Mistake(
        "probabilities squared",
        "(prob - t) / n",
        "(prob - t) * prob * (1 - prob) / n",
        "slope",
        V + W,
    ),
    Mistake(
        "sums of the batch",
        "e / e.sum(axis=1, keepdims=True)",
        "e / e.sum()",
        ("axis", "labels"),
        V + W,
    ),
    Mistake(
        "softmax without shift",
        "np.exp(scores - scores.max(axis=1, keepdims=True))",
        "np.exp(scores)",
        ("overflow", "nan"),
        V + W,
        make={"scale": 1e4},
    ),
    Mistake("whole numbers", "(prob - t) / n", "(prob - t) // n", "integer", V + W),
    Mistake("result as a list", '"W": gW}', '"W": gW.astype(np.float32)}', "dtype", W),
)

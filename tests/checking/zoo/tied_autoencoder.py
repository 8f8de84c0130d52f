"""An autoencoder whose decoder is the transpose of its encoder."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, N=6, D=5, H=3):
    params = {
        "W": rng.standard_normal((D, H)),
        "hidden_bias": rng.standard_normal(H),
        "visible_bias": rng.standard_normal(D),
    }
    X = rng.standard_normal((N, D))
    return params, (X, X + 0.3 * rng.standard_normal((N, D)))


def encode(params, X):
    return np.tanh(X.dot(params["W"]) + params["hidden_bias"])


def loss(params, X, noisy):
    H = encode(params, noisy)
    reconstruction = H.dot(params["W"].T) + params["visible_bias"]
    return np.mean(np.sum((reconstruction - X) ** 2, axis=1))


def gradients(params, X, noisy):
    W = params["W"]
    N = len(X)
    hidden = encode(params, noisy)
    out = hidden.dot(W.T) + params["visible_bias"]
    dout = 2 * (out - X) / N
    g = dict()
    g["visible_bias"] = dout.sum(0)
    g["W"] = dout.T.dot(hidden)
    dhidden = dout.dot(W)
    dpre = dhidden * (1 - hidden**2)
    g["hidden_bias"] = dpre.sum(0)
    g["W"] += noisy.T.dot(dpre)
    return g


W, H, V = ("W",), ("hidden_bias",), ("visible_bias",)
ALL = W + H + V
MISTAKES = (
    Mistake(
        "hidden units of the first call",
        "dpre = dhidden * (1 - hidden**2)",
        'dpre = dhidden * (1 - vars(gradients).setdefault("hidden", hidden) ** 2)',
        "stale",
        W + H,
    ),
    Mistake(
        "noise drawn again",
        'g["W"] += noisy.T',
        'noisy = X + 0.3 * np.random.standard_normal(X.shape)\n    g["W"] += noisy.T',
        "random",
        W,
    ),
    Mistake(
        "gradients of all calls",
        '    g["visible_bias"] = dout.sum(0)',
        '    total = vars(gradients).setdefault("all", np.zeros(X.shape[1]))\n'
        "    total += dout.sum(0)\n"
        '    g["visible_bias"] = total.copy()',
        "accumulated",
        V,
        line="total += dout.sum(0)",
    ),
    Mistake(
        "single precision",
        'g["hidden_bias"] = dpre.sum(0)',
        'g["hidden_bias"] = dpre.sum(0, dtype=np.float32)',
        "dtype",
        H,
    ),
    Mistake(
        "inverse of the tanh at one",
        "(1 - hidden**2)",
        "(1 - np.tanh(np.arctanh(2 * hidden)) ** 2)",
        "nan",
        W + H,
    ),
    Mistake(
        "decoder's share missing",
        '    g["W"] += noisy.T.dot(dpre)',
        '    g["W"] = noisy.T.dot(dpre)',
        ("path", "overwritten"),
        W,
    ),
    Mistake("encoder's share missing", '    g["W"] += noisy.T.dot(dpre)\n', "", "path", W),
    Mistake("encoder's share subtracted", 'g["W"] += noisy', 'g["W"] -= noisy', "path", W),
    Mistake(
        "encoder's share twice", "noisy.T.dot(dpre)", "2 * noisy.T.dot(dpre)", ("twice", "path"), W
    ),
    Mistake(
        "clean inputs for the noisy ones",
        "noisy.T.dot(dpre)",
        "X.T.dot(dpre)",
        ("operand", "path"),
        W,
    ),
    Mistake("slope of the tanh missing", "dhidden * (1 - hidden**2)", "dhidden", "slope", W + H),
    Mistake("slope without the square", "1 - hidden**2", "1 - hidden", ("slope", "power"), W + H),
    Mistake("slope of a sigmoid", "(1 - hidden**2)", "hidden * (1 - hidden)", "slope", W + H),
    Mistake(
        "slope of the tanh of a tanh", "1 - hidden**2", "1 - np.tanh(hidden) ** 2", "slope", W + H
    ),
    Mistake("slope squared", "(1 - hidden**2)", "(1 - hidden**2) ** 2", "slope", W + H),
    Mistake("two of the square missing", "2 * (out - X) / N", "(out - X) / N", "scale", ALL),
    Mistake("not averaged", "2 * (out - X) / N", "2 * (out - X)", "scale", ALL),
    Mistake(
        "averaged over all entries", "2 * (out - X) / N", "2 * (out - X) / X.size", "scale", ALL
    ),
    Mistake(
        "compared with the noisy inputs",
        "2 * (out - X) / N",
        "2 * (out - noisy) / N",
        ("operand", "labels"),
        ALL,
    ),
    Mistake("square not undone", "2 * (out - X) / N", "2 * (out - X) ** 2 / N", "power", ALL),
    Mistake("bias averaged", "dpre.sum(0)", "dpre.mean(0)", "scale", H),
    Mistake("bias before the slope", "dpre.sum(0)", "dhidden.sum(0)", "slope", H),
    Mistake("bias summed over the features", "dout.sum(0)", "dout.sum(1)", ("axis", "shape"), V),
    Mistake(
        "step taken before the way back",
        "    dhidden = dout.dot(W)",
        '    W = W - 0.1 * g["W"]\n    dhidden = dout.dot(W)',
        "weights",
        W + H,
    ),
)

"""Two hidden layers with inverted dropout, whose masks are drawn outside and handed in."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, N=6, D=4, H=5):
    params = {
        "W1": rng.normal(size=(D, H)),
        "b1": rng.normal(size=(1, H)),
        "W2": rng.normal(size=(H, H)),
        "b2": rng.normal(size=(1, H)),
        "W3": rng.normal(size=(H, 1)),
    }
    masks = [np.resize(rng.permutation([True, True, False]), (N, H)) for _ in range(2)]
    return params, (rng.normal(size=(N, D)), rng.normal(size=(N, 1)), masks, 0.7)


def leaky(z):
    return np.log1p(np.exp(z))


def loss(params, X, y, masks, keep):
    h1 = leaky(X @ params["W1"] + params["b1"]) * masks[0] / keep
    h2 = np.sin(h1 @ params["W2"] + params["b2"]) * masks[1] / keep
    return np.mean(np.square(h2 @ params["W3"] - y))


def gradients(params, X, y, masks, keep):
    W1, b1, W2, b2, W3 = (params[k] for k in ("W1", "b1", "W2", "b2", "W3"))
    m1, m2 = masks
    z1 = X @ W1 + b1
    h1 = leaky(z1) * m1 / keep
    z2 = h1 @ W2 + b2
    h2 = np.sin(z2) * m2 / keep
    dout = 2 * (h2 @ W3 - y) / len(y)

    dW3 = h2.T @ dout
    dh2 = dout @ W3.T
    dh2 = dh2 * m2 / keep
    dz2 = dh2 * np.cos(z2)
    dW2 = h1.T @ dz2
    db2 = dz2.sum(axis=0, keepdims=True)
    dh1 = dz2 @ W2.T
    dh1 = dh1 * m1 / keep
    dz1 = dh1 / (1 + np.exp(-z1))
    dW1 = X.T @ dz1
    db1 = dz1.sum(axis=0, keepdims=True)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3}


ONE, TWO, THREE = ("W1", "b1"), ("W2", "b2"), ("W3",)
ALL = ONE + TWO + THREE
MISTAKES = (
    Mistake(
        "mask of the second layer missing",
        "    dh2 = dh2 * m2 / keep\n",
        "    dh2 = dh2 / keep\n",
        "mask",
        ONE + TWO,
    ),
    Mistake("mask and scale missing", "    dh1 = dh1 * m1 / keep\n", "", "mask", ONE),
    Mistake(
        "scale of the dropout missing",
        "dh2 = dh2 * m2 / keep",
        "dh2 = dh2 * m2",
        ("mask", "scale"),
        ONE + TWO,
    ),
    Mistake(
        "scale multiplied", "dh1 = dh1 * m1 / keep", "dh1 = dh1 * m1 * keep", ("mask", "scale"), ONE
    ),
    Mistake(
        "scale of what is dropped",
        "dh1 = dh1 * m1 / keep",
        "dh1 = dh1 * m1 / (1 - keep)",
        ("mask", "scale"),
        ONE,
    ),
    Mistake(
        "mask of the other layer", "dh1 = dh1 * m1 / keep", "dh1 = dh1 * m2 / keep", "mask", ONE
    ),
    Mistake("mask turned", "dh2 = dh2 * m2 / keep", "dh2 = dh2 * ~m2 / keep", "mask", ONE + TWO),
    Mistake(
        "mask drawn again",
        "dh1 = dh1 * m1 / keep",
        "dh1 = dh1 * (np.random.rand(*m1.shape) < keep) / keep",
        ("random", "mask"),
        ONE,
    ),
    Mistake("slope of the sine missing", "dh2 * np.cos(z2)", "dh2 * 1", "slope", ONE + TWO),
    Mistake("slope of the sine at the activation", "np.cos(z2)", "np.cos(h2)", "slope", ONE + TWO),
    Mistake(
        "slope of the sine with a minus",
        "dh2 * np.cos(z2)",
        "-dh2 * np.cos(z2)",
        ("scale", "slope"),
        ONE + TWO,
    ),
    Mistake("slope of the softplus missing", "dh1 / (1 + np.exp(-z1))", "dh1 + 0", "slope", ONE),
    Mistake(
        "slope of the softplus of minus z",
        "1 + np.exp(-z1)",
        "1 + np.exp(z1)",
        ("slope", "factor"),
        ONE,
    ),
    Mistake(
        "activation before dropout",
        "dW3 = h2.T @ dout",
        "dW3 = np.sin(z2).T @ dout",
        ("operand", "mask"),
        THREE,
    ),
    Mistake("weights of the layer above", "dz2 @ W2.T", "dz2 @ W2", ("operand", "transposed"), ONE),
    Mistake(
        "bias without dimension",
        "db1 = dz1.sum(axis=0, keepdims=True)",
        "db1 = dz1.sum(axis=0)",
        "shape",
        ("b1",),
    ),
    Mistake(
        "bias over the units",
        "db2 = dz2.sum(axis=0, keepdims=True)",
        "db2 = dz2.sum(axis=1, keepdims=True)",
        ("axis", "shape"),
        ("b2",),
    ),
    Mistake("squares not halved nor doubled", "2 * (h2 @ W3 - y)", "(h2 @ W3 - y)", "scale", ALL),
    Mistake("no gradient of the last layer", '"W3": dW3', '"W3": None', "missing", THREE),
    Mistake(
        "root of a negative number",
        "dout @ W3.T",
        "dout @ (W3 + 0 * np.sqrt(W3)).T",
        "nan",
        ONE + TWO,
    ),
    Mistake(
        "hidden units of the first call",
        "dW2 = h1.T @ dz2",
        'dW2 = vars(gradients).setdefault("h1", h1).T @ dz2',
        "stale",
        ("W2",),
    ),
)

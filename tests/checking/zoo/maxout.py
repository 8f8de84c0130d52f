"""A maxout layer: the largest of k affine pieces, by argmax."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "W", "b")


def make(rng):
    """Several pieces; every piece wins somewhere."""
    n, d, units, k = 12, rng.integers(2, 4), rng.integers(2, 4), 3
    x = rng.normal(size=(n, d))
    return x, rng.normal(size=(k, d, units)), 0.1 * rng.normal(size=(k, units))


def forward(x, W, b):
    """The largest piece of each unit."""
    pieces = np.stack([x @ W[j] + b[j] for j in range(len(W))])
    winner = pieces.argmax(axis=0)
    out = pieces.max(axis=0)
    return out, (x, W, b, winner)


def backward(dout, cache):
    """Only the winning piece gets something."""
    x, W, b, winner = cache
    dx = np.zeros_like(x)
    dW, db = np.zeros_like(W), np.zeros_like(b)
    for j in range(W.shape[0]):
        dpiece = dout * (winner == j)
        dx += dpiece @ W[j].T
        dW[j] = x.T @ dpiece
        db[j] = dpiece.sum(axis=0)
    return dx, dW, db


X, W, B = ("x",), ("W",), ("b",)
ALL = ("x", "W", "b")
MISTAKES = (
    Mistake("no mask", "dout * (winner == j)", "dout * 1.0", "mask", ALL),
    Mistake("losers only", "winner == j", "winner != j", "mask", ALL),
    Mistake("all pieces but the first", "winner == j", "winner <= j", "mask", ALL),
    Mistake(
        "share for each piece", "dout * (winner == j)", "dout / len(W)", ("mask", "scale"), ALL
    ),
    Mistake("winners one off", "winner == j", "winner == j - 1", ("mask", "shifted"), ALL),
    Mistake(
        "incoming gradient missing", "dout * (winner == j)", "1.0 * (winner == j)", "factor", ALL
    ),
    Mistake("winner of the first row", "winner == j", "winner[0] == j", "mask", ALL),
    Mistake("dx assigned", "dx += dpiece", "dx = dpiece", "overwritten", X),
    Mistake(
        "dx by the first piece", "dpiece @ W[j].T", "dpiece @ W[0].T", ("operand", "weights"), X
    ),
    Mistake(
        "dx by the piece before",
        "dpiece @ W[j].T",
        "dpiece @ W[j - 1].T",
        ("weights", "operand", "shifted"),
        X,
    ),
    Mistake("dx without mask", "dpiece @ W[j].T", "dout @ W[j].T", "mask", X),
    Mistake(
        "dx averaged over pieces",
        "dx += dpiece @ W[j].T",
        "dx += dpiece @ W[j].T / len(W)",
        "scale",
        X,
    ),
    Mistake("dW without mask", "x.T @ dpiece", "x.T @ dout", "mask", W),
    Mistake("dW averaged", "x.T @ dpiece", "x.T @ dpiece / len(x)", "scale", W),
    Mistake(
        "dW of the first piece for all",
        "dW[j] = x.T @ dpiece",
        "dW[:] = x.T @ dpiece",
        ("overwritten", "operand"),
        W,
    ),
    Mistake("pieces of dW in reverse", "dW[j] = x", "dW[-1 - j] = x", ("permuted", "shifted"), W),
    Mistake("db without mask", "dpiece.sum(axis=0)", "dout.sum(axis=0)", "mask", B),
    Mistake("db of all units", "dpiece.sum(axis=0)", "dpiece.sum()", "axis", B),
    Mistake("db averaged", "dpiece.sum(axis=0)", "dpiece.mean(axis=0)", "scale", B),
    Mistake(
        "db in single precision", "np.zeros_like(b)", "np.zeros(b.shape, np.float32)", "dtype", B
    ),
    Mistake(
        "db of the last piece only",
        "db[j] = dpiece",
        "db[-1] = dpiece",
        ("overwritten", "path", "shifted"),
        B,
    ),
)

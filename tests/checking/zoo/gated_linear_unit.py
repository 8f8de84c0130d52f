"""A gated linear unit with Swish (SwiGLU): one matrix, its halves by np.split."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "W", "V")


def make(rng):
    """Sequences; as many gates as units."""
    d, u = rng.integers(3, 5), rng.integers(3, 5)
    return rng.normal(size=(2, 3, d)), rng.normal(size=(d, 2 * u)), rng.normal(size=(u, d))


def forward(x, W, V):
    """(a sigmoid(a) * b) V, where a, b are the halves of x W."""
    h = np.matmul(x, W)
    a, b = np.split(h, 2, axis=-1)
    s = 1.0 / (1.0 + np.exp(-a))
    swish = a * s
    y = swish * b
    return np.matmul(y, V), (x, W, V, a, b, s, swish, y)


def backward(dout, cache):
    """Both halves, put together again."""
    x, W, V, a, b, s, swish, y = cache
    dy = np.matmul(dout, V.T)
    dV = np.einsum("btu,btd->ud", y, dout)
    db = dy * swish
    dswish = dy * b
    da = dswish * (s + a * s * (1 - s))
    dh = np.concatenate([da, db], axis=-1)
    dW = np.einsum("btd,bth->dh", x, dh)
    dx = np.matmul(dh, W.T)
    return dx, dW, dV


X, W, V, XW = ("x",), ("W",), ("V",), ("x", "W")
MISTAKES = (
    Mistake("dV of the gate", 'ud", y, dout', 'ud", swish, dout', ("operand", "factor"), V),
    Mistake("dV transposed", "btu,btd->ud", "btu,btd->du", "transposed", V),
    Mistake("dV of each sequence", "btu,btd->ud", "btu,btd->bud", "axis", V),
    Mistake("dV averaged over sequences", ", y, dout)", ", y / len(y), dout)", "scale", V),
    Mistake("gate missing", "db = dy * swish", "db = 1 * dy", "factor", XW),
    Mistake("sigmoid for the gate", "db = dy * swish", "db = dy * s", ("operand", "factor"), XW),
    Mistake("the other half", "db = dy * swish", "db = dy * b", "operand", XW),
    Mistake("linear half missing", "dswish = dy * b", "dswish = 1 * dy", "factor", XW),
    Mistake("gate by itself", "dswish = dy * b", "dswish = dy * a", "operand", XW),
    Mistake("slope of the sigmoid alone", "(s + a * s * (1 - s))", "s * (1 - s)", "slope", XW),
    Mistake(
        "slope without its first part",
        "(s + a * s * (1 - s))",
        "a * s * (1 - s)",
        ("slope", "path"),
        XW,
    ),
    Mistake("slope without its second part", "(s + a * s * (1 - s))", "s", ("slope", "path"), XW),
    Mistake("slope missing", "da = dswish * (s + a * s * (1 - s))", "da = dswish", "slope", XW),
    Mistake(
        "slope without the input", "s + a * s * (1 - s)", "s + s * (1 - s)", ("slope", "factor"), XW
    ),
    Mistake(
        "sign of the slope's second part", "(s + a *", "(s - a *", ("slope", "path", "twice"), XW
    ),
    Mistake(
        "halves exchanged",
        "np.concatenate([da, db], axis=-1)",
        "np.concatenate([db, da], axis=-1)",
        "permuted",
        XW,
    ),
    Mistake(
        "halves interleaved",
        "np.concatenate([da, db], axis=-1)",
        "np.stack([da, db], axis=-1).reshape(*a.shape[:-1], -1)",
        "permuted",
        XW,
    ),
    Mistake(
        "half of the gates forgotten",
        "np.concatenate([da, db]",
        "np.concatenate([0 * da, db]",
        "path",
        XW,
    ),
    Mistake(
        "dW of the first step", 'dh", x, dh)', 'dh", x[:, :1], dh[:, :1])', ("path", "axis"), W
    ),
    Mistake("dW of the sequences", "btd,bth->dh", "btd,bth->bdh", "axis", W),
    Mistake(
        "dx of the gates only",
        "np.matmul(dh, W.T)",
        "np.matmul(da, W[:, : a.shape[-1]].T)",
        "path",
        X,
    ),
    Mistake(
        "dx without slope",
        "np.matmul(dh, W.T)",
        "np.matmul(np.concatenate([dswish, db], -1), W.T)",
        ("slope", "operand"),
        X,
    ),
    Mistake(
        "dx with halves of W exchanged",
        "np.matmul(dh, W.T)",
        "np.matmul(dh, np.roll(W, a.shape[-1], axis=1).T)",
        ("weights", "permuted", "operand"),
        X,
    ),
)

"""Inverted dropout as in cs231n: options in a dict, a seed so that the mask can be drawn again."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x",)


def make(rng):
    """Probabilities whose scale is not one, and a mask with zeros and ones."""
    x = rng.normal(size=(rng.integers(4, 7), rng.integers(5, 8)))
    x[0] = np.abs(x[0])
    p = float(rng.choice([0.4, 0.6, 0.7]))
    return x, {"p": p, "mode": "train", "seed": int(rng.integers(1000))}


def forward(x, dropout_param):
    """p is the probability of keeping a neuron."""
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = None
    out = None
    if mode == "train":
        mask = (np.random.rand(*x.shape) < p) / p
        out = x * mask
    elif mode == "test":
        out = x
    cache = (dropout_param, mask, x)
    return out, cache


def backward(dout, cache):
    """Only the neurons that were kept get something."""
    dropout_param, mask, _x = cache
    mode = dropout_param["mode"]

    dx = None
    if mode == "train":
        dx = dout * mask
    elif mode == "test":
        dx = dout
    return dx


MISTAKES = (
    Mistake("no mask", "dx = dout * mask", "dx = dout / dropout_param['p']", "mask", ("x",)),
    Mistake("neither mask nor scale", "dx = dout * mask", "dx = 1 * dout", "mask", ("x",)),
    Mistake(
        "mask without scale",
        "dx = dout * mask",
        "dx = dout * (mask > 0)",
        ("mask", "scale"),
        ("x",),
    ),
    Mistake(
        "scaled twice",
        "dx = dout * mask",
        "dx = dout * mask / dropout_param['p']",
        ("mask", "scale"),
        ("x",),
    ),
    Mistake(
        "scaled with the other probability",
        "dx = dout * mask",
        "dx = dout * (mask > 0) / (1 - dropout_param['p'])",
        ("mask", "scale"),
        ("x",),
    ),
    Mistake(
        "times p",
        "dx = dout * mask",
        "dx = dout * (mask > 0) * dropout_param['p']",
        ("mask", "scale"),
        ("x",),
    ),
    Mistake("dropped neurons only", "dx = dout * mask", "dx = dout * (mask == 0)", "mask", ("x",)),
    Mistake(
        "neurons that are positive", "dx = dout * mask", "dx = dout * (_x > 0)", "mask", ("x",)
    ),
    Mistake(
        "only kept and positive neurons",
        "dx = dout * mask",
        "dx = dout * mask * (_x > 0)",
        "mask",
        ("x",),
    ),
    Mistake(
        "a new mask",
        "dx = dout * mask",
        "mask = (np.random.rand(*mask.shape) < 0.5) * 2\n        dx = dout * mask",
        ("random", "mask"),
        ("x",),
    ),
    Mistake(
        "neurons that the incoming gradient keeps",
        "dx = dout * mask",
        "dx = dout * (np.abs(dout) < dropout_param['p'])",
        "mask",
        ("x",),
    ),
    Mistake(
        "one mask for the whole batch", "dx = dout * mask", "dx = dout * mask[0]", "mask", ("x",)
    ),
    Mistake(
        "mask rolled by one",
        "dx = dout * mask",
        "dx = dout * np.roll(mask, 1, axis=0)",
        ("mask", "shifted"),
        ("x",),
    ),
    Mistake("times the output", "dx = dout * mask", "dx = dout * mask * _x", "factor", ("x",)),
    Mistake(
        "as in the test mode",
        'if mode == "train":\n        dx',
        'if mode != "train":\n        dx',
        "missing",
        ("x",),
    ),
    Mistake("averaged", "dx = dout * mask", "dx = dout * mask / len(dout)", "scale", ("x",)),
    Mistake(
        "single precision",
        "dx = dout * mask",
        "dx = (dout * mask).astype('float32')",
        "dtype",
        ("x",),
    ),
    Mistake(
        "the incoming gradient is overwritten",
        "dx = dout * mask",
        "dout *= mask\n        dx = dout",
        "modified",
        (),
    ),
)

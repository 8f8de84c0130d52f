"""ReLU with dropout as one class that keeps its masks; where masks get lost between the passes."""

import numpy as np

from .mistakes import Mistake

STYLE = "class"
NAMES = ("x",)
GRADIENTS = {"scale": "dscale"}


class DroppedRelu:
    """The mask is drawn anew from the seed, or the passes would not belong together."""

    def __init__(self, scale, ratio, seed):
        self.scale = scale
        self.dropout_ratio = ratio
        self.seed = seed
        self.mask = None
        self.positive = None
        self.dscale = None

    def forward(self, x):
        rng = np.random.RandomState(self.seed)
        self.x = x
        self.positive = x > 0
        self.mask = rng.rand(*x.shape) > self.dropout_ratio
        self.mask[:2] = [[True], [False]]
        self.relu = np.where(self.positive, x, 0.0)
        return self.scale * self.relu * self.mask

    def backward(self, dout):
        dropped = dout * self.mask
        self.dscale = np.sum(dropped * self.relu, axis=0)
        dx = dropped * self.scale
        dx[~self.positive] = 0
        return dx


def make(rng):
    """Entries away from the kink; kept and dropped, positive and negative ones in each column."""
    x = rng.uniform(0.3, 2.0, size=(rng.integers(6, 9), rng.integers(3, 5)))
    x *= rng.choice([-1.0, 1.0], size=x.shape)
    x[:2] = 0.5 + rng.random((2, x.shape[1]))
    x[2] = -1.5
    return DroppedRelu(rng.uniform(0.5, 2.0, size=x.shape[1]), 0.4, int(rng.integers(999))), (x,)


X, S, BOTH = ("x",), ("scale",), ("x", "scale")
MISTAKES = (
    Mistake("dropout missing", "dropped = dout * self.mask", "dropped = 1 * dout", "mask", BOTH),
    Mistake(
        "a mask of its own",
        "dropped = dout * self.mask",
        "dropped = dout * (np.random.rand(*dout.shape) > 0.4)",
        ("random", "mask"),
        BOTH,
    ),
    Mistake(
        "a mask from the generator of all",
        "dx = dropped * self.scale",
        "dx = dout * np.random.binomial(1, 0.6, dout.shape) * self.scale",
        ("random", "mask"),
        X,
    ),
    Mistake(
        "activation of the first call",
        "dropped = dout * self.mask",
        "self.first = getattr(self, 'first', self.relu)\n"
        "        self.relu = self.first\n        dropped = dout * self.mask",
        "stale",
        S,
    ),
    Mistake(
        "input of the first call",
        "self.dscale = np.sum(dropped * self.relu",
        "self.old = getattr(self, 'old', self.x)\n"
        "        self.dscale = np.sum(dropped * np.maximum(self.old, 0)",
        "stale",
        S,
    ),
    Mistake(
        "scale of the first call",
        "dx = dropped * self.scale",
        "self.s0 = getattr(self, 's0', self.scale.copy())\n        dx = dropped * self.s0",
        ("stale", "weights"),
        X,
    ),
    Mistake(
        "scaled mask",
        "dropped = dout * self.mask",
        "dropped = dout * self.mask / (1 - self.dropout_ratio)",
        ("scale", "mask"),
        BOTH,
    ),
    Mistake("mask the other way", "dout * self.mask", "dout * ~self.mask", "mask", BOTH),
    Mistake("no mask of the signs", "        dx[~self.positive] = 0\n", "", "mask", X),
    Mistake(
        "mask of the signs the other way", "dx[~self.positive]", "dx[self.positive]", "mask", X
    ),
    Mistake("scale missing", "dx = dropped * self.scale", "dx = 1 * dropped", "factor", X),
    Mistake(
        "written into the incoming gradient",
        "dx = dropped * self.scale\n        dx[~",
        "dx = dropped * self.scale\n        dout[:] = dx\n        dx[~",
        "modified",
        (),
    ),
    Mistake(
        "dscale of the input", "dropped * self.relu", "dropped * self.x", ("operand", "mask"), S
    ),
    Mistake(
        "dscale without the mask",
        "np.sum(dropped * self.relu",
        "np.sum(dout * self.relu",
        "mask",
        S,
    ),
    Mistake(
        "dscale accumulated",
        "self.dscale = np.sum(",
        "self.dscale = (0 if self.dscale is None else self.dscale) + np.sum(",
        "accumulated",
        S,
    ),
    Mistake(
        "dscale in one buffer",
        "self.dscale = np.sum(dropped * self.relu, axis=0)",
        "self.buffer = getattr(self, 'buffer', np.zeros_like(self.scale))\n"
        "        self.dscale = np.sum(dropped * self.relu, axis=0, out=self.buffer)",
        "aliased",
        S,
    ),
    Mistake(
        "dx in one buffer",
        "dx = dropped * self.scale",
        "self.dx = getattr(self, 'dx', np.zeros_like(dout))\n"
        "        dx = np.multiply(dropped, self.scale, out=self.dx)",
        "aliased",
        X,
    ),
    Mistake("dscale over the features", "self.relu, axis=0)", "self.relu, axis=1)", "axis", S),
)

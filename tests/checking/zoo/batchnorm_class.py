"""Batch normalisation as a class, as in 'deep learning from scratch'."""

import numpy as np

from .mistakes import Mistake

STYLE = "class"
NAMES = ("x",)
GRADIENTS = {"gamma": "dgamma", "beta": "dbeta"}


class BatchNormalization:
    """Keeps running averages, and what the last forward pass left."""

    def __init__(self, gamma, beta, momentum=0.9):
        self.gamma = gamma
        self.beta = beta
        self.momentum = momentum
        self.running_mean = None
        self.batch_size = None
        self.xc = None
        self.std = None
        self.dgamma = None
        self.dbeta = None

    def forward(self, x):
        if self.running_mean is None:
            self.running_mean = np.zeros(x.shape[1])
        mu = x.mean(axis=0)
        xc = x - mu
        var = np.mean(xc**2, axis=0)
        std = np.sqrt(var + 10e-3)
        xn = xc / std
        self.batch_size = x.shape[0]
        self.xc = xc
        self.xn = xn
        self.std = std
        self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mu
        out = self.gamma * xn + self.beta
        return out

    def backward(self, dout):
        dbeta = dout.sum(axis=0)
        dgamma = np.sum(self.xn * dout, axis=0)
        dxn = self.gamma * dout
        dxc = dxn / self.std
        dstd = -np.sum((dxn * self.xc) / (self.std * self.std), axis=0)
        dvar = 0.5 * dstd / self.std
        dxc += (2.0 / self.batch_size) * self.xc * dvar
        dmu = np.sum(dxc, axis=0)
        dx = dxc - dmu / self.batch_size
        self.dgamma = dgamma
        self.dbeta = dbeta
        return dx


def make(rng):
    """Features of different spread."""
    n, d = rng.integers(4, 7), rng.integers(2, 4)
    layer = BatchNormalization(rng.uniform(0.5, 1.5, size=d), rng.normal(size=d))
    return layer, (rng.normal(size=(n, d)) * rng.uniform(0.4, 2.0, size=d),)


X, G, B = ("x",), ("gamma",), ("beta",)
PART = ("scale", "factor", "twice")
MISTAKES = (
    Mistake("dbeta averaged", "dout.sum(axis=0)", "dout.mean(axis=0)", "scale", B),
    Mistake("dbeta over features", "dout.sum(axis=0)", "dout.sum(axis=1)", "axis", B),
    Mistake(
        "dbeta accumulated",
        "self.dbeta = dbeta",
        "self.dbeta = dbeta if self.dbeta is None else self.dbeta + dbeta",
        "accumulated",
        B,
    ),
    Mistake(
        "dgamma of what is not divided",
        "np.sum(self.xn * dout",
        "np.sum(self.xc * dout",
        ("operand", "factor"),
        G,
    ),
    Mistake(
        "dgamma averaged",
        "np.sum(self.xn * dout, axis=0)",
        "np.sum(self.xn * dout, axis=0) / self.batch_size",
        "scale",
        G,
    ),
    Mistake(
        "dgamma of the first call",
        "        self.dgamma = dgamma\n",
        "        if self.dgamma is None:\n            self.dgamma = dgamma\n",
        "stale",
        G,
    ),
    Mistake(
        "dgamma and dbeta exchanged",
        "self.dgamma = dgamma\n        self.dbeta = dbeta",
        "self.dgamma = dbeta\n        self.dbeta = dgamma",
        ("operand", "factor", "unknown"),
        (*G, *B),
    ),
    Mistake("gamma missing", "dxn = self.gamma * dout", "dxn = 1 * dout", "factor", X),
    Mistake(
        "beta for gamma",
        "dxn = self.gamma * dout",
        "dxn = self.beta * dout",
        ("operand", "weights", "factor"),
        X,
    ),
    Mistake(
        "eps missing",
        "dxc = dxn / self.std",
        "dxc = dxn / np.sqrt(np.mean(self.xc**2, axis=0))",
        "eps",
        X,
    ),
    Mistake("sign of the deviation", "dstd = -np.sum", "dstd = np.sum", (*PART, "path"), X),
    Mistake("power of the deviation", "(self.std * self.std)", "self.std", ("power", "factor"), X),
    Mistake("half missing", "dvar = 0.5 * dstd", "dvar = dstd", PART, X),
    Mistake("root missing", "0.5 * dstd / self.std", "0.5 * dstd", ("power", "factor"), X),
    Mistake("batch missing in the variance", "(2.0 / self.batch_size)", "2.0", PART, X),
    Mistake(
        "two missing in the variance", "(2.0 / self.batch_size)", "(1.0 / self.batch_size)", PART, X
    ),
    Mistake("variance assigned", "dxc += (2.0", "dxc = (2.0", ("overwritten", "path"), X),
    Mistake(
        "variance branch missing",
        "        dxc += (2.0 / self.batch_size) * self.xc * dvar\n",
        "",
        "path",
        X,
    ),
    Mistake(
        "xn for xc in the variance",
        "* self.xc * dvar",
        "* self.xn * dvar",
        ("operand", "factor"),
        X,
    ),
    Mistake(
        "batch missing in the mean", "dx = dxc - dmu / self.batch_size", "dx = dxc - dmu", PART, X
    ),
    Mistake("mean branch missing", "dx = dxc - dmu / self.batch_size", "dx = dxc", "path", X),
    Mistake("mean branch added", "dxc - dmu /", "dxc + dmu /", (*PART, "path"), X),
    Mistake(
        "mean over features", "np.sum(dxc, axis=0)", "np.sum(dxc, axis=1, keepdims=True)", "axis", X
    ),
)

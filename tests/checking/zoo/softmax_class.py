"""A softmax layer over rows as a class, backward by an explicit Jacobian for every row."""

import numpy as np

from .mistakes import Mistake

STYLE = "class"
NAMES = ("x",)
GRADIENTS = {"temperature": "d_temperature"}


class Softmax:
    """Rows that sum to one, sharper where the temperature is low."""

    def __init__(self, temperature):
        self.temperature = temperature
        self.d_temperature = None

    def forward(self, x):
        self.x = x
        z = x / self.temperature
        e = np.exp(z - np.max(z, axis=1, keepdims=True))
        self.p = e / np.sum(e, axis=1, keepdims=True)
        return self.p

    def backward(self, dout):
        dz = np.empty_like(dout)
        for i in range(len(dout)):
            p = self.p[i].reshape(-1, 1)
            jacobian = np.diagflat(p) - np.dot(p, p.T)
            dz[i] = np.dot(jacobian, dout[i])
        dx = dz / self.temperature
        self.d_temperature = -np.sum(dz * self.x, axis=0).sum(keepdims=True)
        self.d_temperature /= self.temperature**2
        return dx


def make(rng, size=1.0):
    """One temperature, in an array of one entry."""
    x = size * rng.normal(size=(rng.integers(3, 5), rng.integers(5, 7)))
    return Softmax(rng.uniform(0.5, 2.0, size=1)), (x,)


BOTH, X, T = ("x", "temperature"), ("x",), ("temperature",)
MISTAKES = (
    Mistake(
        "only the diagonal",
        "np.diagflat(p) - np.dot(p, p.T)",
        "np.diagflat(p)",
        ("path", "slope"),
        BOTH,
    ),
    Mistake(
        "the slope of a sigmoid",
        "np.diagflat(p) - np.dot(p, p.T)",
        "np.diagflat(p * (1 - p))",
        "slope",
        BOTH,
    ),
    Mistake(
        "only the outer product",
        "np.diagflat(p) - np.dot(p, p.T)",
        "-np.dot(p, p.T)",
        ("path", "slope"),
        BOTH,
    ),
    Mistake(
        "outer product added",
        "np.diagflat(p) - np.dot",
        "np.diagflat(p) + np.dot",
        ("path", "twice", "slope"),
        BOTH,
    ),
    Mistake(
        "no probabilities on the diagonal",
        "np.diagflat(p)",
        "np.eye(len(p))",
        ("factor", "slope"),
        BOTH,
    ),
    Mistake(
        "inner product for outer", "np.dot(p, p.T)", "np.dot(p.T, p)", ("operand", "slope"), BOTH
    ),
    Mistake("no Jacobian", "np.dot(jacobian, dout[i])", "dout[i]", "slope", BOTH),
    Mistake(
        "Jacobian of the first row", "p = self.p[i]", "p = self.p[0]", ("operand", "shifted"), BOTH
    ),
    Mistake(
        "incoming gradient of the row before",
        "np.dot(jacobian, dout[i])",
        "np.dot(jacobian, dout[i - 1])",
        ("operand", "shifted"),
        BOTH,
    ),
    Mistake(
        "Jacobian twice",
        "np.dot(jacobian, dout[i])",
        "jacobian @ jacobian @ dout[i]",
        "slope",
        BOTH,
    ),
    Mistake(
        "averaged over rows",
        "np.dot(jacobian, dout[i])",
        "np.dot(jacobian, dout[i]) / len(dout)",
        "scale",
        BOTH,
    ),
    Mistake(
        "temperature missing", "dx = dz / self.temperature", "dx = 1 * dz", ("scale", "factor"), X
    ),
    Mistake(
        "times the temperature",
        "dx = dz / self.temperature",
        "dx = dz * self.temperature",
        ("scale", "power"),
        X,
    ),
    Mistake("sign of the temperature", "= -np.sum(dz", "= np.sum(dz", "scale", T),
    Mistake(
        "temperature not squared",
        "/= self.temperature**2",
        "/= self.temperature",
        ("scale", "power"),
        T,
    ),
    Mistake(
        "temperature by probabilities", "np.sum(dz * self.x", "np.sum(dz * self.p", "operand", T
    ),
    Mistake("temperature of each feature", "axis=0).sum(keepdims=True)", "axis=0)", "axis", T),
    Mistake(
        "temperature as a number",
        "self.d_temperature /= self.temperature**2",
        "self.d_temperature = self.d_temperature[0] / self.temperature[0] ** 2",
        "shape",
        T,
    ),
    Mistake(
        "temperature accumulated",
        "self.d_temperature /= self.temperature**2",
        "self.total = getattr(self, 'total', 0) + self.d_temperature / self.temperature**2\n"
        "        self.d_temperature = self.total",
        "accumulated",
        T,
    ),
)

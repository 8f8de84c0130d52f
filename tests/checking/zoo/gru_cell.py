"""A GRU cell as a class; the gradients of its parameters are attributes."""

import numpy as np

from .mistakes import Mistake

STYLE = "class"
NAMES = ("x", "h")
GRADIENTS = {
    "Wz": "dWz",
    "Uz": "dUz",
    "bz": "dbz",
    "Wr": "dWr",
    "Ur": "dUr",
    "br": "dbr",
    "Wh": "dWh",
    "Uh": "dUh",
    "bh": "dbh",
}


def sigmoid(a):
    return 1.0 / (1.0 + np.exp(-a))


class GRUCell:
    """h' = (1 - z) h + z tanh(x Wh + (r h) Uh + bh)."""

    def __init__(self, size, rng):
        for gate in "zrh":
            setattr(self, "W" + gate, 0.5 * rng.normal(size=(size, size)))
            setattr(self, "U" + gate, 0.5 * rng.normal(size=(size, size)))
            setattr(self, "b" + gate, 0.5 * rng.normal(size=size))

    def forward(self, x, h):
        self.x, self.h = x, h
        self.z = sigmoid(x @ self.Wz + h @ self.Uz + self.bz)
        self.r = sigmoid(x @ self.Wr + h @ self.Ur + self.br)
        self.rh = self.r * h
        self.hc = np.tanh(x @ self.Wh + self.rh @ self.Uh + self.bh)
        return (1 - self.z) * h + self.z * self.hc

    def backward(self, dh_next):
        x, h, z, r, hc = self.x, self.h, self.z, self.r, self.hc
        dz = dh_next * (hc - h)
        dhc = dh_next * z
        dh = dh_next * (1 - z)
        # candidate
        dac = dhc * (1 - hc**2)
        self.dWh, self.dUh, self.dbh = x.T @ dac, self.rh.T @ dac, dac.sum(0)
        drh = dac @ self.Uh.T
        dr = drh * h
        dh += drh * r
        # update gate
        daz = dz * z * (1 - z)
        self.dWz, self.dUz, self.dbz = x.T @ daz, h.T @ daz, daz.sum(0)
        dh += daz @ self.Uz.T
        # reset gate
        dar = dr * r * (1 - r)
        self.dWr, self.dUr, self.dbr = x.T @ dar, h.T @ dar, dar.sum(0)
        dh += dar @ self.Ur.T
        dx = dac @ self.Wh.T + daz @ self.Wz.T + dar @ self.Wr.T
        return dx, dh


def make(rng):
    """Square weights, so that every matrix fits everywhere."""
    n, size = rng.integers(2, 4), rng.integers(4, 6)
    return GRUCell(size, rng), (rng.normal(size=(n, size)), rng.normal(size=(n, size)))


Z, R, C = ("Wz", "Uz", "bz"), ("Wr", "Ur", "br"), ("Wh", "Uh", "bh")
XH, H = ("x", "h"), ("h",)
MISTAKES = (
    Mistake("update gate without the state", "dh_next * (hc - h)", "dh_next * hc", "path", Z + XH),
    Mistake(
        "update gate of the wrong sign",
        "(hc - h)",
        "(h - hc)",
        ("scale", "factor", "path", "twice"),
        Z + XH,
    ),
    Mistake(
        "gate missing in the candidate", "dhc = dh_next * z", "dhc = dh_next", "factor", C + R + XH
    ),
    Mistake(
        "gates exchanged", "dhc = dh_next * z", "dhc = dh_next * (1 - z)", "operand", C + R + XH
    ),
    Mistake("direct path missing", "dh = dh_next * (1 - z)", "dh = 0 * dh_next", "path", H),
    Mistake("direct path without gate", "dh = dh_next * (1 - z)", "dh = 1 * dh_next", "factor", H),
    Mistake("slope of the candidate missing", "dhc * (1 - hc**2)", "1 * dhc", "slope", C + R + XH),
    Mistake(
        "sigmoid's slope of the candidate",
        "dhc * (1 - hc**2)",
        "dhc * hc * (1 - hc)",
        "slope",
        C + R + XH,
    ),
    Mistake(
        "state that is not reset", "self.rh.T @ dac", "h.T @ dac", ("operand", "factor"), ("Uh",)
    ),
    Mistake(
        "drh by other weights",
        "dac @ self.Uh.T",
        "dac @ self.Wh.T",
        ("weights", "operand"),
        (*R, *XH),
    ),
    Mistake("reset gate without the state", "dr = drh * h", "dr = drh * 1", "factor", R + XH),
    Mistake("path of the candidate without reset", "dh += drh * r", "dh += drh", "factor", H),
    Mistake("path of the candidate missing", "        dh += drh * r\n", "", "path", H),
    Mistake(
        "slope of the update gate missing", "daz = dz * z * (1 - z)", "daz = dz", "slope", Z + XH
    ),
    Mistake(
        "half a slope of the reset gate", "dar = dr * r * (1 - r)", "dar = dr * r", "slope", R + XH
    ),
    Mistake("path of the update gate missing", "        dh += daz @ self.Uz.T\n", "", "path", H),
    Mistake(
        "path of the update gate assigned",
        "dh += daz @ self.Uz.T",
        "dh = daz @ self.Uz.T",
        ("overwritten", "path"),
        H,
    ),
    Mistake(
        "path of the reset gate by other weights",
        "dar @ self.Ur.T",
        "dar @ self.Wr.T",
        ("weights", "operand"),
        H,
    ),
    Mistake("input of the reset gate missing", " + dar @ self.Wr.T", "", "path", ("x",)),
    Mistake(
        "input of the update gate twice",
        "daz @ self.Wz.T +",
        "2 * daz @ self.Wz.T +",
        "twice",
        ("x",),
    ),
    Mistake(
        "gradients of the update gate exchanged",
        "x.T @ daz, h.T @ daz",
        "h.T @ daz, x.T @ daz",
        "operand",
        ("Wz", "Uz"),
    ),
    Mistake("reset bias over units", "dar.sum(0)", "dar.sum(1)", "axis", ("br",)),
    Mistake("update bias not summed", "daz.sum(0)", "daz", "axis", ("bz",)),
    Mistake("candidate's bias averaged", "dac.sum(0)", "dac.mean(0)", "scale", ("bh",)),
)

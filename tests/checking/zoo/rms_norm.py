"""Units divided by their root mean square, a gain, a soft threshold, squared errors."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"
EPS = 0.02


def make(rng, n=5, d=3, h=4):
    params = {
        "w": rng.normal(size=(d, h)),
        "gain": rng.uniform(0.5, 1.5, size=h),
        "v": rng.normal(size=h),
    }
    return params, (rng.normal(size=(n, d)), rng.normal(size=n))


def rms(u):
    return np.sqrt(np.mean(u**2, axis=-1, keepdims=True) + EPS)


def loss(params, x, y):
    u = x @ params["w"]
    s = np.logaddexp(0, u / rms(u) * params["gain"])
    return np.square(s @ params["v"] - y).mean()


def gradients(params, x, y):
    w, gain, v = params["w"], params["gain"], params["v"]
    n, h = len(x), len(v)
    u = x @ w
    inv = 1.0 / rms(u)
    unit = u * inv
    z = unit * gain
    s = np.logaddexp(0, z)
    err = 2.0 * (s @ v - y) / n
    dv = s.T @ err
    dz = np.outer(err, v) / (1.0 + np.exp(-z))
    dgain = (dz * unit).sum(axis=0)
    dunit = dz * gain
    du = dunit * inv
    du -= u * inv**3 * np.sum(dunit * u, axis=1, keepdims=True) / h
    dw = x.T @ du
    return {"w": dw, "gain": dgain, "v": dv}


W, G, V = ("w",), ("gain",), ("v",)
MISTAKES = (
    Mistake(
        "path of the root missing",
        "    du -= u * inv**3 * np.sum(dunit * u, axis=1, keepdims=True) / h\n",
        "",
        "path",
        W,
    ),
    Mistake("path of the root added", "du -= u", "du += u", "path", W),
    Mistake(
        "path of the root twice",
        "du -= u * inv**3",
        "du -= 2 * u * inv**3",
        ("twice", "scale", "path"),
        W,
    ),
    Mistake("square for the cube", "inv**3", "inv**2", "power", W),
    Mistake("inverse for its cube", "du -= u * inv**3", "du -= u * inv", "power", W),
    Mistake(
        "sum for the mean",
        "np.sum(dunit * u, axis=1, keepdims=True) / h",
        "np.sum(dunit * u, axis=1, keepdims=True)",
        ("scale", "path"),
        W,
    ),
    Mistake(
        "mean over the batch",
        "np.sum(dunit * u, axis=1, keepdims=True) / h",
        "np.sum(dunit * u, axis=1, keepdims=True) / n",
        ("scale", "path", "axis"),
        W,
    ),
    Mistake(
        "sum over the batch",
        "np.sum(dunit * u, axis=1, keepdims=True)",
        "np.sum(dunit * u, axis=0, keepdims=True)",
        "axis",
        W,
    ),
    Mistake(
        "eps forgotten",
        "inv = 1.0 / rms(u)",
        "inv = 1.0 / np.sqrt(np.mean(u**2, axis=1, keepdims=True))",
        "eps",
        W + G + V,
    ),
    Mistake(
        "eps forgotten in the cube",
        "inv**3 *",
        "np.mean(u**2, axis=1, keepdims=True) ** -1.5 *",
        "eps",
        W,
    ),
    Mistake(
        "eps added to the root",
        "inv = 1.0 / rms(u)",
        "inv = 1.0 / (rms(u) + EPS)",
        "eps",
        W + G + V,
    ),
    Mistake(
        "another eps in the root",
        "inv = 1.0 / rms(u)",
        "inv = (np.mean(u**2, axis=1, keepdims=True) + 1e-8) ** -0.5",
        "eps",
        W + G + V,
    ),
    Mistake("gain missing on the way back", "dunit = dz * gain", "dunit = dz.copy()", "factor", W),
    Mistake(
        "gain before the norm",
        "(dz * unit).sum(axis=0)",
        "(dz * u).sum(axis=0)",
        ("operand", "factor"),
        G,
    ),
    Mistake("gain averaged", "(dz * unit).sum(axis=0)", "(dz * unit).mean(axis=0)", "scale", G),
    Mistake(
        "gain not summed",
        "dgain = (dz * unit).sum(axis=0)",
        "dgain = dz * unit",
        ("axis", "shape"),
        G,
    ),
    Mistake(
        "gain with a dimension",
        "(dz * unit).sum(axis=0)",
        "(dz * unit).sum(axis=0, keepdims=True)",
        "shape",
        G,
    ),
    Mistake(
        "slope of the soft threshold missing",
        "np.outer(err, v) / (1.0 + np.exp(-z))",
        "np.outer(err, v)",
        "slope",
        W + G,
    ),
    Mistake("slope at the activation", "(1.0 + np.exp(-z))", "(1.0 + np.exp(-s))", "slope", W + G),
    Mistake(
        "slope with a hard threshold",
        "np.outer(err, v) / (1.0 + np.exp(-z))",
        "np.outer(err, v) * (z > 0)",
        ("mask", "slope"),
        W + G,
    ),
    Mistake(
        "gains of the first call",
        "dunit = dz * gain",
        'dunit = dz * vars(gradients).setdefault("gain", gain)',
        "stale",
        W,
    ),
    Mistake(
        "logarithm of a negative number",
        "dv = s.T @ err",
        "dv = np.exp(np.log(s.T) + np.log(err)).sum(axis=1)",
        "nan",
        V,
    ),
)

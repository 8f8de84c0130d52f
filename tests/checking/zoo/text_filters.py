"""Filters that slide over a sequence of vectors, the strongest answer of each, a linear output."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, T=7, D=2, F=3, width=3):
    T = max(T, width + 1)
    for _ in range(300):  # most draws lie too near to a kink
        params = {
            "filters": rng.normal(size=(F, width, D)),
            "shift": rng.normal(size=F),
            "out": rng.normal(size=F),
        }
        x = rng.normal(size=(4, T, D))
        answers = np.sort(answer(params, x), axis=1)
        if np.min(answers[:, -1] - answers[:, -2]) > 0.05:
            break
    return params, (x, rng.normal(size=4), 0.3)


def answer(params, x):
    filters = params["filters"]
    F, width, _ = filters.shape
    n, T, _ = x.shape
    z = np.zeros((n, T - width + 1, F))
    for t in range(T - width + 1):
        for f in range(F):
            z[:, t, f] = np.sum(x[:, t : t + width] * filters[f], axis=(1, 2)) + params["shift"][f]
    return z


def loss(params, x, y, lam):
    filters, shift, out = params["filters"], params["shift"], params["out"]
    width = filters.shape[1]
    spans = range(x.shape[1] - width + 1)
    z = np.stack([np.tensordot(x[:, t : t + width], filters, ((1, 2), (1, 2))) for t in spans])
    pooled = np.max(z + shift, axis=0)
    return np.sum((np.exp(-pooled) @ out - y) ** 2) + lam * np.sum(np.diff(filters, axis=1) ** 2)


def gradients(params, x, y, lam):
    filters, out = params["filters"], params["out"]
    F, width, _ = filters.shape
    z = answer(params, x)
    best = z.argmax(axis=1)
    pooled = z.max(axis=1)
    code = np.exp(-pooled)
    derror = 2 * (code @ out - y)
    dout = code.T @ derror
    dcode = np.outer(derror, out)
    dpooled = -dcode * code
    dshift = dpooled.sum(axis=0)
    dfilters = np.zeros_like(filters)
    for i in range(len(x)):
        for f in range(F):
            t = best[i, f]
            dfilters[f] += dpooled[i, f] * x[i, t : t + width]
    steps = filters[:, 1:] - filters[:, :-1]
    dfilters[:, 1:] += 2 * lam * steps
    dfilters[:, :-1] -= 2 * lam * steps
    return {"filters": dfilters, "shift": dshift, "out": dout}


FILTERS, SHIFT, OUT = ("filters",), ("shift",), ("out",)
MISTAKES = (
    Mistake(
        "windows off by one", "t = best[i, f]", "t = max(best[i, f] - 1, 0)", "shifted", FILTERS
    ),
    Mistake(
        "assigned where windows meet",
        "dfilters[f] += dpooled",
        "dfilters[f] = dpooled",
        "overwritten",
        FILTERS,
    ),
    Mistake(
        "filter turned round",
        "dpooled[i, f] * x[i, t : t + width]",
        "dpooled[i, f] * x[i, t : t + width][::-1]",
        ("permuted", "shifted"),
        FILTERS,
    ),
    Mistake(
        "weakest answer", "best = z.argmax(axis=1)", "best = z.argmin(axis=1)", "mask", FILTERS
    ),
    Mistake(
        "strongest of the magnitudes",
        "best = z.argmax(axis=1)",
        "best = np.abs(z).argmax(axis=1)",
        "mask",
        FILTERS,
    ),
    Mistake("error to the first window", "t = best[i, f]", "t = 0", ("mask", "shifted"), FILTERS),
    Mistake(
        "sign of the exponential",
        "dpooled = -dcode * code",
        "dpooled = dcode * code",
        ("scale", "slope"),
        FILTERS + SHIFT,
    ),
    Mistake(
        "slope of the exponential missing",
        "dpooled = -dcode * code",
        "dpooled = -dcode",
        "slope",
        FILTERS + SHIFT,
    ),
    Mistake(
        "slope of a sigmoid",
        "dpooled = -dcode * code",
        "dpooled = -dcode * code * (1 - code)",
        "slope",
        FILTERS + SHIFT,
    ),
    Mistake(
        "slope at the pooled answer",
        "dpooled = -dcode * code",
        "dpooled = -dcode * pooled",
        "slope",
        FILTERS + SHIFT,
    ),
    Mistake(
        "two of the square missing",
        "derror = 2 * (code @ out - y)",
        "derror = code @ out - y",
        "scale",
        FILTERS + SHIFT + OUT,
    ),
    Mistake(
        "error averaged for the output",
        "dout = code.T @ derror",
        "dout = code.T @ derror / len(x)",
        "scale",
        OUT,
    ),
    Mistake(
        "pooled answers for their codes",
        "dout = code.T @ derror",
        "dout = pooled.T @ derror",
        ("operand", "slope"),
        OUT,
    ),
    Mistake(
        "shift averaged",
        "dshift = dpooled.sum(axis=0)",
        "dshift = dpooled.mean(axis=0)",
        "scale",
        SHIFT,
    ),
    Mistake(
        "shift not summed",
        "dshift = dpooled.sum(axis=0)",
        "dshift = dpooled",
        ("axis", "shape"),
        SHIFT,
    ),
    Mistake(
        "smoothness missing",
        "    dfilters[:, 1:] += 2 * lam * steps\n    dfilters[:, :-1] -= 2 * lam * steps\n",
        "",
        "regularisation",
        FILTERS,
    ),
    Mistake(
        "smoothness halved",
        "steps = filters[:, 1:] - filters[:, :-1]",
        "steps = (filters[:, 1:] - filters[:, :-1]) / 2",
        "regularisation",
        FILTERS,
    ),
    Mistake(
        "smoothness along the other axis",
        "    dfilters[:, 1:] += 2 * lam * steps\n    dfilters[:, :-1] -= 2 * lam * steps\n",
        "    side = filters[..., 1:] - filters[..., :-1]\n"
        "    dfilters[..., 1:] += 2 * lam * side\n    dfilters[..., :-1] -= 2 * lam * side\n",
        ("regularisation", "axis"),
        FILTERS,
    ),
    Mistake(
        "whole numbers",
        "dpooled[i, f] * x[i, t : t + width]",
        "dpooled[i, f] * x[i, t : t + width].astype(int)",
        "integer",
        FILTERS,
    ),
    Mistake(
        "half precision",
        "dpooled = -dcode * code",
        "dpooled = (-dcode * code).astype(np.float16)",
        "dtype",
        FILTERS + SHIFT,
    ),
)

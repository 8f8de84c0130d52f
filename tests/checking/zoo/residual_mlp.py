"""Residual blocks of tanh units and a linear head, in a loop over blocks."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"
BLOCKS = 2


def make(rng, N=5, D=4):
    params = {"head": rng.normal(size=(D, 1))}
    for k in range(BLOCKS):
        params[f"W{k}"] = 0.7 * rng.normal(size=(D, D))
        params[f"b{k}"] = 0.5 * rng.normal(size=D)
        params[f"scale{k}"] = np.array(rng.uniform(0.5, 1.5))
    return params, (rng.normal(size=(N, D)), rng.normal(size=(N, 1)))


def loss(params, x, y):
    h = x
    for k in range(BLOCKS):
        h = h + params[f"scale{k}"] * np.tanh(h @ params[f"W{k}"] + params[f"b{k}"])
    return np.mean((h @ params["head"] - y) ** 2)


def gradients(params, x, y):
    grads = {}
    hs, branches = [x], []
    for k in range(BLOCKS):
        a = np.tanh(hs[k] @ params[f"W{k}"] + params[f"b{k}"])
        branches.append(a)
        hs.append(hs[k] + params[f"scale{k}"] * a)
    out = hs[-1] @ params["head"]

    dout = 2.0 * (out - y) / y.size
    grads["head"] = hs[-1].T @ dout
    dh = dout @ params["head"].T
    for k in range(BLOCKS)[::-1]:
        a, h_in = branches[k], hs[k]
        grads[f"scale{k}"] = np.sum(dh * a)
        da = dh * params[f"scale{k}"]
        dz = da * (1 - np.square(a))
        grads[f"W{k}"] = h_in.T @ dz
        grads[f"b{k}"] = dz.sum(axis=0)
        dh = dh + dz @ params[f"W{k}"].T
    return grads


FIRST = ("W0", "b0", "scale0")
WB, WB0 = ("W0", "b0", "W1", "b1"), ("W0", "b0")
SCALES = ("scale0", "scale1")
ALL = (*WB, *SCALES, "head")
MISTAKES = (
    Mistake("residual path missing", "dh = dh + dz @", "dh = dz @", ("path", "overwritten"), FIRST),
    Mistake(
        "path through the branch missing",
        '        dh = dh + dz @ params[f"W{k}"].T\n',
        "",
        "path",
        FIRST,
    ),
    Mistake(
        "residual path twice", "dh = dh + dz @", "dh = 2 * dh + dz @", ("twice", "path"), FIRST
    ),
    Mistake(
        "weights not transposed",
        'dz @ params[f"W{k}"].T',
        'dz @ params[f"W{k}"]',
        ("operand", "transposed"),
        FIRST,
    ),
    Mistake(
        "weights of the block below",
        'dz @ params[f"W{k}"].T',
        'dz @ params[f"W{k - 1 if k else k}"].T',
        "weights",
        FIRST,
    ),
    Mistake(
        "branch's scale missing",
        'da = dh * params[f"scale{k}"]',
        "da = dh",
        ("factor", "scale"),
        (*WB, "scale0"),
    ),
    Mistake(
        "branch's scale of the block below",
        'da = dh * params[f"scale{k}"]',
        'da = dh * params[f"scale{max(k - 1, 0)}"]',
        ("factor", "scale", "weights"),
        (*WB, "scale0"),
    ),
    Mistake("slope missing", "dz = da * (1 - np.square(a))", "dz = da", "slope", (*WB, "scale0")),
    Mistake(
        "slope of the sum instead of the branch",
        "np.square(a))",
        "np.square(hs[k + 1]))",
        "slope",
        (*WB, "scale0"),
    ),
    Mistake(
        "slope without square", "(1 - np.square(a))", "(1 - a)", ("slope", "power"), (*WB, "scale0")
    ),
    Mistake(
        "block's output for its input",
        'grads[f"W{k}"] = h_in.T @ dz',
        'grads[f"W{k}"] = hs[k + 1].T @ dz',
        ("operand", "shifted"),
        ("W0", "W1"),
    ),
    Mistake(
        "swapped product",
        'grads[f"W{k}"] = h_in.T @ dz',
        'grads[f"W{k}"] = dz.T @ h_in',
        "transposed",
        ("W0", "W1"),
    ),
    Mistake("bias before the slope", "dz.sum(axis=0)", "da.sum(axis=0)", "slope", ("b0", "b1")),
    Mistake("bias averaged", "dz.sum(axis=0)", "dz.mean(axis=0)", "scale", ("b0", "b1")),
    Mistake(
        "scale not summed over the units",
        "np.sum(dh * a)",
        "np.sum(dh * a, axis=0)",
        ("axis", "shape"),
        SCALES,
    ),
    Mistake(
        "scale from the pre-activation",
        "np.sum(dh * a)",
        "np.sum(dh * np.arctanh(a))",
        ("operand", "slope", "factor"),
        SCALES,
    ),
    Mistake(
        "two of the square missing", "2.0 * (out - y) / y.size", "(out - y) / y.size", "scale", ALL
    ),
    Mistake(
        "broadcast targets",
        "(out - y) / y.size",
        "(out - y[::-1]) / y.size",
        ("labels", "permuted", "operand"),
        ALL,
    ),
    Mistake(
        "activations of the first call",
        "    out = hs[-1]",
        '    branches = vars(gradients).setdefault("branches", branches)\n    out = hs[-1]',
        "stale",
        (*WB, *SCALES),
    ),
    Mistake(
        "head's gradient in one buffer",
        'grads["head"] = hs[-1].T @ dout',
        'buffer = vars(gradients).setdefault("head", np.empty((x.shape[1], 1)))\n'
        '    grads["head"] = np.matmul(hs[-1].T, dout, out=buffer)',
        "aliased",
        ("head",),
    ),
)

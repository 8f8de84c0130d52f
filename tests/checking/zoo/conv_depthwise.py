"""A depthwise convolution in one dimension, by slices of the padded sequence."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "kernel")


def make(rng):
    """Sequences, batch first, channels last."""
    T, C = rng.integers(5, 8), rng.integers(2, 4)
    return rng.normal(size=(3, T, C)), rng.normal(size=(3, C))


def forward(x, kernel):
    """out[t] = sum over k of kernel[k] * x[t + k - 1]."""
    K = kernel.shape[0]
    p = K // 2
    T = x.shape[1]
    xp = np.pad(x, ((0, 0), (p, p), (0, 0)))
    out = np.zeros_like(x)
    for k in range(K):
        out += xp[:, k : k + T] * kernel[k]
    return out, (xp, kernel, p)


def backward(dout, cache):
    """Slices again, added to the padded gradient."""
    xp, kernel, p = cache
    T = dout.shape[1]
    dxp = np.zeros_like(xp)
    dkernel = np.zeros_like(kernel)
    for k in range(len(kernel)):
        dxp[:, k : k + T] += dout * kernel[k]
        dkernel[k] = (dout * xp[:, k : k + T]).sum(axis=(0, 1))
    dx = dxp[:, p : p + T]
    return dx, dkernel


X, K = ("x",), ("kernel",)
MISTAKES = (
    Mistake(
        "dx assigned", "dxp[:, k : k + T] += dout", "dxp[:, k : k + T] = dout", "overwritten", X
    ),
    Mistake(
        "dx by the kernel reversed",
        "dout * kernel[k]",
        "dout * kernel[-1 - k]",
        ("operand", "shifted", "permuted"),
        X,
    ),
    Mistake("dx by one entry of the kernel", "dout * kernel[k]", "dout * kernel[0]", "operand", X),
    Mistake("dx without the kernel", "dout * kernel[k]", "dout", ("factor", "operand"), X),
    Mistake(
        "slices the other way",
        "dxp[:, k : k + T] +=",
        "dxp[:, 2 - k : 2 - k + T] +=",
        ("shifted", "operand", "permuted"),
        X,
    ),
    Mistake("cropped at the start", "dx = dxp[:, p : p + T]", "dx = dxp[:, :T]", "shifted", X),
    Mistake("cropped at the end", "dx = dxp[:, p : p + T]", "dx = dxp[:, 2 * p :]", "shifted", X),
    Mistake("not cropped", "dx = dxp[:, p : p + T]", "dx = dxp", "shape", X),
    Mistake(
        "dx reversed in time",
        "dx = dxp[:, p : p + T]",
        "dx = dxp[:, p : p + T][:, ::-1]",
        ("permuted", "shifted"),
        X,
    ),
    Mistake("dx averaged", "dx = dxp[:, p : p + T]", "dx = dxp[:, p : p + T] / T", "scale", X),
    Mistake(
        "dkernel by fixed slices",
        "xp[:, k : k + T]).sum",
        "xp[:, p : p + T]).sum",
        ("shifted", "operand"),
        K,
    ),
    Mistake("dkernel reversed", "dkernel[k] =", "dkernel[-1 - k] =", ("permuted", "shifted"), K),
    Mistake(
        "dkernel averaged over the batch",
        ".sum(axis=(0, 1))",
        ".mean(axis=0).sum(axis=0)",
        "scale",
        K,
    ),
    Mistake(
        "dkernel averaged over time", ".sum(axis=(0, 1))", ".sum(axis=0).mean(axis=0)", "scale", K
    ),
    Mistake("dkernel over everything", ".sum(axis=(0, 1))", ".sum()", "axis", K),
    Mistake("dkernel of the output", "(dout * xp[:, k : k + T])", "(dout * dout)", "operand", K),
    Mistake(
        "dkernel in whole numbers",
        "np.zeros_like(kernel)",
        "np.zeros(kernel.shape, dtype=int)",
        "integer",
        K,
    ),
)

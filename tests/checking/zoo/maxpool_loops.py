"""Max pooling by loops: the window's maximum gets the gradient."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x",)


def make(rng):
    """Images without ties, windows that overlap by one."""
    n, c = rng.integers(2, 4), rng.integers(2, 4)
    x = 0.1 * rng.permutation(n * c * 5 * 5).reshape(n, c, 5, 5) - 3.0
    x[0, 0, 2, 2] = 99.0
    return x, {"pool_height": 3, "pool_width": 3, "stride": 2}


def forward(x, pool_param):
    """A naive implementation of the forward pass for a max-pooling layer."""
    hp, wp, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    H_out, W_out = 1 + (H - hp) // stride, 1 + (W - wp) // stride
    out = np.zeros((N, C, H_out, W_out))
    for n in range(N):
        for i in range(H_out):
            for j in range(W_out):
                window = x[n, :, i * stride : i * stride + hp, j * stride : j * stride + wp]
                out[n, :, i, j] = np.max(window, axis=(-1, -2))
    return out, (x, pool_param)


def backward(dout, cache):
    """A naive implementation of the backward pass for a max-pooling layer."""
    x, pool_param = cache
    N, C, H_out, W_out = dout.shape
    hp, wp, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    window = x[n, c, i * s : i * s + hp, j * s : j * s + wp]
                    mask = window == np.max(window)
                    part = mask * dout[n, c, i, j]
                    dx[n, c, i * s : i * s + hp, j * s : j * s + wp] += part
    return dx


X = ("x",)
MISTAKES = (
    Mistake("assigned where windows overlap", "wp] += part", "wp] = part", "overwritten", X),
    Mistake("written without zeroes", "wp] += part", "wp][mask] = part[mask]", "overwritten", X),
    Mistake("no mask", "mask = window == np.max(window)", "mask = np.ones((hp, wp))", "mask", X),
    Mistake("all but the maximum", "window == np.max", "window != np.max", "mask", X),
    Mistake("minimum", "np.max(window)\n", "np.min(window)\n", "mask", X),
    Mistake(
        "maximum of the image", "window == np.max(window)", "window == np.max(x[n, c])", "mask", X
    ),
    Mistake("maximum of each column", "np.max(window)\n", "np.max(window, axis=0)\n", "mask", X),
    Mistake(
        "all channels",
        "part = mask * dout[n, c, i, j]",
        "part = mask * dout[n, 0, i, j]",
        "operand",
        X,
    ),
    Mistake(
        "windows of other rows",
        "part = mask * dout[n, c, i, j]",
        "part = mask * dout[n, c, j, i]",
        ("operand", "transposed", "permuted"),
        X,
    ),
    Mistake(
        "mean of the window",
        "part = mask * dout[n, c, i, j]",
        "part = mask * dout[n, c, i, j] / (hp * wp)",
        "scale",
        X,
    ),
    Mistake(
        "incoming gradient missing",
        "part = mask * dout[n, c, i, j]",
        "part = mask * 1.0",
        "factor",
        X,
    ),
    Mistake(
        "maximum instead of slope",
        "part = mask * dout[n, c, i, j]",
        "part = mask * window * dout[n, c, i, j]",
        ("factor", "slope"),
        X,
    ),
    Mistake(
        "mask turned",
        "part = mask * dout",
        "part = mask.T * dout",
        ("mask", "transposed", "permuted"),
        X,
    ),
    Mistake(
        "window without the stride",
        "dx[n, c, i * s : i * s + hp, j",
        "dx[n, c, i : i + hp, j",
        "shifted",
        X,
    ),
    Mistake("whole numbers", "    return dx", "    return dx.astype(int)", "integer", X),
    Mistake("single precision", "np.zeros_like(x)", "np.zeros(x.shape, dtype='f4')", "dtype", X),
    Mistake("stopped after the first image", "    return dx", "        return dx", "path", X),
)

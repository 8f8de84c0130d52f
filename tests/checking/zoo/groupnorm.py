"""Spatial group normalisation of images: channels in groups, gamma and beta per channel."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("x", "gamma", "beta")


def make(rng):
    """Two groups of two or three channels."""
    C = 2 * int(rng.integers(2, 4))
    x = rng.normal(size=(2, C, 2, 3)) * rng.uniform(0.5, 2.0, size=(2, C, 1, 1)) + 0.5
    return (
        x,
        rng.uniform(0.5, 1.5, size=(1, C, 1, 1)),
        rng.normal(size=(1, C, 1, 1)),
        2,
        {"eps": 1e-2},
    )


def forward(x, gamma, beta, G, gn_param):
    """Normalises each group of channels of each image."""
    eps = gn_param.get("eps", 1e-5)
    N, C, H, W = x.shape
    groups = x.reshape(N, G, C // G * H * W)
    mean = groups.mean(axis=2, keepdims=True)
    var = groups.var(axis=2, keepdims=True)
    std = np.sqrt(var + eps)
    x_norm = ((groups - mean) / std).reshape(N, C, H, W)
    out = x_norm * gamma + beta
    return out, (G, x_norm, std, gamma, var, mean)


def backward(dout, cache):
    """The formula of layer normalisation, group by group."""
    G, x_norm, std, gamma, var, mean = cache
    N, C, H, W = dout.shape
    size = C // G * H * W
    dbeta = dout.sum(axis=(0, 2, 3), keepdims=True)
    dgamma = (dout * x_norm).sum(axis=(0, 2, 3), keepdims=True)
    dz = (dout * gamma).reshape(N, G, size)
    z = x_norm.reshape(N, G, size)
    dz_sum = dz.sum(axis=2, keepdims=True)
    dzz_sum = (dz * z).sum(axis=2, keepdims=True)
    dx = (size * dz - dz_sum - z * dzz_sum) / (size * std)
    return dx.reshape(N, C, H, W), dgamma, dbeta


MISTAKES = (
    Mistake(
        "dbeta without dimensions",
        "dbeta = dout.sum(axis=(0, 2, 3), keepdims=True)",
        "dbeta = dout.sum(axis=(0, 2, 3))",
        "shape",
        ("beta",),
    ),
    Mistake(
        "dbeta of each image",
        "dbeta = dout.sum(axis=(0, 2, 3)",
        "dbeta = dout.sum(axis=(2, 3)",
        "axis",
        ("beta",),
    ),
    Mistake("dbeta averaged", "dbeta = dout.sum", "dbeta = dout.mean", "scale", ("beta",)),
    Mistake(
        "dgamma averaged over images",
        "(dout * x_norm).sum(axis=(0, 2, 3), keepdims=True)",
        "(dout * x_norm).sum(axis=(0, 2, 3), keepdims=True) / N",
        "scale",
        ("gamma",),
    ),
    Mistake(
        "dgamma without x_norm",
        "(dout * x_norm).sum",
        "dout.sum",
        ("factor", "operand"),
        ("gamma",),
    ),
    Mistake(
        "dgamma over channels",
        "(dout * x_norm).sum(axis=(0, 2, 3)",
        "(dout * x_norm).sum(axis=(0, 1, 2)",
        "axis",
        ("gamma",),
    ),
    Mistake("gamma missing", "(dout * gamma).reshape", "dout.reshape", "factor", ("x",)),
    Mistake(
        "groups over positions",
        "dz.sum(axis=2, keepdims=True)",
        "dz.sum(axis=1, keepdims=True)",
        "axis",
        ("x",),
    ),
    Mistake(
        "groups over images",
        "(dz * z).sum(axis=2, keepdims=True)",
        "(dz * z).sum(axis=0, keepdims=True)",
        "axis",
        ("x",),
    ),
    Mistake("mean branch missing", "size * dz - dz_sum -", "size * dz -", "path", ("x",)),
    Mistake("variance branch missing", "- z * dzz_sum)", ")", "path", ("x",)),
    Mistake(
        "variance branch without z", "- z * dzz_sum)", "- dzz_sum)", ("factor", "operand"), ("x",)
    ),
    Mistake(
        "variance branch half",
        "- z * dzz_sum)",
        "- z * dzz_sum / 2)",
        ("twice", "scale", "factor"),
        ("x",),
    ),
    Mistake("size missing", "/ (size * std)", "/ std", "scale", ("x",)),
    Mistake(
        "variance for deviation", "/ (size * std)", "/ (size * std**2)", ("power", "factor"), ("x",)
    ),
    Mistake("eps missing", "/ (size * std)", "/ (size * np.sqrt(var))", "eps", ("x",)),
    Mistake(
        "size of an image",
        "size = C // G * H * W",
        "size = C // G * H * W\n    dout = dout / N",
        "scale",
        ("x", "gamma", "beta"),
    ),
    Mistake("no step back from groups", "dx.reshape(N, C, H, W)", "dx", "shape", ("x",)),
    Mistake(
        "channels mixed on the way back",
        "dx.reshape(N, C, H, W)",
        "dx.reshape(N, H, C, W).transpose(0, 2, 1, 3)",
        "permuted",
        ("x",),
    ),
    Mistake(
        "single precision",
        "dx.reshape(N, C, H, W)",
        "np.float32(dx).reshape(N, C, H, W)",
        "dtype",
        ("x",),
    ),
)

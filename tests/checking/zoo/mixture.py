"""A mixture of Gaussians in one dimension: weights as logits, means and log-deviations."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, n=8, k=3, spread=1.0):
    params = {
        "logits": rng.normal(size=k),
        "means": rng.normal(size=k),
        "log_sigma": 0.3 * rng.normal(size=k),
    }
    return params, (spread * 1.5 * rng.normal(size=n),)


def log_joint(params, x):
    logits, means, s = params["logits"], params["means"], params["log_sigma"]
    log_weights = logits - np.log(np.sum(np.exp(logits)))
    z = (x[:, None] - means) / np.exp(s)
    return log_weights - s - 0.5 * z**2 - 0.5 * np.log(2 * np.pi)


def loss(params, x):
    joint = log_joint(params, x)
    top = joint.max(axis=1, keepdims=True)
    return -np.mean(top[:, 0] + np.log(np.sum(np.exp(joint - top), axis=1)))


def gradients(params, x):
    logits, means, s = params["logits"], params["means"], params["log_sigma"]
    joint = log_joint(params, x)
    joint = joint - joint.max(axis=1, keepdims=True)
    r = np.exp(joint)
    r /= r.sum(axis=1, keepdims=True)
    n = x.shape[0]

    pi = np.exp(logits) / np.exp(logits).sum()
    d_logits = pi - r.sum(axis=0) / n
    diff = x[:, None] - means
    variance = np.exp(2 * s)
    d_means = -(r * diff / variance).sum(axis=0) / n
    d_sigma = (r * (1 - diff**2 / variance)).sum(axis=0) / n
    return {"logits": d_logits, "means": d_means, "log_sigma": d_sigma}


LOGITS, MEANS, SIGMA = ("logits",), ("means",), ("log_sigma",)
ALL = LOGITS + MEANS + SIGMA
MISTAKES = (
    Mistake(
        "weights not subtracted",
        "d_logits = pi - r.sum(axis=0) / n",
        "d_logits = -r.sum(axis=0) / n",
        ("path", "labels"),
        LOGITS,
    ),
    Mistake(
        "responsibilities not subtracted", "pi - r.sum(axis=0) / n", "pi.copy()", "path", LOGITS
    ),
    Mistake(
        "responsibilities summed",
        "pi - r.sum(axis=0) / n",
        "pi - r.sum(axis=0)",
        ("scale", "path"),
        LOGITS,
    ),
    Mistake(
        "sign of the logits", "pi - r.sum(axis=0) / n", "r.sum(axis=0) / n - pi", "scale", LOGITS
    ),
    Mistake(
        "weights on the mean of logits",
        "pi = np.exp(logits) / np.exp(logits).sum()",
        "pi = np.exp(logits) / len(logits)",
        ("path", "scale"),
        LOGITS,
    ),
    Mistake(
        "responsibilities normalised over the batch",
        "r /= r.sum(axis=1, keepdims=True)",
        "r /= r.sum(axis=0, keepdims=True)",
        "axis",
        ALL,
    ),
    Mistake(
        "responsibilities not normalised",
        "    r /= r.sum(axis=1, keepdims=True)\n",
        "",
        ("path", "factor"),
        ALL,
    ),
    Mistake(
        "hard responsibilities",
        "r /= r.sum(axis=1, keepdims=True)",
        "r = (joint == 0).astype(float)",
        ("mask", "integer"),
        ALL,
    ),
    Mistake("variance missing", "r * diff / variance).sum", "r * diff).sum", "factor", MEANS),
    Mistake(
        "deviation for variance",
        "variance = np.exp(2 * s)",
        "variance = np.exp(s)",
        "power",
        MEANS + SIGMA,
    ),
    Mistake(
        "squared variance",
        "r * diff / variance).sum",
        "r * diff / variance**2).sum",
        "power",
        MEANS,
    ),
    Mistake("sign of the means", "d_means = -(", "d_means = (", "scale", MEANS),
    Mistake(
        "means summed",
        "d_means = -(r * diff / variance).sum(axis=0) / n",
        "d_means = -(r * diff / variance).sum(axis=0)",
        "scale",
        MEANS,
    ),
    Mistake("means not weighted", "-(r * diff / variance)", "-(diff / variance)", "factor", MEANS),
    Mistake(
        "means weighted by the prior",
        "-(r * diff / variance)",
        "-(pi * diff / variance)",
        ("operand", "factor"),
        MEANS,
    ),
    Mistake(
        "determinant missing",
        "r * (1 - diff**2 / variance)",
        "-r * diff**2 / variance",
        "path",
        SIGMA,
    ),
    Mistake(
        "half for the variance",
        "d_sigma = (r * (1 - diff**2 / variance)).sum(axis=0) / n",
        "d_sigma = 0.5 * (r * (1 - diff**2 / variance)).sum(axis=0) / n",
        "scale",
        SIGMA,
    ),
    Mistake(
        "derivative by the deviation itself",
        "(r * (1 - diff**2 / variance))",
        "(r * (1 - diff**2 / variance) / np.exp(s))",
        ("factor", "slope"),
        SIGMA,
    ),
    Mistake(
        "difference not squared", "1 - diff**2 / variance", "1 - diff / variance", "power", SIGMA
    ),
    Mistake(
        "averaged over components",
        "(r * (1 - diff**2 / variance)).sum(axis=0) / n",
        "(r * (1 - diff**2 / variance)).sum(axis=0) / len(s)",
        "scale",
        SIGMA,
    ),
    Mistake(
        "densities underflow",
        "    joint = joint - joint.max(axis=1, keepdims=True)\n",
        "",
        ("overflow", "nan"),
        ALL,
        line="r = np.exp(joint)",
        make={"spread": 1e3},
    ),
    Mistake(
        "sorted in place",
        "diff = x[:, None] - means",
        "x.sort()\n    diff = x[:, None] - means",
        ("modified", "permuted"),
        MEANS + SIGMA,
        line="x.sort()",
    ),
)

"""Poisson regression of counts with a logarithm as link, an exposure and a smoothness penalty."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, n=8, d=5):
    params = {"coef": 0.5 * rng.normal(size=d), "b0": np.array(0.3 * rng.normal())}
    x = rng.normal(size=(n, d))
    return params, (x, rng.poisson(2.0, size=n), rng.uniform(0.5, 3, size=n), 0.7)


def loss(params, x, counts, exposure, smooth):
    eta = x @ params["coef"] + params["b0"] + np.log(exposure)
    roughness = np.sum(np.diff(params["coef"]) ** 2)
    return np.sum(np.exp(eta) - counts * eta) / len(counts) + smooth * roughness


def gradients(params, x, counts, exposure, smooth):
    coef = params["coef"]
    rate = exposure * np.exp(x @ coef + params["b0"])
    residual = rate - counts
    d_coef = (x * residual[:, None]).mean(axis=0)
    steps = coef[1:] - coef[:-1]
    d_coef[1:] += 2 * smooth * steps
    d_coef[:-1] -= 2 * smooth * steps
    d_b0 = residual.mean()
    return {"coef": d_coef, "b0": d_b0}


C, B = ("coef",), ("b0",)
MISTAKES = (
    Mistake("exposure left out", "rate = exposure * np.exp", "rate = np.exp", "factor", C + B),
    Mistake(
        "exposure divided out",
        "residual = rate - counts",
        "residual = rate - counts / exposure",
        ("factor", "labels"),
        C + B,
    ),
    Mistake(
        "residual on the scale of the logarithm",
        "residual = rate - counts",
        "residual = np.log(rate) - counts",
        ("slope", "operand"),
        C + B,
    ),
    Mistake(
        "derivative of the exponential on top",
        "residual = rate - counts",
        "residual = (rate - counts) * rate",
        "slope",
        C + B,
    ),
    Mistake(
        "counts not subtracted",
        "residual = rate - counts",
        "residual = rate.copy()",
        ("path", "labels"),
        C + B,
    ),
    Mistake(
        "sign turned",
        "residual = rate - counts",
        "residual = counts - rate",
        "scale",
        C + B,
    ),
    Mistake(
        "summed",
        "(x * residual[:, None]).mean(axis=0)",
        "(x * residual[:, None]).sum(axis=0)",
        "scale",
        C,
    ),
    Mistake(
        "averaged over all",
        "(x * residual[:, None]).mean(axis=0)",
        "(x * residual[:, None]).sum(axis=0) / x.size",
        "scale",
        C,
    ),
    Mistake("intercept summed", "residual.mean()", "residual.sum()", "scale", B),
    Mistake(
        "intercept not summed", "residual.mean()", "residual / len(residual)", ("axis", "shape"), B
    ),
    Mistake(
        "penalty halved above",
        "d_coef[1:] += 2 * smooth",
        "d_coef[1:] += smooth",
        "regularisation",
        C,
    ),
    Mistake(
        "penalty missing below",
        "    d_coef[:-1] -= 2 * smooth * steps\n",
        "",
        ("regularisation", "path"),
        C,
    ),
    Mistake(
        "penalty added on both sides",
        "d_coef[:-1] -= 2",
        "d_coef[:-1] += 2",
        ("regularisation", "path"),
        C,
    ),
    Mistake(
        "slices off by one",
        "d_coef[:-1] -= 2 * smooth * steps",
        "d_coef[1:] -= 2 * smooth * steps",
        ("shifted", "regularisation"),
        C,
        line="d_coef[1:] -= 2 * smooth * steps",
    ),
    Mistake(
        "penalty of a ridge",
        "    d_coef[1:] += 2 * smooth * steps\n    d_coef[:-1] -= 2 * smooth * steps\n",
        "    d_coef += 2 * smooth * coef\n",
        "regularisation",
        C,
    ),
    Mistake(
        "penalty without its strength",
        "d_coef[1:] += 2 * smooth * steps",
        "d_coef[1:] += 2 * steps",
        "regularisation",
        C,
    ),
    Mistake(
        "penalty over the batch",
        "steps = coef[1:] - coef[:-1]",
        "steps = (coef[1:] - coef[:-1]) / len(x)",
        "regularisation",
        C,
    ),
    Mistake(
        "coefficients changed while differences are taken",
        "steps = coef[1:] - coef[:-1]",
        "coef[1:] -= coef[:-1]\n    steps = coef[1:].copy()",
        ("modified",),
        (),
    ),
    Mistake(
        "whole numbers of the counts",
        "residual = rate - counts",
        "residual = rate.astype(int) - counts",
        "integer",
        C + B,
    ),
)

"""A variational autoencoder with its noise given: reconstruction and divergence."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, N=5, D=4, H=3, L=2):
    shapes = {
        "W_enc": (D, H),
        "b_enc": (H,),
        "W_mu": (H, L),
        "W_logvar": (H, L),
        "W_dec": (L, D),
        "b_dec": (D,),
    }
    params = {name: 0.7 * rng.normal(size=shape) for name, shape in shapes.items()}
    return params, (rng.random((N, D)), rng.normal(size=(N, L)))


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def loss(params, x, noise):
    h = np.tanh(x @ params["W_enc"] + params["b_enc"])
    mu, logvar = h @ params["W_mu"], h @ params["W_logvar"]
    z = mu + noise * np.exp(logvar / 2)
    logits = z @ params["W_dec"] + params["b_dec"]
    reconstruction = np.sum(np.logaddexp(0, logits) - x * logits)
    divergence = -0.5 * np.sum(1 + logvar - mu**2 - np.exp(logvar))
    return (reconstruction + divergence) / len(x)


def gradients(params, x, noise):
    batch = len(x)
    pre = x @ params["W_enc"] + params["b_enc"]
    h = np.tanh(pre)
    mu, logvar = h @ params["W_mu"], h @ params["W_logvar"]
    std = np.exp(0.5 * logvar)
    z = mu + std * noise
    x_hat = sigmoid(z @ params["W_dec"] + params["b_dec"])

    d_logits = (x_hat - x) / batch
    d_z = d_logits @ params["W_dec"].T
    d_mu = d_z + mu / batch
    d_logvar = d_z * noise * 0.5 * std
    d_logvar += 0.5 * (np.exp(logvar) - 1) / batch
    d_h = d_mu @ params["W_mu"].T
    d_h += d_logvar @ params["W_logvar"].T
    d_pre = d_h * (1 - h**2)
    return {
        "W_enc": x.T @ d_pre,
        "b_enc": d_pre.sum(axis=0),
        "W_mu": h.T @ d_mu,
        "W_logvar": h.T @ d_logvar,
        "W_dec": z.T @ d_logits,
        "b_dec": d_logits.sum(axis=0),
    }


ENC, MU, VAR, DEC = ("W_enc", "b_enc"), ("W_mu",), ("W_logvar",), ("W_dec", "b_dec")
ALL = ENC + MU + VAR + DEC
MISTAKES = (
    Mistake(
        "divergence missing for the mean",
        "d_mu = d_z + mu / batch",
        "d_mu = d_z",
        ("path", "regularisation"),
        MU + ENC,
    ),
    Mistake(
        "divergence of the mean doubled",
        "d_z + mu / batch",
        "d_z + 2 * mu / batch",
        ("regularisation", "twice", "path"),
        MU + ENC,
    ),
    Mistake(
        "divergence of the mean not averaged",
        "d_z + mu / batch",
        "d_z + mu",
        ("regularisation", "scale", "path"),
        MU + ENC,
    ),
    Mistake(
        "divergence missing for the variance",
        "    d_logvar += 0.5 * (np.exp(logvar) - 1) / batch\n",
        "",
        ("path", "regularisation"),
        VAR + ENC,
    ),
    Mistake(
        "sign of the divergence",
        "d_logvar += 0.5 * (np",
        "d_logvar -= 0.5 * (np",
        ("path", "regularisation"),
        VAR + ENC,
    ),
    Mistake(
        "one of the divergence missing",
        "0.5 * (np.exp(logvar) - 1) / batch",
        "0.5 * np.exp(logvar) / batch",
        ("path", "regularisation"),
        VAR + ENC,
    ),
    Mistake(
        "standard deviation for the variance",
        "0.5 * (np.exp(logvar) - 1)",
        "0.5 * (std - 1)",
        ("power", "regularisation", "path"),
        VAR + ENC,
    ),
    Mistake(
        "way through the noise missing",
        "d_logvar = d_z * noise * 0.5 * std",
        "d_logvar = 0 * d_z",
        "path",
        VAR + ENC,
    ),
    Mistake(
        "half of the deviation missing",
        "noise * 0.5 * std",
        "noise * std",
        ("scale", "path", "twice"),
        VAR + ENC,
    ),
    Mistake(
        "deviation missing",
        "noise * 0.5 * std",
        "noise * 0.5",
        ("factor", "slope"),  # the derivative of the exponential
        VAR + ENC,
    ),
    Mistake("noise missing", "d_z * noise * 0.5 * std", "d_z * 0.5 * std", "factor", VAR + ENC),
    Mistake(
        "noise drawn again",
        "d_z * noise * 0.5 * std",
        "d_z * np.random.standard_normal(noise.shape) * 0.5 * std",
        "random",
        VAR + ENC,
    ),
    Mistake(
        "way of the variance into the encoder missing",
        '    d_h += d_logvar @ params["W_logvar"].T\n',
        "",
        "path",
        ENC,
    ),
    Mistake(
        "way of the mean overwritten",
        "d_h += d_logvar",
        "d_h = d_logvar",
        ("overwritten", "path"),
        ENC,
    ),
    Mistake(
        "weights of the mean for the variance",
        'd_logvar @ params["W_logvar"].T',
        'd_logvar @ params["W_mu"].T',
        "weights",
        ENC,
    ),
    Mistake("slope of the encoder missing", "d_h * (1 - h**2)", "d_h", "slope", ENC),
    Mistake("slope at the pre-activation", "d_h * (1 - h**2)", "d_h * (1 - pre**2)", "slope", ENC),
    Mistake(
        "mean for the sample", '"W_dec": z.T', '"W_dec": mu.T', ("operand", "path"), ("W_dec",)
    ),
    Mistake(
        "slope of the sigmoid on top",
        "(x_hat - x) / batch",
        "(x_hat - x) * x_hat * (1 - x_hat) / batch",
        "slope",
        ALL,
    ),
)

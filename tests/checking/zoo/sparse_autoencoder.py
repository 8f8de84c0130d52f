"""An autoencoder of sigmoid units, samples in columns, with weight decay and a sparsity penalty."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, visible=5, hidden=3, m=7):
    theta = {
        "W1": rng.normal(size=(hidden, visible)),
        "b1": rng.normal(size=(hidden, 1)),
        "W2": rng.normal(size=(visible, hidden)),
        "b2": rng.normal(size=(visible, 1)),
    }
    return theta, (rng.uniform(0.1, 0.9, size=(visible, m)), 0.3, 0.2, 0.5)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def loss(theta, x, decay, rho, beta):
    m = x.shape[1]
    a2 = sigmoid(theta["W1"] @ x + theta["b1"])
    a3 = sigmoid(theta["W2"] @ a2 + theta["b2"])
    rho_hat = a2.mean(axis=1)
    divergence = rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 - rho_hat))
    squares = (theta["W1"] ** 2).sum() + (theta["W2"] ** 2).sum()
    return 0.5 / m * ((a3 - x) ** 2).sum() + decay / 2 * squares + beta * divergence.sum()


def gradients(theta, x, decay, rho, beta):
    W1, W2 = theta["W1"], theta["W2"]
    m = x.shape[1]
    z2 = W1.dot(x) + theta["b1"]
    a2 = sigmoid(z2)
    z3 = W2.dot(a2) + theta["b2"]
    a3 = sigmoid(z3)
    rhohat = np.sum(a2, axis=1, keepdims=True) / m

    delta3 = -(x - a3) * a3 * (1 - a3)
    sparsity = beta * (-rho / rhohat + (1 - rho) / (1 - rhohat))
    delta2 = (W2.T.dot(delta3) + sparsity) * a2 * (1 - a2)

    W1grad = delta2.dot(x.T) / m + decay * W1
    W2grad = delta3.dot(a2.T) / m + decay * W2
    b1grad = np.mean(delta2, axis=1, keepdims=True)
    b2grad = np.mean(delta3, axis=1, keepdims=True)
    return {"W1": W1grad, "b1": b1grad, "W2": W2grad, "b2": b2grad}


FIRST, SECOND = ("W1", "b1"), ("W2", "b2")
ALL = FIRST + SECOND
MISTAKES = (
    Mistake(
        "sparsity left out",
        "(W2.T.dot(delta3) + sparsity)",
        "W2.T.dot(delta3)",
        ("path", "regularisation"),
        FIRST,
    ),
    Mistake(
        "sparsity not passed through the sigmoid",
        "(W2.T.dot(delta3) + sparsity) * a2 * (1 - a2)",
        "W2.T.dot(delta3) * a2 * (1 - a2) + sparsity",
        ("slope", "regularisation", "path"),
        FIRST,
    ),
    Mistake(
        "sparsity over the batch",
        "sparsity = beta * (",
        "sparsity = beta / m * (",
        ("regularisation", "scale", "path"),
        FIRST,
    ),
    Mistake(
        "half of the divergence",
        "(-rho / rhohat + (1 - rho) / (1 - rhohat))",
        "(-rho / rhohat)",
        ("path", "regularisation"),
        FIRST,
    ),
    Mistake(
        "mean activity of all units",
        "np.sum(a2, axis=1, keepdims=True) / m",
        "np.mean(a2)",
        ("axis", "scale", "unknown", "path", "regularisation"),
        FIRST,
    ),
    Mistake("slope of the output missing", "-(x - a3) * a3 * (1 - a3)", "-(x - a3)", "slope", ALL),
    Mistake(
        "slope of the output of a tanh",
        "-(x - a3) * a3 * (1 - a3)",
        "-(x - a3) * (1 - a3**2)",
        "slope",
        ALL,
    ),
    Mistake(
        "slope of the hidden layer missing",
        "+ sparsity) * a2 * (1 - a2)",
        "+ sparsity)",
        "slope",
        FIRST,
    ),
    Mistake(
        "slope at the pre-activation",
        "+ sparsity) * a2 * (1 - a2)",
        "+ sparsity) * z2 * (1 - z2)",
        "slope",
        FIRST,
    ),
    Mistake(
        "slope of the other layer's units",
        "+ sparsity) * a2 * (1 - a2)",
        "+ sparsity) * sigmoid(a2) * (1 - sigmoid(a2))",
        "slope",
        FIRST,
    ),
    Mistake(
        "sign of the reconstruction",
        "delta3 = -(x - a3)",
        "delta3 = (x - a3)",
        ("scale", "path"),
        ALL,
    ),
    Mistake(
        "encoder's weights in the way back", "W2.T.dot(delta3)", "W1.dot(delta3)", "weights", FIRST
    ),
    Mistake(
        "decay of the encoder missing",
        "delta2.dot(x.T) / m + decay * W1",
        "delta2.dot(x.T) / m",
        "regularisation",
        ("W1",),
    ),
    Mistake(
        "decay of the decoder doubled",
        "+ decay * W2",
        "+ 2 * decay * W2",
        "regularisation",
        ("W2",),
    ),
    Mistake(
        "decay over the batch",
        "delta3.dot(a2.T) / m + decay * W2",
        "(delta3.dot(a2.T) + decay * W2) / m",
        "regularisation",
        ("W2",),
    ),
    Mistake(
        "decay of the encoder from the decoder",
        "+ decay * W1",
        "+ decay * W2.T",
        ("regularisation", "weights"),
        ("W1",),
    ),
    Mistake(
        "pre-activations for activations",
        "delta3.dot(a2.T)",
        "delta3.dot(z2.T)",
        ("operand", "slope"),
        ("W2",),
    ),
    Mistake("bias summed", "b1grad = np.mean(delta2", "b1grad = np.sum(delta2", "scale", ("b1",)),
    Mistake(
        "bias flat",
        "b2grad = np.mean(delta3, axis=1, keepdims=True)",
        "b2grad = np.mean(delta3, axis=1)",
        "shape",
        ("b2",),
    ),
    Mistake(
        "biases in one array",
        "b2grad = np.mean(delta3, axis=1, keepdims=True)",
        "b2grad = b1grad",
        ("shape", "aliased"),
        ("b1", "b2"),
    ),
)

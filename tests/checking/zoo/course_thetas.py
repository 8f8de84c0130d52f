"""Two matrices Theta with the bias in the first column, sigmoids, one-hot labels."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, m=6, inputs=3, hidden=4, labels=3):
    thetas = {
        "Theta1": rng.uniform(-1, 1, size=(hidden, inputs + 1)),
        "Theta2": rng.uniform(-1, 1, size=(labels, hidden + 1)),
    }
    return thetas, (rng.normal(size=(m, inputs)), rng.integers(1, labels + 1, size=m), 0.8)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def one_hot(y, labels):
    Y = np.zeros((y.size, labels))
    Y[np.arange(y.size), y - 1] = 1
    return Y


def loss(thetas, X, y, lam):
    Theta1, Theta2 = thetas["Theta1"], thetas["Theta2"]
    m = len(y)
    A1 = np.insert(X, 0, 1.0, axis=1)
    A2 = np.insert(sigmoid(A1 @ Theta1.T), 0, 1.0, axis=1)
    H = sigmoid(A2 @ Theta2.T)
    Y = one_hot(y, Theta2.shape[0])
    J = np.sum(-Y * np.log(H) - (1 - Y) * np.log(1 - H)) / m
    return J + lam / (2 * m) * (np.sum(Theta1[:, 1:] ** 2) + np.sum(Theta2[:, 1:] ** 2))


def gradients(thetas, X, y, lam):
    Theta1, Theta2 = thetas["Theta1"], thetas["Theta2"]
    m = len(y)
    a1 = np.concatenate([np.ones((m, 1)), X], axis=1)
    z2 = a1.dot(Theta1.T)
    a2 = np.concatenate([np.ones((m, 1)), sigmoid(z2)], axis=1)
    a3 = sigmoid(a2.dot(Theta2.T))
    labels = one_hot(y, Theta2.shape[0])

    delta_3 = a3 - labels
    g2 = sigmoid(z2) * (1 - sigmoid(z2))
    delta_2 = delta_3.dot(Theta2)[:, 1:] * g2
    Theta1_grad = delta_2.T.dot(a1) / m
    Theta2_grad = delta_3.T.dot(a2) / m
    Theta1_grad[:, 1:] += lam / m * Theta1[:, 1:]
    Theta2_grad[:, 1:] += lam / m * Theta2[:, 1:]
    return {"Theta1": Theta1_grad, "Theta2": Theta2_grad}


ONE, TWO = ("Theta1",), ("Theta2",)
MISTAKES = (
    Mistake(
        "wrong column dropped",
        "delta_3.dot(Theta2)[:, 1:]",
        "delta_3.dot(Theta2)[:, :-1]",
        "bias_column",
        ONE,
    ),
    Mistake(
        "bias column not dropped",
        "delta_2 = delta_3.dot(Theta2)[:, 1:] * g2\n    Theta1_grad = delta_2.T.dot(a1) / m\n",
        "delta_2 = delta_3.dot(Theta2) * a2 * (1 - a2)\n"
        "    Theta1_grad = delta_2[:, :-1].T.dot(a1) / m\n",
        "bias_column",
        ONE,
        line="Theta1_grad = delta_2[:, :-1].T.dot(a1) / m",
    ),
    Mistake(
        "ones at the wrong end",
        "delta_2.T.dot(a1) / m",
        "delta_2.T.dot(np.roll(a1, -1, axis=1)) / m",
        ("bias_column", "shifted", "permuted"),
        ONE,
    ),
    Mistake(
        "bias without its gradient",
        "Theta2_grad = delta_3.T.dot(a2) / m",
        "Theta2_grad = delta_3.T.dot(a2 * (np.arange(a2.shape[1]) > 0)) / m",
        ("bias_column", "path", "mask"),
        TWO,
    ),
    Mistake(
        "penalty on the bias too",
        "Theta1_grad[:, 1:] += lam / m * Theta1[:, 1:]",
        "Theta1_grad += lam / m * Theta1",
        "regularisation",
        ONE,
    ),
    Mistake(
        "penalty on the bias and not on the last",
        "Theta2_grad[:, 1:] += lam / m * Theta2[:, 1:]",
        "Theta2_grad[:, :-1] += lam / m * Theta2[:, :-1]",
        ("regularisation", "shifted", "bias_column"),
        TWO,
    ),
    Mistake(
        "penalty of the next column",
        "+= lam / m * Theta2[:, 1:]",
        "+= lam / m * Theta2[:, :-1]",
        ("regularisation", "shifted", "bias_column"),
        TWO,
    ),
    Mistake(
        "penalty missing",
        "    Theta1_grad[:, 1:] += lam / m * Theta1[:, 1:]\n",
        "",
        "regularisation",
        ONE,
    ),
    Mistake(
        "penalty not divided by the batch",
        "+= lam / m * Theta2[:, 1:]",
        "+= lam * Theta2[:, 1:]",
        "regularisation",
        TWO,
    ),
    Mistake(
        "penalty halved",
        "+= lam / m * Theta1[:, 1:]",
        "+= lam / (2 * m) * Theta1[:, 1:]",
        "regularisation",
        ONE,
    ),
    Mistake(
        "penalty assigned",
        "Theta2_grad[:, 1:] += lam",
        "Theta2_grad[:, 1:] = lam",
        "overwritten",
        TWO,
    ),
    Mistake(
        "labels off by one",
        "delta_3 = a3 - labels",
        "delta_3 = a3 - np.roll(labels, 1, axis=1)",
        "labels",
        ONE + TWO,
    ),
    Mistake("slope missing", "[:, 1:] * g2", "[:, 1:]", "slope", ONE),
    Mistake(
        "slope of the sigmoid's sigmoid",
        "g2 = sigmoid(z2) * (1 - sigmoid(z2))",
        "g2 = sigmoid(a2[:, 1:]) * (1 - sigmoid(a2[:, 1:]))",
        "slope",
        ONE,
    ),
    Mistake(
        "slope of a squared error",
        "delta_3 = a3 - labels",
        "delta_3 = (a3 - labels) * a3 * (1 - a3)",
        "slope",
        ONE + TWO,
    ),
    Mistake("not averaged", "delta_2.T.dot(a1) / m", "delta_2.T.dot(a1)", "scale", ONE),
    Mistake(
        "single precision",
        "Theta2_grad = delta_3.T.dot(a2) / m",
        "Theta2_grad = np.float32(delta_3.T.dot(a2) / m)",
        "dtype",
        TWO,
    ),
    Mistake("second gradient forgotten", '"Theta2": Theta2_grad}', "}", "missing", TWO),
    Mistake(
        "penalty taken off the weights",
        "Theta1_grad[:, 1:] += lam / m * Theta1[:, 1:]",
        "Theta1[:, 1:] *= lam / m\n    Theta1_grad[:, 1:] += Theta1[:, 1:]",
        "modified",
        (),
    ),
)

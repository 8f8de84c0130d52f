"""A sigmoid layer whose bias is a row of its weights: a column of ones by np.hstack."""

import numpy as np

from .mistakes import Mistake

STYLE = "class"
NAMES = ("X",)
GRADIENTS = {"theta1": "theta1_grad", "theta2": "theta2_grad"}


class Network:
    """Two layers of sigmoid units, as in Ng's exercise, without its loss."""

    def __init__(self, theta1, theta2):
        self.theta1 = theta1
        self.theta2 = theta2

    def forward(self, X):
        ones = np.ones((X.shape[0], 1))
        self.a1 = np.hstack([ones, X])
        self.z2 = self.a1 @ self.theta1.T
        self.a2 = np.hstack([ones, 1 / (1 + np.exp(-self.z2))])
        self.z3 = self.a2 @ self.theta2.T
        self.h = 1 / (1 + np.exp(-self.z3))
        return self.h

    def backward(self, dh):
        delta3 = dh * self.h * (1 - self.h)
        delta2 = delta3 @ self.theta2
        delta2 = delta2 * self.a2 * (1 - self.a2)
        delta2 = delta2[:, 1:]
        self.theta2_grad = delta3.T @ self.a2
        self.theta1_grad = delta2.T @ self.a1
        dX = delta2 @ self.theta1
        return dX[:, 1:]


def make(rng):
    """As many hidden units as inputs."""
    n, d, k = rng.integers(4, 7), rng.integers(3, 5), rng.integers(2, 4)
    network = Network(rng.normal(size=(d, d + 1)), rng.normal(size=(k, d + 1)))
    return network, (rng.normal(size=(n, d)),)


X, ONE, TWO = ("X",), ("theta1",), ("theta2",)
DEEP = ("X", "theta1")
ALL = ("X", "theta1", "theta2")
MISTAKES = (
    Mistake(
        "last column dropped from delta2",
        "delta2 = delta2[:, 1:]",
        "delta2 = delta2[:, :-1]",
        ("bias_column", "shifted"),
        DEEP,
    ),
    Mistake(
        "last column dropped from dX",
        "return dX[:, 1:]",
        "return dX[:, :-1]",
        ("bias_column", "shifted"),
        X,
    ),
    Mistake("bias column kept in dX", "return dX[:, 1:]", "return dX", ("bias_column", "shape"), X),
    Mistake(
        "bias dropped from the gradient",
        "delta2.T @ self.a1",
        "delta2.T @ self.a1[:, 1:]",
        ("bias_column", "shape"),
        ONE,
    ),
    Mistake(
        "bias column of ones at the end",
        "delta2.T @ self.a1",
        "delta2.T @ np.hstack([self.a1[:, 1:], self.a1[:, :1]])",
        ("bias_column", "shifted", "permuted"),
        ONE,
    ),
    Mistake(
        "bias has no gradient",
        "delta3.T @ self.a2",
        "delta3.T @ np.hstack([0 * self.a2[:, :1], self.a2[:, 1:]])",
        ("bias_column", "mask", "path"),
        TWO,
    ),
    Mistake(
        "slope of the output missing",
        "delta3 = dh * self.h * (1 - self.h)",
        "delta3 = dh",
        "slope",
        ALL,
    ),
    Mistake(
        "half a slope of the output",
        "dh * self.h * (1 - self.h)",
        "dh * (1 - self.h)",
        "slope",
        ALL,
    ),
    Mistake(
        "slope of the output at its input",
        "dh * self.h * (1 - self.h)",
        "dh * self.z3 * (1 - self.z3)",
        "slope",
        ALL,
    ),
    Mistake(
        "slope of the hidden units missing",
        "delta2 * self.a2 * (1 - self.a2)",
        "delta2 * 1",
        "slope",
        DEEP,
    ),
    Mistake(
        "slope of tanh",
        "delta2 * self.a2 * (1 - self.a2)",
        "delta2 * (1 - self.a2**2)",
        "slope",
        DEEP,
    ),
    Mistake(
        "slope of the wrong columns",
        "delta2 * self.a2 * (1 - self.a2)",
        "delta2 * (lambda a: a * (1 - a))(np.roll(self.a2, 1, axis=1))",
        ("bias_column", "slope", "shifted"),
        DEEP,
    ),
    Mistake(
        "gradient of the data for the hidden units",
        "delta3.T @ self.a2",
        "delta3.T @ self.a1",
        "operand",
        TWO,
    ),
    Mistake(
        "gradients by samples",
        "delta3.T @ self.a2",
        "delta3.T @ self.a2 / len(self.a2)",
        "scale",
        TWO,
    ),
    Mistake("gradient transposed", "delta3.T @ self.a2", "self.a2.T @ delta3", "transposed", TWO),
    Mistake(
        "regularised without a penalty in the loss",
        "delta2.T @ self.a1",
        "delta2.T @ self.a1 + 0.5 * self.theta1",
        "regularisation",
        ONE,
    ),
    Mistake(
        "gradient accumulated",
        "self.theta1_grad = delta2.T @ self.a1",
        "self.theta1_grad = getattr(self, 'theta1_grad', 0) + delta2.T @ self.a1",
        "accumulated",
        ONE,
    ),
    Mistake(
        "gradient without the hidden slope",
        "delta2.T @ self.a1",
        "(delta3 @ self.theta2)[:, 1:].T @ self.a1",
        "slope",
        ONE,
    ),
    Mistake(
        "weights updated before",
        "dX = delta2 @ self.theta1",
        "dX = delta2 @ (self.theta1 - 0.1 * self.theta1_grad)",
        "weights",
        X,
    ),
)

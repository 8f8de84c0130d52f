"""Whole networks in three styles: a class with its own loss, columns with caches, one function."""

import numpy as np


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, std=1e-1):
        self.params = {}
        self.params["W1"] = std * np.random.randn(input_size, hidden_size)
        self.params["b1"] = np.zeros(hidden_size)
        self.params["W2"] = std * np.random.randn(hidden_size, output_size)
        self.params["b2"] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.1):
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]
        N, D = X.shape
        hidden = np.tanh(X.dot(W1) + b1)
        scores = hidden.dot(W2) + b2
        if y is None:
            return scores
        probs = np.exp(scores - scores.max(axis=1, keepdims=True))
        probs /= probs.sum(axis=1, keepdims=True)
        loss = -np.log(probs[range(N), y]).mean() + 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        grads = {}
        dscores = probs
        dscores[range(N), y] -= 1
        dscores /= N
        grads["W2"] = hidden.T.dot(dscores) + reg * W2
        grads["b2"] = dscores.sum(axis=0)
        dhidden = dscores.dot(W2.T) * (1 - hidden**2)
        grads["W1"] = X.T.dot(dhidden) + reg * W1
        grads["b1"] = dhidden.sum(axis=0)
        return loss, grads


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def propagate(w, b, X, Y):
    """The gradients before the cost; db is summed, where the cost is a mean."""
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    cost = -1 / m * np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    grads = {"dw": np.dot(X, (A - Y).T) / m, "db": np.sum(A - Y)}
    return grads, cost


class Linear:
    def __init__(self, in_features, out_features):
        self.W = np.random.randn(in_features, out_features)
        self.b = np.zeros(out_features)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad):
        self.dW = self.x.T @ grad
        self.db = grad.sum(axis=0)
        return grad @ self.W.T


def compute_cost(theta, X, y):
    m = len(y)
    return np.sum((X @ theta - y) ** 2) / (2 * m)


def compute_gradient(X, y, theta):
    m = len(y)
    return X.T @ (X @ theta - y) / m


class SoftmaxWithLoss:
    """The gradient of a loss: its incoming gradient is 1 and not used."""

    def forward(self, x, t):
        self.t = t
        y = np.exp(x - np.max(x, axis=-1, keepdims=True))
        self.y = y / np.sum(y, axis=-1, keepdims=True)
        return -np.sum(np.log(self.y[np.arange(len(t)), t])) / len(t)

    def backward(self, dout=1):
        batch_size = self.t.shape[0]
        dx = self.y.copy()
        dx[np.arange(batch_size), self.t] -= 1
        dx = dx / batch_size
        return dx


class BookNet:
    def __init__(self, input_size, output_size):
        self.params = {"W": np.random.randn(input_size, output_size), "b": np.zeros(output_size)}

    def predict(self, x):
        return np.dot(x, self.params["W"]) + self.params["b"]

    def loss(self, x, t):
        return 0.5 * np.sum((self.predict(x) - t) ** 2)

    def gradient(self, x, t):
        dy = self.predict(x) - t
        return {"W": np.dot(x.T, dy), "b": np.sum(dy, axis=0)}

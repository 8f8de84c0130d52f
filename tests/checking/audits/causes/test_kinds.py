"""Every kind is told where it is true, and no other where it is not: one small network, one table.

A row replaces a piece of the right backward pass; the cause must be found with exactly its kind,
at its line.
"""

import numpy as np
import pytest

from autograd_lite.checking.audits.auditing import audit, audit_layer
from tests.checking.audits.modules import module_of

pytestmark = pytest.mark.usefixtures("patient")

NETWORK = """
import numpy as np

def softmax(scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def loss(params, X, y, reg):
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    p = softmax(hidden @ params["W2"] + params["b2"])
    penalty = 0.5 * reg * np.sum(params["W1"] ** 2)
    return -np.mean(np.log(p[np.arange(len(y)), y])) + penalty

def gradients(params, X, y, reg):
    W1, W2 = params["W1"], params["W2"]
    n = len(y)
    hidden = np.tanh(X @ W1 + params["b1"])
    d = softmax(hidden @ W2 + params["b2"])
    d[np.arange(n), y] -= 1
    d = d / n
    dW2 = hidden.T @ d
    db2 = d.sum(axis=0)
    dh = d @ W2.T
    dz = dh * (1 - hidden**2)
    dW1 = X.T @ dz
    dW1 = dW1 + reg * W1
    db1 = dz.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
"""
LAYER = """
import numpy as np

def forward(x, gamma, beta):
    eps = 1e-2
    mu = x.mean(axis=0)
    xmu = x - mu
    var = np.mean(xmu**2, axis=0)
    std = np.sqrt(var + eps)
    xhat = xmu / std
    return np.maximum(gamma * xhat + beta, 0), (xmu, var, eps, std, xhat, gamma, beta)

def backward(dout, cache):
    xmu, var, eps, std, xhat, gamma, beta = cache
    N = len(dout)
    dout = dout * (gamma * xhat + beta > 0)
    dbeta = dout.sum(axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 / (std * (var + eps))
    dmu = -np.sum(dxhat / std, axis=0)
    dvariance = 2 * xmu * dvar / N
    dmean = dmu / N
    dx = dxhat / std + dvariance + dmean
    return dx, dgamma, dbeta
"""
MISTAKES = (
    (NETWORK, "d = d / n", "d = d / 1", "scale"),
    (NETWORK, "db2 = d.sum(axis=0)", "db2 = d.mean(axis=0)", "scale"),
    (NETWORK, "dz = dh * (1 - hidden**2)", "dz = 1 * dh", "slope"),
    (NETWORK, "dz = dh * (1 - hidden**2)", "dz = dh * (1 - hidden)", "slope"),
    (NETWORK, "dz = dh * (1 - hidden**2)", "dz = dh * hidden * (1 - hidden)", "slope"),
    (NETWORK, "dh = d @ W2.T", "dh = d @ (W2 - 0.1 * dW2).T", "weights"),
    (NETWORK, "dh = d @ W2.T", "W2 = W2 - 0.1 * dW2\n    dh = d @ W2.T", "weights"),
    (NETWORK, "dW1 = dW1 + reg * W1", "dW1 = dW1 + 2 * reg * W1", "regularisation"),
    (NETWORK, "dW1 = dW1 + reg * W1", "dW1 = dW1 + reg * W1 / n", "regularisation"),
    (NETWORK, "dW1 = dW1 + reg * W1", "pass", "regularisation"),
    (NETWORK, "db1 = dz.sum(axis=0)", "db1 = dz.sum(axis=1)", "axis"),
    (NETWORK, "n), y] -= 1", "n), y - 1] -= 1", "labels"),
    (NETWORK, "n), y] -= 1", "n), y] += 1", "labels"),
    (NETWORK, '"W2": dW2', '"W2": dW2.T', "transposed"),
    (NETWORK, "X.T @ dz", "np.roll(X, 1, axis=1).T @ dz", "shifted"),
    (NETWORK, "X.T @ dz", "X[:, ::-1].T @ dz", "permuted"),
    (NETWORK, "X.T @ dz", "X[1:].T @ dz[:-1]", "shifted"),
    (NETWORK, "hidden.T @ d\n", "hidden.T @ d * (np.arange(5) < 4)[:, None]\n", "mask"),
    (LAYER, "dout = dout * (gamma * xhat + beta > 0)", "dout = dout * 1", "mask"),
    (LAYER, "xhat + beta > 0)", "xhat > 0)", "mask"),
    (LAYER, "(std * (var + eps))", "(std * var)", "eps"),
    (LAYER, "(std * (var + eps))", "std", "power"),
    (LAYER, "np.sum(dout * xhat", "np.sum(dout * xmu", "operand"),
    (LAYER, "dxhat = dout * gamma", "dxhat = dout", "factor"),
    (LAYER, "+ dvariance + dmean", "+ dvariance", "path"),
    (LAYER, "+ dvariance + dmean", "+ dvariance + dmean + dmean", "twice"),
    (LAYER, "+ dvariance + dmean", "+ dvariance + 2 * dmean", "twice"),
    (LAYER, "dmean = dmu / N", "dmean = dmu // N", "integer"),
    (LAYER, "2 * xmu * dvar", "2 * xmu**2 * dvar", "power"),
)


def report_on(text, name):
    module = module_of(text, name)
    rng = np.random.default_rng(3)
    if text.startswith(NETWORK[:40]) and "def loss" in text:
        params = {
            "W1": rng.normal(size=(3, 5)),
            "b1": rng.normal(size=5),
            "W2": rng.normal(size=(5, 4)),
            "b2": rng.normal(size=4),
        }
        X, y = rng.normal(size=(6, 3)), rng.integers(4, size=6)
        return audit(module.loss, module.gradients, params, X, y, 0.3)
    inputs = rng.normal(size=(6, 3)), rng.normal(size=3), rng.normal(size=3)
    return audit_layer(module.forward, module.backward, *inputs)


@pytest.mark.parametrize("row", range(len(MISTAKES)), ids=lambda row: MISTAKES[row][3])
def test_the_kind_and_the_line_are_told(row):
    text, right, wrong, kind = MISTAKES[row]
    assert text.count(right) == 1
    report = report_on(text.replace(right, wrong), f"kinds_{row}")
    kinds = {each.diagnosis.kind for each in report.parameters if each.diagnosis}
    assert kinds == {kind}, report
    number = text[: text.index(right)].count("\n") + 1
    allowed = {number, number - 1, number - 2} if wrong == "pass" else {number}
    allowed |= {number + 1} if "\n" in wrong else set()
    assert report.first_wrong_line.line in allowed, report


def test_what_is_right_is_not_wrong():
    assert report_on(NETWORK, "network").ok
    assert report_on(LAYER, "layer").ok

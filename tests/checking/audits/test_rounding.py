"""Rounding that no neighbouring point shows, and that a longer precision does."""

import numpy as np

import autograd_lite as ag
from autograd_lite.checking.audits.judging import judged
from autograd_lite.checking.audits.problems import of_loss


def test_what_double_precision_loses_is_no_mistake():
    """A probability of nearly 1 is rounded alike at every neighbouring point."""
    keys = 1000 * np.array([[1.9, -1.1], [1.2, 0.7], [-0.4, 1.3]])
    values = np.array([1.3, -2.1, 0.6])

    def probabilities(params):
        scores = keys @ params["q"]
        e = np.exp(scores - scores.max())
        return e / e.sum()

    def loss(params):
        return probabilities(params) @ values

    def gradient(params, wrong=1.0):
        p = probabilities(params)
        return {"q": keys.T @ (p * (values - np.sum(p * values))) * wrong}

    params = {"q": np.array([0.04, 0.002])}
    rounding = gradient(params)["q"] - ag.grad(loss)(params)["q"]
    assert np.max(np.abs(rounding)) > 1e-7 * np.max(np.abs(gradient(params)["q"]))
    assert judged(of_loss(loss, gradient, params, ())).ok
    assert not judged(of_loss(loss, lambda p: gradient(p, 1 + 1e-5), params, ())).ok


def test_a_saturated_sigmoid_hides_nothing_and_is_no_mistake():
    """1 - y has few digits where y is nearly 1, and numeric derivatives see a staircase."""
    x = np.array([[1.0, 0.4], [-0.3, 1.1]])

    def sigmoid(w):
        return 1 / (1 + np.exp(-(x @ w)))

    def loss(w):
        return -np.sum(np.log(1 - sigmoid(w)))

    def gradient(w, factor=1.0):
        return factor * x.T @ sigmoid(w)

    w = np.array([29.7, 1.3])
    assert np.max(np.abs(ag.grad(loss)(w) / gradient(w) - 1)) > 1e-4
    assert ag.audit(loss, gradient, w).ok
    assert not any(ag.audit(loss, lambda w, k=k: gradient(w, k), w).ok for k in (0.9, 1.01, 2.0))

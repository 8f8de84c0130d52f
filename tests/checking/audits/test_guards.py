"""Small constants in logarithms: no gradient is wrong for leaving them out."""

import numpy as np
import pytest

import autograd_lite as ag

RNG = np.random.default_rng(0)
X, Y, W = RNG.normal(size=(6, 3)), np.array([0, 1, 3, 2, 1, 0]), RNG.normal(size=(3, 4))


def probabilities(w, x):
    e = np.exp(x @ w)
    return e / e.sum(axis=1, keepdims=True)


def loss_with(eps):
    def loss(w, x, y):
        return -np.mean(np.log(probabilities(w, x)[np.arange(len(y)), y] + eps))

    return loss


def gradient(w, x, y):
    delta = probabilities(w, x)
    delta[np.arange(len(y)), y] -= 1
    return x.T @ delta / len(y)


@pytest.mark.parametrize("eps", [0.0, 1e-15, 1e-8, 1e-7, 1e-5])
def test_a_constant_that_keeps_a_logarithm_finite_may_be_left_out(eps):
    """And taken along as well, if somebody does."""
    assert ag.audit(loss_with(eps), gradient, W, X, Y).ok
    assert ag.audit(loss_with(eps), lambda *args: ag.grad(loss_with(eps))(*args), W, X, Y).ok


@pytest.mark.parametrize(("eps", "factor"), [(1e-2, 1.0), (1e-7, 1 + 1e-4), (1e-7, 0.5)])
def test_it_excuses_nothing_else(eps, factor):
    """A larger constant is part of the loss, and other mistakes are mistakes."""
    assert not ag.audit(loss_with(eps), lambda *args: factor * gradient(*args), W, X, Y).ok


def test_the_constant_of_a_normalisation_is_no_such_one():
    """Its backward pass is to have it too."""

    def loss(x, weights):
        return np.sum(weights * x / np.sqrt(np.mean(x**2, axis=1, keepdims=True) + 1e-4))

    def manual(x, weights):
        square = np.mean(x**2, axis=1, keepdims=True)
        return weights / np.sqrt(square) - x * np.sum(weights * x, 1, keepdims=True) / (
            x.shape[1] * square**1.5
        )

    assert not ag.audit(loss, manual, X, RNG.normal(size=X.shape)).ok


def test_a_saturated_loss_excuses_nothing_either():
    """Between what is right with the constant and without it there is much room, for no one."""
    x, w = np.array([[1.0, 0.3], [2.0, -0.4]]), np.array([-8.0, 1.0])

    def probability(w):
        return 1 / (1 + np.exp(-(x @ w)))

    def loss(w):
        return -np.sum(np.log(probability(w) + 1e-5))

    def manual(factor):
        return lambda w: -factor * x.T @ (1 - probability(w))

    assert ag.audit(loss, manual(1.0), w).ok
    assert ag.audit(loss, ag.grad(loss), w).ok
    assert not any(ag.audit(loss, manual(factor), w).ok for factor in (0.1, 0.5, 0.9, -1.0))


def test_mistakes_beside_a_constant_are_explained_as_without_one():
    """The kind and the line are those of the mistake."""

    def manual(w, x, y):
        delta = probabilities(w, x)
        delta[np.arange(len(y)), y] -= 1
        return x.T @ delta

    report = ag.audit(loss_with(1e-7), manual, W, X, Y)
    assert report.parameters[0].diagnosis.kind == "scale"
    assert "summed, not averaged" in report.parameters[0].diagnosis.text
    assert report.first_wrong_line is not None

"""The chain of factors of a parameter, as the graph has it."""

import numpy as np
import pytest

from autograd_lite.checking.audits.explaining import explain
from tests.checking.zoo.mistakes import load


def test_the_chain_of_the_blogs_hidden_weights():
    network = load("blog_network")
    params, data = network.make(np.random.default_rng(0))
    explanation = explain(network.loss, params, *data)
    (chain,) = explanation.chains["hidden_weights"]
    assert [factor.text for factor in chain] == [
        "1 / 6",
        "g * 0.5",
        "g",
        "2 * g * (output_layer_outputs - y)",
        "g",
        "g @ output_weights.T",
        "g[:, 1:]",
        "g * hidden * (1 - hidden)",
        "input_layer_outputs.T @ g",
    ]
    assert [factor.shape for factor in chain][-3:] == [(6, 4), (6, 4), (4, 4)]
    text = str(explanation)
    assert "  d_hidden_layer_outputs (6, 5) = d_output_layer_outputs @ output_weights.T " in text
    assert " = 2 * ((1 / 6) * 0.5) * (output_layer_outputs - y)" in text
    assert "  line 30: output_layer_outputs = np.dot(" in text


def numbers_of(lines, known):
    """The gradients that the lines of a printed chain define, computed in what is known."""
    for line in lines:
        target, text = line.split("  line ")[0].split(" = ", 1)
        name = target.split()[0]
        known[name] = eval(text, {"np": np}, known)
    return known


def test_the_chains_of_the_blog_can_be_computed_as_they_are_printed():
    network = load("blog_network")
    params, (X, y) = network.make(np.random.default_rng(0))
    ones = np.ones((len(X), 1))
    inputs = X if X.shape[1] == 4 else np.hstack((ones, X))
    hidden = 1 / (1 + np.exp(-inputs @ params["hidden_weights"]))
    outer = np.hstack((ones, hidden))
    known = params | {
        "input_layer_outputs": inputs,
        "hidden": hidden,
        "hidden_layer_outputs": outer,
        "output_layer_outputs": outer @ params["output_weights"],
        "y": y,
    }
    due = network.gradients(params, X, y)
    for block in str(explain(network.loss, params, X, y)).split("\n\n"):
        numbers_of(block.splitlines()[1:], known)
    for name, gradient in due.items():
        np.testing.assert_allclose(known[f"d_{name}"], gradient)


def test_every_path_of_a_parameter_is_shown():
    def loss(w, x):
        return np.sum(w * x) + np.sum(w * w)

    explanation = explain(loss, np.ones(2), np.arange(2.0))
    paths = explanation.chains["w"]
    assert len(paths) == 3
    assert ["g", "g * x"] in [[factor.text for factor in path][-2:] for path in paths]
    assert "the gradient of loss in w (2,) is the sum over 3 paths:" in str(explanation)


def test_a_loss_that_does_not_depend_on_its_parameters():
    with pytest.raises(TypeError, match="does not depend on its parameters"):
        explain(lambda _: np.float64(3.0), np.ones(2))


def test_a_parameter_without_a_path():
    def loss(params):
        return np.sum(params["a"])

    text = str(explain(loss, {"a": np.ones(2), "b": np.ones(2)}))
    assert "loss does not depend on b" in text

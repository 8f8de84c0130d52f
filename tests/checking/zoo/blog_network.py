"""The network of the blog post: sigmoid units, the bias as a column of ones by hstack."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, samples=6, inputs=3, hidden=4, outputs=2):
    params = {
        "hidden_weights": 2 * rng.random((inputs + 1, hidden)) - 1,
        "output_weights": 2 * rng.random((hidden + 1, outputs)) - 1,
    }
    X = rng.normal(size=(samples, inputs))
    y = rng.random((samples, outputs))
    return params, (X, y)


def sigmoid(x, derivative=False):
    if derivative:
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))


def loss(params, X, y):
    input_layer_outputs = np.hstack((np.ones((X.shape[0], 1)), X))
    hidden = sigmoid(np.dot(input_layer_outputs, params["hidden_weights"]))
    hidden_layer_outputs = np.hstack((np.ones((X.shape[0], 1)), hidden))
    output_layer_outputs = np.dot(hidden_layer_outputs, params["output_weights"])
    return 0.5 * np.sum((output_layer_outputs - y) ** 2) / len(X)


def gradients(params, X, y):
    hidden_weights = params["hidden_weights"]
    output_weights = params["output_weights"]
    input_layer_outputs = np.hstack((np.ones((X.shape[0], 1)), X))
    hidden_layer_outputs = np.hstack(
        (np.ones((X.shape[0], 1)), sigmoid(np.dot(input_layer_outputs, hidden_weights)))
    )
    output_layer_outputs = np.dot(hidden_layer_outputs, output_weights)

    output_error = output_layer_outputs - y
    slope = sigmoid(hidden_layer_outputs[:, 1:], derivative=True)
    hidden_error = slope * np.dot(output_error, output_weights.T[:, 1:])

    hidden_pd = input_layer_outputs[:, :, np.newaxis] * hidden_error[:, np.newaxis, :]
    output_pd = hidden_layer_outputs[:, :, np.newaxis] * output_error[:, np.newaxis, :]
    total_hidden_gradient = np.average(hidden_pd, axis=0)
    total_output_gradient = np.average(output_pd, axis=0)
    return {"hidden_weights": total_hidden_gradient, "output_weights": total_output_gradient}


HIDDEN = ("hidden_weights",)
OUTPUT = ("output_weights",)
BOTH = HIDDEN + OUTPUT
MISTAKES = (
    Mistake(
        "hidden gradient summed over the batch",
        "np.average(hidden_pd, axis=0)",
        "np.sum(hidden_pd, axis=0)",
        "scale",
        HIDDEN,
    ),
    Mistake(
        "output gradient averaged over all entries",
        "np.average(output_pd, axis=0)",
        "np.sum(output_pd, axis=0) / output_pd.size",
        "scale",
        OUTPUT,
    ),
    Mistake(
        "factor 2 of a square without the half",
        "output_error = output_layer_outputs - y",
        "output_error = 2 * (output_layer_outputs - y)",
        "scale",
        BOTH,
    ),
    Mistake(
        "error with the sign turned",
        "output_error = output_layer_outputs - y",
        "output_error = y - output_layer_outputs",
        "scale",
        BOTH,
    ),
    Mistake(
        "learning rate already applied",
        "    return {",
        "    total_hidden_gradient *= 0.1\n    total_output_gradient *= 0.1\n    return {",
        "scale",
        BOTH,
    ),
    Mistake("derivative of the sigmoid missing", "slope * np.dot(", "np.dot(", "slope", HIDDEN),
    Mistake(
        "sigmoid taken of a sigmoid",
        "hidden_layer_outputs[:, 1:], derivative=True",
        "sigmoid(hidden_layer_outputs[:, 1:]), derivative=True",
        "slope",
        HIDDEN,
    ),
    Mistake(
        "derivative taken at the pre-activation",
        "sigmoid(hidden_layer_outputs[:, 1:], derivative=True)",
        "sigmoid(np.dot(input_layer_outputs, hidden_weights), derivative=True)",
        "slope",
        HIDDEN,
    ),
    Mistake(
        "the slope is the activation",
        "return x * (1 - x)",
        "return 1 / (1 + np.exp(-x)) * (1 - x)",
        "slope",
        HIDDEN,
    ),
    Mistake(
        "derivative of a linear output taken to be a sigmoid's",
        "output_error = output_layer_outputs - y",
        "output_error = (output_layer_outputs - y) * sigmoid(output_layer_outputs, True)",
        "slope",
        BOTH,
    ),
    Mistake(
        "last column dropped for the bias column",
        "output_weights.T[:, 1:]",
        "output_weights.T[:, :-1]",
        "bias_column",
        HIDDEN,
    ),
    Mistake(
        "column of the weights' last row counted as bias",
        "slope = sigmoid(hidden_layer_outputs[:, 1:], derivative=True)",
        "slope = sigmoid(hidden_layer_outputs[:, :-1], derivative=True)",
        "bias_column",
        HIDDEN,
    ),
    Mistake(
        "bias column neither dropped",
        "slope = sigmoid(hidden_layer_outputs[:, 1:], derivative=True)\n"
        "    hidden_error = slope * np.dot(output_error, output_weights.T[:, 1:])",
        "slope = sigmoid(hidden_layer_outputs, derivative=True)\n"
        "    hidden_error = slope * np.dot(output_error, output_weights.T)",
        ("bias_column", "shape"),
        HIDDEN,
    ),
    Mistake(
        "weights updated before the error is passed on",
        "    slope = sigmoid(",
        "    output_weights = output_weights - 0.5 * np.dot(hidden_layer_outputs.T, output_error)\n"
        "    slope = sigmoid(",
        "weights",
        HIDDEN,
        line="hidden_error = slope * np.dot(output_error, output_weights.T[:, 1:])",
    ),
    Mistake(
        "weights updated in place before the error is passed on",
        "    slope = sigmoid(",
        "    output_weights -= 0.5 * np.dot(hidden_layer_outputs.T, output_error) / len(X)\n"
        "    slope = sigmoid(",
        ("weights", "modified"),
        HIDDEN,
    ),
    Mistake(
        "gradient returned transposed",
        '"output_weights": total_output_gradient}',
        '"output_weights": total_output_gradient.T}',
        ("transposed", "shape"),
        OUTPUT,
    ),
    Mistake(
        "hidden gradient forgotten",
        '{"hidden_weights": total_hidden_gradient, ',
        '{"hidden_weights": None, ',
        "missing",
        HIDDEN,
    ),
    Mistake(
        "ones behind the inputs in the gradient",
        "hidden_pd = input_layer_outputs[:, :, np.newaxis]",
        "hidden_pd = np.roll(input_layer_outputs, -1, axis=1)[:, :, np.newaxis]",
        ("shifted", "permuted", "bias_column"),
        HIDDEN,
    ),
    Mistake(
        "averaged over the inputs",
        "hidden_pd, axis=0)",
        "hidden_pd, axis=1)",
        ("axis", "shape"),
        HIDDEN,
    ),
)

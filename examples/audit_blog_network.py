"""The blog network's gradient, broken in eight ways, and what the audit says of each.

`python examples/audit_blog_network.py` audits the gradient that "Building a Simple Neural Network
from Scratch with NumPy" derives by hand, which is right, and then the same lines with one mistake
after another in them, as they happen to everyone: a sum for an average, a sign, a wrong axis ...
It prints the report on each.
"""

import inspect
import linecache
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

import autograd_lite as ag

ALPHA = 0.1  # the post's learning rate


def post() -> tuple[dict[str, Any], Any, Any]:
    """The post's first weights, by name, its six samples and their labels.

    >>> weights, X, y = post()
    >>> [array.shape for array in (*weights.values(), X, y)]
    [(4, 3), (4, 1), (6, 3), (6, 1)]
    """
    X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1]])
    y = np.array([[0, 1, 0, 1, 1, 0]]).T
    random = np.random.RandomState(1)
    weights = {
        "hidden_weights": 2 * random.random_sample((4, 3)) - 1,
        "output_weights": 2 * random.random_sample((4, 1)) - 1,
    }
    return weights, X, y


def sigmoid(x: Any) -> Any:
    """Return `1 / (1 + exp(-x))`, as the post writes it."""
    return 1 / (1 + np.exp(-x))


def forward(weights: dict[str, Any], X: Any) -> tuple[Any, Any, Any]:
    """Return what the input, hidden and output layers put out."""
    input_layer_outputs = np.hstack((np.ones((X.shape[0], 1)), X))
    hidden = sigmoid(np.dot(input_layer_outputs, weights["hidden_weights"]))
    hidden_layer_outputs = np.hstack((np.ones((X.shape[0], 1)), hidden))
    output_layer_outputs = np.dot(hidden_layer_outputs, weights["output_weights"])
    return input_layer_outputs, hidden_layer_outputs, output_layer_outputs


def loss(weights: dict[str, Any], X: Any, y: Any) -> Any:
    """Return half the mean squared error, whose gradient the post derives.

    >>> f"{loss(*post()):.6f}"
    '0.812936'
    """
    return 0.5 * np.average((forward(weights, X)[-1] - y) ** 2)


def gradients(weights: dict[str, Any], X: Any, y: Any) -> dict[str, Any]:
    """Return the gradients of the loss, as the post derives them."""
    output_weights = weights["output_weights"]
    input_layer_outputs, hidden_layer_outputs, output_layer_outputs = forward(weights, X)
    output_error = output_layer_outputs - y
    output_pd = hidden_layer_outputs[:, :, np.newaxis] * output_error[:, np.newaxis, :]
    total_output_gradient = np.average(output_pd, axis=0)
    slope = hidden_layer_outputs[:, 1:] * (1 - hidden_layer_outputs[:, 1:])
    hidden_error = slope * np.dot(output_error, output_weights.T[:, 1:])
    hidden_pd = input_layer_outputs[:, :, np.newaxis] * hidden_error[:, np.newaxis, :]
    total_hidden_gradient = np.average(hidden_pd, axis=0)
    return {"hidden_weights": total_hidden_gradient, "output_weights": total_output_gradient}


class Mistake(NamedTuple):
    """A piece of `gradients` and what stands in its place; the kind of diagnosis that is due.

    `line` is a piece of the first wrong line.
    """

    name: str
    right: str
    wrong: str
    kind: str
    line: str


MISTAKES = (
    Mistake(
        "a sum where an average is due",
        "np.average(hidden_pd, axis=0)",
        "np.sum(hidden_pd, axis=0)",
        "scale",
        "total_hidden_gradient = np.sum(hidden_pd, axis=0)",
    ),
    Mistake(
        "the derivative of the sigmoid is forgotten",
        "slope * np.dot(",
        "np.dot(",
        "slope",
        "hidden_error = np.dot(",
    ),
    Mistake(
        "the last column is dropped for that of the bias",
        "output_weights.T[:, 1:]",
        "output_weights.T[:, :-1]",
        "bias_column",
        "output_weights.T[:, :-1]",
    ),
    Mistake(
        "the product is transposed",
        "np.average(hidden_pd, axis=0)",
        "np.dot(hidden_error.T, input_layer_outputs) / len(X)",
        "transposed",
        "np.dot(hidden_error.T, input_layer_outputs)",
    ),
    Mistake(
        "the weights are updated before the error has gone back through them",
        "    slope = ",
        "    output_weights = output_weights - ALPHA * total_output_gradient\n    slope = ",
        "weights",
        "output_weights = output_weights - ALPHA",
    ),
    Mistake(
        "the sign is turned",
        "output_layer_outputs - y",
        "y - output_layer_outputs",
        "scale",
        "output_error = y - output_layer_outputs",
    ),
    Mistake(
        "the average is taken over the wrong axis",
        "np.average(hidden_pd, axis=0)",
        "np.average(hidden_pd, axis=1)",
        "axis",
        "np.average(hidden_pd, axis=1)",
    ),
    Mistake(
        "the outputs of the wrong layer are multiplied",
        "input_layer_outputs[:, :, np.newaxis]",
        "hidden_layer_outputs[:, :, np.newaxis]",
        "operand",
        "hidden_pd = hidden_layer_outputs[:, :, np.newaxis]",
    ),
)


def broken(mistake: Mistake) -> Callable[..., Any]:
    """Return `gradients` with a mistake in it, as if it were written so in a file of its own."""
    source = inspect.getsource(gradients).replace(mistake.right, mistake.wrong)
    file = f"{mistake.name}.py"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    names = dict(globals())
    exec(compile(source, file, "exec"), names)
    made: Callable[..., Any] = names["gradients"]
    return made


def reports(count: int) -> Iterator[tuple[Mistake, Any]]:
    """Audit `gradients` with each of the first mistakes."""
    for mistake in MISTAKES[:count]:
        yield mistake, ag.audit(loss, broken(mistake), *post())


def main(steps: int = len(MISTAKES)) -> None:
    """Print the report on the right gradient, and on the first `steps` wrong ones.

    >>> main(steps=0)
    loss: both gradients are right.
    <BLANKLINE>
    parameter       shape   verdict  relative error  worst at
    hidden_weights  (4, 3)  right ...
    output_weights  (4, 1)  right ...
    """
    ag.audit(loss, gradients, *post()).show()
    for number, (mistake, report) in enumerate(reports(steps), start=1):
        print(f"\n\n{number}. {mistake.name}\n")
        report.show()


if __name__ == "__main__":
    main()

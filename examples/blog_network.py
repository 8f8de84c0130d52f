"""The network of "Building a Simple Neural Network from Scratch with NumPy", trained twice.

`python examples/blog_network.py` puts three things side by side:

1. the post's own forward pass, manual gradients and update, kept as the oracle;
2. the same `forward`, unchanged, called with the two weight matrices as `ag.Tensor`,
   and `loss.backward()` in place of the manual gradients;
3. after every iteration, the largest difference between the two pairs of gradients and the two
   pairs of weight matrices.

The post never writes its loss down. The one whose gradient it derives by hand is half the mean
squared error, `half_mean_squared_error`. Two slips of its listing are put right: a comment
swallows `num_hidden = 3`, and the two updates of the weights share a line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

import autograd_lite as ag

Array: TypeAlias = NDArray[Any]
Matrix: TypeAlias = Any  # an ndarray or an ag.Tensor: the same lines serve both
Pair: TypeAlias = tuple[Array, Array]  # one for the hidden weights, one for the output weights
Layers: TypeAlias = tuple[Array, Matrix, Matrix]  # put out by the input, hidden, output layer


@dataclass(frozen=True)
class Settings:
    """What the post fixes: hidden units, learning rate, seed, number of iterations."""

    num_hidden: int = 3
    alpha: float = 0.1
    seed: int = 1
    steps: int = 10_000


class Iteration(NamedTuple):
    """One iteration of `train`: both gradients, both weights after their update.

    `absolute` and `relative` are the largest difference in any of the four matrices. The weights
    are the arrays that the next iteration updates.
    """

    number: int
    manual_gradients: Pair
    automatic_gradients: Pair
    manual_weights: Pair
    automatic_weights: Pair
    absolute: float
    relative: float


def post_data() -> Pair:
    """Return the post's six samples `X` of shape (6, 3) and their labels `y`, (6, 1).

    >>> [array.shape for array in post_data()]
    [(6, 3), (6, 1)]
    """
    X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1]])
    y = np.array([[0, 1, 0, 1, 1, 0]]).T
    return X, y


def initial_weights(features: int, num_hidden: int, outputs: int, seed: int = 1) -> Pair:
    """Return the post's random weights in [-1, 1), each with a first row for the bias.

    >>> hidden_weights, output_weights = initial_weights(3, 3, 1)
    >>> hidden_weights.shape, output_weights.shape, float(hidden_weights[0, 0])
    ((4, 3), (4, 1), -0.165956)
    """
    # The post's np.random.seed(seed) gives the same numbers, and resets everybody's generator.
    random = np.random.RandomState(seed)
    hidden_weights = 2 * random.random_sample((features + 1, num_hidden)) - 1
    output_weights = 2 * random.random_sample((num_hidden + 1, outputs)) - 1
    return hidden_weights, output_weights


def sigmoid(x: Matrix) -> Matrix:
    """Return `1 / (1 + exp(-x))`, as the post writes it.

    >>> sigmoid(np.array([0.0, 2.0]))
    array([0.5       , 0.88079708])
    """
    return 1 / (1 + np.exp(-x))


def forward(X: Array, hidden_weights: Matrix, output_weights: Matrix) -> Layers:
    """Return what the input, hidden and output layers put out; both trainings call this.

    `X` is (samples, features). The first two answers start with a column of ones, the bias;
    the output layer is linear.

    >>> X, y = post_data()
    >>> [layer.shape for layer in forward(X, *initial_weights(3, 3, 1))]
    [(6, 4), (6, 4), (6, 1)]
    """
    input_layer_outputs = np.hstack((np.ones((X.shape[0], 1)), X))
    hidden_layer_outputs = np.hstack(
        (np.ones((X.shape[0], 1)), sigmoid(np.dot(input_layer_outputs, hidden_weights)))
    )
    output_layer_outputs = np.dot(hidden_layer_outputs, output_weights)
    return input_layer_outputs, hidden_layer_outputs, output_layer_outputs


def manual_gradients(layers: Layers, y: Array, output_weights: Array) -> Pair:
    """Return the post's hand-derived gradients of the loss by the hidden and output weights.

    `layers` is what `forward` returned. One outer product per sample, averaged over the
    samples.

    >>> X, y = post_data()
    >>> hidden_weights, output_weights = initial_weights(3, 3, 1)
    >>> layers = forward(X, hidden_weights, output_weights)
    >>> manual_gradients(layers, y, output_weights)[1].ravel()
    array([-1.16902536, -0.38228642, -0.49494853, -0.24164484])
    """
    input_layer_outputs, hidden_layer_outputs, output_layer_outputs = layers
    output_error = output_layer_outputs - y
    hidden_error = (
        hidden_layer_outputs[:, 1:]
        * (1 - hidden_layer_outputs[:, 1:])
        * np.dot(output_error, output_weights.T[:, 1:])
    )
    hidden_pd = input_layer_outputs[:, :, np.newaxis] * hidden_error[:, np.newaxis, :]
    output_pd = hidden_layer_outputs[:, :, np.newaxis] * output_error[:, np.newaxis, :]
    total_hidden_gradient = np.average(hidden_pd, axis=0)
    total_output_gradient = np.average(output_pd, axis=0)
    return total_hidden_gradient, total_output_gradient


def half_mean_squared_error(outputs: Matrix, y: Array) -> Matrix:
    """Return half the squared error, summed over the outputs and averaged over the samples.

    This is the loss whose gradient the post derives: by `outputs` it is
    `(outputs - y) / samples`, the post's `output_error` with its average.

    >>> float(half_mean_squared_error(np.array([[1.0], [3.0]]), np.array([[1.0], [1.0]])))
    1.0
    """
    return np.average(0.5 * np.sum((outputs - y) ** 2, axis=1))


def automatic_gradients(
    X: Array, y: Array, hidden_weights: ag.Tensor, output_weights: ag.Tensor
) -> Pair:
    """Return the same two gradients by `loss.backward()`, without a line of calculus.

    >>> X, y = post_data()
    >>> hidden_weights, output_weights = map(ag.Tensor, initial_weights(3, 3, 1))
    >>> automatic_gradients(X, y, hidden_weights, output_weights)[1].ravel()
    array([-1.16902536, -0.38228642, -0.49494853, -0.24164484])
    """
    loss = half_mean_squared_error(forward(X, hidden_weights, output_weights)[-1], y)
    loss.backward()
    return hidden_weights.grad, output_weights.grad


def rounding_scales(layers: Layers, y: Array, output_weights: Array) -> tuple[float, float]:
    """Return the largest entry that each gradient would have if nothing in it cancelled.

    These are the manual formulas with a plus for every minus and sizes for values. The relative
    difference of two gradients is measured against them: near a minimum `outputs - y` is small
    and in a saturated unit `1 - hidden` is, so that the gradients shrink towards zero while the
    rounding error of their terms stays as it was.

    >>> X, y = post_data()
    >>> weights = initial_weights(3, 3, 1)
    >>> hidden_scale, output_scale = rounding_scales(forward(X, *weights), y, weights[1])
    >>> print(f"{hidden_scale:.3f} {output_scale:.3f}")
    0.672 1.169
    """
    inputs, hidden, outputs = (np.abs(layer) for layer in layers)
    output_size = outputs + np.abs(y)
    hidden_size = (
        hidden[:, 1:] * (1 + hidden[:, 1:]) * (output_size @ np.abs(output_weights.T[:, 1:]))
    )
    return (inputs.T @ hidden_size).max() / len(y), (hidden.T @ output_size).max() / len(y)


def differences(mine: Pair, theirs: Pair, scales: tuple[float, float]) -> Array:
    """Return the rows (absolute, relative) of the largest difference in each pair of matrices.

    >>> one = np.ones((2, 2))
    >>> differences((one, one), (one, one + 0.5), (4.0, 4.0)).tolist()
    [[0.0, 0.0], [0.5, 0.125]]
    """
    absolute = [np.abs(a - b).max() for a, b in zip(mine, theirs, strict=True)]
    # All zero is no difference, however small the scale: 0 / 0 would call it NaN.
    relative = [
        size / scale if size else size for size, scale in zip(absolute, scales, strict=True)
    ]
    return np.array([absolute, relative]).T


def train(X: Array, y: Array, settings: Settings) -> Iterator[Iteration]:
    """Train the network by hand and automatically, side by side, one iteration at a time.

    `X` is (samples, features) and `y` (samples, outputs), both finite numbers. Both trainings
    start from the same weights and never see each other's.

    >>> first = next(train(*post_data(), Settings()))
    >>> first.number, first.relative < 1e-14
    (1, True)
    """
    alpha = settings.alpha
    weights = initial_weights(X.shape[1], settings.num_hidden, y.shape[1], settings.seed)
    hidden_weights, output_weights = weights
    hidden_tensor, output_tensor = (ag.Tensor(w.copy(), requires_grad=True) for w in weights)
    for number in range(1, settings.steps + 1):
        layers = forward(X, hidden_weights, output_weights)
        manual = manual_gradients(layers, y, output_weights)
        scales = rounding_scales(layers, y, output_weights)
        hidden_weights += -alpha * manual[0]
        output_weights += -alpha * manual[1]

        automatic = automatic_gradients(X, y, hidden_tensor, output_tensor)
        for w in (hidden_tensor, output_tensor):
            w.data -= alpha * w.grad
            w.grad = None

        tensors = hidden_tensor.data, output_tensor.data
        largest = np.abs(hidden_weights).max(), np.abs(output_weights).max()
        found = np.concatenate(
            (differences(automatic, manual, scales), differences(tensors, weights, largest))
        )
        yield Iteration(number, manual, automatic, weights, tensors, *found.max(axis=0).tolist())


def main(steps: int = 10_000) -> None:
    """Train the post's network both ways and print what it predicts and how far they are apart.

    >>> main(steps=100)  # doctest: +ELLIPSIS
    label  by hand   automatic
        0  0.519588  0.519588
    ...
    largest difference of gradients and weights over 100 iterations: ...
    """
    X, y = post_data()
    largest = 0.0
    for iteration in train(X, y, Settings(steps=steps)):
        largest = max(largest, iteration.relative)
    by_hand = forward(X, *iteration.manual_weights)[-1]
    automatic = forward(X, *iteration.automatic_weights)[-1]
    print("label  by hand   automatic")
    for label, manual_answer, automatic_answer in np.hstack((y, by_hand, automatic)):
        print(f"{label:5.0f}  {manual_answer:.6f}  {automatic_answer:.6f}")
    print(f"largest difference of gradients and weights over {steps:,} iterations: {largest:.1e}")


if __name__ == "__main__":
    main()

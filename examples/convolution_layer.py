"""A convolutional layer as courses have it written, with its gradients derived by hand.

`python examples/convolution_layer.py` runs `forward` unmodified, loops, assignments and all,
through `ag.verbatim`, and compares its gradients with those of `backward`.

The layer pads the images, slides the filters over them by four nested loops that fill an array of
zeros, applies a leaky ReLU by a mask, in place, and takes the maximum of windows.
"""

from typing import Any, NamedTuple

import numpy as np

import autograd_lite as ag

STRIDE, PAD, WINDOW, LEAK = 1, 1, 2, 0.1
TOLERANCE = 1e-12


def forward(x: Any, w: Any, b: Any) -> tuple[Any, Any]:
    """Images (n, channels, h, w), filters (f, channels, k, k), biases (f,): output and cache."""
    count, _, height, width = x.shape
    filters, _, size, _ = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (PAD, PAD), (PAD, PAD)), mode="constant")
    rows = 1 + (height + 2 * PAD - size) // STRIDE
    columns = 1 + (width + 2 * PAD - size) // STRIDE
    z = np.zeros((count, filters, rows, columns))
    for n in range(count):
        for f in range(filters):
            for i in range(rows):
                for j in range(columns):
                    top, left = i * STRIDE, j * STRIDE
                    window = padded[n, :, top : top + size, left : left + size]
                    z[n, f, i, j] = np.sum(window * w[f]) + b[f]
    a = z.copy()
    a[z < 0] *= LEAK
    out = np.empty((count, filters, rows // WINDOW, columns // WINDOW))
    for i in range(rows // WINDOW):
        for j in range(columns // WINDOW):
            top, left = i * WINDOW, j * WINDOW
            out[:, :, i, j] = a[:, :, top : top + WINDOW, left : left + WINDOW].max(axis=(2, 3))
    return out, (padded, w, z, a, out)


def backward(dout: Any, cache: Any) -> tuple[Any, Any, Any]:
    """Gradients with respect to images, filters and biases, derived by hand."""
    padded, w, z, a, out = cache
    da = np.zeros(a.shape)
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            place = np.s_[:, :, i * WINDOW : (i + 1) * WINDOW, j * WINDOW : (j + 1) * WINDOW]
            largest = a[place] == out[:, :, i, j][:, :, None, None]
            da[place] += largest * dout[:, :, i, j][:, :, None, None]
    dz = np.where(z < 0, LEAK, 1.0) * da
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    filters, _, size, _ = w.shape
    for n in range(z.shape[0]):
        for f in range(filters):
            for i in range(z.shape[2]):
                for j in range(z.shape[3]):
                    top, left = i * STRIDE, j * STRIDE
                    here = np.s_[n, :, top : top + size, left : left + size]
                    dw[f] += padded[here] * dz[n, f, i, j]
                    dpadded[here] += w[f] * dz[n, f, i, j]
    return dpadded[:, :, PAD:-PAD, PAD:-PAD], dw, dz.sum(axis=(0, 2, 3))


class Difference(NamedTuple):
    """The largest difference of a gradient, and the largest entry that it is measured against."""

    parameter: str
    absolute: float
    scale: float

    @property
    def agrees(self) -> bool:
        """Whether the two gradients are the same but for rounding."""
        return self.absolute <= TOLERANCE * self.scale


def compare(seed: int) -> list[Difference]:
    """Random images and parameters: gradients by hand against the automatic ones."""
    random = np.random.default_rng(seed)
    arrays = (
        random.normal(size=(2, 3, 6, 6)),
        random.normal(size=(4, 3, 3, 3)),
        random.normal(size=4),
    )
    out, cache = forward(*arrays)
    dout = random.normal(size=out.shape)
    by_hand = backward(dout, cache)
    tensors = [ag.Tensor(array) for array in arrays]
    result, _ = ag.verbatim(forward)(*tensors)
    result.backward(dout)
    return [
        Difference(name, float(np.max(np.abs(hand - t.grad))), float(np.max(np.abs(hand))))
        for name, hand, t in zip(("images", "filters", "biases"), by_hand, tensors, strict=True)
    ]


def main(steps: int = 3) -> bool:
    """Compare for `steps` random layers, print a table, and say whether all agree."""
    print("seed  parameter  largest difference  largest entry")
    every = [(seed, difference) for seed in range(steps) for difference in compare(seed)]
    for seed, (name, absolute, scale) in every:
        print(f"{seed:4}  {name:9}  {absolute:18.1e}  {scale:13.3g}")
    agree = all(difference.agrees for _, difference in every)
    print("AGREE" if agree else "DISAGREE")
    return agree


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)

"""Word embeddings: rows of a table by index, added back with np.add.at."""

import numpy as np

from .mistakes import Mistake

STYLE = "layer"
NAMES = ("W",)


def make(rng):
    """Sequences in which words repeat; the last word is never used."""
    words, dim = rng.integers(5, 8), rng.integers(2, 5)
    x = rng.integers(0, words - 1, size=(3, 4))
    x[:, 0] = 1
    return x, rng.normal(size=(words, dim))


def forward(x, W):
    """Each index becomes a row."""
    out = W[x]
    cache = (x, W.shape)
    return out, cache


def backward(dout, cache):
    """Rows that were taken several times get several parts."""
    x, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, x, dout)
    return dW


W = ("W",)
MISTAKES = (
    Mistake("rows assigned", "np.add.at(dW, x, dout)", "dW[x] = dout", "overwritten", W),
    Mistake("rows added in a buffer", "np.add.at(dW, x, dout)", "dW[x] += dout", "overwritten", W),
    Mistake(
        "rows assigned in a loop",
        "np.add.at(dW, x, dout)",
        "for i, word in np.ndenumerate(x):\n        dW[word] = dout[i]",
        "overwritten",
        W,
    ),
    Mistake(
        "words off by one", "np.add.at(dW, x, dout)", "np.add.at(dW, x + 1, dout)", "shifted", W
    ),
    Mistake(
        "words counted from one",
        "np.add.at(dW, x, dout)",
        "np.add.at(dW, x - 1, dout)",
        "shifted",
        W,
    ),
    Mistake("rows subtracted", "np.add.at(", "np.subtract.at(", "scale", W),
    Mistake(
        "averaged over the batch",
        "np.add.at(dW, x, dout)",
        "np.add.at(dW, x, dout / len(x))",
        "scale",
        W,
    ),
    Mistake(
        "averaged over all words",
        "np.add.at(dW, x, dout)",
        "np.add.at(dW, x, dout / x.size)",
        "scale",
        W,
    ),
    Mistake(
        "words of the sequence turned round",
        "np.add.at(dW, x, dout)",
        "np.add.at(dW, x[:, ::-1], dout)",
        ("permuted", "operand", "shifted"),
        W,
    ),
    Mistake(
        "last word of each sequence forgotten",
        "np.add.at(dW, x, dout)",
        "np.add.at(dW, x[:, :-1], dout[:, :-1])",
        ("path", "shifted"),
        W,
    ),
    Mistake(
        "words one step late",
        "np.add.at(dW, x, dout)",
        "np.add.at(dW, x[:, 1:], dout[:, :-1])",
        "shifted",
        W,
    ),
    Mistake(
        "sums over the sequence",
        "np.add.at(dW, x, dout)",
        "np.add.at(dW, x[:, 0], dout.sum(axis=1))",
        ("axis", "operand"),
        W,
    ),
    Mistake("table transposed", "return dW", "return dW.T", "transposed", W),
    Mistake(
        "table in single precision",
        "dW = np.zeros(shape)",
        "dW = np.zeros(shape, np.float32)",
        "dtype",
        W,
    ),
    Mistake("whole numbers", "return dW", "return dW.astype(int)", "integer", W),
    Mistake("gradient of the rows only", "return dW", "return dout", ("shape", "axis", "path"), W),
    Mistake("only the words that occur", "return dW", "return dW[np.unique(x)]", "shape", W),
    Mistake("nothing returned", "return dW", "return None", "missing", W),
)

"""The recurrent network of characters, one sequence, softmax at each step."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, vocab=5, H=4, T=4, scale=0.5):
    params = {
        "Wxh": scale * rng.standard_normal((H, vocab)),
        "Whh": scale * rng.standard_normal((H, H)),
        "Why": scale * rng.standard_normal((vocab, H)),
        "bh": scale * rng.standard_normal((H, 1)),
        "by": scale * rng.standard_normal((vocab, 1)),
    }
    inputs, targets = rng.integers(vocab, size=T), rng.integers(vocab, size=T)
    return params, (inputs, targets, rng.standard_normal((H, 1)))


def run(params, inputs, targets, hprev):
    Wxh, Whh, Why, bh, by = (params[k] for k in ("Wxh", "Whh", "Why", "bh", "by"))
    xs, hs, ys, ps = {}, {}, {}, {}
    hs[-1] = np.copy(hprev)
    total = 0
    for t in range(len(inputs)):
        xs[t] = np.zeros((by.size, 1))
        xs[t][inputs[t]] = 1
        hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t - 1]) + bh)
        ys[t] = np.dot(Why, hs[t]) + by
        ys[t] = ys[t] - np.max(ys[t])
        ps[t] = np.exp(ys[t]) / np.sum(np.exp(ys[t]))
        total += np.log(np.sum(np.exp(ys[t]))) - ys[t][targets[t], 0]
    return total, xs, hs, ps


def loss(params, inputs, targets, hprev):
    return run(params, inputs, targets, hprev)[0]


def gradients(params, inputs, targets, hprev):
    Whh, Why = params["Whh"], params["Why"]
    _, xs, hs, ps = run(params, inputs, targets, hprev)
    dWxh, dWhh, dWhy = np.zeros_like(params["Wxh"]), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby = np.zeros_like(params["bh"]), np.zeros_like(params["by"])
    dhnext = np.zeros_like(hs[0])
    for t in reversed(range(len(inputs))):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        dWhy += np.dot(dy, hs[t].T)
        dby += dy
        dh = np.dot(Why.T, dy) + dhnext
        dhraw = (1 - hs[t] * hs[t]) * dh
        dbh += dhraw
        dWxh += np.dot(dhraw, xs[t].T)
        dWhh += np.dot(dhraw, hs[t - 1].T)
        dhnext = np.dot(Whh.T, dhraw)
    return {"Wxh": dWxh, "Whh": dWhh, "Why": dWhy, "bh": dbh, "by": dby}


RECURRENT, OUTPUT = ("Wxh", "Whh", "bh"), ("Why", "by")
ALL = RECURRENT + OUTPUT
MISTAKES = (
    Mistake(
        "recurrent path missing",
        "np.dot(Why.T, dy) + dhnext",
        "np.dot(Why.T, dy)",
        "path",
        RECURRENT,
    ),
    Mistake(
        "recurrent path without its weights",
        "dhnext = np.dot(Whh.T, dhraw)",
        "dhnext = dhraw",
        ("path", "weights", "factor"),
        RECURRENT,
    ),
    Mistake(
        "recurrent weights not transposed",
        "np.dot(Whh.T, dhraw)",
        "np.dot(Whh, dhraw)",
        ("operand", "transposed"),
        RECURRENT,
    ),
    Mistake(
        "recurrent path from behind the slope",
        "np.dot(Whh.T, dhraw)",
        "np.dot(Whh.T, dh)",
        "slope",
        RECURRENT,
    ),
    Mistake("slope missing", "(1 - hs[t] * hs[t]) * dh", "dh", "slope", RECURRENT),
    Mistake(
        "slope without square", "(1 - hs[t] * hs[t])", "(1 - hs[t])", ("slope", "power"), RECURRENT
    ),
    Mistake(
        "slope of the step before",
        "(1 - hs[t] * hs[t])",
        "(1 - hs[t - 1] * hs[t - 1])",
        ("slope", "shifted"),
        RECURRENT,
    ),
    Mistake(
        "state of the same step",
        "np.dot(dhraw, hs[t - 1].T)",
        "np.dot(dhraw, hs[t].T)",
        ("operand", "shifted"),
        ("Whh",),
    ),
    Mistake(
        "state of the step before for the output",
        "np.dot(dy, hs[t].T)",
        "np.dot(dy, hs[t - 1].T)",
        ("operand", "shifted"),
        ("Why",),
    ),
    Mistake("input weights assigned", "dWxh += np", "dWxh = np", "overwritten", ("Wxh",)),
    Mistake("hidden bias assigned", "dbh += dhraw", "dbh = dhraw", "overwritten", ("bh",)),
    Mistake("output bias from the last step only", "dby += dy", "dby = dy", "overwritten", ("by",)),
    Mistake("bias before the slope", "dbh += dhraw", "dbh += dh", "slope", ("bh",)),
    Mistake(
        "next character instead of the target",
        "dy[targets[t]] -= 1",
        "dy[inputs[t]] -= 1",
        "labels",
        ALL,
    ),
    Mistake("target not subtracted", "        dy[targets[t]] -= 1\n", "", "labels", ALL),
    Mistake(
        "target off by one step",
        "dy[targets[t]] -= 1",
        "dy[targets[t - 1]] -= 1",
        ("labels", "shifted"),
        (*RECURRENT, "Why"),
    ),
    Mistake(
        "averaged over the steps",
        "dy[targets[t]] -= 1",
        "dy[targets[t]] -= 1\n        dy /= len(inputs)",
        "scale",
        ALL,
        line="dy /= len(inputs)",
    ),
    Mistake(
        "gradients clipped",
        '    return {"Wxh"',
        "    for dparam in (dWxh, dWhh, dWhy, dbh, dby):\n"
        "        np.clip(dparam, -0.05, 0.05, out=dparam)\n"
        '    return {"Wxh"',
        ("mask", "unknown"),
        ALL,
        line="np.clip(dparam, -0.05, 0.05, out=dparam)",
    ),
    Mistake(
        "hidden weights summed into the zeros of another call",
        "    dhnext = np.zeros_like(hs[0])",
        '    dWhh = vars(gradients).setdefault("dWhh", dWhh)\n    dhnext = np.zeros_like(hs[0])',
        "accumulated",
        ("Whh",),
    ),
)

"""A GRU unrolled over one sequence of vectors, compared with a target at each step."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, T=3, D=2, H=3):
    params = {}
    for gate in "zrh":
        params["W" + gate] = rng.normal(size=(H, D))
        params["U" + gate] = 0.7 * rng.normal(size=(H, H))
        params["b" + gate] = 0.5 * rng.normal(size=H)
    return params, (rng.normal(size=(T, D)), rng.normal(size=(T, H)), rng.normal(size=H))


def sigmoid(v):
    return 1.0 / (1.0 + np.exp(-v))


def step(p, x, h):
    z = sigmoid(p["Wz"] @ x + p["Uz"] @ h + p["bz"])
    r = sigmoid(p["Wr"] @ x + p["Ur"] @ h + p["br"])
    c = np.tanh(p["Wh"] @ x + p["Uh"] @ (r * h) + p["bh"])
    return (1 - z) * h + z * c, z, r, c


def loss(params, xs, targets, h0):
    h, total = h0, 0.0
    for x, target in zip(xs, targets, strict=True):
        h, _, _, _ = step(params, x, h)
        total += 0.5 * np.sum((h - target) ** 2)
    return total


def gradients(params, xs, targets, h0):
    p = params
    grads = {k: np.zeros_like(v) for k, v in p.items()}
    states, caches = [h0], []
    for x in xs:
        h, *gates = step(p, x, states[-1])
        states.append(h)
        caches.append(gates)

    dh_next = 0.0
    for t in range(len(xs))[::-1]:
        x, h_prev = xs[t], states[t]
        z, r, c = caches[t]
        dh = states[t + 1] - targets[t] + dh_next
        dz = dh * (c - h_prev)
        dc = dh * z
        dh_prev = dh * (1 - z)

        da_h = dc * (1 - c * c)
        drh = p["Uh"].T @ da_h
        dr = drh * h_prev
        dh_prev = dh_prev + drh * r
        da_z = dz * z * (1 - z)
        da_r = dr * r * (1 - r)
        dh_prev = dh_prev + p["Uz"].T @ da_z + p["Ur"].T @ da_r

        for gate, da, state in (("z", da_z, h_prev), ("r", da_r, h_prev), ("h", da_h, r * h_prev)):
            grads["W" + gate] += np.outer(da, x)
            grads["U" + gate] += np.outer(da, state)
            grads["b" + gate] += da
        dh_next = dh_prev
    return grads


Z, R, C = ("Wz", "Uz", "bz"), ("Wr", "Ur", "br"), ("Wh", "Uh", "bh")
ALL = Z + R + C
MISTAKES = (
    Mistake("recurrent path missing", "- targets[t] + dh_next", "- targets[t]", "path", ALL),
    Mistake("direct path missing", "dh_prev = dh * (1 - z)", "dh_prev = 0", "path", ALL),
    Mistake(
        "gates in the direct path exchanged",
        "dh_prev = dh * (1 - z)",
        "dh_prev = dh * z",
        ("factor", "operand"),
        ALL,
    ),
    Mistake(
        "path through the reset state missing",
        "        dh_prev = dh_prev + drh * r\n",
        "",
        "path",
        ALL,
    ),
    Mistake("reset gate missing in the path", "dh_prev + drh * r", "dh_prev + drh", "factor", ALL),
    Mistake("path through the update gate missing", ' + p["Uz"].T @ da_z', "", "path", ALL),
    Mistake("path through the reset gate subtracted", '+ p["Ur"].T', '- p["Ur"].T', "path", ALL),
    Mistake(
        "weights of another gate",
        'p["Ur"].T @ da_r',
        'p["Uz"].T @ da_r',
        ("weights", "operand"),
        ALL,
    ),
    Mistake(
        "weights not transposed",
        'p["Uh"].T @ da_h',
        'p["Uh"] @ da_h',
        ("operand", "transposed"),
        ALL,
    ),
    Mistake(
        "sign of the update gate",
        "dz = dh * (c - h_prev)",
        "dz = dh * (h_prev - c)",
        ("scale", "path"),
        ALL,
    ),
    Mistake("old state missing in the update gate", "dh * (c - h_prev)", "dh * c", "path", ALL),
    Mistake("update gate missing in the candidate", "dc = dh * z", "dc = dh", "factor", ALL),
    Mistake("slope of the candidate missing", "dc * (1 - c * c)", "dc", "slope", ALL),
    Mistake("slope of the reset gate missing", "dr * r * (1 - r)", "dr", "slope", ALL),
    Mistake(
        "slope of the reset gate squared",
        "dr * r * (1 - r)",
        "dr * r**2 * (1 - r) ** 2",
        "slope",
        ALL,
    ),
    Mistake(
        "state without reset",
        '("h", da_h, r * h_prev)',
        '("h", da_h, h_prev)',
        ("operand", "factor"),
        ("Uh",),
    ),
    Mistake(
        "assigned instead of added",
        'grads["W" + gate] +=',
        'grads["W" + gate] =',
        "overwritten",
        ("Wz", "Wr", "Wh"),
    ),
    Mistake(
        "inputs and steps exchanged",
        "np.outer(da, x)",
        "np.outer(da, xs[t - 1])",
        ("operand", "shifted"),
        ("Wz", "Wr", "Wh"),
    ),
    Mistake(
        "one array of zeros for all biases",
        "    states, caches = [h0], []",
        '    grads["bz"] = grads["br"] = np.zeros_like(p["bz"])\n    states, caches = [h0], []',
        "aliased",
        ("bz", "br"),
    ),
    Mistake(
        "outer product turned",
        "np.outer(da, state)",
        "np.outer(state, da)",
        "transposed",
        ("Uz", "Ur", "Uh"),
    ),
)

"""An LSTM over a batch of sequences, gates side by side in one matrix and a reading at the end."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, N=3, T=3, D=2, H=4):
    params = {
        "Wx": 0.6 * rng.normal(size=(D, 4 * H)),
        "Wh": 0.6 * rng.normal(size=(H, 4 * H)),
        "b": 0.6 * rng.normal(size=4 * H),
        "Wy": rng.normal(size=H),
    }
    return params, (rng.normal(size=(N, T, D)), rng.normal(size=N))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward(params, x):
    N, T, _ = x.shape
    H = len(params["Wy"])
    h, c = np.zeros((N, H)), np.zeros((N, H))
    steps = []
    for t in range(T):
        a = x[:, t].dot(params["Wx"]) + h.dot(params["Wh"]) + params["b"]
        i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), sigmoid(a[:, 2 * H : 3 * H])
        g = np.tanh(a[:, 3 * H :])
        before = (h, c)
        c = f * c + i * g
        h = o * np.tanh(c)
        steps.append((before, i, f, o, g, c))
    return h, steps


def loss(params, x, y):
    h, _ = forward(params, x)
    return 0.5 * np.mean((h.dot(params["Wy"]) - y) ** 2)


def gradients(params, x, y):
    N, T, _ = x.shape
    Wx, Wh, Wy = params["Wx"], params["Wh"], params["Wy"]
    h, steps = forward(params, x)
    error = (h.dot(Wy) - y) / N
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(params["b"])
    dWy = h.T.dot(error)
    dh = np.outer(error, Wy)
    dc = np.zeros_like(dh)
    for t in range(T - 1, -1, -1):
        (h_prev, c_prev), i, f, o, g, c = steps[t]
        tanh_c = np.tanh(c)
        do = dh * tanh_c
        dc = dc + dh * o * (1 - tanh_c**2)
        df = dc * c_prev
        di = dc * g
        dg = dc * i
        da = np.hstack((di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)))
        dWx += x[:, t].T.dot(da)
        dWh += h_prev.T.dot(da)
        db += da.sum(axis=0)
        dh = da.dot(Wh.T)
        dc = dc * f
    return {"Wx": dWx, "Wh": dWh, "b": db, "Wy": dWy}


GATES = ("Wx", "Wh", "b")
MISTAKES = (
    Mistake(
        "bias of all calls",
        "    dWy = h.T.dot(error)",
        '    db = vars(gradients).setdefault("db", db)\n    dWy = h.T.dot(error)',
        "accumulated",
        ("b",),
    ),
    Mistake(
        "gradient of the state taken twice",
        "dh = da.dot(Wh.T)",
        "dh = da.dot(Wh.T) + da.dot(Wh.T)",
        ("twice", "scale"),
        GATES,
    ),
    Mistake(
        "zeros in half precision",
        "dh = np.outer(error, Wy)",
        "dh = np.outer(error, Wy).astype(np.float16)",
        "dtype",
        GATES,
    ),
    Mistake(
        "zeros shared by two",
        'dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(params["b"])',
        "dWx, dWh = np.zeros_like(Wx), np.zeros_like(Wh)\n    db = dWx[0]",
        "aliased",
        ("Wx", "b"),
        line="db = dWx[0]",
    ),
    Mistake(
        "path of the state through the output missing",
        "dc = dc + dh * o * (1 - tanh_c**2)",
        "dc = dc + 0",
        "path",
        GATES,
    ),
    Mistake(
        "path of the cell through time missing",
        "dc = dc + dh * o",
        "dc = dh * o",
        ("path", "overwritten"),
        GATES,
    ),
    Mistake(
        "path of the state through time missing",
        "dh = da.dot(Wh.T)",
        "dh = np.zeros_like(dh)",
        "path",
        GATES,
    ),
    Mistake(
        "forget gate missing on the way back",
        "        dc = dc * f\n",
        "",
        ("factor", "path"),
        GATES,
    ),
    Mistake("slope of the cell missing", "dh * o * (1 - tanh_c**2)", "dh * o", "slope", GATES),
    Mistake("slope of the cell before tanh", "(1 - tanh_c**2)", "(1 - c**2)", "slope", GATES),
    Mistake("output gate missing in the cell", "dh * o * (1", "dh * (1", "factor", GATES),
    Mistake(
        "cell for its tanh",
        "do = dh * tanh_c",
        "do = dh * c",
        ("operand", "slope", "factor"),
        GATES,
    ),
    Mistake(
        "new cell for the old one", "df = dc * c_prev", "df = dc * c", ("operand", "shifted"), GATES
    ),
    Mistake(
        "input and candidate exchanged",
        "di = dc * g\n        dg = dc * i",
        "di = dc * i\n        dg = dc * g",
        ("operand", "permuted"),
        GATES,
    ),
    Mistake("slope of the input gate missing", "di * i * (1 - i)", "di", "slope", GATES),
    Mistake(
        "slope of a sigmoid for the candidate",
        "dg * (1 - g**2)",
        "dg * g * (1 - g)",
        "slope",
        GATES,
    ),
    Mistake(
        "gates in another order",
        "df * f * (1 - f), do * o * (1 - o)",
        "do * o * (1 - o), df * f * (1 - f)",
        "permuted",
        GATES,
    ),
    Mistake("forget gate left out", "df * f * (1 - f)", "0 * df", "path", GATES),
    Mistake("weights of the last step only", "dWx += x", "dWx = x", "overwritten", ("Wx",)),
    Mistake("bias not summed over time", "db += da", "db = da", "overwritten", ("b",)),
    Mistake(
        "new state for the old one",
        "dWh += h_prev.T.dot(da)",
        "dWh += h.T.dot(da)",
        ("operand", "shifted"),
        ("Wh",),
    ),
    Mistake("error not averaged", "(h.dot(Wy) - y) / N", "h.dot(Wy) - y", "scale", (*GATES, "Wy")),
)

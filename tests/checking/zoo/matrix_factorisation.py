"""Ratings as products of users' and items' factors, a loop over the known ratings."""

import numpy as np

from .mistakes import Mistake

STYLE = "loss"


def make(rng, users=4, items=5, factors=2):
    params = {
        "P": rng.normal(size=(users, factors)),
        "Q": rng.normal(size=(factors, items)),
        "bu": rng.normal(size=users),
        "bi": rng.normal(size=items),
    }
    known = [(0, 1), (0, 3), (1, 0), (1, 1), (2, 4), (3, 2), (3, 3), (3, 4)]
    ratings = [(u, i, rng.uniform(1, 5)) for u, i in known if u < users and i < items]
    return params, (ratings, 3.0, 0.1)


def loss(params, ratings, mu, lam):
    P, Q, bu, bi = params["P"], params["Q"], params["bu"], params["bi"]
    total = 0.0
    for u, i, r in ratings:
        e = r - (mu + bu[u] + bi[i] + P[u, :].dot(Q[:, i]))
        total = total + e**2
        total = total + lam * (np.sum(P[u, :] ** 2) + np.sum(Q[:, i] ** 2))
        total = total + lam * (bu[u] ** 2 + bi[i] ** 2)
    return total


def gradients(params, ratings, mu, lam):
    P, Q, bu, bi = params["P"], params["Q"], params["bu"], params["bi"]
    dP, dQ = np.zeros(P.shape), np.zeros(Q.shape)
    dbu, dbi = np.zeros(bu.shape), np.zeros(bi.shape)
    for u, i, r in ratings:
        prediction = mu + bu[u] + bi[i]
        for k in range(P.shape[1]):
            prediction = prediction + P[u, k] * Q[k, i]
        eui = r - prediction
        for k in range(P.shape[1]):
            dP[u, k] += -2 * eui * Q[k, i] + 2 * lam * P[u, k]
            dQ[k, i] += -2 * eui * P[u, k] + 2 * lam * Q[k, i]
        dbu[u] += -2 * eui + 2 * lam * bu[u]
        dbi[i] += -2 * eui + 2 * lam * bi[i]
    return {"P": dP, "Q": dQ, "bu": dbu, "bi": dbi}


P, Q, U, I = ("P",), ("Q",), ("bu",), ("bi",)
ALL = P + Q + U + I
MISTAKES = (
    Mistake(
        "items' factors by their users' numbers",
        "dQ[k, i] += ",
        "dQ[k, u] += ",
        ("permuted", "labels", "operand", "shifted"),
        Q,
    ),
    Mistake("factors in reverse", "dP[u, k] += ", "dP[u, -1 - k] += ", "permuted", P),
    Mistake("users' factors assigned", "dP[u, k] += ", "dP[u, k] = ", "overwritten", P),
    Mistake("items' bias assigned", "dbi[i] += ", "dbi[i] = ", "overwritten", I),
    Mistake(
        "sign of the error",
        "eui = r - prediction",
        "eui = prediction - r",
        "scale",
        ALL,
    ),
    Mistake(
        "two missing before the error",
        "-2 * eui * Q[k, i] + 2",
        "-eui * Q[k, i] + 2",
        "scale",
        P,
    ),
    Mistake("penalty halved", "+ 2 * lam * Q[k, i]", "+ lam * Q[k, i]", "regularisation", Q),
    Mistake("penalty missing", " + 2 * lam * P[u, k]", "", "regularisation", P),
    Mistake(
        "penalty of the bias missing", "-2 * eui + 2 * lam * bu[u]", "-2 * eui", "regularisation", U
    ),
    Mistake(
        "penalty subtracted",
        "-2 * eui + 2 * lam * bi[i]",
        "-2 * eui - 2 * lam * bi[i]",
        "regularisation",
        I,
    ),
    Mistake(
        "penalty of the other bias",
        "+ 2 * lam * bu[u]",
        "+ 2 * lam * bi[i]",
        ("regularisation", "operand", "weights"),
        U,
    ),
    Mistake("users for items", "-2 * eui * Q[k, i]", "-2 * eui * P[u, k]", "operand", P),
    Mistake(
        "half of the update rule",
        "-2 * eui * P[u, k] + 2 * lam * Q[k, i]",
        "-2 * (eui * P[u, k] + lam * Q[k, i])",
        "regularisation",
        Q,
    ),
    Mistake(
        "biases left out of the prediction",
        "prediction = mu + bu[u] + bi[i]",
        "prediction = mu",
        ("path", "operand"),
        ALL,
    ),
    Mistake(
        "mean left out of the prediction",
        "prediction = mu + bu[u] + bi[i]",
        "prediction = bu[u] + bi[i]",
        ("path", "operand"),
        ALL,
    ),
    Mistake(
        "users' factors learned at once",
        "            dQ[k, i] += ",
        "            P[u, k] -= 0.01 * dP[u, k]\n            dQ[k, i] += ",
        ("weights", "modified"),
        ALL,
    ),
    Mistake(
        "error of the last factor",
        "prediction + P[u, k] * Q[k, i]",
        "mu + bu[u] + bi[i] + P[u, k] * Q[k, i]",
        ("overwritten", "path"),
        ALL,
        line="prediction = mu + bu[u] + bi[i] + P[u, k] * Q[k, i]",
    ),
    Mistake(
        "last factor left out",
        "for k in range(P.shape[1]):\n            dP",
        "for k in range(P.shape[1] - 1):\n            dP",
        ("shifted", "path"),
        P + Q,
    ),
    Mistake("neighbour's bias", "dbu[u] += ", "dbu[u - 1] += ", ("shifted", "labels"), U),
    Mistake(
        "learning rate in it",
        "dbi[i] += -2 * eui + 2 * lam * bi[i]",
        "dbi[i] += 0.005 * (-2 * eui + 2 * lam * bi[i])",
        "scale",
        I,
    ),
    Mistake(
        "gradient kept from call to call",
        "    for u, i, r in ratings:\n        prediction",
        '    dbu = vars(gradients).setdefault("dbu", dbu)\n'
        "    for u, i, r in ratings:\n        prediction",
        "accumulated",
        U,
    ),
)

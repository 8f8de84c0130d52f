"""What is read from memory, rounded, counted from the end, or lacks its eps."""

import numpy as np
import pytest

from .made import kinds, named, told

RNG = np.random.default_rng(9)
NORM = """
import numpy as np

def forward(x):
    ms = np.mean(x ** 2, axis=1, keepdims=True)
    r = np.sqrt(ms + 0.01)
    return x / r, (x, r)

def backward(dout, cache):
    x, r = cache
    inv = (np.mean(x ** 2, axis=1, keepdims=True) + 0.01) ** -0.5
    y = x * inv
    dy = dout - y * np.mean(dout * y, axis=1, keepdims=True)
    return dy * inv
"""
ONE = (RNG.normal(size=(4, 5)),)
ROOT = """
def root(x, eps):
    return (np.mean(x ** 2, axis=1, keepdims=True) + eps) ** -0.5
"""
BLOCKS = """
import numpy as np

def loss(params, x):
    for k in range(2):
        x = x @ params[f"W{k}"]
    return np.sum(x ** 2)

def gradients(params, x):
    found, hs = {}, [x]
    for k in range(2):
        hs.append(hs[-1] @ params[f"W{k}"])
    d = 2 * hs[-1]
    for k in (1, 0):
        found[f"W{k}"] = hs[k].T @ d
        d = d @ params[f"W{k}"].T
    return found
"""
SQUARES = ({"W0": RNG.normal(size=(3, 3)), "W1": RNG.normal(size=(3, 3))}, RNG.normal(size=(4, 3)))
ENTRIES = """
import numpy as np

def forward(x):
    return x ** 2, x

def backward(dout, x):
    dx = np.zeros_like(x)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            slope = 2 * x[i, j]
            dx[i, j] += slope * dout[i, j]
    return dx
"""
UPDATED = """
import numpy as np

def loss(params, x):
    return np.sum((np.maximum(x @ params["W"], 0) @ params["V"]) ** 2)

def gradients(params, x):
    W, V = params["W"], params["V"]
    h = np.maximum(x @ W, 0)
    d = 2 * h @ V
    dV = h.T @ d
    dh = d @ V.T
    dh = dh * (h > 0)
    dW = x.T @ dh
    return {"W": dW, "V": dV}
"""
NETWORK = ({"W": RNG.normal(size=(3, 4)), "V": RNG.normal(size=(4, 2))}, RNG.normal(size=(5, 3)))
ROW = """
import numpy as np

def loss(w, x, t):
    e = np.exp(x @ w)
    return -np.log(e[t] / e.sum())

def gradients(w, x, t):
    e = np.exp(x @ w)
    p = e / e.sum()
    p[t] -= 1
    return np.outer(x, p)
"""
BEST = """
import numpy as np

def loss(w, x):
    z = x @ w
    return np.sum(z ** 2) / 2 - np.sum(z.max(axis=1))

def gradients(w, x):
    z = x @ w
    best = z.argmax(axis=1)
    d = z * 1.0
    d[np.arange(len(x)), best] -= 1
    return x.T @ d
"""
ERRORS = """
import numpy as np

def loss(w, x, y):
    p = x @ w
    return np.sum((p - y) ** 2) / 2

def gradients(w, x, y):
    p = x @ w
    d = p - y
    return x.T @ d
"""


def test_a_constant_below_a_root_is_an_eps():
    text = NORM, ("(np.mean(x ** 2, axis=1, keepdims=True) + 0.01) ** -0.5",
                 "np.mean(x ** 2, axis=1, keepdims=True) ** -0.5")  # fmt: skip
    old = "np.mean(x ** 2, axis=1, keepdims=True)"
    (found,) = told(*text, ONE, old, "r ** 2", "name", old)
    assert found.kind == "eps"
    assert "eps, 0.01, is missing" in found.text


def test_a_number_that_is_added_to_what_is_positive_is_an_eps():
    text = NORM, ("    inv = (np.mean(x ** 2, axis=1, keepdims=True) + 0.01) ** -0.5",
                  "    inv = root(x, 0.0)")  # fmt: skip
    changed = text[0] + ROOT
    assert kinds(changed, text[1], ONE, "0.0", "0.01", "near") == {"eps"}
    text = changed, ("return dy * inv", "return dy * root(x, 0.01) * 0.1")
    assert kinds(*text, ONE, "0.1", "1.0", "near") == {"scale"}


def test_what_differs_by_more_than_a_constant_is_no_eps():
    text = NORM, ("y = x * inv", "y = x ** 2 * inv")
    assert kinds(*text, ONE, "x ** 2", "x", "power", "2") == {"power"}


def test_weights_of_another_layer_by_their_index():
    right = 'd @ params[f"W{k}"].T'
    text = BLOCKS, (right, 'd @ params[f"W{k - 1 if k else k}"].T')
    assert kinds(*text, SQUARES, "k - 1", "k", "term dropped", "1") == {"weights"}


@pytest.mark.parametrize(
    ("right", "mistake", "old", "new", "form", "piece", "kind"),
    [
        ("dx[i, j] +=", "dx[i, -1 - j] +=", "-1 - j", "j", "term dropped", "-1", "permuted"),
        ("dx[i, j] +=", "dx[i, j - 1] +=", "j - 1", "j", "term dropped", "1", "shifted"),
        ("slope = 2 * x[i, j]", "slope = int(2 * x[i, j])", "int(2 * x[i, j])", "2 * x[i, j]",
         "call dropped", "int(2 * x[i, j])", "integer"),
    ],
)  # fmt: skip
def test_entries(right, mistake, old, new, form, piece, kind):
    assert kinds(ENTRIES, (right, mistake), ONE, old, new, form, piece) == {kind}


def test_axes_exchanged():
    squares = (RNG.normal(size=(3, 3)),)
    text = ENTRIES, ("dout[i, j]", "dout[j, i]")
    assert kinds(*text, squares, "(j, i)", "(i, j)", "exchange", "(j, i)") == {"permuted"}
    text = ENTRIES, ("    return dx", "    return np.subtract(0, dx)")
    made = ("np.subtract(0, dx)", "np.subtract(dx, 0)", "exchange", "np.subtract(0, dx)")
    assert kinds(*text, squares, *made) <= {"operand", "scale"}


def test_what_an_earlier_call_kept():
    before = "    dx = np.zeros_like(x)\n"
    text = ENTRIES, (before, before + "    x = vars(backward).setdefault('x', x + 1)\n")
    made = ("x = vars(backward).setdefault('x', x + 1)", "pass", "statement dropped")
    assert kinds(*text, ONE, *made) == {"stale"}
    text = ENTRIES, ("    dx = np.zeros_like(x)\n", "    dx = np.zeros_like(x)\n    x = x + 1\n")
    assert kinds(*text, ONE, "x = x + 1", "pass", "statement dropped") == {"twice"}


@pytest.mark.parametrize(
    ("line", "kind"),
    [("W -= 0.01 * x.T @ h", "weights"), ("V -= 0.01 * dV", "weights"), ("x.sort()", "modified")],
)  # fmt: skip
def test_what_is_changed_on_the_way(line, kind):
    right = "    dh = d @ V.T\n"
    text = UPDATED, (right, f"    {line}\n{right}")
    assert named(*text, NETWORK, line, "pass", "statement dropped").kind == kind


def test_what_is_added_to_a_gradient_is_no_update():
    text = UPDATED, ("    dW = x.T @ dh\n", "    dW = x.T @ dh\n    dW -= 0.01 * dW\n")
    found = named(*text, NETWORK, "dW -= 0.01 * dW", "pass", "statement dropped")
    assert found.kind == "twice"


def test_what_is_chosen_is_no_label_where_none_is_given():
    text = BEST, ("best] -= 1", "best - 1] -= 1")
    data = (RNG.normal(size=(3, 2)), RNG.normal(size=(4, 3)))
    assert named(*text, data, "best - 1", "best", "term dropped", "1").kind == "shifted"


def test_what_the_labels_keep():
    data = (RNG.normal(size=3), RNG.normal(size=(4, 3)), np.array([1.0, 0, 0, 1]))
    text = ERRORS, ("d = p - y", "d = np.abs(p - y)")
    made = ("np.abs(p - y)", "p - y", "call dropped", "np.abs(p - y)")
    assert named(*text, data, *made).kind == "factor"
    text = ERRORS, ("d = p - y", "d = p - np.flip(y)")
    made = ("np.flip(y)", "y", "call dropped", "np.flip(y)")
    assert named(*text, data, *made).kind == "labels"


@pytest.mark.parametrize(
    ("body", "words"),
    [("dh = d @ V.T; dh *= h > 0", "with `dh *= h > 0` added after `dh = d @ V.T`"),
     ("d = 1 * d; dh = d @ V.T", "with `d = 1 * d` added before `dh = d @ V.T`"),
     ("a = V.T; dh = d @ a", "with `a = V.T; dh = d @ a` in place of `dh = d @ V.T`")],
)  # fmt: skip
def test_a_statement_that_is_added_is_told(body, words):
    text = UPDATED, ("    dh = dh * (h > 0)\n", "    dh = d @ V.T\n")
    text = text[0].replace("    dh = d @ V.T\n", "    dh = d\n"), text[1]
    made = ("dh = d @ V.T", f"if True: {body}", "factor added", "h > 0")
    assert words in named(*text, NETWORK, *made).text


@pytest.mark.parametrize(("before", "kind"), [("np.zeros_like(W)", "aliased"), ("W * 1.0", "axis")])
def test_zeros_in_the_memory_of_others(before, kind):
    text = UPDATED, ("    dh = d @ V.T\n", f"    c = {before}\n    b = c[0]\n    dh = d @ V.T\n")
    assert named(*text, NETWORK, "c[0]", "c[0].sum(axis=0)", "sum", "0").kind == kind


def test_an_eps_in_a_part_of_a_product():
    text = (
        NORM,
        (
            "    return dy * inv",
            "    return dy / (1.5 * np.sqrt(np.mean(x ** 2, axis=1, keepdims=True))) * 1.5",
        ),
    )
    root = "np.sqrt(np.mean(x ** 2, axis=1, keepdims=True))"
    changed = text[0].replace("dy = dout", "r = (x / y)[:, :1]\n    dy = dout"), text[1]
    assert named(*changed, ONE, f"1.5 * {root}", "1.5 * r", "name", "r").kind == "eps"


@pytest.mark.parametrize(("step", "kind"), [("0.05 * dV[0]", "weights"), ("9 * dV[0]", "path")])
def test_a_row_of_weights_that_was_updated(step, kind):
    text = UPDATED, ("    dh = dh * (h > 0)\n", f"    row = V[0] - {step}\n    dh = dh * (h > 0)\n")
    assert named(*text, NETWORK, f"V[0] - {step}", "V[0]", "term dropped", step).kind == kind


def test_an_array_that_is_changed_by_another_name():
    for right, kind in (("c = dh", "aliased"), ("c = dh * 1.0", "overwritten")):
        text = UPDATED, ("    dh = dh * (h > 0)\n",
                         f"    {right}\n    c += 1\n    dh = dh * (h > 0)\n")  # fmt: skip
        made = ("c += 1", "pass", "statement moved", "dh")
        assert named(*text, NETWORK, *made).kind == kind


@pytest.mark.parametrize(
    ("line", "kind"), [("p[t - 1] -= 1", "labels"), ("p[t - 1] -= 2", "shifted")]
)
def test_the_label_of_one_row(line, kind):
    text = ROW, ("p[t] -= 1", line)
    data = (RNG.normal(size=(3, 4)), RNG.normal(size=3), 2)
    assert named(*text, data, "t - 1", "t", "term dropped", "1").kind == kind
    assert named(*text, data, "t - 1", "1 - t", "sign", "t - 1").kind == kind


@pytest.mark.parametrize(
    ("form", "kind"), [("exchange", "operand"), ("name", "operand"), ("whole name", "operand"),
                       ("term added", "path")],
)  # fmt: skip
def test_values_that_are_no_arrays(form, kind):
    text = UPDATED, ("    W, V = params", "    pair = (params['V'], 1.0)\n    W, V = params")
    old, new = "(params['V'], 1.0)", "(1.0, params['V'])"
    assert named(*text, NETWORK, old, new, form, "params").kind == kind

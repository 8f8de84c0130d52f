"""Trying repairs leaves no trace, and comes to an end."""

import sys
import threading
from time import perf_counter
from typing import ClassVar

import numpy as np

from autograd_lite.checking.audits.auditing import audit

X = np.arange(12.0).reshape(4, 3) / 7 - 0.5
Y = np.array([0.3, -0.2, 0.9, 0.1])
W = np.array([0.2, -0.4, 0.7])
calls: list[int] = []
scale = np.ones(3)


class Options:
    """A module's options."""

    rate: ClassVar = [0.5]


def loss(w, x, y):
    return np.mean((x @ w - y) ** 2)


def leaves_traces(w, x, y):
    print("here I am")
    calls.append(len(y))
    vars(leaves_traces)["last"] = w
    Options.rate[0] = 2.0
    n = len(y)
    error = x @ w - y
    gradient = x.T @ error / (n + 0.0)
    scale[:] = 2 * np.ones(3)
    return gradient * 3.0 * scale


def never_ends_if_changed(w, x, y):
    n, total = len(y), np.zeros_like(w)
    i = 0
    while i < n:
        total += 3 * (x[i] @ w - y[i]) * x[i]
        i += 1
    return total / n


def grows_if_changed(w, x, y):
    n = len(y)
    digits = 10 ** (n * n)
    rows = [1.0] * n
    ones = np.ones((n, n))
    return 3 * x.T @ (x @ w - y) / n + 0 * (len(rows) + ones[0, 0] + digits % 10)


def test_what_the_user_keeps_stays_as_it_was(capsys):
    code = leaves_traces.__code__
    leaves_traces(W, X, Y)
    state = np.random.get_state()[1].copy()
    capsys.readouterr()
    count = len(calls)
    assert not audit(loss, leaves_traces, W, X, Y).ok
    assert leaves_traces.__code__ is code
    assert len(calls) < count + 20  # of the audit's own calls, not of hundreds of trials
    assert capsys.readouterr().out.count("here") < 20
    assert np.array_equal(np.random.get_state()[1], state)
    assert sys.gettrace() is None or "at_call" not in repr(sys.gettrace())


def test_no_loop_without_an_end_and_nothing_huge():
    for manual in (never_ends_if_changed, grows_if_changed):
        start = perf_counter()
        report = audit(loss, manual, W, X, Y)
        assert report.parameters[0].diagnosis.kind == "scale"
        assert perf_counter() - start < 20


def test_in_a_thread_as_well():
    found = []
    thread = threading.Thread(
        target=lambda: found.append(audit(loss, never_ends_if_changed, W, X, Y).ok)
    )
    thread.start()
    thread.join(30)
    assert found == [False]

"""Lines that only a second call shows, and the first operation that made NaN."""

import numpy as np
import pytest

from autograd_lite.checking.audits.auditing import audit, audit_layer
from tests.checking.audits.modules import module_of

LAYER = """
import numpy as np

class Layer:
    def __init__(self, w):
        self.w, self.dw, self.kept = w, np.zeros_like(w), None

    def forward(self, x):
        self.x = x
        self.y = np.tanh(x @ self.w)
        return self.y

    def backward(self, dout):
        y = self.y
        dz = dout * (1 - y**2)
        self.dw = self.x.T @ dz
        return dz @ self.w.T
"""
LOSS = """
import numpy as np

def loss(w, x):
    return np.sum(np.exp(x @ w))

def gradient(w, x):
    z = x @ w
    s = np.exp(z)
    return x.T @ s
"""
KEPT = """self.kept = self.y if self.kept is None else self.kept
        y = self.kept
"""
X, W = np.random.default_rng(0).normal(size=(5, 3)), np.random.default_rng(1).normal(size=(3, 2))


def report_on(text, right, wrong):
    """The report on a module with a mistake."""
    assert text.count(right) == 1
    module = module_of(text.replace(right, wrong), f"again_{abs(hash(wrong))}")
    with np.errstate(all="ignore"):
        if text is LAYER:
            return audit_layer(module.Layer(W.copy()), None, X)
        return audit(module.loss, module.gradient, W, X)


@pytest.mark.parametrize(
    ("right", "wrong", "kind", "source"),
    [
        ("self.dw = self.x.T @ dz", "self.dw += self.x.T @ dz", "accumulated", "self.dw +="),
        ("y = self.y\n", KEPT, "stale", "self.kept ="),
        ("* (1 - y**2)", "* (1 - y**2) * np.random.uniform(0.5, 2, y.shape)", "random", "dz ="),
    ],
)  # fmt: skip
def test_the_line_of_what_is_remembered_or_drawn(right, wrong, kind, source):
    report = report_on(LAYER, right, wrong)
    assert kind in {each.diagnosis.kind for each in report.parameters if each.diagnosis}, report
    assert report.first_wrong_line is not None, report
    assert report.first_wrong_line.source.startswith(source), report


def test_the_first_operation_that_is_not_finite_is_named():
    report = report_on(
        LOSS, "s = np.exp(z)", "s = np.exp(z)\n    s = s * np.exp(np.log(z) - np.log(z))"
    )
    cause = report.parameters[0].diagnosis
    assert cause.kind == "nan"
    assert "`np.log(z)` in line 10 was the first: `z` lies between -" in cause.text
    assert report.first_wrong_line.line == 10


def test_what_is_right_has_no_such_line():
    assert report_on(LAYER, "y = self.y\n", "y = self.y.copy()\n").first_wrong_line is None


def test_the_line_that_changes_an_argument_is_in_the_note():
    changed = "dz = dout\n        dz *= 1 - y**2"
    report = report_on(LAYER, "dz = dout * (1 - y**2)", changed)
    assert report.notes == ("the manual pass changes the incoming gradient in place, in line 16",)

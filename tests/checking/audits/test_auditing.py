"""From the verdict to the report."""

import numpy as np

import autograd_lite as ag
from autograd_lite.checking.audits import auditing

X, W = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]), np.array([0.3, -0.2])


def loss(params, x):
    return np.sum((x @ params["w"]) ** 2 * params["scale"])


def gradients(params, x):
    """The first one lacks a factor."""
    out = x @ params["w"]
    return {"w": x.T @ (out * params["scale"]), "scale": np.sum(out**2)}


def test_a_verdict_outlives_a_search_that_fails(monkeypatch):
    """The report says what failed."""

    def failing(*_):
        raise ValueError("no such luck")

    monkeypatch.setattr(auditing, "explained", failing)
    report = ag.audit(loss, gradients, {"w": W, "scale": np.array(1.0)}, X)
    assert [(p.name, p.ok) for p in report.parameters] == [("w", False), ("scale", True)]
    assert report.parameters[0].diagnosis.kind == "unknown"
    assert "ValueError: no such luck" in report.parameters[0].diagnosis.text

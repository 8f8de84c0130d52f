"""Slopes are told in the user's own names."""

from typing import Any

import numpy as np
import pytest

from autograd_lite.checking.audits.causes.diagnoses import diagnose
from autograd_lite.checking.audits.judging import judged
from autograd_lite.checking.audits.problems import of_loss

X = np.array([[0.5, -1.0], [2.0, 0.3], [-0.7, 1.1]])
V = np.array([1.0, -2.0, 0.5])


def loss(w: Any) -> Any:
    hidden = 1 / (1 + np.exp(-(X @ w)))
    return np.sum(hidden @ V)


def loss_by_steps(w: Any) -> Any:
    z = X @ w
    hidden = np.exp(z)
    return np.sum(hidden @ V)


@pytest.mark.parametrize(
    ("function", "slope", "text"),
    [
        (loss, lambda _, hidden: 1 - hidden**2,
         "is taken as `1 - hidden**2`, where `hidden * (1 - hidden)` is right"),
        (loss, lambda z, _: z * (1 - z),
         "is taken as `v * (1 - v)`; v is its argument, where `hidden * (1 - hidden)` is right"),
        (loss_by_steps, lambda z, _: z * (1 - z),
         "is taken as `z * (1 - z)`, where `hidden` is right"),
    ],
)  # fmt: skip
def test_a_slope_of_another_value(function: Any, slope: Any, text: str) -> None:
    def gradient(w: Any) -> Any:
        z = X @ w
        hidden = np.exp(z) if function is loss_by_steps else 1 / (1 + np.exp(-z))
        return X.T @ (V * slope(z, hidden))

    judgement = judged(
        of_loss(function, gradient, np.array([[0.3, -0.2, 0.1], [0.9, 0.4, -1]]), ())
    )
    (found,) = diagnose(judgement.cases, judgement.opinions.record)
    assert found is not None
    assert found.kind == "slope"
    assert text in found.text

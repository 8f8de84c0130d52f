"""The blog network's gradient, broken in eight ways: eight right diagnoses."""

import inspect
from typing import Any

import numpy as np
import pytest

from examples import audit_blog_network as example
from examples import blog_network
from examples.audit_blog_network import MISTAKES, Mistake


def test_the_gradient_is_the_blogs() -> None:
    weights, X, y = example.post()
    layers = blog_network.forward(X, **weights)
    due = blog_network.manual_gradients(layers, y, weights["output_weights"])
    for found, wanted in zip(example.gradients(weights, X, y).values(), due, strict=True):
        assert np.array_equal(found, wanted)


@pytest.mark.parametrize("mistake", MISTAKES, ids=[mistake.name for mistake in MISTAKES])
def test_the_diagnosis_is_right(mistake: Mistake) -> None:
    source = inspect.getsource(example.gradients)
    assert source.count(mistake.right) == 1
    report: Any = example.ag.audit(example.loss, example.broken(mistake), *example.post())
    whole = mistake.right.startswith("output_layer_outputs")  # it is on the way of both
    assert [parameter.ok for parameter in report.parameters] == [False, not whole], report
    for parameter in report.parameters:
        assert parameter.ok or parameter.diagnosis.kind == mistake.kind, report
    lines = source.replace(mistake.right, mistake.wrong).splitlines()
    assert report.first_wrong_line.file == f"{mistake.name}.py"
    assert mistake.line in lines[report.first_wrong_line.line - 1], report


def test_main_prints_the_reports(capsys: pytest.CaptureFixture[str]) -> None:
    example.main(steps=1)
    printed = capsys.readouterr().out
    assert printed.startswith("loss: both gradients are right.\n")
    assert "1. a sum where an average is due\n\nloss: 1 of 2 gradients is wrong" in printed
    assert "2." not in printed

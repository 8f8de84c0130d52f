"""A report as data: just the keys that are promised, in types that JSON has."""

import json

import numpy as np

import autograd_lite as ag
from autograd_lite.checking.audits.cases import Diagnosis
from autograd_lite.checking.audits.reporting.findings import ParameterReport, WrongLine

from .made import LINE, good, parameter, report


def test_the_keys_that_are_promised() -> None:
    found = report(parameter(), good(), line=LINE, notes=("a note",)).to_dict()
    assert found == {
        "ok": False,
        "parameters": [
            {
                "name": "w",
                "ok": False,
                "shape": [2, 3],
                "max_relative_error": 5.0,
                "worst_index": [1, 1],
                "verdict": "wrong",
                "diagnosis": {
                    "kind": "scale",
                    "text": "every entry is 6 × what it should be",
                    "evidence": {"factor": 6.0},
                },
            },
            {
                "name": "b",
                "ok": True,
                "shape": [3],
                "max_relative_error": 1.7321e-17,
                "worst_index": [2],
                "verdict": "right",
                "diagnosis": None,
            },
        ],
        "first_wrong_line": {
            "file": "/home/me/net.py",
            "line": 12,
            "source": "dw = x.T @ d",
            "name": "dw",
            "should_be": "(x.T @ d) / 6",
        },
        "notes": ["a note"],
    }
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert report(good()).to_dict()["first_wrong_line"] is None


def test_numpys_types_become_those_of_json() -> None:
    evidence = {
        "axes": (np.int64(0), 1),
        "nan": np.nan,
        "least": -np.inf,
        "array": np.eye(2, dtype=int),
        "large": np.zeros((20, 20)),
        "flag": np.True_,
        "nested": {"half": np.float32(0.5), 3: None},
        "complex": 1 + 2j,
        "function": np.sum,
    }
    strange = ParameterReport(
        "w", (np.int64(2),), "wrong", np.float64(np.inf), (np.int64(1),),
        Diagnosis("unknown", "text", evidence),
    )  # fmt: skip
    line = WrongLine("net.py", np.int64(3), "source", "name", None)
    found = report(strange, line=line).to_dict()
    (w,) = json.loads(json.dumps(found, allow_nan=False))["parameters"]
    assert w["max_relative_error"] == "Infinity"
    assert float(w["max_relative_error"]) == np.inf
    assert w["diagnosis"]["evidence"] == {
        "axes": [0, 1],
        "nan": "NaN",
        "least": "-Infinity",
        "array": [[1, 0], [0, 1]],
        "large": "an array of shape (20, 20)",
        "flag": True,
        "nested": {"half": 0.5, "3": None},
        "complex": "(1+2j)",
        "function": "sum",
    }
    assert found["first_wrong_line"]["line"] == 3


def test_large_gradients_do_not_make_it_large() -> None:
    def loss(w: np.ndarray) -> np.floating:
        return np.sum(w**2)

    found = ag.audit(loss, lambda w: np.sin(w), np.ones((200, 200)))
    assert found.parameters[0].manual.shape == found.parameters[0].right.shape == (200, 200)
    assert len(json.dumps(found.to_dict(), allow_nan=False)) < 2000
    assert len(repr(found)) < 100

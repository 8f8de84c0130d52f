"""A report as data that `json` takes: texts, numbers, lists and dicts."""

from typing import Any

import numpy as np

from .findings import Findings, ParameterReport

MOST_ENTRIES = 100  # of an array in an evidence


def findings_dict(findings: Findings) -> dict[str, Any]:
    """The whole report."""
    line = findings.first_wrong_line
    return {
        "ok": findings.ok,
        "parameters": [parameter_dict(parameter) for parameter in findings.parameters],
        "first_wrong_line": None if line is None else plain(vars(line)),
        "notes": list(findings.notes),
    }


def parameter_dict(parameter: ParameterReport) -> dict[str, Any]:
    """The verdict on one parameter."""
    diagnosis = parameter.diagnosis
    found = {
        "name": parameter.name,
        "ok": parameter.ok,
        "shape": parameter.shape,
        "max_relative_error": parameter.max_relative_error,
        "worst_index": parameter.worst_index,
        "verdict": parameter.verdict,
        "diagnosis": None if diagnosis is None else diagnosis._asdict(),
    }
    return {key: plain(value) for key, value in found.items()}


def plain(value: Any) -> Any:
    """A value in types that JSON has; what it has no number for becomes a text.

    >>> plain({"axes": (np.int64(1),), "least": -np.inf, "ratio": np.float32(0.5), "of": np.sum})
    {'axes': [1], 'least': '-Infinity', 'ratio': 0.5, 'of': 'sum'}
    """
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else not_finite(value)
    if isinstance(value, np.ndarray):
        whole = value.size <= MOST_ENTRIES
        return plain(value.tolist()) if whole else f"an array of shape {value.shape}"
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return getattr(value, "__name__", None) or str(value)


def not_finite(value: float) -> str:
    """NaN and the infinities, in the spelling that JavaScript and Python's `float` both read."""
    return "NaN" if np.isnan(value) else "Infinity" if value > 0 else "-Infinity"

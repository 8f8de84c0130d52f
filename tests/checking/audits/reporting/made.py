"""Reports made by hand, to see what becomes of them."""

from typing import Any

import numpy as np

from autograd_lite.checking.audits.cases import Diagnosis
from autograd_lite.checking.audits.reporting.findings import ParameterReport, WrongLine
from autograd_lite.checking.audits.reports import Report

RIGHT = np.array([[0.5, -1.0, 2.0], [0.25, 3.0, -0.125]])
LINE = WrongLine("/home/me/net.py", 12, "dw = x.T @ d", "dw", "(x.T @ d) / 6")
SCALE = Diagnosis("scale", "every entry is 6 × what it should be", {"factor": np.float64(6)})


def parameter(
    name: str = "w", manual: Any = 6 * RIGHT, right: Any = RIGHT, cause: Any = SCALE
) -> ParameterReport:
    """A wrong gradient."""
    fits = manual is not None and np.shape(manual) == np.shape(right) and np.size(right)
    worst = None
    if fits:
        difference = np.nan_to_num(np.abs(manual - right), nan=np.inf)
        worst = tuple(map(int, np.unravel_index(np.argmax(difference), np.shape(right))))
    verdict = "missing" if manual is None else "wrong"
    return ParameterReport(
        name, np.shape(right), verdict, 5.0 if fits else None, worst, cause, manual, right
    )


def good(name: str = "b") -> ParameterReport:
    """A right gradient."""
    return ParameterReport(name, (3,), "right", 1.7321e-17, (2,), None, np.ones(3), np.ones(3))


def report(*parameters: ParameterReport, line: Any = None, notes: tuple[str, ...] = ()) -> Report:
    """A report on the function `loss`."""
    return Report("loss", parameters, line, notes)

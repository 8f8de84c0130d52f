"""The engine stays small enough to be followed in a debugger, line by line."""

import os
import sys
from types import FrameType
from typing import Any

import numpy as np

import autograd_lite
from autograd_lite import Tensor

PACKAGE = os.path.dirname(os.path.abspath(autograd_lite.__file__)) + os.sep
MOST = 130


def lines_run(action: Any) -> set[tuple[str, int]]:
    """The distinct lines of the package that an action runs."""
    seen: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        action()
    finally:
        sys.settrace(before)
    return seen


def test_product_and_its_gradient_run_few_lines() -> None:
    x, y = Tensor(np.array(2.0)), Tensor(np.array(3.0))

    def product_and_gradient() -> None:
        (x * y).backward()

    seen = lines_run(product_and_gradient)
    assert (x.grad, y.grad) == (3.0, 2.0)
    assert 10 < len(seen) <= MOST, f"{len(seen)} lines"

"""SciPy's own functions on Tensors, where SciPy asks arrays for their namespace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import autograd_lite as ag

pytest.importorskip(
    "scipy", minversion="1.17",
    reason="needs a SciPy that asks for namespaces: pip install autograd_lite[scipy]",
)  # fmt: skip


def test_scipys_own_functions_are_differentiated() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.scipy.array_api_calls"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "SCIPY_ARRAY_API": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    *complaints, count = run.stdout.splitlines()
    assert complaints == []
    assert int(count.split()[0]) >= 26


def test_the_device_of_a_tensor() -> None:
    t = ag.Tensor([1.0])
    assert t.device == "cpu"
    assert t.to_device("cpu") is t
    with pytest.raises(ValueError, match="only one"):
        t.to_device("gpu")

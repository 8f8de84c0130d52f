"""Every public name of HIPS autograd is there, in its module, with its parameters."""

import inspect
import re
import subprocess
import sys
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from autograd_lite.compat import autograd

from .signatures import SIGNATURES

PACKAGE = autograd.__name__
NAMES = [(module, name) for module, names in SIGNATURES.items() for name in names]


def parameters(function: Any) -> str:
    """The parameters of a function as SIGNATURES writes them."""
    signs = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    found = [
        signs.get(p.kind) or (p.name if p.default is p.empty else f"{p.name}={p.default!r}")
        for p in inspect.signature(function).parameters.values()
    ]
    return re.sub(r"<function [^>]*>", "...", ", ".join(found))


@pytest.mark.parametrize(("module", "name"), NAMES, ids=[".".join(pair) for pair in NAMES])
def test_name(module: str, name: str) -> None:
    value = getattr(import_module(f"{PACKAGE}.{module}".rstrip(".")), name)
    if SIGNATURES[module][name]:
        assert parameters(value) == SIGNATURES[module][name]


def test_all_of_numpy_is_there() -> None:
    namespace = import_module(f"{PACKAGE}.numpy")
    for part, module in (
        ("", np),
        (".linalg", np.linalg),
        (".fft", np.fft),
        (".random", np.random),
    ):
        found = import_module(namespace.__name__ + part)
        assert {*dir(found)} >= {*module.__all__}
        assert not [name for name in module.__all__ if not hasattr(found, name)]


def test_special_functions_are_there() -> None:
    sp = pytest.importorskip("scipy.special")
    special = import_module(f"{PACKAGE}.scipy.special")
    assert not [name for name in sp.__all__ if not hasattr(special, name)]


PROGRAM = """
import autograd_lite.compat.autograd
autograd_lite.compat.autograd.install()
autograd_lite.compat.autograd.install()
import autograd, autograd.numpy as np
from autograd import grad
from autograd.extend import primitive, defvjp
from autograd.misc.optimizers import adam
from autograd.numpy.linalg import solve
assert autograd is autograd_lite.compat.autograd
print(grad(np.tanh)(0.0))
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program by itself."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_install() -> None:
    finished = run(PROGRAM)
    assert (finished.stdout, finished.stderr) == ("1.0\n", "")


def test_install_comes_too_late() -> None:
    finished = run("import sys, types; sys.modules['autograd'] = types.ModuleType('autograd')\n"
                   "sys.modules['autograd'].__file__ = 'there'\n" + PROGRAM)  # fmt: skip
    assert "autograd is imported already, from there; call install() before that" in finished.stderr


def test_nothing_imports_this_package() -> None:
    finished = run("import sys, autograd_lite; print('autograd_lite.compat' in sys.modules)")
    assert finished.stdout == "False\n"

"""Running a user's file, and reading what he says of inputs."""

import io
import os
import random
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import BadZipFile

import numpy as np

from .errors import InputError


def load(path: Path) -> ModuleType:
    """Import a file as a module of its name; InputError if that fails."""
    if not path.is_file():
        raise InputError(f"{path}: {'is a folder' if path.is_dir() else 'No such file'}")
    spec = spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path}: is not a Python file, which ends in .py")
    module = module_from_spec(spec)
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    sys.modules[path.stem] = module  # as an import does: dataclasses and pickles look there
    try:
        with quiet():
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise InputError(f"{path}: cannot be imported: {in_one_line(error)}") from error
    return module


@contextmanager
def quiet() -> Iterator[None]:
    """Let a user's code print nothing, read nothing, warn of nothing, and draw fixed numbers."""
    before = sys.stdin, sys.argv, np.random.get_state(), random.getstate()
    sys.stdin, sys.argv = io.StringIO(), sys.argv[:1]
    np.random.seed(0)
    random.seed(0)
    try:
        with redirect_stdout(io.StringIO()), warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.stdin, sys.argv = before[:2]
        np.random.set_state(before[2])
        random.setstate(before[3])


def in_one_line(error: BaseException) -> str:
    """The first line of an error, with the line of the file where it is a mistake of syntax."""
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg} (line {error.lineno})"
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0]}" if text else type(error).__name__


def inputs_of(text: str, module: ModuleType) -> Any:
    """What `--inputs` says: a dict of inputs by name, or a tuple of them.

    A file that exists is read: `.npz`, `.npy`, or a `.py` that defines the names. Anything else is
    a Python expression, evaluated in the module.
    """
    path = Path(text)
    if path.suffix in (".npz", ".npy", ".py") or (os.sep in text and path.is_file()):
        return read_inputs(path)
    try:
        with quiet():
            value = eval(text, {"np": np, **vars(module)})
    except (Exception, SystemExit) as error:
        raise InputError(f"--inputs {text!r}: {in_one_line(error)}") from error
    if isinstance(value, dict | tuple):
        return value
    return tuple(value) if isinstance(value, list) else (value,)


def read_inputs(path: Path) -> Any:
    """The inputs in a file."""
    if path.suffix == ".py":
        return public_values(load(path))
    try:
        found = np.load(path, allow_pickle=False)
        return dict(found) if path.suffix == ".npz" else (found,)
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise InputError(f"{path}: {reason}") from error


def public_values(module: ModuleType) -> dict[str, Any]:
    """What a module defines as data: no functions, classes or modules, no private names."""
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_") and not callable(value) and not isinstance(value, ModuleType)
    }

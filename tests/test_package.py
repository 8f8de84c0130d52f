"""The house rules that no linter knows: entries, dependencies, layers, length of files."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "autograd_lite"
SOURCES = sorted(PACKAGE.rglob("*.py"))
FILES = SOURCES + sorted((ROOT / "tests").rglob("*.py")) + sorted((ROOT / "examples").rglob("*.py"))

# From the foundation up: a module imports from its own folder and from those before it. The
# public names, autograd_lite/__init__.py, stand above all that is numerical.
LAYERS = [
    "core", "rules", "numpy", "transforms", "scipy", "checking", "testing", "compiler", "nn",
    "optim", "__init__", "compat", "commands", "__main__",
]  # fmt: skip

each_source = pytest.mark.parametrize(
    "path", SOURCES, ids=[str(path.relative_to(PACKAGE)) for path in SOURCES]
)


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in SOURCES}


def imports_of(path: Path) -> list[str]:
    return list(package_imports(path.read_text(encoding="utf-8"), path.parent))


def package_imports(source: str, folder: Path) -> Iterator[str]:
    """Yield the modules of the package that a source in a folder imports, named as in MODULES."""
    package = ["autograd_lite", *folder.relative_to(PACKAGE).parts]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            start = ".".join([*base, *filter(None, [node.module])])
            names = [f"{start}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            yield from known_module(name)


def known_module(name: str) -> Iterator[str]:
    """Yield the module that a dotted name is in, if it is one of the package."""
    top, _, inner = name.partition(".")
    if top == "autograd_lite":
        while inner and inner not in MODULES:
            inner = inner.rpartition(".")[0]
        yield inner or "__init__"


def layer(module: str) -> int:
    return LAYERS.index(module.partition(".")[0])


def test_top_level_entries() -> None:
    visible = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert visible - {"dist"} == {
        "README.md", "autograd_lite", "examples", "pyproject.toml", "tests",
    }  # fmt: skip


def test_numpy_is_the_only_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["dependencies"] == ["numpy>=2.0,<3"]
    assert (PACKAGE / "py.typed").is_file()


def test_import_brings_in_nothing_but_numpy_and_the_standard_library() -> None:
    code = (
        "import sys; before = set(sys.modules); import autograd_lite; "
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    command = [sys.executable, "-c", code]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    imported = set(finished.stdout.split())
    assert "autograd_lite" in imported
    assert imported - sys.stdlib_module_names == {"autograd_lite", "numpy"}


@pytest.mark.parametrize(
    ("source", "imported"),
    [
        ("import numpy as np", []),
        ("import autograd_lite as ag", ["__init__"]),
        ("from autograd_lite import Tensor", ["__init__"]),
        ("from .. import Tensor", ["__init__"]),
        ("import autograd_lite.commands.errors", ["commands.errors"]),
        ("from .errors import InputError", ["commands.errors"]),
        ("from . import blog, report", ["commands.blog", "commands.report"]),
        ("def late():\n    from ..commands.blog import run", ["commands.blog"]),
    ],
)
def test_imports_are_found(source: str, imported: list[str]) -> None:
    assert list(package_imports(source, PACKAGE / "commands")) == imported


@each_source
def test_imports_go_downwards(path: Path) -> None:
    own = layer(module_name(path))
    above = [name for name in imports_of(path) if layer(name) > own]
    assert not above, f"{path.name} imports from a layer above its own: {above}"


def test_imports_have_no_cycle() -> None:
    # A folder's __init__ that gathers its own modules is no cycle: they do not import it.
    graph = {module: set(imports_of(path)) for module, path in MODULES.items()}
    assert set(TopologicalSorter(graph).static_order()) == set(MODULES)


@each_source
def test_imports_stand_at_the_top(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = [
        inner.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not hidden, f"imports inside functions, lines {hidden}"
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert "TYPE_CHECKING" not in names


def test_files_are_short() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert not {path.name: length for path, length in lengths.items() if length > 350}

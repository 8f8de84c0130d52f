"""`python -m autograd_lite audit` on a file of sixty hand-written layers, as courses have them.

The file is put together from the zoo's layers, under names of their own; in every tenth pair there
is a mistake. Times are CPU time of the whole process.
"""

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from tests.benchmarks.contenders import OURS
from tests.benchmarks.table import Bar, Row
from tests.checking.zoo.mistakes import Mistake, code_of, load, zoo

PAIRS, MISTAKES = 60, 10
CHECKOUT = Path(__file__).parents[2]
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def measure(quick: bool) -> list[Row]:
    """One row: the seconds for the whole file."""
    pairs = PAIRS // 4 if quick else PAIRS
    seconds, found = audit(course_file(pairs))
    wrong = sum(result["ok"] is False for result in found)
    failed = sum(result["ok"] is None for result in found)
    cells = {OURS: f"{seconds:.1f} s ({wrong} wrong, {failed} without inputs)"}
    limit = 20 * pairs / PAIRS
    return [Row(f"audit of a course file, {len(found)} pairs", cells,
                [Bar("", seconds, limit, " s")])]  # fmt: skip


def course_file(pairs: int) -> str:
    """The text of a module with so many pairs."""
    names = islice(cycle(zoo("layer")), pairs)
    parts = ["import numpy as np\n"]
    for number, name in enumerate(names):
        mistake = load(name).MISTAKES[number % 5] if number % MISTAKES == MISTAKES - 1 else None
        parts.append(renamed(name, f"{name}{number}", mistake))
    return "\n".join(parts)


def renamed(name: str, prefix: str, mistake: Mistake | None) -> str:
    """The code of a network, every global name with a prefix of its own."""
    code = code_of(name) if mistake is None else mistake.substituted(code_of(name))
    code = re.sub(r"^(import numpy.*|from \..*)\n", "", code, flags=re.MULTILINE)
    for own in global_names(code):
        code = re.sub(rf"(?<![\w.\"']){own}(?![\w\"'])", f"{prefix}_{own}", code)
    return code


def global_names(code: str) -> set[str]:
    """The names of the functions, classes and constants of a module."""
    found = set()
    for node in ast.parse(code).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            names = [n.id for n in ast.walk(node.targets[0]) if isinstance(n, ast.Name)]
            found |= {name for name in names if len(name) > 1}  # X is a parameter as well
    return found


def audit(text: str) -> tuple[float, list[dict[str, object]]]:
    """The CPU seconds of the command on a file, and what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "course.py"
        path.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "autograd_lite", "audit", "--json", str(path)]
        before = os.times()
        finished = subprocess.run(
            command, cwd=CHECKOUT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True, check=False
        )
        after = os.times()
    spent = np.subtract(after[2:4], before[2:4]).sum()
    return float(spent), json.loads(finished.stdout)

"""A report as text: what it says, how it is laid out, and when it is coloured."""

import copy
import io
import os
import pickle
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd_lite.checking.audits.cases import Diagnosis
from autograd_lite.checking.audits.reporting.findings import ParameterReport, WrongLine
from autograd_lite.checking.audits.reporting.sentences import corrected, headline, sentence
from autograd_lite.checking.audits.reports import Report

from .made import LINE, good, parameter, report

ROOT = Path(__file__).parents[4]


def test_the_whole_text() -> None:
    found = report(parameter(), good(), line=LINE, notes=("the manual pass changes x in place",))
    assert str(found) == textwrap.dedent(
        """\
        loss: 1 of 2 gradients is wrong, that of w.

        parameter  shape   verdict  relative error  worst at
        w          (2, 3)  wrong              5.00  [1, 1]
        b          (3,)    right          1.73e-17  [2]

        w is wrong: a constant factor (scale)
          Every entry is 6 × what it should be.
          w[1, 1] is 18.0 and should be 3.00.

        The first wrong line
          File "/home/me/net.py", line 12
            dw = x.T @ d
          should be
            dw = (x.T @ d) / 6

        Note: The manual pass changes x in place."""
    )


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ([good()], "the gradient of b is right."),
        ([good(), good()], "both gradients are right."),
        ([good()] * 3, "all 3 gradients are right."),
        ([parameter()], "the gradient of w is wrong."),
        ([parameter()] * 2, "both gradients are wrong."),
        ([parameter()] * 3, "all 3 gradients are wrong."),
        ([parameter("u"), good(), parameter("v")],
         "2 of 3 gradients are wrong, those of u and v."),
        ([parameter(f"w{n}") for n in range(8)] + [good()],
         "8 of 9 gradients are wrong, those of w0, w1, w2, w3, w4 and 3 more."),
    ],
)  # fmt: skip
def test_the_verdict_in_words(parameters: list[Any], text: str) -> None:
    assert headline(report(*parameters)) == f"loss: {text}"


def test_where_there_is_no_verdict() -> None:
    kink = ParameterReport("k", (2,), "unknown", 0.5, (0,))
    nothing = ParameterReport("n", (2,), "unknown", None, None)
    text = str(report(good(), kink, nothing))
    assert text.startswith("loss: no gradient is wrong, but there is no verdict on k and n.\n")
    assert "There is no verdict on k: the function has a kink" in text
    assert "There is no verdict on n: neither automatic nor numeric derivatives" in text
    assert headline(report(kink)) == "loss: no verdict on the gradient of k."


def test_a_common_cause_is_told_once() -> None:
    text = str(report(parameter("u"), parameter("v")))
    assert text.count("Every entry is 6 ×") == 1
    assert "u and v are wrong: a constant factor (scale)" in text


def test_kinds_without_words_of_their_own() -> None:
    strange = parameter(cause=Diagnosis("new_kind", "it is strange", {}))
    transposed = parameter(cause=Diagnosis("transposed", "it is transposed", {}))
    missing = parameter(manual=None, cause=Diagnosis("missing", "no gradient of w", {}))
    for found, heading in (
        (strange, "w is wrong: new_kind"),
        (transposed, "w is wrong: transposed"),
        (missing, "w is missing"),
    ):
        assert f"\n{heading}\n" in str(report(found))


def test_lines_are_not_too_long() -> None:
    long = Diagnosis("unknown", "the numbers that were found are not those " * 9, {})
    names = [parameter(f"hidden_layer_{n}_weights", cause=long) for n in range(6)]
    text = str(report(*names, good(), notes=("many words that say little " * 9,)))
    assert max(map(len, text.splitlines())) <= 100
    assert sum(line.startswith("  ") for line in text.splitlines()) > 4


def test_columns_are_aligned() -> None:
    text = str(report(parameter("a_rather_long_name"), good("b"))).splitlines()[2:5]
    assert {
        line.index(word) for line, word in zip(text, ["verdict", "wrong", "right"], strict=True)
    } == {text[0].index("verdict")}
    assert len({line.index(end) + len(end) for line, end in zip(
        text, ["relative error", "5.00", "1.73e-17"], strict=True)}) == 1  # fmt: skip


@pytest.mark.parametrize(
    ("name", "due", "text"),
    [
        ("dw", "x.T @ d", "dw = x.T @ d"),
        ("dw", "dw = x.T @ d", "dw = x.T @ d"),
        ("dw", "dw += x.T @ d", "dw += x.T @ d"),
        ("return", "x * (1 - x)", "return x * (1 - x)"),
        ("return", "return x", "return x"),
        ("", "f(x)", "f(x)"),
        ("dw", None, None),
    ],
)
def test_what_should_be_is_a_statement(name: str, due: str | None, text: str | None) -> None:
    assert corrected(WrongLine("net.py", 1, "source", name, due)) == text


def test_long_statements_are_cut() -> None:
    source = "\n".join(["for n in range(9):", *(f"    a{n} = 0" for n in range(20))])
    text = str(report(parameter(), line=WrongLine("net.py", 1, source, "a", None)))
    assert "    for n in range(9):\n        a0 = 0" in text
    assert "a19" not in text
    assert "should be\n" not in text.partition("The first wrong line")[2]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("every entry is 6", "Every entry is 6."),
        ("slope is missing", "slope is missing."),  # a name
        ("x.T is missing", "x.T is missing."),
        ("Is it?", "Is it?"),
    ],
)
def test_sentences(text: str, due: str) -> None:
    assert sentence(text, ("slope",)) == due


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "terminal", "piped"),
    [
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ({"PYTHON_COLORS": "1", "NO_COLOR": "1"}, True, True),
        ({"PYTHON_COLORS": "0", "FORCE_COLOR": "1"}, False, False),
        ({"TERM": "dumb"}, False, False),
    ],
)
def test_colours(
    environment: dict[str, str], terminal: bool, piped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "PYTHON_COLORS", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WT_SESSION", "1")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = report(parameter(), good(), line=LINE, notes=("a note",))
    for file, due in ((Terminal(), terminal), (io.StringIO(), piped)):
        found.show(file)
        assert ("\x1b[31mwrong\x1b[0m" in file.getvalue()) == due
        assert re.sub(r"\x1b\[[\d;]*m", "", file.getvalue()) == f"{found}\n"
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in str(found) + repr(found)


def test_a_failing_pytest_is_readable(tmp_path: Path) -> None:
    (tmp_path / "test_net.py").write_text(
        "from tests.checking.audits.reporting.made import LINE, good, parameter, report\n"
        "def test_gradient():\n"
        "    found = report(parameter(), good(), line=LINE, notes=('a note ' * 20,))\n"
        "    assert found.ok, found\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    finished = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert finished.returncode == 1, finished.stdout
    printed = [re.sub("^E +", "", line) for line in finished.stdout.splitlines()]
    lines = str(report(parameter(), good(), line=LINE, notes=("a note " * 20,))).splitlines()
    start = printed.index(f"AssertionError: {lines[0]}")
    assert printed[start + 1 : start + len(lines)] == [line.strip() for line in lines[1:]]
    where = "where False = <Report loss: 1 of 2 gradients is wrong, that of w.>.ok"
    assert any(line.endswith(where) for line in printed)


def test_copies() -> None:
    found = report(parameter(), good(), line=LINE, notes=("a note",))
    for copied in (copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert type(copied) is Report
        assert copied == found
        assert str(copied) == str(found)


def test_numbers_that_are_not_finite() -> None:
    broken = np.array([np.nan, 1.0])
    text = str(report(parameter(manual=broken, right=np.ones(2))))
    assert "w[0] is nan and should be 1.00." in text


def test_a_wrong_shape_is_told_once() -> None:
    axis = Diagnosis("axis", "it was summed over the other axis", {})
    shape = Diagnosis("shape", "the shape is (3,) where (2,) is due", {})
    due = "Its shape is (3,) and should be (2,)."
    for cause, count in ((axis, 1), (shape, 0)):
        found = report(parameter(manual=np.ones(3), right=np.ones(2), cause=cause))
        assert str(found).count(due) == count


def test_short_code_is_not_torn() -> None:
    code = "`np.dot(output_error, output_weights.T[:, 1:])`"
    text = str(report(parameter(cause=Diagnosis("x", f"{'many words ' * 6} {code} and more", {}))))
    assert code in text


def test_as_many_digits_as_show_a_difference() -> None:
    right = np.array([3.0, 1.0])
    text = str(report(parameter(manual=right * np.array([1, 1.00001]), right=right)))
    assert "w[1] is 1.00001 and should be 1.00000." in text
    assert "w[" not in str(report(parameter(manual=right.copy(), right=right)))
    assert "w[0] is 0 and should be 3.00." in str(report(parameter(manual=-0 * right, right=right)))


def test_a_cause_names_all_its_parameters() -> None:
    text = str(report(*(parameter(f"w{n}") for n in range(12))))
    assert "w0, w1, w2, w3, w4, w5, w6, w7, w8, w9, w10 and w11 are wrong: a constant" in text


def test_what_stands_there_already_is_no_advice() -> None:
    line = WrongLine("net.py", 3, "dw = x.T @ d", "dw", "x.T@d")
    assert "should be\n" not in str(report(parameter(), line=line))


def test_a_line_that_is_too_much() -> None:
    found = report(parameter(), line=WrongLine("net.py", 3, "w -= 0.1 * dw", "w", "pass"))
    assert str(found).endswith("    w -= 0.1 * dw\n  should be left out")
    assert "<p>should be left out</p>" in found.html()


def test_causes_of_one_kind_share_a_heading() -> None:
    other = Diagnosis("scale", "every entry is 2 × what it should be", {})
    text = str(report(parameter("u"), parameter("v", cause=other), parameter("w")))
    assert text.count("(scale)") == 1
    assert "u, w and v are wrong: a constant factor (scale)\n  u and w: Every entry is 6 ×" in text
    assert "\n  v: Every entry is 2 × what it should be.\n  v[1, 1] is 18.0" in text

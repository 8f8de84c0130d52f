"""The command line as its user meets it: what is printed, and the exit code."""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograd_lite.__main__ import build_parser, main
from autograd_lite.commands import blog

ROOT = Path(__file__).parents[1]

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--hidden", "0"],
            "argument --hidden: '0' is not allowed; a whole number, 1 to 1,000,000, is",
        ),
        (["--hidden", "-3"], "argument --hidden: '-3' is not allowed"),
        (["--hidden", "many"], "argument --hidden: 'many' is not allowed"),
        (
            ["--iterations", "0"],
            "argument --iterations: '0' is not allowed; a whole number, 1 or more",
        ),
        (["--iterations", "1.5"], "argument --iterations: '1.5' is not allowed"),
        (
            ["--seed", "-1"],
            "argument --seed: '-1' is not allowed; a whole number, 0 to 4,294,967,295",
        ),
        (["--seed", "4294967296"], "argument --seed: '4294967296' is not allowed"),
        (["--learning-rate", "0"], "'0' is not allowed; a finite number above 0 is"),
        (["--learning-rate", "nan"], "'nan' is not allowed"),
        (["--learning-rate", "inf"], "'inf' is not allowed"),
        (["--learning-rate", "fast"], "'fast' is not allowed"),
        (["--learning-rate"], "argument --learning-rate: expected one argument"),
        (["--data", "missing.csv"], "missing.csv: No such file or directory"),
        (["--data", ""], ".: unknown kind of file; a name in .csv or .npz is allowed"),
        (["--data", "two\nlines.csv"], "two lines.csv: No such file or directory"),
        (["--bogus"], "unrecognized arguments: --bogus"),
        (["surplus"], "argument JOB: invalid choice: 'surplus'"),
    ],
    ids=" ".join,
)
def test_bad_input_is_one_line(arguments: list[str], said: str, capsys: Captured) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert printed.err.count("\n") == 1
    assert said in printed.err


def test_defaults_are_the_numbers_of_the_post() -> None:
    options = build_parser().parse_args([])
    settings = blog.load_network().Settings()
    assert (options.iterations, options.hidden) == (settings.steps, settings.num_hidden)
    assert (options.learning_rate, options.seed) == (settings.alpha, settings.seed)
    assert options.data is None


def test_main_job_agrees(capsys: Captured) -> None:
    assert main(["--iterations", "20"]) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert lines[0].startswith("6 samples, 3 features, 3 hidden units, 1 output; 20 iterations")
    assert sum(line.startswith("hidden_weights[") for line in lines) == 12
    assert sum(line.startswith("output_weights[") for line in lines) == 4
    assert sum(line.startswith("sample ") for line in lines) == 6
    assert lines[-1].startswith("AGREE")
    progress = printed.err.splitlines()
    assert [line.partition(",")[0] for line in progress] == [
        f"iteration {number} of 20" for number in (5, 10, 15, 20)
    ]


def test_wrong_manual_gradient_is_a_disagreement(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    network = blog.load_network()
    right = network.manual_gradients

    def wrong(*arguments: object) -> tuple[object, object]:
        hidden, output = right(*arguments)
        return hidden * 1.001, output

    monkeypatch.setattr(network, "manual_gradients", wrong)
    monkeypatch.setattr(blog, "load_network", lambda: network)
    assert main(["--iterations", "5"]) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("DISAGREE: more than 1e-12 apart from iteration 1 on; from the same")


def test_unstable_training_is_told_from_a_wrong_gradient(capsys: Captured) -> None:
    assert main(["--learning-rate", "1.2", "--iterations", "600"]) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("DRIFTED: more than 1e-12 apart from iteration ")


@pytest.mark.parametrize("rate", ["1e3", "1e300"])
def test_divergence_is_no_verdict(rate: str, capsys: Captured) -> None:
    assert main(["--learning-rate", rate]) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("NO VERDICT: in iteration ")
    assert "Take a smaller learning rate" in last


def test_own_samples_in_csv(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "own.csv"
    table = np.random.default_rng(5).uniform(-1, 1, (40, 5))
    np.savetxt(path, table, delimiter=",", header="a,b,c,d,label", comments="")
    assert main(["--data", str(path), "--iterations", "9", "--hidden", "7", "--seed", "3"]) == 0
    printed = capsys.readouterr().out
    assert "40 samples, 4 features, 7 hidden units, 1 output; 9 iterations" in printed
    assert "... and 19 more" in printed  # 5 x 7 hidden weights, of which 16 are shown
    assert "... and 24 more" in printed  # samples


def test_own_samples_in_npz_with_several_outputs(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "own.npz"
    np.savez(path, X=np.eye(4), y=np.arange(8).reshape(4, 2))
    assert main(["--data", str(path), "--iterations", "9"]) == 0
    assert "sample 4, output 2" in capsys.readouterr().out


def test_progress_in_a_terminal_redraws_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", terminal)
    assert main(["--iterations", "250"]) == 0
    drawn = terminal.getvalue()
    assert drawn.count("\r") == 84  # every third iteration, and the last
    assert drawn.count("\n") == 1
    assert drawn.endswith("\n")


def test_network_too_large_for_the_memory(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError("Unable to allocate 7.28 TiB")

    monkeypatch.setattr(blog, "compare", exhausted)
    assert main(["--hidden", "1000000"]) == 2
    said = "error: not enough memory for a network of this size (Unable to allocate 7.28 TiB)\n"
    assert capsys.readouterr().err == said


def test_interrupt_is_no_traceback(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(blog, "compare", interrupted)
    assert main([]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def run_module(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "autograd_lite", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_module_is_run_with_its_exit_codes() -> None:
    agreed = run_module("--iterations", "5")
    assert (agreed.returncode, agreed.stdout.splitlines()[-1][:6]) == (0, "AGREE:")
    refused = run_module("--hidden", "0")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1


def test_reader_that_leaves_early_is_no_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "autograd_lite", "--iterations", "5"]
    finished = subprocess.run(
        command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert finished.returncode == 141
    assert "Error" not in finished.stderr

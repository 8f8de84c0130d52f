"""The command `audit` as its user meets it: on files that strangers might have written."""

import io
import json
from pathlib import Path

import numpy as np
import pytest

from autograd_lite.__main__ import main
from autograd_lite.commands.pairs import find_pairs
from autograd_lite.commands.user_files import load

STRANGERS = Path(__file__).parent / "strangers"
RIGHT = """
import numpy as np

def loss(w, X, y):
    return 0.5 * np.sum((X @ w - y) ** 2)

def gradients(w, X, y):
    return X.T @ (X @ w - y)
"""
WRONG = RIGHT.replace("return X.T", "return 2 * X.T")
SECRET = """
def odd_forward(secret, x):
    if secret["word"].strength != 3:
        raise RuntimeError("no\\nentry")
    return 2 * x, None

def odd_backward(dout, cache):
    return 2 * dout
"""

Captured = pytest.CaptureFixture[str]


def written(folder: Path, text: str, name: str = "mynet.py") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def audited(capsys: Captured, *arguments: str) -> tuple[int, dict[str, dict]]:
    """The exit code, and the results by the names of the pairs."""
    code = main(["audit", "--json", *arguments])
    return code, {result["pair"]: result for result in json.loads(capsys.readouterr().out)}


def test_layers_of_a_course(capsys: Captured) -> None:
    code, found = audited(capsys, str(STRANGERS / "layers.py"))
    assert code == 1
    assert list(found) == [
        "affine_forward, affine_backward",
        "relu_forward, relu_backward",
        "affine_relu_forward, affine_relu_backward",
        "batchnorm_forward, batchnorm_backward",
        "batchnorm_forward, batchnorm_backward_alt",
        "dropout_forward, dropout_backward",
        "conv_forward_naive, conv_backward_naive",
        "max_pool_forward_naive, max_pool_backward_naive",
        "svm_loss",
        "softmax_loss",
    ]
    wrong = {pair for pair, result in found.items() if not result["ok"]}
    assert wrong == {"softmax_loss"}
    conv = found["conv_forward_naive, conv_backward_naive"]
    assert conv["inputs"]["w"] == [5, 7, 3, 3]
    assert conv["inputs"]["conv_param.stride"] == []
    assert found["softmax_loss"]["parameters"][0]["diagnosis"]["kind"] == "scale"


def test_whole_networks(capsys: Captured) -> None:
    code, found = audited(capsys, str(STRANGERS / "networks.py"))
    assert code == 1
    verdicts = {
        pair: {p["name"]: p["ok"] for p in result["parameters"]} for pair, result in found.items()
    }
    assert verdicts == {
        "TwoLayerNet": {f"self.params[{name!r}]": True for name in ("W1", "b1", "W2", "b2")},
        "propagate": {"w": True, "b": False},
        "Linear": {"x": True, "self.W": True, "self.b": True},
        "compute_cost, compute_gradient": {"theta": True},
        "SoftmaxWithLoss": {"x": True},
        "BookNet": {"self.params['W']": True, "self.params['b']": True},
    }


def test_a_loss_of_its_own_is_that_of_the_network(capsys: Captured) -> None:
    code, found = audited(capsys, str(STRANGERS / "losses_apart.py"))
    assert code == 1
    wrong = {
        pair: [each["name"] for each in result["parameters"] if not each["ok"]]
        for pair, result in found.items()
    }
    assert wrong == {
        "TwoLayers, loss": ["self.b2"],
        "InWords, compute_cost": [],
        "forward_propagation, compute_cost, backward_propagation": ["b1"],
    }
    assert all(len(result["parameters"]) in (2, 4) for result in found.values())
    assert not any(result["notes"] for result in found.values())
    last = found["forward_propagation, compute_cost, backward_propagation"]
    assert last["first_wrong_line"]["source"] == "db1 = np.sum(dZ1, axis=1, keepdims=True)"


def test_layers_of_tutorials(capsys: Captured) -> None:
    """Shapes and ranges are guessed such that they run, and steps are taken for gradients."""
    code, found = audited(capsys, str(STRANGERS / "tutorials.py"))
    assert code == 1
    verdicts = {
        pair: {p["name"]: p["ok"] for p in result["parameters"]} for pair, result in found.items()
    }
    assert verdicts == {
        "Dense": {"input": False, "self.weights": True, "self.bias": True},
        "BinaryCrossEntropy": {"x": True},
        "Affine": {"x": True, "self.W": True, "self.b": True},
        "SharedNet": {"self.params['W1']": True, "self.params['b1']": True},
    }
    assert found["Dense"]["parameters"][0]["diagnosis"]["kind"] == "weights"


def test_targets_without_a_loss_are_refused(tmp_path: Path, capsys: Captured) -> None:
    text = RIGHT.replace("def loss(w, X, y):\n    return 0.5 * np.sum((X @ w - y) ** 2)",
                         "def net_forward(w, X):\n    return X @ w, X")  # fmt: skip
    text = text.replace("def gradients(w, X, y)", "def net_backward(w, cache, X, y)")
    assert main(["audit", written(tmp_path, text)]) == 2
    assert "net_backward takes y, which the forward pass does not" in capsys.readouterr().err


def test_reports_are_printed(tmp_path: Path, capsys: Captured) -> None:
    path = written(tmp_path, WRONG)
    assert main(["audit", path]) == 1
    printed = capsys.readouterr()
    assert f"{path}: loss, gradients (w (4, 3), X (5, 4), y (5, 3))" in printed.out
    assert "  should be\n    return X.T @ (X @ w - y)" in printed.out
    assert printed.out.endswith("1 audited: 0 right, 1 wrong\n")
    assert printed.err == ""


def test_a_right_gradient_is_one_line(tmp_path: Path, capsys: Captured) -> None:
    assert main(["audit", written(tmp_path, RIGHT)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "loss: the gradient of w is right. (w (4, 3), X (5, 4), y (5, 3))",
        "1 audited: 1 right, 0 wrong",
    ]


def test_a_page_of_all_reports(tmp_path: Path, capsys: Captured) -> None:
    page = tmp_path / "report.html"
    right, wrong = written(tmp_path, RIGHT, "a.py"), written(tmp_path, WRONG, "b.py")
    assert main(["audit", right, wrong, "--html", str(page)]) == 1
    text = page.read_text(encoding="utf-8")
    assert text.count("<section") == 2
    assert text.count("<html") == 1
    assert main(["audit", right, "--html", str(tmp_path / "missing" / "report.html")]) == 2
    assert capsys.readouterr().err.startswith("error: --html ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import no_such_module", "cannot be imported: ModuleNotFoundError: No module named"),
        ("def f(:\n", "cannot be imported: SyntaxError: invalid syntax (line 1)"),
        ("raise SystemExit('enough')", "cannot be imported: SystemExit: enough"),
        ("name = input()", "cannot be imported: EOFError"),
        ("x = 1", "no pair was found; name one, as in net.py:loss,gradients"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line_and_others_run(
    text: str, said: str, tmp_path: Path, capsys: Captured
) -> None:
    bad, good = written(tmp_path, text, "bad.py"), written(tmp_path, RIGHT, "good.py")
    assert main(["audit", bad, good]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(f"error: {bad}: {said}")
    assert printed.err.count("\n") == 1
    assert printed.out.endswith("2 audited: 1 right, 0 wrong, 1 could not be used\n")


def test_a_pair_without_inputs_is_one_line_and_others_run(tmp_path: Path, capsys: Captured) -> None:
    path = written(tmp_path, RIGHT + SECRET)
    assert main(["audit", path]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(
        f"error: {path}: odd_forward, odd_backward: no inputs that fit were found for secret, x ("
    )
    assert printed.err.endswith("; give them by --inputs\n")
    assert printed.err.count("\n") == 1
    assert "the gradient of w is right" in printed.out


def test_a_function_that_ends_the_process_does_not(tmp_path: Path, capsys: Captured) -> None:
    ending = "def end_forward(x): raise SystemExit\ndef end_backward(dout, cache): return dout\n"
    assert main(["audit", written(tmp_path, ending + RIGHT)]) == 2
    printed = capsys.readouterr()
    assert (
        "end_forward, end_backward: no inputs that fit were found for x (SystemExit)" in printed.err
    )
    assert printed.out.endswith("2 audited: 1 right, 0 wrong, 1 could not be used\n")


def test_wrong_outweighs_not_usable(tmp_path: Path) -> None:
    assert main(["audit", written(tmp_path, WRONG + SECRET)]) == 1


NAMED = RIGHT.replace("def loss", "def energy_of").replace("def gradients", "def slopes")


def test_named_pairs(tmp_path: Path, capsys: Captured) -> None:
    path = written(tmp_path, NAMED)
    assert main(["audit", path]) == 2
    assert main(["audit", f"{path}:energy_of,slopes"]) == 0
    assert "energy_of: the gradient of w is right." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("missing", "there is no function 'missing' in it"),
        ("slopes", "slopes: returned no pair of a loss and gradients"),
        ("a,b,c", "there is no function 'a' in it"),
        ("slopes,slopes,slopes", "are 3 names; a pair has two, or one of both"),
    ],
)
def test_names_that_cannot_be_used(names: str, said: str, tmp_path: Path, capsys: Captured) -> None:
    path = written(tmp_path, NAMED)
    assert main(["audit", f"{path}:{names}"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "inputs",
    [
        "{'X': np.ones((2, 7)), 'w': np.arange(7.0), 'y': np.zeros(2)}",
        "(np.arange(7.0), np.ones((2, 7)), np.zeros(2))",
        "example()",
        "inputs.npz",
        "inputs.py",
    ],
)
def test_inputs_of_the_user(
    inputs: str, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("inputs.npz", X=np.ones((2, 7)), w=np.arange(7.0), y=np.zeros(2))
    written(tmp_path, "import numpy as np\nX, w, y = np.ones((2, 7)), np.arange(7.0), np.zeros(2)",
            "inputs.py")  # fmt: skip
    text = RIGHT + "def example():\n    return np.arange(7.0), np.ones((2, 7)), np.zeros(2)\n"
    code, found = audited(capsys, written(tmp_path, text), "--inputs", inputs)
    assert code == 0
    assert found["loss, gradients"]["inputs"] == {"w": [7], "X": [2, 7], "y": [2]}


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ("nothing()", "--inputs 'nothing()': NameError: name 'nothing' is not defined"),
        ("missing.npz", "missing.npz: No such file or directory"),
        ("missing.py", "missing.py: No such file"),
        ("(np.ones(3), np.ones((2, 2)), np.ones(2))", "does not run on these inputs (ValueError:"),
    ],
)
def test_inputs_that_cannot_be_used(
    inputs: str, said: str, tmp_path: Path, capsys: Captured
) -> None:
    assert main(["audit", written(tmp_path, RIGHT), "--inputs", inputs]) == 2
    printed = capsys.readouterr().err
    assert said in printed
    assert printed.count("\n") == 1


def test_examples_in_the_module_are_used(tmp_path: Path, capsys: Captured) -> None:
    data = "X = np.ones((3, 2))\nw = np.array([1.0, 2.0])\ny = np.zeros(3)\n"
    _, found = audited(capsys, written(tmp_path, RIGHT + data))
    assert found["loss, gradients"]["inputs"] == {"w": [2], "X": [3, 2], "y": [3]}
    made = "def make_inputs():\n    return {'X': np.ones((9, 2)), 'w': np.ones(2), 'y': np.ones(9)}"
    _, found = audited(capsys, written(tmp_path, RIGHT + data + made))
    assert found["loss, gradients"]["inputs"] == {"w": [2], "X": [9, 2], "y": [9]}


def test_prints_of_the_file_are_not_in_the_way(tmp_path: Path, capsys: Captured) -> None:
    noisy = "print('hello')\n" + RIGHT.replace("    return", "    print('here')\n    return")
    code, found = audited(capsys, written(tmp_path, noisy))
    assert code == 0
    assert list(found) == ["loss, gradients"]


def test_progress_is_drawn_on_a_terminal_and_taken_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", terminal)
    path = written(tmp_path, RIGHT)
    assert main(["audit", path]) == 0
    drawn = terminal.getvalue()
    assert "\r1 of 1: loss, gradients (" in drawn
    assert drawn.count("\n") == 0
    assert drawn.endswith(" \r")


def test_help_says_that_the_file_is_executed(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["audit", "--help"])
    assert "code is executed" in " ".join(capsys.readouterr().out.split())


def pairs_in(folder: Path, text: str) -> list[tuple[str, str]]:
    module = load(Path(written(folder, text, "pairs_of_functions.py")))
    return [(pair.kind, pair.title) for pair in find_pairs(module)]


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("loss(w, X)", "grad(w, X)"), "loss"),
        (("loss(w, X)", "loss_grad(w, X)"), "loss"),
        (("mlp_loss(w, X)", "mlp_gradients(w, X)"), "loss"),
        (("cost_function(w, X)", "compute_gradient(w, X)"), "loss"),
        (("f(x)", "f_grad(x)"), "loss"),
        (("f(x)", "grad_f(x)"), "loss"),
        (("f(x)", "df(x)"), "loss"),
        (("forward(w, X)", "backward(w, X)"), "loss"),
        (("forward(w, X)", "backward(dout, cache)"), "layer"),
        (("conv_fwd(x)", "conv_bwd(dout, cache)"), "layer"),
        (("forwardAffine(x)", "backwardAffine(dout, cache)"), "layer"),
        (("affine(x)", "affine_backward(dout, cache)"), "layer"),
    ],
    ids=str,
)
def test_pairs_by_convention(names: tuple[str, str], kind: str, tmp_path: Path) -> None:
    text = "".join(f"def {name}: return 0\n" for name in names)
    titles = ", ".join(name.partition("(")[0] for name in names)
    assert pairs_in(tmp_path, text) == [(kind, titles)]


def test_what_is_no_pair(tmp_path: Path) -> None:
    text = """
from numpy import gradient
def _loss(w): return 0
def _grad(w): return 0
def sigmoid(x): return x
def forward(x): return x
class Base:
    def forward(self, x): raise NotImplementedError
    def backward(self, dout): raise NotImplementedError
"""
    assert pairs_in(tmp_path, text) == []

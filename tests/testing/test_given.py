"""`given_gradients`: right gradients pass, wrong ones fail with the smallest case explained."""

import subprocess
import sys
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

import autograd_lite as ag
from autograd_lite.testing import GradientError, Layer, given_gradients, labels

from . import networks as mine


@given_gradients(W=("D", "C"), b=("C",), X=("N", "D"), y=labels("N", classes="C"))
def test_softmax_regression(W: Any, b: Any, X: Any, y: Any) -> Any:
    return mine.loss, mine.gradients, {"W": W, "b": b}, X, y


@given_gradients(x=("N", "D"), w=("D", "H"), b=("H",))
def test_affine_layer(x: Any, w: Any, b: Any) -> Any:
    return Layer(mine.affine_forward, mine.affine_backward, (x, w, b))


@pytest.mark.parametrize("scale", [0.5, 2.0])
@given_gradients(N=st.integers(1, 3), D=st.integers(1, 2))
def test_sizes_a_generator_and_parameters_of_pytest(scale: float, N: int, D: int, rng: Any) -> Any:
    assert 1 <= N <= 3
    assert 1 <= D <= 2
    W, b = scale * rng.normal(size=(D, 3)), rng.normal(size=3)
    return mine.loss, mine.gradients, {"W": W, "b": b}, rng.normal(size=(N, D)), np.arange(N) % 3


class TestInAClass(unittest.TestCase):
    @given_gradients(W=("D", "C"), X=("N", "D"), y=labels("N", classes="C"), D=st.just(2))
    def test_method(self, W: Any, X: Any, y: Any, D: int) -> Any:
        assert X.shape[1] == D
        return mine.loss, mine.gradients, {"W": W, "b": np.zeros(W.shape[1])}, X, y


def softmax_test(gradients: Callable[..., Any], **sizes: Any) -> Callable[[], None]:
    @given_gradients(W=("D", "C"), b=("C",), X=("N", "D"), y=labels("N", classes="C"), **sizes)
    def test(W: Any, b: Any, X: Any, y: Any) -> Any:
        return mine.loss, gradients, {"W": W, "b": b}, X, y

    return test


def failure(test: Callable[[], None]) -> str:
    with pytest.raises(GradientError) as caught:
        test()
    return str(caught.value)


def test_a_wrong_gradient_is_shrunk_and_explained() -> None:
    said = failure(softmax_test(mine.summed_gradients))
    assert said.startswith(
        "test, smallest case: D = 1, C = 2, N = 2, seed = 0\n"
        "explained for D = 3, C = 4, N = 5, seed = 0\n\nloss: 1 of 2"
    )
    assert "scale" in said
    assert "summed, not averaged" in said


def test_lengths_can_be_prescribed() -> None:
    said = failure(softmax_test(mine.summed_gradients, N=st.integers(4, 9), C=st.just(3)))
    assert said.startswith(
        "test, smallest case: D = 1, C = 3, N = 4, seed = 0\n"
        "explained for D = 5, C = 3, N = 4, seed = 0\n"
    )


def test_the_smallest_case_is_explained_where_others_cannot_be() -> None:
    def small_ones_only(params: Any, X: Any, y: Any) -> Any:
        assert len(X) < 5
        return mine.summed_gradients(params, X, y)

    said = failure(softmax_test(small_ones_only, N=st.integers(1, 4)))
    assert said.startswith(
        "test, smallest case: D = 1, C = 2, N = 2, seed = 0\nexplained for D = 3"
    )

    def two_samples(params: Any, X: Any, y: Any) -> Any:
        return (mine.summed_gradients if len(X) == 2 else mine.gradients)(params, X, y)

    said = failure(softmax_test(two_samples))
    assert said.startswith("test, smallest case: D = 1, C = 2, N = 2, seed = 0\n\nloss: 1 of 2")


def test_only_the_smallest_case_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    explained = []
    module = sys.modules["autograd_lite.testing.given"]
    audited = module.audited
    monkeypatch.setattr(module, "audited", lambda problem: explained.append(1) or audited(problem))
    failure(softmax_test(mine.summed_gradients))
    assert explained == [1]


def test_settings_above_and_below_are_heard() -> None:
    calls = []

    def counted(W: Any, b: Any, X: Any, y: Any) -> Any:
        calls.append(X.shape)
        return mine.loss, mine.gradients, {"W": W, "b": b}, X, y

    strategies = {"W": ("D", 2), "b": (2,), "X": ("N", "D"), "y": labels("N", classes=2)}
    few = settings(max_examples=3, deadline=None)
    few(given_gradients(**strategies)(counted))()
    assert len(calls) == 3
    given_gradients(**strategies)(few(counted))()
    assert len(calls) == 6


def test_errors_of_the_gradient_itself_stay_what_they_are() -> None:
    def crashing(params: Any, X: Any, y: Any) -> Any:
        if len(X) > 2:
            raise IndexError("too many samples")
        return mine.gradients(params, X, y)

    with pytest.raises(IndexError, match="too many samples") as caught:
        softmax_test(crashing)()
    assert "<D = 1, C = 1, N = 3, seed = 0>" in "".join(caught.value.__notes__)


@pytest.mark.parametrize(
    ("shape", "length"), [(("D + 1",), 4), (("4*D",), 12), ((2, "D"), 2), (("D//2", "D"), 1)]
)
def test_lengths_may_be_computed(shape: Any, length: int) -> None:
    @given_gradients(x=shape, D=st.just(3))
    def test(x: Any) -> Any:
        assert x.shape[0] == length
        return mine.half_square, np.copy, x

    test()


@pytest.mark.parametrize("length", ["D.real", "f(D)", "D +", "D, C", "D ** 9", ""])
def test_other_lengths_are_refused(length: str) -> None:
    with pytest.raises(ValueError, match="is not a length"):
        given_gradients(x=(length,))(lambda x: (np.sum, np.ones_like, x))


def test_arguments_that_nobody_takes_are_refused() -> None:
    with pytest.raises(InvalidArgument, match="has no parameter z"):
        given_gradients(x=("N",), z=("N",))(lambda x: (np.sum, np.ones_like, x))


def test_a_test_that_returns_nothing_is_refused() -> None:
    with pytest.raises(InvalidArgument, match=r"(?s)returned None.*return \(loss, manual"):
        given_gradients(x=("N",))(lambda x: print(x))()


def test_it_is_imported_when_it_is_asked_for() -> None:
    assert ag.testing is sys.modules["autograd_lite.testing"]
    assert set(ag.testing.__all__) <= set(vars(ag.testing))


def test_without_hypothesis_the_remedy_is_named() -> None:
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "import autograd_lite as ag\n"
        "try: ag.testing\n"
        "except ImportError as error: print(error)\n"
    )
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", code]
    finished = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert "built on hypothesis" in finished.stdout
    assert "pip install 'autograd_lite[testing]'" in finished.stdout

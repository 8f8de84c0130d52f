"""Averages, covariances and correlations: every argument, constant rows, errors like NumPy's."""

import warnings
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking import check_gradients

DATA = np.array([[1.0, 4.0, 2.0, 7.0], [0.5, -1.0, 3.0, 2.0]])

CALLS: list[tuple[Any, dict[str, Any]]] = [
    (np.cov, {"dtype": np.float32}),
    (np.cov, {"dtype": np.float32, "aweights": [1.0, 2.0, 0.5, 3.0]}),
    (np.cov, {"y": DATA[:1] + 1, "rowvar": True, "fweights": np.array([1, 0, 2, 1])}),
    (np.cov, {"rowvar": False, "y": DATA[:, :2], "ddof": 0}),
    (np.cov, {"fweights": [1, 2, 1, 1], "aweights": [1.0, 2.0, 0.5, 3.0], "bias": 1}),
    (np.cov, {"fweights": [1, 2, 1, 1], "aweights": [1.0, 2.0, 0.5, 3.0], "ddof": 2}),
    (np.cov, {"ddof": 4}),
    (np.cov, {"ddof": 0.5}),
    (np.cov, {"fweights": [0.5, 1, 1, 1]}),
    (np.cov, {"fweights": [1, 1]}),
    (np.cov, {"fweights": [-1, 1, 1, 1]}),
    (np.cov, {"aweights": [[1.0, 1, 1, 1]]}),
    (np.cov, {"aweights": [1.0, 1]}),
    (np.cov, {"aweights": [-1.0, 1, 1, 1]}),
    (np.cov, {"y": np.ones((2, 2, 2))}),
    (np.corrcoef, {"dtype": np.float32}),
    (np.corrcoef, {"y": [1.0, 2.0, 5.0, 3.0]}),
    (np.average, {"weights": [1.0, 2.0]}),
    (np.average, {"weights": np.zeros((2, 4))}),
    (np.average, {"weights": [1.0, 2.0], "axis": 1}),
    (np.average, {"weights": [1, 2], "axis": 0, "returned": True, "keepdims": True}),
]


def outcome(f: Any, data: Any, options: dict[str, Any]) -> Any:
    """The bytes, shapes and dtypes of results, or the type of the error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results = f(data, **options)
    except Exception as error:  # noqa: BLE001 - which one it is, is the question
        return type(error)
    parts = results if isinstance(results, tuple) else (results,)
    arrays = [x.numpy() if isinstance(x, ag.Tensor) else np.asarray(x) for x in parts]
    return [(x.tobytes(), x.shape, x.dtype) for x in arrays]


@pytest.mark.parametrize(("f", "options"), CALLS, ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_results_and_errors_are_those_of_numpy(f: Any, options: Any, dtype: Any) -> None:
    data = DATA.astype(dtype)
    assert outcome(f, ag.Tensor(data), options) == outcome(f, data, options)


def test_one_row_of_a_matrix_and_a_single_number() -> None:
    for data in (DATA[:1], np.array(3.0), DATA[:0]):
        for rowvar in (True, False):
            options = {"rowvar": rowvar}
            assert outcome(np.cov, ag.Tensor(data), options) == outcome(np.cov, data, options)


def test_weights_that_are_tensors_have_gradients_and_frequencies_do_not() -> None:
    frequencies, weights = ag.Tensor([1.0, 2.0, 0.0, 1.0]), ag.Tensor([1.0, 2.0, 0.5, 3.0])
    np.cov(DATA, fweights=frequencies, aweights=weights).sum().backward()
    assert frequencies.grad is None
    check_gradients(
        lambda w: np.cov(DATA, fweights=[1, 2, 0, 1], aweights=w, ddof=1), weights.numpy()
    )
    check_gradients(lambda w: np.average(DATA, 1, w, returned=True), weights.numpy())


def test_perfect_correlation_has_gradient_zero() -> None:
    x = ag.Tensor([[1.0, 2.0, 4.0], [2.0, 4.0, 8.0]])
    np.corrcoef(x).sum().backward()
    assert np.allclose(x.grad, 0.0, atol=1e-15)


def test_covariance_of_equal_entries() -> None:
    x = ag.Tensor([2.0, 2.0, 2.0])
    np.cov(x).backward()
    assert x.grad.tolist() == [0.0, 0.0, 0.0]

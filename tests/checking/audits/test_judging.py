"""The verdict: what is right, what is wrong, and what several calls show."""

from types import SimpleNamespace

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.checking.audits.judging import Judgement, judged
from autograd_lite.checking.audits.layers import of_layer
from autograd_lite.checking.audits.problems import of_loss

from ..zoo.mistakes import load

X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])
W = np.array([0.3, -0.2])


def loss(params, x):
    """A sum of squares, with a scale that is one at first."""
    return np.sum((x @ params["w"]) ** 2 * params["scale"])


def gradients(params, x):
    """Right ones."""
    out = x @ params["w"]
    return {"w": 2 * x.T @ (out * params["scale"]), "scale": np.sum(out**2)}


def judgement(manual, loss=loss) -> Judgement:
    """The judgement on gradients of that loss."""
    return judged(of_loss(loss, manual, {"w": W, "scale": np.array(1.0)}, (X,)))


def wrong(found: Judgement) -> dict[str, str | None]:
    """The names of the gradients that are wrong, with the kind where it is found already."""
    names = {case.name: None for case in found.cases if case.is_wrong}
    return names | {name: diagnosis.kind for name, diagnosis in found.findings.items()}


def test_right_gradients_are_right():
    """Nothing is found, and nothing noted."""
    found = judgement(gradients)
    assert found.ok
    assert found.notes == ()


def test_a_factor_of_one_that_is_missing_is_seen_at_another_point():
    """The judgement is that point's."""

    def manual(params, x):
        return gradients(params, x) | {"w": 2 * x.T @ (x @ params["w"])}

    found = judgement(manual)
    assert wrong(found) == {"w": None}
    assert found.problem.arrays[0][0] != W[0]
    assert "another one" in found.notes[0]


def test_sums_of_all_calls_are_accumulated():
    """The second call shows it."""
    total = SimpleNamespace(w=0.0)

    def manual(params, x):
        right = gradients(params, x)
        total.w = total.w + right["w"]
        return right | {"w": total.w}

    assert wrong(judgement(manual)) == {"w": "accumulated"}


def test_a_buffer_that_is_used_again_is_no_result():
    """The first gradient changes when the second is computed."""
    buffer = np.empty(2)

    def manual(params, x):
        right = gradients(params, x)
        buffer[:] = right["w"]
        return right | {"w": buffer}

    assert wrong(judgement(manual)) == {"w": "aliased"}


def test_one_array_for_two_gradients_is_right_and_noted():
    """As an addition has it."""

    def forward(a, b):
        return a + b, None

    def backward(dout, _):
        return dout, dout

    found = judged(of_layer(forward, backward, (X, X + 1), 0))
    assert found.ok
    assert found.notes == (
        "the gradients of a and b are one array: what is done to one in place is done to both",
    )


def test_chance_is_seen():
    """Numbers of no seed are other ones at the second call."""

    def manual(params, x):
        noise = np.random.default_rng().normal(size=2)
        return gradients(params, x) | {"w": gradients(params, x)["w"] + noise}

    assert wrong(judgement(manual)) == {"w": "random"}


def test_numbers_of_a_seed_are_chance_as_well():
    """Unless the loss draws the same; they may change nothing the first time."""

    def manual(params, x):
        right = gradients(params, x)
        return right | {"w": right["w"] * (np.random.rand() < 0.7)}

    def drawn_loss(params, x):
        return loss(params, x) * np.random.rand()

    def drawn_gradients(params, x):
        factor = np.random.rand()
        return {name: g * factor for name, g in gradients(params, x).items()}

    assert wrong(judgement(manual)) == {"w": "random"}
    assert judgement(drawn_gradients, drawn_loss).ok


def test_fewer_digits_than_the_parameter_are_wrong():
    """Also where they are right."""

    def manual(params, x):
        right = gradients(params, x)
        return right | {"w": right["w"].astype(np.float32)}

    assert wrong(judgement(manual)) == {"w": None}


def test_single_precision_is_judged_by_the_formula():
    """Rounding is no mistake, and a wrong formula is one in single precision as well."""
    single = {"w": W.astype(np.float32), "scale": np.array(1, np.float32)}

    def manual(params, x, factor=1):
        right = gradients(params, x)
        return {"w": factor * right["w"], "scale": right["scale"]}

    def double(params, x):
        return manual(params, x, 2)

    data = (X.astype(np.float32),)
    assert judged(of_loss(loss, manual, single, data)).ok
    assert wrong(judged(of_loss(loss, double, single, data))) == {"w": None}


@pytest.mark.parametrize("scale", [1e-150, 1e-60, 1e-6, 1e6, 1e60, 1e150])
def test_sizes_do_not_matter(scale):
    """Steps and tolerances are relative to the arrays."""

    def forward(x, w):
        return np.maximum(x @ w, 0.0), (x, w)

    def backward(dout, cache, slope=1.0):
        x, w = cache
        d = dout * (x @ w > 0)
        return slope * d @ w.T, x.T @ d

    def half(dout, cache):
        return backward(dout, cache, 0.5)

    inputs = (X * scale, np.array([[1.0, 2.0], [-2.0, 1.0]]))
    assert judged(of_layer(forward, backward, inputs, 0)).ok
    assert wrong(judged(of_layer(forward, half, inputs, 0))) == {"x": None}


def test_a_kink_is_no_verdict():
    """A gradient by hand may take either side."""

    def forward(x):
        return np.maximum(x, 0.0), x

    def backward(dout, x):
        return dout * (x > 0)

    def other_side(dout, x):
        return dout * (x >= 0)

    def reverse(dout, x):
        return dout * (x <= 0)

    x = np.array([[0.0, 1.0, -2.0], [3.0, 0.0, -1.0]])
    assert judged(of_layer(forward, backward, (x,), 0)).ok
    assert judged(of_layer(forward, other_side, (x,), 0)).ok
    assert not judged(of_layer(forward, reverse, (x,), 0)).ok


def test_what_is_changed_in_place_is_noted():
    """It is no wrong gradient."""

    def manual(params, x):
        right = gradients(params, x)
        x -= 1.0
        return right

    found = judgement(manual)
    assert found.ok
    assert len(found.notes) == 1
    assert found.notes[0].startswith("the manual pass changes x in place, in line ")


@pytest.mark.parametrize(
    ("network", "mistake"),
    [
        ("dropout_class", "input of the first call"),
        ("residual_mlp", "activations of the first call"),
        ("triplet", "margin forgotten in the mask"),
        ("svm_loops", "linear part missing"),
    ],
)
def test_what_the_first_point_does_not_show(network, mistake):
    """Caches of an earlier call, and masks that happen to be the same."""
    module = load(network)
    spoilt = next(each for each in module.MISTAKES if each.name == mistake)
    wrong_module = load(network, spoilt)
    made = wrong_module.make(np.random.default_rng(0), **spoilt.make)
    problem = (
        of_layer(made[0], None, made[1], 0)
        if module.STYLE == "class"
        else of_loss(wrong_module.loss, wrong_module.gradients, made[0], made[1])
        if module.STYLE == "loss"
        else of_layer(wrong_module.forward, None, made, 0)
    )
    names = {name.removeprefix("self.") for name in wrong(judged(problem))}
    assert names == set(spoilt.parameters)


def test_values_of_an_earlier_call_are_stale():
    """And a factor that is missing is not, though it was one in the earlier call."""
    kept: dict[str, np.ndarray] = {}

    def manual(params, x):
        out = kept.setdefault("out", x @ params["w"])
        return gradients(params, x) | {"w": 2 * x.T @ (out * params["scale"])}

    assert wrong(judgement(manual)) == {"w": "stale"}


def test_an_index_that_repeats_is_tried():
    """With indices that all differ, writing once is as good as adding."""

    def forward(table, index):
        return table[index] ** 2, (table, index)

    def backward(dout, cache):
        table, index = cache
        dtable = np.zeros_like(table)
        dtable[index] = 2 * dout * table[index]
        return dtable

    found = judged(of_layer(forward, backward, (X, np.array([2, 0])), 0))
    assert wrong(found) == {"table": None}
    assert "index" in found.notes[0]
    assert judged(of_layer(forward, backward, (X, np.array([2, 0, 1])), 0)).ok  # an order


@pytest.mark.parametrize(("rows", "right"), [("mean", False), ("sum", True)])
def test_a_batch_of_one_row_is_made_larger(rows, right):
    """A sum and a mean are the same in it."""

    def total(w, x, y):
        return np.sum((x @ w - y) ** 2)

    def manual(w, x, y):
        each = x * (x @ w - y)[:, None]
        return 2 * (each.sum(axis=0) if rows == "sum" else each.mean(axis=0))

    found = judged(of_loss(total, manual, W, (X[:1], np.array([0.5]))))
    assert found.ok == right
    assert ("with one row in x, y" in "".join(found.notes)) != right


def test_one_row_that_cannot_be_more_is_noted():
    """As in code that takes no other batch."""

    def total(w, x, y):
        assert len(x) == 1
        return np.sum((x @ w - y) ** 2)

    def manual(w, x, y):
        return 2 * x.T @ (x @ w - y)

    found = judged(of_loss(total, manual, W, (X[:1], np.array([0.5]))))
    assert found.ok
    assert "one row" in found.notes[0]


def test_a_gradient_that_is_announced_and_not_there_is_missing():
    """An object that has a place for it, and never fills it."""

    class Affine:
        def __init__(self):
            self.w, self.b, self.dw, self.db = np.ones((2, 2)) / 3, np.zeros(2), None, None

        def forward(self, x):
            self.x = x
            return x @ self.w + self.b

        def backward(self, dout):
            self.dw = self.x.T @ dout
            return dout @ self.w.T

    assert wrong(judged(of_layer(Affine(), None, (X,), 0))) == {"self.b": None}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("network", ["blog_network", "layernorm", "maxout", "sigmoid_class"])
def test_right_networks_are_right_at_any_precision(network, seed):
    """No false alarm; tens of thousands of such cases were tried when this was written."""
    module = load(network)
    made = module.make(np.random.default_rng(seed))
    problem = (
        of_layer(made[0], None, made[1], 0)
        if module.STYLE == "class"
        else of_loss(module.loss, module.gradients, *made)
        if module.STYLE == "loss"
        else of_layer(module.forward, module.backward, made, 0)
    )
    for dtype in (np.float64, np.float32, np.float16):

        def cast(_, array, dtype=dtype):
            return array.astype(dtype) if array.dtype.kind == "f" else array

        assert judged(problem.rebuilt(cast)).ok


def test_the_report_says_so():
    """The finding is the cause in the report."""
    total = SimpleNamespace(w=0.0)

    def manual(params, x):
        right = gradients(params, x)
        total.w = total.w + right["w"]
        return right | {"w": total.w}

    report = ag.audit(loss, manual, {"w": W, "scale": np.array(1.0)}, X)
    assert [(p.name, p.verdict) for p in report.parameters] == [("w", "wrong"), ("scale", "right")]
    assert report.parameters[0].diagnosis.kind == "accumulated"

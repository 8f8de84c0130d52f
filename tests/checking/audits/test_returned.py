"""Which gradient is whose, in the forms in which people return them."""

import numpy as np
import pytest

from autograd_lite.checking.audits.auditing import audit_layer
from autograd_lite.checking.audits.methods import prediction_among
from autograd_lite.checking.audits.returned import Due, gradients_of

CELL = {"Z": (3, 8), "H": (3, 5), "C": (3, 5), "W_hh": (5, 20), "W_ih": (8, 20), "b": (20,)}
LAYERS = {
    "x": (4,), "self.layers[0].weights": (4, 6), "self.layers[0].biases": (6,),
    "self.layers[1].weights": (6, 3), "self.layers[1].biases": (3,),
}  # fmt: skip


def names_of(returned, shapes, called, ordered=True):
    """The names that arrays get, by the number that each of them is filled with."""
    arrays = [np.full(shape, number) for number, shape in enumerate(returned)]
    found = gradients_of(tuple(arrays), Due(shapes), called, ordered)
    return {name: int(array.flat[0]) for name, array in found.items()}


def test_the_order_of_the_inputs_is_that_of_their_gradients():
    """Where the shapes fit, whatever they are called: a caller goes by the order."""
    returned = [(2, 3), (3,), (3,)]
    found = names_of(returned, {"x": (2, 3), "gamma": (3,), "beta": (3,)}, ["dx", "db", "dg"])
    assert found == {"x": 0, "gamma": 1, "beta": 2}


def test_names_tell_another_order_where_shapes_do_not_fit():
    """`dh_prev` belongs to `H`, and what is called like nothing to what has its shape."""
    called = ["dx", "dw_ih", "dw_hh", "db", "dh_prev", "dc_prev"]
    returned = [(3, 8), (8, 20), (5, 20), (20,), (3, 5), (3, 5)]
    found = names_of(returned, CELL, called)
    assert found == {"Z": 0, "W_ih": 1, "W_hh": 2, "b": 3, "H": 4, "C": 5}


def test_a_wrong_shape_stays_with_the_array_that_is_called_so():
    """`db` is the gradient of the bias, though it was summed to one number."""
    shapes = {"x": (7, 4), "self.weights": (4, 3), "self.bias": (3,)}
    found = names_of([(4, 3), ()], shapes, ["dw", "db"], ordered=False)
    assert found == {"self.weights": 0, "self.bias": 1}


def test_names_that_say_nothing_leave_the_order():
    """A transposed gradient is not given to another array of that shape."""
    found = names_of([(4, 3), (3, 4)], {"x": (3, 4), "w": (4, 3)}, ["first", "second"])
    assert found == {"x": 0, "w": 1}


def test_names_win_where_fewer_come_back_than_there_are_inputs():
    """A sample is data, though it has the shape of the weights; `dj_dw` is of `w`."""
    shapes = {"x": (3,), "y": (), "w": (3,), "b": ()}
    assert names_of([(3,), ()], shapes, ["dw", "db"]) == {"w": 0, "b": 1}
    assert names_of([(), (3,)], shapes, ["dj_db", "dj_dw"]) == {"w": 1, "b": 0}


def test_known_names_are_given_first_and_the_others_in_order():
    """`dx` is that of `inputs`, and the object has beta before gamma."""
    shapes = {"inputs": (5, 3), "self.beta": (3,), "self.gamma": (3,)}
    due = Due(shapes, {"self.beta": ("beta",), "self.gamma": ("gamma",)})
    arrays = np.zeros((5, 3)), np.ones(3), np.full(3, 2)
    found = gradients_of(arrays, due, ["dx", "dgamma", "dbeta"], ordered=False)
    assert {name: int(array.flat[0]) for name, array in found.items()} == {
        "inputs": 0, "self.gamma": 1, "self.beta": 2
    }  # fmt: skip


def test_a_state_that_is_returned_too_is_no_gradient():
    """Though it has the shape of another array of the object."""
    shapes = {"self.last_h": (4, 1), "self.Wh": (4, 4), "self.bh": (4, 1), "self.m": (4, 4)}
    keys = {name: (name.removeprefix("self."),) for name in shapes}
    arrays = np.zeros((4, 4)), np.ones((4, 1)), np.full((4, 1), 2)
    found = gradients_of(arrays, Due(shapes, keys), ["dWh", "dbh", "hs"], ordered=False)
    assert {name: int(array.flat[0]) for name, array in found.items()} == {
        "self.Wh": 0,
        "self.bh": 1,
    }


@pytest.mark.parametrize("called", [["nabla_b", "nabla_w", "cost"], ["", "", ""]])
def test_lists_hold_the_gradients_of_layers(called):
    """One list for the biases and one for the weights of all layers, and the loss beside them."""
    lists = [np.zeros(6), np.ones(3)], [np.full((4, 6), 2), np.full((6, 3), 3)], 0.7
    found = gradients_of(lists, Due(LAYERS), called, ordered=False, loss=0.7)
    assert {name: int(array.flat[0]) for name, array in found.items()} == {
        "self.layers[0].biases": 0, "self.layers[1].biases": 1,
        "self.layers[0].weights": 2, "self.layers[1].weights": 3,
    }  # fmt: skip


class Dense:
    """A layer of a network that keeps what it was given."""

    def __init__(self, rng, n_in, n_out):
        self.weights, self.biases = rng.normal(size=(n_in, n_out)), np.zeros(n_out)

    def forward(self, inputs):
        self.last_input = inputs
        return inputs @ self.weights + self.biases


class Network:
    """The cost names its labels otherwise than the backward pass, which fills kept lists."""

    def __init__(self, factor):
        rng = np.random.default_rng(0)
        self.layers = [Dense(rng, 4, 6), Dense(rng, 6, 3)]
        self.grad_w = [np.zeros_like(layer.weights) for layer in self.layers]
        self.grad_b = [np.zeros_like(layer.biases) for layer in self.layers]
        self.factor = factor

    def probabilities(self, x):
        hidden = np.maximum(self.layers[0].forward(x), 0)
        e = np.exp(self.layers[1].forward(hidden))
        return e / np.sum(e)

    def cost(self, x, expected_label):
        return -np.log(self.probabilities(x)[expected_label])

    def backprop(self, x, y):
        p = self.probabilities(x)
        delta = p.copy()
        delta[y] -= 1
        for k in reversed(range(2)):
            self.grad_w[k][:] = np.outer(self.layers[k].last_input, delta)
            self.grad_b[k][:] = self.factor * delta
            if k > 0:
                delta = self.layers[k].weights @ delta * (self.layers[k].last_input > 0)
        return self.grad_w, self.grad_b, -np.log(p[y])


@pytest.mark.parametrize("factor", [1.0, 0.5])
def test_networks_that_return_lists_of_kept_arrays(factor):
    """The kept arrays are no results that change: they stand where gradients are kept."""
    network = Network(factor)
    report = audit_layer(network.cost, network.backprop, np.array([0.3, -0.2, 0.7, 0.1]), 1)
    wrong = [each.name for each in report.parameters if not each.ok]
    assert [each.name for each in report.parameters] == list(LAYERS)[1:]
    assert wrong == ([] if factor == 1 else ["self.layers[0].biases", "self.layers[1].biases"])
    kept = ", ".join(list(LAYERS)[1::2] + list(LAYERS)[2::2])
    text = f"the array that holds the gradient of {kept} is the same one in every call"
    assert report.notes[0].startswith(text)


def recurrent(inputs, first, table, Wx, Wh):
    """The loss with its gradients, which are not in the order of the arguments, and the state."""
    steps = np.zeros((len(inputs) + 1, len(Wh)))
    steps[0] = first
    for t, word in enumerate(inputs):
        steps[t + 1] = np.tanh(Wx @ table[word] + Wh @ steps[t])
    loss = np.sum(steps[1:] ** 2)
    dWh, dWx, back = np.zeros(Wh.shape), np.zeros(Wx.shape), np.zeros(len(Wh))
    for t in reversed(range(len(inputs))):
        raw = (back + 2 * steps[t + 1]) * (1 - steps[t + 1] ** 2)
        dWh += np.outer(raw, steps[t])
        dWx += np.outer(raw, table[inputs[t]])
        back = Wh.T @ raw
    return loss, dWh, dWx, steps[-1]


def test_one_function_of_both_returns_what_it_likes_in_its_order():
    """Names tell whose the gradients are; the last state is none, and the table has none."""
    rng = np.random.default_rng(0)
    arrays = rng.normal(size=4), np.eye(3), rng.normal(size=(4, 3)), 0.5 * rng.normal(size=(4, 4))
    report = audit_layer(recurrent, None, np.array([0, 2, 1]), *arrays)
    assert [each.name for each in report.parameters] == ["Wx", "Wh"]
    assert report.ok, report
    assert report.notes == ()


def mse(y_true, y_pred):
    return np.mean(np.power(y_true - y_pred, 2))


def mse_prime(y_true, y_pred):
    return 2 * (y_pred - y_true) / np.size(y_true)


def test_a_loss_and_its_derivative_take_the_same():
    """One gradient is that of what was predicted, whatever stands first."""
    report = audit_layer(mse, mse_prime, np.ones((4, 1)), np.arange(4.0).reshape(4, 1))
    assert [(each.name, each.ok) for each in report.parameters] == [("y_pred", True)]
    assert report.notes == ("not looked at, since no gradient of it was returned: y_true",)


@pytest.mark.parametrize(
    ("names", "mine"),
    [
        (("expected_output", "output"), "output"), (("target_output", "predicted"), "predicted"),
        (("true_prob", "pred_prob"), "pred_prob"), (("y", "a"), "a"), (("y_hat", "y"), "y_hat"),
    ],
)  # fmt: skip
def test_what_was_predicted_is_told_by_its_name(names, mine):
    """Whatever else is in the name of the target."""
    assert prediction_among(names) == mine


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize(
    ("derivative", "right"),
    [(lambda x: sigmoid(x) * (1 - sigmoid(x)), True), (lambda x: x * (1 - x), False)],
)
def test_an_elementwise_derivative_is_the_gradient_of_the_sum(derivative, right):
    """It takes no incoming gradient."""
    assert audit_layer(sigmoid, derivative, np.array([[0.3, -1.2], [2.0, 0.1]])).ok is right


def propagate(w, b, x, y):
    """The cost stands last, and the bias is a plain number."""
    a = sigmoid(w.T @ x + b)
    cost = -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)) / x.shape[1]
    return {"dw": x @ (a - y).T / x.shape[1], "db": np.sum(a - y) / x.shape[1]}, cost


def propagated(w, b, x, y):
    """As three values, with a mistake in one of them."""
    grads, cost = propagate(w, b, x, y)
    dw, db = grads["dw"], grads["db"] * x.shape[1]
    return dw, db, cost


@pytest.mark.parametrize(("function", "wrong"), [(propagate, []), (propagated, ["b"])])
def test_the_loss_may_stand_last_and_a_parameter_be_a_number(function, wrong):
    """As in a course that many take."""
    x = np.random.default_rng(0).normal(size=(3, 6))
    report = audit_layer(function, None, np.ones((3, 1)), 0.3, x, (x[:1] > 0) * 1.0)
    assert [each.name for each in report.parameters] == ["w", "b"]
    assert [each.name for each in report.parameters if not each.ok] == wrong


class KeepsItsData:
    """Nothing is given to its passes: the data are its own."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.input, self.weights = rng.normal(size=(6, 3)), rng.normal(size=(3, 1))
        self.y = np.ones((6, 1))

    def feedforward(self):
        self.output = sigmoid(self.input @ self.weights)

    def loss(self):
        self.feedforward()
        return np.sum((self.y - self.output) ** 2)

    def backprop(self):
        error = 2 * (self.y - self.output) * self.output * (1 - self.output)
        self.weights += self.input.T @ error


def test_a_network_that_keeps_its_data_is_audited_by_its_loss():
    """Its forward pass returns nothing, and its backward pass takes a step uphill."""
    report = audit_layer(KeepsItsData(), None)
    assert [(each.name, each.ok) for each in report.parameters] == [("self.weights", True)]

"""What a Tensor holds, shows and collects."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import GraphError, Tensor, no_grad


def test_data_is_memory_of_its_own() -> None:
    """What a user does to the array that he gave changes no value and no gradient."""
    array = np.ones(3)
    w = Tensor(array)
    loss = np.sum(w * w)
    array += 5
    loss.backward()
    assert w.data.tolist() == [1.0, 1.0, 1.0]
    assert w.grad.tolist() == [2.0, 2.0, 2.0]


def test_data_of_a_list_is_an_array() -> None:
    t = Tensor([[1.0, 2.0]])
    assert isinstance(t.data, np.ndarray)
    assert t.data.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize("make", [lambda: Tensor(2.0), lambda: Tensor([1.0, 1.0]).sum()])
def test_data_and_gradient_of_one_number_are_arrays_without_axes(make: Any) -> None:
    t = make()
    assert isinstance(t.data, np.ndarray)
    assert t.data.shape == ()
    leaf = Tensor(t.data)
    (leaf * leaf).backward()
    assert isinstance(leaf.grad, np.ndarray)
    assert leaf.grad == 4.0


def test_properties_are_those_of_the_array() -> None:
    array = np.ones((2, 3), np.float32)
    t = Tensor(array)
    assert (t.shape, t.ndim, t.size, t.dtype) == (array.shape, 2, 6, array.dtype)
    assert (t.itemsize, t.nbytes, len(t)) == (4, 24, 2)
    assert t.T.shape == t.mT.shape == (3, 2)


def test_item_and_conversions_of_one_element() -> None:
    t = Tensor([[2.5]])
    assert t.item() == float(t) == 2.5
    assert int(t) == 2
    assert bool(t) is True
    assert f"{t:.3f}" == "2.500"


def test_tolist_and_numpy_give_plain_values() -> None:
    t = Tensor([1.0, 2.0])
    assert t.tolist() == [1.0, 2.0]
    assert t.numpy() is t.data


def test_repr_shows_values_dtype_and_operation() -> None:
    t = Tensor(np.array([1.0, 2.0], np.float32))
    assert repr(t) == "Tensor([1., 2.], dtype=float32)"
    assert repr(t * 2) == "Tensor([2., 4.], dtype=float32, operation=multiply)"
    assert repr(Tensor([1.0]).detach()) == "Tensor([1.], requires_grad=False)"
    assert str(Tensor(1.0)) == f"{Tensor(1.0)}" == "Tensor(1.)"


def test_integers_may_be_constants() -> None:
    labels = Tensor([1, 2], requires_grad=False)
    assert labels.dtype.kind == "i"
    assert not labels.requires_grad


def test_grad_is_none_before_backward() -> None:
    assert Tensor([1.0]).grad is None


def test_grad_accumulates() -> None:
    w = Tensor([1.0, 2.0])
    for _ in range(3):
        (w * w).sum().backward()
    assert w.grad.tolist() == [6.0, 12.0]


def test_grad_accumulated_is_a_new_array() -> None:
    w = Tensor([1.0])
    w.sum().backward()
    first = w.grad
    w.sum().backward()
    assert first.tolist() == [1.0]


def test_zero_grad_and_none_forget_the_gradient() -> None:
    w = Tensor([1.0])
    w.sum().backward()
    w.zero_grad()
    assert w.grad is None
    w.sum().backward()
    w.grad = None
    assert w.grad is None


def test_grad_can_be_set_and_scaled_in_place() -> None:
    w = Tensor(np.ones(2, np.float32))
    w.grad = [3, 4]
    w.grad *= 2
    assert w.grad.tolist() == [6.0, 8.0]
    assert w.grad.dtype == np.float32


def test_backward_takes_the_gradient_of_the_result() -> None:
    w = Tensor([1.0, 2.0])
    (w * w).backward([1, 10])
    assert w.grad.tolist() == [2.0, 40.0]


def test_backward_of_one_element_needs_no_gradient() -> None:
    w = Tensor([[3.0]])
    (w * w).backward()
    assert w.grad.tolist() == [[6.0]]


def test_backward_of_a_leaf_is_one() -> None:
    w = Tensor(3.0)
    w.backward()
    assert w.grad == 1.0


def test_retained_graph_goes_backward_again() -> None:
    w = Tensor([2.0])
    loss = (w * w).sum()
    loss.backward(retain_graph=True)
    loss.backward()
    assert w.grad.tolist() == [8.0]


def test_operand_used_many_times_collects_every_part() -> None:
    w = Tensor(2.0)
    y = w * w
    (y * y + y + w).backward()
    assert w.grad == 4 * 2.0**3 + 2 * 2.0 + 1


def test_detach_shares_data_and_stops_the_gradient() -> None:
    w = Tensor([2.0])
    detached = w.detach()
    assert detached.data is w.data
    (w * detached).sum().backward()
    assert w.grad.tolist() == [2.0]


def test_update_in_place_keeps_tensor_array_and_gradient() -> None:
    w = Tensor([1.0, 2.0])
    array = w.data
    (w * w).sum().backward()
    w.data -= 0.5 * w.grad
    assert w.data is array
    assert w.tolist() == [0.0, 0.0]
    assert w.grad.tolist() == [2.0, 4.0]
    (w * 3).sum().backward()
    assert w.grad.tolist() == [5.0, 7.0]


def test_data_of_another_shape_starts_anew() -> None:
    w = Tensor([1.0])
    w.sum().backward()
    w.data = np.ones((2, 2))
    assert w.grad is None
    w.sum().backward()
    assert w.grad.shape == (2, 2)


def pickled(t: Tensor) -> Any:
    return pickle.loads(pickle.dumps(t))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled])
@pytest.mark.parametrize("requires_grad", [True, False])
def test_leaf_can_be_copied_and_pickled(copied: Any, requires_grad: bool) -> None:
    again = copied(Tensor([1.0, 2.0], requires_grad))
    assert again.tolist() == [1.0, 2.0]
    assert again.requires_grad is requires_grad


def test_tensor_is_a_key_by_identity() -> None:
    a, b = Tensor([1.0]), Tensor([1.0])
    assert {a: "a", b: "b"}[a] == "a"


def test_iteration_and_unpacking_record() -> None:
    w = Tensor([[1.0, 2.0], [3.0, 4.0]])
    first, second = w
    (first * second).sum().backward()
    assert w.grad.tolist() == [[3.0, 4.0], [1.0, 2.0]]


def test_membership_compares_values() -> None:
    assert 2.0 in Tensor([1.0, 2.0])
    assert 3.0 not in Tensor([1.0, 2.0])


def test_augmented_assignment_changes_what_all_names_stand_for() -> None:
    w = Tensor([1.0, 2.0])
    y = z = w * 1
    y *= 3
    y.sum().backward()
    assert w.grad.tolist() == [3.0, 3.0]
    assert z.tolist() == [3.0, 6.0]


def test_update_of_a_leaf_under_no_grad_changes_its_data() -> None:
    w = Tensor([1.0, 2.0])
    array = w.data
    with no_grad():
        w -= 0.5
    assert w.requires_grad
    assert w.data is array
    assert array.tolist() == [0.5, 1.5]


def test_update_of_a_leaf_under_no_grad_makes_older_graphs_refuse() -> None:
    w = Tensor([1.0, 2.0])
    loss = (w * w).sum()
    with no_grad():
        w -= 0.5
    with pytest.raises(GraphError, match="was changed after"):
        loss.backward()


def test_selection_keeps_infinite_slopes_out() -> None:
    """sqrt has an infinite slope at 0, but 0 was not selected."""
    x = Tensor([0.0, 4.0])
    with np.errstate(all="ignore"):
        np.where(x > 0, np.sqrt(x), 0.0).sum().backward()
    assert x.grad.tolist() == [0.0, 0.25]


def test_numeric_zero_times_infinity_stays_nan() -> None:
    """A factor 0 is a number like others: nothing says that the branch was not taken."""
    x = Tensor([0.0])
    with np.errstate(all="ignore"):
        (np.sqrt(x) * 0.0).sum().backward()
    assert np.isnan(x.grad[0])


def test_constants_collect_nothing() -> None:
    w, x = Tensor([2.0]), Tensor([3.0], requires_grad=False)
    (w * x).sum().backward()
    assert x.grad is None
    assert w.grad.tolist() == [3.0]


def test_tensor_is_final_and_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError):
        Tensor(1.0).name = "w"  # type: ignore[attr-defined]
    assert ag.Tensor is Tensor


def test_data_of_a_nested_leaf_is_the_older_tensor() -> None:
    w = Tensor([1.0, 2.0])
    gradient = ag.grad(lambda x: np.sum(x * x.data))(w)
    assert gradient.tolist() == [1.0, 2.0]


def test_data_of_a_computed_tensor_is_read_only_while_its_graph_needs_it() -> None:
    w = Tensor([1.0, 2.0])
    h = w * w
    loss = (h * h).sum()
    with pytest.raises(ValueError, match="read-only"):
        h.data[0] = 7.0
    loss.backward()
    h.data[0] = 7.0
    assert h.tolist() == [7.0, 4.0]


def test_flatten_gives_memory_of_its_own() -> None:
    constant = Tensor([[1.0, 2.0]], requires_grad=False)
    constant.flatten().data[0] = 9.0
    assert constant.tolist() == [[1.0, 2.0]]


def test_peeking_at_data_is_no_change() -> None:
    w = Tensor([1.0, 2.0])
    loss = (w * w).sum()
    assert w.data.max() == 2.0
    loss.backward()
    assert w.grad.tolist() == [2.0, 4.0]


def test_change_through_detached_data_is_noticed() -> None:
    w = Tensor([1.0, 2.0])
    loss = (w * w).sum()
    w.detach().data[0] = 7.0
    with pytest.raises(GraphError, match="was changed after"):
        loss.backward()


def test_detached_is_constant_for_every_trace() -> None:
    assert ag.grad(ag.grad(lambda x: x * x * x.detach()))(2.0) == 4.0
    assert ag.grad(ag.grad(lambda x: x * x * x.data))(2.0) == 4.0


def test_masked_arrays_do_not_detach() -> None:
    """`numpy.ma` takes an attribute `_data` of anything; a Tensor has none."""
    with pytest.raises(TypeError):
        ag.grad(lambda x: np.sum(np.ma.array([1.0, 2.0]) * x))(np.ones(2))
    with pytest.raises(TypeError):
        ag.grad(lambda x: np.sum(np.ma.sqrt(x)))(np.ones(3))


def test_gradient_of_the_variance_of_one_sample_is_nan() -> None:
    w = Tensor([1.0])
    with pytest.warns(RuntimeWarning):
        np.var(w, ddof=1).backward()
    assert np.isnan(w.grad).all()

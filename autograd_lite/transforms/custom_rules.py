"""`custom_rule`: a function of the user's with its own gradient, written beside it.

    @custom_rule
    def f(x):
        return y, saved             # the result, and what the gradient needs

    @f.backward
    def f_backward(saved, g):
        return gx                   # the gradient of x, from that of y

The function becomes an operation of one operand, a sequence: all arrays in its arguments that are
differentiated. Several results are recorded as one array of all their entries.
"""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any, TypeVar, final

from ..core.errors import RuleError, describe, function_name, message
from ..core.formulas import is_assigned, place_of, read_only
from ..core.operation import OPERATIONS, declare
from ..core.sweep import PASSED_ON
from ..core.trace import primitive
from .custom_calls import CustomCall, Saved, joined_entries
from .trees import flatten

F = TypeVar("F", bound=Callable[..., Any])


@final
class CustomRule:
    """A function with its own gradient; `custom_rule` makes it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self._backward: Callable[..., Any] | None = None
        self._tangent: Callable[..., Any] | None = None
        update_wrapper(self, function)

        def kernel(operands: Any, call: CustomCall) -> Any:
            return call.run(operands)

        update_wrapper(kernel, function)
        del kernel.__wrapped__  # type: ignore[attr-defined]  # whose parameters are others
        self.primitive = primitive(kernel)
        self.operation = declare(
            self.primitive, operands=delivered, signature="operands, call", complex_operands=True
        )
        rule = self.operation.rules[0]
        rule.keep, rule._conjugated = keep, rule  # what it returns is the gradient that descends

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The result of the function, recorded with its own gradient."""
        call = CustomCall(self, args, kwargs)
        if not call.operands:
            return call.outcome(args)[0]
        if self._backward is None:
            raise self.error("has no gradient", "give one: @f.backward def _(saved, g): ...")
        # Its table may have been changed since, as by tests.
        OPERATIONS[self.primitive] = self.operation
        return call.results(self.primitive(call.operands, call))

    def backward(self, rule: F) -> F:
        """Take `rule(saved, g)` as the gradient: a decorator.

        `g` has the form of the result, and cannot be written to. The rule returns the gradient of
        the argument, or of several positional arguments a tuple; each an array of floats of its
        argument's shape, for a tree a tree. None is for what is not differentiated.
        """
        self._backward = rule
        return rule

    def tangent(self, rule: F) -> F:
        """Take `rule(saved, *tangents)` as the way of forward mode: a decorator.

        There is a tangent for each positional argument, of its form: zeros for arrays that do not
        change, None for what is no array. The rule returns the tangent of the result. Without it
        forward mode transposes the gradient.
        """
        self._tangent = rule
        self.operation.pushed = partial(push, self)
        return rule

    def batched(self, rule: F) -> F:
        """Take `rule(in_axes, *args, **kwargs)` as the form for a whole batch: a decorator.

        Where `in_axes` is 0, the arrays in an argument have the members along their first axis;
        where it is None, the argument is the same for all. The rule returns the result with the
        members along the first axis. It is differentiated itself, operation by operation, when
        the batch is. Without it the members are computed one by one.
        """

        def form(_: Any, operands: Any, call: CustomCall) -> Any:
            return call.run_batch(rule, operands)

        self.operation.batched = form
        return rule

    def error(self, what: str, remedy: str, rule: Any = None, cause: Any = None) -> RuleError:
        """An error that names the function, and the rule with its line."""
        text = f"{function_name(self.function)} {what}"
        if rule is not None:
            text = f"the rule {function_name(rule)} of {text}"
        place = place_of(rule or self.function, cause)
        return RuleError(message(text, rule=place, remedy=remedy))

    def checked(self, rule: Any, *given: Any) -> Any:
        """What a rule of the user's returns, where an error of its own says where it stands."""
        try:
            return rule(*given)
        except PASSED_ON:
            raise
        except Exception as error:
            text = f"raised {type(error).__name__}: {error}"
            remedy = "correct the rule"
            if "read-only" in str(error):
                remedy = "compute a new array: g = g * 2 in place of g *= 2"
            raise self.error(text, remedy, rule, error) from error

    def gradients(self, saved: Saved, g: Any) -> list[Any]:
        """The gradients of all operands for that of the result, by the user's rule."""
        rule: Any = self._backward
        parts = saved.form.split(g)
        given = [read_only(each) for each in parts]
        found = self.checked(rule, saved.value(), saved.form.tree(given))
        if any(map(is_assigned, given, parts)):
            raise self.error(
                "changed its incoming gradient in place, which other rules are to see as well",
                "compute a new array: g = g * 2 in place of g *= 2", rule,
            )  # fmt: skip
        trees = saved.trees(found)
        if trees is None:
            raise self.error(
                f"returned {describe(found)}, where a tuple of {len(saved.arguments)} gradients is "
                "due", "return a gradient for each positional argument, None for what is not "
                "differentiated", rule,
            )  # fmt: skip
        pairs = zip(saved.arguments, trees, strict=True)
        return [gx for argument, tree in pairs for gx in argument.gradients(tree)]

    def gradient(self, saved: Saved, g: Any, member: int) -> Any:
        """The gradient of one operand; RuleError if it cannot be one."""
        gx, operand = saved.shared(g, self.gradients)[member], saved.operands[member]
        kind = getattr(getattr(gx, "dtype", None), "kind", "")
        due = "fc" if operand.dtype.kind == "c" or saved.form.is_complex else "f"
        if not kind or kind not in due or gx.shape != operand.shape:
            raise self.error(
                f"returned {describe(gx)} as the gradient of {operand.name}, where that of an "
                f"array {operand.shape} {operand.dtype} is due",
                "return an array of floats of exactly the shape of the argument", self._backward,
            )  # fmt: skip
        return gx


def custom_rule(function: Callable[..., Any]) -> CustomRule:
    """Give a function its own gradient: a decorator; the gradient follows by another one.

    The function takes arrays, or trees of them, and returns a pair: its result (an array or a tree
    of arrays) and whatever its gradient needs, an array, a tree or None. It may use anything to
    compute them, as it is called with plain arrays; in a derivative of a derivative with Tensors.
    Called, it returns the result alone. Positional arguments are differentiated, keywords are not.

    Of complex numbers x + iy the gradient is dL/dx + i dL/dy, as everywhere.

    `@f.backward` declares the gradient; `@f.tangent` and `@f.batched` ways of forward mode and of
    `vmap`, where what follows from the gradient is too slow. What a rule returns is checked:
    RuleError names the rule and its line where it returns no array of floats of the right shape.

    A step that is flat everywhere, whose gradient is to be that of a slope (straight through):

    >>> import numpy as np
    >>> import autograd_lite as ag
    >>> @ag.custom_rule
    ... def hard(x):
    ...     return np.where(x > 0, 1.0, 0.0), x
    >>> @hard.backward
    ... def hard_backward(x, g):
    ...     return g * (np.abs(x) < 1)
    >>> ag.grad(lambda x: np.sum(hard(x) * 3))(np.array([-2.0, 0.5, 0.1]))
    array([0., 3., 3.])
    """
    return CustomRule(function)


def delivered(g: Any, call: Any, member: Any) -> Any:
    """The gradient of one operand; of the call there is what it has saved, see `keep`."""
    return call.rule.gradient(call, g, member)


def keep(y: Any, member: int, operands: Any, call: CustomCall) -> tuple[Any, ...]:
    """What the gradient of one operand needs."""
    return call.saved(y, operands, member), member


def push(rule: CustomRule, call: Any, slots: Any) -> Any:
    """The tangent of the result by the user's rule, from those of the operands."""
    operands, custom = call.args
    saved = custom.saved(call.y, operands)
    changes = {slot.member: slot.tangent for slot in slots}
    tangents = [argument.tangents(changes, operands) for argument in saved.arguments]
    form, given = saved.form, rule._tangent
    found = rule.checked(given, saved.value(), *tangents)
    leaves = list(flatten(found).values())
    if [getattr(t, "shape", None) for t in leaves] != form.shapes or any(
        t.dtype.kind not in "fc" for t in leaves
    ):
        raise rule.error(
            f"returned {describe(found)}, where a tangent of the form and shapes of the result is "
            "due", "return arrays of floats of exactly the shapes of the result", given,
        )  # fmt: skip
    return joined_entries(leaves)

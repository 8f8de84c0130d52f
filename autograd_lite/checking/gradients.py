"""`check_gradients`: is the gradient of this function right?

Reverse mode is compared with numeric derivatives of plain NumPy values, which know nothing of any
rule, and higher orders by recursion: the gradient is a function like any other.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..core.errors import RuleError, describe, function_name, message
from ..core.sweep import sweep
from ..core.tensor import Tensor
from ..core.variable import root_gradient
from ..transforms import grad
from .complex_numbers import in_real_numbers, is_differentiable, real_parts
from .numeric import ROUNDING, directional_derivative, numeric_gradient
from .verdicts import (
    Check,
    impossible,
    imprecise,
    other_value,
    spoiled,
    unreliable,
    wrong,
)

SMALL = 2  # up to this many entries each is a direction of its own
WAYS = {"backward": "Tensor.backward", "grad": "grad"}  # what each mode is called in errors
MODES = tuple(WAYS)
RANDOM_DIRECTIONS = 2  # an error escapes one with probability zero; two are for rounding


def check_gradients(
    f: Callable[..., Any],
    *args: Any,
    order: int = 2,
    modes: Sequence[str] = MODES,
    tolerance: float = 1e-9,
    seed: int = 0,
) -> None:
    """Raise GradientError unless the gradients of `f` are right at `args`, up to `order`.

    `f` returns an array of any shape, or a list or tuple of arrays. It is differentiated with
    respect to every float, complex and array of such among `args`; TypeError if there is none.
    Tensors that it holds itself, as a layer does its weights, are constants, and collect nothing.
    Complex arguments and results are taken as their real and imaginary parts, along a new first
    axis. Each of the `modes`, what `Tensor.backward` collects ("backward") and what `ag.grad`
    returns ("grad"), is compared with the numeric derivative of a random contraction of the result:
    along each entry of a small argument, along random directions otherwise. They may differ by
    `tolerance` times the size of the derivative (and by the error of the numeric one). The same
    holds for float32 and float16, which are checked as float64, and by "backward" in their own
    precision for the dtype and the first digits. `f` must be smooth at `args`: at a kink no numeric
    derivative can be relied on. `seed` chooses the random numbers.

    >>> check_gradients(np.tanh, np.array([0.5, -2.0]))
    >>> import autograd_lite as ag
    >>> @ag.primitive
    ... def square(x):
    ...     return x * x
    >>> operation = ag.declare(square, kind=ag.ELEMENTWISE, x=lambda g, x: g * x)   # 2 is missing
    >>> check_gradients(square, np.array([3.0, 5.0]))       # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    autograd_lite.checking.verdicts.GradientError: the first derivative of square ... is wrong
    """
    if order not in range(1, 6):
        raise ValueError(
            message(
                f"check_gradients(order={order!r}) checks nothing that is known",
                remedy="give the highest order to check: a whole number from 1 to 5",
            )
        )
    if isinstance(modes, str) or not modes or not {*modes} <= {*MODES}:
        raise ValueError(
            message(
                f"check_gradients(modes={modes!r}) checks nothing that is known",
                remedy=f"give one or more of {MODES}: both are reverse mode",
            )
        )
    given = tuple(arg.numpy() if isinstance(arg, Tensor) else arg for arg in args)
    positions = tuple(n for n, arg in enumerate(given) if is_differentiable(arg))
    if not positions:
        raise TypeError(
            message(
                f"check_gradients({function_name(f)}) was given no float argument to differentiate",
                call=f"{function_name(f)}({', '.join(describe(arg) for arg in given)})",
                remedy="give floats or arrays of a floating dtype",
            )
        )
    name = function_name(f)
    f, given = in_real_numbers(f, given), tuple(map(real_parts, given))
    wide = tuple(
        np.array(arg, np.float64) if n in positions else arg for n, arg in enumerate(given)
    )
    random = np.random.default_rng(seed)
    for level in range(1, order + 1):
        check = Check(f, wide, positions, name, level, tolerance, random, tuple(modes))
        cotangents = check_one_order(check)
        if level == 1 and "backward" in modes:
            check_own_precision(check, given, cotangents)
        f = grad(contracted(f, cotangents), positions)


def check_one_order(check: Check) -> list[Any]:
    """Compare each way to a gradient with the numeric one; return the cotangents used."""
    outputs = refuse_rule_errors(check, plain_outputs, check.f, *check.args)
    cotangents = [random_like(check, np.shape(output)) for output in outputs]
    found: dict[str, Sequence[Any]] = {}
    if "backward" in check.modes:
        found[WAYS["backward"]] = eager_gradients(check, check.args, outputs, cotangents)
    if "grad" in check.modes:
        scalar = contracted(check.f, cotangents)
        found[WAYS["grad"]] = refuse_rule_errors(check, grad(scalar, check.positions), *check.args)
    cotangent = np.concatenate([np.ravel(c) for c in cotangents])
    for n, position in enumerate(check.positions):
        compare(check, position, {way: each[n] for way, each in found.items()}, cotangent)
    return cotangents


def as_list(result: Any) -> Sequence[Any]:
    """The outputs of a function that returns one or several."""
    return result if isinstance(result, list | tuple) else [result]


def plain_outputs(f: Callable[..., Any], *args: Any) -> list[Any]:
    """The outputs of a function as plain arrays, also of one that holds Tensors of its own."""
    return [y.numpy() if isinstance(y, Tensor) else y for y in as_list(f(*args))]


def random_like(check: Check, shape: tuple[int, ...]) -> Any:
    """Random numbers of either sign and of about size one, so that none hides an error."""
    size = check.random.uniform(0.5, 1.5, shape)
    return np.where(check.random.integers(2, size=shape) == 1, size, -size)


def contracted(f: Callable[..., Any], cotangents: list[Any]) -> Callable[..., Any]:
    """The sum of a function's outputs times the cotangents."""

    def scalar(*args: Any) -> Any:
        terms = zip(cotangents, as_list(f(*args)), strict=True)
        return sum(np.sum(cotangent * output) for cotangent, output in terms)

    return scalar


# Reverse mode


def refuse_rule_errors(
    check: Check, differentiate: Callable[..., Any], *args: Any, **options: Any
) -> Any:
    """What `differentiate` returns; a rule that the engine itself refuses is an error here too."""
    try:
        return differentiate(*args, **options)
    except RuleError as error:
        raise impossible(check, error) from error


def eager_gradients(
    check: Check, args: tuple[Any, ...], expected: Sequence[Any], cotangents: list[Any]
) -> list[Any]:
    """Gradients by the sweep of `Tensor.backward`, which must leave the arguments as they were.

    Not by that method itself: the function's own Tensors would collect gradients as well.
    """
    leaves = [Tensor(np.array(args[n])) for n in check.positions]
    before = [leaf.data.copy() for leaf in leaves]
    totals = [np.zeros_like(value) for value in before]
    results = as_list(refuse_rule_errors(check, check.f, *placed(check, args, leaves)))
    compare_values(check, results, expected)
    for result, cotangent in zip(results, cotangents, strict=True):
        node = result._node if isinstance(result, Tensor) else None
        if node is not None:
            start = root_gradient(node, cotangent)
            found = refuse_rule_errors(check, sweep, node, start, retain_graph=True)
            totals = [
                total + found.get(leaf._node, 0.0)
                for total, leaf in zip(totals, leaves, strict=True)
            ]
    if not all(np.array_equal(leaf.data, old) for leaf, old in zip(leaves, before, strict=True)):
        raise spoiled(check)
    return totals


def placed(check: Check, args: tuple[Any, ...], values: Sequence[Any]) -> list[Any]:
    """The arguments with other values for those that are differentiated."""
    complete = list(args)
    for position, value in zip(check.positions, values, strict=True):
        complete[position] = value
    return complete


def compare_values(check: Check, results: Sequence[Any], expected: Sequence[Any]) -> None:
    """Recording must not change a value: at higher orders, nested gradients equal raw ones."""
    for result, value in zip(results, expected, strict=True):
        found = result.numpy() if isinstance(result, Tensor) else np.asarray(result)
        allowed = 4096 * resolution(found) * np.max(np.abs(value), initial=0.0)
        if found.shape != np.shape(value) or np.any(np.abs(found - value) > allowed):
            raise other_value(check, found, value)


def resolution(array: Any) -> float:
    """The relative spacing of numbers in the dtype of an array."""
    return float(np.finfo(array.dtype).eps) if array.dtype.kind == "f" else 0.0


def check_own_precision(check: Check, given: tuple[Any, ...], cotangents: list[Any]) -> None:
    """Gradients of float32 and float16 arguments: the dtype, and the digits that it can hold."""
    own = tuple(np.asarray(a) if n in check.positions else a for n, a in enumerate(given))
    if all(own[n].dtype == np.float64 for n in check.positions):
        return
    narrow = eager_gradients(check, own, plain_outputs(check.f, *own), cotangents)
    wide = eager_gradients(check, check.args, plain_outputs(check.f, *check.args), cotangents)
    coarse = max(resolution(own[n]) for n in check.positions)
    for position, gx, exact in zip(check.positions, narrow, wide, strict=True):
        allowed = 256 * coarse * np.max(np.abs(exact), initial=1.0)
        if gx.dtype != own[position].dtype or np.any(np.abs(gx - exact) > allowed):
            raise imprecise(check, position, own[position], gx, exact)


# Comparison


def compare(check: Check, position: int, gradients: dict[str, Any], cotangent: Any) -> None:
    """Raise unless the gradients for one argument have the numeric derivative."""
    x = check.args[position]

    def flat(value: Any) -> Any:
        args = (*check.args[:position], value, *check.args[position + 1 :])
        return np.concatenate([np.ravel(output) for output in plain_outputs(check.f, *args)])

    for direction in directions(check, x.shape):
        slope = directional_derivative(flat, x, direction)
        numeric = np.sum(cotangent * slope.value)
        scale = np.sum(np.abs(cotangent * slope.value))
        error = np.sum(np.abs(cotangent) * slope.error)
        size = size_around(flat, x, direction, cotangent)
        if not error <= 1e-6 * scale + 1e-9 * size:
            raise unreliable(check, position, error, scale)
        allowed = check.tolerance * scale + error + 4 * ROUNDING * size  # both of them round
        for way, gx in gradients.items():
            if not np.abs(np.sum(gx * direction) - numeric) <= allowed:
                entries = numeric_gradient(flat, x, cotangent)
                raise wrong(check, position, way, gx, entries, allowed)


def size_around(f: Callable[..., Any], x: Any, direction: Any, cotangent: Any) -> Any:
    """How large f is at and beside x: an error that is small beside it is one of rounding."""
    with np.errstate(all="ignore"):  # beside x may be outside the domain
        size = np.fmax(np.abs(f(x)), np.abs(f(x + direction / 64)))
    return np.sum(np.abs(cotangent) * size)


def directions(check: Check, shape: tuple[int, ...]) -> list[Any]:
    """Along each entry where there are few of them, else at random."""
    size = int(np.prod(shape))
    if size > SMALL:
        return [random_like(check, shape) for _ in range(RANDOM_DIRECTIONS)]
    return [row.reshape(shape) for row in np.eye(size)]

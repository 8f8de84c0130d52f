"""`given_gradients`: hypothesis looks for the smallest case in which a gradient by hand is wrong.

It only needs to know whether a gradient is right; why one is not is found out at the end, once.
"""

import inspect
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any, NamedTuple

import numpy as np

from ..checking import GradientError
from ..checking.audits.auditing import audited
from ..checking.audits.judging import judged
from ..checking.audits.layers import of_layer
from ..checking.audits.problems import Problem, of_loss
from ..core.errors import describe, function_name, message
from .library import InvalidArgument, given, settings, strategies
from .shapes import array_of, is_shape, symbols_of

CASE = "case"  # the one argument that hypothesis draws
RANDOM = ("rng", "random")  # parameters that get a generator of random numbers
LENGTHS = strategies.integers(1, 5)
SEEDS = strategies.integers(0, 2**16)
# The explanation of hypothesis is about lines of Python: ours is better and costs no runs.
PHASES = tuple(phase for phase in settings().phases if phase.name != "explain")


class Layer(NamedTuple):
    """What a test returns for the audit of a layer; see `ag.audit_layer` for its forms."""

    forward: Any
    backward: Any
    inputs: tuple[Any, ...]


@dataclass(frozen=True, repr=False)
class Case:
    """What was drawn for one example."""

    sizes: dict[str, int]
    seed: int | None
    drawn: dict[str, Any]
    arguments: dict[str, Any]

    def __str__(self) -> str:
        parts = self.sizes | self.drawn | ({} if self.seed is None else {"seed": self.seed})
        return ", ".join(f"{name} = {value!r}" for name, value in parts.items())

    def __repr__(self) -> str:
        return f"<{self}>"

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """What hypothesis prints: not the arrays, which follow from lengths and seed."""
        printer.text(repr(self))


class WrongCaseError(GradientError):
    """A case in which a gradient is wrong, not explained yet."""

    def __init__(self, case: Case, problem: Problem) -> None:
        super().__init__(f"a gradient by hand of {problem.title} is wrong for {case}")
        self.case, self.problem = case, problem


def given_gradients(**arguments: Any) -> Callable[[Callable[..., Any]], Callable[..., None]]:
    """Decorate a test that returns what is to be audited, for all lengths and random numbers.

    The keywords are arguments of the test, as in `hypothesis.given`: strategies, or shapes in
    symbols for arrays of random numbers, `labels(...)` for whole numbers. A symbol is a length from
    1 to 5, or what the keyword of its name says: `N=integers(1, 20)`; the test may take it, too.
    A parameter `rng` gets a generator of random numbers. Other parameters are left to pytest.

    The test returns what `ag.audit` takes, `(loss, manual, params, *data)`, or a
    `Layer(forward, backward, inputs)` for `ag.audit_layer`. Where a gradient is wrong, hypothesis
    shrinks lengths and seed to the smallest failing case, and the test fails with the report on it,
    a GradientError.

    >>> def loss(w, X, y):
    ...     return 0.5 * np.mean((X @ w - y) ** 2)
    >>> def gradient(w, X, y):
    ...     return X.T @ (X @ w - y)
    >>> @given_gradients(X=("N", "D"), w=("D",), y=("N",))
    ... def test_least_squares(X, w, y):
    ...     return loss, gradient, w, X, y
    >>> test_least_squares()                                # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    autograd_lite.checking.verdicts.GradientError: test_least_squares, smallest case: N = 2, D = 1
    """

    def decorate(make: Callable[..., Any]) -> Callable[..., None]:
        run, taken = runner(make, arguments)
        examined = given(**{CASE: cases(arguments, taken)})(run)
        return explaining(examined, make.__name__)

    return decorate


def runner(
    make: Callable[..., Any], arguments: dict[str, Any]
) -> tuple[Callable[..., None], list[str]]:
    """The test that hypothesis runs, and the names of the arguments that a case is to have."""
    signature = inspect.signature(make)
    taken = [name for name in signature.parameters if name in arguments or name in RANDOM]
    symbols = {s for form in arguments.values() if is_shape(form) for s in symbols_of(form)}
    surplus = [name for name in arguments if name not in taken and name not in symbols]
    if surplus:
        raise InvalidArgument(
            message(
                f"given_gradients: {function_name(make)} has no parameter {', '.join(surplus)}",
                remedy="give arguments of the test, or lengths of symbols that occur in a shape",
            )
        )

    @wraps(make)
    def run(*others: Any, **more: Any) -> None:
        case = more.pop(CASE)
        problem = problem_of(make, make(*others, **more, **case.arguments))
        if not judged(problem).ok:
            raise WrongCaseError(case, problem)

    kept = [p for name, p in signature.parameters.items() if name not in taken]
    kept.append(inspect.Parameter(CASE, inspect.Parameter.KEYWORD_ONLY))
    run.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
    return run, taken


def cases(arguments: dict[str, Any], taken: list[str]) -> Any:
    """The strategy for cases: first the lengths, then the seed, then what else was asked for."""
    shapes = {name: form for name, form in arguments.items() if is_shape(form)}
    others = {name: form for name, form in arguments.items() if name not in shapes}
    symbols = dict.fromkeys(symbol for form in shapes.values() for symbol in symbols_of(form))
    lengths = {symbol: others.pop(symbol, LENGTHS) for symbol in symbols}
    is_random = bool(shapes) or any(name in RANDOM for name in taken)

    def draw_case(draw: Any) -> Case:
        sizes = {symbol: draw(strategy) for symbol, strategy in lengths.items()}
        drawn = {name: draw(strategy) for name, strategy in others.items()}
        seed = draw(SEEDS) if is_random else None
        random = np.random.default_rng(seed)
        known = sizes | drawn
        known |= {name: array_of(form, sizes, random) for name, form in shapes.items()}
        arguments = {name: known.get(name, random) for name in taken}
        return Case(sizes, seed, drawn, arguments)

    return strategies.composite(draw_case)()


def problem_of(make: Callable[..., Any], returned: Any) -> Problem:
    """What a test returned, as a problem."""
    if isinstance(returned, Layer):
        return of_layer(returned.forward, returned.backward, tuple(returned.inputs), 0)
    if isinstance(returned, tuple) and len(returned) >= 3 and callable(returned[1]):
        loss, manual, params, *data = returned
        return of_loss(loss, manual, params, tuple(data))
    raise InvalidArgument(
        message(
            f"{function_name(make)} returned {describe(returned)}, which cannot be audited",
            remedy="return (loss, manual, params, *data), or Layer(forward, backward, inputs)",
        )
    )


def explaining(examined: Callable[..., None], name: str) -> Callable[..., None]:
    """The test with an explanation of the smallest case that hypothesis has found."""
    plain = dict(vars(examined))

    @wraps(examined)
    def test(*args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        # Decorators of hypothesis leave what they say in attributes: hear those above this one.
        above = {key: value for key, value in vars(test).items() if plain.get(key) is not value}
        vars(examined).update({key: above[key] for key in above if key != "__wrapped__"})
        try:
            examined(*args, **kwargs)
        except WrongCaseError as found:
            raise explained(name, found) from None

    with suppress(InvalidArgument):  # the test has settings of its own, from below this decorator
        settings(deadline=None, report_multiple_bugs=False, phases=PHASES)(examined)
    return test


def explained(name: str, found: WrongCaseError) -> GradientError:
    """The error that shows the report on a case, and what hypothesis says of it."""
    report = audited(found.problem)
    error = GradientError(f"{name}, smallest case: {found.case}\n\n{report}")
    for note in getattr(found, "__notes__", ()):
        error.add_note(note)
    return error

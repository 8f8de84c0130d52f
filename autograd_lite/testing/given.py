"""`given_gradients`: hypothesis looks for the smallest case in which a gradient by hand is wrong.

It only needs to know whether a gradient is right; why one is not is found out at the end, once.
"""

import inspect
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, NamedTuple

from ..checking import GradientError
from ..checking.audits.auditing import audited
from ..checking.audits.judging import judged
from ..checking.audits.layers import of_layer
from ..checking.audits.problems import Problem, of_loss
from ..core.errors import describe, function_name, message
from .drawing import RANDOM, Case, Drawing, drawing_of
from .library import InvalidArgument, given, settings

CASE = "case"  # the one argument that hypothesis draws
# The explanation of hypothesis is about lines of Python: ours is better and costs no runs.
PHASES = tuple(phase for phase in settings().phases if phase.name != "explain")


class Layer(NamedTuple):
    """What a test returns for the audit of a layer; see `ag.audit_layer` for its forms."""

    forward: Any
    backward: Any
    inputs: tuple[Any, ...]


class WrongCaseError(GradientError):
    """A case in which a gradient is wrong, not explained yet.

    `problem_at` makes the problem of another case of the same test.
    """

    def __init__(self, case: Case, drawing: Drawing, problem_at: Callable[[Case], Problem]) -> None:
        super().__init__(f"a gradient by hand is wrong for {case}")
        self.case, self.drawing, self.problem_at = case, drawing, problem_at

    def telling(self) -> tuple[str, Problem]:
        """The problem to explain, and how it is announced where that is not the smallest."""
        case = self.drawing.telling(self.case)
        if case is not None:
            with suppress(Exception):  # the user's code may not take these lengths
                problem = self.problem_at(case)
                if not judged(problem, elsewhere=False).ok:
                    return f"\nexplained for {case}", problem
        return "", self.problem_at(self.case)


def given_gradients(**arguments: Any) -> Callable[[Callable[..., Any]], Callable[..., None]]:
    """Decorate a test that returns what is to be audited, for all lengths and random numbers.

    The keywords are arguments of the test, as in `hypothesis.given`: strategies, or shapes in
    symbols for arrays of random numbers, `labels(...)` for whole numbers. A symbol is a length from
    1 to 5, or what the keyword of its name says: `N=integers(1, 20)`; the test may take it, too.
    A parameter `rng` gets a generator of random numbers. Other parameters are left to pytest.

    The test returns what `ag.audit` takes, `(loss, manual, params, *data)`, or a
    `Layer(forward, backward, inputs)` for `ag.audit_layer`. Where a gradient is wrong, hypothesis
    shrinks lengths and seed to the smallest failing case, and the test fails with a GradientError
    that names it. Its report is on that case, or, where lengths of 1 and equal ones could hide the
    cause, on the one with the lengths 3, 4, 5 ... if the gradient is wrong there as well.

    >>> import numpy as np
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
        drawing = drawing_for(make, arguments)
        examined = given(**{CASE: drawing.strategy()})(runner(make, drawing))
        return explaining(examined, make.__name__)

    return decorate


def drawing_for(make: Callable[..., Any], arguments: dict[str, Any]) -> Drawing:
    """What to draw for a test; InvalidArgument if it does not take what it is given."""
    taken = [n for n in inspect.signature(make).parameters if n in arguments or n in RANDOM]
    drawing = drawing_of(arguments, taken)
    surplus = [name for name in arguments if name not in taken and name not in drawing.lengths]
    if surplus:
        raise InvalidArgument(
            message(
                f"given_gradients: {function_name(make)} has no parameter {', '.join(surplus)}",
                remedy="give arguments of the test, or lengths of symbols that occur in a shape",
            )
        )
    return drawing


def runner(make: Callable[..., Any], drawing: Drawing) -> Callable[..., None]:
    """The test that hypothesis runs: its one argument is the case, beside those of pytest."""

    @wraps(make)
    def run(*others: Any, **more: Any) -> None:
        case = more.pop(CASE)

        def problem_at(case: Case) -> Problem:
            return problem_of(make, make(*others, **more, **case.arguments))

        # Not elsewhere: the smallest case is one in which the gradient itself is wrong.
        if not judged(problem_at(case), elsewhere=False).ok:
            raise WrongCaseError(case, drawing, problem_at)

    signature = inspect.signature(make)
    kept = [p for name, p in signature.parameters.items() if name not in drawing.taken]
    kept.append(inspect.Parameter(CASE, inspect.Parameter.KEYWORD_ONLY))
    run.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
    return run


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
    where, problem = found.telling()
    report = audited(problem)
    error = GradientError(f"{name}, smallest case: {found.case}{where}\n\n{report}")
    for note in getattr(found, "__notes__", ()):
        error.add_note(note)
    return error

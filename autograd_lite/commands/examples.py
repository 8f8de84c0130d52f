"""Inputs for a pair of functions that its user gave none for, such that both run.

What the user says comes first, then variables of his module with the names of the arguments, then
guesses by the names: they are tried until both functions run and the gradients have the shapes of
what they are gradients of.
"""

import re
from functools import partial
from itertools import islice
from time import process_time
from types import ModuleType
from typing import Any

import numpy as np

from ..transforms.trees import flatten
from .errors import InputError
from .guesses import build, guesses
from .pairs import Pair
from .roles import numbers_for, role_of
from .subjects import Inputs, Plan, Trial, UnfitError, parameters_of, plan_of, try_out
from .user_files import in_one_line, public_values, quiet
from .wanted import Wanted, called, wanted_by, with_key

TRIES, PATIENCE = 1500, 2.0  # for one pair, and seconds of the processor
KEYS = 20  # of a dict that are found by running into their absence
LOGARITHMIC = r"entropy|bce|nll|likelihood|log_?loss"  # in the name of a loss


def make_inputs(pair: Pair, module: ModuleType, given: Any) -> tuple[Inputs, Plan]:
    """Inputs on which a pair runs, and how to audit it; InputError if none are found."""
    wanted = wanted_by(pair, module)
    fixed = known_inputs(pair, module, given, {each.path[0] for each in wanted})
    wanted = [each for each in wanted if each.path[0] not in fixed]
    for _ in range(KEYS):
        with quiet():
            best, inputs = search(pair, wanted, fixed)
        more = with_key(wanted, best.error)
        if more == wanted:
            break
        wanted = more
    if best.score == 0 or (best.score < 3 and not all(map(says_what, wanted))):
        raise InputError(reason(pair, wanted, best))
    with quiet():
        return inputs, plan_of(pair, inputs)


def search(pair: Pair, wanted: list[Wanted], fixed: Inputs) -> tuple[Trial, Inputs]:
    """The best trial, and its inputs; the first trial, or one that lacks a key, if all fail."""
    found: tuple[Trial, Inputs] | None = None
    start = process_time()
    signs = (True, False) if takes_probabilities(pair, wanted) else (False, True)
    for inputs in islice(guesses(pair, wanted), TRIES):
        for positive in signs:
            made = fixed | build(inputs, positive)
            trial = try_out(partial(plan_of, pair, made))
            if isinstance(trial.error, KeyError) and with_key(wanted, trial.error) != wanted:
                return trial, made
            if found is None or trial.beats(found[0]):
                found = trial, made
            if trial.finite:
                break
        if found is not None and (found[0].score == 3 or process_time() - start > PATIENCE):
            break
    return found or (Trial(0), fixed)


def takes_probabilities(pair: Pair, wanted: list[Wanted]) -> bool:
    """Whether a loss takes logarithms of what is predicted; scores may have any sign."""
    predicted = [each.name for each in wanted if role_of(each.name) == "prediction"]
    scores = [name for name in predicted if re.match(r"scores?|logits?", name.lower())]
    return bool(predicted and not scores and re.search(LOGARITHMIC, pair.title.lower()))


def says_what(each: Wanted) -> bool:
    """Whether the name of what is wanted says what it is."""
    return bool(role_of(each.name) or numbers_for(each.name)) or each.path[-1] is None


def reason(pair: Pair, wanted: list[Wanted], trial: Trial) -> str:
    """Why no inputs were found: what the best guess led to."""
    names = ", ".join(dict.fromkeys(str(each.path[0]) for each in wanted))
    error = "" if trial.error is None else f" ({in_one_line(trial.error)})"
    if pair.kind == "both" and isinstance(trial.error, UnfitError):
        return str(trial.error)
    if not wanted:
        return f"does not run on these inputs{error}"
    return f"no inputs that fit were found for {names}{error}; give them by --inputs"


def known_inputs(pair: Pair, module: ModuleType, given: Any, needed: set[str]) -> Inputs:
    """What the user says of the inputs: by `--inputs`, or by data in his module."""
    names = [parameter.name for function in called(pair) for parameter in parameters_of(function)]
    if isinstance(given, tuple):
        own = [parameter.name for parameter in parameters_of(called(pair)[-1])]
        return dict(zip(own, given, strict=False))
    if given is None:
        given = from_function(pair, module)
        if isinstance(given, tuple):
            return known_inputs(pair, module, given, needed)
    data = {
        name: value
        for name, value in public_values(module).items()
        if name in needed and is_data(value)
    }
    return data | {name: value for name, value in (given or {}).items() if name in names}


def is_data(value: Any) -> bool:
    """Whether a variable of a module may be meant as an input: numbers, or dicts and lists."""
    leaves = flatten(value).values()
    return (
        bool(leaves)
        and all(
            isinstance(leaf, bool | int | float | np.ndarray | np.generic | str) for leaf in leaves
        )
        and not all(isinstance(leaf, str) for leaf in leaves)
    )


def from_function(pair: Pair, module: ModuleType) -> Any:
    """What the module's own function for inputs returns: `make_inputs`, `affine_inputs`."""
    base = re.sub(r"_?(forward|fwd|loss)_?", "", pair.forward.__name__)
    for name in (f"{pair.forward.__name__}_inputs", f"{base}_inputs", "make_inputs"):
        function = getattr(module, name, None)
        if callable(function) and not any(
            parameter.default is parameter.empty for parameter in parameters_of(function)
        ):
            with quiet():
                return function()
    return None

"""The zoo is what it says: right gradients are right, and every mistake spoils what it names."""

import inspect
from functools import cache, partial

import numpy as np
import pytest

from .zoo.mistakes import Mistake, code_of, first_wrong_line, lines_at_fault, load, zoo
from .zoo.trials import Trial, directional, names_of, trial

SEEDS = (1, 2, 3)
FEWEST_MISTAKES = 13
KINDS = (
    "scale slope mask eps power factor transposed operand weights axis bias_column shifted permuted"
    " path twice regularisation accumulated overwritten labels overflow shape dtype integer missing"
    " nan random modified aliased stale unknown"
)
MODULES = {name: load(name) for name in zoo()}


@cache
def right_trial(name: str, seed: int, make: tuple) -> Trial:
    """Two calls of the right gradients."""
    return trial(MODULES[name], seed, dict(make))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", MODULES)
def test_right_gradients_are_right(name: str, seed: int) -> None:
    """They are the numeric ones; nothing is modified, shared or kept from call to call."""
    for parameter, (numeric, manual, scale) in directional(MODULES[name], seed).items():
        assert abs(numeric - manual) <= 1e-7 * max(scale, 1e-3), parameter
    right = right_trial(name, seed, ())
    assert not right.modified
    assert right.wrong(right) == set()


@pytest.mark.parametrize("name", zoo("loss"))
def test_right_gradients_are_right_at_other_sizes(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches of one, single units and whatever else makes axes look alike."""
    module = MODULES[name]
    make = module.make
    defaults = {k: p.default for k, p in inspect.signature(make).parameters.items()}
    sizes = [key for key, value in defaults.items() if isinstance(value, int)]
    rng = np.random.default_rng(7)
    for chosen in (rng.integers(1, 6, len(sizes)), np.ones(len(sizes), dtype=int)):
        made = dict(zip(sizes, map(int, chosen), strict=True))
        monkeypatch.setattr(module, "make", partial(make, **made))
        for parameter, (numeric, manual, scale) in directional(module, 5).items():
            assert abs(numeric - manual) <= 1e-6 * max(scale, 1e-2), (parameter, made)


def complaint(name: str, mistake: Mistake) -> str:
    """What is said wrongly of a mistake: it must hold at two of three seeds, at none more."""
    wrong, make, said = load(name, mistake), tuple(mistake.make.items()), set(mistake.parameters)
    agreeing = 0
    for seed in SEEDS:
        tried = trial(wrong, seed, mistake.make)
        found = tried.wrong(right_trial(name, seed, make))
        if not found <= said:
            return f"{mistake.name}: also wrong are {found - said}"
        if tried.modified and "modified" not in mistake.kinds:
            return f"{mistake.name}: modifies its inputs"
        agreeing += found == said and tried.modified == ("modified" in mistake.kinds)
        if agreeing == 2:
            return ""
    return f"{mistake.name}: does not spoil {said}"


@pytest.mark.parametrize("name", MODULES)
def test_a_mistake_spoils_exactly_what_it_names(name: str) -> None:
    """Exactly the named gradients are wrong, and inputs are modified only where it says so."""
    complaints = [complaint(name, mistake) for mistake in MODULES[name].MISTAKES]
    assert not any(complaints), list(filter(None, complaints))


@pytest.mark.parametrize("name", MODULES)
def test_mistakes_are_many_distinct_and_of_known_kinds(name: str) -> None:
    """Every network has its mistakes, and each is in the code once under one name."""
    mistakes = MODULES[name].MISTAKES
    code = code_of(name)
    assert len(mistakes) >= FEWEST_MISTAKES
    assert len({mistake.name for mistake in mistakes}) == len(mistakes)
    assert len({mistake.substituted(code) for mistake in mistakes} | {code}) == len(mistakes) + 1
    assert {kind for mistake in mistakes for kind in mistake.kinds} <= set(KINDS.split())
    assert all(min(lines_at_fault(name, mistake)) > 1 for mistake in mistakes)


@pytest.mark.parametrize("name", [name for name in MODULES if hasattr(MODULES[name], "NAMES")])
def test_a_layer_names_its_inputs(name: str) -> None:
    """The names are those of the parameters of `forward` that have a gradient, in their order."""
    module = MODULES[name]
    made = module.make(np.random.default_rng(0))
    owner, inputs = made if module.STYLE == "class" else (module, made)
    assert names_of(owner, inputs) == list(module.NAMES)


def test_the_source_of_a_wrong_network_can_be_inspected() -> None:
    """Line numbers lead to the text that was run."""
    name = "blog_network"
    mistake = MODULES[name].MISTAKES[0]
    lines = inspect.getsource(load(name, mistake)).splitlines()
    assert lines[first_wrong_line(name, mistake) - 1] not in code_of(name).splitlines()

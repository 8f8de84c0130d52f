"""Guesses of what arguments are, by their names, such that their shapes belong together."""

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

import numpy as np

from ..checking.audits.holdings import trails_of, value_at
from ..checking.audits.methods import needed
from .pairs import Pair, word_tuple
from .roles import Form, Layout, Value, as_ends, drawn, layouts_for, numbers_for, role_of
from .subjects import Inputs
from .wanted import Wanted, is_options

TRIES_OF_LAYOUT = 120
INNER = (6, 7, 8, 9)  # units of the hidden layers
WEIGHTS = ("weight", "inward", "recurrent", "outward", "gate", "table")
LAYERS = {"hidden": 1, "output": 2, "out": 2, "enc": 1, "dec": 2, "encoder": 1, "decoder": 2}


def guesses(pair: Pair, wanted: list[Wanted]) -> Iterator[dict[Wanted, Form]]:
    """Forms for all that is wanted, the likeliest first."""
    if not wanted:
        yield {}
        return
    module = pair.forward.__module__
    text = " ".join([module, pair.title, *(each.name for each in wanted)])
    for layout in (*layouts_of_object(pair), *layouts_for(text)):
        choices = [forms_of(each, layout, wanted) for each in wanted]
        if all(choices):
            ranked = sorted(
                islice(product(*(range(len(forms)) for forms in choices)), 20_000), key=sum
            )
            for ranks in ranked[:TRIES_OF_LAYOUT]:
                forms = [choice[rank] for choice, rank in zip(choices, ranks, strict=True)]
                yield dict(zip(wanted, forms, strict=True))


def layouts_of_object(pair: Pair) -> list[Layout]:
    """The layouts that fit an object which has its weights without being told of any lengths."""
    if pair.kind != "object" or needed(pair.forward):
        return []
    try:
        made = pair.forward()
    except Exception:  # noqa: BLE001 - the user's code may fail in any way; it will be told later
        return []
    arrays = [value_at(made, trail) for trail in trails_of(made).values()]
    matrices = [array.shape for array in arrays if array.ndim == 2 and min(array.shape) > 1]
    matrices = matrices or [array.shape for array in arrays if array.ndim == 2]
    if not matrices:
        return []
    (a, b), (c, d) = matrices[0], matrices[-1]
    every = [array.shape for array in arrays if array.ndim == 2]
    ends = [(a, d, False), (b, c, True), (a, every[-1][1], False), (b, every[-1][0], True)]
    return [as_ends(*each) for each in dict.fromkeys(ends)]


def forms_of(each: Wanted, layout: Layout, wanted: list[Wanted]) -> list[Form]:
    """The forms that an argument may have in a layout, the likeliest first."""
    if each.path[-1] is None:
        return [Value({})]
    numbers = numbers_for(each.name)
    if each.annotation in (int, float, bool, "int", "float", "bool"):
        return numbers or [Value({"int": 2, "float": 0.5, "bool": True}[kind_of(each.annotation)])]
    role = role_of(each.name)
    is_parameter = len(each.path) > 1 and not is_options(each.path[0])
    if role is None and is_parameter:
        kinds = ("weight", "bias", "norm")
        return [form for kind in kinds for form in layout.shapes.get(kind, [])] + [Value(0.5)]
    if role == "bias" and not any(wanted_names(wanted, kind) for kind in WEIGHTS):
        role = None  # a and b are both inputs
    if role is None and not numbers:
        unknown = [*layout.shapes["input"], *layout.shapes.get("weight", [])]
        return [*unknown, Value(0.5), Value(2)]
    arrays = chained(each.name, role or "", layout, wanted)
    return arrays if arrays and is_parameter else [*arrays, *numbers]


def kind_of(annotation: Any) -> str:
    """The name of a type that may be given as a text."""
    return annotation if isinstance(annotation, str) else str(annotation.__name__)


def chained(name: str, role: str, layout: Layout, wanted: list[Wanted]) -> list[Form]:
    """The forms with the units of a layer, where names such as W1 and W2 count layers."""
    plain = layout.shapes.get(role, [])
    layers = sorted({n for n in map(layer_number, wanted_names(wanted, "weight")) if n is not None})
    if role not in ("weight", "bias", "norm") or layout.ends is None or len(layers) < 2:
        return plain
    units = [layout.ends[0], *INNER[: len(layers) - 1], layout.ends[1]]
    number = layer_number(name)
    if number in layers:
        at = layers.index(number)
    elif number is None and role == "norm":  # of the hidden layer
        at = 0
    else:
        return plain
    chain = layout.layers(role, units[at], units[at + 1])
    return [*chain, *plain] if layout.ends[0] == layout.ends[1] else chain


def wanted_names(wanted: list[Wanted], role: str | None) -> list[str]:
    """The names of what is wanted in a role."""
    return [each.name for each in wanted if role_of(each.name) == role]


def layer_number(name: str) -> int | None:
    """The number of a layer in a name, or one that its words stand for."""
    for word in reversed(word_tuple(name)):
        if word.isdigit() or word in LAYERS:
            return LAYERS[word] if word in LAYERS else int(word)
    return None


def build(forms: dict[Wanted, Form], positive: bool) -> Inputs:
    """Random inputs of some forms, in their containers."""
    random = np.random.default_rng(0)
    made: Inputs = {}
    for each, form in forms.items():
        value = drawn(form, random, positive)
        if len(each.path) == 1 or each.path[-1] is None:
            made[each.path[0]] = value
        else:
            made.setdefault(each.path[0], {})[each.path[1]] = value
    return {name: as_list(value) for name, value in made.items()}


def as_list(value: Any) -> Any:
    """A dict whose keys are 0, 1, 2 ... as a list."""
    if (
        isinstance(value, dict)
        and value
        and sorted(map(str, value)) == [str(n) for n in range(len(value))]
    ):
        return [value[n] for n in range(len(value))]
    return value

"""The arrays that an object holds, and the gradients that it keeps for them.

    self.W                beside  self.dW, self.grads["W"], self.W_grad
    self.params["W"]      beside  self.grads["W"], self.dparams["dW"], self.dW
    self.weights[0]       beside  self.dweights[0];  self.params[0] beside self.grads[0]
    self.layers[0].W      beside  self.layers[0].dW
    self.W.data           beside  self.W.grad

What is called so and is an array is taken for the gradient.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from .problems import is_parameter, plain_name

GRADIENTS = ("grads", "gradients", "grad", "gradient")
NO_HOLDERS = (
    FunctionType,
    MethodType,
    ModuleType,
    type,
    np.ndarray,
    np.generic,
    np.random.Generator,
)
DATA = ("data", "value", "values", "val")  # of an object that is a parameter, beside its grad
DEEPEST = 6
Trail = tuple[
    tuple[bool, Any], ...
]  # of each step: whether it is an attribute, and its name or key
Place = tuple[Trail, ...]  # all ways to one array: self.params["W1"] and self.layers[0].W


def trails_of(layer: Any) -> dict[str, Trail]:
    """The arrays of numbers in an object, in what it holds and so on, that are no gradients."""
    return {spelled(trail): trail for trail in walk(layer, (), set())}


def places_of(layer: Any) -> dict[str, Place]:
    """The arrays of an object, each of them once: by the shortest way that ends in a name.

    Two ways from one holder are two parameters that began as one: `b1 = b2 = np.zeros(3)`.
    """
    places: dict[int, list[list[Trail]]] = {}
    for trail in trails_of(layer).values():
        several = places.setdefault(id(value_at(layer, trail)), [])
        fitting = (each for each in several if trail[:-1] not in [way[:-1] for way in each])
        found = next(fitting, None)
        if found is None:
            several.append([trail])
        else:
            found.append(trail)
    ways = [
        tuple(sorted(place, key=lambda way: (isinstance(way[-1][1], int), len(way))))
        for several in places.values() for place in several
    ]  # fmt: skip
    return {spelled(place[0]): place for place in ways}


def walk(holder: Any, trail: Trail, seen: set[int]) -> Iterator[Trail]:
    """The ways to all arrays in a holder."""
    if id(holder) in seen or len(trail) >= DEEPEST:
        return
    seen.add(id(holder))
    found = dict(entries(holder))
    for step, value in found.items():
        name = step[1]
        if isinstance(name, str) and (name in GRADIENTS or is_gradient_of_another(step, found)):
            continue
        if isinstance(value, np.ndarray):
            if value.dtype.kind in "fiub":
                yield (*trail, step)
        elif is_holder(value):
            yield from walk(value, (*trail, step), seen)


def entries(holder: Any) -> Iterator[tuple[tuple[bool, Any], Any]]:
    """The attributes of an object, or the items of a dict or list; a tuple cannot be changed."""
    if isinstance(holder, dict):
        yield from (((False, key), value) for key, value in holder.items())
    elif isinstance(holder, list):
        yield from (((False, at), value) for at, value in enumerate(holder))
    else:
        yield from (((True, name), value) for name, value in fields_of(holder).items())


def is_holder(value: Any) -> bool:
    """Whether a value may hold arrays: a dict, a list, or an object of somebody's class."""
    if isinstance(value, dict | list):
        return True
    fields = hasattr(value, "__dict__") or hasattr(value, "__slots__")
    return fields and not isinstance(value, NO_HOLDERS)


def fields_of(holder: Any) -> dict[str, Any]:
    """The attributes of an object, in slots as well."""
    slots = [name for kind in type(holder).__mro__ for name in vars(kind).get("__slots__", ())]
    found = {name: getattr(holder, name) for name in slots if hasattr(holder, name)}
    return {**found, **getattr(holder, "__dict__", {})}


def is_gradient_of_another(step: tuple[bool, Any], found: dict[Any, Any]) -> bool:
    """Whether an entry is called as the gradient of another one beside it."""
    return any((step[0], name) in found for name in meant_by(step[1]))


def meant_by(name: str) -> list[str]:
    """What a name may be the gradient of: `W` for `dW` and `gW`, `params` for `dparams`."""
    plain = plain_name(name)
    shorter = name[1:] if name[:1] in ("d", "g") else name
    return [each for each in dict.fromkeys((plain, shorter)) if each and each != name]


def is_for_gradients(trail: Trail) -> bool:
    """Whether an array stands where people keep gradients: `self.grad_w[0]`, `self.nabla_b`."""
    names = [str(name).lower() for attribute, name in trail if attribute]
    return any(
        name.startswith(("grad", "nabla", "dl_d")) or name.endswith(("grad", "grads", "gradients"))
        for name in names
    )


def spelled(trail: Trail) -> str:
    """`self.layers[0].W`"""
    return "self" + "".join(f".{name}" if attribute else f"[{name!r}]" for attribute, name in trail)


def value_at(layer: Any, trail: Trail) -> Any:
    """What stands at the end of a trail; KeyError, IndexError or AttributeError if nothing does."""
    for attribute, name in trail:
        layer = getattr(layer, name) if attribute else layer[name]
    return layer


def put(layer: Any, trail: Trail, value: Any) -> None:
    """Let a value stand at the end of a trail."""
    holder = value_at(layer, trail[:-1])
    attribute, name = trail[-1]
    if attribute:
        setattr(holder, name, value)
    else:
        holder[name] = value


def gradient_at(layer: Any, trail: Trail) -> Any:
    """The gradient that is kept for an array, wherever people put it; None if there is none."""
    holder = value_at(layer, trail[:-1])
    attribute, key = trail[-1]
    if attribute:
        return beside(holder, key)
    outer = value_at(layer, trail[:-2]) if len(trail) > 1 else None
    if outer is None or not trail[-2][0]:
        return None
    name = trail[-2][1]
    for other, value in fields_of(outer).items():
        alike = name in meant_by(other) or (other in GRADIENTS and name not in GRADIENTS)
        if alike and isinstance(value, dict | list | tuple):
            found = item(value, key)
            if found is not None:
                return found
    return beside(outer, key) if isinstance(key, str) else None


def beside(holder: Any, key: str) -> Any:
    """The gradient of an attribute, in a dict of gradients or in an attribute."""
    own: Any = getattr(holder, key, None)
    for name in GRADIENTS:
        values = getattr(holder, name, None)
        found = item(values, key)
        if found is not None:
            return found
        if key in DATA and isinstance(values, np.ndarray) and values.shape == np.shape(own):
            return values
    for name, value in fields_of(holder).items():
        if name != key and key in meant_by(name) and not isinstance(value, dict | list):
            return value
    return None


def item(values: Any, key: Any) -> Any:
    """An item of a list of gradients, or of a dict by its key or the key of a gradient."""
    if isinstance(values, list | tuple) and isinstance(key, int):
        return values[key] if key < len(values) else None
    if not isinstance(values, dict):
        return None
    for name, value in values.items():
        if name == key or (isinstance(name, str) and key in meant_by(name)):
            return value
    return None


def is_announced(layer: Any, trail: Trail) -> bool:
    """Whether there is a place for the gradient of an array, though it may never be filled."""
    holder = value_at(layer, trail[:-1])
    attribute, key = trail[-1]
    outer = value_at(layer, trail[:-2]) if not attribute and len(trail) > 1 else holder
    if isinstance(outer, dict | list) or not isinstance(key, str):
        return False
    places = [*fields_of(outer)]
    for name in GRADIENTS:
        values = fields_of(outer).get(name)
        places += [place for place in values if isinstance(place, str)] if isinstance(
            values, dict) else []  # fmt: skip
    return any(place != key and key in meant_by(place) for place in places)


def own_gradients(layer: Any, found: dict[str, Any]) -> list[str]:
    """The names of those gradients that were returned and are also kept by the object."""
    own = [value_at(layer, trail) for trail in trails_of(layer).values() if is_for_gradients(trail)]
    return [name for name, value in found.items() if any(value is each for each in own)]


def stands(layer: Any, trail: Trail, before: Any) -> bool:
    """Whether an array of an object is still the same one: a forward pass may keep its own."""
    try:
        return value_at(layer, trail) is before
    except (KeyError, IndexError, AttributeError, TypeError):
        return False


def put_everywhere(layer: Any, place: Place, value: Any) -> None:
    """Let a value stand at the ends of all ways to an array."""
    for trail in place:
        put(layer, trail, value)


def keys_of(held: dict[str, Place]) -> dict[str, tuple[str, ...]]:
    """The last names on the ways to held arrays, by which a dict of gradients may call them."""
    last = {path: {trail[-1][1] for trail in place} for path, place in held.items()}
    every = [key for keys in last.values() for key in keys]
    return {
        path: tuple(key for key in keys if isinstance(key, str) and every.count(key) == 1)
        for path, keys in last.items()
    }


def with_parameters(layer: Any, forward: Callable[[Any], Any]) -> Any:
    """The object with the parameters that its first forward pass makes, if it makes some."""
    used = deepcopy(layer)
    before = trails_of(layer)
    forward(used)
    trails = [trail for path, trail in trails_of(used).items() if path not in before]
    if not trails:
        return layer
    made = [(trail, value_at(used, trail)) for trail in trails]
    forward(used)
    kept = any(is_parameter(value) and stands(used, trail, value) for trail, value in made)
    return used if kept else layer

"""What a statement's target holds in a frame, and how another value is put there.

The scope is asked for once in each event: to ask again would undo what was put there.
"""

from collections.abc import Mapping
from types import FrameType
from typing import Any

import numpy as np

from .statements import Part


def located(frame: FrameType, scope: Any, part: Part) -> tuple[Any, str, Any]:
    """What holds a target, the place by which it is known, and its value."""
    target = part.target
    assert target is not None
    if target.load_base is None:
        value = scope[target.text] if target.text in scope else frame.f_globals[target.text]
        return None, target.text, value
    base = eval(target.load_base, frame.f_globals, scope)
    if target.attribute is not None:
        return base, target.text, getattr(base, target.attribute)
    if isinstance(base, np.ndarray) or target.key is None:
        return base, target.base, base
    key = eval(target.key, frame.f_globals, scope)
    return base, f"{target.base}[{key!r}]", base[key]


def put(scope: Any, part: Part, base: Any, old: Any, value: Any) -> None:
    """Assign another value to a target."""
    target = part.target
    assert target is not None
    in_place = part.updates or (isinstance(base, np.ndarray) and target.attribute is None)
    if in_place and isinstance(old, np.ndarray) and old.shape == np.shape(value):
        np.copyto(old, value, "unsafe")
    elif target.attribute is not None:
        setattr(base, target.attribute, value)
    elif target.load_base is None:
        scope[target.text] = value
    else:
        key = next(key for key, item in entries(base) if item is old)
        base[key] = value


def entries(base: Any) -> list[tuple[Any, Any]]:
    """The keys and items of a dict or a sequence."""
    return list(base.items()) if isinstance(base, Mapping) else list(enumerate(base))


def region(frame: FrameType, scope: Any, part: Part) -> Any:
    """The entries that a part is about to change, as they are; None if that cannot be said."""
    target = part.target
    if target is None or not target.plain or not (part.adds or target.is_entry):
        return None
    try:
        found = eval(target.load, frame.f_globals, scope)
    except Exception:  # noqa: BLE001 - a key that is not there yet
        return None
    return np.array(found) if isinstance(found, np.ndarray | float | np.floating) else None


def share_of(frame: FrameType, scope: Any, part: Part, before: Any) -> Any:
    """What a statement added to what a target held, or put into some entries of it."""
    after = region(frame, scope, part)
    if before is None or after is None or before.shape != after.shape or after.dtype.kind != "f":
        return None
    return after - before if part.adds else after


def put_share(frame: FrameType, scope: Any, part: Part, before_and_share: tuple[Any, Any]) -> None:
    """Let a statement have added or put something else."""
    target = part.target
    assert target is not None
    before, share = before_and_share
    value = before + share if part.adds else share
    old = eval(target.load, frame.f_globals, scope)
    if isinstance(old, np.ndarray) and not target.is_entry and old.shape == np.shape(value):
        np.copyto(old, value, "unsafe")
    elif target.load_base is None:
        scope[target.text] = value
    else:
        store = compile(f"{target.text} = _autograd_lite_value", "<autograd_lite target>", "exec")
        exec(store, frame.f_globals, {**scope, "_autograd_lite_value": value})

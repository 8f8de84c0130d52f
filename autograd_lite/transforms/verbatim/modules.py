"""Globals of the user's modules, as the copies of his functions see them: taken when asked for."""

import types
from threading import RLock
from typing import Any
from weakref import WeakValueDictionary

from ...core.conversions import BUILTINS
from .language import exchanged_back, exchanges
from .origins import is_lasting, is_users
from .session import ABSENT, OUTWARD, STAND_INS, Session, current

EXCHANGING = RLock()  # threads may call for the same copies
AT_ONCE = ("__name__", "__package__", "__spec__", "__file__", "__doc__")  # which Python looks up


class Globals(dict[str, Any]):
    """What stands for the globals of a module, `original`.

    Of what has been taken, `lasting` names what stays: functions, classes, modules and numbers,
    until the original changes. Arrays and what holds them are taken anew in each session.
    """

    def __init__(self, original: dict[str, Any]) -> None:
        super().__init__()
        self.original = original
        self.lasting: dict[str, Any] = {}  # the originals of what stays
        self.passing: list[str] = []  # what does not stay
        self.taken: dict[str, Any] = {}  # all that we have put here
        self["__builtins__"] = self.taken["__builtins__"] = BUILTINS
        for name in AT_ONCE:
            if name in original:
                self[name] = self.taken[name] = original[name]

    def __missing__(self, name: str) -> Any:
        with EXCHANGING:
            value = self.original.get(name, ABSENT)
            if value is ABSENT:
                stand_in = BUILTINS[name]
                self.lasting[name] = ABSENT
            else:
                stand_in = current().stand_in(value)
                if is_lasting(value):
                    self.lasting[name] = value
                else:
                    self.passing.append(name)
            self[name] = self.taken[name] = stand_in
            return stand_in

    def refresh(self) -> None:
        """Forget what has changed in the original since it was taken."""
        get = self.original.get
        for name in [name for name, old in self.lasting.items() if get(name, ABSENT) is not old]:
            self.forget(name)

    def forget(self, name: str) -> None:
        """Take a name anew when it is asked for."""
        for names in (self, self.taken, self.lasting):
            names.pop(name, None)

    def end(self, session: Session) -> None:
        """Write back what the code has assigned to globals."""
        taken = self.taken
        for name in [name for name, value in self.items() if taken.get(name, ABSENT) is not value]:
            self.original[name] = session.outward(self[name])
            self.forget(name)

    def forget_passing(self) -> None:
        """Forget what does not last."""
        while self.passing:
            self.forget(self.passing.pop())


MODULES: WeakValueDictionary[int, Globals] = WeakValueDictionary()


def globals_of(original: dict[str, Any]) -> Globals:
    """What stands for the globals of a module."""
    if isinstance(original, Globals):
        return original
    with EXCHANGING:
        known = MODULES.get(id(original))
        if known is None:
            known = MODULES[id(original)] = Globals(original)
        return known


class ModuleView(types.ModuleType):
    """A module of the user, with what stands for its globals."""

    def __init__(self, original: types.ModuleType) -> None:
        super().__init__(original.__name__, original.__doc__)
        vars(self)["_original"] = original
        vars(self)["_globals"] = globals_of(vars(original))

    def __getattr__(self, name: str) -> Any:
        if not hasattr(self._original, name):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        if name not in vars(self._original):  # by its own __getattr__
            return current().stand_in(getattr(self._original, name))
        return self._globals[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self._globals[name] = value

    def __dir__(self) -> list[str]:
        return dir(self._original)


def named(session: Session, value: Any) -> Any:
    """What stands for a name of NumPy's or of `math`; None for all others."""
    found = exchanges().get(id(value))
    if found is None and value.__class__ is types.ModuleType:
        return VIEWS.get(id(value)) or viewed(session, value)
    return found


VIEWS: dict[int, ModuleView] = {}


def viewed(_: Session, value: types.ModuleType) -> Any:
    """A module of the user's own as a view; others as they are."""
    if not is_users(getattr(value, "__file__", None) or "<"):
        return None
    view = VIEWS[id(value)] = ModuleView(value)
    return view


def named_back(_: Session, value: Any) -> Any:
    """NumPy's own for what stands for it, and the module for its view; None for all others."""
    return value._original if isinstance(value, ModuleView) else exchanged_back().get(id(value))


STAND_INS.insert(0, (object, named))
OUTWARD.insert(0, (object, named_back))

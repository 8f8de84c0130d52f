"""Python's own containers and questions: here trees of values are plain lists, tuples and dicts.

Only `isinstance` and `type` ask about what lies in a value: `isinstance(x, np.ndarray)`.
"""

import builtins
from builtins import dict as dict
from builtins import list as list
from builtins import tuple as tuple
from typing import Any

from .tracer import getval

SequenceBox = (list, tuple)
DictBox = dict


def isinstance(x: Any, kind: Any) -> bool:
    """Whether a value, or the array in it, is of a class."""
    return builtins.isinstance(x, kind) or builtins.isinstance(getval(x), kind)


def type(x: Any) -> builtins.type:
    """The class of a value, or of the array in it."""
    return builtins.type(getval(x))

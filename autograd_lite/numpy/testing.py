"""`numpy.testing`, whose comparisons look at the values of Tensors, which has no gradient."""

from typing import Any

import numpy.testing

from .lists import of_values


def __getattr__(name: str) -> Any:
    value = getattr(numpy.testing, name)
    if callable(value) and name.startswith("assert_"):
        value = of_values(value)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(numpy.testing.__all__)

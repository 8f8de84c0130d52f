"""`scipy.special`, differentiated by the rules of `autograd_lite.scipy.special`."""

from typing import Any

from ....scipy import special

__all__ = list(special.__all__)


def __getattr__(name: str) -> Any:
    return getattr(special, name)


def __dir__() -> list[str]:
    return __all__

"""`ArrayBox`, what stands in a derivative for an array: for `isinstance(x, ArrayBox)`."""

from ..tracer import Box as ArrayBox

__all__ = ["ArrayBox"]

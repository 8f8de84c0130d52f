"""What `autograd_lite.testing` takes from hypothesis, and what is said where it is missing."""

from ..core.errors import message

try:
    from hypothesis import given, settings
    from hypothesis import strategies as strategies
    from hypothesis.errors import InvalidArgument
    from hypothesis.extra import numpy as extra
except ImportError as error:
    raise ImportError(
        message(
            f"autograd_lite.testing is built on hypothesis: {error}",
            remedy="pip install 'autograd_lite[testing]', or pip install hypothesis",
        )
    ) from error

__all__ = ["InvalidArgument", "extra", "given", "settings", "strategies"]

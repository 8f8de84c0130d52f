"""What is run, and how hard hypothesis tries.

`python -m pytest` leaves out tests/mutation, which takes a quarter of an hour; it is run by its
name, `python -m pytest tests/mutation`. The environment variable HYPOTHESIS_PROFILE names how hard
hypothesis tries: `ci`, the default, runs the same few examples every time, so that a red run is
about the change and not about luck. `nightly` looks for new ones.
"""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Machines of a test farm stall now and then, which says nothing about the code under test.
settings.register_profile(
    "ci",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "nightly", settings.get_profile("ci"), derandomize=False, max_examples=2000
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

MUTATION = Path(__file__).parent / "mutation"
TESTS = Path(__file__).parent
ON_SCIPY = (TESTS.parent / "autograd_lite" / "scipy", TESTS / "scipy" / "array_api_calls.py")


class WithoutSciPy:
    """Leaves out what cannot be imported without SciPy; its tests say that they are skipped."""

    @staticmethod
    def pytest_ignore_collect(collection_path: Path) -> bool | None:
        """Whether to leave out a folder."""
        return True if collection_path in ON_SCIPY else None


def pytest_configure(config: pytest.Config) -> None:
    """Let an import that fails be an error, but for those that need SciPy."""
    if find_spec("scipy") is None:
        config.pluginmanager.register(WithoutSciPy())


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Whether to leave out a folder: that of the mutation test, unless it was asked for."""
    if collection_path != MUTATION:
        return None
    named = [Path(arg.partition("::")[0]).resolve() for arg in config.args]
    return None if any(path == MUTATION or MUTATION in path.parents for path in named) else True

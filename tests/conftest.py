"""How hard hypothesis tries: the environment variable HYPOTHESIS_PROFILE names a profile.

`ci`, the default, runs the same few examples every time, so that a red run is about the change
and not about luck. `nightly` looks for new ones.
"""

import os

from hypothesis import HealthCheck, settings

# Machines of a test farm stall now and then, which says nothing about the code under test.
settings.register_profile(
    "ci",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "nightly", settings.get_profile("ci"), derandomize=False, max_examples=2000
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

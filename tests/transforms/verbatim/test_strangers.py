"""Networks and tricks of strangers run unmodified by `verbatim`, with the right gradients."""

from collections.abc import Callable
from typing import Any

import pytest

from . import (
    course_assignments,
    course_columns,
    course_language,
    course_networks,
    course_objects,
)
from .strangers import check

FILES = (course_assignments, course_columns, course_language, course_networks, course_objects)
CASES = [case for file in FILES for case in file.CASES]


@pytest.mark.filterwarnings("ignore:Setting the shape")  # strangers do, NumPy 2.5 warns of it
@pytest.mark.parametrize(("f", "args"), CASES, ids=[f.__qualname__ for f, _ in CASES])
def test_code_of_strangers(f: Callable[..., Any], args: tuple[Any, ...]) -> None:
    check(f, args)

"""Colours of a terminal, where they are wanted."""

import os
import sys
from typing import Any

STYLES = {"bold": "1", "faint": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


def wanted(file: Any) -> bool:
    """Whether what is written to a file should be coloured.

    As Python itself decides: PYTHON_COLORS=1 or 0 comes first, then NO_COLOR, then FORCE_COLOR, if
    they are set and not empty; else colours are for terminals.
    """
    environment = os.environ
    if environment.get("PYTHON_COLORS") in ("0", "1"):
        return environment["PYTHON_COLORS"] == "1"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    if environment.get("TERM") == "dumb" or (
        sys.platform == "win32" and not environment.get("WT_SESSION")
    ):
        return False
    return bool(getattr(file, "isatty", lambda: False)())


class Ink:
    """Puts text in colours, or leaves it as it is.

    >>> Ink(True)("right", "green")
    '\\x1b[32mright\\x1b[0m'
    >>> Ink(False)("right", "green")
    'right'
    """

    def __init__(self, coloured: bool) -> None:
        self.coloured = coloured

    def __call__(self, text: str, *styles: str) -> str:
        if not self.coloured or not styles:
            return text
        return f"\x1b[{';'.join(STYLES[style] for style in styles)}m{text}\x1b[0m"

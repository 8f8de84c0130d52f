"""What an audit found, as data: a verdict for each parameter, and the first wrong line."""

from dataclasses import dataclass, field
from typing import Any

from ..cases import Diagnosis


@dataclass(frozen=True)
class ParameterReport:
    """The verdict on the gradient of one parameter.

    `verdict` is "right", "wrong", "missing", or "unknown" where nothing honest can be said: on a
    kink, or where neither automatic nor numeric derivatives could be had. `max_relative_error` is
    the largest difference over the largest entry of the right gradient, `worst_index` where it is.
    `manual` and `right` are the gradients, None where there is none; they are for pictures.
    """

    name: str
    shape: tuple[int, ...]
    verdict: str
    max_relative_error: float | None
    worst_index: tuple[int, ...] | None
    diagnosis: Diagnosis | None = None
    manual: Any = field(default=None, compare=False, repr=False)
    right: Any = field(default=None, compare=False, repr=False)

    @property
    def ok(self) -> bool:
        """Whether the gradient is not known to be wrong."""
        return self.verdict in ("right", "unknown")


@dataclass(frozen=True)
class WrongLine:
    """The first line that is wrong: where, what it assigns, and what ought to stand there.

    `should_be` is a statement, or only what should be assigned to `name`.
    """

    file: str
    line: int
    source: str
    name: str
    should_be: str | None


@dataclass(frozen=True)
class Findings:
    """What an audit found. `subject` is the name of the function that was differentiated."""

    subject: str
    parameters: tuple[ParameterReport, ...]
    first_wrong_line: WrongLine | None = None
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no gradient is wrong."""
        return all(parameter.ok for parameter in self.parameters)

    @property
    def wrong(self) -> tuple[ParameterReport, ...]:
        """The parameters whose gradients are wrong or missing."""
        return tuple(parameter for parameter in self.parameters if not parameter.ok)

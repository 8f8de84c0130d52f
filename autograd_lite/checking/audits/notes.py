"""What is no wrong gradient, and worth knowing: changes in place, shared memory, obstacles."""

from .calls import Series
from .lines.in_place import line_of_change
from .opinions import Opinions
from .problems import Problem


def note_on_change(problem: Problem, name: str) -> str:
    """That an argument is changed, and where."""
    line = line_of_change(problem, name)
    what = f"the {name}" if name.startswith("incoming") else name
    where = "" if line is None else f", in line {line}"
    return f"the manual pass changes {what} in place{where}"


def notes_on(problem: Problem, opinions: Opinions, series: Series) -> tuple[str, ...]:
    """What is no wrong gradient, and worth knowing."""
    first = series.calls[0]
    notes = [note_on_change(problem, name) for name in first.changed]
    notes += [
        f"the gradients of {one} and {other} are one array: what is done to one in place is done "
        "to both"
        for one, other in series.shared
    ]
    if series.buffers:
        notes.append(
            f"the array that holds the gradient of {', '.join(series.buffers)} is the same one in "
            "every call: copy it if you need it for longer"
        )
    if opinions.obstacle is not None:
        reason = str(opinions.obstacle).splitlines()[0]
        notes.append(
            f"the forward pass could not be recorded, numeric derivatives decide: {reason}"
        )
    return tuple(notes)

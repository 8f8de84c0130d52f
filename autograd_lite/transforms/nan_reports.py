"""What `trace_nan` tells: the operation and its line, what went in, and what to do about it."""

import linecache
from collections.abc import Callable, Iterable
from types import CodeType
from typing import Any, NamedTuple

import numpy as np

from ..core.errors import function_name
from ..core.trace import Traced

Place = tuple[CodeType, int]  # code and instruction of the user's
Test = Callable[[Any], Any]  # which entries are bad: np.isnan, or all that is not finite


class Finding(NamedTuple):
    """An operation whose result or gradient became NaN or infinite."""

    what: str  # "the value of np.log", "the gradient of np.sqrt for its operand x"
    function: Any
    result: Any
    operands: list[tuple[str, Any]]  # names and values, as far as they are there
    place: Place | None
    backward: bool = False


REMEDIES = {
    "log log2 log10 log1p": "keep its operand positive: np.log(np.maximum(p, 1e-12)); of a softmax "
    "take ag.log_softmax, of a sigmoid -ag.softplus(-x)",
    "true_divide divide reciprocal": "keep the denominator away from 0: a / (b + 1e-12); where an "
    "entry does not count, divide by np.where(b == 0, 1.0, b)",
    "sqrt hypot norm vector_norm": "its slope is infinite at 0: np.sqrt(q + 1e-12); below 0 there "
    "is no root",
    "exp exp2 expm1 sinh cosh": "its operand is too large: subtract the maximum first, or take "
    "ag.softmax, ag.logsumexp, ag.sigmoid or ag.softplus",
    "power float_power": "a power of 0 or of a negative number has no slope there: give it a base "
    "above 0, or a whole number as exponent",
    "arcsin arccos arctanh arccosh": "its operand leaves the interval in which it has a slope: "
    "clip it to, say, (-1 + 1e-7, 1 - 1e-7)",
    "matmul dot einsum inner tensordot multiply square sum add": "the numbers have grown too "
    "large: take a lower learning rate or smaller initial weights, clip gradients, or compute in "
    "float64",
}
OTHERWISE = "look at the ranges of the operands above, and keep them where it is smooth"
GIVEN = "the values came in with the data: check arguments and parameters with np.isfinite"


def report(finding: Finding, bad: Test) -> str:
    """The whole text."""
    lines = [f"{finding.what} {became(finding.result, bad)}"]
    lines += place_lines(finding.place)
    lines += [f"  {name + ':':<10} {summary(value)}" for name, value in finding.operands]
    given = any(np.any(bad(bottom(v))) for _, v in finding.operands if is_numbers(v))
    lines.append(f"  remedy:    {GIVEN if given and not finding.backward else remedy(finding)}")
    return "\n".join(lines)


def remedy(finding: Finding) -> str:
    """What to do, by the name of the function."""
    name = getattr(finding.function, "__name__", "")
    for names, text in REMEDIES.items():
        if name in names.split():
            return text
    return OTHERWISE


def became(result: Any, bad: Test) -> str:
    """`became inf in 1 of 3 entries (the first at [2])`."""
    values = np.asarray(bottom(result))
    where = bad(values)
    count = int(np.count_nonzero(where))
    first = np.argwhere(where)[0].tolist() if count else []
    if not count:
        return "became NaN or infinite"
    number = values[tuple(first)]
    entries = f" in {count} of {values.size} entries, the first at {first}" if values.ndim else ""
    return f"became {'NaN' if np.isnan(number) else number}{entries}"


def is_numbers(value: Any) -> bool:
    """Whether a value is an array of real or complex numbers."""
    return getattr(bottom(value), "dtype", np.dtype(object)).kind in "fc"


def bottom(value: Any) -> Any:
    """The array under all layers."""
    while isinstance(value, Traced):
        value = value._value
    return value


def summary(value: Any) -> str:
    """`(2, 3) float64, from -1.5 to 2, 1 zero, 2 NaN`."""
    array = np.asarray(bottom(value))
    text = f"{array.shape} {array.dtype}"
    if array.dtype.kind not in "fciub" or not array.size:
        return text
    finite = np.abs(array) if array.dtype.kind == "c" else array
    finite = finite[np.isfinite(finite)]
    if finite.size:
        kind = "sizes from" if array.dtype.kind == "c" else "from"
        text += f", {kind} {finite.min():.4g} to {finite.max():.4g}"
    zeros = int(np.count_nonzero(array == 0))
    text += f", {zeros} zero{'s' * (zeros != 1)}"
    for name, test in (("NaN", np.isnan), ("infinite", np.isinf)):
        count = int(np.count_nonzero(test(array)))
        text += f", {count} {name}" if count else ""
    return text


def place_lines(place: Place | None) -> Iterable[str]:
    """File, line and expression of a place in the user's code."""
    if place is None:
        return
    code, instruction = place
    positions = list(code.co_positions())
    first, last, start, end = positions[min(instruction // 2, len(positions) - 1)]
    if first is None:
        return
    source = linecache.getline(code.co_filename, first)
    yield f"  line:      {code.co_filename}, line {first}: {source.strip()}"
    if source and last is not None and start is not None and end is not None:
        yield f"  expression {expression(code.co_filename, (first, last), (start, end))}"


def expression(filename: str, lines: tuple[int, int], columns: tuple[int, int]) -> str:
    """The source between two places; columns count bytes."""
    found = [linecache.getline(filename, n).encode() for n in range(lines[0], lines[1] + 1)]
    found[-1] = found[-1][: columns[1]]
    found[0] = found[0][columns[0] :]
    return " ".join(line.decode(errors="replace").strip() for line in found)


def named(function: Any) -> str:
    """A function's name, as a user knows it."""
    return "a / b" if function in (np.divide, np.true_divide) else function_name(function)

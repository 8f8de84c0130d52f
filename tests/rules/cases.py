"""Random calls of a function, drawn from what its declaration says: `calls(subject)`.

A case such as ``"a=(n, m), axis=0"`` holds keyword arguments. Operands are given by their shape,
sequences of operands by a list of shapes; the letters are lengths of axes. `Mask(n, m)` is a
random boolean array, `Integers(n, m)` one of whole numbers. `Holes(n, m)` is the shape of an
operand in which some entries are replaced by NaN before the function is called with it,
`Regular(n, m)` that of a matrix (or a stack of them) far from singular, `Leading(n, m)` of one
whose first n columns are, `Positive(n, n)` of one that is positive definite. A function without
cases is elementwise: its operands get any shapes that broadcast. ``"complex: a=(n, m)"`` makes all
operands complex.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from autograd_lite.core.operation import REAL, Domain, Operation
from autograd_lite.core.trace import Composition

Shape = tuple[int, ...]
VERSION = tuple(int(part) for part in np.__version__.split(".")[:2])
COMPLEX = "complex: "
FLOATS = (np.float64, np.float32, np.float16)
UNSEEN = {"initial", "nan"}  # arguments in which NumPy itself does not look for Tensors
SPECIAL = (0.0, 1.0, -1.0, 0.5, 2.0)  # where formulas with x - 1, 1 / x, x == 0 go wrong


class Subject(NamedTuple):
    """A function under test: what is called, with what, and where it is smooth.

    `parameters` is its signature as source; `operands` names those that are differentiated.
    """

    function: Any
    operands: tuple[str, ...]
    cases: tuple[str, ...]
    parameters: str
    domain: Domain = REAL

    def __str__(self) -> str:
        return getattr(self.function, "__name__", repr(self.function))


def declared(operation: Operation) -> Subject:
    """An operation of the table as a subject."""
    operands = tuple(rule.operand for rule in operation.rules)
    text, cases = operation.signature.text, available(operation.cases)
    return Subject(operation.function, operands, cases, text, operation.domain)


def composed(composition: Composition) -> Subject:
    """A function that is computed by others as a subject of the same tests."""
    function, operands, cases, signature, domain = composition
    return Subject(function, operands, available(cases), signature.text, domain)


def available(cases: tuple[str, ...]) -> tuple[str, ...]:
    """The cases that the installed NumPy has.

    `numpy 2.1: a=...` needs that one or a newer, `numpy <2.5: a=...` an older.
    """
    kept = []
    for case in cases:
        fits, arguments = True, case
        if case.startswith("numpy "):
            version, _, arguments = case.removeprefix("numpy ").partition(": ")
            bound = tuple(map(int, version.removeprefix("<").split(".")))
            fits = bound > VERSION if version.startswith("<") else bound <= VERSION
        if fits:
            kept.append(arguments)
    return tuple(kept)


class Slot(NamedTuple):
    """The place of operand array number `index` within the arguments, and where it has NaN."""

    index: int
    holes: Any = None


class Holes(tuple[int, ...]):
    """The shape of an operand that has some NaN entries; `mask` says which."""

    mask: Any


@dataclass(frozen=True)
class Call:
    """A call of a subject: its operand arrays, and the arguments with slots in their places."""

    subject: Subject
    arrays: tuple[Any, ...]
    values: dict[str, Any]

    def __call__(self, *arrays: Any) -> Any:
        """Call the function with these operands, or what stands for them (Tensors, lists)."""
        args, kwargs = self.arguments(*arrays)
        return self.subject.function(*args, **kwargs)

    def arguments(self, *arrays: Any) -> tuple[list[Any], dict[str, Any]]:
        """Positional and keyword arguments: by position as long as none is left out."""
        kwargs = {name: put(value, arrays) for name, value in self.values.items()}
        args: list[Any] = []
        for part in self.subject.parameters.split(","):
            name = part.split("=")[0].strip()
            if name.startswith("*"):
                args += kwargs.pop(name[1:], ())
            if name not in kwargs:
                break
            args.append(kwargs.pop(name))
        return args, kwargs

    @property
    def __name__(self) -> str:
        """The name of the function, for messages."""
        return str(self.subject)

    def mixtures(self) -> Iterator[tuple[bool, ...]]:
        """Every choice of operands that are Tensors while the others are not; all come first."""
        names = UNSEEN | {"mean"} if str(self.subject).startswith("nan") else UNSEEN
        unseen = {self.values[name].index for name in names & self.values.keys()
                  if isinstance(self.values[name], Slot)}  # fmt: skip
        for chosen in product((True, False), repeat=len(self.arrays)):
            if any(tensor and n not in unseen for n, tensor in enumerate(chosen)):
                yield chosen


def put(value: Any, arrays: Sequence[Any]) -> Any:
    """A value with arrays for its slots."""
    if isinstance(value, Slot):
        array = arrays[value.index]
        return array if value.holes is None else np.where(value.holes, np.nan, array)
    return [put(item, arrays) for item in value] if isinstance(value, list) else value


# Shapes


def read_case(
    subject: Subject, text: str, sizes: dict[str, int], random: np.random.Generator
) -> tuple[dict[str, Any], list[Shape]]:
    """The arguments of a case, with slots for operands, and the shapes of the operands."""
    words = {
        **sizes,
        "np": np,
        "Mask": lambda *shape: random.integers(2, size=shape) == 1,
        "Integers": lambda *shape: random.integers(-3, 4, size=shape),
        "Holes": lambda *shape: holes(shape, random),
        "Regular": lambda *shape: Regular(shape),
        "Leading": lambda *shape: Leading(shape),
        "Positive": lambda *shape: Positive(shape),
    }
    values = eval(f"dict({text})", words)
    shapes: list[Shape] = []
    for name in subject.operands:
        if name in values:
            values[name] = with_slots(values[name], shapes)
    return values, shapes


def holes(shape: Shape, random: np.random.Generator) -> Holes:
    """A shape of which about a third of the entries will be NaN, but never neighbours."""
    result = Holes(shape)
    numbers = np.arange(int(np.prod(shape))).reshape(shape)
    result.mask = (sum(np.indices(shape)) % 2 == random.integers(2)) & (numbers % 3 != 0)
    return result


def with_slots(value: Any, shapes: list[Shape]) -> Any:
    """An operand with slots in place of shapes, which are appended to `shapes`."""
    if isinstance(value, tuple):
        shapes.append(value)
        return Slot(len(shapes) - 1, getattr(value, "mask", None))
    return [with_slots(item, shapes) for item in value] if isinstance(value, list) else value


class Regular(tuple[int, ...]):
    """The shape of matrices whose singular values are 1, 2, 3 ..., about: none is repeated.

    Square ones are nearly symmetric, so that their eigenvalues are real.
    """

    __slots__ = ()
    signs = (1.0, -1.0)

    def prepare(self, random: Any) -> Any:
        """A matrix of this kind from one of any numbers."""
        u, s, vh = np.linalg.svd(random, full_matrices=False)
        signs = np.resize(self.signs, s.shape[-1])
        s = np.arange(1.0, s.shape[-1] + 1.0) * signs
        square = self[-1] == self[-2]
        return (u * s) @ (np.swapaxes(u, -1, -2) if square else vh) + 0.02 * random


class Leading(Regular):
    """The shape of wide matrices whose first columns are square and regular, as qr divides by."""

    __slots__ = ()

    def prepare(self, random: Any) -> Any:
        """A matrix of this kind from one of any numbers."""
        k = self[-2]
        square = Regular((k, k)).prepare(random[..., :k])
        return np.concatenate([square, random[..., k:]], axis=-1)


class Positive(Regular):
    """The shape of nearly symmetric matrices that are positive definite."""

    __slots__ = ()
    signs = (1.0,)


DIFFERENT = {"n": 2, "m": 3, "k": 4}
SIZES = st.fixed_dictionaries({letter: st.sampled_from((3, 2, 1, 4, 3, 2, 0)) for letter in "nmk"})


@st.composite
def outlines(draw: Any, subject: Subject, random: np.random.Generator) -> Any:
    """Arguments with slots, the shapes of the operands that belong there, if they are complex."""
    if subject.cases:
        case = draw(st.sampled_from(subject.cases))
        outline = read_case(subject, case.removeprefix(COMPLEX), draw(SIZES), random)
        return *outline, case.startswith(COMPLEX)
    number = len(subject.operands)
    drawn = mutually_broadcastable_shapes(num_shapes=number, max_dims=3, min_side=0, max_side=4)
    values = {name: Slot(index) for index, name in enumerate(subject.operands)}
    return values, list(draw(drawn).input_shapes), False


# Values


def numbers(shapes: Sequence[Shape], domain: Domain, random: np.random.Generator) -> list[Any]:
    """Arrays of ordinary points: inside the domain, away from kinks, no two entries tied."""
    low, high = bounds(domain)
    total = sum(int(np.prod(shape)) for shape in shapes)
    places = random.permutation(total) + random.uniform(0.25, 0.75, total)
    values = low + (high - low) * places / max(total, 1)
    for kink in domain.avoid:
        values = values + np.where(values > kink, 0.1, -0.1)
    if not domain.ties:
        allowed = [x for x in SPECIAL if low < x < high and x not in domain.avoid]
        chosen = random.random(total) < 0.2 * bool(allowed) * random.integers(2)
        values[chosen] = random.choice(allowed or [np.nan], size=int(chosen.sum()))
    ends = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
    arrays = [values[a:b].reshape(s) for a, b, s in zip(ends, ends[1:], shapes, strict=False)]
    return [
        shape.prepare(array) if isinstance(shape, Regular) else array
        for array, shape in zip(arrays, shapes, strict=True)
    ]


def bounds(domain: Domain) -> tuple[float, float]:
    """A finite interval well inside the domain."""
    if np.isfinite(domain.low) and np.isfinite(domain.high):
        margin = 0.1 * (domain.high - domain.low)
        return domain.low + margin, domain.high - margin
    if np.isfinite(domain.low):
        return domain.low + 0.2, domain.low + 3.0
    return -2.5, min(2.5, domain.high - 0.2)


LAYOUTS = {
    "C": np.ascontiguousarray,
    "Fortran": np.asfortranarray,
    "strided": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "reversed": lambda x: np.flip(np.flip(x).copy()),
    "read-only": lambda x: read_only(np.array(x)),
}


def laid_out(array: Any, layout: str, dtype: Any) -> Any:
    """The array in another dtype and in another arrangement of its memory."""
    array = array.astype(dtype)
    if array.ndim == 0 and layout != "read-only":  # without axes there is nothing to arrange
        return array
    result = LAYOUTS[layout](array)
    assert result.dtype == dtype
    assert np.array_equal(result, array)
    return result


def read_only(value: Any) -> Any:
    """The value, an array of which can no longer be written to."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    return value


@st.composite
def calls(draw: Any, subject: Subject, dtypes: Sequence[Any] = (np.float64,)) -> Call:
    """Calls with random cases, shapes, values, dtypes and layouts."""
    # Hypothesis draws what is worth shrinking; drawing every number by it is ten times slower.
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values, shapes, are_complex = draw(outlines(subject, random))
    arrays = numbers(shapes, subject.domain, random)
    if are_complex:
        dtypes = [np.result_type(dtype, np.complex64) for dtype in dtypes]
        arrays = [a + 1j * b for a, b in zip(arrays, numbers(shapes, REAL, random), strict=True)]
    kinds = st.tuples(st.sampled_from(tuple(LAYOUTS)), st.sampled_from(tuple(dtypes)))
    return Call(subject, tuple(laid_out(array, *draw(kinds)) for array in arrays), values)


def plain_call(subject: Subject, text: str, sizes: dict[str, int] = DIFFERENT) -> Call:
    """One call of a case (of a group of shapes that broadcast, if there is none) by itself."""
    random = np.random.default_rng(0)  # whose masks start with ones and zeros
    arguments = text.removeprefix(COMPLEX)
    if arguments:
        values, shapes = read_case(subject, arguments, sizes, random)
    else:
        values = {name: Slot(index) for index, name in enumerate(subject.operands)}
        shapes = [(3, 1, 2), (1, 4, 1)][: len(subject.operands)]
    arrays = numbers(shapes, subject.domain, random)
    if text != arguments:
        arrays = [a + 1j * b for a, b in zip(arrays, numbers(shapes, REAL, random), strict=True)]
    return Call(subject, tuple(arrays), values)

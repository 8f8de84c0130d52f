"""What `given_gradients` draws: the lengths of shapes, a seed, and what strategies give."""

from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from .library import strategies
from .shapes import array_of, is_shape, symbols_of

RANDOM = ("rng", "random")  # parameters that get a generator of random numbers
LENGTHS = strategies.integers(1, 5)
SEEDS = strategies.integers(0, 2**16)
TELLING = 3  # a factor of 2 may be one of many; that of a length from here on is the length


@dataclass(frozen=True, repr=False)
class Case:
    """What was drawn for one example."""

    sizes: dict[str, int]
    seed: int | None
    drawn: dict[str, Any]
    arguments: dict[str, Any]

    def __str__(self) -> str:
        parts = self.sizes | self.drawn | ({} if self.seed is None else {"seed": self.seed})
        return ", ".join(f"{name} = {value!r}" for name, value in parts.items())

    def __repr__(self) -> str:
        return f"<{self}>"

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """What hypothesis prints: not the arrays, which follow from lengths and seed."""
        printer.text(repr(self))


class Drawing(NamedTuple):
    """What to draw: shapes by argument, lengths by symbol, strategies by argument.

    `taken` are the names of the arguments that the test takes.
    """

    shapes: dict[str, Any]
    lengths: dict[str, Any]
    others: dict[str, Any]
    taken: list[str]

    def strategy(self) -> Any:
        """The strategy for cases; what is drawn first is made smallest."""
        is_random = bool(self.shapes) or any(name in RANDOM for name in self.taken)

        def draw_case(draw: Any) -> Case:
            sizes = {symbol: draw(strategy) for symbol, strategy in self.lengths.items()}
            drawn = {name: draw(strategy) for name, strategy in self.others.items()}
            return self.case(sizes, drawn, draw(SEEDS) if is_random else None)

        return strategies.composite(draw_case)()

    def case(self, sizes: dict[str, int], drawn: dict[str, Any], seed: int | None) -> Case:
        """The case of some lengths and a seed."""
        random = np.random.default_rng(seed)
        known = sizes | drawn
        known |= {name: array_of(form, sizes, random) for name, form in self.shapes.items()}
        return Case(sizes, seed, drawn, {name: known.get(name, random) for name in self.taken})

    def telling(self, case: Case) -> Case | None:
        """The case with lengths that cannot be taken for each other, or for a factor.

        Lengths that the test prescribes stay as they are; None if no other is to be changed.
        """
        fixed = {s: n for s, n in case.sizes.items() if self.lengths[s] is not LENGTHS}
        free = (n for n in count(TELLING) if n not in fixed.values())
        sizes = {symbol: fixed[symbol] if symbol in fixed else next(free) for symbol in case.sizes}
        return None if sizes == case.sizes else self.case(sizes, case.drawn, case.seed)


def drawing_of(arguments: dict[str, Any], taken: list[str]) -> Drawing:
    """What the keywords of `given_gradients` ask for."""
    shapes = {name: form for name, form in arguments.items() if is_shape(form)}
    others = {name: form for name, form in arguments.items() if name not in shapes}
    symbols = dict.fromkeys(symbol for form in shapes.values() for symbol in symbols_of(form))
    lengths = {symbol: others.pop(symbol, LENGTHS) for symbol in symbols}
    return Drawing(shapes, lengths, others, taken)

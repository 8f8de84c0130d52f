"""`ndenumerate` and `nditer` for the namespace: over the entries of Tensors.

NumPy's own are types that make arrays of what they are given, and refuse Tensors.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Self

import numpy as np

from ..core.errors import message
from ..core.trace import newest, peel_all

TAKEN = {"multi_index", "c_index", "f_index", "refs_ok", "zerosize_ok"}  # flags about positions


def ndenumerate(arr: Any) -> Iterator[tuple[Any, Any]]:
    """Pairs of index and entry, as `numpy.ndenumerate`; those of a Tensor are Tensors.

    >>> import autograd_lite as ag
    >>> [(index, x.item()) for index, x in ndenumerate(ag.Tensor([[1.0, 2.0]]))]
    [((0, 0), 1.0), ((0, 1), 2.0)]
    """
    if newest((arr,)) is None:
        return np.ndenumerate(arr)
    return ((index, arr[index]) for index in np.ndindex(arr.shape))


def nditer(op: Any, flags: Any = None, op_flags: Any = None, *args: Any, **options: Any) -> Any:
    """`numpy.nditer`, also of Tensors; what it yields of those are Tensors without axes.

    TypeError for Tensors with buffers, casts, or operands that are to be made.
    """
    if newest((op,)) is None:
        return np.nditer(op, flags, op_flags, *args, **options)
    operands = op if isinstance(op, list | tuple) else (op,)
    wanted = set(flags or ())
    order = options.pop("order", "K")
    if wanted - TAKEN or args or options or any(operand is None for operand in operands):
        raise TypeError(
            message(
                f"nditer of Tensors was given {sorted(wanted - TAKEN) or 'more than it can do'}",
                remedy=f"allowed: order= and the flags {', '.join(sorted(TAKEN))}; otherwise use "
                "NumPy's functions on whole Tensors",
            )
        )
    return EntryIterator(operands, sorted(wanted | {"multi_index"}), order)


class EntryIterator:
    """What `nditer` makes of Tensors: NumPy's own iterator says where, and entries are read there.

    >>> import autograd_lite as ag
    >>> w = ag.Tensor([1.0, 2.0])
    >>> sum(x * y for x, y in nditer([w, w])).backward()
    >>> w.grad
    array([2., 4.])
    """

    def __init__(self, operands: Sequence[Any], flags: list[str], order: Any) -> None:
        plain = [np.asarray(peel_all(operand)) for operand in operands]
        self.positions: Any = np.nditer(plain, flags, order=order)  # type: ignore[arg-type]
        shape = np.broadcast_shapes(*[array.shape for array in plain])
        self.operands = tuple(
            [x if np.shape(x) == shape else np.broadcast_to(x, shape) for x in operands]
        )
        self.started = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self.positions, name)  # finished, multi_index, iternext, reset, close ...

    def __getitem__(self, number: int) -> Any:
        return self.operands[number][(*self.positions.multi_index, Ellipsis)]

    def __setitem__(self, number: int, value: Any) -> None:
        self.operands[number][self.positions.multi_index] = value

    def __len__(self) -> int:
        return len(self.operands)

    @property
    def value(self) -> Any:
        """The entry where the iterator stands, or a tuple of those of several operands."""
        entries = tuple([self[number] for number in range(len(self))])
        return entries[0] if len(entries) == 1 else entries

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        if self.started:
            self.positions.iternext()
        self.started = True
        if self.positions.finished:
            raise StopIteration
        return self.value

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.positions.close()

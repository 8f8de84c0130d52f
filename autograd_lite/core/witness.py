"""Looking on while a thread records: what an audit does, and nobody else.

with witnessed(results.append):
    loss = network(*tensors)            # every Tensor that is recorded comes to `results`
"""

from _thread import allocate_lock
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

Witness = Callable[[Any], None]
WITNESS: ContextVar[Witness | None] = ContextVar("witness", default=None)
witness_of_thread = WITNESS.get
COUNTING = allocate_lock()
# Called with True when the first witness comes, and with False when the last one has gone, so that
# recording costs nothing while nobody looks on.
EXCHANGES: list[Callable[[bool], None]] = []
count = 0


@contextmanager
def witnessed(witness: Witness) -> Iterator[None]:
    """Show `witness` every Tensor that this thread records inside the `with` block."""
    token = WITNESS.set(witness)
    change_count(1)
    try:
        yield
    finally:
        change_count(-1)
        WITNESS.reset(token)


def change_count(change: int) -> None:
    """Note that a witness comes or goes."""
    global count  # noqa: PLW0603 - all threads share it
    with COUNTING:
        count += change
        if count == max(change, 0):
            for exchange in EXCHANGES:
                exchange(count > 0)


def show(tensor: Any) -> None:
    """Show a Tensor that has just been recorded to the witness of this thread, if it has one."""
    witness = witness_of_thread()
    if witness is not None:
        witness(tensor)


def exchange_attach(names: dict[str, Any], attach: Callable[..., Any], seen: bool) -> None:
    """Let the recorder's `attach` show every Tensor that it makes from now on, or no longer."""

    def attach_seen(y: Any, dtype: Any, trace: int, operation: Any, edges: Any) -> Any:
        tensor = attach(y, dtype, trace, operation, edges)
        witness = witness_of_thread()
        if witness is not None:
            witness(tensor)
        return tensor

    names["attach"] = attach_seen if seen else attach

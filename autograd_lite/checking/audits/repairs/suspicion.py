"""Which statements may be at fault: those in which a mistake spoils just the wrong gradients.

The value of each is made a little larger, to see which gradients depend on it. What a right
gradient depends on as well is no likely place, and what a wrong one does not depend on is none.
"""

import ast
from collections.abc import Iterator

import numpy as np

from ..cases import same
from ..running.sources import Slot, Source
from .sites import Site, value_of
from .trials import Trials
from .vocabulary import is_array

LARGER = 1.001
Groups = list[list[Site]]  # the places of one statement each
Touched = dict[int, dict[int, set[str] | None]]  # by statements and by parts of them: gradients


def touched_by_all(groups: Groups, trials: Trials) -> Touched:
    """The names of the gradients that each part of each statement has a part in."""
    return {
        id(group[0].statement): {
            id(slot.node): touched_by(group[0], slot, trials) for slot in parts(group[0].statement)
        }
        for group in groups
    }


def suspicious(groups: Groups, wrong: set[str], known: Touched) -> tuple[Groups, Groups]:
    """The places at which a mistake would spoil the gradients that are wrong.

    First those on which no right gradient depends, then those of which that is not known or not so.
    """
    exact: Groups = []
    wide: Groups = []
    for group in groups:
        touched = known[id(group[0].statement)]
        shares = len(getattr(group[0].statement, "targets", ())) > 1  # one array of zeros
        unknown = not touched or None in touched.values() or shares
        just = {node for node, names in touched.items() if names == wrong}
        more = {node for node, names in touched.items() if names is not None and names > wrong}
        several = set().union(*[names for names in touched.values() if names and names < wrong])
        if just:
            exact.append(inside(group, just))
        elif several == wrong:  # elements of a tuple, which may stand in each other's place
            exact.append(group)
        elif unknown or more:
            wide.append(group)
    return exact, wide


def parts(statement: ast.stmt) -> Iterator[Slot]:
    """The values that a statement assigns, returns or goes through: of a tuple each element."""
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.Return) and statement.value:
        yield from elements(Slot(statement, "value", None))
    elif isinstance(statement, ast.For) and isinstance(statement.iter, ast.Tuple | ast.List):
        yield from elements(Slot(statement, "iter", None))


def elements(slot: Slot) -> Iterator[Slot]:
    """An expression; of a tuple, list or dict what it is made of."""
    node = slot.node
    if isinstance(node, ast.Tuple | ast.List):
        for position in range(len(node.elts)):
            yield from elements(Slot(node, "elts", position))
    elif isinstance(node, ast.Dict):
        for position in range(len(node.values)):
            yield from elements(Slot(node, "values", position))
    elif not isinstance(node, ast.Constant):
        yield slot


def inside(group: list[Site], nodes: set[int]) -> list[Site]:
    """The places in some of the expressions of a statement, and the statement itself.

    Where what it assigns is one thing, that may be at a wrong index.
    """
    statement = group[0].statement
    chosen = [slot.node for slot in parts(statement) if id(slot.node) in nodes]
    if isinstance(statement, ast.AugAssign):
        chosen.append(statement.target)
    elif isinstance(statement, ast.Assign) and chosen == [statement.value]:
        chosen += statement.targets
    kept = {id(node) for each in chosen for node in ast.walk(each)}
    return [site for site in group if id(site.node) in kept or site.node is statement] or group


def touched_by(site: Site, slot: Slot, trials: Trials) -> set[str] | None:
    """The names of the gradients that an expression has a part in; None if that is not known.

    What is made into probabilities afterwards may have any factor: something is added to that.
    """
    found = influence(site.source, slot, trials, ast.Mult(), LARGER)
    if found == set() and not site.source.is_forward:
        value = value_of(site, slot.node)
        if is_array(value) and value.dtype.kind == "f" and np.any(value):
            return influence(site.source, slot, trials, ast.Add(), LARGER - 1)
    return found


def influence(
    source: Source, slot: Slot, trials: Trials, operator: ast.operator, number: float
) -> set[str] | None:
    """The names of the gradients that are others once an expression is; None if not known."""
    node = slot.node
    slot.put(ast.copy_location(
        ast.BinOp(node, operator, ast.copy_location(ast.Constant(number), node)), node
    ))  # fmt: skip
    try:
        with source.exchanged():
            found = trials.run(trials.problem.arrays)
            if source.is_forward and not trials.keeps_the_loss():
                return set()  # a mistake in what the loss is made of is none of the gradients
    except (SyntaxError, ValueError, TypeError):
        return None
    finally:
        slot.put(node)
    if found is None:  # indices and texts cannot be made larger
        return None
    return {case.name for case in trials.cases if not same(found.get(case.name), case.given)}

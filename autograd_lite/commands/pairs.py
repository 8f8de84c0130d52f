"""Which functions of a file belong together: a forward pass or a loss, and its gradient by hand."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from ..checking.audits.methods import BACKWARD as BACKWARD_METHODS
from ..checking.audits.methods import FORWARD as METHODS
from ..checking.audits.methods import LOSS as LOSSES
from ..checking.audits.methods import first, needed
from .errors import InputError

FORWARD, BACKWARD = {"forward", "fwd"}, {"backward", "bwd", "backprop"}
GRADIENT = {"grad", "grads", "gradient", "gradients", "d", "manual", "analytic", "backprop"}
LOSS = {"loss", "cost", "objective", "energy", "nll", "criterion", "risk", "likelihood"}
FILLERS = {"compute", "calc", "calculate", "get", "by", "hand", "fn", "func", "function", "the"}
OF_BOTH = LOSS | GRADIENT | FORWARD | {"value", "and"}


class Pair(NamedTuple):
    """What is audited. `kind` says in which form:

    layer   `forward(x, w) -> out, cache` and `backward(dout, cache) -> dx, dw`
    loss    `forward(params, X, y) -> loss` and `backward(params, X, y) -> gradients`
    network `forward(X, params) -> out, cache`, `loss(out, y)` and `backward(params, cache, X, y)`
    both    `forward(...) -> loss, gradients`
    object  a class with methods `forward` and `backward`, and perhaps `loss`
    model   a class with a dict `params` and a method `loss(...) -> loss, gradients`, or `loss` and
            `gradient`

    One that is a guess (not `sure`) and turns out to be something else is left out.
    """

    kind: str
    forward: Any
    backward: Any
    sure: bool = True
    loss: Any = None

    @property
    def title(self) -> str:
        """The names of its functions."""
        functions = (self.forward, self.loss, self.backward)
        return ", ".join(each.__name__ for each in functions if each is not None)


def find_pairs(module: ModuleType) -> list[Pair]:
    """The pairs of a module by convention, in the order of the file."""
    functions = {
        name: value
        for name, value in own(module, inspect.isfunction)
        if not inspect.iscoroutinefunction(value)
    }
    pairs = [pair for pair in (paired(name, functions) for name in functions) if pair is not None]
    pairs = [with_loss(pair, functions) for pair in pairs]
    used = {f.__name__ for pair in pairs for f in (pair.forward, pair.backward) if f}
    pairs += [
        Pair("both", function, None, sure=False)
        for name, function in functions.items()
        if name not in used and returns_both(function)
    ]
    pairs += [pair for _, kind in own(module, inspect.isclass) for pair in pairs_of_class(kind)]
    return sorted(pairs, key=lambda pair: first_line(pair.forward))


def own(module: ModuleType, is_wanted: Callable[[Any], bool]) -> Iterator[tuple[str, Any]]:
    """The public names of what a module defines itself."""
    for name, value in list(vars(module).items()):
        is_own = getattr(value, "__module__", None) == module.__name__
        if is_wanted(value) and is_own and not name.startswith("_") and value.__name__ == name:
            yield name, value


def paired(name: str, functions: dict[str, Any]) -> Pair | None:
    """The pair of a gradient's function, if it is one and its partner is there."""
    parts = words(name)
    if parts & BACKWARD:
        base = parts - BACKWARD
        for partner, function in functions.items():
            if words(partner) & FORWARD and words(partner) - FORWARD == base:
                return of_functions(function, functions[name])
        for partner, function in functions.items():
            if base and words(partner) == base:
                return of_functions(function, functions[name])
        for partner, function in functions.items():
            if words(partner) & FORWARD and set() < words(partner) - FORWARD < base:
                return of_functions(function, functions[name])._replace(sure=False)
    if parts & GRADIENT:
        return of_gradient(parts - GRADIENT, functions[name], functions)
    if name[0] == "d" and name[1:] in functions:
        return Pair("loss", functions[name[1:]], functions[name], sure=False)
    return None


def of_gradient(base: set[str], gradient: Any, functions: dict[str, Any]) -> Pair | None:
    """The loss that belongs to a gradient."""
    for partner, function in functions.items():
        if words(partner) == base and base:
            return Pair("loss", function, gradient, sure=bool(base & LOSS))
    essence = base - LOSS - FILLERS
    for partner, function in functions.items():
        parts = words(partner)
        if parts & LOSS and not parts & GRADIENT and parts - LOSS - FILLERS == essence:
            return Pair("loss", function, gradient)
    return None


def of_functions(forward: Any, backward: Any) -> Pair:
    """A pair of functions in the form that their parameters say: a layer's, or a loss's."""
    given = list(inspect.signature(forward).parameters)
    needed = [
        name
        for name, parameter in inspect.signature(backward).parameters.items()
        if parameter.default is parameter.empty
    ]
    is_loss = bool(needed) and set(needed) <= set(given)
    return Pair("loss" if is_loss else "layer", forward, backward)


def with_loss(pair: Pair, functions: dict[str, Any]) -> Pair:
    """A pair of passes, of which the backward one takes targets, with the loss that takes them."""
    if pair.kind == "layer":
        for name, loss in functions.items():
            is_loss = words(name) & LOSS and not words(name) & (GRADIENT | BACKWARD)
            if is_loss and targets_of(pair.forward, loss, pair.backward):
                return pair._replace(kind="network", loss=loss)
    return pair


def targets_of(forward: Any, loss: Any, backward: Any) -> list[str]:
    """What a loss and a backward pass take, and the forward pass does not."""
    known, taken = needed(forward), inspect.signature(loss).parameters
    return [name for name in needed(backward) if name not in known and name in taken]


def pairs_of_class(kind: Any) -> Iterator[Pair]:
    """A class with both passes, or one that returns its loss with the gradients."""
    forward, backward, loss = (first(kind, names) for names in (METHODS, BACKWARD_METHODS, LOSSES))
    is_model = callable(getattr(kind, "loss", None)) and (
        returns_both(kind.loss) or callable(getattr(kind, "gradient", None))
    )
    if forward and backward and not is_empty(getattr(kind, forward)) and backward != "gradient":
        passes = [getattr(kind, name) for name in (forward, loss, backward) if name]
        has_targets = len(passes) == 3 and targets_of(*passes)
        yield Pair("object", kind, None, loss=passes[1] if has_targets else None)
    elif is_model:
        yield Pair("model", kind, None, sure=False)


def named_pair(module: ModuleType, names: str) -> Pair:
    """The pair that a user names: `loss,gradients`, or one function or class of both."""
    found = []
    for name in (part.strip() for part in names.split(",")):
        value = getattr(module, name, None)
        if not callable(value):
            raise InputError(f"there is no function {name!r} in it")
        found.append(value)
    if len(found) > 2:
        raise InputError(f"{names!r} are {len(found)} names; a pair has two, or one of both")
    if len(found) == 2:
        return of_functions(*found)
    kind = found[0]
    if not inspect.isclass(kind):
        return Pair("both", kind, None)
    return next(pairs_of_class(kind), Pair("object", kind, None))._replace(sure=True)


@cache
def word_tuple(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: of `conv_forward`, of `convForward`."""
    return tuple(word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name))


def words(name: str) -> set[str]:
    """The words of a name as a set."""
    return set(word_tuple(name))


@cache
def syntax(function: Any) -> Any:
    """The syntax tree of a function, class or module, or None where its source is not to be had."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return None


def returns_both(function: Any) -> bool:
    """Whether a function seems to return a loss and gradients, by its name or what it returns."""
    speaks = bool(words(function.__name__) & OF_BOTH)
    for node in ast.walk(syntax(function) or ast.Module([], [])):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            names = [each.id for each in node.value.elts if isinstance(each, ast.Name)]
            if speaks or (any(words(n) & LOSS for n in names) and any(map(is_gradient, names))):
                return True
    return False


def is_gradient(name: str) -> bool:
    """Whether a name is that of a gradient: `dW`, `grads`."""
    return bool(words(name) & GRADIENT) or re.match(r"d[A-Za-z]", name) is not None


def is_empty(method: Any) -> bool:
    """Whether a method is there for others to define: it only raises, passes, or has a text."""
    tree = syntax(method)
    if tree is None:
        return False
    return all(
        isinstance(line, ast.Raise | ast.Pass)
        or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
        for line in tree.body[0].body
    )


def first_line(value: Any) -> int:
    """Where a function or class begins."""
    try:
        return inspect.getsourcelines(value)[1]
    except (OSError, TypeError):
        return 0

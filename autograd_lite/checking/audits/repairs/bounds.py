"""What may be changed without danger: no sizes, no loop without an end, no file of the user's."""

import ast
from collections.abc import Iterator
from typing import Any

from ..running.sources import Source
from .sites import names_in

SIZED = frozenset((
    "zeros", "ones", "empty", "full", "eye", "identity", "arange", "linspace", "logspace", "range",
    "tile", "repeat", "pad", "broadcast_to", "resize", "tri", "indices", "ndarray", "bytearray",
))  # fmt: skip
FINITE = (
    "range", "enumerate", "zip", "reversed", "len", "min", "max", "items", "keys", "values", "list",
    "sorted", "ndenumerate", "ndindex", "tuple", "nonzero", "int", "abs", "arange", "unique",
)  # fmt: skip
COUNTS = ("range", "arange")  # whose constants are small, and often off by one
OUTWARD = frozenset((
    "save", "savez", "savez_compressed", "savetxt", "tofile", "dump", "to_csv", "to_pickle",
    "to_json", "savefig", "write", "write_text", "write_bytes", "writelines", "unlink", "mkdir",
    "rmtree", "makedirs", "urlopen",
))  # fmt: skip
BUILT_IN = ("open", "input", "exec", "eval")
MODULES = ("os", "subprocess", "shutil", "socket", "requests", "pathlib", "urllib")


def reaches_outward(source: Source) -> bool:
    """Whether a function may change files or speak to something outside."""
    for node in ast.walk(source.definition):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Name) and function.id in BUILT_IN:
                return True
            if isinstance(function, ast.Attribute) and (
                function.attr in OUTWARD or ast.unparse(function).split(".")[0] in MODULES
            ):
                return True
    return False


def may_go_on(source: Source) -> bool:
    """Whether a function might not come to an end with a change: one with a `while`, for example.

    A `for` ends if it goes through `range(...)` and the like, whose bounds are not changed, and
    nothing is added to what it goes through.
    """
    tree = source.definition
    grown = {
        ast.unparse(node.func.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("append", "extend", "insert", "add", "update")
    }  # fmt: skip
    loops = [node.iter for node in ast.walk(tree) if isinstance(node, ast.For | ast.comprehension)]
    return (
        any(isinstance(node, ast.While) for node in ast.walk(tree))
        or any(names_in(each) & grown or not ends(each) for each in loops)
        or calls_itself(source)
    )


def ends(node: ast.AST) -> bool:
    """Whether what a loop goes through has an end, whatever is changed in it."""
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
    return all(called_name(call) in FINITE for call in calls)


def calls_itself(source: Source) -> bool:
    """Whether a function calls itself."""
    name = source.definition.name
    return any(
        isinstance(node, ast.Name) and node.id == name for node in ast.walk(source.definition)
    )


def called_name(call: ast.Call) -> str:
    """The last name of what is called."""
    function = call.func
    return getattr(function, "attr", getattr(function, "id", ""))


def dangerous(source: Source) -> set[int]:
    """The ids of the nodes of a function that are not to be changed."""
    tree = source.definition
    found: set[int] = set()
    for part in guarded_parts(tree):
        found.update(id(node) for node in ast.walk(part))
    sizes = {name for part in sized_parts(tree) for name in counted(part)}
    nodes: Any = ast.walk(tree)
    for node in nodes:
        if is_assignment(node) and sets(node) & sizes:
            found.add(id(node))
            found.update(id(each) for each in ast.walk(node.value) if not is_of_shape(node, each))
    return found


def is_of_shape(statement: Any, node: Any) -> bool:
    """Whether a node is the number of an axis in `X.shape[0]`, of which there are few."""
    value = statement.value
    return (
        isinstance(value, ast.Subscript)
        and isinstance(value.value, ast.Attribute)
        and value.value.attr == "shape"
        and node is value.slice
    )


def guarded_parts(tree: ast.AST) -> Iterator[ast.AST]:
    """What is not to be changed: sizes, tests of `while`, exponents, lists that are repeated."""
    for node in ast.walk(tree):
        if isinstance(node, ast.While):
            tested = names_in(node.test)
            yield node.test
            yield from (
                each for each in ast.walk(node) if is_assignment(each) and sets(each) & tested
            )
        elif isinstance(node, ast.BinOp):
            plain = isinstance(node.right, ast.Constant | ast.UnaryOp)
            if isinstance(node.op, ast.Pow) and not plain:
                yield node.right
            lists = isinstance(node.left, ast.List) or isinstance(node.right, ast.List)
            if isinstance(node.op, ast.LShift) or lists:
                yield node
    yield from sized_parts(tree)


def is_assignment(node: ast.AST) -> bool:
    """Whether a node assigns."""
    return isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)


def sized_parts(tree: ast.AST) -> Iterator[ast.AST]:
    """What says how large something is, or how often something is done."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called_name(node) in SIZED:
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            counts = called_name(node) in COUNTS
            for value in values:
                yield from guarded_counts(value) if counts else (value,)


def guarded_counts(value: ast.AST) -> Iterator[ast.AST]:
    """What is not to be changed of a bound of `range`: all but a number that is added."""
    if isinstance(value, ast.BinOp) and isinstance(value.right, ast.Constant):
        yield value.left
    elif not isinstance(value, ast.Constant):
        yield value


def counted(part: ast.AST) -> set[str]:
    """The names of numbers in a size: `N` in `(N, X.shape[1])`."""
    if isinstance(part, ast.Attribute | ast.Call):
        return set()
    if isinstance(part, ast.Name):
        return {part.id}
    return {name for child in ast.iter_child_nodes(part) for name in counted(child)}


def sets(statement: Any) -> set[str]:
    """The plain names that a statement assigns."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return {
        each.id
        for target in targets
        for each in ast.walk(target)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }

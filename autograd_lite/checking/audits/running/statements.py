"""The statements of a source file: what each assigns, and from which names it computes that.

`statement_at(file, line)` finds the innermost simple statement, or the head of a loop.
"""

import ast
import linecache
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType
from typing import NamedTuple

GROWING = (
    "append",
    "extend",
    "insert",
    "fill",
    "update",
    "setdefault",
    "sort",
    "put",
    "appendleft",
)
FILLING = ("at", "copyto", "put", "put_along_axis", "fill_diagonal", "place", "putmask", "shuffle")
PLAIN_CALLS = ("str", "repr", "int", "format", "len", "range", "np.arange")  # of keys
Reads = tuple[tuple[str, ...], ...]  # of each thing read its names, the longest first


class Target(NamedTuple):
    """What a statement assigns: a name, an attribute, an entry, or entries of an array.

    `text` is as the user spells it, `base` what holds it (itself for a name). `load` is the code
    that reads it, `load_base` that reads the base, `key` that of the index. A `plain` target can be
    read a second time without harm.
    """

    text: str
    base: str
    load: CodeType
    load_base: CodeType | None
    key: CodeType | None
    attribute: str | None
    is_entry: bool = False
    plain: bool = True


class Part(NamedTuple):
    """One target of a statement, or one element of what it returns (`target` is None).

    `place` says where in a returned tuple or dict the value lies; `updates` that the old value
    is one of those that the new one is computed from, `adds` that something is added to it.
    """

    target: Target | None
    text: str
    place: int | str | None
    reads: Reads
    updates: bool
    expression: ast.expr | None
    line: int | None = None  # of an element of what is returned: its own
    source: str | None = None
    adds: bool = False


class Statement(NamedTuple):
    """A simple statement with its parts. `call` is the function that makes up its right side."""

    file: str
    line: int
    source: str
    parts: tuple[Part, ...]
    returns: bool
    call: str | None
    arguments: dict[str, tuple[tuple[Reads, ...], dict[str, Reads]]]
    last: int
    changes: bool = False


@lru_cache(maxsize=64)
def statements_of(file: str, fingerprint: int) -> dict[int, Statement]:  # noqa: ARG001
    """The statements of a file by each of their lines."""
    text = "".join(linecache.getlines(file))
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return {}
    lines = text.splitlines()
    found: dict[int, Statement] = {}
    for node in ast.walk(tree):  # from the outside inwards
        if isinstance(node, ast.stmt):
            statement = statement_of(node, file, lines)
            if statement is not None:
                for line in range(statement.line, statement.last + 1):
                    found[line] = statement
    return found


def statement_at(file: str, line: int) -> Statement | None:
    """The statement on a line of a file, or None where there is no source."""
    return statements_of(file, len(linecache.getlines(file))).get(line)


def statement_of(node: ast.stmt, file: str, lines: list[str]) -> Statement | None:
    """What a statement does; None for one that holds others, unless it is the head of a loop."""
    last = node.end_lineno or node.lineno
    if isinstance(node, ast.For):
        parts = tuple(assigned(node.target, node.iter, False))
        last = node.body[0].lineno - 1 if node.body[0].lineno > node.lineno else node.lineno
        call: str | None = None
        value: ast.expr | None = node.iter
    elif isinstance(node, ast.If | ast.While | ast.With | ast.Try | ast.FunctionDef | ast.ClassDef):
        return None
    else:
        parts = parts_of(node)
        expression = getattr(node, "value", None)
        call, value = called(expression), expression
    arguments = dict(calls_in(value)) if value is not None else {}
    source = "\n".join(line.strip() for line in lines[node.lineno - 1 : last])
    returns = isinstance(node, ast.Return)
    if returns and last > node.lineno:
        parts = tuple(on_own_line(part, lines) for part in parts)
    changes = any(part.target and (part.adds or part.target.is_entry) for part in parts)
    return Statement(file, node.lineno, source, parts, returns, call, arguments, last, changes)


def on_own_line(part: Part, lines: list[str]) -> Part:
    """An element of what is returned with its own line and source."""
    element = part.expression
    if element is None:
        return part
    own = lines[element.lineno - 1 : element.end_lineno]
    return part._replace(line=element.lineno, source="\n".join(line.strip() for line in own))


def parts_of(node: ast.stmt) -> tuple[Part, ...]:
    """The targets of an assignment, or the elements of what is returned."""
    if isinstance(node, ast.Assign):
        return tuple(part for t in node.targets for part in assigned(t, node.value, False))
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return tuple(assigned(node.target, node.value, False))
    if isinstance(node, ast.AugAssign):
        adds = isinstance(node.op, ast.Add | ast.Sub)
        return tuple(part._replace(adds=adds) for part in assigned(node.target, node.value, True))
    if isinstance(node, ast.Return) and node.value is not None:
        return tuple(returned(node.value))
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return tuple(changed(node.value))
    return ()


def assigned(target: ast.expr, value: ast.expr, updates: bool) -> Iterator[Part]:
    """The parts of an assignment to a target: those of each element of a tuple."""
    if isinstance(target, ast.Starred):
        target = target.value
    if isinstance(target, ast.Tuple | ast.List):
        same = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
        for at, element in enumerate(target.elts):
            of = value.elts[at] if same else value  # type: ignore[attr-defined]
            for part in assigned(element, of, updates):
                yield part if same else part._replace(place=at)
        return
    whole = target_of(target)
    if whole is None:
        return
    yield Part(whole, whole.text, None, reads_of(value) + index_reads(target), updates, value)
    if isinstance(value, ast.Dict) and isinstance(target, ast.Name):
        for key, item in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant):
                entry = ast.Subscript(target, key, ast.Load())
                place = target_of(ast.fix_missing_locations(entry))
                if place is not None:
                    yield Part(place, place.text, None, reads_of(item), False, item)


def returned(value: ast.expr) -> Iterator[Part]:
    """The elements of what is returned."""
    if isinstance(value, ast.Tuple | ast.List):
        for at, element in enumerate(value.elts):
            yield Part(None, ast.unparse(element), at, reads_of(element), False, element)
    elif isinstance(value, ast.Dict):
        for key, item in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant):
                place = key.value if isinstance(key.value, int) else str(key.value)
                yield Part(None, ast.unparse(item), place, reads_of(item), False, item)
    else:
        yield Part(None, ast.unparse(value), None, reads_of(value), False, value)


def changed(call: ast.Call) -> Iterator[Part]:
    """What a call changes that stands by itself: `caches.append(x)`, `np.add.at(dW, i, g)`."""
    function = call.func
    target: ast.expr | None = None
    for keyword in call.keywords:
        if keyword.arg == "out":
            target = keyword.value
    if target is None and isinstance(function, ast.Attribute):
        numpys = isinstance(function.value, ast.Name | ast.Attribute) and ast.unparse(
            function.value
        ).startswith(("np", "numpy"))
        if numpys and function.attr in FILLING and call.args:
            target = call.args[0]
        elif not numpys and function.attr in GROWING:
            target = function.value
    whole = target_of(target) if target is not None else None
    if whole is not None:
        adds = ast.unparse(function).endswith(("add.at", "subtract.at"))
        yield Part(whole, whole.text, None, reads_of(call), True, call, adds=adds)


def target_of(node: ast.expr) -> Target | None:
    """A target, or None for what is none."""
    if not isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        return None
    if isinstance(node, ast.Name):
        return Target(node.id, node.id, code_of(node), None, None, None)
    base = code_of(node.value)
    load = code_of(node)
    if isinstance(node, ast.Attribute):
        text = ast.unparse(node)
        return Target(text, text, load, base, None, node.attr)
    plain = is_plain(node.slice)
    key = code_of(node.slice) if plain and not has_slices(node.slice) else None
    return Target(ast.unparse(node), ast.unparse(node.value), load, base, key, None, True, plain)


def code_of(node: ast.expr) -> CodeType:
    """The code that reads an expression."""
    copy = ast.parse(ast.unparse(node), mode="eval")
    return compile(copy, "<autograd_lite target>", "eval")


def has_slices(key: ast.expr) -> bool:
    """Whether an index takes slices, or what else only NumPy knows."""
    return any(isinstance(node, ast.Slice | ast.Starred) for node in ast.walk(key))


def is_plain(key: ast.expr) -> bool:
    """Whether an index can be computed a second time without harm."""
    if any(isinstance(node, ast.Starred | ast.NamedExpr | ast.Await) for node in ast.walk(key)):
        return False
    calls = [node for node in ast.walk(key) if isinstance(node, ast.Call)]
    return all(ast.unparse(call.func) in PLAIN_CALLS for call in calls)


def index_reads(target: ast.expr) -> Reads:
    """The names that an index of a target reads."""
    return reads_of(target.slice) if isinstance(target, ast.Subscript) else ()


def called(value: ast.expr | None) -> str | None:
    """The name of the function whose result is the whole of an expression."""
    if isinstance(value, ast.Call):
        return getattr(value.func, "attr", getattr(value.func, "id", None))
    return None


def calls_in(value: ast.AST) -> Iterator[tuple[str, tuple[tuple[Reads, ...], dict[str, Reads]]]]:
    """By the name of each function that an expression calls once: what its arguments read."""
    calls = [node for node in ast.walk(value) if isinstance(node, ast.Call)]
    names = [called(call) for call in calls]
    for name, call in zip(names, calls, strict=True):
        plain = not any(isinstance(argument, ast.Starred) for argument in call.args)
        if name is not None and names.count(name) == 1 and plain:
            keywords = {k.arg: reads_of(k.value) for k in call.keywords if k.arg is not None}
            yield name, (tuple(map(reads_of, call.args)), keywords)


def reads_of(value: ast.AST) -> Reads:
    """What an expression reads: for `self.W.T` the names `self.W.T`, `self.W` and `self`."""
    found: dict[tuple[str, ...], None] = {}
    waiting: list[ast.AST] = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
            names: list[str] = []
            inner: ast.expr = node
            while isinstance(inner, ast.Attribute | ast.Subscript):
                if isinstance(inner, ast.Subscript):
                    waiting.append(inner.slice)
                names.append(ast.unparse(inner))
                inner = inner.value
            if isinstance(inner, ast.Name):
                found[(*names, inner.id)] = None
            else:
                waiting.append(inner)
        else:
            waiting.extend(ast.iter_child_nodes(node))
    return tuple(found)

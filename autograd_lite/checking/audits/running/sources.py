"""The source of the user's functions as syntax trees that can be changed and run in their place."""

import ast
import copy
import inspect
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType, FunctionType, MethodType
from typing import Any, NamedTuple

from ....transforms.verbatim.origins import is_users

MOST_FUNCTIONS = 12


class Slot(NamedTuple):
    """A place in a syntax tree that holds a node: a field of its parent, or an item of one."""

    parent: ast.AST
    field: str
    position: int | None

    @property
    def node(self) -> Any:
        """What stands there."""
        value = getattr(self.parent, self.field)
        return value if self.position is None else value[self.position]

    def put(self, node: Any) -> None:
        """Let `node` stand there."""
        if self.position is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.position] = node


class Source:
    """A function of the user's and the syntax tree of its definition, with its own line numbers."""

    def __init__(self, function: FunctionType) -> None:
        lines, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(lines)))
        ast.increment_lineno(tree, first - 1)
        definition = tree.body[0]
        if not isinstance(definition, ast.FunctionDef):
            raise TypeError("no function definition")
        definition.decorator_list = []
        self.function = function
        self.definition = definition
        self.file = function.__code__.co_filename
        self.is_forward = False  # whether the loss is computed by it as well

    def compiled(self) -> CodeType:
        """The code of the tree as it is now, for a function with the same closure."""
        function, free = self.function, self.function.__code__.co_freevars
        definition = copy.copy(self.definition)
        definition.args = without_defaults(definition.args)
        body: list[ast.stmt] = [definition]
        if free:
            assigned: list[ast.stmt] = [
                ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None)) for name in free
            ]
            nothing = ast.parse("def outer(): 0").body[0].args  # type: ignore[attr-defined]
            outer = ast.FunctionDef("outer", nothing, [*assigned, definition], [], None, None)
            body = [ast.fix_missing_locations(ast.copy_location(outer, definition))]
        module = ast.Module(body, [])
        try:
            code = compile(module, self.file, "exec")
        except TypeError:  # nodes without a place, which most trees do not have: it takes long
            code = compile(ast.fix_missing_locations(module), self.file, "exec")
        for _ in range(2 if free else 1):
            code = next(each for each in code.co_consts if isinstance(each, CodeType))
        return code.replace(co_filename=function.__code__.co_filename)

    @contextmanager
    def exchanged(self) -> Iterator[None]:
        """Let the user's function run the tree as it is now."""
        original = self.function.__code__
        self.function.__code__ = self.compiled()
        try:
            yield
        finally:
            self.function.__code__ = original


def without_defaults(arguments: ast.arguments) -> ast.arguments:
    """The same parameters; the values of their defaults stay with the function."""
    return ast.arguments(
        arguments.posonlyargs, arguments.args, arguments.vararg, arguments.kwonlyargs,
        [None] * len(arguments.kwonlyargs), arguments.kwarg, [],
    )  # fmt: skip


def plain_function(function: Any) -> FunctionType | None:
    """The function behind a method, or None for what has no source of its own."""
    if isinstance(function, MethodType):
        function = function.__func__
    return function if isinstance(function, FunctionType) else None


def sources_of(function: Any, call: Any) -> tuple[list[Source], dict[str, dict[str, Any]]]:
    """The user's functions that run in `call()`, and the last values of the names in each.

    `function` comes first.
    """
    found: dict[CodeType, dict[str, Any]] = {}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if event == "return":
            found[frame.f_code] = dict(frame.f_locals)
        return trace if event != "call" or is_users(frame.f_code.co_filename) else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    first = plain_function(function)
    sources, values = [], {}
    for code, local in list(found.items())[-MOST_FUNCTIONS:]:
        target = first if first is not None and first.__code__ is code else function_of(first, code)
        if target is None:
            continue
        try:
            source = Source(target)
        except (OSError, TypeError, SyntaxError, IndexError):
            continue
        sources.append(source)
        values[source.definition.name] = local
    sources.sort(key=lambda source: source.function is not first)
    return sources, values


def function_of(first: FunctionType | None, code: CodeType) -> FunctionType | None:
    """The function that runs a code, among those that the first one can name."""
    if first is None:
        return None
    for value in first.__globals__.values():
        if isinstance(value, FunctionType) and value.__code__ is code:
            return value
        if isinstance(value, type):
            for member in vars(value).values():
                if isinstance(member, FunctionType) and member.__code__ is code:
                    return member
    return None


def slots(tree: ast.AST) -> Iterator[tuple[Slot, ast.stmt]]:
    """Every expression under a tree, with the statement that it is part of."""

    def walk(node: ast.AST, statement: Any) -> Iterator[tuple[Slot, ast.stmt]]:
        for field, value in ast.iter_fields(node):
            items: list[tuple[int | None, Any]] = (
                [*enumerate(value)] if isinstance(value, list) else [(None, value)]
            )
            for position, item in items:
                if not isinstance(item, ast.AST):
                    continue
                inner = item if isinstance(item, ast.stmt) else statement
                if isinstance(item, ast.expr | ast.stmt):
                    yield Slot(node, field, position), inner
                yield from walk(item, inner)

    yield from walk(tree, None)

"""What is mutated: the formulas of the declared operations, and the functions that those call.

A mutant runs in place of the original, wherever that is known: a function's code is exchanged,
while the function stays the same object, with its globals, closure and default arguments.
"""

import ast
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dis import get_instructions
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from autograd_lite.core.operation import OPERATIONS, PRIMITIVES, Operation, zero

from .mutants import Function

if importlib.util.find_spec("scipy") is not None:
    importlib.import_module("autograd_lite.scipy")  # declares the derivatives of SciPy's functions

# The engine has tests of its own; a formula's own functions stand beside it.
RULES = ("autograd_lite.rules", "autograd_lite.scipy")


class Part(NamedTuple):
    """Code to be mutated: that of a formula, or of what formulas call, and all who run it.

    A declaration inside a function or a loop makes several functions of one piece of source.
    """

    name: str
    functions: tuple[FunctionType, ...]

    @property
    def code(self) -> CodeType:
        """The code that is compiled from the source."""
        return self.functions[0].__code__


class Subject(NamedTuple):
    """Parts, and the operations whose tests have to notice that they are wrong."""

    name: str
    parts: tuple[Part, ...]
    operations: tuple[Operation, ...]


def subjects() -> list[Subject]:
    """One for each operation, then one for each piece of code that several operations share."""
    users: dict[CodeType, dict[Operation, None]] = {}
    functions: dict[CodeType, dict[FunctionType, None]] = {}
    for operation in OPERATIONS.values():
        for function in reached(operation):
            users.setdefault(function.__code__, {})[operation] = None
            functions.setdefault(function.__code__, {})[function] = None
    names = {f.__code__: name for operation in reversed(OPERATIONS.values())
             for f, name in formula_names(operation).items()}  # fmt: skip
    own: dict[Operation, list[Part]] = {}
    shared = []
    for code, known in users.items():
        part = Part(names.get(code) or plain_name(*functions[code]), tuple(functions[code]))
        if len(known) == 1:
            own.setdefault(*known, []).append(part)
        else:
            shared.append(Subject(part.name, (part,), nearest(part, [*known])))
    alone = [
        Subject(full_name(operation), tuple(own[operation]), (operation,)) for operation in own
    ]
    return alone + shared


def formulas(operation: Operation) -> list[FunctionType]:
    """The formulas of an operation, each once."""
    found = dict.fromkeys(rule.formula for rule in operation.rules if rule.formula is not zero)
    return [formula for formula in found if isinstance(formula, FunctionType)]


def formula_names(operation: Operation) -> dict[FunctionType, str]:
    """The formulas of an operation, named by operation and operand: `multiply/a`."""
    operands = {rule.formula: rule.operand for rule in reversed(operation.rules)}
    return {f: f"{full_name(operation)}/{operands[f]}" for f in formulas(operation)}


def full_name(operation: Operation) -> str:
    """The name of an operation, with that of SciPy before it if it stands among its functions."""
    modules = {formula.__module__ for formula in formulas(operation)}
    of_scipy = any(module.startswith("autograd_lite.scipy") for module in modules)
    return f"scipy.{operation.name}" if of_scipy else operation.name


def plain_name(function: FunctionType, *_: FunctionType) -> str:
    """Module and name of a function, `reductions.keep_axes`; of one without a name its source."""
    name = function.__qualname__
    if name == "<lambda>":
        name = ast.unparse(source(function.__code__))
    return f"{function.__module__.rpartition('.')[2]}.{name}"


def nearest(part: Part, users: list[Operation]) -> tuple[Operation, ...]:
    """Operations in the order in which they are tried: those of the code's own module first."""
    module = part.functions[0].__module__
    foreign = {user: all(f.__module__ != module for f in formulas(user)) for user in users}
    return tuple(sorted(users, key=lambda user: (foreign[user], len(user.cases))))


def reached(operation: Operation) -> list[FunctionType]:
    """The formulas of an operation and the functions of the rules that they call."""
    found: dict[FunctionType, None] = {}
    waiting = formulas(operation)[::-1]
    while waiting:
        function = waiting.pop()
        if function not in found:
            found[function] = None
            waiting += callees(function)
    return list(found)


def callees(function: FunctionType) -> Iterator[FunctionType]:
    """The functions that a function names: of the rules, and not operations themselves."""
    code = function.__code__
    values = [function.__globals__.get(name) for name in names(code)]
    values += [cell.cell_contents for cell in function.__closure__ or ()]
    for value in values:
        for item in members(value):
            plain = getattr(item, "__wrapped__", item)  # what @cache holds
            own = isinstance(plain, FunctionType) and plain.__module__.startswith(RULES)
            if own and item not in PRIMITIVES:
                yield plain


def members(value: Any) -> Iterator[Any]:
    """The values of a table or sequence, also inside another, and the methods of a class."""
    if isinstance(value, type):
        value = list(vars(value).values())
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from members(item)
    else:
        yield value


def names(code: CodeType) -> Iterator[str]:
    """The global names that code looks up, with those of the functions inside it."""
    yield from (i.argval for i in get_instructions(code) if i.opname == "LOAD_GLOBAL")
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names(constant)


# Source and code


def source(code: CodeType) -> Function:
    """The syntax tree of a function: the smallest in its file that holds all of its code."""
    places = [(line, column) for line, _, column, _ in code.co_positions()
              if line is not None and (column or line != code.co_firstlineno)]  # fmt: skip
    low, high = min(places), max(places)
    count = code.co_argcount + code.co_kwonlyargcount
    found = [
        node
        for node in functions(code.co_filename)
        if (node.lineno, node.col_offset) <= low
        and high <= (node.end_lineno or 0, node.end_col_offset or 0)
        and parameters(node) == code.co_varnames[:count]
    ]
    return max(found, key=lambda node: (node.lineno, node.col_offset))


def parameters(node: Function) -> tuple[str, ...]:
    """The names of a function's parameters in their order, without `*args` and `**kwargs`."""
    args = node.args
    return tuple(a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs))


@cache
def functions(file: str) -> list[Function]:
    """All functions and lambdas of a file."""
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def compiled(tree: Function, original: CodeType) -> CodeType:
    """The code of a syntax tree, for a function that has the original's closure."""
    body = [ast.Return(tree.body)] if isinstance(tree, ast.Lambda) else tree.body
    # Named once, so that the code keeps every variable of the closure.
    kept: list[ast.stmt] = [ast.Expr(ast.Name(v, ast.Load())) for v in original.co_freevars]
    args = ast.parse("def f(): 0").body[0].args  # type: ignore[attr-defined]  # all fields empty
    for field in ("posonlyargs", "args", "kwonlyargs"):
        setattr(args, field, [ast.arg(a.arg) for a in getattr(tree.args, field)])
    args.vararg = tree.args.vararg and ast.arg(tree.args.vararg.arg)
    args.kwarg = tree.args.kwarg and ast.arg(tree.args.kwarg.arg)
    args.kw_defaults = [None] * len(args.kwonlyargs)
    inner = ast.FunctionDef("mutant", args, kept + body, [], None)
    outer = ast.parse(f"def outer({', '.join(original.co_freevars)}): 0")
    outer.body[0].body = [inner]  # type: ignore[attr-defined]  # it is a function
    module = compile(ast.fix_missing_locations(outer), original.co_filename, "exec")
    return inner_code(inner_code(module))


def inner_code(code: CodeType) -> CodeType:
    """The code of the one function that is defined in it."""
    return next(constant for constant in code.co_consts if isinstance(constant, CodeType))


@contextmanager
def in_place(part: Part, mutated: Function) -> Iterator[None]:
    """Let the functions of a part have the code of a mutant for a while."""
    original = part.code
    code = compiled(mutated, original)
    for function in part.functions:
        function.__code__ = code
    forget_cached()
    try:
        yield
    finally:
        for function in part.functions:
            function.__code__ = original
        forget_cached()


def forget_cached() -> None:
    """Empty the caches of the rules, which a mutant may have filled."""
    for name, module in list(sys.modules.items()):
        if name.startswith(RULES):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()

"""Mutants of a function: its source with one small error each, of the kinds that people make.

    >>> [mutant.change for mutant in mutants(parsed("lambda g, x: g - x"))][:4]
    ['g - x -> -(g - x)', 'g - x -> 2.0 * (g - x)', 'g - x -> g + x', 'g - x -> x - g']

Sign, factor, constant, operator, dropped term, swapped operands or arguments, comparison, boolean
operator, swapped branches, dropped keyword. Constants of one more and one less are also axes and
indices that are off by one.

Annotations, docstrings, what raises errors and questions about a type stay as they are, and so
does what cannot matter: the sign of zeros and of masks, the order of the axes that `swapaxes`
exchanges, `strict=` of a `zip` that is right.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import NamedTuple

Function = ast.Lambda | ast.FunctionDef
CONTEXT = 18  # characters of an expression that are shown on either side of what changes

OPERATORS: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
COMPARISONS: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
COUNTERPARTS = {
    "logical_and": "logical_or", "logical_or": "logical_and", "any": "all", "all": "any",
    "max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum",
}  # fmt: skip
ORDERED = (ast.Sub, ast.Div, ast.Pow, ast.MatMult, ast.Mod, ast.FloorDiv)
SYMMETRIC = {
    "add", "multiply", "logical_and", "logical_or", "logical_xor", "maximum", "minimum", "max",
    "min", "fmax", "fmin", "hypot", "array_equal", "isinstance", "getattr", "hasattr", "issubclass",
    "result_type",
}  # fmt: skip
NO_NUMBER = (ast.Tuple, ast.List, ast.Compare, ast.BoolOp, ast.Constant, type(None))
UNTOUCHED = {"message", "format_call", "isinstance"}
WITHOUT_SIGN = {"zeros", "zeros_like", "logical_and", "logical_or", "logical_not", "isnan", "bool"}


class Mutant(NamedTuple):
    """A function with an error in it; `change` says which, and is unique within the function."""

    change: str
    function: Function


def parsed(source: str) -> ast.Lambda:
    """The syntax tree of a lambda."""
    tree = ast.parse(source, mode="eval").body
    assert isinstance(tree, ast.Lambda)
    return tree


def mutants(function: Function) -> list[Mutant]:
    """All mutants of a function that differ from it and from one another."""
    seen = {ast.unparse(function)}
    times: Counter[str] = Counter()
    result = []
    for node, around in places(function, function):
        for replacement in replacements(node):
            # deepcopy takes what stands in its memo for the copy of a node
            mutated = ast.fix_missing_locations(deepcopy(function, {id(node): replacement}))
            text = ast.unparse(mutated)
            if text not in seen:
                seen.add(text)
                shown = deepcopy(around, {id(node): replacement})
                change = described(expression(around), expression(shown))
                times[change] += 1
                numbered = f"{change} #{times[change]}" if times[change] > 1 else change
                result.append(Mutant(numbered, mutated))
    return result


def expression(node: ast.AST) -> str:
    """The source of a node, of what returns a value that of the value."""
    value = {ast.Lambda: "body", ast.Return: "value"}.get(type(node))
    return ast.unparse(getattr(node, value) if value else node)


def described(before: str, after: str) -> str:
    """What changes in an expression, with a little of what stands around it.

    >>> described("np.where(live, g, 0.0) * np.sqrt(x)", "np.where(live, g, 1.0) * np.sqrt(x)")
    '...where(live, g, 0.0) * np.sqrt(x) -> ...where(live, g, 1.0) * np.sqrt(x)'
    """
    before, after = " ".join(before.split()), " ".join(after.split())
    start = common(before, after)
    end = min(common(before[::-1], after[::-1]), min(len(before), len(after)) - start)
    left, right = max(start - CONTEXT, 0), max(end - CONTEXT, 0)
    if left <= len("..."):
        left = 0
    if right <= len("..."):
        right = 0
    shown = (text[left : len(text) - right] for text in (before, after))
    dots = ["..." if cut else "" for cut in (left, right)]
    return " -> ".join(f"{dots[0]}{text}{dots[1]}" for text in shown)


def common(one: str, other: str) -> int:
    """The number of characters with which both begin."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def places(node: ast.AST, around: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """The nodes of a function that may be replaced, from the outside in, each with a context.

    Of a number alone nobody could say where it stands: its context is the expression around it.
    """
    if isinstance(node, ast.Raise | ast.JoinedStr | ast.arguments) or is_left_alone(node):
        return
    if not isinstance(node, ast.Constant | ast.UnaryOp | ast.keyword | ast.Slice):
        around = node
    yield node, around
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Is | ast.IsNot):
        yield from places(node.left, around)  # what it is, True or None, has no neighbour
        return
    for field, child in ast.iter_fields(node):
        if field not in {"annotation", "returns", "decorator_list"}:
            for item in child if isinstance(child, list) else [child]:
                if isinstance(item, ast.AST):
                    yield from places(item, around)


def is_left_alone(node: ast.AST) -> bool:
    """Whether a call or keyword is none of the formula's."""
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    return isinstance(node, ast.Call) and name_of(node.func) in UNTOUCHED


def name_of(node: ast.AST) -> str:
    """The last part of the name of what is called."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def replacements(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node by mistake."""
    match node:
        case ast.Lambda() | ast.Return():
            yield from other_results(node)
        case ast.BinOp():
            yield from operations(node)
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert(), operand=operand):
            yield operand
        case ast.Compare() | ast.BoolOp() | ast.IfExp() | ast.If():
            yield from conditions(node)
        case ast.Call():
            yield from calls(node)
        case ast.Constant(value=value):
            yield from map(ast.Constant, constants(value))


def other_results(node: ast.Lambda | ast.Return) -> Iterator[ast.AST]:
    """A result with the other sign, and twice as large."""
    field = "body" if isinstance(node, ast.Lambda) else "value"
    value = getattr(node, field)
    if not isinstance(value, NO_NUMBER) and not has_no_sign(value):
        for changed in (
            ast.UnaryOp(ast.USub(), value),
            ast.BinOp(ast.Constant(2.0), ast.Mult(), value),
        ):
            yield type(node)(**{**dict(ast.iter_fields(node)), field: changed})


def has_no_sign(value: ast.expr) -> bool:
    """Whether an expression is a mask, or zeros."""
    if isinstance(value, ast.BinOp):
        return isinstance(value.op, ast.BitAnd | ast.BitOr)
    return isinstance(value, ast.Call) and name_of(value.func) in WITHOUT_SIGN


def conditions(node: ast.Compare | ast.BoolOp | ast.IfExp | ast.If) -> Iterator[ast.AST]:
    """Another comparison, `or` for `and`, half of a condition, swapped branches."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=comparators):
            for other in COMPARISONS[type(op)]:
                yield ast.Compare(left, [other()], comparators)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            yield from values
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.If(test=test, body=statements, orelse=others):
            yield ast.If(ast.UnaryOp(ast.Not(), test), statements, others)


def operations(node: ast.BinOp) -> Iterator[ast.expr]:
    """Another operator, swapped operands, one operand alone."""
    left, op, right = node.left, node.op, node.right
    if type(op) in OPERATORS:
        yield ast.BinOp(left, OPERATORS[type(op)](), right)
    if isinstance(op, ORDERED):
        yield ast.BinOp(right, op, left)
    if not isinstance(op, ast.MatMult):
        yield left
        yield ast.UnaryOp(ast.USub(), right) if isinstance(op, ast.Sub) else right


def calls(node: ast.Call) -> Iterator[ast.expr]:
    """Swapped neighbours among the arguments, a keyword less, the counterpart of the function."""
    name = name_of(node.func)
    args = node.args
    if name not in SYMMETRIC and not any(isinstance(arg, ast.Starred) for arg in args):
        for n in range(len(args) - 1 - (name == "swapaxes")):
            swapped = [*args[:n], args[n + 1], args[n], *args[n + 2 :]]
            yield ast.Call(node.func, swapped, node.keywords)
    for n, keyword in enumerate(node.keywords):
        if keyword.arg not in {None, "strict"}:
            yield ast.Call(node.func, args, node.keywords[:n] + node.keywords[n + 1 :])
    if name in {"logical_not", "invert"}:
        yield args[0]
    if name in COUNTERPARTS and isinstance(node.func, ast.Attribute):
        other = ast.Attribute(node.func.value, COUNTERPARTS[name], ast.Load())
        yield ast.Call(other, args, node.keywords)


def constants(value: object) -> Iterator[object]:
    """Other numbers than the right one."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, float):
        yield 2.0 * value if value else 1.0

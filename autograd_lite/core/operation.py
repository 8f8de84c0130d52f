"""What the engine knows about a function: `declare` a derivative rule in one statement.

    declare(np.log1p, kind=ELEMENTWISE, domain=ABOVE_MINUS_ONE, x=lambda g, x: g / (1 + x))

The keyword is the operand being differentiated. The parameters of the formula are what it needs,
and nothing else is kept until the backward sweep:

==============  ===================================================================
``g``           the incoming gradient, always first: shape and dtype of the result
``y``           the result
``x``, ``b``    an operand, or any parameter of the function (``axis``, ``keepdims``)
``x_shape``     the shape of an operand, where a shape will do (``y_shape`` likewise)
``member``      which one of a sequence of operands is being differentiated; for a sequence
                ``arrays_shapes`` has the shape of each
==============  ===================================================================

Formulas are plain NumPy, so they run on arrays and, when a gradient is itself differentiated, on
Tensors: no in-place work, no `if` on values, masks by comparison.
"""

import enum
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Formula = Callable[..., Any]


class Kind(enum.Enum):
    """How a tangent, a batch axis and a structural zero pass through a function."""

    ELEMENTWISE = "elementwise"  # one output entry per broadcast input entry
    SHAPE = "shape"  # entries are moved, repeated, dropped or summed: coefficients 0 and 1
    LINEAR = "linear"  # linear in its operand
    MULTILINEAR = "multilinear"  # linear in each operand by itself
    GENERAL = "general"


ELEMENTWISE, SHAPE, LINEAR, MULTILINEAR, GENERAL = Kind


class Domain(NamedTuple):
    """Where a function is smooth and finite: an open interval less isolated points.

    `avoid` lists kinks and jumps; for a function of several operands those of each operand by
    itself, and `ties` says that it has a kink where two operands (or two entries) are equal.
    """

    low: float = -np.inf
    high: float = np.inf
    avoid: tuple[float, ...] = ()
    ties: bool = False


REAL = Domain()
POSITIVE = Domain(low=0.0)
NONZERO = Domain(avoid=(0.0,))
UNTIED = Domain(ties=True)


class Rule:
    """The derivative of one function with respect to one operand.

    `formula(g, *kept)` is the gradient of the operand; `keep(y, member, *args, **kwargs)` picks
    what the formula names out of a call. `keep` is written on first use, as a function with the
    signature of the declared one, so that Python itself binds the arguments.
    """

    __slots__ = ("elementwise", "formula", "keep", "operand", "operation")

    def __init__(self, operation: "Operation", operand: str, formula: Formula) -> None:
        self.operation = operation
        self.operand = operand
        self.formula = formula
        self.elementwise = operation.kind is ELEMENTWISE
        self.keep: Callable[..., tuple[Any, ...]] = self._write_keep
        operation.signature.check(self)

    def needs(self) -> tuple[str, ...]:
        """Names of the formula's parameters after `g`."""
        code = self.formula.__code__
        return code.co_varnames[1 : code.co_argcount]

    def _write_keep(self, y: Any, member: int | None, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        signature = self.operation.signature
        picked = "".join(f"{signature.expression(name)}, " for name in self.needs())
        self.keep = signature.function(f"({picked})", before="y, member, ")
        return self.keep(y, member, *args, **kwargs)


class Signature:
    """The parameters of a declared function, as source from which small functions are made."""

    def __init__(self, function: Any, text: str | None) -> None:
        self.owner = getattr(function, "__name__", str(function))
        self.defaults: dict[str, Any] = {}
        if text is None and isinstance(function, np.ufunc):
            text = {1: "x", 2: "a, b"}[function.nin]
        self.text = self._from_code(function) if text is None else text
        names = (part.split("=")[0].strip(" *") for part in self.text.split(","))
        self.names = [name for name in names if name and name != "/"]

    def _from_code(self, function: Any) -> str:
        """Parameters of a Python function; NumPy's `<no value>` defaults become plain ones."""
        function = getattr(function, "_implementation", function)
        parts, starred = [], False
        for name, parameter in inspect.signature(function).parameters.items():
            if parameter.kind is parameter.VAR_POSITIONAL:
                parts.append(f"*{name}")
            elif parameter.kind is parameter.VAR_KEYWORD:
                parts.append(f"**{name}")
            else:
                if parameter.kind is parameter.KEYWORD_ONLY and not starred:
                    parts.append("*")
                    starred = True
                parts.append(name + self._default(name, parameter.default))
        return ", ".join(parts)

    def _default(self, name: str, value: Any) -> str:
        if value is inspect.Parameter.empty:
            return ""
        plain = {"keepdims": False, "where": True}
        no_value = type(value) is type(np._NoValue)
        self.defaults[f"_{name}"] = plain.get(name) if no_value else value
        return f"=_{name}"

    def check(self, rule: Rule) -> None:
        """Refuse a rule for an operand, or a formula with a parameter, that does not exist."""
        known = {"y", "member", *self.names}
        for name in (rule.operand, *rule.needs()):
            if name.removesuffix("_shapes").removesuffix("_shape") not in known:
                allowed = ", ".join(sorted(known))
                raise NameError(
                    f"declare({self.owner}): unknown name {name!r} in the rule for "
                    f"{rule.operand!r}; allowed: g, {allowed}, each also with _shape"
                )

    def expression(self, name: str) -> str:
        """The source that gives a formula's parameter."""
        if name in self.names:
            return name
        if name.endswith("_shapes"):
            return f"tuple(map(shape_of, {name.removesuffix('_shapes')}))"
        return f"shape_of({name.removesuffix('_shape')})" if name.endswith("_shape") else name

    def function(self, body: str, before: str = "") -> Callable[..., tuple[Any, ...]]:
        """`lambda <before>, <parameters>: <body>`."""
        source = compile(f"lambda {before}{self.text}: {body}", "<autograd_lite keep>", "eval")
        made: Callable[..., tuple[Any, ...]] = eval(source, {"shape_of": np.shape, **self.defaults})
        return made


class Operation:
    """A declared function: its rules, what they hold for, and examples of its use.

    `kernel` computes the same value as `function` on plain arrays, when there is a faster way
    than NumPy's own Python code. `cases` are calls for the generated tests, as keyword arguments
    in which operands are given by their shape: ``"a=(n, m), axis=0"``.
    """

    __slots__ = (
        "bind", "cases", "domain", "function", "kernel", "kind", "name", "remedy", "rules",
        "signature",
    )  # fmt: skip

    def __init__(
        self, function: Any, kind: Kind, domain: Domain, cases: tuple[str, ...],
        signature: str | None, kernel: Callable[..., Any] | None, remedy: str | None,
        rules: dict[str, Formula | None],
    ) -> None:  # fmt: skip
        self.function = function
        self.kernel = kernel or function
        self.name: str = getattr(function, "__name__", str(function))
        self.kind = kind
        self.domain = domain
        self.cases = cases
        self.signature = Signature(function, signature)
        self.remedy = remedy or REMEDIES.get(kind, "NumPy refuses this call for arrays as well")
        self.rules: tuple[Rule, ...] = tuple(
            Rule(self, operand, zero if formula is None else formula)
            for operand, formula in rules.items()
        )
        self.bind: Callable[..., tuple[Any, ...]] = self._write_bind

    def _write_bind(self, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Values of the differentiable operands of a call, in the order of `rules`."""
        names = "".join(f"{rule.operand}, " for rule in self.rules)
        self.bind = self.signature.function(f"({names})")
        return self.bind(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<operation {self.name}>"


def zero(g: Any) -> Any:
    """The formula of an operand on which the result does not depend, or only by jumps."""
    return np.zeros_like(g)


REMEDIES = {
    ELEMENTWISE: "operands must have shapes that broadcast: equal or 1, compared from the right; "
    "reshape or transpose one of them",
    MULTILINEAR: "the axes that are summed over must be equally long; transpose or reshape one "
    "of the operands",
}

OPERATIONS: dict[Any, Operation] = {}
UNARY: dict[Any, Rule] = {}
BINARY: dict[Any, tuple[Rule, Rule]] = {}


def declare(
    function: Any,
    *,
    kind: Kind = GENERAL,
    domain: Domain = REAL,
    cases: tuple[str, ...] = (),
    signature: str | None = None,
    kernel: Callable[..., Any] | None = None,
    remedy: str | None = None,
    **rules: Formula | None,
) -> Operation:
    """Declare the derivative of `function`, one formula per differentiable operand.

    A formula of None says that the gradient is zero everywhere (`np.copysign` in its second
    operand). `signature` is needed where Python cannot read it from the function. `remedy` is
    what errors tell a user to do. Raises NameError for a name that the function does not have.

    >>> import autograd_lite as ag
    >>> @ag.primitive
    ... def cube(x):
    ...     return x * x * x
    >>> ag.declare(cube, kind=ELEMENTWISE, x=lambda g, x: 3 * g * x**2)
    <operation cube>
    >>> ag.grad(cube)(2.0)
    np.float64(12.0)
    """
    operation = Operation(function, kind, domain, cases, signature, kernel, remedy, rules)
    OPERATIONS[function] = operation
    if isinstance(function, np.ufunc) and None not in rules.values():
        if function.nin == 1:
            UNARY[function] = operation.rules[0]
        elif function.nin == 2 and len(operation.rules) == 2:
            BINARY[function] = (operation.rules[0], operation.rules[1])
    return operation

"""What the engine knows about a function: `declare` a derivative rule in one statement.

    declare(np.log1p, kind=ELEMENTWISE, domain=ABOVE_MINUS_ONE, x=lambda g, x: g / (1 + x))

The keyword is the operand being differentiated. The parameters of the formula are what it needs,
and nothing else is kept until the backward sweep:

==============  ===================================================================
``g``           the incoming gradient, always first: shape and dtype of the result
``y``           the result
``x``, ``b``    an operand, or any parameter of the function (``axis``, ``keepdims``)
``x_shape``     the shape of an operand, where that will do; ``x_order`` what `order=` means for it
``member``      which one of a sequence of operands is being differentiated; for a sequence
                ``arrays_shapes`` has the shape of each
==============  ===================================================================

Formulas are plain NumPy, so they run on arrays and, when a gradient is itself differentiated, on
Tensors: no in-place work, no `if` on values, masks by comparison.
"""

import enum
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .errors import AS_FOR_ARRAYS, NotDifferentiableError, function_name, message
from .formulas import Formula, conjugated, formula_parameters, is_own, with_guarded_gradient
from .signature import Signature


class Kind(enum.Enum):
    """How a structural zero passes through a function (and, to come, a tangent or a batch axis).

    In doubt GENERAL is right: it promises nothing. ELEMENTWISE lets the formula return a gradient
    of the result's shape, which the engine sums over broadcast axes.
    """

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

    >>> Domain(low=0.0), Domain(avoid=(0.0,)).avoid
    (Domain(low=0.0, high=inf, avoid=(), ties=False), (0.0,))
    """

    low: float = -np.inf
    high: float = np.inf
    avoid: tuple[float, ...] = ()
    ties: bool = False


REAL = Domain()
POSITIVE = Domain(low=0.0)
NONZERO = Domain(avoid=(0.0,))
UNTIED = Domain(ties=True)


NEVER = 1 << 30  # more arguments than any call has


class Rule:
    """The derivative of one function with respect to one operand.

    `formula(g, *kept)` is the gradient of the operand; `keep(y, member, *args, **kwargs)` picks
    what the formula names out of a call. `keep` is written on first use, as a function with the
    signature of the declared one, so that Python itself binds the arguments.
    """

    __slots__ = (
        "_conjugated", "behind_guard", "elementwise", "formula", "keep", "names", "operand",
        "operation", "position", "sequence", "variadic",
    )  # fmt: skip
    _conjugated: "Rule | None"
    behind_guard: "Rule | None"

    def __init__(
        self, operation: "Operation", operand: str, formula: Formula, first: str = "g"
    ) -> None:
        self.operation = operation
        self.operand = operand
        self.names = formula_parameters(formula, first)
        self.formula = formula if is_own(formula) else with_guarded_gradient(formula)
        self.elementwise = operation.kind is ELEMENTWISE
        operation.signature.check(operand, self.names)
        self.position = operation.signature.names.index(operand)
        self.sequence = "member" in self.names
        self.variadic = self.position == 0 and operation.signature.variadic
        self.keep: Callable[..., tuple[Any, ...]] = self._write_keep
        self._conjugated = self.behind_guard = None

    def conjugated(self) -> "Rule":
        """The same rule for calls with a complex result.

        For y = f(z), holomorphic, the formula is g f'(z), and the gradient that descends is
        g conj(f'(z)): with conjugates taken before and after, the formula gives that.
        """
        variant = self._conjugated
        if variant is None:
            variant = self._conjugated = object.__new__(Rule)
            variant.behind_guard = None
            for name in ("elementwise", "names", "operand", "operation", "position"):
                setattr(variant, name, getattr(self, name))
            variant.formula = conjugated(self.formula)
        return variant

    def kept(self) -> str:
        """The source of the tuple of what the formula needs."""
        expression = self.operation.signature.expression
        return f"({''.join(f'{expression(name)}, ' for name in self.names)})"

    def _write_keep(self, y: Any, member: int | None, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        self.keep = self.operation.signature.function("_y, _member, ", self.kept())
        return self.keep(y, member, *args, **kwargs)


class Operation:
    """A declared function: its rules, what they hold for, and examples of its use.

    `kernel` computes the same value as `function` on plain arrays, when there is a faster way
    than NumPy's own Python code. `complex_operands` says whether the formulas hold for such: None
    if where the result is complex, as those of holomorphic functions do. `linear` says whether a
    tangent passes through the function as its operands do. `cases` are calls for the
    generated tests, as keyword arguments in which operands are given by their shape:
    ``"a=(n, m), axis=0"``; they are real, unless it begins with ``"complex: "``. One that needs a
    newer NumPy than 2.0 begins with ``"numpy 2.1: "``, one that a newer NumPy refuses with
    ``"numpy <2.5: "``.
    """

    __slots__ = (
        "alone", "array_positions", "batched", "cases", "complex_operands", "domain", "edge",
        "edges", "function", "joins", "keeps_first", "keeps_second", "kernel", "kind", "linear",
        "moves", "name", "out_position", "pushed", "remedy", "rules", "signature", "tangents",
    )  # fmt: skip

    def __init__(
        self, function: Any, kind: Kind, domain: Domain, cases: tuple[str, ...],
        signature: str | None, kernel: Callable[..., Any] | None, remedy: str | None,
        complex_operands: bool | None, linear: bool, rules: dict[str, Formula | None],
    ) -> None:  # fmt: skip
        self.function = function
        self.kernel = kernel or function
        self.name: str = getattr(function, "__name__", str(function))
        self.kind = kind
        self.linear = linear and kind in (SHAPE, LINEAR)
        self.moves = kind is SHAPE or function in VIEWING  # it may return a view of its operand
        self.domain = domain
        self.cases = cases
        self.complex_operands = complex_operands
        self.signature = Signature(function, signature)
        positional = self.signature.positional
        self.out_position = positional.index("out") if "out" in positional else NEVER
        self.remedy = remedy or REMEDIES.get(kind, AS_FOR_ARRAYS)
        self.rules: tuple[Rule, ...] = tuple(
            Rule(self, operand, zero if formula is None else formula)
            for operand, formula in rules.items()
        )
        self.joins = [rule.sequence and not rule.variadic for rule in self.rules] == [True]
        self.alone = [(rule.position, rule.sequence) for rule in self.rules] == [(0, False)]
        self.array_positions = tuple(rule.position for rule in self.rules if not rule.sequence)
        # Whether the rule of one of two operands needs the other one, which may be a user's array.
        self.keeps_first = self._keeps(rule=1, operand=0)
        self.keeps_second = self._keeps(rule=0, operand=1)
        self.tangents: dict[str, Rule] = {}  # given ways of tangents, by operands
        self.pushed: Callable[..., Any] | None = None  # one of all tangents together
        self.batched: Callable[..., Any] | None = None  # a given form for a whole batch
        self.edge: Callable[..., Any] = self._write_edge
        self.edges: Callable[..., Any] = self._write_edges

    def _keeps(self, rule: int, operand: int) -> bool:
        names = self.signature.names
        known = rule < len(self.rules) and operand < len(names)
        return known and names[operand] in self.rules[rule].names

    def _write_edge(self, node: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        """The edges of a call in which only the first operand, at `node`, is differentiated."""
        body = f"((_node, _rule, {self.rules[0].kept()}),)"
        if not self.is_sure():
            body += " if _node.dtype.kind != 'c' else _refuse()"
        self.edge = self.signature.function(
            "_node, _y, ", body, _rule=self.rules[0], _refuse=self.refuse_complex
        )
        return self.edge(node, y, *args, **kwargs)

    def _write_edges(self, left: Any, right: Any, y: Any, *args: Any) -> Any:
        """The edges of a call in which the first two operands are differentiated."""
        first, second = self.rules
        body = f"((_left, _first, {first.kept()}), (_right, _second, {second.kept()}))"
        before = "_left, _right, _y, "
        self.edges = self.signature.function(before, body, _first=first, _second=second)
        return self.edges(left, right, y, *args)

    def is_sure(self) -> bool:
        """Whether the formulas hold for complex operands of any call that has no keywords.

        NumPy's products and nearly all its ufuncs have a complex result where an operand is
        complex; one of kind SHAPE gives at most the real part.
        """
        if self.complex_operands is not None or self.kind is SHAPE:
            return self.complex_operands is not False
        if isinstance(self.function, np.ufunc):
            return not any(makes_real(types) for types in self.function.types)
        return self.kind is MULTILINEAR and self.function not in PRIMITIVES

    def refuse_complex(self, *_: Any) -> Any:
        """Raise NotDifferentiableError: the formulas do not hold for complex operands."""
        raise NotDifferentiableError(
            message(
                f"{self.name} of complex numbers has no derivative rule: the one that is declared "
                "holds for real numbers",
                remedy="compute it from np.real(z), np.imag(z) and np.abs(z); if the formulas hold "
                "for complex operands as well, declare them with complex_operands=True",
            )
        )

    def __repr__(self) -> str:
        return f"<operation {self.name}>"


def makes_real(types: str) -> bool:
    """Whether a loop of a ufunc makes real numbers of complex ones: `D->d`."""
    inputs, _, output = types.partition("->")
    return ("F" in inputs or "D" in inputs) and output in ("f", "d")


def zero(g: Any) -> Any:
    """The formula of an operand on which the result does not depend, or only by jumps."""
    return np.zeros_like(g)


REMEDIES = {
    ELEMENTWISE: "operands must have shapes that broadcast: equal or 1, compared from the right; "
    "reshape or transpose one of them",
    MULTILINEAR: "the axes that are summed over must be equally long; transpose or reshape one "
    "of the operands",
}

VIEWING = {np.einsum, np.real, np.imag}  # views, though their derivatives are no moves
PRIMITIVES: set[Any] = set()  # functions of our own and the user's that dispatch on Tensors
OPERATIONS: dict[Any, Operation] = {}
UNARY: dict[Any, Operation] = {}  # those of one operand, which comes first, that make no views
BINARY: dict[Any, Operation] = {}  # those of two operands, which come first


def declare(
    function: Any,
    *,
    kind: Kind = GENERAL,
    domain: Domain = REAL,
    cases: tuple[str, ...] = (),
    signature: str | None = None,
    kernel: Callable[..., Any] | None = None,
    remedy: str | None = None,
    complex_operands: bool | None = None,
    linear: bool = True,
    tangents: dict[str, Formula] | None = None,
    batched: Callable[..., Any] | None = None,
    **rules: Formula | None,
) -> Operation:
    """Declare the derivative of `function`, one formula per differentiable operand.

    `function` is a NumPy function or one made by `primitive`. Each further keyword is an operand,
    and its formula gives that operand's gradient: a float array of the operand's shape. A formula
    of None says that the gradient is zero everywhere (`np.copysign` in its second operand).

    `kind` says how entries depend on entries (see `Kind`), `domain` where the function is smooth;
    `cases` are example calls for the generated tests. `signature` is the source of the parameter
    list, needed where Python cannot read it; `kernel` a faster function with the same values;
    `remedy` what errors tell a user to do.

    Complex operands: for a holomorphic function write the formula for real numbers, without
    conjugates, which the engine takes. Where the result is real, complex operands are refused
    unless `complex_operands` is True: the formulas hold for them too (of `np.absolute`, x / |x|).
    False refuses all of them, for a function with a complex result that is not holomorphic.

    A function of kind SHAPE or LINEAR is one of all its operands together; `linear=False` says that
    it is not, as np.sort, which moves entries to places that depend on them.

    Forward mode and batches follow from these formulas. Where there is a faster way, give it:
    `tangents` has a formula for an operand by its name, whose first parameter is t, the operand's
    tangent, and which returns what it adds to that of the result. `batched(in_axes, *args)`
    computes the function for many members at once: where `in_axes` is 0 an argument has them
    along its first axis, and so has what it returns.

    Raises NameError for a name that the function does not have, and TypeError for what is not a
    formula.

    >>> import autograd_lite as ag
    >>> @ag.primitive
    ... def cube(x):
    ...     return x * x * x
    >>> ag.declare(cube, kind=ELEMENTWISE, x=lambda g, x: 3 * g * x**2)
    <operation cube>
    >>> ag.grad(cube)(2.0)
    np.float64(12.0)
    """
    numpys = isinstance(function, np.ufunc) or hasattr(function, "_implementation")
    if numpys and hasattr(getattr(function, "__wrapped__", None), "_implementation"):
        function = function.__wrapped__  # that of `autograd_lite.numpy` calls NumPy's own
    if not numpys and function not in PRIMITIVES:
        raise TypeError(
            f"declare({function_name(function)}): this function does not look for Tensors among "
            "its arguments; allowed: NumPy's functions, and functions made by @primitive"
        )
    operation = Operation(
        function, kind, domain, cases, signature, kernel, remedy, complex_operands,
        linear, rules,
    )  # fmt: skip
    for operand, formula in (tangents or {}).items():
        operation.tangents[operand] = Rule(operation, operand, formula, first="t")
    operation.batched = batched
    OPERATIONS[function] = operation
    UNARY.pop(function, None)
    BINARY.pop(function, None)
    positions = [rule.position for rule in operation.rules if not rule.sequence]
    if positions == [0] and not operation.moves:
        UNARY[function] = operation
    elif positions == [0, 1] and operation.is_sure():
        BINARY[function] = operation
    return operation

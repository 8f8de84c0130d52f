"""Continuous distributions with `loc` and `scale`, by the derivatives of their logarithmic density.

With z = (x - loc) / scale all derivatives of `pdf`, `logpdf`, `cdf`, `sf`, `logcdf` and `logsf`
follow from those of log p(z) in z and in the parameters of the shape.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...numpy.numpy_vjps import unbroadcast_f
from ...primitives import defvjp, primitive

Score = Callable[..., Any]
DENSITIES = ("pdf", "logpdf")
DEFAULTS = {"loc": 0.0, "scale": 1.0}


class Family:
    """Functions of a distribution, as `scipy.stats` has them, that can be differentiated.

    `score(z, *shapes)` is the derivative of log p in z, `shape_scores` those in the parameters.
    """

    def __init__(
        self, distribution: Any, score: Score, names: Sequence[str], *shape_scores: Score
    ) -> None:
        self.distribution, self.score, self.shape_scores = distribution, score, shape_scores
        self.parameters = (*distribution.shapes.split(", "),) if distribution.shapes else ()
        self.methods = {name: self.method(name) for name in (*DENSITIES, *names)}
        self.functions = {name: self.by_name(self.methods[name]) for name in names}

    def method(self, name: str) -> Any:
        """One function with its rules, of positional arguments."""
        kernel = getattr(self.distribution, name)
        function = primitive(kernel)
        shapes = len(self.parameters)
        slopes = {0: self.slope_x, shapes + 1: self.slope_loc, shapes + 2: self.slope_scale}
        if name in DENSITIES:
            slopes |= {n + 1: self.slope_shape(n) for n in range(shapes)}
        rules = [self.rule(name, slope, argnum) for argnum, slope in slopes.items()]
        defvjp(function, *rules, argnums=tuple(slopes))
        return function

    def by_name(self, function: Any) -> Callable[..., Any]:
        """The function, whose parameters may be given by name, as `loc` and `scale` often are."""
        names = ("x", *self.parameters, "loc", "scale")

        def call(*args: Any, **kwargs: Any) -> Any:
            rest = names[len(args) :]
            given = {**DEFAULTS, **kwargs}
            if {*kwargs} <= {*rest} <= {*given}:
                return function(*args, *[given[name] for name in rest])
            return function(*args, **kwargs)  # SciPy tells what is wrong

        call.__name__, call.__doc__ = function.__name__, function.__doc__
        return call

    def rule(self, name: str, slope: Score, argnum: int) -> Any:
        """The rule of one argument: the slope of log p, or of P, by that of the function."""

        def vjp(ans: Any, *args: Any) -> Any:
            factor = self.factor(name, ans, args)
            return unbroadcast_f(args[argnum], lambda g: g * factor * slope(name, *args))

        return vjp

    def factor(self, name: str, ans: Any, args: Any) -> Any:
        """What the derivative of log p (of densities) or the change of z (of others) is times."""
        if name == "logpdf":
            return 1.0
        if name == "pdf":
            return ans
        sign = 1.0 if name.endswith("cdf") else -1.0
        if name.startswith("log"):
            return sign * np.exp(self.methods["logpdf"](*args) - ans)
        return sign * self.methods["pdf"](*args)

    def standard(self, args: Any) -> tuple[Any, Any, Any]:
        """z, the parameters of the shape, and the scale."""
        x, *shapes, loc, scale = args
        return (x - loc) / scale, shapes, scale

    def slope_x(self, name: str, *args: Any) -> Any:
        """By `x`."""
        z, shapes, scale = self.standard(args)
        return self.score(z, *shapes) / scale if name in DENSITIES else 1.0

    def slope_loc(self, name: str, *args: Any) -> Any:
        """By `loc`."""
        return -self.slope_x(name, *args)

    def slope_scale(self, name: str, *args: Any) -> Any:
        """By `scale`."""
        z, shapes, scale = self.standard(args)
        return -(1 + z * self.score(z, *shapes)) / scale if name in DENSITIES else -z

    def slope_shape(self, number: int) -> Score:
        """By one of the parameters of the shape."""

        def slope(_: str, *args: Any) -> Any:
            z, shapes, _scale = self.standard(args)
            return self.shape_scores[number](z, *shapes)

        return slope

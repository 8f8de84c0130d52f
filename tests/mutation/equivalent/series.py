"""Equivalent mutants of the rules of products, transforms, series, polynomials and fits."""

from .reasons import (
    ANY_LENGTH,
    COMMUTE,
    EXACT,
    GUARD,
    ONE_AXIS,
    ONES,
    SHORT_CUT,
    SQUARE,
    TRUTH,
    WITHIN,
)

AS_FLOAT = "NumPy makes floats of whole numbers itself, and the engine casts what comes of it"
ONE_ROW = "the basis at one place has one row, the first and the last"
NOT_BETWEEN = "exponents are near 0, or near -FAR or below where nothing comes before a zero"
ANY_SCALE = "any power of two will do: what is multiplied by it is divided by it in the end"

SERIES = {
    # Products of all and of the others
    "factors.factors": {"initial * ones -> initial / ones": ONES},
    "factors.times_power_of_two": {
        "np.clip(e, -most, most) -> np.clip(-most, e, most)": WITHIN,
    },
    "factors.exponents": {"...here(ordinary, a, 1.0) -> ...here(ordinary, a, 2.0)": ANY_SCALE},
    "factors.largest_exponents": {
        "tops + behind < -FAR // 2 -> tops + behind <= -FAR // 2": NOT_BETWEEN,
        "-FAR // 2 -> -FAR // 3": NOT_BETWEEN,
        "FAR << 20 -> FAR << 21": "either is beyond all exponents",
        "FAR << 20 -> FAR << 19": "either is beyond all exponents",
    },
    "factors.cumprod_rule": {
        "step < a.shape[-1] -> step <= a.shape[-1]": "behind the last entry there are zeros",
    },
    "cumprod/a": {"(-1,) -> (-2,)": ANY_LENGTH},
    "sources.to_sources": {"(-1,) -> (-2,)": ANY_LENGTH},
    "sources.copied": {"(np.bincount(numbe... -> 2.0 * (np.bincount(numbe...": TRUTH},
    "extrema.sharing": {
        "(chosen, False, np.maximum(numb... -> (chosen, True, np.maximum(numb...":
        "without a first value nobody asks whether it counts",
    },
    # Fourier transforms
    "fft.with_length": {
        "missing > 0 -> missing >= 0": SHORT_CUT,
        "missing > 0 -> missing > -1": SHORT_CUT,
    },
    "fft.represented": {"(-1,) -> (-2,)": ANY_LENGTH},
    # Series
    "evaluate/c": {
        "x * g.dtype.type(1) -> x / g.dtype.type(1)": ONES,
        "x * g.dtype.type(1) -> x": AS_FLOAT,
    },
    "integral/c": {
        "lbnd * g.dtype.type(1) -> lbnd / g.dtype.type(1)": ONES,
        "lbnd * g.dtype.type(1) -> lbnd": AS_FLOAT,
        "...1), size, family)[0] -> ...1), size, family)[-1]": ONE_ROW,
    },
    "series_roots/c": {"c.shape[0] -> c.shape[-1]": ONE_AXIS},
    "companion/c": {
        "c.shape[0] -> c.shape[-1]": ONE_AXIS,
        "c.shape[0] -> c.shape[-1] #2": ONE_AXIS,
    },
    "product/a": {"a_shape[0] -> a_shape[-1]": ONE_AXIS},
    "product/b": {"b_shape[0] -> b_shape[-1]": ONE_AXIS},
    "transposed_product/u": {"product(g, b, family) -> product(b, g, family)": COMMUTE},
    "transposed_product/b": {"b_shape[0] -> b_shape[-1]": ONE_AXIS},
    "division/a": {"a_shape[0] -> a_shape[-1]": ONE_AXIS},
    "division/b": {
        "a_shape[0] -> a_shape[-1]": ONE_AXIS,
        "b.shape[0] -> b.shape[-1]": ONE_AXIS,
    },
    "transposed_division/b": {"b.shape[0] -> b.shape[-1]": ONE_AXIS},
    "series_products.quotient_of": {
        "division.shape[0] -> division.shape[-1]": ONE_AXIS,
        "b_shape[0] -> b_shape[-1]": ONE_AXIS,
    },
    "power/c": {"c.shape[0] -> c.shape[-1]": ONE_AXIS},
    "converted/c": {"c_shape[0] -> c_shape[-1]": ONE_AXIS},
    # Polynomials
    "from_roots/x": {
        "np.eye(x.shape[0], dtype=y.dtype) -> np.eye(x.shape[0])": EXACT,
        "x.shape[0] -> x.shape[1]": SQUARE,
        "x.shape[0] -> x.shape[-1]": SQUARE,
        "x.shape[0] -> x.shape[-1] #2": SQUARE,
        "np.dot(x, part) -> np.dot(part, x)": "powers of one matrix commute",
    },
    "polyval/p": {
        "x * g.dtype.type(1) -> x / g.dtype.type(1)": ONES,
        "x * g.dtype.type(1) -> x": AS_FLOAT,
    },
    "polynomials.powers": {
        "np.shape(x) + (0,) -> (0,)": "no entries, which are given another shape afterwards",
    },
    "polyval/x": {"(-1,) -> (-2,)": ANY_LENGTH},
    "untrimmed_product/a": {
        "...le(g, b, a_shape, False) -> ...le(g, b, a_shape, True)": "nothing was left away",
    },
    "untrimmed_product/b": {
        "...le(g, a, b_shape, False) -> ...le(g, a, b_shape, True)": "nothing was left away",
    },
    "whole_division/u": {
        "u_shape[0] -> u_shape[-1]": ONE_AXIS,
        "v.shape[0] -> v.shape[-1]": ONE_AXIS,
        "g.shape[0] -> g.shape[-1]": ONE_AXIS,
    },
    "whole_division/v": {
        "u_shape[0] -> u_shape[-1]": ONE_AXIS,
        "v.shape[0] -> v.shape[-1]": ONE_AXIS,
    },
    "roots/p": {"p.shape[0] -> p.shape[-1]": ONE_AXIS},
    "polynomials.polyval_slope": {"p.shape[0] -> p.shape[-1]": ONE_AXIS},
    # Fits
    "fitting.columns": {"(array.shape[0], -1) -> (array.shape[0], -2)": ANY_LENGTH},
    "fitting.Fit.__init__": {"x.shape[0] -> x.shape[-1]": ONE_AXIS},
    "fitting.Fit.back": {
        "...ere(lengths == 0, 1.0, lengths) -> ...ere(lengths == 0, 2.0, lengths)": GUARD,
    },
    "fit_reports.residual_parts": {"g.shape[0] -> g.shape[-1]": ONE_AXIS},
}  # fmt: skip

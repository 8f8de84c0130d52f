"""Equivalent mutants of the rules of arrays: elementwise, reductions, choices, joining, folds."""

from .reasons import (
    ANY_LENGTH,
    CONTINUOUS,
    EMPTY,
    EXACT,
    GUARD,
    NO_COPY,
    ONE_AXIS,
    ONES,
    ONLY_SHAPE,
    ORDER,
    SHORT_CUT,
    SIGNS,
    SYMMETRIC,
    TRUTH,
    UNUSED,
    WITHIN,
)

IN_MEMORY_OF_G = (
    "the same product, written into g: test_rules_write_into_nothing_they_are_given notices"
)
SAME_FOLD = "with the axis already there, keeping it and putting it back are the same"

ARRAYS = {
    # Elementwise
    "angles.sinc_slope": {
        "np.abs(x) < 0.5 -> np.abs(x) <= 0.5": CONTINUOUS,
        "np.abs(x) < 0.5 -> np.abs(x) < 1.0": "the series has terms enough for all of [-1, 1]",
        "np.where(near, x, 0.0) -> np.where(near, x, 1.0)": UNUSED,
        "np.where(near, 1.0, x) -> np.where(near, 2.0, x)": UNUSED,
        "0.0 * square -> 0.0": "zeros of another shape, to which an array is added",
    },
    "tanh/x": {
        "times(g, tanh_slope(x, y)) -> times(tanh_slope(x, y), g)": IN_MEMORY_OF_G,
    },
    "copysign/a": {
        "g * np.sign(a) * np.copysign(1.0, b) -> g * np.sign(a) / np.copysign(1.0, b)": SIGNS,
    },
    "sqrt/x": {
        "y.dtype.kind == 'c' or not has_zeros(y) -> y.dtype.kind == 'c'": SHORT_CUT,
        "np.where(zero, 1.0, y) -> np.where(zero, 2.0, y)": UNUSED,
    },
    "power/a": {
        "b.__class__ is int or (b.__class__ is f... -> b.__class__ is int and (b.__class__ is f...":
        SHORT_CUT,
        "b.__class__ is int or (b.__class__ is float and (not 0 < b < 1)) -> b.__class__ is int":
        SHORT_CUT,
        "b.__class__ is int or (b.__class__ is float and (not 0 < b < 1)) -> "
        "b.__class__ is float and (not 0 < b < 1)": SHORT_CUT,
        "0 < b < 1 -> -1 < b < 1": SHORT_CUT,
        "0 < b < 1 -> 0 < b < 2": SHORT_CUT,
        "whole or a.dtype.kind == 'c' or (not has_zeros(a)) -> a.dtype.kind == 'c'": SHORT_CUT,
        "np.where(kink, 1.0, a) -> np.where(kink, 2.0, a)": UNUSED,
        "1.0 - b -> 2.0 - b": "positive as well, and falling as fast; it is multiplied by infinity",
    },
    "powers.power_slope": {
        "b.__class__ is int or b.__class__ is float -> "
        "b.__class__ is int and b.__class__ is float": SHORT_CUT,
        "b.__class__ is int or b.__class__ is float -> b.__class__ is int": SHORT_CUT,
        "b.__class__ is int or b.__class__ is float -> b.__class__ is float": SHORT_CUT,
    },
    "pairs.lead": dict.fromkeys(
        ("a > 0 -> a >= 0", "a > 0 -> a > 1", "a > 0 -> a > -1"),
        "it is asked of infinite numbers",
    ),
    "networks.gelu_slope": {"np.clip(x, -FAR, FAR) -> np.clip(-FAR, x, FAR)": WITHIN},
    "networks.tanh_argument": {"np.clip(x, -FAR, FAR) -> np.clip(-FAR, x, FAR)": WITHIN},
    "normal.normal_density": {"np.clip(x, -FAR, FAR) -> np.clip(-FAR, x, FAR)": WITHIN},
    # Assignment and choice
    "put/value": dict.fromkeys(
        (
            "np.full(g.shape, -1) -> np.full(g.shape, 1)",
            "np.full(g.shape, -1) -> np.full(g.shape, -2)",
            "np.full(g.shape, -1) -> np.full(g.shape, -0)",
        ),
        "only entries that were assigned are read",
    ),
    "selections.read": {"entries -> 2.0 * entries": TRUTH},
    "selections.back_to_sources": {
        "0 if axis is None e... -> -1 if axis is None e...": ONE_AXIS,
        "read(index, shape)... -> 2.0 * read(index, shape)...": TRUTH,
    },
    "joining.column_part": {
        "...shape in shapes], 0) -> ...shape in shapes], 1)": ONE_AXIS,
        "...shape in shapes], 0) -> ...shape in shapes], -1)": ONE_AXIS,
    },
    "sort/a": {
        "(-1,) -> (-2,)": ANY_LENGTH,
        "...ape(a, (-1,)), y, 0) -> ...ape(a, (-1,)), y, -1)": ONE_AXIS,
    },
    "quantiles.neighbours": {
        "np.clip(below, 0, last) -> np.clip(0, below, last)": "both are the smaller of `last` and "
        "the larger of the others",
    },
    "quantiles.rows_of_call": {"(-1,) -> (-2,)": ANY_LENGTH},
    "ptp/a": {
        "sharing(a, top, axis, True, None... -> sharing(top, a, axis, True, None...": SYMMETRIC,
        "sharing(a, bottom, axis, True, None... -> sharing(bottom, a, axis, True, None...":
        SYMMETRIC,
        "...ing(a, top, axis, True, None, True) -> ...ing(a, top, axis, False, None, True)":
        SAME_FOLD,
        "...(a, bottom, axis, True, None, True) -> ...(a, bottom, axis, False, None, True)":
        SAME_FOLD,
    },
    # Padding
    "pad_mean/x": {
        "max(first, 1) -> max(first, 0)": "NumPy makes no mean of no entries, or NaN",
        "max(last, 1) -> max(last, 0)": "NumPy makes no mean of no entries, or NaN",
    },
    "extrapolation.rising": {
        "max(n, 1) -> max(n, 2)": "a ramp of one entry is 0",
        "max(n, 1) -> max(n, 0)": EMPTY,
    },
    "pad_ramp/end_values": {
        "(0, 0) -> (0, 1)": "there are no entries behind the last one, whatever their share",
        "(0, 0) -> (0, -1)": EMPTY,
    },
    "pad_odd/x": dict.fromkeys(
        (
            "np.where(numbers == 0, 1, 0) -> np.where(1, numbers == 0, 0)",
            "np.where(numbers == n - 1, 1, 0) -> np.where(1, numbers == n - 1, 0)",
        ),
        "a mask with a 0 in place of a choice is a table of whole numbers, too",
    ),
    "extrapolation.weighted_rows": {
        "(-1,) -> (-2,)": ANY_LENGTH,
        "g[chosen] * column -> g[chosen] / column": SIGNS,
    },
    "extrapolation.weighted": {"(-1,) -> (-2,)": ANY_LENGTH},
    # Reductions
    "reductions.keep_axes": dict.fromkeys(
        (
            "keepdims or axis is None -> keepdims and axis is None",
            "keepdims or axis is None -> keepdims",
            "keepdims or axis is None -> axis is None",
        ),
        "without axes, or with all of them kept, putting them back changes nothing that "
        "broadcasting would not",
    ),
    "mean/a": {"prod(a_shape) or 1 -> prod(a_shape) or 2": EMPTY},
    "reductions.std_as_var": {"np.where(y == 0, 1.0, y) -> np.where(y == 0, 2.0, y)": GUARD},
    "cumsum/a": {"-1 if axis is None e... -> -0 if axis is None e...": ONE_AXIS},
    # Differences and convolution
    "difference/a": {
        "n == 0 -> n == -1": SHORT_CUT,
        "n >= a_shape[along] -> n > a_shape[along]": SHORT_CUT,
    },
    "differences.distances": {
        "spacing * np.ones(size - 1) -> spacing / np.ones(size - 1)": ONES,
        "spacing * 1.0 -> spacing / 1.0": ONES,
    },
    "slope/spacing": {
        "f.shape[-1] -> f.shape[-0]": "the number of distances follows from the coordinates",
        "f * 1.0 -> f / 1.0": ONES,
        "...spacing.shape, 1, -1) -> ...spacing.shape, 1, 1)": ONE_AXIS,
        "...pacing.shape, 1, -1) -> ...pacing.shape, 1, -2)": ONE_AXIS,
        "...pacing.shape, 1, -1) -> ...pacing.shape, 1, -0)": ONE_AXIS,
    },
    "overlaps/a": {"(-1,) -> (-2,)": ANY_LENGTH},
    "convolution.overlap_rule": {
        "(-1,) -> (-2,)": ANY_LENGTH,
        "other.shape[0] -> other.shape[-1]": ONE_AXIS,
        "np.convolve(overlaps, other[::-1], 'valid') -> "
        "np.convolve(other[::-1], overlaps, 'valid')": SYMMETRIC,
    },
    "convolution.length": {"shape[0] -> shape[-1]": ONE_AXIS},
    "convolution.all_overlaps": {
        "total - g.shape[0] -> g.shape[0] - total": "it is only asked whether this is 0",
        "g.shape[0] -> g.shape[-1]": ONE_AXIS,
        "g.shape[0] -> g.shape[-1] #2": ONE_AXIS,
        "g.shape[0] -> g.shape[-1] #3": ONE_AXIS,
    },
    # Creation and interpolation
    "geomspace/start": {
        "geometric(g, y, start, axis) -> geometric(y, g, start, axis)": "g (y / end) = y (g / end)",
    },
    "geomspace/stop": {
        "geometric(g, y, stop, axis) -> geometric(y, g, stop, axis)": "g (y / end) = y (g / end)",
    },
    "creation.blend": {"(-1,) -> (-2,)": ANY_LENGTH},
    "vander/x": {
        "max(count, 1) -> max(count, 2)": "one number broadcasts against no columns",
        "max(count, 1) -> max(count, 0)": EMPTY,
        "max(count - 1, 0) -> max(count - 1, 1)": "one column broadcasts against no numbers",
    },
    "interpolation.pieces": {"xp.shape[0] -> xp.shape[-1]": ONE_AXIS},
    "interpolate/xp": {"xp.shape[0] -> xp.shape[-1]": ONE_AXIS},
    "interpolate/fp": {
        "x > xp[-1] -> x >= xp[-1]": "a place at a knot counts as inside",
        "x < xp[0] -> x <= xp[0]": "a place at a knot counts as inside",
        "xp[0] -> xp[-1]": "a place that is neither inside nor beyond is before the first knot",
        "np.where((x < xp[0]) & ~beyond, 1.0 if left is None else 0.0, 0.0) -> "
        "np.where(1.0 if left is None else 0.0, (x < xp[0]) & ~beyond, 0.0)": "a mask counts as 1",
        "np.where(beyond, 1.0 if right is None else 0.0, 0.0) -> "
        "np.where(1.0 if right is None else 0.0, beyond, 0.0)": "a mask counts as 1",
        "xp.shape[0] -> xp.shape[-1]": ONE_AXIS,
    },
    # Einsum
    "einsum/operands": {
        "np.eye(length, dtype=g.dtype) -> np.eye(length)": EXACT,
        "np.ones(length, dtype=g.dtype) -> np.ones(length)": EXACT,
        "np.einsum(*arguments, optimize=len(factors) > 2) -> np.einsum(*arguments)": ORDER,
        "len(factors) > 2 -> len(factors) >= 2": ORDER,
        "len(factors) > 2 -> len(factors) < 2": ORDER,
        "len(factors) > 2 -> len(factors) > 3": ORDER,
        "len(factors) > 2 -> len(factors) > 1": ORDER,
        "len(set(own)) < len(own) -> len(set(own)) <= len(own)": "with no label twice, all "
        "entries are read, as the mask says then",
    },
    "einsum.on_diagonal": {"read -> 2.0 * read": TRUTH},
    "einsum.parse": {
        "...in term), default=0) -> ...in term), default=-1)": "the width of an ellipsis is used "
        "only if there is one",
    },
    # Folds
    "fold/a": {
        "astype(a, g.dtype, copy=False) -> astype(a, g.dtype)": NO_COPY,
        "...(a, g.dtype, copy=False) -> ...(a, g.dtype, copy=True)": NO_COPY,
    },
    "folds.entry_gradients": {
        "[True, *masks] -> [False, *masks]": "the chain starts from its first entry in any case",
    },
    "folds.shares": {"np.where(total == 0, 1.0, total) -> np.where(total == 0, 2.0, total)": GUARD},
    "folds.length_formula": {
        "np.where(origin, 1.0, length) -> np.where(origin, 2.0, length)": UNUSED,
    },
    "fold/initial": {
        "astype(a, g.dtype, copy=False) -> astype(a, g.dtype)": NO_COPY,
        "...(a, g.dtype, copy=False) -> ...(a, g.dtype, copy=True)": NO_COPY,
    },
    "scan/a": {
        "astype(a, g.dtype, copy=False) -> astype(a, g.dtype)": NO_COPY,
        "...(a, g.dtype, copy=False) -> ...(a, g.dtype, copy=True)": NO_COPY,
    },
    "folds.running_rule": {"(-1,) -> (-2,)": ANY_LENGTH},
    "fold_slices/a": {
        "astype(a, g.dtype, copy=False) -> astype(a, g.dtype)": NO_COPY,
        "...(a, g.dtype, copy=False) -> ...(a, g.dtype, copy=True)": NO_COPY,
        "slice(0, 0) -> slice(1, 0)": "no entries, from wherever",
        "slice(0, 0) -> slice(-1, 0)": "no entries, from wherever",
        "...wn], ufunc, axis, True, None, True) -> ...wn], ufunc, axis, False, None, True)":
        SAME_FOLD,
    },
    # Products of vectors
    "vectors.core_gradient": {
        "(..., 0) -> (..., -1)": "the axis that was kept has one entry, the first and the last",
        "np.broadcast_to(0.0, shape) -> np.broadcast_to(1.0, shape)": ONLY_SHAPE,
    },
    "vectors.to_the_end": {
        "np.moveaxis(x, axe... -> -np.moveaxis(x, axe...": "two of the three arrays that it is "
        "used on are multiplied, and of the third only the shape is used",
    },
    "vectors.applied": {"(..., 0) -> (..., -1)": "the matrix product has one column"},
    "vectors.cross_rule": {
        "np.broadcast_to(0.0, shape) -> np.broadcast_to(1.0, shape)": ONLY_SHAPE,
    },
}  # fmt: skip

"""What an argument is, by its name, and the shapes that belong together.

A *layout* says of which shape each role is: rows are samples, or columns are, or there are images,
or sequences. No two lengths of a layout are equal, so that an axis cannot be taken for another.
"""

import re
from typing import Any, NamedTuple

import numpy as np

N, D, H, T, V = 5, 4, 3, 5, 6
PAIR, C, F, SIDE, WIDTH, KERNEL = 2, 7, 5, 4, 6, 3  # a pair of images, or of sequences


class Value(NamedTuple):
    """An argument that is no array of random numbers."""

    value: Any


class Labels(NamedTuple):
    """Whole numbers below `classes`; or a one among zeros, along the axis `one_hot`."""

    shape: tuple[int, ...]
    classes: int
    one_hot: int | None = None


class Mask(NamedTuple):
    """True and False."""

    shape: tuple[int, ...]


Shape = tuple[int, ...]
Form = Shape | Value | Labels | Mask


class Layout(NamedTuple):
    """The shapes of each role; `ends` are the lengths of a sample's input and output.

    Only with `ends` are there several layers, whose weights are W1, W2 and so on.
    """

    shapes: dict[str, list[Form]]
    ends: tuple[int, int] | None = None
    columns: bool = False
    ones: int = 0  # rows of the weights for a column of ones, which stands for the bias

    def layers(self, role: str, below: int, above: int) -> list[Form]:
        """The shapes of a role in one of several layers, by its numbers of units."""
        below += self.ones
        if role == "weight":
            return [(above, below) if self.columns else (below, above)]
        if self.columns:
            return [(above, 1)]
        return [(above,), (1, above)]


# Names of arguments in lower case, digits and underscores at the end taken off: first match wins.
ROLES = {
    "recurrent": r"w_?(h|hh|rec)|u|u_?[hzrifo]|weights?_hh|whid",
    "inward": r"w_?(x|xh|ih|hx)|weights?_ih",
    "outward": r"w_?(hy|y|out|o)|v_?out",
    "gate": r"w_?[fiocgzrn]|bf",
    "labels": r"y|t|targets?|labels?|y_?true|truth|ys|gt|expected|y_?(train|batch|label|onehot)",
    "state": r"h_?prev|prev_?h|prev_?hidden|h0?|hidden(_state)?|h_?init|s_?prev|a0|c_?prev|prev_?c"
    r"|c0|cell(_state)?|initial_state|prev_state|hprev",
    "prediction": r"y_?(hat|pred)|pred(iction)?s?|scores?|logits?|probs?|output|outputs|out|al|yhat"
    r"|p_?hat|y_?out",
    "norm": r"gamma|beta|gain|shift|scale",
    "bias": r"b|bias|biases|b_?[a-z]|intercept|bias_?[a-z]+",
    "table": r"embeddings?|embed(ding)?_?(matrix|table|weights?)|w_?(embed|emb|e)|lookup",
    "weight": r"w|weights?|theta|thetas|kernels?|filters?|coef(ficients?)?|beta_?hat|w_?[a-z]+",
    "attention": r"q|k|v|query|quer(y|ies)|keys?|values?",
    "mask": r".*mask",
    "indices": r"idx|ind(ices|ex)|tokens?|ids?|words?|word_?ids?",
    "running": r"running_?(mean|var)",
    "input": r"x|xs|x_?[a-z]+|inputs?|data|features?|images?|img|batch|samples?|a|a_?prev|z|a_?in"
    r"|input_?[a-z]*|u_in",
}
WORDS = {"bias": "bias", "biases": "bias", "weights?": "weight", "w": "weight", "b": "bias"}
FLOATS: dict[str, Any] = {
    r"(lam|lamb|lambd|lmbda|lambda|reg|l1|l2|lamda|decay|weight_decay|penalty)(_?\w*)?": 0.1,
    r"lr|learning_?rate|eta|step(_?size)?": 0.1,
    r"alpha|slope|negative_slope|a": 0.3,
    r"eps|epsilon": 1e-5,
    r"delta|margin|sigma|c": 1.0,
    r"p|keep_?prob|rate|ratio|dropout(_?\w+)?|drop_?(prob|rate|out)?|q": 0.6,
    r"momentum|rho|mu": 0.9,
    r"temperature|tau|scale|gamma|beta": 0.7,
}
WHOLE: dict[str, Any] = {
    r"strides?|dilation|hop": (1, 2, (2, 2)),
    r"pad|padding|pads": (1, 0),
    r"(pool|pool_?size|pool_?(h|w|height|width)|window|window_?size|size)": (2, (2, 2)),
    r"(kernel|filter)_?(size|h|w|height|width)|f|hh|ww|ksize|fh|fw": KERNEL,
    r"groups?|g|num_groups": 1,
    r"i|n_?(in|input|inputs|features)|in_?(features|dim|size|units)?|input_?(size|dim|units|nodes)"
    r"|d|dim|(d|n)_?(in|inp|model)|in_?(d|feature)|fan_?in|num_?(features|inputs)|features"
    r"|embed(ding)?_?(dim|size)": D,
    r"in_?channels|channels|c_?in|num_?channels": C,
    r"out_?channels|num_?filters|n_?filters|c_?out|filters": F,
    r"n_?(out|output|outputs|hid|hidden|units|classes)|o|out_?(d|feature)|out_?(features|dim|size|units)?|output_?(size|dim)"
    r"|(num_?)?(classes|hidden|units|outputs)|hidden_?(size|dim|units|nodes)?|k|h|m|d_?out|c": H,
    r"n_?heads?|num_?heads?|heads": 2,
    r"vocab(ulary)?_?(size)?|v|num_?embeddings": V,
    r"seed|random_?state": 0,
    r"axis|dim": -1,
    r"t|seq_?len(gth)?|timesteps|steps": T,
    r"n|batch_?size|num_?samples|samples": N,
}
SWITCHES = r"(is_?)?train(ing)?(_?(mode|flg|flag|phase))?|return_\w+|use_\w+|averag\w+"


def role_of(name: str) -> str | None:
    """The role of an argument, or None for a name that says nothing."""
    plain = name.lower().strip("_")
    for text in (plain, re.sub(r"_?\d+$", "", plain)):
        for role, pattern in ROLES.items():
            if re.fullmatch(pattern, text):
                return role
    found = [role for word, role in WORDS.items() if re.search(rf"(^|_){word}(_|$)", plain)]
    return found[0] if found else None


def numbers_for(name: str) -> list[Form]:
    """Values for an argument that is a number or a switch, by its name."""
    plain = name.lower().strip("_")
    found: list[Form] = []
    if re.fullmatch(SWITCHES, plain):
        found.append(Value(True))
    if plain == "mode":
        found.append(Value("train"))
    if plain in ("rng", "generator"):
        found.append(Value(np.random.default_rng(0)))
    for table in (WHOLE, FLOATS):
        for pattern, value in table.items():
            if re.fullmatch(pattern, plain):
                found += [Value(each) for each in (value if isinstance(value, tuple) else (value,))]
    return found


def as_rows(H: int = H) -> Layout:
    """A sample in each row, several outputs, as most write it; H = D for what returns to D."""
    return Layout({
        "input": [(N, D)], "weight": [(D, H)], "bias": [(H,), (1, H)], "norm": [(D,), (1, D)],
        "state": [(N, H)], "prediction": [(N, H)],
        "labels": [Labels((N,), H), Labels((N,), H, one_hot=1), (N, D)],
        "inward": [(D, H)], "recurrent": [(H, H)], "outward": [(H, D)],
        "gate": [(D, H), (D + H, H)], "attention": [(N, D), (D, H)], "mask": [Mask((N, D))],
        "indices": [Labels((N,), V)], "table": [(V, D)], "running": [(D,)],
    }, (D, H))  # fmt: skip


def as_rows_and_ones(weight: Shape, columns: bool = False) -> Layout:
    """A sample in each row, and a column of ones for the bias, which has a row of the weights."""
    labels: list[Form] = [Labels((N,), H, one_hot=1), Labels((N,), H), (N, D)]
    shapes: dict[str, list[Form]] = {"input": [(N, D)], "weight": [weight], "labels": labels}
    return Layout(shapes, (D, H), columns, ones=1)


def as_rows_with_one_output() -> Layout:
    """A sample in each row, and weights in one vector."""
    return Layout({
        "input": [(N, D)], "weight": [(D,)], "bias": [(), (1,)],
        "prediction": [(N,)], "labels": [Labels((N,), 2)], "mask": [Mask((N,))],
    }, (D, 1))  # fmt: skip


def as_rows_with_one_column() -> Layout:
    """A sample in each row, and weights in one column."""
    return Layout({
        "input": [(N, D)], "weight": [(D, 1)], "bias": [(1,), (), (1, 1)],
        "prediction": [(N, 1)], "labels": [Labels((N, 1), 2)], "mask": [Mask((N, 1))],
    }, (D, 1))  # fmt: skip


def as_columns(H: int = H) -> Layout:
    """A sample in each column, several outputs; H = D for what returns to D."""
    return Layout({
        "input": [(D, N)], "weight": [(H, D)], "bias": [(H, 1)], "norm": [(D, 1), (D,)],
        "state": [(H, N)], "prediction": [(H, N)],
        "labels": [Labels((N,), H, one_hot=0), Labels((N,), H), (D, N)],
        "inward": [(H, D)], "recurrent": [(H, H)], "outward": [(D, H)],
        "gate": [(H, H + D)], "attention": [(D, N)], "mask": [Mask((D, N))],
    }, (D, H), columns=True)  # fmt: skip


def as_columns_with_one_output() -> Layout:
    """A sample in each column, and one output; weights of one layer are a column all the same."""
    return Layout({
        "input": [(D, N)], "weight": [(D, 1), (1, D)], "bias": [(), (1, 1)],
        "prediction": [(1, N)], "labels": [Labels((1, N), 2)], "mask": [Mask((D, N))],
    }, (D, 1), columns=True)  # fmt: skip


def as_images() -> Layout:
    """Images with the channels before rows and columns, and filters."""
    return Layout({
        "input": [(PAIR, C, SIDE, WIDTH)], "weight": [(F, C, KERNEL, KERNEL), (C, KERNEL, KERNEL)],
        "bias": [(F,), (F, 1, 1), (F, 1)], "norm": [(C,), (1, C, 1, 1), (C, SIDE, WIDTH)],
        "mask": [Mask((PAIR, C, SIDE, WIDTH))], "running": [(C,)], "labels": [Labels((PAIR,), C)],
        "prediction": [(PAIR, C, SIDE, WIDTH)],
    })  # fmt: skip


def as_images_channels_last() -> Layout:
    """Images with the channels behind rows and columns."""
    return Layout({
        "input": [(PAIR, SIDE, WIDTH, C)], "weight": [(KERNEL, KERNEL, C, F)],
        "bias": [(F,), (1, 1, 1, F)], "norm": [(C,)],
    })  # fmt: skip


def as_one_image() -> Layout:
    """One image, with channels or without."""
    return Layout({
        "input": [(SIDE, WIDTH), (C, SIDE, WIDTH)], "norm": [(C,)], "bias": [(), (F,), (F, 1)],
        "weight": [(KERNEL, KERNEL), (F, C, KERNEL, KERNEL), (C, KERNEL, KERNEL)],
    })  # fmt: skip


def as_sequences(H: int = H) -> Layout:
    """Sequences of vectors or words; H = D for what returns to D."""
    return Layout({
        "input": [(PAIR, T, D), Labels((PAIR, T), V), (T, D)],
        "weight": [(D, H), (V, D), (D, 4 * H)],
        "bias": [(H,), (4 * H,)], "norm": [(D,)], "state": [(PAIR, H), (H,)],
        "inward": [(D, H), (D, 4 * H)], "recurrent": [(H, H), (H, 4 * H)],
        "outward": [(H, D), (H, V)], "gate": [(D, H)], "attention": [(PAIR, T, D), (T, D)],
        "labels": [Labels((PAIR, T), D), Labels((PAIR,), H), (PAIR, T, D)],
        "prediction": [(PAIR, T, D)],
        "mask": [Mask((PAIR, T)), Mask((T, T)), Mask((PAIR, T, T))],
        "indices": [Labels((PAIR, T), V)], "table": [(V, D)],
    }, (D, H))  # fmt: skip


def as_gates() -> Layout:
    """One step of a cell with four gates, whose weights stand side by side."""
    return Layout({
        "input": [(N, D)], "weight": [(D + H, 4 * H)], "bias": [(4 * H,), (1, 4 * H)],
        "state": [(N, H)], "inward": [(D, 4 * H)], "recurrent": [(H, 4 * H)], "outward": [(H, D)],
    })  # fmt: skip


def as_characters() -> Layout:
    """Words or characters one after the other, with states in columns."""
    return Layout({
        "input": [Labels((T,), V)], "labels": [Labels((T,), V)], "indices": [Labels((T,), V)],
        "state": [(H, 1), (H,)], "weight": [(H, V)], "bias": [(H, 1), (V, 1), (H,), (V,)],
        "inward": [(H, V)], "recurrent": [(H, H)], "outward": [(V, H)], "table": [(V, D)],
    })  # fmt: skip


def as_one_sample() -> Layout:
    """One vector, flat or as a column."""
    return Layout({
        "input": [(D,), (D, 1)], "weight": [(H, D), (D, H), (D,)], "bias": [(H,), (H, 1), ()],
        "norm": [(D,), ()], "state": [(H,), (H, 1)], "prediction": [(H,), (H, 1), ()],
        "labels": [Labels((), H, one_hot=0), Value(1), Labels((1,), H, one_hot=0)],
        "inward": [(H, D)], "recurrent": [(H, H)], "outward": [(D, H)], "gate": [(H, H + D)],
        "attention": [(D,)], "mask": [Mask((D,))], "indices": [Value(1)], "table": [(V, D)],
    })  # fmt: skip


def as_ends(below: int, above: int, columns: bool) -> Layout:
    """The inputs and labels of a network that has its weights already."""
    first, last = ((below, N), (above, N)) if columns else ((N, below), (N, above))
    one_hot = Labels((N,), above, one_hot=0 if columns else 1)
    labels: list[Form] = [Labels(last, 2)] if above == 1 else [one_hot, Labels((N,), above)]
    return Layout({
        "input": [first], "prediction": [last], "labels": [*labels, last], "state": [last],
    })  # fmt: skip


LAYOUTS = {
    "rows": as_rows(), "one output": as_rows_with_one_output(),
    "one column": as_rows_with_one_column(), "columns": as_columns(),
    "columns, one output": as_columns_with_one_output(), "images": as_images(),
    "sequences": as_sequences(), "gates": as_gates(), "square": as_rows(D),
    "square columns": as_columns(D), "square sequences": as_sequences(D),
    "ones": as_rows_and_ones((D + 1, H)), "thetas": as_rows_and_ones((H, D + 1), columns=True),
    "one sample": as_one_sample(), "one image": as_one_image(),
    "channels last": as_images_channels_last(), "characters": as_characters(),
}  # fmt: skip
# Words in the names of file, functions and arguments that say which layout is likely.
HINTS = {
    "gates": r"lstm_?(step|cell)|prev_?c|c_?prev",
    "characters": r"char",
    "images": r"conv|pool|spatial|im2col|image|filter|cnn|upsampl|flatten",
    "sequences": r"rnn_?f|rnn_?b|lstm|gru|temporal|seq|attention|embed|word|transformer|quer|\bq\b",
}


def layouts_for(text: str) -> list[Layout]:
    """The layouts in the order in which to try them, by the names that are in play."""
    first = [key for key, pattern in HINTS.items() if re.search(pattern, text.lower())]
    return [LAYOUTS[key] for key in dict.fromkeys([*first, *LAYOUTS])]


def drawn(form: Form, random: Any, positive: bool) -> Any:
    """An argument of a form; `positive` asks for numbers between 0 and 1."""
    if isinstance(form, Value):
        return form.value
    if isinstance(form, Mask):
        return random.random(form.shape) < 0.6
    if isinstance(form, Labels):
        whole = random.integers(form.classes, size=form.shape)
        if form.one_hot is None:
            return whole
        return np.moveaxis(np.eye(form.classes)[whole], -1, form.one_hot)
    array = random.uniform(0.1, 0.9, form) if positive else random.normal(0.0, 0.7, form)
    return array if form else float(array)

"""A convolution by im2col as a class, as in 'deep learning from scratch'."""

import numpy as np

from .mistakes import Mistake

STYLE = "class"
NAMES = ("x",)
GRADIENTS = {"W": "dW", "b": "db"}


def im2col(input_data, filter_h, filter_w, stride=1, pad=0):
    """A row for each window."""
    N, C, H, W = input_data.shape
    out_h = (H + 2 * pad - filter_h) // stride + 1
    out_w = (W + 2 * pad - filter_w) // stride + 1
    img = np.pad(input_data, [(0, 0), (0, 0), (pad, pad), (pad, pad)], "constant")
    col = np.zeros((N, C, filter_h, filter_w, out_h, out_w))
    for y in range(filter_h):
        y_max = y + stride * out_h
        for x in range(filter_w):
            x_max = x + stride * out_w
            col[:, :, y, x, :, :] = img[:, :, y:y_max:stride, x:x_max:stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * out_h * out_w, -1)


def col2im(col, input_shape, filter_h, filter_w, stride=1, pad=0):
    """Rows of windows added where they were taken."""
    N, C, H, W = input_shape
    out_h = (H + 2 * pad - filter_h) // stride + 1
    out_w = (W + 2 * pad - filter_w) // stride + 1
    col = col.reshape(N, out_h, out_w, C, filter_h, filter_w).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((N, C, H + 2 * pad + stride - 1, W + 2 * pad + stride - 1))
    for y in range(filter_h):
        y_end = y + stride * out_h
        for x in range(filter_w):
            x_end = x + stride * out_w
            img[:, :, y:y_end:stride, x:x_end:stride] += col[:, :, y, x, :, :]
    return img[:, :, pad : H + pad, pad : W + pad]


class Convolution:
    """Filters, a bias for each, and what the backward pass needs."""

    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad
        self.x = self.col = self.col_W = None
        self.dW = self.db = None

    def forward(self, x):
        FN, C, FH, FW = self.W.shape
        N, C, H, W = x.shape
        out_h = 1 + (H + 2 * self.pad - FH) // self.stride
        out_w = 1 + (W + 2 * self.pad - FW) // self.stride
        col = im2col(x, FH, FW, self.stride, self.pad)
        col_W = self.W.reshape(FN, -1).T
        out = np.dot(col, col_W) + self.b
        out = out.reshape(N, out_h, out_w, -1).transpose(0, 3, 1, 2)
        self.x, self.col, self.col_W = x, col, col_W
        return out

    def backward(self, dout):
        FN, C, FH, FW = self.W.shape
        dout = dout.transpose(0, 2, 3, 1).reshape(-1, FN)
        self.db = np.sum(dout, axis=0)
        self.dW = np.dot(self.col.T, dout)
        self.dW = self.dW.transpose(1, 0).reshape(FN, C, FH, FW)
        dcol = np.dot(dout, self.col_W.T)
        dx = col2im(dcol, self.x.shape, FH, FW, self.stride, self.pad)
        return dx


def make(rng):
    """As many rows as columns in filters; strides of two."""
    f = rng.integers(2, 4)
    layer = Convolution(rng.normal(size=(f, 2, 3, 3)), rng.normal(size=f), stride=2, pad=1)
    return layer, (rng.normal(size=(2, 2, 5, 5)),)


X, W, B = ("x",), ("W",), ("b",)
MISTAKES = (
    Mistake(
        "channels not moved",
        "dout.transpose(0, 2, 3, 1).reshape(-1, FN)",
        "dout.reshape(-1, FN)",
        "permuted",
        X + W + B,
    ),
    Mistake(
        "rows and columns exchanged",
        "dout.transpose(0, 2, 3, 1)",
        "dout.transpose(0, 3, 2, 1)",
        ("permuted", "transposed"),
        X + W,
    ),
    Mistake("db averaged", "np.sum(dout, axis=0)", "np.mean(dout, axis=0)", "scale", B),
    Mistake("db not summed", "np.sum(dout, axis=0)", "dout", "axis", B),
    Mistake("db of each window", "np.sum(dout, axis=0)", "np.sum(dout, axis=1)", "axis", B),
    Mistake(
        "dW not transposed",
        "self.dW.transpose(1, 0).reshape",
        "self.dW.reshape",
        ("permuted", "transposed"),
        W,
    ),
    Mistake(
        "dW in columns", ".transpose(1, 0).reshape(FN, C, FH, FW)", ".transpose(1, 0)", "shape", W
    ),
    Mistake(
        "dW averaged",
        "np.dot(self.col.T, dout)",
        "np.dot(self.col.T, dout) / len(self.x)",
        "scale",
        W,
    ),
    Mistake(
        "dW averaged over windows",
        "np.dot(self.col.T, dout)",
        "np.dot(self.col.T, dout) / len(dout)",
        "scale",
        W,
    ),
    Mistake(
        "dW of the first call's windows",
        "np.dot(self.col.T, dout)",
        "np.dot(self.__dict__.setdefault('first', self.col).T, dout)",
        "stale",
        W,
    ),
    Mistake(
        "dW accumulated",
        "self.dW = np.dot(self.col.T, dout)",
        "before = 0 if self.dW is None else self.dW.reshape(FN, -1).T\n"
        "        self.dW = before + np.dot(self.col.T, dout)",
        "accumulated",
        W,
    ),
    Mistake(
        "weights reshaped without transpose",
        "np.dot(dout, self.col_W.T)",
        "np.dot(dout, self.col_W.reshape(FN, -1))",
        ("operand", "permuted", "transposed"),
        X,
    ),
    Mistake(
        "weights of the other filters",
        "np.dot(dout, self.col_W.T)",
        "np.dot(dout, self.col_W.T[::-1])",
        ("weights", "operand", "permuted"),
        X,
    ),
    Mistake(
        "weights updated already",
        "np.dot(dout, self.col_W.T)",
        "np.dot(dout, (self.W - 0.1 * self.dW).reshape(FN, -1))",
        "weights",
        X,
    ),
    Mistake(
        "windows assigned", "+= col[:, :, y, x, :, :]", "= col[:, :, y, x, :, :]", "overwritten", X
    ),
    Mistake(
        "windows exchanged",
        "+= col[:, :, y, x, :, :]",
        "+= col[:, :, x, y, :, :]",
        ("permuted", "transposed"),
        X,
    ),
    Mistake(
        "padding dropped at the end",
        "img[:, :, pad : H + pad, pad : W + pad]",
        "img[:, :, 0:H, 0:W]",
        "shifted",
        X,
    ),
    Mistake(
        "padding kept", "return img[:, :, pad : H + pad, pad : W + pad]", "return img", "shape", X
    ),
    Mistake(
        "columns of windows in another order",
        "C, filter_h, filter_w).transpose(0, 3, 4, 5, 1, 2)",
        "filter_h, filter_w, C).transpose(0, 5, 3, 4, 1, 2)",
        "permuted",
        X,
    ),
)

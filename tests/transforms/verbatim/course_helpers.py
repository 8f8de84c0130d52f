"""A module of the user's own, of which another one imports."""

import numpy as np
def affine_forward(x, w, b):
    out = np.zeros((x.shape[0], w.shape[1]))
    out += x.dot(w)
    return out + b, (x, w, b)
def star_relu(x):
    out = np.zeros_like(x); m = x > 0; out[m] = x[m]; return out
class Layer:
    def __init__(self, n, m):
        rng = np.random.RandomState(0)
        self.W = rng.randn(n, m)
    def forward(self, x):
        return affine_forward(x, self.W, np.zeros(self.W.shape[1]))[0]

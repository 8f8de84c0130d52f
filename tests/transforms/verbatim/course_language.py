"""Python and NumPy as strangers write them: what may surround an array. See `strangers`."""

import copy as copymod
import functools
import math
import numpy
import numpy as num
import numpy as np
import os
import tempfile
from collections import OrderedDict, namedtuple
from dataclasses import dataclass, field
from functools import partial, lru_cache, reduce
from math import exp as mexp
from numpy import *
from numpy.linalg import norm
from numpy.lib.stride_tricks import as_strided
from numpy.random import randn
from tests.transforms.verbatim import course_helpers
from tests.transforms.verbatim.course_helpers import affine_forward, Layer
from tests.transforms.verbatim.course_helpers import *
from builtins import sum, max, min, abs, all, any, round, pow   # numpy's star hides them

R = np.random.RandomState(0)

def N(*s):
    return R.randn(*s)

CASES = []

def case(*args):
    def deco(f):
        CASES.append((f, args))
        return f
    return deco

@case(N(3,4), N(4,2), N(2))
def local_imports(x, w, b):
    import numpy as np
    from numpy import exp, dot
    import math
    from math import sqrt
    import numpy.linalg as LA
    out = np.zeros((x.shape[0], w.shape[1]))
    for i in range(len(x)):
        out[i] = dot(x[i], w) + b
    return exp(out) / sqrt(x.shape[1]) + math.exp(out[0,0]) + math.log(LA.norm(x)) + sqrt(out[0,1]**2)

@case(N(3,4), N(4,2), N(2))
def other_module(x, w, b):
    out, cache = affine_forward(x, w, b)
    out2, _ = course_helpers.affine_forward(x, w, b)
    o3 = course_helpers.np.zeros(2); o3[:] = out[0]
    return star_relu(out) + out2 + o3

@case(N(3,4))
def other_module_class(x):
    l = Layer(4, 2)
    return l.forward(x), l.W

OPS = {'relu': lambda x: np.maximum(x, 0), 'lin': lambda x: x, 'pad': course_helpers.star_relu}
@case(N(3,4))
def functions_in_dicts(x):
    out = x
    for k in ['relu', 'lin', 'pad']:
        out = OPS[k](out)
    fs = [np.tanh, math.cos, OPS['relu']]
    return fs[0](out), [fs[1](t) for t in out[0]]

def power(x, p, buf=None):
    out = np.zeros_like(x)
    out[...] = x**p
    return out
square = partial(power, p=2)
@case(N(3))
def partials(x):
    return square(x) + partial(power, p=3)(x) + reduce(lambda a, b: a*b, [square(x), x])

def logged(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        wrapper.calls = getattr(wrapper, 'calls', 0) + 1
        return f(*args, **kwargs)
    return wrapper
@logged
def decorated_inner(x):
    out = np.zeros(x.shape)
    out[:] = x * 2
    return out
@case(N(3))
def decorated(x):
    return decorated_inner(x)
@case(N(3))
@logged
def decorated_itself(x):
    out = np.zeros(x.shape)
    out[:] = x * 2
    return out

def make_adder(w):
    def add(x):
        out = np.empty_like(x)
        out[:] = w.dot(x)
        return out
    return add
ADD = make_adder(N(3,3))
@case(N(3))
def closures(x):
    return ADD(x) + make_adder(np.ones((3,3)))(x)

class Static:
    scale = np.array([1.0, 2.0, 3.0])
    @staticmethod
    def f(x):
        out = np.zeros(3); out[:] = x; return out
    @classmethod
    def g(cls, x):
        return cls.f(x) * cls.scale
    @property
    def p(self):
        return self.scale.dot(self.x)
    def __init__(self, x): self.x = x
    def __call__(self, y): return self.p * y
@case(N(3))
def statics(x):
    return Static.f(x), Static.g(x), Static(x)(2.0), Static.scale.dot(x)

@case(N(4), np.random.default_rng(1))
def generator_argument(x, rng):
    assert isinstance(rng, np.random.Generator)
    mask = rng.random(x.shape) < 0.5
    return x * mask + rng.normal(size=4).dot(x)

RNG = np.random.default_rng(3)
@case(N(4))
def isinstances(x):
    assert isinstance(x, (np.ndarray, list))
    assert type(x) is np.ndarray
    s = np.sum(x)
    assert isinstance(s, float) and isinstance(s, np.float64) and isinstance(s, np.floating) and not isinstance(s, np.ndarray)
    assert isinstance(s, (int, float))
    assert type(s) is np.float64 and type(3.0) is float and isinstance(3.0, float) and not isinstance(3, float)
    assert isinstance(float, type)
    assert type(x).__name__ == 'ndarray'
    return s * x if np.isscalar(s) else x

@case(N(4, 6))
def attributes_of_arrays(x):
    assert x.flags['C_CONTIGUOUS'] and x.strides == (48, 8) and x.flags.c_contiguous
    assert x.itemsize == 8 and x.nbytes == 192
    return x * 2

@case(N(2, 5, 5))
def strided(x):
    c, h, w = x.shape
    s = x.strides
    win = as_strided(x, shape=(c, h-2, w-2, 3, 3), strides=(s[0], s[1], s[2], s[1], s[2]))
    win2 = np.lib.stride_tricks.as_strided(x[:, ::2, 1:], (2, 2), (x.strides[1]*2, x.strides[2]))
    return win.reshape(c, -1, 9).max(axis=2), win2

@case(N(2, 3))
def iterators(x):
    out = np.zeros_like(x)
    it = np.nditer(x, flags=['multi_index'], op_flags=['readwrite'])
    while not it.finished:
        ix = it.multi_index
        out[ix] = x[ix] ** 2 + it[0]
        it.iternext()
    for idx, v in np.ndenumerate(x):
        out[idx] += v * idx[0]
    for idx in np.ndindex(*x.shape):
        out[idx] *= 2
    for v in np.nditer(x):
        out = out + v
    return out

@case(N(2, 3))
def rc(x):
    return np.c_[np.ones(2), x], np.r_[x[0], 1.0, x[1]], np.r_[x, x], np.c_[x[:,0], x[:,1]]

@case(N(2, 3))
def conversions(x):
    n = int(x.sum()); k = x.astype(int)
    y = x.astype(np.longdouble).astype(float)
    loss = float(np.sum(x ** 2)); other = np.mean(x).item()
    assert f"{loss:.3f} {other}" and "loss: %f %d" % (loss, loss)
    z = np.float64(2.0) * x + k * 0
    return loss, other, x + 0*n, z, x.tolist()

@case(N(4, 3), np.array([0, 2, 1, 1]))
def indexing(x, y):
    N = x.shape[0]
    assert x.shape == (4, 3)
    p = x.copy()
    p[np.arange(N), y] -= 1
    dout = np.exp(x)
    mask = x > 0
    dx = np.zeros_like(x); dx[mask] = dout[mask]
    for i in range(np.int64(2)): dx[i] += 1
    best = np.argmax(x, axis=1)
    u, inv = np.unique(y, return_inverse=True)
    return p, dx, x[range(N), list(y)], x[np.arange(N), best], np.array([x[inv == k].sum() for k in range(len(u))])

@case(N(3, 4))
def randoms(x):
    np.random.seed(1)
    m = np.random.rand(*x.shape) < 0.5
    c = np.random.choice(3, 2, replace=False); e = np.random.randn(*x.shape) * 0.1
    idx = np.random.permutation(3)
    w = np.random.uniform(-1, 1, (4, 2))
    np.random.shuffle(idx)
    noise = np.random.normal(0, 1, size=x.shape); noise *= x
    return (x * m / 0.5)[c] , (x + e)[idx], e.dot(x.T), w.T.dot(x[0]), noise, randn(3, 3).dot(x)

@case(N(5))
def python_functions(x):
    total = sum([x[i]**2 for i in range(5)])
    t2 = sum(x[i] for i in range(5)); m = max(0, x[0]); mm = min(x); s = sorted(x)
    g = np.sum([t for t in x]) ; h = np.sum(x * 2 for _ in range(1)) if False else 0.0
    leaky = x[1] if x[1] > 0 else 0.1 * x[1]
    ok = -10 < x[0] < 10
    l = list(map(lambda t: t**3, x)); f = np.fromiter((t * 2 for t in x), float); f2 = np.fromiter(map(math.tanh, x), dtype=np.float64, count=5)
    a = np.array([[x[0], 1.0], [x[1] * x[2], 0]])
    v = np.vectorize(lambda t: t if t > 0 else 0.01 * t)(x)
    z = [p * q for p, q in zip(x, x[::-1])]
    return total, t2, m, mm, s, g, leaky, l, f, f2, a, v, z, abs(x[0]), pow(x[1], 2), round(x[0], 1) * 0.0 + any(x > 100)

@np.vectorize
def vrelu(t):
    if t > 0: return t
    return 0.0
@case(N(5))
def vect(x): return vrelu(x) * x

@case(N(3, 3))
def copies(x):
    a = copymod.deepcopy(x); a[0] = 0
    b = copymod.copy(x); b *= 2
    c = np.copy(x); np.copyto(c, x * 3)
    d = np.array(x); np.place(d, d > 0, [1.0, 2.0])
    e = x.copy(); np.putmask(e, e < 0, x * 5)
    params = {'W': x * 2, 'l': [x, x + 1]}
    q = copymod.deepcopy(params); q['W'] += 1; q['l'][0][:] = 0
    return a, b, c, d, e, q, params

@case(N(3, 4), N(4, 2))
def products(x, w):
    plain = np.ones((2, 3))
    a = x.copy()
    b = np.eye(4)
    a @= b
    return np.einsum('ij,jk->ik', x, w), x.T.dot(plain.T), plain.dot(x), a, np.ones((3,3)).dot(x).dot(w)

def pass_kwargs(x, **kwargs):
    return x * kwargs.get('scale', 1.0) + kwargs['shift']
@case(N(3), {'scale': N(3), 'shift': N(3)})
def kwargs_cache(x, kw):
    def gen():
        for i in range(3):
            yield x[i] * i
    return pass_kwargs(x, **kw), list(gen()), np.array(list(gen()))

@case(N(3))
def other_names(x):
    a = numpy.zeros(3); a[0] = x[0]
    b = num.zeros(3); b[1] = x[1]
    c = zeros(3); c[2] = x[2]
    return a + b + c + exp(x) + dot(x, x)

@case(N(3, 2))
def saved(x):
    with tempfile.TemporaryDirectory() as d:
        np.save(os.path.join(d, 'a.npy'), x)
        np.savez(os.path.join(d, 'b.npz'), x=x, y=x*2)
        np.savetxt(os.path.join(d, 'c.txt'), x)
        y = np.load(os.path.join(d, 'a.npy'))
    return x * 2

@case(N(2, 6))
def shape_set(x):
    y = x.copy()
    y.shape = (3, 4)
    z = y.T
    y[0] = 1.0
    return y, z
@case(N(2, 6), np.array([1, 0]))
def integer_dot(x, y):
    onehot = (y == 1).astype(float)
    m = (x > 0).astype(x.dtype)
    m *= x
    q = (x > 0) * 1.0
    q[0, 0] = x[0, 0]
    return y.dot(x), onehot.dot(x), m, q, (y / 2.0).dot(x), (y == 1).dot(x)
def recursive(x, d): 
    b = np.zeros(x.shape); b[...] = x if d == 0 else recursive(x, d-1) * x
    return b
CASES.append((recursive, (N(3), 3)))
@case(N(3))
def nonlocal_(x):
    total = np.zeros(3)
    count = 0
    def add(v):
        nonlocal total, count
        total += v; count += 1
    for i in range(3): add(x * i)
    def inner(n):
        class A:
            w = np.ones(3)
            def f(self): return np.sum(self.w * x)
        return A().f() * n
    return total, inner(3)
@case(N(3))
def math_functions(x):
    a, b, c = x
    return math.exp(a), math.sqrt(b*b), math.log(abs(c)), math.log(abs(c), 2), math.pow(a, 2), math.tanh(b), math.sin(a), math.atan2(a, b), math.hypot(a, b), math.floor(a) * 1.0, math.erf(a), mexp(a), math.fabs(a), math.pi * a, math.isnan(a) * 1.0, math.fsum([a, b])
@case(N(3))
def gelu_vectorized(x):
    erf = np.vectorize(math.erf)
    return 0.5 * x * (1 + erf(x / math.sqrt(2)))
@case(N(3, 4))
def lambdas(x):
    sig = lambda z: 1 / (1 + np.exp(-z))
    out = (lambda z: np.where(z > 0, z, 0))(x)
    out2 = [sig(r) for r in x]
    return np.array(out2), np.vstack(out2), out
@case(N(4))
def inplace_ops(x):
    y = x.copy(); y += 1; y -= x * 2; y *= x; y /= 2.0; y **= 2
    np.add(y, x, out=y); np.multiply(y, 2, y); np.clip(y, -5, 5, out=y); np.exp(y, out=y); np.maximum(y, 0, out=y)
    y[1:3] += x[1:3]; y[y > 1] *= 0.5
    v = y[:2]; v += 1
    np.add.at(y, [0, 0, 1], x[:3]); np.subtract.at(y, [0], 1.0)
    return y
@case(N(2, 3))
def stds(x):
    loss = np.squeeze(np.sum(x)); assert(loss.shape == ())
    assert isinstance(np.squeeze(loss), float) or True
    a = np.asarray(x, dtype=np.float64); b = np.array(x, dtype=float, copy=True); c = np.asanyarray(x); d = np.ascontiguousarray(x)
    e = np.atleast_2d(x[0]); f = np.array([x, x]); g = np.array([x[0], x[1]]); h = np.array((x[0, 0], 2))
    return loss, a, b, c, d, e, f, g, h, np.array(x.tolist()), np.hstack([x, np.ones((2, 1))]), np.matmul(x, x.T), np.nan_to_num(x), np.float64(x.shape[0])

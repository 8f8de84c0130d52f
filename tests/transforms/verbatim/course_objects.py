"""Arrays in objects, globals and containers as strangers keep them. See `strangers`."""

import math
import numpy as np
from collections import OrderedDict, namedtuple
from dataclasses import dataclass, field
from functools import lru_cache

R = np.random.RandomState(0)

def N(*s):
    return R.randn(*s)

CASES = []

def case(*args):
    def deco(f):
        CASES.append((f, args))
        return f
    return deco

class Net:
    def __init__(self, n, h):
        self.W = N(n, h); self.b = np.zeros(h)
        self.params = {'W2': N(h, 2), 'b2': np.zeros(2)}
        self.layers = [N(2, 2), N(2, 2)]
        self.cache = None
        self.act = math.tanh if False else np.tanh
    def forward(self, x):
        self.x = x
        h = self.act(x.dot(self.W) + self.b)
        out = h.dot(self.params['W2']) + self.params['b2']
        for w in self.layers:
            out = out.dot(w)
        self.cache = (h, out)
        return out
    def backward(self, dout):
        h, out = self.cache
        for w in reversed(self.layers):
            dout = dout.dot(w.T)
        self.grads = {}
        self.grads['W2'] = h.T.dot(dout)
        self.grads['W'] = self.x.T.dot(dout.dot(self.params['W2'].T) * (1 - h**2))
        self.W -= 0.1 * self.grads['W']
        return self.grads
NET = Net(3, 4)
def both_passes(net, x):
    out = net.forward(x)
    return net.backward(out), out
CASES.append((Net.forward, (NET, N(5, 3))))
CASES.append((both_passes, (NET, N(5, 3))))
GLOBAL_NET = Net(3, 4)
GW = N(3, 4); GLIST = [N(4, 2)]; GDICT = {'w': N(2, 2)}
counter = 0; last = None
@case(N(5, 3))
def global_state(x):
    global counter, last
    counter += 1
    last = x * 2
    GW[0, 0] = 2.0
    return GLOBAL_NET.forward(x), GW.T.dot(x[0]), GLIST[0].T.dot(GW.T.dot(x[0])), GDICT['w'].dot(x[0, :2])
@dataclass
class Params:
    W: np.ndarray
    b: np.ndarray
    inner: dict = field(default_factory=dict)
    def apply(self, x): return self.W.dot(x) + self.b + self.inner['k'].dot(x)
CASES.append((Params.apply, (Params(N(3,3), N(3), {'k': N(3,3)}), N(3))))
Cache = namedtuple('Cache', 'x w')
@case(N(3), N(3, 3))
def namedtuples(x, w):
    c = Cache(x, w=w)
    d = c._replace(x=c.x * 2)
    return c.w.dot(c.x), Cache(c.x, c.w).w.dot(d.x)
class Base:
    def __init__(self, w): self.w = w
    def forward(self, x):
        out = np.zeros(3); out[:] = self.w.dot(x); return out
class Derived(Base):
    def __init__(self, w, b):
        super().__init__(w); self.b = b
    def forward(self, x):
        return super().forward(x) + self.b
class OldStyle(Base):
    def __init__(self, w):
        super(OldStyle, self).__init__(w)
    def forward(self, x):
        assert isinstance(self, OldStyle) and isinstance(self, Base)
        return super(OldStyle, self).forward(x) * 2 + Base.forward(self, x)
CASES.append((Derived.forward, (Derived(N(3,3), N(3)), N(3))))
CASES.append((OldStyle.forward, (OldStyle(N(3,3)), N(3))))
class Sequential:
    def __init__(self, *layers): self.layers = list(layers); self.d = OrderedDict((str(i), l) for i, l in enumerate(layers))
    def forward(self, x):
        for l in self.layers: x = l.forward(x)
        for k, l in self.d.items(): x = l.forward(x)
        return x
CASES.append((Sequential.forward, (Sequential(Derived(N(3,3), N(3)), OldStyle(N(3,3))), N(3))))
class Slots:
    __slots__ = ('w', 'cache')
    def __init__(self, w): self.w = w
    def f(self, x): self.cache = x; return self.w.dot(x)
SL = Slots(N(3,3))
@case(N(3))
def slotted(x): return SL.f(x)
class DictParams(dict):
    def scale(self, s): return {k: v * s for k, v in self.items()}
DP = DictParams(a=N(3, 3))
@case(N(3))
def dict_subclass(x): return DP['a'].dot(x), DP.scale(x)
@lru_cache(maxsize=None)
def fib(n): return 1.0 if n < 2 else fib(n-1) + fib(n-2)
@case(N(3))
def cached(x): return x * fib(20)
@case(np.array([N(2,3), N(3)], dtype=object), N(2))
def object_array(ws, x):
    ws = ws * 2
    return x.dot(ws[0]) + ws[1]
@case([N(2,3), [N(3), (N(3), {'k': N(2)})]])
def nested(t):
    t[1][1][1]['k'] -= 1.0
    t[0] = t[0] * 2
    return t[1][1][1]['k'].dot(t[0]) + t[1][0] + t[1][1][0]

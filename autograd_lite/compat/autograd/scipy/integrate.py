"""`odeint`: solutions of differential equations, differentiated by the adjoint equation."""

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.integrate

from ..core import make_vjp
from ..misc.flatten import flatten
from ..primitives import defvjp_argnums, primitive

odeint = primitive(scipy.integrate.odeint)


def odeint_vjp(argnums: Any, ans: Any, args: Any, kwargs: Any) -> Callable[[Any], list[Any]]:
    """The gradients of y0, t and args.

    w = dL/dy follows w' = -w df/dy backwards in time, and gains the gradient of the solution at
    every time at which it is asked for. What the parameters get is the integral of w df/dargs.
    """
    func, _, times, given = (*args, ())[:4]
    size = np.shape(ans)[1]
    flat, unflatten = flatten(given)

    def slope(y: Any, time: Any, flat: Any) -> Any:
        return func(y, time, *unflatten(flat))

    def backwards(state: Any, time: Any, flat: Any) -> Any:
        y, w = state[:size], state[size : 2 * size]
        vjp, dy = make_vjp(lambda both: slope(both[0], time, both[1]), (y, flat))
        gy, g_flat = vjp(-w)
        return np.hstack([dy, gy, g_flat])

    def vjp(g: Any) -> list[Any]:
        w, g_flat, g_times = g[-1], np.zeros(np.shape(flat)), []
        for i in range(len(times) - 1, 0, -1):
            g_times.append(np.dot(slope(ans[i], times[i], flat), g[i]))
            state = np.hstack([ans[i], w, g_flat])
            span = times[i - 1 : i + 1][::-1]
            end = odeint(backwards, state, span, (flat,), **kwargs)[1]
            w, g_flat = end[size : 2 * size], end[2 * size :]
            if i > 1:
                w = w + g[i - 1]
        g_times.append(-np.dot(slope(ans[0], times[0], flat), w))
        found = {1: w + g[0], 2: np.stack(g_times[::-1]), 3: unflatten(g_flat)}
        return [found[argnum] for argnum in argnums]

    return vjp


defvjp_argnums(odeint, odeint_vjp)

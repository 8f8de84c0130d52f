"""`scipy.special` on Tensors: every public name of SciPy's module, called in the same way.

Most are SciPy's own ufuncs, to which Tensors answer once this module has declared their
derivatives. What SciPy wrote in Python stands here anew, with SciPy's values.

>>> import autograd_lite as ag
>>> from autograd_lite.scipy import special
>>> ag.grad(special.erf)(0.0)
np.float64(1.1283791670955126)
"""

import sys

from ... import numpy as namespace
from . import bessel as bessel
from . import distributions as distributions
from . import entropy as entropy
from . import exponentials as exponentials
from . import incomplete as incomplete
from . import logistic as logistic
from . import normal as normal
from . import transformations as transformations
from .differences import polygamma
from .functions import sp
from .gammas import multigammaln, zeta
from .sums import log_softmax, logsumexp, softmax

ANEW = {
    "log_softmax": log_softmax,
    "logsumexp": logsumexp,
    "multigammaln": multigammaln,
    "polygamma": polygamma,
    "softmax": softmax,
    "zeta": zeta,
}
globals().update({**vars(sp), **ANEW})
__all__ = list(vars(sp))

# Where SciPy looks for special functions of the arrays of another library.
vars(namespace)["special"] = sys.modules[__name__]

"""`autograd.scipy`: the functions of SciPy that autograd differentiates; needs SciPy."""

from . import integrate as integrate
from . import linalg as linalg
from . import signal as signal
from . import special as special
from . import stats as stats

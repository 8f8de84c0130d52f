"""`autograd.scipy`: the functions of SciPy that can be differentiated."""

from . import special as special

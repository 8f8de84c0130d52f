"""Every function with complex operands: its gradients are right, or it refuses them."""

import warnings

import numpy as np
import pytest

from autograd_lite import Tensor
from autograd_lite.checking import check_gradients
from autograd_lite.core.errors import NotDifferentiableError
from autograd_lite.core.operation import PRIMITIVES

from .cases import COMPLEX, Subject, plain_call
from .test_rules import SUBJECTS, assert_same, outcome

# Functions that are not holomorphic, whose rules are for real operands: of polyfit, the singular
# values of full=True; of SciPy, Bessel functions scaled by the exponential of a real part.
REAL_ONLY = {"erfcx", "geomspace", "ive", "jve", "kve", "log_ndtr", "polyfit", "psi", "rgamma",
             "spence", "xlog1py", "xlogy", "yve"}  # fmt: skip
# The order of what comes back is that of a hash table: it jumps.
UNORDERED = {"unique": "sorted=False", "unique_values": ""}
# NumPy chooses the complex phase of every vector: tests/rules/test_decompositions.py asks for what
# does not depend on it.
PHASES = {"eigh": "", "symmetric_spectrum": "", "eig": "", "spectrum": "", "singular_triple": "",
          "svd": "", "orthogonal_triangular": "complete", "qr": "complete"}  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "case"),
    [(subject, case) for subject in SUBJECTS for case in subject.cases or ("",)],
    ids=str,
)
def test_gradients_at_complex_operands(subject: Subject, case: str) -> None:
    call = plain_call(subject, case if case.startswith(COMPLEX) else COMPLEX + case)
    expected = outcome(call, call.arrays)
    result = outcome(call, [Tensor(array) for array in call.arrays])
    if isinstance(expected, type):
        assert result is expected
    elif result is NotDifferentiableError:
        assert str(subject) in REAL_ONLY or subject.function in PRIMITIVES
    else:
        assert_same(result, expected)
        free = {**UNORDERED, **PHASES}.get(str(subject))
        if free is None or free not in case:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", np.exceptions.ComplexWarning)
                check_gradients(call, *call.arrays, order=1)

"""Mutants that compute the same as the original, each with the reason why."""

import importlib.util

EQUIVALENT: dict[str, dict[str, str]] = {}

# SciPy's functions, where they are declared.
SYMMETRIC = "a symmetric function"
CONTINUOUS = "both forms agree at the point where they meet, up to rounding"
OF_SCIPY = {
    "densities.beta_curve": {"1.0 - x -> x - 1.0": "it is only asked whether this is 0"},
    "distributions.t_density": {
        "sp.betaln(np.multiply(0.5, n), 0.5) -> sp.betaln(0.5, np.multiply(0.5, n))": SYMMETRIC,
    },
    "rel_entr/a": {"both_0(a, b) -> both_0(b, a)": SYMMETRIC},
    "kl_div/a": {"both_0(a, b) -> both_0(b, a)": SYMMETRIC},
    "kl_div/b": {
        "both_0(a, b) -> both_0(b, a)": SYMMETRIC,
        "both_0(a, b) -> both_0(b, a) #2": SYMMETRIC,
    },
    "entropy.quotient": {
        "b + both_0(a, b) -> b - both_0(a, b)": "it is 0 divided by -1 in place of 1",
        "both_0(a, b) -> both_0(b, a)": SYMMETRIC,
    },
    "entropy.both_0": {
        "(a == 0) & (b == 0) -> 2.0 * ((a == 0) & (b == 0))": "what it is added to is divided by "
        "a sum with the same term, or 0; its negation stays the same",
    },
    "normal.tail_ratio_slope": {"z > NEAR -> z >= NEAR": CONTINUOUS},
    "gammas.reciprocal_gamma_slope": {"x < MIRROR -> x <= MIRROR": CONTINUOUS},
    "huber/a": {"np.abs(b) > a -> np.abs(b) >= a": CONTINUOUS},
    "huber/b": {"np.abs(b) > a -> np.abs(b) >= a": CONTINUOUS},
    "sums.weights": {
        "np.exp(lead(a, kee... -> -np.exp(lead(a, kee...": "both rules divide by the sum of these "
        "numbers, or multiply by its sign",
    },
}
if importlib.util.find_spec("scipy") is not None:
    EQUIVALENT |= OF_SCIPY

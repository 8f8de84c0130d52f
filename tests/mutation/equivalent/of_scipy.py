"""Equivalent mutants of the rules of SciPy's special functions."""

from .reasons import CONTINUOUS, SYMMETRIC

OF_SCIPY = {
    "densities.beta_curve": {"1.0 - x -> x - 1.0": "it is only asked whether this is 0"},
    "distributions.t_density": {
        "sp.betaln(np.multiply(0.5, n), 0.5) -> sp.betaln(0.5, np.multiply(0.5, n))": SYMMETRIC,
    },
    "scipy.rel_entr/a": {"both_0(a, b) -> both_0(b, a)": SYMMETRIC},
    "scipy.kl_div/a": {"both_0(a, b) -> both_0(b, a)": SYMMETRIC},
    "scipy.kl_div/b": {
        "both_0(a, b) -> both_0(b, a)": SYMMETRIC,
        "both_0(a, b) -> both_0(b, a) #2": SYMMETRIC,
    },
    "entropy.quotient": {
        "b + both_0(a, b) -> b - both_0(a, b)": "it is 0 divided by -1 in place of 1",
        "both_0(a, b) -> both_0(b, a)": SYMMETRIC,
    },
    "normal.tail_ratio_slope": {"z > NEAR -> z >= NEAR": CONTINUOUS},
    "gammas.reciprocal_gamma_slope": {"x < MIRROR -> x <= MIRROR": CONTINUOUS},
    "sums.weights": {
        "np.exp(lead(a, kee... -> -np.exp(lead(a, kee...": "both rules divide by the sum of these "
        "numbers, or multiply by its sign",
    },
}

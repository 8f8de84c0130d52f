"""Mutants that compute the same as the original, each with the reason why."""

EQUIVALENT: dict[str, dict[str, str]] = {}

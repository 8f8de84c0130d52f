"""Whole derivatives: `jacobian`, `hessian`, `hvp` and `elementwise_grad`."""

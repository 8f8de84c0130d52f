"""`verbatim`: code that was written for NumPy arrays, run unchanged on Tensors."""

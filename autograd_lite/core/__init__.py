"""The engine: Tensors, traces, the recorder and the backward sweep. Needs NumPy only."""

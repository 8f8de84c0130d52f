"""The jobs of `python -m autograd_lite`, one module each.

A job is a module with `add_options(parser)` and `run(options) -> exit code`. Input that it
cannot use is an `InputError`.
"""

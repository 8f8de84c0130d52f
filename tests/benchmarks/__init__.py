"""How fast and how frugal the package is, beside hand-written NumPy and its peers.

    python -m tests.benchmarks                      everything, one Markdown table
    python -m tests.benchmarks --only blog_step     one benchmark (may be repeated)
    python -m tests.benchmarks --quick              fewer rounds, to see that it runs

Everything is measured on one thread, so that a ratio compares the work and not the scheduling, and
with an allocator that keeps what is freed, so that it compares the work and not the page faults.
"""

import ctypes
import os

# BLAS, OpenMP and XLA read these once, when they are loaded. So they are set here, before any
# module of this package imports NumPy; child processes inherit them.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "BLIS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "NPROC": "1",  # the size of JAX's own pool of CPU threads
}
JAX_ON_CPU_IN_DOUBLE = {"JAX_PLATFORMS": "cpu", "JAX_ENABLE_X64": "1"}

os.environ.update(ONE_THREAD)
os.environ.update(JAX_ON_CPU_IN_DOUBLE)


def keep_freed_memory() -> None:
    """Tell glibc's malloc to hold on to freed memory; elsewhere, leave the allocator as it is.

    By default it returns large buffers to the system and faults them in again at the next step, or
    does not, depending on what the process did before: one and the same MLP step cost 0, 123 or
    360 page faults in three runs, and the ratio of two such steps wandered from 1.07 to 1.25.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        trim_threshold, mmap_threshold = -1, -3  # M_TRIM_THRESHOLD, M_MMAP_THRESHOLD of malloc.h
        mallopt(trim_threshold, 1 << 30)
        mallopt(mmap_threshold, 1 << 25)  # the largest it accepts


keep_freed_memory()

"""Run all tests in two processes, one for each core: `python -m tests`.

The tests of the rules take about as long as all others. Exit code 1 if any test fails.
"""

import subprocess
import sys

PYTEST = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
PARTS = (["tests/rules"], ["--ignore=tests/rules"])


def main() -> int:
    running = [
        subprocess.Popen([*PYTEST, *part], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for part in PARTS
    ]
    outputs = [process.communicate()[0].decode() for process in running]
    for part, output in zip(PARTS, outputs, strict=True):
        print(f"== pytest {' '.join(part)}\n{output}", flush=True)
    return int(any(process.returncode for process in running))


if __name__ == "__main__":
    sys.exit(main())

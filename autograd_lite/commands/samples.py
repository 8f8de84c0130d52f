"""Reads a user's samples, a CSV or an .npz, and names the row and column it cannot use.

Rows and columns are counted from 1; in a CSV a row is a line of the file, its header included.
"""

import csv
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import InputError

Samples = tuple[NDArray[np.float64], NDArray[np.float64]]


def read_samples(path: Path) -> Samples:
    """Return the features (samples, features) and the labels (samples, outputs) in a file.

    `.csv`: numbers separated by commas, with or without a header line; the last column is the
    label. `.npz`: arrays `X` and `y` (one label or several for each row of `X`), or a
    single 2-D array whose last column is the label. Both become float64. At least two samples,
    one feature and one label, all finite; anything else is an `InputError`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "two.csv")
    ...     _ = path.write_text("height,width,label\\n1,2,0\\n3,4,1\\n")
    ...     read_samples(path)
    (array([[1., 2.],
           [3., 4.]]), array([[0.],
           [1.]]))
    """
    readers = {".csv": _read_csv, ".npz": _read_npz}
    read = readers.get(path.suffix.lower())
    if read is None:
        raise InputError(f"{path}: unknown kind of file; a name in .csv or .npz is allowed")
    try:
        X, y = read(path)
    except OSError as problem:
        raise InputError(f"{path}: {problem.strerror or problem}") from problem
    if len(X) < 2:
        raise InputError(f"{path}: {len(X)} sample; at least 2 are needed")
    if not X.shape[1] or not y.shape[1]:
        raise InputError(f"{path}: at least one column of features and one of labels are needed")
    return X, y


def _read_csv(path: Path) -> Samples:
    rows = []
    lines = _csv_lines(path)
    for index, (number, cells) in enumerate(lines):
        where, width = f"{path}, row {number}", len(lines[0][1])
        if len(cells) != width:
            raise InputError(f"{where}: {width} columns are needed, as above, not {len(cells)}")
        if index or not _is_header(cells):
            rows.append([_number(cell, where, k) for k, cell in enumerate(cells, start=1)])
    if not rows:
        raise InputError(f"{path}: no samples in it; rows of numbers are needed")
    return _split(np.array(rows))


def _csv_lines(path: Path) -> list[tuple[int, list[str]]]:
    """Return line number and cells of every line that is not blank."""
    with path.open(newline="", encoding="utf-8-sig") as stream:
        reader = csv.reader(stream)
        try:
            lines = [(reader.line_num, cells) for cells in reader]
        except (UnicodeDecodeError, csv.Error) as problem:
            raise InputError(f"{path}: not a CSV in UTF-8 text ({problem})") from problem
    return [(number, cells) for number, cells in lines if len(cells) > 1 or "".join(cells).strip()]


def _is_header(cells: list[str]) -> bool:
    """Whether no cell is a number. A mixture is a line of data with something wrong in it."""
    return any(cell.strip() for cell in cells) and not any(_is_number(cell) for cell in cells)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell  # Python's float takes 1_000, and nobody else does


def _number(cell: str, where: str, column: int) -> float:
    where = f"{where}, column {column}"
    if not cell.strip():
        raise InputError(f"{where}: empty; a number is needed")
    if not _is_number(cell):
        shown = cell if len(cell) <= 40 else cell[:40] + "..."
        raise InputError(f"{where}: {shown!r} is not a number")
    if not math.isfinite(float(cell)):
        raise InputError(f"{where}: {cell.strip()} is not a finite number")
    return float(cell)


def _read_npz(path: Path) -> Samples:
    arrays = {name: _finite(array, f"{path}, array {name}") for name, array in _load(path).items()}
    shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items()) or "nothing"
    match arrays:
        case {"X": X, "y": y} if len(arrays) == 2 and X.ndim == 2 and y.ndim in (1, 2):
            if len(X) != len(y):
                raise InputError(f"{path}: holds {shapes}; X and y need as many rows each")
            return X, y.reshape(len(y), -1)
        case {**only} if len(only) == 1 and (table := next(iter(only.values()))).ndim == 2:
            return _split(table)
    raise InputError(
        f"{path}: holds {shapes}; allowed are X (samples, features) with y (samples,) or "
        "(samples, outputs), or one 2-D array whose last column is the label"
    )


def _load(path: Path) -> dict[str, NDArray[Any]]:
    with path.open("rb") as stream:
        if not zipfile.is_zipfile(stream):
            raise InputError(f"{path}: not an .npz archive")
        stream.seek(0)
        try:
            with np.load(stream, allow_pickle=False) as archive:
                return dict(archive)
        # A damaged archive fails in zipfile, zlib, struct or NumPy, each with errors of its own.
        except Exception as problem:
            raise InputError(
                f"{path}: cannot be read as arrays of numbers ({problem})"
            ) from problem


def _finite(array: object, where: str) -> NDArray[np.float64]:
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf":
        kind = getattr(array, "dtype", "something else")
        raise InputError(f"{where}: holds {kind}; real numbers are needed")
    with np.errstate(over="ignore"):  # a long double too large for float64 is found just below
        numbers = array.astype(np.float64)
    bad = np.argwhere(~np.isfinite(numbers))
    if len(bad):
        names = ("row", "column") if array.ndim <= 2 else ("index",) * array.ndim
        place = ", ".join(f"{name} {k + 1}" for name, k in zip(names, bad[0], strict=False))
        value = numbers[tuple(bad[0])]
        raise InputError(f"{where}, {place}: {value} is not a finite number")
    return numbers


def _split(table: NDArray[np.float64]) -> Samples:
    return table[:, :-1], table[:, -1:]

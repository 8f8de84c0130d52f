"""Samples of the user's own: what is read, and the one line for everything that cannot be."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd_lite.commands.errors import InputError
from autograd_lite.commands.samples import read_samples

READABLE = {
    "plain": "1,2,0\n3,4,1\n",
    "header": "height,width,label\n1,2,0\n3,4,1\n",
    "no last line break": "1,2,0\n3,4,1",
    "spaces and blank lines": "\n 1, 2 ,0\n\n  \n3,4e0, +1\n",
    "quotes": '"a","b","c"\n"1","2","0"\n3,4,1\n',
    "windows": "\ufeffa,b,c\r\n1,2,0\r\n3,4,1\r\n",
    "header with a gap": ",width,label\n1,2,0\n3,4,1\n",
}

UNREADABLE = {
    "empty file": (b"", "FILE: no samples in it; rows of numbers are needed"),
    "header only": (b"a,b\n", "FILE: no samples in it; rows of numbers are needed"),
    "single row": (b"1,2\n", "FILE: 1 sample; at least 2 are needed"),
    "one column": (b"1\n2\n", "FILE: at least one column of features and one of labels are"),
    "text": (b"1,2\n3,four\n", "FILE, row 2, column 2: 'four' is not a number"),
    "text below a header": (b"a,b\n1,2\nx,4\n", "FILE, row 3, column 1: 'x' is not a number"),
    "text in the first row": (b"x,2\n1,2\n", "FILE, row 1, column 1: 'x' is not a number"),
    "second header": (b"a,b\nc,d\n1,2\n", "FILE, row 2, column 1: 'c' is not a number"),
    "long text": (b"1,2\n3," + b"z" * 99, "FILE, row 2, column 2: '" + "z" * 40 + "...' is not"),
    "line break in a cell": (b'1,2\n3,"a\nb"\n', r"column 2: 'a\nb' is not a number"),
    "semicolons": (b"1;2\n3;4\n5;6\n", "FILE, row 2, column 1: '3;4' is not a number"),
    "empty cell": (b"1,2\n3,\n", "FILE, row 2, column 2: empty; a number is needed"),
    "row of gaps": (b"1,2\n,\n", "FILE, row 2, column 1: empty; a number is needed"),
    "gaps first": (b",\n1,2\n", "FILE, row 1, column 1: empty; a number is needed"),
    "nan": (b"1,2\n\n3,nan\n", "FILE, row 3, column 2: nan is not a finite number"),
    "infinite": (b"-inf,2\n3,4\n", "FILE, row 1, column 1: -inf is not a finite number"),
    "too large": (b"1,2\n1e999,4\n", "FILE, row 2, column 1: 1e999 is not a finite number"),
    "short row": (b"1,2,3\n4,5\n", "FILE, row 2: 3 columns are needed, as above, not 2"),
    "long row": (b"1,2\n3,4,5\n", "FILE, row 2: 2 columns are needed, as above, not 3"),
    "short header": (b"a,b\n1,2,3\n4,5,6", "FILE, row 2: 2 columns are needed, as above, not 3"),
    "binary": (b"\x89PNG\r\n\x1a\n\xff\xfe\x00", "FILE: not a CSV in UTF-8 text ('utf-8' codec"),
    "zeros": (b"1,2\n" + bytes(64), "FILE, row 2: 2 columns are needed, as above, not 1"),
    "huge cell": (b"1," + b"2" * 200_000, "FILE: not a CSV in UTF-8 text (field larger than"),
}


@pytest.mark.parametrize("text", READABLE.values(), ids=READABLE)
def test_csv(tmp_path: Path, text: str) -> None:
    path = tmp_path / "samples.CSV"
    path.write_text(text, encoding="utf-8", newline="")
    X, y = read_samples(path)
    assert X.tolist() == [[1, 2], [3, 4]]
    assert y.tolist() == [[0], [1]]


@pytest.mark.parametrize(("content", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_csv_that_cannot_be_used(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "samples.csv"
    path.write_bytes(content)
    assert said.replace("FILE", str(path)) in refusal(path)


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_samples(path)
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(str(path))
    return text


NAMED = {"X": np.array([[1, 2], [3, 4]], np.int8), "y": np.array([False, True])}
TABLE = np.array([[1, 2, 0], [3, 4, 1]], np.float32)


@pytest.mark.parametrize(
    "arrays", [NAMED, {**NAMED, "y": np.array([[0], [1]])}, {"arr_0": TABLE}], ids=str
)
def test_npz(tmp_path: Path, arrays: dict[str, Any]) -> None:
    path = tmp_path / "samples.npz"
    np.savez(path, **arrays)
    X, y = read_samples(path)
    assert X.tolist() == [[1, 2], [3, 4]]
    assert y.tolist() == [[0], [1]]
    assert X.dtype == y.dtype == np.float64


def test_npz_with_several_outputs(tmp_path: Path) -> None:
    path = tmp_path / "samples.npz"
    np.savez(path, X=np.eye(3), y=np.ones((3, 2)))
    X, y = read_samples(path)
    assert (X.shape, y.shape) == ((3, 3), (3, 2))


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({}, "holds nothing; allowed are X (samples, features) with y"),
        ({"a": TABLE, "b": TABLE}, "holds a (2, 3), b (2, 3); allowed are"),
        ({"a": np.ones(3)}, "holds a (3,); allowed are"),
        ({"X": TABLE, "y": np.ones((2, 1, 1))}, "holds X (2, 3), y (2, 1, 1); allowed are"),
        ({"X": TABLE, "y": np.ones(3)}, "holds X (2, 3), y (3,); X and y need as many rows"),
        ({"X": TABLE, "y": np.ones((2, 0))}, "at least one column of features and one of labels"),
        ({"X": np.ones((2, 0)), "y": np.ones(2)}, "at least one column of features and one of"),
        ({"a": np.ones((1, 3))}, "1 sample; at least 2 are needed"),
        ({"X": TABLE, "y": np.array([1, np.nan])}, "array y, row 2: nan is not a finite number"),
        ({"a": np.full((2, 3), np.inf)}, "array a, row 1, column 1: inf is not a finite number"),
        ({"a": np.full((2, 2, 2), np.nan)}, "array a, index 1, index 1, index 1: nan is not"),
        ({"a": TABLE * 1j}, "array a: holds complex64; real numbers are needed"),
        ({"a": np.array([["1", "2"]])}, "array a: holds <U1; real numbers are needed"),
        ({"a": np.array([[1, None]])}, "cannot be read as arrays of numbers (Object arrays"),
    ],
)
def test_npz_that_cannot_be_used(tmp_path: Path, arrays: dict[str, Any], said: str) -> None:
    path = tmp_path / "samples.npz"
    np.savez(path, **arrays)
    assert said in refusal(path)


def test_damaged_npz(tmp_path: Path) -> None:
    path = tmp_path / "samples.npz"
    np.savez(path, **NAMED)
    whole = path.read_bytes()
    path.write_bytes(whole[:200])
    assert "not an .npz archive" in refusal(path)
    path.write_bytes(whole.replace(b"NUMPY", b"NOISE"))
    assert "cannot be read as arrays of numbers" in refusal(path)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    assert "No such file" in refusal(tmp_path / "missing.csv")
    assert "No such file" in refusal(tmp_path / "missing.npz")
    assert "directory" in refusal(folder)
    assert "a name in .csv or .npz is allowed" in refusal(tmp_path / "samples.txt")
    assert "a name in .csv or .npz is allowed" in refusal(tmp_path)

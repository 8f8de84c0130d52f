"""A report as a page: well formed, escaped, with a picture of every wrong gradient."""

from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from autograd_lite.checking.audits.cases import Diagnosis
from autograd_lite.checking.audits.reporting.findings import WrongLine
from autograd_lite.checking.audits.reporting.grids import MOST, grids_of
from autograd_lite.checking.audits.reporting.heatmaps import around_one, short

from .made import LINE, RIGHT, good, parameter, report

random = np.random.default_rng(0)


def svgs(page: str) -> list[ET.Element]:
    """The pictures of a page, which must be well formed."""
    pieces = page.split("<svg ")[1:]
    return [ET.fromstring("<svg " + piece.partition("</svg>")[0] + "</svg>")
            for piece in pieces]  # fmt: skip


def texts(svg: ET.Element, kind: str) -> list[str]:
    return [element.text or "" for element in svg.iter("text") if element.get("class") == kind]


class Nesting(HTMLParser):
    """Checks that what is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, _: Any) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, _: Any) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_page_of_its_own() -> None:
    found = report(parameter(), good(), line=LINE, notes=("a note",))
    page = found.html()
    nesting = Nesting()
    nesting.feed(page)
    assert not nesting.open
    for piece in (
        "loss: 1 of 2 gradients is wrong, that of w.", '<td class="number">1.73e-17</td>',
        "w is wrong: a constant factor (scale)", "w[1, 1] is 18.0 and should be 3.00.",
        "File <code>/home/me/net.py</code>, line 12", "dw = (x.T @ d) / 6", "Note: a note.",
    ):  # fmt: skip
        assert piece in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert page.startswith("<!DOCTYPE html>")
    assert "prefers-color-scheme: dark" in found._repr_html_()
    assert found._repr_html_() in page


def test_three_pictures_of_each_wrong_gradient() -> None:
    pictures = svgs(report(parameter(), good()).html())
    assert [texts(svg, "title") for svg in pictures] == [
        ["by hand"],
        ["right"],
        ["by hand / right"],
    ]
    assert texts(pictures[0], "value") == ["3", "−6", "12", "1.5", "18", "−0.75"]
    assert texts(pictures[2], "value") == ["6"] * 6
    assert [svg.find("title").text for svg in pictures] == [
        "w, by hand: shape (2, 3), from -6.00 to 18.0",
        "w, right: shape (2, 3), from -1.00 to 3.00",
        "w, by hand / right: shape (2, 3), from 6.00 to 6.00",
    ]
    marked = [rect for rect in pictures[0].iter("rect") if "worst" in rect.get("class", "")]
    assert len(marked) == 3
    assert (
        "Framed: the largest errors, at w[1, 1], w[0, 2] and w[0, 1]." in report(parameter()).html()
    )


@pytest.mark.parametrize(
    "shape", [(), (1,), (7,), (1000,), (3, 1), (50, 3), (200, 300), (2, 3, 4, 5), (1, 1, 1)]
)
def test_any_shape(shape: tuple[int, ...]) -> None:
    right = random.normal(size=shape)
    page = report(parameter(manual=right + 1, right=right)).html()
    pictures = svgs(page)
    assert len(pictures) == 3
    assert len(page) < 300_000
    for svg in pictures:
        width, height = float(svg.get("width")), float(svg.get("height"))
        assert width < 320
        assert height < 360
        for rect in svg.iter("rect"):
            assert float(rect.get("x")) + float(rect.get("width")) <= width
            assert float(rect.get("y")) + float(rect.get("height")) <= height


def test_an_empty_gradient_has_no_picture() -> None:
    assert svgs(report(parameter(manual=np.zeros((0, 3)), right=np.ones((0, 3)))).html()) == []


def test_worst_entries_of_large_arrays_are_shown() -> None:
    right = np.ones((500, 400))
    manual = right.copy()
    manual[123, 321] = 9.0
    (grid,) = grids_of(parameter(manual=manual, right=right))
    assert grid.places.shape == (MOST, MOST)
    assert grid.worst == (123 * 400 + 321,)
    assert np.sum(grid.ratio == 9.0) == 1
    page = report(parameter(manual=manual, right=right)).html()
    assert "Each cell shows the worst of up to 21 × 17 entries." in page
    assert "Framed: the largest error, at w[123, 321]." in page


def test_what_is_not_finite() -> None:
    manual = np.array([[np.nan, np.inf, -np.inf], [1.0, 2.0, 3.0]])
    by_hand, _, ratio = svgs(report(parameter(manual=manual)).html())
    assert texts(by_hand, "value") == ["NaN", "∞", "−∞", "1", "2", "3"]
    assert texts(ratio, "value")[:3] == ["NaN", "−∞", "−∞"]
    everything = np.full((2, 3), np.nan)
    assert len(svgs(report(parameter(manual=everything)).html())) == 3


def test_other_shapes_and_missing_gradients() -> None:
    page = report(parameter(manual=RIGHT.T)).html()
    assert len(svgs(page)) == 2
    assert "By hand it has the shape (3, 2), where (2, 3) is right." in page
    cause = Diagnosis("missing", "no gradient of w was returned, or it is None", {})
    page = report(parameter(manual=None, cause=cause)).html()
    assert len(svgs(page)) == 1
    assert "There is none by hand." in page
    assert svgs(report(parameter(manual=None, right=None, cause=cause)).html()) == []


def test_everything_of_the_users_is_escaped() -> None:
    evil = '<script>alert("1")</script>&'
    line = WrongLine(evil, 3, f"a = {evil}", evil, f"b = {evil}")
    cause = Diagnosis("scale", f"{evil} `{evil}`", {})
    page = report(parameter(evil, cause=cause), line=line, notes=(evil,)).html()
    assert "<script" not in page
    assert '"1"' not in page
    svgs(page)


def test_many_wrong_gradients() -> None:
    page = report(*(parameter(f"w{n}") for n in range(20))).html()
    assert len(svgs(page)) == 36
    assert "Without a picture: w12, w13, w14, w15, w16 and 3 more." in page


def test_ratio_of_zeros_is_one() -> None:
    right = np.array([0.0, 1e-20, 2.0])
    (grid,) = grids_of(parameter(manual=np.array([0.0, 0.0, 4.0]), right=right))
    assert grid.ratio.tolist() == [[1.0, 1.0, 2.0]]


def test_the_scale_of_a_ratio() -> None:
    assert around_one(np.full((1, 3), 6.0))[:3] == (1.0, 1.0, 6.0)
    assert around_one(np.array([[0.5, np.inf]]))[:3] == (0.5, 1.0, 1.0)
    assert around_one(np.array([[np.nan]]))[:3] == (1.0, 1.0, 1.0)
    many = np.ones(1000)
    many[0] = 1e9
    assert around_one(many).high == 1.0


@pytest.mark.parametrize(
    ("value", "text"), [(-1.5, "−1.5"), (1e-7, "1e-7"), (-2.5e12, "−2.5e12"), (0.0, "0")]
)
def test_numbers_in_cells(value: float, text: str) -> None:
    assert short(value) == text


def test_there_is_no_picture_of_right_numbers() -> None:
    page = report(parameter(manual=RIGHT * (1 + 1e-12))).html()
    assert svgs(page) == []

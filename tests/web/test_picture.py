"""The picture of a badge: a seal that looks like one, and lines that fit below it."""

from io import BytesIO

import pytest
from defusedxml.ElementTree import fromstring
from PIL import Image

from issuer.picture import BLUE, NAME_COLUMNS, PNG_SIDE, WHITE, draw_png, draw_svg, tick, width_of, wrapped

NAMES = [
    "Pythonによるデータ分析 修了",
    "Data analysis with Python for the working data scientist: completed with distinction",
    "はじめての（とても長い名前の）データ利活用とセキュリティーマネジメント、そしてAIのための入門講座 修了",
    "x" * 300,
    "&<>\"'",
]


def colour(picture: Image.Image, x: float, y: float) -> str:
    return "#{:02x}{:02x}{:02x}".format(*picture.getpixel((round(x), round(y)))[:3])


def test_the_seal_is_the_same_on_both_sides_of_its_middle() -> None:
    picture = Image.open(BytesIO(draw_png()))
    left, top, right, bottom = picture.getbbox()

    assert picture.size == (PNG_SIDE, PNG_SIDE)
    assert abs(left - (PNG_SIDE - right)) <= 1
    assert abs(top - (PNG_SIDE - bottom)) <= 1


def test_the_tick_is_one_shape_in_the_middle_of_the_seal() -> None:
    points = tick()
    across, down = zip(*points, strict=True)
    picture = Image.open(BytesIO(draw_png()))
    scale, middle = PNG_SIDE * 0.96 / 222, PNG_SIDE / 2 - PNG_SIDE * 0.96 / 222 * 25

    assert len(points) == 6
    assert (sum((min(across), max(across))), sum((min(down), max(down)))) == pytest.approx((0, 0))
    lowest = max(points, key=lambda point: point[1])
    # Where the arms meet there is no notch.
    assert colour(picture, PNG_SIDE / 2 + lowest[0] * scale, middle + (lowest[1] - 6) * scale) == WHITE
    assert colour(picture, PNG_SIDE / 2 - 40 * scale, middle + 30 * scale) == BLUE


@pytest.mark.parametrize("name", NAMES)
def test_every_name_fits_below_the_seal(name: str) -> None:
    lines = wrapped(name, NAME_COLUMNS, 3)
    drawing = fromstring(draw_svg(name, "デモ大学"))

    assert all(width_of(line) <= NAME_COLUMNS + 1 for line in lines)
    assert len(lines) <= 3
    lowest = max(float(text.get("y", "0")) for text in drawing.iter("{http://www.w3.org/2000/svg}text"))
    assert lowest < float(drawing.get("height", "0"))


def test_a_line_is_broken_where_there_is_a_space() -> None:
    assert wrapped("Pythonによるデータ分析 修了", NAME_COLUMNS, 3) == ["Pythonによるデータ分析", "修了"]
    assert wrapped("Data analysis of survey answers", NAME_COLUMNS, 3) == ["Data analysis of survey", "answers"]

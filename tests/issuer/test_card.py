"""What sites show of a link to an achievement: a picture and a few words, of the achievement alone."""

from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from issuer import card
from issuer.card import BOTTOM, LEFT, NAME_LINES, NAME_SIZES, RIGHT, SIZE, TOP, draw_card, fitted, printable, wrapped
from tests.issuer.making import ACHIEVEMENT, URL, School, school

PAGE = "/providers/kita/achievements/data-basics/1"
PICTURE = f"{PAGE}/picture.png"
LONG = "企業の持続的な成長を支えるデータ利活用とデジタル変革を推進するための実践的な人材育成プログラム（上級編）"
UNION = "独立行政法人国立高等専門学校機構および一般社団法人日本デジタル人材育成推進協議会" * 2
SHADES = 40


class Metas(HTMLParser):
    """The `<meta property>` of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one tag."""
        given = dict(attrs)
        if tag == "meta" and "property" in given:
            self.found[given["property"]] = given["content"]


@pytest.fixture(scope="module")
def kita(tmp_path_factory: pytest.TempPathFactory) -> School:
    return school(tmp_path_factory.mktemp("kita"))


def picture(*words: str) -> Image.Image:
    return Image.open(BytesIO(draw_card(*words))).convert("RGB")


def written(image: Image.Image, without: Image.Image) -> tuple[int, int, int, int]:
    """Return the box in which one picture differs from another, and not only by a shade of its palette."""
    box = ImageChops.difference(image, without).convert("L").point(lambda shade: 255 * (shade > SHADES)).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_of_an_achievement_names_its_picture_by_its_public_address(kita: School, language: str) -> None:
    page = kita.send("GET", PAGE, None, Accept="text/html", Accept_Language=language, Host="127.0.0.1")

    metas = Metas(page.text).found
    assert metas["og:title"] == ACHIEVEMENT["name"][language]
    assert metas["og:url"] == f"{URL}{PAGE}"
    assert metas["og:image"] == f"{URL}{PICTURE}"
    assert (metas["og:image:width"], metas["og:image:height"]) == ("1200", "630")
    assert ACHIEVEMENT["name"][language] in metas["og:image:alt"]


def test_the_picture_may_be_kept_and_shown_anywhere(kita: School) -> None:
    answer = kita.send("GET", PICTURE, None)

    assert answer.headers["content-type"] == "image/png"
    assert "max-age" in answer.headers["cache-control"]
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    assert kita.send("GET", PICTURE, None, If_None_Match=answer.headers["etag"]).status_code == 304


@pytest.mark.parametrize("path", [f"{PAGE}9/picture.png", f"{PAGE}/picture.jpg", "/providers/kita/picture.png"])
def test_there_is_no_picture_of_what_is_not_there(kita: School, path: str) -> None:
    assert kita.send("GET", path, None).status_code == 404


def test_the_same_words_make_the_same_picture_and_others_another() -> None:
    first = draw_card("データ分析の基礎", "北の学校", "ITSS V3 レベル2", "ITSS V3")
    draw_card.cache_clear()

    assert draw_card("データ分析の基礎", "北の学校", "ITSS V3 レベル2", "ITSS V3") == first
    assert draw_card("データ分析の基礎", "北の学校", "ITSS V3 レベル3", "ITSS V3") != first


@pytest.mark.parametrize("name", ["短い", LONG, LONG * 3, "Foundations of Data Science: Statistics and Learning"])
@pytest.mark.parametrize("provider", ["北の学校", UNION])
def test_words_stay_beside_the_seal_and_inside_the_frame(name: str, provider: str) -> None:
    left, top, right, bottom = written(picture(name, provider, "レベル2", "DXスキル標準"), picture("", "", "", ""))

    assert left >= LEFT - 4
    assert right <= RIGHT + 4
    assert top >= TOP - 10
    assert bottom <= BOTTOM + 10
    assert bottom < SIZE[1]


def test_a_name_is_whole_in_the_largest_size_that_holds_it() -> None:
    lines, size = fitted(LONG, NAME_SIZES, NAME_LINES)

    assert "".join(lines) == LONG
    assert 1 < len(lines) <= NAME_LINES
    assert size in NAME_SIZES


def test_a_name_longer_than_any_picture_says_that_it_goes_on() -> None:
    lines, _ = fitted(LONG * 5, NAME_SIZES, NAME_LINES)

    assert len(lines) == NAME_LINES
    assert lines[-1].endswith("…")


def test_no_line_begins_or_ends_with_what_may_not_stand_there() -> None:
    for size in range(20, 70):
        for line in wrapped("基礎（上級編）、応用「統計」。" * 4, size):
            assert line[0] not in "）、」。"
            assert line[-1] not in "（「"


def test_a_letter_that_the_font_lacks_is_a_mark_and_not_a_box() -> None:
    assert printable("𠮷野 葛󠄀城 髙橋"[:4]) == "〓野 葛"


def test_the_font_is_the_one_whose_licence_lies_beside_it() -> None:
    folder = Path(card.__file__).parents[1] / "badges/web/static/fonts"

    assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / "OFL.txt").read_text()
    assert card.font(20).getname() == ("BIZ UDPGothic", "Regular")

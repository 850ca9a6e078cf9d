"""What people do on the check page, in a real browser: an employer drops each form of a badge and reads the verdict."""

from typing import Any

import orjson
import pytest

from badges.formats import qr
from tests.browser.conftest import EXAMPLE, Visit
from tests.browser.driving import READERS, SIZES, drop, language, result

pytestmark = pytest.mark.browser


@pytest.fixture(params=READERS, ids="-".join)
def page(visit: Visit, address: str, request: pytest.FixtureRequest) -> Any:
    """The check page, on a phone and on a desk, in each language."""
    spoken, size = request.param
    return visit(f"{address}/", language=spoken, size=size)


@pytest.mark.parametrize("name", ["badge.json", "badge.jwt", "badge.svg", "badge-qr.png"])
def test_a_dropped_badge_is_verified_and_says_what_it_is(page, name: str) -> None:
    text = drop(page, (EXAMPLE / name).read_bytes(), name)

    assert "データ分析の基礎 修了" in text
    assert "issuer.example" in text
    assert {"ja": "ITSS V3 レベル2", "en": "ITSS V3 level 2"}[language(page)] in text
    assert {"ja": "持ち主の確認は別途必要です", "en": "The holder must be confirmed separately"}[language(page)] in text


def test_a_revoked_badge_says_so(page) -> None:
    text = drop(page, (EXAMPLE / "revoked.jwt").read_bytes(), "revoked.jwt")

    assert {"ja": "取り消", "en": "revoked"}[language(page)] in text


def test_a_changed_badge_shows_nothing_of_what_it_says(page) -> None:
    document = orjson.loads((EXAMPLE / "badge.json").read_bytes())
    document["name"] = "<img src=x onerror=window.__xss=1>"

    text = drop(page, orjson.dumps(document), "badge.json")

    assert "データ分析の基礎 修了" not in text
    assert "<img" not in text
    assert page.evaluate("window.__xss") is None


def test_a_picture_without_a_badge_says_so(page) -> None:
    text = drop(page, qr.draw_png("hello"), "photo.png")

    assert {"ja": "バッジではありません", "en": "holds no badge"}[language(page)] in text


def test_a_badge_link_leaves_the_address_bar_and_is_verified(page, address: str) -> None:
    page.goto(qr.badge_link((EXAMPLE / "badge.jwt").read_text(), address))
    page.wait_for_selector("#link-check", state="visible")

    assert "#" not in page.url
    page.click("#link-check")
    assert "データ分析の基礎 修了" in result(page)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_window(visit: Visit, address: str, size: str) -> None:
    page = visit(f"{address}/", size=size)
    drop(page, (EXAMPLE / "badge.json").read_bytes(), "badge.json")

    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]

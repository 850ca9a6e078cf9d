"""The register and the skill standards, as people read them."""

from typing import Any

import orjson
import pytest

from tests.browser.conftest import Visit
from tests.browser.driving import READERS, language
from tests.browser.living import Living

pytestmark = pytest.mark.browser


@pytest.fixture(params=READERS, ids="-".join)
def page(visit: Visit, akashi: Living, request: pytest.FixtureRequest) -> Any:
    spoken, size = request.param
    return visit(f"{akashi.address}/registry", language=spoken, size=size)


def panel(page: Any, ja: str, en: str) -> Any:
    """Return what the register says of a provider."""
    name = {"ja": ja, "en": en}[language(page)]
    return page.locator(".provider", has=page.locator(f"h2:text-is('{name}')"))


def test_a_suspended_provider_stands_out(page) -> None:
    suspended = panel(page, "デモデザイン塾", "Demo Design School")
    accredited = panel(page, "デモデータ学院", "Demo Data Academy")

    assert suspended.locator(".state.suspended").inner_text() == {"ja": "停止中", "en": "Suspended"}[language(page)]
    assert accredited.locator(".state.accredited").count() == 1
    open_ended = {"ja": "から（期限なし）", "en": ", without an end"}[language(page)]
    assert open_ended in suspended.inner_text()


def test_an_accreditation_is_told_in_words_with_its_days_and_who_gave_it(page, akashi: Living) -> None:
    said = panel(page, "デモデータ学院", "Demo Data Academy").inner_text()

    assert {"ja": "DX推進スキル標準 2.0", "en": "DX Promotion Skill Standard 2.0"}[language(page)] in said
    assert {"ja": "ITSS V3 レベル4まで", "en": "up to ITSS V3 level 4"}[language(page)] in said
    assert "デモ認証機関" in said
    loaded = (akashi.data / "demo" / "loaded").read_text()
    moved = f"new Date(Date.parse('2027-03-31') + Date.parse('{loaded}') - Date.parse('2026-11-23'))"
    locale = {"ja": "ja", "en": "en-GB"}[language(page)]
    last = page.evaluate(f"{moved}.toLocaleDateString('{locale}', {{ dateStyle: 'long', timeZone: 'UTC' }})")
    assert {"ja": f"{last}まで", "en": f"to {last}"}[language(page)] in said


def test_a_standard_is_read_item_by_item(page, akashi: Living) -> None:
    page.goto(f"{akashi.address}/frameworks/dss-p/2.0?lang={language(page)}")
    first = page.locator("main h2").first.inner_text()

    page.click("main .skills a >> nth=0")

    assert (
        first
        == {"ja": "戦略の理解とアーキテクチャ設計", "en": "Understanding strategy and designing architecture"}[
            language(page)
        ]
    )
    heading = {"ja": "ビジネス環境と経営戦略の理解", "en": "Reading the business environment and corporate strategy"}
    assert page.inner_text("h1") == heading[language(page)]
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_programs_read_the_same_as_before(akashi: Living, visit: Visit) -> None:
    page = visit(f"{akashi.address}/registry")
    answer = page.request.get(f"{akashi.address}/frameworks/itss/3", headers={"Accept": "application/json"})

    assert "ids are ours" in orjson.loads(answer.body())["note"]

"""What a result says first: a headline for each end, in a tone that accuses nobody who has done nothing."""

from typing import Any

import orjson
import pytest

from tests.browser.conftest import Visit
from tests.browser.driving import READERS, drop, in_view, language, paste, result, sheets
from tests.browser.living import Living

pytestmark = pytest.mark.browser

FILES = {
    "good.jwt": ("有効なバッジです", "Valid badge", "good"),
    "revoked.jwt": ("取り消されたバッジです", "has been revoked", "bad"),
    "expired.json": ("有効期限が切れたバッジです", "has expired", "care"),
    "tampered-level.json": (
        "書き換えられたか、発行者のものでないバッジです",
        "was changed, or is not its issuer’s",
        "bad",
    ),
    "other-issuer-key.jwt": ("なりすましの恐れ", "may be an impostor’s", "bad"),
    "self-issued.jwt": ("発行者は登録簿にありません", "its issuer is not in the register", "care"),
    "out-of-scope.jwt": ("認証を受けていませんでした", "was not accredited for this", "care"),
    "status-unreachable.jwt": ("判定できません", "We cannot tell", "none"),
    "image-only.png": ("バッジが見つかりませんでした", "No badge was found", "none"),
}
TEXTS = {
    '{"shopping": ["milk"]}': ("バッジが見つかりませんでした", "No badge was found", "none"),
    "hello": ("バッジが見つかりませんでした", "No badge was found", "none"),
    '{"type": ["VerifiableCredential", "OpenBadgeCredential"]}': ("署名のないバッジです", "is not signed", "bad"),
    '{"half": ': ("読み取れませんでした", "could not be read", "none"),
    "https://verifier.example/v#123": ("読み取れませんでした", "could not be read", "none"),
    "https://10.0.0.1/badge.json": ("読み取れませんでした", "could not be read", "none"),
}
CODES = {
    ("binding", "key-of-another"): ("なりすましの恐れ", "may be an impostor’s", "bad"),
    ("validity", "not-yet-valid"): ("まだ有効期間に入っていない", "not valid yet", "care"),
    ("status", "suspended"): ("一時停止されている", "is suspended", "care"),
    ("form", "too-many-pixels"): ("読み取れませんでした", "could not be read", "none"),
    ("form", "several-qr-codes"): ("読み取れませんでした", "could not be read", "none"),
    ("form", "schema"): ("有効ではありません", "is not valid", "bad"),
}
SECTIONS = ("結論", "In short", "調べたこと", "What was checked", "調べていないこと", "What was not checked")


@pytest.fixture(params=READERS, ids="-".join)
def page(visit: Visit, akashi: Living, request: pytest.FixtureRequest) -> Any:
    """The check page of the demonstration."""
    spoken, size = request.param
    return visit(f"{akashi.address}/", language=spoken, size=size, timezone_id="Asia/Tokyo")


def said_first(page: Any) -> tuple[str, str]:
    """Return the headline of a result, the only one of the page, and its tone."""
    [headline] = [one.inner_text() for one in page.locator("h1").all() if one.is_visible()]
    tone = page.get_attribute(".report", "class").partition("tone-")[2]
    return headline, tone


def expect(page: Any, ja: str, en: str, tone: str) -> None:
    headline, shown = said_first(page)
    assert {"ja": ja, "en": en}[language(page)] in headline
    assert shown == tone


@pytest.mark.parametrize("file", FILES)
def test_each_file_has_its_headline_and_tone(page, akashi: Living, file: str) -> None:
    text = drop(page, (akashi.data / "demo" / file).read_bytes(), file)

    expect(page, *FILES[file])
    assert in_view(page, ".verdict h1")
    assert any(section in text for section in SECTIONS) == (file != "image-only.png")


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_no_badge_or_cannot_be_read_accuses_nobody(page, text: str) -> None:
    paste(page, text)
    if text.startswith("http") and "/v#" not in text:
        page.click("#consent button:not(.second)")

    shown = result(page)
    expect(page, *TEXTS[text])
    assert not any(section in shown for section in SECTIONS) or TEXTS[text][2] == "bad"


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_its_headline_and_tone(page, akashi: Living, code: tuple[str, str]) -> None:
    report = akashi.ask("/v1/verify", (akashi.data / "demo" / "good.jwt").read_bytes(), {"Content-Type": "text/plain"})[
        1
    ]
    for finding in report["findings"]:
        if finding["check"] == code[0]:
            finding |= {"outcome": "failed", "code": code[1]}
    page.route("**/v1/verify*", lambda route: route.fulfill(json={**report, "verdict": "not-verified"}))
    paste(page, "https://issuer.example/badge.json")
    page.click("#consent button:not(.second)")
    result(page)

    expect(page, *CODES[code])


def test_a_green_verdict_says_in_its_box_what_was_not_checked(page, akashi: Living) -> None:
    drop(page, (akashi.data / "demo" / "good.jwt").read_bytes(), "good.jwt")

    said = {"ja": "見せた人がバッジの持ち主かどうかは、確かめていません", "en": "was not checked"}
    assert said[language(page)] in page.inner_text(".verdict")
    assert in_view(page, ".verdict .caveat")


def test_a_name_that_nobody_vouches_for_is_called_a_claim(page, akashi: Living) -> None:
    drop(page, (akashi.data / "demo" / "lookalike-name.jwt").read_bytes(), "lookalike-name.jwt")

    told = {"ja": "だれでもこのようなバッジを作れます。名前は自称です", "en": "Anybody can make a badge like this"}
    assert told[language(page)] in page.inner_text(".verdict")


def test_an_end_is_told_as_the_last_day_with_its_time_zone(page, akashi: Living) -> None:
    data = (akashi.data / "demo" / "expired.json").read_bytes()
    end = orjson.loads(data)["validUntil"]
    assert end.endswith("T00:00:00+09:00")

    text = drop(page, data, "expired.json")

    last = page.evaluate("end => new Date(new Date(end) - 1).getDate()", end)
    told = {"ja": f"{last}日（日本時間）まででした", "en": f"It was valid until {last} "}[language(page)]
    assert told in text
    assert {"ja": "（日本時間）", "en": "(Japan time)"}[language(page)] in text
    assert "UTC" not in text


def test_a_result_says_who_accredited_its_issuer_and_how_it_is_signed(page, akashi: Living) -> None:
    text = drop(page, (akashi.data / "demo" / "good.json").read_bytes(), "good.json")

    assert {"ja": "認証した機関", "en": "Accredited by"}[language(page)] in text
    assert "デモ認証機関" in text
    assert {"ja": "データに添えた署名", "en": "inside the badge’s data"}[language(page)] in text
    endorsement = page.inner_text("[data-check=endorsement]")
    assert {"ja": "なし", "en": "None"}[language(page)] in endorsement
    assert {"ja": "問題なし", "en": "Passed"}[language(page)] not in endorsement


def test_a_badges_own_words_say_their_language(page, akashi: Living) -> None:
    drop(page, (akashi.data / "demo" / "good.json").read_bytes(), "good.json")

    assert page.get_attribute(".report h3 span", "lang") == "ja"


def test_what_can_be_done_next_is_seen_at_once(page, akashi: Living) -> None:
    drop(page, (akashi.data / "demo" / "good.json").read_bytes(), "good.json")

    assert in_view(page, ".report .actions")


def test_a_result_fits_on_two_sheets_with_nothing_folded_away(page, akashi: Living) -> None:
    drop(page, (akashi.data / "demo" / "c001.jwt").read_bytes(), "c001.jwt")
    page.get_by_role("button", name="QR").click()
    page.wait_for_selector(".share .qr")
    folded = "document.querySelectorAll('#result details:not([open])').length"

    assert page.evaluate(folded) == 1
    assert sheets(page) <= 2
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(folded) == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(folded) == 1
    assert "JST" in page.inner_text("#result") or "GMT+9" in page.inner_text("#result")

"""What a learner meets behind a claim link: a badge that stays reachable, and words that are meant for learners."""

import zlib
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
from PIL import Image

from badges.formats import extract
from badges.presentation import read_subject
from keys import base64url
from keys.public_key import Algorithm, from_raw
from keys.signer import generate
from tests.browser.conftest import Visit
from tests.browser.driving import READERS, language, saved, switch
from tests.browser.living import Living

pytestmark = pytest.mark.browser

KEY = from_raw(generate(Algorithm.P256).public_key())
NEVER_ANSWERS = "indexedDB.open = () => ({})"


@pytest.fixture(params=READERS, ids="-".join)
def reader(request: pytest.FixtureRequest) -> dict[str, str]:
    spoken, size = request.param
    return {"language": spoken, "size": size}


def offer(akashi: Living, provider: str = "p05", achievement: str = "c014") -> str:
    return akashi.command("offer", provider, achievement).strip()


def claim(page: Any) -> None:
    page.click("#claim-button")
    page.wait_for_selector("#claim-result", state="visible")


def refused(page: Any) -> str:
    page.click("#claim-button")
    page.wait_for_selector("#claim-problem", state="visible")
    return page.inner_text("#claim-problem")


def test_a_saved_key_stays_until_it_is_removed(akashi: Living, visit: Visit, reader: dict[str, str]) -> None:
    link = offer(akashi)
    page = visit(link, **reader)
    claim(page)
    first = orjson.loads(saved(page, "#download-json"))
    saved(page, "#download-key")

    page.goto("about:blank")
    page.goto(link)
    claim(page)
    assert orjson.loads(saved(page, "#download-json"))["id"] == first["id"]
    saved(page, "#download-key")
    page.click("#remove")
    page.wait_for_selector("#claim-result h1:has-text('消しました'), #claim-result h1:has-text('Removed')")
    told = {"ja": "このリンクでは、もう表示できません", "en": "this link cannot show the badge again"}
    assert told[reader["language"]] in page.inner_text("main")

    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("#offer-closed")
    told = {"ja": "鍵を消したあとは、このリンクではもう表示できません", "en": "this link cannot show the badge again"}
    assert told[reader["language"]] in page.inner_text("#offer-closed")


@pytest.fixture(scope="module")
def of_a_suspended_provider(akashi: Living) -> str:
    """An offer whose provider was suspended after making it."""
    link = offer(akashi, "p08", "c012")
    akashi.command("registry", "suspend", "p08", "--from", "2020-01-01")
    return link


def test_a_learner_hears_nothing_of_the_register(
    of_a_suspended_provider: str, visit: Visit, reader: dict[str, str]
) -> None:
    page = visit(of_a_suspended_provider, watched=False, **reader)

    told = {
        "ja": "発行機関の都合で、今は受け取れません。リンクは期限まで使えます。発行機関に問い合わせてください。",
        "en": "The link stays good until its end. Please ask the provider.",
    }
    first = refused(page)
    switch(page)

    assert told[reader["language"]] in first
    assert told[language(page)] in page.inner_text("#claim-problem")
    assert not any(word in first for word in ("登録簿", "suspended", "accredit", "認証"))


def test_a_refusal_is_said_again_after_a_switch(akashi: Living, visit: Visit, reader: dict[str, str]) -> None:
    page = visit(offer(akashi), watched=False, **reader)
    said = {"code": "claimed-by-another-key", "title": "?", "detail": "?"}
    page.route("**/v1/claims?*", lambda route: route.fulfill(status=409, json=said))
    told = {"ja": "このリンクは別の鍵で受け取り済みです", "en": "This link was claimed with another key"}

    first = refused(page)
    page.route("**", lambda route: route.abort())
    switch(page)

    assert told[reader["language"]] in first
    assert told[language(page)] in page.inner_text("#claim-problem")


def test_a_database_that_never_answers_does_not_keep_the_page_empty(akashi: Living, visit: Visit) -> None:
    page = visit(offer(akashi), before=lambda one: one.add_init_script(NEVER_ANSWERS))

    page.wait_for_selector("#claim-button", state="visible", timeout=10_000)
    assert page.locator("#storage-note").is_visible()
    claim(page)
    assert "閉じると、鍵はなくなります" in page.inner_text("#key-state")


def test_items_and_levels_speak_the_readers_language(akashi: Living, visit: Visit) -> None:
    page = visit(offer(akashi), language="en", size="desk")
    page.wait_for_selector("#claim-button", state="visible")
    links = page.locator("#offer a").all()
    names = {one.text_content().partition(" (opens")[0]: one.get_attribute("href") for one in links}

    item = names["Statistics, multivariate analysis and data visualisation"]
    assert item.endswith("?lang=en")
    assert "ITSS V3 level 2 (a demonstration value)" in names
    page.goto(names["More about this achievement"])
    assert "Statistics, multivariate analysis and data visualisation" in page.inner_text("main")
    assert "DX Promotion Skill Standard 2.0" in page.inner_text("main")
    assert page.get_attribute("main .skills a >> nth=0", "href") == item


def test_a_switch_in_place_goes_on_to_the_next_page(akashi: Living, visit: Visit) -> None:
    page = visit(offer(akashi))
    page.wait_for_selector("#claim-button", state="visible")

    switch(page)

    assert page.get_attribute("#offer a >> nth=0", "href").endswith("?lang=en")
    page.click(".brand")
    assert language(page) == "en"


def test_buttons_say_what_they_do_and_pictures_come_with_a_warning(
    akashi: Living, visit: Visit, reader: dict[str, str]
) -> None:
    page = visit(offer(akashi), **reader)
    claim(page)

    assert (
        page.inner_text("#download-png")
        == {"ja": "画像を保存（PNG）", "en": "Save the picture (PNG)"}[reader["language"]]
    )
    warning = {
        "ja": "LINEなどのアプリやSNSで画像を送ると",
        "en": "Messengers and social networks often strip the badge",
    }
    assert warning[reader["language"]] in page.inner_text("#claim-result")


def test_the_saved_picture_has_its_words_and_the_badge_inside(akashi: Living, visit: Visit) -> None:
    page = visit(offer(akashi))
    claim(page)

    picture = saved(page, "#download-png")

    assert extract(picture) == saved(page, "#download-json").decode()
    drawn = Image.open(BytesIO(picture)).convert("RGB")
    assert drawn.size == (640, 720)
    # Dark letters on white, below the seal.
    assert drawn.crop((0, 450, 640, 720)).getextrema()[0][0] < 100


def test_where_the_browser_cannot_draw_the_servers_picture_is_saved(akashi: Living, visit: Visit) -> None:
    noise = "CanvasRenderingContext2D.prototype.getImageData = () => ({ data: [255, 255, 255, 255] })"
    page = visit(offer(akashi), before=lambda one: one.add_init_script(noise))
    claim(page)

    picture = saved(page, "#download-png")

    assert extract(picture) == saved(page, "#download-json").decode()
    assert Image.open(BytesIO(picture)).size == (512, 512)


def asked_for(link: str, back: str, **changes: object) -> str:
    """Return the address that a "My badges" opens, with a public key of its own."""
    asked = {"key": KEY.to_jwk(), "return": back, "state": "state-1"} | changes
    return f"{link}.{base64url.encode(orjson.dumps(asked))}"


def home(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}"


def with_my_badges(page: Any) -> None:
    """Answer in the place of the verifier's page."""
    page.route("**/badges?*", lambda route: route.fulfill(content_type="text/html", body="<!doctype html>"))


def test_the_offer_goes_to_my_badges_in_the_fragment(akashi: Living, visit: Visit, reader: dict[str, str]) -> None:
    link = offer(akashi)
    page = visit(link, **reader, before=with_my_badges)

    page.click("#keep-button")
    page.wait_for_url("**/badges?*")

    issuer = base64url.encode(home(link).encode())
    token = urlsplit(link).fragment
    assert page.url == f"{home(link)}/badges?lang={reader['language']}#claim.{token}.{issuer}"


def test_my_badges_gets_the_badge_for_its_own_key(akashi: Living, visit: Visit, reader: dict[str, str]) -> None:
    link = offer(akashi)
    page = visit(asked_for(link, f"{home(link)}/badges"), **reader, before=with_my_badges)
    page.wait_for_selector("#claim-button", state="visible")
    assert urlsplit(page.url).fragment == ""
    assert urlsplit(link).netloc in page.inner_text("#handed-over")
    assert not page.locator("#keep-button").is_visible()
    assert not page.locator("#how").is_visible()
    switch(page)
    assert urlsplit(link).netloc in page.inner_text("#handed-over")

    page.click("#claim-button")
    page.wait_for_url("**/badges?*")

    kind, packed = urlsplit(page.url).fragment.split(".")
    received = orjson.loads(zlib.decompress(base64url.decode(packed), -15))
    assert (kind, received.keys()) == ("received", {"state", "vcJwt", "dataIntegrity"})
    assert received["state"] == "state-1"
    subjects = [read_subject(received[form]) for form in ("vcJwt", "dataIntegrity")]
    assert [one.method.key for one in subjects if one.method] == [KEY, KEY]
    assert len({one.credential for one in subjects}) == 1

    # Lost on its way, it can be fetched again with the same key.
    page.goto(asked_for(link, f"{home(link)}/badges", state="state-2"))
    page.click("#claim-button")
    page.wait_for_url("**/badges?*")


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/badges", "{home}/verify", "{home}/badges?x", "{home}/badges/"]
)
def test_a_badge_goes_nowhere_else(akashi: Living, visit: Visit, back: str, reader: dict[str, str]) -> None:
    link, asked = offer(akashi), []
    page = visit(
        asked_for(link, back.format(home=home(link))),
        **reader,
        before=lambda one: one.on("request", lambda request: asked.append(request.url)),
    )

    page.wait_for_selector("#claim-problem", state="visible")

    told = {"ja": "発行機関の認めているマイバッジではない", "en": "this provider does not know as My badges"}
    assert told[reader["language"]] in page.inner_text("#claim-problem")
    assert urlsplit(page.url).fragment == ""
    assert not page.locator("#claim-button").is_visible()
    assert not [url for url in asked if "/v1/" in url]


@pytest.mark.parametrize("changes", [{"key": {}}, {"key": None}, {"state": ""}, {"state": "<b>"}, {"return": 1}])
def test_what_my_badges_never_asks_for_is_refused(akashi: Living, visit: Visit, changes: dict[str, object]) -> None:
    link = offer(akashi)
    page = visit(asked_for(link, f"{home(link)}/badges", **changes))

    page.wait_for_selector("#claim-problem", state="visible")

    assert not page.locator("#claim-button").is_visible()


def test_a_badge_that_this_browser_claimed_stays_with_its_key(akashi: Living, visit: Visit) -> None:
    link = offer(akashi)
    page = visit(link)
    claim(page)

    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("#claim-button", state="visible")

    # The key of "My badges" would be another one, and the issuer would refuse it.
    assert not page.locator("#keep-button").is_visible()

"""What people do on the check page, in a real browser: an employer drops each form of a badge and reads the verdict."""

import zlib
from typing import Any

import orjson
import pytest

from badges.formats import qr
from keys import base64url
from tests.badges.making_presentations import presentation
from tests.browser.conftest import EXAMPLE, Visit
from tests.browser.driving import READERS, SIZES, Held, drop, in_view, language, let_fall, paste, result, switch

pytestmark = pytest.mark.browser


@pytest.fixture(params=READERS, ids="-".join)
def page(visit: Visit, address: str, request: pytest.FixtureRequest) -> Any:
    """The check page, on a phone and on a desk, in each language."""
    spoken, size = request.param
    return visit(f"{address}/", language=spoken, size=size)


@pytest.mark.parametrize("name", ["badge.json", "badge.jwt", "badge.svg", "badge.pdf", "badge-qr.png"])
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

    assert "データ分析の基礎 修了" in result(page)
    assert "#" not in page.url


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_window(visit: Visit, address: str, size: str) -> None:
    page = visit(f"{address}/", size=size)
    drop(page, (EXAMPLE / "badge.json").read_bytes(), "badge.json")

    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]


def failure(page) -> str:
    page.wait_for_selector("#failure", state="visible")
    return page.inner_text("#failure")


JWT = (EXAMPLE / "badge.jwt").read_text().strip()
NAME = "データ分析の基礎 修了"


def test_a_file_chosen_or_dropped_before_the_texts_are_there_is_not_lost(visit: Visit, address: str) -> None:
    for give in ("choose", "drop"):
        held = Held()
        page = visit(f"{address}/", before=lambda one, held=held: one.route("**/texts/*.json", held))
        page.wait_for_function("performance.getEntriesByName(location.origin + '/static/app/check.js').length")
        if give == "choose":
            page.set_input_files("#file", {"name": "b", "mimeType": "text/plain", "buffer": JWT.encode()})
        else:
            assert let_fall(page, JWT.encode(), "badge.jwt")
        page.wait_for_selector("#progress", state="visible")
        held.let_go()

        assert NAME in result(page)


def test_a_file_chosen_before_the_script_is_there_is_not_lost(visit: Visit, address: str) -> None:
    held = Held()
    page = visit(f"{address}/", before=lambda one: one.route("**/static/app/check.js", held), until="commit")
    page.set_input_files("#file", {"name": "badge.jwt", "mimeType": "text/plain", "buffer": JWT.encode()})
    held.let_go()

    assert NAME in result(page)


@pytest.mark.parametrize("reader", READERS, ids="-".join)
def test_without_its_texts_the_page_says_so_in_the_words_it_came_with(
    visit: Visit, address: str, reader: tuple[str, str]
) -> None:
    spoken, size = reader
    page = visit(
        f"{address}/",
        language=spoken,
        size=size,
        watched=False,
        before=lambda one: one.route("**/texts/*.json", lambda route: route.abort()),
    )
    page.wait_for_selector("#no-texts", state="visible")

    assert {"ja": "読み込み直して", "en": "reload"}[spoken] in page.inner_text("#no-texts")
    page.unroute("**/texts/*.json")
    assert NAME in drop(page, JWT.encode(), "badge.jwt")


@pytest.mark.parametrize("size", SIZES)
def test_what_is_wrong_stands_where_people_look(visit: Visit, address: str, size: str) -> None:
    page = visit(f"{address}/", size=size)

    page.click("#paste button")

    assert "何も入力されていません" in failure(page)
    assert in_view(page, "#failure")
    assert page.evaluate("document.activeElement.id") == "failure"


def test_a_key_file_or_claim_link_never_leaves_the_browser(page, address: str) -> None:
    key = {"kty": "EC", "crv": "P-256", "x": "x" * 43, "y": "y" * 43, "d": "d" * 43}
    sent = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    not_sent = {"ja": "送信していません", "en": "It was not sent"}[language(page)]

    for words in (orjson.dumps(key).decode(), f"鍵です {orjson.dumps({'keys': [key]}).decode()}"):
        paste(page, words)
        assert not_sent in failure(page)
    for data in (orjson.dumps(key, option=orjson.OPT_INDENT_2), orjson.dumps(key).decode().encode("utf-16")):
        page.set_input_files("#file", {"name": "badge-private-key.json", "mimeType": "", "buffer": data})
        assert not_sent in failure(page)
    paste(page, f"{address}/c#{'t' * 43}")
    assert not_sent in failure(page)
    assert sent == []


def test_a_badge_is_found_in_what_mail_programs_make_of_it(page, address: str) -> None:
    link = qr.badge_link(JWT, address)
    wrapped = "\n".join(JWT[start : start + 76] for start in range(0, len(JWT), 76))
    messages = (
        f"お世話になっております。\n修了証は {link} です。\nhttps://school.example/ もご覧ください。",
        f"{link[:70]}\r\n{link[70:200]}\r\n{link[200:]}",
        wrapped,
        f"My badge:\n\n{JWT}\n\nRegards",
    )
    for message in messages:
        paste(page, message)
        assert NAME in result(page)
        page.click("#result .actions button:first-child")


def test_a_signed_text_is_read_whatever_an_editor_put_around_it(page) -> None:
    assert NAME in drop(page, f"\ufeff\n{JWT}\r\n\r\n".encode(), "badge.jwt")


def test_of_several_links_none_is_chosen_for_people(page, address: str) -> None:
    other = (EXAMPLE / "revoked.jwt").read_text().strip()

    paste(page, f"{qr.badge_link(JWT, address)} {qr.badge_link(other, address)}")

    assert {"ja": "1つだけ", "en": "the one to be checked alone"}[language(page)] in failure(page)


@pytest.mark.parametrize("reader", READERS, ids="-".join)
def test_switching_the_language_without_a_server_keeps_the_result(
    visit: Visit, address: str, reader: tuple[str, str]
) -> None:
    page = visit(f"{address}/", language=reader[0], size=reader[1], watched=False)
    drop(page, JWT.encode(), "badge.jwt")
    before = page.inner_text("#result h2 >> nth=0")
    page.route("**/v1/verify*", lambda route: route.abort())
    page.route("**/texts/*.json", lambda route: route.abort())

    page.click("a[data-language]:not([aria-current])")
    page.wait_for_function("before => !document.querySelector('#result').innerText.includes(before)", arg=before)

    assert NAME in page.inner_text("#result")
    assert {"ja": "発行日", "en": "Day of issue"}[language(page)] in page.inner_text("#result")


@pytest.mark.parametrize("size", SIZES)
def test_a_badge_link_begins_at_its_result(visit: Visit, address: str, size: str) -> None:
    page = visit(qr.badge_link(JWT, address), size=size)
    result(page)

    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert in_view(page, "#result h1")


@pytest.mark.parametrize("reader", READERS, ids="-".join)
def test_without_javascript_the_server_checks_a_file(visit: Visit, address: str, reader: tuple[str, str]) -> None:
    page = visit(f"{address}/", language=reader[0], size=reader[1], java_script_enabled=False)

    assert page.locator("button:visible, textarea:visible, .button:visible").count() == 1
    assert "JavaScript" in page.inner_text("main")
    page.set_input_files("#upload", {"name": "badge.jwt", "mimeType": "", "buffer": JWT.encode()})
    page.click("main form button")
    assert NAME in page.inner_text("main")
    assert language(page) == reader[0]
    page.click("a[data-language]:not([aria-current])")
    assert page.locator("#upload").is_visible()
    assert language(page) != reader[0]


def test_without_javascript_my_badges_offers_nothing_that_would_do_nothing(visit: Visit, address: str) -> None:
    page = visit(f"{address}/badges", java_script_enabled=False)

    assert page.locator("button:visible, textarea:visible, .button:visible").count() == 0
    assert "JavaScript" in page.inner_text("main")


def test_nothing_is_sent_to_have_a_badge_checked(page, address: str) -> None:
    sent = []
    page.on("request", lambda one: sent.append(one.url) if one.method != "GET" else None)

    for name in ("badge.json", "badge.jwt", "badge.svg", "badge-qr.png", "badge.pdf", "revoked.jwt"):
        drop(page, (EXAMPLE / name).read_bytes(), name)
        assert {"ja": "どこにも送っていません", "en": "sent to nobody"}[language(page)] in page.inner_text("#result")
        page.click("#result .actions button:first-child")
    paste(page, qr.badge_link(JWT, address))
    assert NAME in result(page)
    assert sent == []


def test_what_the_page_cannot_check_is_sent_only_when_somebody_agrees(page) -> None:
    sent = []
    page.on("request", lambda one: sent.append(one.post_data) if one.method == "POST" else None)

    paste(page, "https://issuer.example/somewhere/badge.json")
    page.wait_for_selector("#consent h1", state="visible")
    page.click("#consent button.second")
    result(page)
    assert sent == []

    page.click("#result .actions button:first-child")
    paste(page, "https://issuer.example/somewhere/badge.json")
    page.click("#consent button:not(.second)")
    result(page)
    assert sent == ["https://issuer.example/somewhere/badge.json"]


def test_a_page_that_lay_open_asks_for_the_register_again(visit: Visit, address: str) -> None:
    asked: list[str] = []
    page = visit(f"{address}/", before=lambda one: one.clock.install())
    page.on("request", lambda one: asked.append(one.url))
    drop(page, (EXAMPLE / "badge.jwt").read_bytes(), "badge.jwt")
    page.click("#result .actions button:first-child")
    asked.clear()

    drop(page, (EXAMPLE / "badge.jwt").read_bytes(), "badge.jwt")
    at_once = list(asked)
    page.click("#result .actions button:first-child")
    page.clock.fast_forward("06:00")
    drop(page, (EXAMPLE / "badge.jwt").read_bytes(), "badge.jwt")

    assert f"{address}/v1/registry" not in at_once
    assert f"{address}/v1/registry" in asked


def test_a_share_of_another_verifier_leads_nowhere(page, address: str) -> None:
    paste(page, f"https://elsewhere.example/s/{'a' * 22}#{'b' * 43}")

    assert {"ja": "ほかの検証サービス", "en": "another verifier"}[language(page)] in failure(page)
    assert page.url.startswith(f"{address}/")


@pytest.mark.parametrize("way", ["/c?lang=en#", "/badges?lang=ja#claim."])
def test_a_claim_link_with_a_query_never_leaves_the_browser(page, address: str, way: str) -> None:
    sent = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)

    paste(page, f"{address}{way}{'t' * 43}")

    assert {"ja": "送信していません", "en": "It was not sent"}[language(page)] in failure(page)
    assert sent == []


def history_link(verifier: str) -> str:
    """Return a link to the example badge in a presentation, as My badges makes it."""
    packing = zlib.compressobj(wbits=-15)
    packed = packing.compress(presentation([JWT]).encode()) + packing.flush()
    return f"{verifier}/h#{base64url.encode(packed)}"


@pytest.mark.parametrize("way", ["paste", "file"])
def test_a_history_link_leads_to_its_page_in_the_readers_language(page, address: str, way: str) -> None:
    switch(page)
    spoken, link = language(page), history_link(address)

    if way == "paste":
        paste(page, f"My history:\n{link}")
    else:
        page.set_input_files("#file", {"name": "history.txt", "mimeType": "", "buffer": f"{link}\r\n".encode()})
    page.wait_for_url("**/h*")

    assert NAME in result(page)
    assert language(page) == spoken
    assert "#" not in page.url
    page.go_back()
    page.wait_for_selector("#drop", state="visible")
    assert page.input_value("#text") == ""
    assert NAME in drop(page, JWT.encode(), "badge.jwt")


@pytest.mark.parametrize("way", ["paste", "photo"])
def test_a_short_link_leads_to_its_page(visit: Visit, address: str, way: str) -> None:
    page = visit(f"{address}/", watched=False)
    link = f"{address}/s/{'A' * 22}#{'A' * 43}.p"

    if way == "paste":
        paste(page, link)
    else:
        page.set_input_files("#file", {"name": "code.png", "mimeType": "", "buffer": qr.draw_png(link)})
    page.wait_for_selector("#unlock", state="visible")

    assert f"/s/{'A' * 22}" in page.url
    assert "#" not in page.url


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("https://issuer.example/c#" + "t" * 43, {"ja": "送信していません", "en": "It was not sent"}),
        (f"https://elsewhere.example/s/{'a' * 22}#{'b' * 43}", {"ja": "ほかの検証サービス", "en": "another verifier"}),
    ],
)
def test_a_photo_of_a_code_that_is_not_for_this_page_says_so(page, link: str, said: dict[str, str]) -> None:
    sent = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)

    page.set_input_files("#file", {"name": "code.png", "mimeType": "", "buffer": qr.draw_png(link)})

    assert said[language(page)] in failure(page)
    assert sent == []

"""My badges, a learner's own: it keeps, brings over, prints, works without a connection, and lets go."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from badges.credential import Mechanism
from tests.browser.driving import READERS, SIZES
from tests.browser.estate import Estate, Received, estate

pytestmark = pytest.mark.browser

PASSPHRASE = "四月の海は静かです 2026"
NAME = "Pythonによるデータ分析 修了"


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    with estate(tmp_path_factory.mktemp("estate")) as running:
        yield running


@pytest.fixture(params=READERS, ids="-".join)
def page(browser: Any, one: Estate, request: pytest.FixtureRequest) -> Iterator[Any]:
    """My badges in a browser of its own, still empty."""
    made = another(browser, request.param)
    made.goto(f"{one.verifier}/badges")
    made.wait_for_selector("#empty")
    yield made
    made.context.close()


def another(browser: Any, reader: tuple[str, str]) -> Any:
    spoken, size = reader
    made = browser.new_context(viewport=SIZES[size], locale=spoken, accept_downloads=True).new_page()
    made.set_default_timeout(15_000)
    return made


def spoken(page: Any) -> str:
    return page.get_attribute("html", "lang")


def claim(page: Any, one: Estate) -> None:
    """Paste a claim link, and come back with the badge."""
    page.fill("#text", one.offer("p05", "c014"))
    page.click("#paste button")
    page.click("#claim-go")
    page.click("#claim-button")
    page.wait_for_selector("#badges .my-badge")


def carries(name: str, request: Received) -> bool:
    """Tell whether a request has a name in it, as it is written in a body or in an address."""
    return any(written.encode() in request.whole for written in (name, quote(name), quote(name).lower()))


def saved(page: Any, selector: str) -> bytes:
    with page.expect_download() as download:
        page.click(selector)
    return Path(download.value.path()).read_bytes()


def test_a_pasted_claim_link_is_asked_about_before_anybody_leaves(page: Any, one: Estate) -> None:
    page.fill("#text", one.offer("p05", "c014"))
    page.click("#paste button")
    page.wait_for_selector("#claim-go")

    assert page.url.startswith(f"{one.verifier}/badges")
    assert one.issuer.removeprefix("http://") in page.inner_text("#received")
    page.click("#received button.second")
    assert not page.is_visible("#received")


def test_a_backup_brings_badges_and_keys_into_another_browser(page: Any, one: Estate, browser: Any) -> None:
    claim(page, one)
    page.fill("#keep-save-passphrase", PASSPHRASE)
    backup = saved(page, "#keep-save button")
    assert NAME.encode() not in backup
    assert b'"d"' not in backup

    other = another(browser, (spoken(page), "desk"))
    other.goto(f"{one.verifier}/badges")
    other.wait_for_selector("#empty")
    other.click("#keep summary")
    for passphrase in ("not the passphrase", PASSPHRASE):
        other.set_input_files("#keep-file", {"name": "b.json", "mimeType": "", "buffer": backup})
        other.fill("#keep-open-passphrase", passphrase)
        other.click("#keep-open button")
        if passphrase != PASSPHRASE:
            wrong = {"ja": "パスフレーズが違う", "en": "the passphrase"}[spoken(page)]
            other.get_by_text(wrong).first.wait_for()
            assert other.is_visible("#empty")
    other.wait_for_selector("#badges .my-badge")
    here = {"ja": "鍵がここにあります", "en": "The key is here"}[spoken(page)]
    assert here in other.inner_text("#badges")
    other.context.close()


def test_a_badge_without_its_key_says_so_and_stands_there_once(page: Any, one: Estate) -> None:
    badge = one.demonstration.claimed("p05", "c014").texts[Mechanism.DATA_INTEGRITY]
    page.set_input_files("#file", {"name": "badge.json", "mimeType": "", "buffer": badge.encode()})
    page.wait_for_selector("#badges .my-badge")
    missing = {"ja": "鍵がありません", "en": "Without its key"}[spoken(page)]

    assert missing in page.inner_text("#badges")
    page.set_input_files("#file", {"name": "badge.json", "mimeType": "", "buffer": badge.encode()})
    known = {"ja": "すでにあります", "en": "it was here already"}[spoken(page)]
    page.get_by_text(known).wait_for()
    assert page.locator("#badges .my-badge").count() == 1


def test_a_badge_without_its_key_is_told_before_it_is_shown_to_anybody(page: Any, one: Estate) -> None:
    badge = one.demonstration.claimed("p05", "c014").texts[Mechanism.DATA_INTEGRITY]
    page.set_input_files("#file", {"name": "badge.json", "mimeType": "", "buffer": badge.encode()})
    page.wait_for_selector("#badges .my-badge")
    unproven = {"ja": "本人のものか未確認", "en": "not proven to be yours"}[spoken(page)]
    proof = {"ja": "あなたのものだという証明は", "en": "Its proof that they are yours"}[spoken(page)]

    assert unproven in page.inner_text("#share-badge-0-what")
    page.check("#share-badge-0")
    page.click("#share-make")
    page.wait_for_selector("#share-result textarea")
    assert unproven in page.inner_text("#share-result")
    assert proof not in page.inner_text("#share-result")


def test_a_backup_is_called_after_the_day_where_its_owner_is(browser: Any, one: Estate) -> None:
    page = browser.new_context(locale="ja", timezone_id="Asia/Tokyo", accept_downloads=True).new_page()
    page.clock.set_fixed_time("2026-11-25T20:00:00Z")
    page.goto(f"{one.verifier}/badges")
    page.wait_for_selector("#empty")
    page.fill("#keep-save-passphrase", PASSPHRASE)

    with page.expect_download() as download:
        page.click("#keep-save button")

    assert download.value.suggested_filename == "akashi-backup-2026-11-26.json"
    page.context.close()


def test_what_is_no_intact_badge_is_not_kept(page: Any, one: Estate) -> None:
    badge = one.demonstration.claimed("p05", "c014").texts[Mechanism.DATA_INTEGRITY]
    changed = badge.replace("Python", "COBOL")
    page.set_input_files("#file", {"name": "badge.json", "mimeType": "", "buffer": changed.encode()})
    refused = {"ja": "追加しませんでした", "en": "not added"}[spoken(page)]
    page.get_by_text(refused).wait_for()

    assert page.is_visible("#empty")


@pytest.mark.parametrize("browser_knows", [True, False])
def test_without_a_connection_badges_open_and_their_age_is_told(page: Any, one: Estate, browser_knows: bool) -> None:  # noqa: FBT001 - pytest's way
    claim(page, one)
    if not browser_knows:
        # As in a café's network that asks for a password: connected, and nothing is reached.
        page.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => true })")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_selector("#badges .my-badge.tone-good")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("#badges .my-badge")

    assert page.locator("#badges .my-badge.tone-good").count() == 1
    told = {"ja": "いま接続できません", "en": "There is no connection"}[spoken(page)]
    assert told in page.inner_text("#state")
    number = {"ja": "の登録簿（第", "en": "the register of"}[spoken(page)]
    assert number in page.inner_text("#state")


def test_removing_takes_a_second_press(page: Any, one: Estate) -> None:
    claim(page, one)
    page.locator(".my-badge details summary").nth(1).click()
    page.locator(".my-badge details >> nth=1").locator("button.second").last.click()
    page.locator(".my-badge .note.failure button:not(.second)").click()
    page.wait_for_selector("#empty")

    page.reload()
    page.wait_for_selector("#empty")


def test_a_certificate_is_made_here_and_its_name_goes_nowhere(page: Any, one: Estate) -> None:
    claim(page, one)
    asked = len(one.received)
    page.locator(".my-badge details summary").nth(1).click()
    page.locator(".my-badge input[type=text]").first.fill("例示 花子")
    certificate = saved(page, ".my-badge details >> nth=1 >> button >> nth=0")

    assert certificate.startswith(b"%PDF-")
    received = one.received[asked:]
    assert not any(request.method != "GET" or carries("花子", request) for request in received)
    page.get_by_text("mm").first.wait_for()

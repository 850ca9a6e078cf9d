"""Every page and state of checking, keeping and showing badges, looked at: axe-core, narrow windows, and pictures."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from badges.credential import Mechanism
from tests.browser.conftest import ARGUMENTS, CHROMIUM, EXAMPLE, Faults
from tests.browser.driving import Held, drop, make_link, paste, result
from tests.browser.estate import Estate, estate
from tests.browser.looking import LOOKERS, Look, looker

pytestmark = [pytest.mark.browser, pytest.mark.slow]

VERDICTS = {
    "verified": "good.jwt",
    "not-accredited": "out-of-scope.jwt",
    "not-in-register": "self-issued.jwt",
    "revoked": "revoked.jwt",
    "expired": "expired.json",
    "changed": "tampered-level.json",
    "impostor": "other-issuer-key.jwt",
    "cannot-tell": "status-unreachable.jwt",
    "nothing-inside": "image-only.png",
}
TEXTS = {"unreadable": '{"half": ', "unsigned": '{"type": ["VerifiableCredential", "OpenBadgeCredential"]}'}
CODES = {
    "on-hold": ("status", "suspended"),
    "not-yet-valid": ("validity", "not-yet-valid"),
    "invalid": ("form", "schema"),
}
FAILURES = {"nothing-pasted": "", "key-pasted": '{"kty": "EC", "d": "0123456789abcdefghij"}'}
PASSCODE = "abcd 1234"
PASSPHRASE = "a passphrase for all of it"
REFUSED = """() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
}"""
CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
ASKED = {"framework": "dss-p/2.0", "item": "dssp2-2.2-01"}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """The three services; the demonstration's files, good and bad, lie in their folder."""
    with estate(tmp_path_factory.mktemp("estate")) as running:
        running.demonstration.play()
        yield running


@pytest.fixture(params=LOOKERS, ids="-".join)
def reader(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param


@pytest.fixture
def look(browser: Any, faults: Faults, reader: tuple[str, str]) -> Iterator[Look]:
    made = looker(browser, faults, reader)
    yield made
    made.page.context.close()


def file(one: Estate, name: str) -> bytes:
    return (one.demonstration.folder / name).read_bytes()


def again(page: Any) -> None:
    page.click("#result .actions button:first-child")


def put(page: Any, where: str, content: bytes) -> None:
    page.set_input_files(where, {"name": "badge.jwt", "mimeType": "", "buffer": content})


# Checking


def test_the_check_page_in_every_state(look: Look, one: Estate) -> None:
    page = look.page
    page.goto(f"{one.verifier}/")
    page.wait_for_load_state("networkidle")
    look.at("check")
    for state, text in FAILURES.items():
        paste(page, text)
        page.wait_for_selector("#failure", state="visible")
        look.at(f"check-{state}")
    paste(page, "https://issuer.example/badge.json")
    page.wait_for_selector("#consent h1")
    look.at("check-consent")
    page.click("#consent button:not(.second)")
    result(page)
    look.at("check-link-not-read")
    held = Held()
    page.route("**/v1/**", held)
    page.reload()
    put(page, "#file", file(one, "good.jwt"))
    page.wait_for_selector("#progress", state="visible")
    look.at("check-progress")
    held.let_go()

    assert look.found == {}


def test_every_verdict(look: Look, one: Estate) -> None:
    page = look.page
    page.goto(f"{one.verifier}/")
    for state, name in VERDICTS.items():
        drop(page, file(one, name), name)
        whole = state in ("verified", "revoked")
        look.at(state, of="" if whole else "main .verdict", heard=whole)
        again(page)
    for state, text in TEXTS.items():
        paste(page, text)
        result(page)
        look.at(state)
        again(page)
    for state, code in CODES.items():
        answered(page, one, code)
        look.at(state, of="main .verdict")
        again(page)
    drop(page, file(one, "good.jwt"), "good.jwt")
    page.get_by_role("button", name="QR").click()
    page.wait_for_selector(".share .qr")
    look.at("badge-link", of=".share")

    assert look.found == {}


def answered(page: Any, one: Estate, code: tuple[str, str]) -> None:
    """Have the server say of a badge that one of its checks failed."""
    badge = one.demonstration.issued("p05", "c014").texts[Mechanism.VC_JWT]
    answer = page.request.post(f"{one.verifier}/v1/verify", data=badge, headers={"Content-Type": "text/plain"})
    report = orjson.loads(answer.body())
    for finding in report["findings"]:
        if finding["check"] == code[0]:
            finding |= {"outcome": "failed", "code": code[1]}
    page.route("**/v1/verify*", lambda route: route.fulfill(json={**report, "verdict": "not-verified"}))
    paste(page, "https://issuer.example/badge.json")
    page.click("#consent button:not(.second)")
    result(page)


@pytest.fixture
def seeing(browser: Any) -> Iterator[Any]:
    """Another Chromium, which has a camera."""
    another = browser.browser_type.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, *CAMERA])
    yield another
    another.close()


def test_the_scanner_in_every_state(one: Estate, seeing: Any, faults: Faults, reader: tuple[str, str]) -> None:
    look = looker(seeing, faults, reader, permissions=["camera"])
    page = look.page
    page.goto(f"{one.verifier}/")
    page.click("#scan")
    page.wait_for_selector("#scanner video", state="visible")
    look.at("scanner", of="#scanner")
    page.keyboard.press("Escape")
    page.evaluate(REFUSED)
    page.click("#scan")
    page.wait_for_selector("#scanner .scan-problem", state="visible")
    look.at("scanner-refused", of="#scanner")

    assert look.found == {}


def test_a_browser_without_javascript(look: Look, one: Estate, browser: Any) -> None:
    plain = browser.new_context(locale=look.language, java_script_enabled=False).new_page()
    for state, path in {"check": "/", "my-badges": "/badges", "history": "/h", "claim": "/c"}.items():
        plain.goto(f"{one.issuer if state == 'claim' else one.verifier}{path}")
        show_again(look.page, plain)
        look.at(f"no-script-{state}")
    for state, name in {"verified": "good.jwt", "revoked": "revoked.jwt"}.items():
        plain.goto(f"{one.verifier}/")
        put(plain, "#upload", file(one, name))
        plain.click("main form button")
        plain.wait_for_selector("article.report")
        show_again(look.page, plain)
        look.at(f"no-script-{state}", heard=state == "verified")
    plain.context.close()

    assert look.found == {}


def show_again(page: Any, plain: Any) -> None:
    """Show what a browser without JavaScript shows in one that has it, for axe-core needs it; without our scripts."""
    html = re.sub(r"<script.*?</script>|</?noscript>", "", plain.content(), flags=re.DOTALL)
    page.route(plain.url, lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(plain.url)


def test_links_that_hold_nothing(look: Look, one: Estate) -> None:
    page = look.page
    for state, path in {
        "link-empty": "/v",
        "link-damaged": "/v#123",
        "history-empty": "/h",
        "history-damaged": "/h#AAAA",
        "share-damaged": f"/s/{'A' * 22}#{'A' * 12}",
    }.items():
        page.goto("about:blank")
        page.goto(f"{one.verifier}{path}")
        page.wait_for_selector("#failure", state="visible")
        look.at(state)

    assert look.found == {}


# Keeping


def claim(page: Any, one: Estate, *courses: tuple[str, str]) -> None:
    already = page.locator("#badges .my-badge").count()
    for number, (provider, course) in enumerate(courses):
        page.goto(f"{one.verifier}/badges")
        page.fill("#text", one.offer(provider, course))
        page.click("#paste button")
        page.click("#claim-go")
        page.click("#claim-button")
        page.wait_for_selector(f"#badges .my-badge >> nth={already + number}")


def with_badges(page: Any, one: Estate) -> None:
    """Fill My badges: three claimed, one without its key, one without any, and one that was revoked."""
    claim(page, one, ("p05", "c014"), ("p08", "c025"), ("p05", "c015"))
    demonstration = one.demonstration
    others = [
        demonstration.claimed("p06", "c021").texts[Mechanism.VC_JWT].encode(),
        demonstration.issued("p09", "c004").texts[Mechanism.VC_JWT].encode(),
        file(one, "revoked.jwt"),
    ]
    for number, content in enumerate(others):
        put(page, "#file", content)
        page.wait_for_selector(f"#badges .my-badge >> nth={3 + number}")


def choose_all(page: Any) -> None:
    for box in page.locator("#share-form input[name=badge]").all():
        box.check()


def test_a_badge_is_claimed(look: Look, one: Estate) -> None:
    page = look.page
    link = one.offer("p05", "c014")
    page.goto(link)
    page.wait_for_selector("#claim-button", state="visible")
    look.at("claim")
    page.goto(f"{one.verifier}/badges")
    page.wait_for_selector("#empty")
    look.at("my-badges-empty")
    page.fill("#text", link)
    page.click("#paste button")
    page.wait_for_selector("#claim-go")
    look.at("my-badges-claim")
    page.click("#claim-go")
    page.wait_for_selector("#claim-button", state="visible")
    look.at("claim-for-my-badges")
    page.click("#claim-button")
    page.wait_for_selector("#received h2", state="visible")
    page.wait_for_selector("#badges .my-badge")
    look.at("my-badges-received", heard=True)
    page.goto(f"{one.verifier}/badges#received.AAAA")
    page.wait_for_selector("#received .failed")
    look.at("my-badges-received-damaged", of="#received")
    page.goto(one.offer("p05", "c015"))
    page.click("#claim-button")
    page.wait_for_selector("#claim-result h1", state="visible")
    look.at("claimed")

    assert look.found == {}


def test_badges_are_kept(look: Look, one: Estate) -> None:
    page = look.page
    with_badges(page, one)
    look.at("my-badges", heard=True)
    look.at("my-badges-skills", of=".skill-maps")
    look.at("my-badges-timeline", of=".timeline")
    card = page.locator(".my-badge").filter(has_text="Python").first
    card.locator("summary").nth(0).click()
    card.locator("article.report").wait_for()
    look.at("my-badges-report", of=".my-badge:has(article)")
    card.locator("summary").nth(0).click()
    card.locator("summary").nth(1).click()
    deeds = card.locator("details").nth(1)
    deeds.locator("a[target=_blank]").wait_for()
    with page.expect_download():
        deeds.get_by_role("button").first.click()
    page.wait_for_function(
        "() => /pdf/.test(document.querySelector('.my-badge details[open] [role=status]').textContent)"
    )
    deeds.get_by_role("button").nth(1).click()
    deeds.locator(".share .qr").wait_for()
    deeds.get_by_role("button").last.click()
    deeds.locator(".note.failure").wait_for()
    look.at("my-badges-actions", of=".my-badge:has(.share)")
    put(page, "#file", b"no badge")
    page.wait_for_selector("#added li")
    look.at("my-badges-not-added", of="#add")

    assert look.found == {}


def test_badges_are_backed_up(look: Look, one: Estate, tmp_path: Path) -> None:
    page = look.page
    claim(page, one, ("p05", "c014"))
    page.fill("#keep-save-passphrase", "short")
    page.click("#keep-save button")
    page.wait_for_selector("#keep-save [role=alert]:not(:empty)")
    look.at("my-badges-backup-refused", of="#keep")
    page.fill("#keep-save-passphrase", PASSPHRASE)
    with page.expect_download() as download:
        page.click("#keep-save button")
    download.value.save_as(tmp_path / "backup.json")
    page.click("#keep summary")
    for passphrase, words in (("another passphrase", "[role=alert]"), (PASSPHRASE, "[role=status]")):
        page.set_input_files("#keep-file", tmp_path / "backup.json")
        page.fill("#keep-open-passphrase", passphrase)
        page.click("#keep-open button")
        page.wait_for_selector(f"#keep-open {words}:not(:empty)")
        if passphrase != PASSPHRASE:
            look.at("my-badges-backup-wrong", of="#keep")
    page.wait_for_selector("#badges .my-badge")
    look.at("my-badges-backup-opened", of="#keep")

    assert look.found == {}


# Showing


def test_badges_are_shown(look: Look, one: Estate) -> None:
    page = look.page
    with_badges(page, one)
    page.click("#share-make")
    page.wait_for_selector("#share-problem:not(:empty)")
    look.at("share-none-chosen", of="#share")
    choose_all(page)
    long = make_link(page)
    look.at("share-in-the-link", of="#share")
    page.check("#share-short")
    page.fill("#share-passcode", "abc")
    page.click("#share-make")
    page.wait_for_selector("#share-problem:not(:empty)")
    look.at("share-passcode-short", of="#share")
    page.fill("#share-passcode", PASSCODE)
    short = make_link(page)
    page.wait_for_selector("#shares li .quiet:not(:empty)")
    look.at("share-made", of="#share", heard=True)

    look_at_share(look, short)
    page.goto(long)
    page.wait_for_selector("#result h1", state="visible")
    page.goto(f"{one.verifier}/badges")
    page.locator("#shares button").first.click()
    page.wait_for_selector("#shares button", state="hidden")
    look.at("share-taken-back", of="#share")
    page.goto(short)
    unlock(page, PASSCODE)
    page.wait_for_selector("#unlock-problem:not(:empty)")
    look.at("share-dead")

    assert look.found == {}


def unlock(page: Any, passcode: str) -> None:
    page.wait_for_selector("#unlock", state="visible")
    page.fill("#passcode", passcode)
    page.click("#unlock button")


def look_at_share(look: Look, link: str) -> None:
    """Look at a share as whoever gets its link: locked, wrongly opened, open, and then everything in it."""
    page = look.page
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("#unlock", state="visible")
    look.at("share-locked")
    unlock(page, "wrong one")
    page.wait_for_selector("#unlock-problem:not(:empty)")
    look.at("share-wrong-passcode")
    held = Held()
    page.route("**/v1/shares/*/open*", held)
    unlock(page, PASSCODE)
    page.wait_for_selector("#progress", state="visible")
    look.at("share-progress")
    held.let_go()
    page.wait_for_selector("#result h1", state="visible")
    look.at("history", heard=True)
    page.locator(".card-of-badge button").first.click()
    page.wait_for_selector(".card-of-badge article.report")
    look.at("history-card", of=".card-of-badge")
    page.locator(".skill-map .cell button").first.click()
    page.wait_for_selector(".evidence:not([hidden])")
    look.at("history-skills", of=".skill-maps")
    look.at("history-timeline", of=".timeline")
    look_at_requirement(look)
    look.at("history-record", of=".record")


def look_at_requirement(look: Look) -> None:
    """Look at a requirement that asks nothing, one that is met, and one that is not."""
    page = look.page
    page.locator(".requirement form button[type=submit]").click()
    page.locator(".requirement [role=alert]:not(:empty)").first.wait_for()
    look.at("history-requirement-empty", of=".requirement")
    line = page.locator(".requirement fieldset.line").first
    line.locator("select").nth(0).select_option(ASKED["framework"])
    line.locator("select").nth(1).select_option(f"item:{ASKED['item']}")
    page.locator(".requirement form button[type=submit]").click()
    page.wait_for_selector(".requirement-result")
    look.at("history-requirement-met", of=".requirement", heard=True)
    line.locator("select").nth(3).select_option("3")
    page.locator(".requirement form button[type=submit]").click()
    page.wait_for_selector(".requirement-result.tone-none")
    look.at("history-requirement-not-met", of=".requirement")


# The issuer and the register


def test_the_other_pages(look: Look, one: Estate) -> None:
    page = look.page
    for state, address in {
        "issuer": f"{one.issuer}/",
        "provider": f"{one.issuer}/providers/p05",
        "achievement": f"{one.issuer}/providers/p05/achievements/c014/1",
        "registry": f"{one.registry}/",
        "register": f"{one.registry}/registry",
        "frameworks": f"{one.registry}/frameworks",
        "framework": f"{one.registry}/frameworks/dss-p/2.0",
        "item": f"{one.registry}/frameworks/dss-p/2.0/items/dssp2-2.2-01",
        "level": f"{one.registry}/frameworks/itss/3/levels/itss/3",
        "no-page": f"{one.verifier}/nowhere",
    }.items():
        page.goto(address)
        look.at(state)
    page.goto(f"{one.verifier}/badges")
    page.evaluate("navigator.serviceWorker.ready")
    page.goto(f"{one.verifier}/badges")
    page.wait_for_selector("#empty")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("#empty")
    look.at("my-badges-offline")

    assert look.found == {}


def test_the_example_of_the_docs_is_not_in_another_register(look: Look, one: Estate) -> None:
    page = look.page
    page.goto(f"{one.verifier}/")
    drop(page, (EXAMPLE / "badge.jwt").read_bytes(), "badge.jwt")
    look.at("issuer-unknown", of="main .verdict")

    assert look.found == {}

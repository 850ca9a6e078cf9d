"""Every page and state of checking, keeping and showing badges, looked at: by axe-core, by keyboard, and by people.

With AKASHI_LOOKS set, pictures go to docs/screenshots, and what a screen reader hears to docs/screen-reader.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from badges.credential import Mechanism
from tests.browser.conftest import EXAMPLE, Faults
from tests.browser.driving import SIZES, drop, paste, result
from tests.browser.estate import Estate, estate

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DOCS = Path(__file__).parents[2] / "docs"
KEPT = bool(os.environ.get("AKASHI_LOOKS"))  # noqa: TID251 - whoever renews the pictures says so
READERS = [(language, size) for language in ("ja", "en") for size in SIZES]
WIDTHS = {"phone": "360", "desk": "1280"}
TALLEST = 4_000


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    with estate(tmp_path_factory.mktemp("estate")) as running:
        yield running


@dataclass
class Look:
    """Looks at a page in one language and at one width."""

    page: Any
    language: str
    size: str
    faults: Faults
    found: dict[str, list[str]] = field(default_factory=dict)

    def at(self, state: str, *, heard: bool = False) -> None:
        """Look at a state: faults, width, and, if they are wanted, a picture and what a screen reader hears."""
        page = self.page
        page.evaluate("document.fonts.ready")
        found = self.faults(page)
        if page.evaluate("document.documentElement.scrollWidth") > SIZES[self.size]["width"]:
            found.append("wider than the window")
        if found:
            self.found[state] = found
        if KEPT:
            self.keep(state, heard=heard)

    def keep(self, state: str, *, heard: bool) -> None:
        """Write the picture, and what is heard."""
        name = f"{state}-{self.language}-{WIDTHS[self.size]}"
        page = self.page
        height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        clip = {"x": 0, "y": 0, "width": SIZES[self.size]["width"], "height": height}
        page.screenshot(path=DOCS / f"screenshots/{name}.png", full_page=True, clip=clip)
        if heard and self.size == "phone":
            (DOCS / "screen-reader").mkdir(exist_ok=True)
            words = page.locator("main").aria_snapshot()
            (DOCS / f"screen-reader/{state}-{self.language}.txt").write_text(f"{words}\n")


@pytest.fixture(params=READERS, ids="-".join)
def look(browser: Any, faults: Faults, request: pytest.FixtureRequest) -> Iterator[Look]:
    language, size = request.param
    page = browser.new_context(viewport=SIZES[size], locale=language, accept_downloads=True).new_page()
    page.set_default_timeout(20_000)
    yield Look(page, language, size, faults)
    page.context.close()


def claim(page: Any, one: Estate, *courses: tuple[str, str]) -> None:
    for number, (provider, course) in enumerate(courses):
        page.goto(f"{one.verifier}/badges")
        page.fill("#text", one.offer(provider, course))
        page.click("#paste button")
        page.click("#claim-go")
        page.click("#claim-button")
        page.wait_for_selector(f"#badges .my-badge >> nth={number}")


def make_link(page: Any) -> str:
    page.locator("#share-result").evaluate("node => node.replaceChildren()")
    page.click("#share-make")
    page.wait_for_selector("#share-result textarea")
    return page.input_value("#share-result textarea")


def test_the_check_page_in_every_state(look: Look, one: Estate) -> None:
    page, issued = look.page, one.demonstration.issued("p05", "c014")
    page.goto(f"{one.verifier}/")
    page.wait_for_load_state("networkidle")
    look.at("check")
    page.click("#scan")
    page.wait_for_selector("#scanner button")
    look.at("scanner")
    page.reload()
    drop(page, issued.texts[Mechanism.VC_JWT].encode(), "badge.jwt")
    look.at("verified", heard=True)
    page.get_by_role("button", name="QR").click()
    page.wait_for_selector(".share .qr")
    look.at("badge-link")
    page.click("#result .actions button:first-child")
    drop(page, (EXAMPLE / "revoked.jwt").read_bytes(), "revoked.jwt")
    look.at("not-registered")
    page.click("#result .actions button:first-child")
    paste(page, "https://issuer.example/badge.json")
    page.wait_for_selector("#consent h1")
    look.at("consent")
    page.click("#consent button:not(.second)")
    result(page)
    look.at("link-not-read")

    assert look.found == {}


def test_my_badges_in_every_state(look: Look, one: Estate) -> None:
    page = look.page
    page.goto(f"{one.verifier}/badges")
    page.wait_for_selector("#empty")
    look.at("my-badges-empty")
    page.fill("#text", one.offer("p05", "c014"))
    page.click("#paste button")
    page.wait_for_selector("#claim-go")
    look.at("my-badges-claim")
    page.click("#claim-go")
    page.wait_for_selector("#claim-button", state="visible")
    look.at("claim-for-my-badges")
    page.click("#claim-button")
    page.wait_for_selector("#badges .my-badge")
    claim(page, one, ("p05", "c014"), ("p08", "c025"))
    elses = one.demonstration.claimed("p06", "c021").texts[Mechanism.VC_JWT].encode()
    page.set_input_files("#file", {"name": "b.jwt", "mimeType": "", "buffer": elses})
    page.wait_for_selector("#badges .my-badge >> nth=3")
    look.at("my-badges", heard=True)
    page.locator(".my-badge details summary").nth(1).click()
    page.locator(".my-badge details summary").nth(0).click()
    page.wait_for_selector(".my-badge article.report")
    look.at("my-badges-open")
    for box in page.locator("#share-form input[name=badge]").all():
        box.check()
    page.check("#share-short")
    page.fill("#share-passcode", "abc")
    page.click("#share-make")
    page.wait_for_selector("#share-problem:not(:empty)")
    look.at("my-badges-share-refused")
    page.fill("#share-passcode", "abcd 1234")
    link = make_link(page)
    page.wait_for_selector("#shares li")
    look.at("my-badges-shared")

    look_at_share(look, link, one)

    assert look.found == {}


def look_at_share(look: Look, link: str, one: Estate) -> None:
    """Look at a share as whoever gets its link: locked, wrongly opened, open, dead."""
    page = look.page
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("#unlock", state="visible")
    look.at("share-locked")
    page.fill("#passcode", "wrong one")
    page.click("#unlock button")
    page.wait_for_selector("#unlock-problem:not(:empty)")
    look.at("share-wrong")
    page.fill("#passcode", "abcd 1234")
    page.click("#unlock button")
    page.wait_for_selector("#result h1", state="visible")
    look.at("history", heard=True)
    page.locator(".requirement form button[type=submit]").click()
    page.locator(".requirement [role=alert]:not(:empty)").first.wait_for()
    look.at("history-requirement")
    page.goto(f"{one.verifier}/s/{'A' * 22}#{'B' * 43}")
    page.wait_for_selector("#failure", state="visible")
    look.at("share-dead")


def test_everything_can_be_done_by_keyboard(look: Look, one: Estate) -> None:
    page = look.page
    page.goto(f"{one.verifier}/")
    page.wait_for_load_state("networkidle")
    reach(page, "#text")
    page.keyboard.insert_text(one.demonstration.issued("p05", "c014").texts[Mechanism.VC_JWT])
    page.keyboard.press("Tab")
    assert seen(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("#result h1")
    assert page.evaluate("document.activeElement.tagName") == "H1"

    page.goto(f"{one.verifier}/badges")
    page.wait_for_selector("#empty")
    reach(page, "#text")
    page.keyboard.insert_text(one.offer("p05", "c014"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#claim-go")
    reach(page, "#claim-go")
    page.keyboard.press("Enter")
    page.wait_for_selector("#claim-button", state="visible")
    reach(page, "#claim-button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#badges .my-badge")
    reach(page, "#share-badge-0")
    page.keyboard.press("Space")
    reach(page, "#share-make")
    page.keyboard.press("Enter")
    page.wait_for_selector("#share-result textarea")
    assert page.evaluate("document.activeElement.tagName") == "H2"


def reach(page: Any, selector: str) -> None:
    """Go on with Tab until an element has the focus; whatever has it on the way can be seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        assert seen(page)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached")


def seen(page: Any) -> bool:
    """Tell whether what has the focus shows it, or stands outside the page."""
    return page.evaluate(
        """() => {
          const one = document.activeElement;
          if (one === document.body) return true;
          const shown = one.matches(".picker input") ? one.nextElementSibling : one;
          const { outlineStyle, outlineWidth } = getComputedStyle(shown);
          return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
        }"""
    )

"""A link to a history opens, also when something failed on the way."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from badges.credential import Mechanism
from tests.browser.driving import SIZES
from tests.browser.estate import Estate, estate
from tests.needs import package

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    with estate(tmp_path_factory.mktemp("estate")) as running:
        yield running


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    # Without a service worker, so that a failure of the network is one.
    context = browser.new_context(viewport=SIZES["phone"], locale="ja", service_workers="block")
    made = context.new_page()
    made.set_default_timeout(15_000)
    yield made
    context.close()


def shared(page: Any, one: Estate, *badges: tuple[str, str], way: str = "link") -> str:
    """Return a link to badges, made in My badges."""
    page.goto(f"{one.verifier}/badges")
    for number, (provider, achievement) in enumerate(badges):
        text = one.demonstration.issued(provider, achievement).texts[Mechanism.VC_JWT]
        page.set_input_files("#file", {"name": "badge.jwt", "mimeType": "", "buffer": text.encode()})
        page.locator("#badges .my-badge").nth(number).wait_for()
    for box in page.locator("#share-form input[name=badge]").all():
        box.check()
    page.check(f"input[name=way][value={way}]")
    page.click("#share-make")
    return page.input_value("#share-result textarea")


@pytest.mark.parametrize("way", ["link", "short"])
def test_what_failed_to_come_is_asked_for_again_with_the_whole_link(page: Any, one: Estate, way: str) -> None:
    link = shared(page, one, ("p05", "c014"), way=way)
    asked = re.compile("/v1/shares|/v1/registry")
    page.context.route(asked, lambda route: route.abort())

    opened = page.context.new_page()
    opened.goto(link)
    opened.wait_for_selector("#failure button")
    assert "#" not in opened.url
    page.context.unroute(asked)
    opened.click("#failure button")

    package("playwright.sync_api").expect(opened.locator("#result h1")).to_be_focused()
    assert opened.locator(".card-of-badge").count() == 1
    assert "#" not in opened.url


def test_of_two_links_opened_one_after_the_other_the_later_is_shown(page: Any, one: Estate) -> None:
    slow, quick = shared(page, one, ("p05", "c014")), ""
    other = page.context.browser.new_context(locale="ja", service_workers="block")
    quick = shared(other.new_page(), one, ("p09", "c004"))
    other.close()
    held: list[Any] = []
    opened = page.context.new_page()
    opened.route("**/v1/status-lists*", lambda route: route.continue_() if held else held.append(route))
    opened.goto(slow)
    opened.wait_for_selector("#progress", state="visible")
    while not held:
        opened.wait_for_timeout(50)

    opened.evaluate("fragment => { location.hash = fragment; }", quick.partition("#")[2])
    opened.wait_for_selector("#result h1", state="visible")
    shown = opened.locator(".card-of-badge h3").all_inner_texts()
    with opened.expect_response("**/v1/status-lists*"):
        held[0].continue_()
    opened.wait_for_timeout(500)

    assert opened.locator(".card-of-badge h3").all_inner_texts() == shown
    assert opened.is_visible("#result")


def test_a_check_that_breaks_is_told_and_nothing_goes_on_behind_it(page: Any, one: Estate) -> None:
    link = shared(page, one, ("p05", "c014"), ("p09", "c004"))
    opened = page.context.new_page()
    opened.add_init_script("""
      const transaction = IDBDatabase.prototype.transaction;
      let asked = 0;
      IDBDatabase.prototype.transaction = function (...what) {
        if (this.name === "akashi-newest-seen" && ++asked === 2) throw new DOMException("full", "QuotaExceededError");
        return transaction.apply(this, what);
      };
    """)

    opened.goto(link)
    opened.wait_for_selector("#failure button", state="visible")
    opened.wait_for_timeout(1_000)

    assert opened.is_visible("#failure button")
    assert not opened.is_visible("#progress")


def test_a_removed_badge_does_not_come_back_with_a_slow_answer(page: Any, one: Estate) -> None:
    shared(page, one, ("p05", "c014"))
    held: list[Any] = []
    page.route("**/v1/status-lists*", lambda route: route.continue_() if held else held.append(route))
    page.evaluate("location.hash = 'none'")
    while not held:
        page.wait_for_timeout(50)

    page.click(".my-badge details:nth-of-type(2) summary")
    page.click(".my-badge details:nth-of-type(2) > div > div:last-child button")
    page.click(".note.failure .actions button:nth-of-type(2)")
    page.wait_for_selector("#empty")
    with page.expect_response("**/v1/status-lists*"):
        held[0].continue_()
    page.wait_for_timeout(500)

    assert page.locator(".my-badge").count() == 0


def test_a_page_whose_words_failed_to_come_can_be_loaded_again_with_the_whole_link(page: Any, one: Estate) -> None:
    link = shared(page, one, ("p05", "c014"))
    page.context.route("**/texts/*.json", lambda route: route.abort())

    opened = page.context.new_page()
    opened.goto(link)
    opened.wait_for_selector("#no-texts", state="visible")
    page.context.unroute("**/texts/*.json")
    opened.reload()

    opened.wait_for_selector("#result h1", state="visible")
    assert opened.locator(".card-of-badge").count() == 1
    assert "#" not in opened.url

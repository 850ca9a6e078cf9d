"""Everything by keyboard alone: what has the focus shows it, and it is neither lost nor caught."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from badges.credential import Mechanism
from tests.browser.driving import READERS, SIZES, Held
from tests.browser.estate import Estate, estate
from tests.needs import package

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSCODE = "abcd 1234"
MOST_STEPS = 120
STEPS = """() => {
  const hidden = (node) => !node.checkVisibility({ checkVisibilityCSS: true });
  const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")];
  const others = (node) => node.type === "radio" && !node.checked;
  window.steps = all.filter((node) => !hidden(node) && !others(node));
  return window.steps.length;
}"""
STEP = "() => window.steps.indexOf(document.activeElement)"
SEEN = """() => {
  const one = document.activeElement;
  if (one === document.body) return true;
  const shown = one.matches(".picker input") ? one.nextElementSibling : one;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  const { width, height } = shown.getBoundingClientRect();
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && width > 0 && height > 0;
}"""


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    with estate(tmp_path_factory.mktemp("estate")) as running:
        yield running


@pytest.fixture(params=READERS, ids="-".join)
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    spoken, size = request.param
    context = browser.new_context(viewport=SIZES[size], locale=spoken, accept_downloads=True, reduced_motion="reduce")
    made = context.new_page()
    made.set_default_timeout(15_000)
    yield made
    context.close()


def reach(page: Any, selector: str) -> None:
    """Go on with Tab until an element has the focus; whatever has it on the way can be seen."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN), focused(page)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached")


def press(page: Any, selector: str, key: str = "Enter") -> None:
    reach(page, selector)
    page.keyboard.press(key)


def write(page: Any, selector: str, text: str) -> None:
    reach(page, selector)
    page.keyboard.insert_text(text)


def focused(page: Any) -> str:
    return page.evaluate("document.activeElement.outerHTML").partition(">")[0]


def arrives(page: Any, selector: str) -> None:
    """Wait until an element has the focus, and shows it."""
    page.wait_for_function("selector => document.activeElement.matches(selector)", arg=selector)
    assert page.evaluate(SEEN), focused(page)


def blamed(page: Any, selector: str, words: str) -> None:
    """Wait until a field has the focus, is called wrong, and says why to whoever listens."""
    arrives(page, f"{selector}[aria-invalid=true]")
    described(page, selector, words)


def described(page: Any, selector: str, words: str) -> None:
    expect = package("playwright.sync_api").expect
    expect(page.locator(selector).first).to_have_accessible_description(re.compile(words))


def claim(page: Any, one: Estate) -> None:
    page.goto(f"{one.verifier}/badges")
    page.wait_for_selector("#empty")
    write(page, "#text", one.offer("p05", "c014"))
    press(page, "#paste button")
    arrives(page, "#received h2")
    press(page, "#claim-go")
    page.wait_for_selector("#claim-button", state="visible")
    press(page, "#claim-button")
    arrives(page, "#received h2")
    page.wait_for_selector("#badges .my-badge")


def test_a_badge_is_checked(page: Any, one: Estate) -> None:
    page.goto(f"{one.verifier}/")
    page.wait_for_load_state("networkidle")

    press(page, "#paste button")
    arrives(page, "#failure")
    write(page, "#text", one.demonstration.issued("p05", "c014").texts[Mechanism.VC_JWT])
    press(page, "#paste button")
    arrives(page, "#result h1")
    press(page, "#result .actions button:nth-of-type(3)")
    arrives(page, ".share h2")
    press(page, "#result > .actions button:first-of-type")
    arrives(page, "#title")


def test_a_scanner_is_left_with_escape(page: Any, one: Estate) -> None:
    page.goto(f"{one.verifier}/")
    page.wait_for_load_state("networkidle")

    press(page, "#scan")
    page.wait_for_selector("#scanner button", state="visible")
    page.wait_for_function("() => document.querySelector('#scanner').contains(document.activeElement)")
    page.keyboard.press("Escape")
    arrives(page, "#scan")
    assert page.locator("#scanner section").count() == 0


def test_a_badge_is_claimed_shown_with_a_passcode_and_opened(page: Any, one: Estate) -> None:
    claim(page, one)
    press(page, "#share-make")
    arrives(page, "#share-badge-0[aria-invalid=true]")
    described(page, "#share-form fieldset", {"ja": "1つ以上", "en": "at least one"}[page.get_attribute("html", "lang")])
    page.keyboard.press("Space")
    reach(page, "input[name=way]:checked")
    page.keyboard.press("ArrowDown")
    write(page, "#share-passcode", "abc")
    press(page, "#share-make")
    blamed(page, "#share-passcode", "4")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(PASSCODE)
    press(page, "#share-make")
    arrives(page, "#share-result h2")
    link = page.input_value("#share-result textarea")

    opened = page.context.new_page()
    opened.goto(link)
    arrives(opened, "#unlock-title")
    write(opened, "#passcode", "wrong one")
    opened.keyboard.press("Enter")
    blamed(opened, "#passcode", "10|ten")
    opened.keyboard.press("Control+A")
    opened.keyboard.insert_text(PASSCODE)
    opened.keyboard.press("Enter")
    arrives(opened, "#result h1")
    press(opened, ".card-of-badge button")
    arrives(opened, ".card-of-badge h4.headline")
    press(opened, ".skill-map .cell button")
    assert opened.locator(".evidence:not([hidden])").count() == 1
    press(opened, ".requirement form button[type=submit]")
    arrives(opened, ".requirement fieldset.line select")
    described(opened, ".requirement fieldset.line select", "何も選んでいない|asks nothing")
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("ArrowDown")
    press(opened, ".requirement form button[type=submit]")
    arrives(opened, ".requirement-result h3")
    with opened.expect_download():
        press(opened, ".record button.second")
    arrives(opened, ".record button.second")

    press(page, "#shares button")
    arrives(page, "#shares [role=status]")


def test_a_badge_is_removed(page: Any, one: Estate) -> None:
    claim(page, one)
    remove = ".my-badge details:nth-of-type(2) > div > div:last-child button"
    press(page, ".my-badge details:nth-of-type(2) summary")
    page.wait_for_selector(remove)
    press(page, remove)
    arrives(page, ".note.failure button.second")
    page.keyboard.press("Enter")
    arrives(page, remove)
    page.keyboard.press("Enter")
    arrives(page, ".note.failure button.second")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    arrives(page, "#title")
    assert page.is_visible("#empty")


def test_a_backup_says_at_its_field_what_is_wrong(page: Any, one: Estate) -> None:
    page.goto(f"{one.verifier}/badges")
    page.wait_for_selector("#keep-save")

    write(page, "#keep-save-passphrase", "short")
    page.keyboard.press("Enter")
    blamed(page, "#keep-save-passphrase", "8")


@pytest.mark.parametrize("where", ["/", "/v", "/h", "/badges", "a badge", "my badges"])
def test_tab_goes_through_a_page_in_its_order_and_out_again(page: Any, one: Estate, where: str) -> None:
    if where == "my badges":
        claim(page, one)
    else:
        page.goto(f"{one.verifier}{where if where.startswith('/') else '/'}")
    page.wait_for_load_state("networkidle")
    if where == "a badge":
        badge = one.demonstration.issued("p05", "c014").texts[Mechanism.VC_JWT].encode()
        page.set_input_files("#file", {"name": "badge.jwt", "mimeType": "", "buffer": badge})
        page.wait_for_selector("#result h1")
    count = page.evaluate(STEPS)
    page.focus(".skip")

    walked = [page.evaluate(STEP)]
    while len(walked) < count:
        page.keyboard.press("Tab")
        walked.append(page.evaluate(STEP))
        assert page.evaluate(SEEN), focused(page)
    page.keyboard.press("Tab")

    assert walked == list(range(count))
    assert page.evaluate(STEP) <= 0
    assert count > 4


@pytest.mark.parametrize("where", ["/h", "/v", "/badges"])
def test_skipping_to_the_content_opens_no_other_link(page: Any, one: Estate, where: str) -> None:
    if where == "/badges":
        claim(page, one)
    else:
        page.goto(f"{one.verifier}{where}")
        page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelector('main').dataset.before = document.querySelector('main').innerText")

    page.focus(".skip")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)

    assert page.evaluate("document.querySelector('main').innerText === document.querySelector('main').dataset.before")
    assert page.url.endswith("#content")


def test_nothing_moves_for_whoever_asks_for_that(page: Any, one: Estate) -> None:
    held = Held()
    page.route("**/v1/**", held)
    page.goto(f"{one.verifier}/")
    badge = one.demonstration.issued("p05", "c014").texts[Mechanism.VC_JWT].encode()
    page.set_input_files("#file", {"name": "badge.jwt", "mimeType": "", "buffer": badge})
    page.wait_for_selector("#progress .spinner", state="visible")

    assert page.evaluate("document.getAnimations().length") == 0
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate("document.getAnimations().length") == 1
    held.let_go()

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


@pytest.mark.parametrize("way", ["link", "short"])
def test_what_failed_to_come_is_asked_for_again_with_the_whole_link(page: Any, one: Estate, way: str) -> None:
    page.goto(f"{one.verifier}/badges")
    badge = one.demonstration.issued("p05", "c014").texts[Mechanism.VC_JWT]
    page.set_input_files("#file", {"name": "badge.jwt", "mimeType": "", "buffer": badge.encode()})
    page.wait_for_selector("#badges .my-badge")
    page.check("#share-badge-0")
    page.check(f"input[name=way][value={way}]")
    page.click("#share-make")
    link = page.input_value("#share-result textarea")
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

"""A learning history in people's hands: a learner claims, keeps and shows badges; an employer opens and checks them.

Issuer, registry and verifier stand at three origins. Whatever they receive, store and log is looked through.
"""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest
from PIL import Image

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.driving import READERS, SIZES
from tests.browser.estate import Estate, estate
from tests.needs import missing, package
from tests.privacy.badge import secrets_of
from tests.privacy.scan import found_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COURSES = [("p05", "c014"), ("p05", "c015"), ("p08", "c025"), ("p09", "c004")]
"""Four badges of three providers: data analysis at level 2 twice, business design at level 2, literacy at level 1."""
PASSCODE = "藤色の傘 4821"
WRONG = "wrong-passcode-77"
RULES = [
    {
        "id": "met",
        "ja": "データ分析担当",
        "en": "Data analyst",
        "any_of": [{"all_of": [{"skill": "dssp2-2.2-01", "min_level": 2}]}],
        "issuer_policy": "accredited at issue time",
    },
    {
        "id": "not-met",
        "ja": "推進リーダー",
        "en": "Lead",
        "any_of": [{"all_of": [{"skill": "dssp2-1.3-05", "min_level": 4}]}],
        "issuer_policy": "accredited at issue time",
    },
]


@dataclass
class Played:
    """What the people of a story held, and what was recorded of the services meanwhile."""

    estate: Estate
    logged: io.StringIO
    badges: list[str] = field(default_factory=list)
    link: str = ""
    private: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    logged = io.StringIO()
    handler = logging.StreamHandler(logged)
    logging.getLogger().addHandler(handler)
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    with estate(tmp_path_factory.mktemp("estate")) as one:
        yield Played(one, logged)
    logging.getLogger().setLevel(level)
    logging.getLogger().removeHandler(handler)


@contextmanager
def chromium(*arguments: str) -> Iterator[Any]:
    playwright = package("playwright.sync_api")
    if not CHROMIUM.exists():
        missing("Chromium (make test installs it)")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, *arguments])
        yield browser
        browser.close()


SEES_KEYS = """() => {
  const made = crypto.subtle.generateKey.bind(crypto.subtle);
  crypto.subtle.generateKey = async (...given) => {
    const pair = await made(...given);
    if (pair.privateKey) await window.tellKey((await crypto.subtle.exportKey("jwk", pair.privateKey)).d);
    return pair;
  };
}"""
"""Tells a test which private keys a page made: nothing else can, which is the point of them."""


def claim(page: Any, played: Played, provider: str, course: str) -> None:
    """Open a claim link, choose My badges, and come back with the badge."""
    page.goto(played.estate.offer(provider, course))
    page.click("#keep-button")
    page.wait_for_url(f"{played.estate.verifier}/badges*")
    page.wait_for_selector("#claim-go", state="visible")
    page.click("#claim-go")
    page.wait_for_url(f"{played.estate.issuer}/c*")
    page.click("#claim-button")
    page.wait_for_url(f"{played.estate.verifier}/badges*")
    page.wait_for_selector("#received h2", state="visible")


def learner_page(browser: Any, reader: tuple[str, str], played: Played) -> Any:
    spoken, size = reader
    page = browser.new_context(viewport=SIZES[size], locale=spoken, accept_downloads=True).new_page()
    page.expose_function("tellKey", lambda key: played.private.append(key))  # noqa: PLW0108 (Playwright marks it)
    page.add_init_script(f"({SEES_KEYS})()")
    return page

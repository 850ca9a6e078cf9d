"""What people do on the check page, in a real browser: an employer drops each form of a badge and reads the verdict."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
import uvicorn

from badges.accreditation import Snapshot, read_snapshot
from badges.formats import qr
from badges.web.app import application
from tests.browser.check_page import drop, result
from verifier.app import build
from verifier.settings import VerifierSettings
from verifier.web import MapWeb

pytestmark = pytest.mark.browser

EXAMPLE = Path(__file__).parents[2] / "docs/example"


class Register:
    """A registry that always says the same."""

    def latest(self) -> Snapshot:
        """Return the example's snapshot."""
        return read_snapshot((EXAMPLE / "registry.jws").read_text().strip(), None)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    names = orjson.loads((EXAMPLE / "pages.json").read_bytes())
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    verifier = build(
        VerifierSettings(public_url=url, data=tmp_path_factory.mktemp("verifier")),
        snapshots=Register(),
        web=MapWeb({page: EXAMPLE / name for page, name in names.items()}),
        clock=lambda: datetime(2026, 11, 24, tzinfo=UTC),
    )
    app = application(title="Akashi", routers=verifier.routers, catalogue=verifier.catalogue)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield url
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


@pytest.fixture(params=["ja", "en"])
def page(browser, address: str, request: pytest.FixtureRequest) -> Iterator[object]:
    """The check page on a phone, in one language; nothing may go wrong behind it, nor to another host."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale=request.param)
    opened = context.new_page()
    said, asked = [], []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda one: asked.append(one.url))
    opened.goto(f"{address}/")
    yield opened
    context.close()
    assert said == []
    assert [url for url in asked if not url.startswith((address, "blob:", "data:"))] == []


def language(page) -> str:
    return page.get_attribute("html", "lang")


@pytest.mark.parametrize("name", ["badge.json", "badge.jwt", "badge.svg", "badge-qr.png"])
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
    page.wait_for_selector("#link-check", state="visible")

    assert "#" not in page.url
    page.click("#link-check")
    assert "データ分析の基礎 修了" in result(page)

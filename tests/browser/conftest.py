"""Chromium, pages that nothing may go wrong behind, and the two Akashis that the tests open in it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest
import uvicorn
from fastapi import FastAPI

from badges.accreditation import Snapshot, read_snapshot
from badges.web.app import application
from tests.browser.driving import SIZES
from tests.browser.living import Living, living
from tests.needs import missing, package
from verifier.app import build
from verifier.settings import VerifierSettings
from verifier.web import MapWeb

EXAMPLE = Path(__file__).parents[2] / "docs/example"
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parents[1] / "foreign/js/node_modules/axe-core/axe.min.js"
NOT_OURS = "status of 424"
"""Chromium says aloud that a document of somebody else's could not be had, which our pages tell in their own words."""

Visit = Callable[..., Any]
Faults = Callable[[Any], list[str]]


class Register:
    """A registry that always says the same."""

    def latest(self) -> Snapshot:
        """Return the example's snapshot."""
        return read_snapshot(self.text(), None)

    def text(self) -> str:
        """Return it as it was signed."""
        return (EXAMPLE / "registry.jws").read_text().strip()


@contextmanager
def served(make: Callable[[str], FastAPI]) -> Iterator[str]:
    """Serve an application, made for its address, from a thread of this process."""
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(make(url), log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield url
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A verifier alone, which knows the example badge's issuer."""
    names = orjson.loads((EXAMPLE / "pages.json").read_bytes())

    def make(url: str) -> FastAPI:
        verifier = build(
            VerifierSettings(public_url=url, data=tmp_path_factory.mktemp("verifier")),
            snapshots=Register(),
            web=MapWeb({page: EXAMPLE / name for page, name in names.items()}),
            clock=lambda: datetime(2026, 11, 24, tzinfo=UTC),
        )
        return application(title="Akashi", routers=verifier.routers, catalogue=verifier.catalogue)

    with served(make) as url:
        yield url


@pytest.fixture(scope="package")
def akashi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """All three services with the demonstration, in a process of their own."""
    with living(tmp_path_factory.mktemp("living")) as one:
        yield one


# Not for the whole session: while it runs, its event loop is in the way of tests that start their own.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Any]:
    """What drives browsers; there can be one at a time."""
    driver = package("playwright.sync_api")
    if not CHROMIUM.exists():
        missing("Chromium (make test installs it)")
    with driver.sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Any) -> Iterator[Any]:
    """One Chromium."""
    chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
    yield chromium
    chromium.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Visit]:
    """Open pages: `visit(url, language="en", size="desk")`, each in a browser of its own.

    `before(page)` comes first, and `until` is what to wait for. In the end nothing may have gone wrong behind any of
    them (unless `watched=False`), and nothing may have been asked of another host.
    """
    opened, said, asked = [], [], []

    def open_page(
        url: str,
        *,
        language: str = "ja",
        size: str = "phone",
        watched: bool = True,
        before: Any = None,
        until: str = "load",
        **options: Any,
    ) -> Any:
        context = browser.new_context(viewport=SIZES[size], locale=language, accept_downloads=True, **options)
        opened.append(context)
        page = context.new_page()
        if watched:
            page.on("console", lambda message: said.append(message.text) if NOT_OURS not in message.text else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        home = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        page.on("request", lambda one: asked.append(one.url) if not ours(one.url, home) else None)
        if before:
            before(page)
        page.goto(url, wait_until=until)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert said == []
    assert asked == []


@pytest.fixture(scope="package")
def faults() -> Faults:
    """Return what axe-core finds in a page: best practices included, and targets that are too small for a finger."""
    if not AXE.exists():
        missing("npm's axe-core (make test installs it)")
    axe = AXE.read_text()
    # WCAG 2.2, 2.5.8: axe-core leaves it to whoever wants it.
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}

    def look(page: Any) -> list[str]:
        page.evaluate(axe)
        found = page.evaluate("options => axe.run(document, options)", options)["violations"]
        return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]

    return look


def ours(url: str, home: str) -> bool:
    """Tell whether a browser that asks for this stays with the host it opened."""
    return url.startswith((f"{home}/", "blob:", "data:", "about:"))

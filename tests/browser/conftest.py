"""One Chromium for all tests of pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.needs import missing, package

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


# Not for the whole session: while it runs, its event loop is in the way of tests that start their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[object]:
    playwright = package("playwright.sync_api")
    if not CHROMIUM.exists():
        missing("Chromium (make test installs it)")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()

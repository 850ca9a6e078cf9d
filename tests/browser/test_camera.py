"""The scanner, in a page of its own: camera clips and pictures in, texts of badges out, and nothing else anywhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from badges.formats import qr
from badges.web.app import application
from badges.web.catalogue import load
from badges.web.pages import Pages
from badges.web.policy import SCANNER_POLICY
from badges.web.static_files import static_router
from tests.browser.clips import Clip, dim, glare, moved, noise, out_of_focus, uneven
from tests.browser.conftest import ARGUMENTS, CHROMIUM, EXAMPLE, served
from tests.needs import missing, package

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HERE = Path(__file__).parent / "scanning"
FAKE_CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
BADGE = (EXAMPLE / "badge.jwt").read_text().strip()
BADGE_LINK = qr.badge_link(BADGE, "https://verifier.example")
"""Version 26: 121 modules a side, 129 with the quiet zone."""

LEAN_LINK = BADGE_LINK[:1700]
"""Version 22, as a lean badge makes it; of its digits the scanner knows only that they are digits."""

SHARE_LINK = "https://verifier.example/s/" + "Zk3r9TqXw2" + "#" + "q4" * 21 + "A"
HEADER, PAYLOAD, SIGNATURE = BADGE.split(".")
SIGNED_TEXT = f"{HEADER}.{PAYLOAD[:1500]}.{SIGNATURE}"
"""Version 34: 153 modules a side."""

CLIPS = {
    "1080p, dense, phone": Clip(BADGE_LINK, 1080, 0.8, on="phone", turn=4, effects=(noise(8),)),
    "1080p, dense, paper, low light": Clip(
        BADGE_LINK, 1080, 0.75, turn=-6, tilt=(0.08, 0.0), effects=(out_of_focus(1.0), dim(0.3, 0.6), noise(9))
    ),
    "1080p, dense, phone, glare": Clip(
        BADGE_LINK, 1080, 0.8, on="phone", tilt=(0.1, 0.05), effects=(glare((0.45, 0.45), 0.14, 200), noise(8))
    ),
    "1080p, signed text, phone": Clip(
        SIGNED_TEXT, 1080, 0.85, on="phone", turn=3, effects=(out_of_focus(1.0), noise(6))
    ),
    "1080p, share, far away": Clip(
        SHARE_LINK, 1080, 0.11, at=(0.3, 0.62), turn=12, effects=(out_of_focus(0.8), noise(8))
    ),
    "720p, dense, paper, tilt": Clip(BADGE_LINK, 720, 0.85, turn=8, tilt=(0.22, 0.1), effects=(noise(6),)),
    "720p, dense, paper, uneven light": Clip(BADGE_LINK, 720, 0.85, turn=-5, effects=(uneven(70), noise(7))),
    "720p, dense, phone, blur": Clip(BADGE_LINK, 720, 0.9, on="phone", effects=(out_of_focus(1.3), noise(6))),
    "720p, lean, paper, noise": Clip(LEAN_LINK, 720, 0.7, turn=15, tilt=(0.05, 0.1), effects=(noise(22),)),
    "720p, share, phone, upside down, tilt": Clip(
        SHARE_LINK, 720, 0.4, on="phone", turn=160, tilt=(0.4, 0.25), at=(0.6, 0.5), effects=(noise(8),)
    ),
    "720p, share, phone, glare": Clip(
        SHARE_LINK, 720, 0.5, on="phone", turn=-20, effects=(glare((0.47, 0.5), 0.11, 235), noise(8))
    ),
    "720p, share, moving": Clip(SHARE_LINK, 720, 0.45, shake=14, effects=(moved(9, every=4), noise(8))),
    "480p, lean, paper": Clip(LEAN_LINK, 480, 0.9, turn=2, effects=(noise(6),)),
    "480p, dense, phone": Clip(BADGE_LINK, 480, 0.95, on="phone", effects=(noise(6),)),
    "480p, share, paper, low light, blur": Clip(
        SHARE_LINK, 480, 0.3, turn=30, effects=(out_of_focus(1.2), dim(0.25, 0.5), noise(10))
    ),
    "480p, share, far away": Clip(SHARE_LINK, 480, 0.24, at=(0.4, 0.6), turn=-9, effects=(out_of_focus(0.7), noise(7))),
}
PATIENCE_MILLISECONDS = 6_000


def verifier_with_scanner(_: str) -> FastAPI:
    """Return a service with one page, which scans."""
    catalogue = load("badges.web", "verifier")
    pages = Pages(catalogue, "tests.browser.scanning")
    router = APIRouter()

    @router.get("/scanner")
    def scanner(request: Request) -> Response:
        return pages.render(request, "scanner.html", camera=True)

    @router.get("/scanner.js")
    def script() -> Response:
        return Response((HERE / "scanner.js").read_bytes(), media_type="text/javascript")

    scripts = static_router("verifier", "/static/app", "static/app", policies={"scan-worker.js": SCANNER_POLICY})
    return application(
        title="Scanner", routers=[router, scripts, static_router("verifier", "/static/verifier")], catalogue=catalogue
    )


@pytest.fixture(scope="module")
def scanner() -> Iterator[str]:
    """The address of the page that scans."""
    with served(verifier_with_scanner) as url:
        yield f"{url}/scanner"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    running = package("playwright.sync_api")
    if not CHROMIUM.exists():
        missing("Chromium (make test installs it)")
    with running.sync_playwright() as one:
        yield one


@contextmanager
def camera(playwright: Any, scanner: str, clip: Path, language: str = "ja") -> Iterator[Any]:
    """Open the scanner in a browser whose camera shows a clip."""
    arguments = [*ARGUMENTS, *FAKE_CAMERA, f"--use-file-for-fake-video-capture={clip}"]
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
    page = browser.new_page(locale=language)
    page.goto(f"{scanner}?lang={language}")
    page.click("#open")
    page.wait_for_selector(".scan h2")
    yield page
    browser.close()


def scanned(page: Any) -> tuple[str, int] | None:
    """Let the panel look; return the text that it found and after how many milliseconds, or None."""
    page.click(".scan button >> nth=0")
    timeout = package("playwright.sync_api").TimeoutError
    try:
        found = page.wait_for_selector("#found output", timeout=PATIENCE_MILLISECONDS)
    except timeout:
        return None
    return found.text_content(), int(found.get_attribute("data-after"))


def test_camera_clips_are_read(playwright: Any, scanner: str, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    waits = {}
    for name, clip in CLIPS.items():
        file = tmp_path / "clip.mjpeg"
        file.write_bytes(clip.mjpeg())
        with camera(playwright, scanner, file) as page:
            found = scanned(page)
        waits[name] = found[1] if found and found[0] == clip.text else None
    with capsys.disabled():
        report(waits)

    assert sum(wait is not None for wait in waits.values()) * 12 >= 11 * len(waits)


def report(waits: dict[str, int | None]) -> None:
    """Print the rate, and the milliseconds from the first frame to the text."""
    read = [wait for wait in waits.values() if wait is not None]
    print(f"\ncamera clips: {len(read)} of {len(waits)} read")
    for name, wait in waits.items():
        print(f"  {name:<42}{'not read' if wait is None else f'{wait} ms':>10}")

"""The scanner, in a page of its own: camera clips and pictures in, texts of badges out, and nothing else anywhere."""

import base64
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response

from badges.formats import qr
from badges.web.app import application
from badges.web.catalogue import load
from badges.web.pages import Pages
from badges.web.policy import SCANNER_POLICY
from badges.web.static_files import static_router
from tests.browser import clips
from tests.browser.clips import Clip, dim, glare, moved, noise, out_of_focus, uneven
from tests.browser.conftest import ARGUMENTS, CHROMIUM, EXAMPLE, Faults, served
from tests.browser.driving import SIZES
from tests.needs import package

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HERE = Path(__file__).parent / "scanning"
FAKE_CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
BADGE = (EXAMPLE / "badge.jwt").read_text().strip()
BADGE_LINK = qr.badge_link(BADGE, "https://verifier.example")
"""Version 26: 121 modules a side, 129 with the quiet zone."""

LEAN_LINK = BADGE_LINK[:1700]
"""Version 22, as a lean badge makes it; of its digits the scanner knows only that they are digits."""

SHARE_LINK = "https://verifier.example/s/" + "Zk3r9TqXw2" * 2 + "Zk" + "#" + "q4" * 21 + "A"
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
    "720p, dense, paper, an arm's length away": Clip(
        BADGE_LINK, 720, 0.42, turn=-3, at=(0.55, 0.45), effects=(out_of_focus(0.6), noise(8))
    ),
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
    "480p, share, phone, low light": Clip(
        SHARE_LINK, 480, 0.35, on="phone", turn=-25, effects=(out_of_focus(0.8), dim(0.35, 0.6), noise(8))
    ),
    "480p, share, far away": Clip(SHARE_LINK, 480, 0.24, at=(0.4, 0.6), turn=-9, effects=(out_of_focus(0.7), noise(7))),
    "1080p, dense, phone, moving": Clip(
        BADGE_LINK, 1080, 0.7, on="phone", turn=-3, shake=24, effects=(moved(14, every=2), noise(8))
    ),
    "1080p, dense, paper, steep": Clip(BADGE_LINK, 1080, 0.9, turn=5, tilt=(0.45, 0.2), effects=(noise(7),)),
    "1080p, share, at the edge of sight": Clip(
        SHARE_LINK, 1080, 0.082, at=(0.7, 0.3), turn=-8, effects=(out_of_focus(0.6), noise(6))
    ),
    "720p, dense, paper, low light": Clip(BADGE_LINK, 720, 0.85, turn=3, effects=(dim(0.28, 0.55), noise(9))),
    "720p, signed text, phone, close": Clip(
        SIGNED_TEXT, 720, 0.9, on="phone", turn=1, effects=(out_of_focus(1.0), noise(6))
    ),
    "720p, dense, paper, shadow, blur": Clip(
        BADGE_LINK, 720, 0.9, turn=-10, effects=(out_of_focus(1.6), uneven(90), noise(7))
    ),
    "480p, lean, phone, tilt": Clip(LEAN_LINK, 480, 0.88, on="phone", turn=-7, tilt=(0.18, 0.1), effects=(noise(8),)),
    "480p, share, phone, glare": Clip(
        SHARE_LINK, 480, 0.5, on="phone", turn=25, effects=(glare((0.55, 0.5), 0.13, 235), noise(10))
    ),
}
"""One is not read: under a module of three pixels, as blurred as that, dark, the noise is half of what is left."""

PATIENCE_MILLISECONDS = 15_000
WIFI = "WIFI:T:WPA;S:cafe;P:not-a-badge;;"


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
def launch(playwright: Any) -> Callable[..., Any]:
    """Start browsers with a camera: `launch(clip, *arguments)`; without a clip it shows no code."""

    def start(clip: Path | None, *arguments: str) -> Any:
        shown = [f"--use-file-for-fake-video-capture={clip}"] if clip else []
        asked = [*ARGUMENTS, *(arguments or FAKE_CAMERA), *shown]
        return playwright.chromium.launch(executable_path=str(CHROMIUM), args=asked)

    return start


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Clip], Path]:
    """Write clips to files."""
    folder = tmp_path_factory.mktemp("clips")

    def write(clip: Clip) -> Path:
        file = folder / f"{len(list(folder.iterdir()))}.mjpeg"
        file.write_bytes(clip.mjpeg())
        return file

    return write


@pytest.fixture(scope="module")
def empty(launch: Callable[..., Any]) -> Iterator[Any]:
    """A browser whose two cameras see no code."""
    browser = launch(None, FAKE_CAMERA[0], f"{FAKE_CAMERA[1]}=device-count=2")
    yield browser
    browser.close()


def open_scanner(browser: Any, scanner: str, *, language: str = "ja", size: str = "phone", before: str = "") -> Any:
    """Open the page and the panel; `before` is a script that runs ahead of the page's own."""
    page = browser.new_context(viewport=SIZES[size], locale=language).new_page()
    page.add_init_script(WATCH + before)
    page.goto(f"{scanner}?lang={language}")
    page.click("#open")
    page.wait_for_selector(".scan h2")
    return page


WATCH = """
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.streams = [];
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await ask(wish);
    window.streams.push(stream);
    return stream;
  };
"""
TRACKS = "window.streams.flatMap((stream) => stream.getTracks().map((track) => track.readyState))"


def begin(page: Any) -> None:
    page.get_by_role("button", name=re.compile("カメラを使う|もう一度|Use the camera|Try again")).click()


def look(page: Any) -> None:
    """Begin, and wait until the camera runs."""
    begin(page)
    page.wait_for_selector(".scan-view", state="visible")


def scanned(page: Any) -> tuple[str, int] | None:
    """Let the panel look; return the text that it found and after how many milliseconds, or None."""
    begin(page)
    timeout = package("playwright.sync_api").TimeoutError
    try:
        found = page.wait_for_selector("#found output", timeout=PATIENCE_MILLISECONDS)
    except timeout:
        return None
    return found.text_content(), int(found.get_attribute("data-after"))


def test_eleven_of_twelve_camera_clips_are_read(
    launch: Callable[..., Any], film: Callable[[Clip], Path], scanner: str, capsys: pytest.CaptureFixture
) -> None:
    waits = {}
    for name, clip in CLIPS.items():
        browser = launch(film(clip))
        found = scanned(open_scanner(browser, scanner))
        browser.close()
        waits[name] = found[1] if found and found[0] == clip.text else None

    with capsys.disabled():
        report(waits)
    assert sum(wait is not None for wait in waits.values()) * 12 >= 11 * len(waits)


def report(waits: dict[str, int | None]) -> None:
    """Print the rate, and the milliseconds from the first frame to the text."""
    read = [wait for wait in waits.values() if wait is not None]
    print(
        f"\ncamera clips: {len(read)} of {len(waits)} read, in {median(read)} ms at the median, {max(read)} ms at most"
    )
    for name, wait in waits.items():
        print(f"  {name:<42}{'not read' if wait is None else f'{wait} ms':>10}")


@pytest.fixture(scope="module")
def sharing(launch: Callable[..., Any], film: Callable[[Clip], Path]) -> Iterator[Any]:
    """A browser whose camera sees a share link."""
    browser = launch(film(Clip(SHARE_LINK, 480, 0.5)))
    yield browser
    browser.close()


def test_what_is_scanned_goes_nowhere(sharing: Any, scanner: str) -> None:
    page = sharing.new_page()
    asked: list[Any] = []
    page.context.on("request", lambda one: asked.extend([one]))
    page.goto(scanner)
    page.wait_for_load_state("networkidle")
    before = [one.url for one in asked]
    page.click("#open")
    page.wait_for_selector(".scan h2")
    opened = [one.url for one in asked]
    found = scanned(page)
    page.wait_for_timeout(300)

    assert found
    assert found[0] == SHARE_LINK
    assert not any("/static/app/" in url for url in before)
    assert not any("worker" in url or "wasm" in url for url in opened)
    assert all(url.startswith(scanner.removesuffix("scanner")) for url in (one.url for one in asked))
    assert {one.method for one in asked} == {"GET"}
    secret = SHARE_LINK.partition("#")[2]
    assert not any(secret in f"{one.url} {one.all_headers()} {one.post_data}" for one in asked)
    page.close()


def test_the_camera_is_off_as_soon_as_a_badge_is_found(sharing: Any, scanner: str) -> None:
    page = open_scanner(sharing, scanner)
    scanned(page)

    assert page.evaluate(TRACKS) == ["ended"]
    assert not page.is_visible(".scan-view")


def test_a_browser_that_cannot_hand_frames_over_reads_as_well(sharing: Any, scanner: str) -> None:
    page = open_scanner(sharing, scanner, before="delete window.VideoFrame;")
    found = scanned(page)

    assert found
    assert found[0] == SHARE_LINK


def leave(page: Any) -> None:
    page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { value: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )


def switch_off(page: Any) -> None:
    page.get_by_role("button", name="カメラを切る").click()


def close(page: Any) -> None:
    page.get_by_role("button", name="閉じる").click()


def escape(page: Any) -> None:
    page.keyboard.press("Escape")


@pytest.mark.parametrize("end", [leave, switch_off, close, escape])
def test_the_camera_goes_off(end: Callable[[Any], None], empty: Any, scanner: str) -> None:
    page = open_scanner(empty, scanner)
    look(page)
    running = page.evaluate(TRACKS)
    end(page)

    assert running == ["live"]
    assert page.evaluate(TRACKS) == ["ended"]
    assert page.evaluate("window.timesClosed") == (1 if end in {close, escape} else 0)


def test_a_camera_that_starts_too_late_is_switched_off(empty: Any, scanner: str) -> None:
    page = open_scanner(empty, scanner)
    begin(page)
    escape(page)
    page.wait_for_timeout(1500)

    assert set(page.evaluate(TRACKS)) <= {"ended"}
    assert not page.is_visible(".scan-view")


def test_somebody_with_several_cameras_chooses(empty: Any, scanner: str) -> None:
    page = open_scanner(empty, scanner)
    look(page)
    page.wait_for_selector("#scan-camera")
    first, second = page.eval_on_selector_all("#scan-camera option", "(all) => all.map((one) => one.value)")
    chosen = page.input_value("#scan-camera")
    page.focus("#scan-camera")
    page.select_option("#scan-camera", second if chosen == first else first)
    page.wait_for_selector(".scan-view", state="visible")
    page.wait_for_timeout(500)

    assert page.evaluate(TRACKS) == ["ended", "live"]
    assert page.input_value("#scan-camera") != chosen
    assert page.evaluate("document.activeElement.id") == "scan-camera"


LIGHT = """
  MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
  window.wishes = [];
  MediaStreamTrack.prototype.applyConstraints = async (wish) => { window.wishes.push(wish.advanced[0]); };
"""


def test_a_camera_with_a_light_offers_it(empty: Any, scanner: str) -> None:
    page = open_scanner(empty, scanner, before=LIGHT)
    look(page)
    light = page.get_by_role("button", name="ライト")
    light.click()
    on = light.get_attribute("aria-pressed")
    light.click()

    assert (on, light.get_attribute("aria-pressed")) == ("true", "false")
    assert page.evaluate("window.wishes") == [{"torch": True}, {"torch": False}]


def test_a_code_that_is_no_badge_is_said_to_be_none(
    launch: Callable[..., Any], film: Callable[[Clip], Path], scanner: str
) -> None:
    browser = launch(film(Clip(WIFI, 480, 0.5)))
    page = open_scanner(browser, scanner)
    begin(page)
    page.get_by_text("このコードはバッジではありません").wait_for()
    said = page.inner_text("main")
    address = page.url
    browser.close()

    assert "cafe" not in said
    assert address.startswith(scanner)


def test_somebody_who_finds_nothing_is_told_what_helps(empty: Any, scanner: str) -> None:
    page = open_scanner(empty, scanner, language="en")
    look(page)
    first = page.inner_text(".scan-hint")
    page.wait_for_selector(".scan-hint:has-text('Move closer')", timeout=25_000)

    assert "inside the frame" in first
    assert page.evaluate(TRACKS) == ["live"]


def test_a_reader_who_says_no_is_told_how_to_say_yes(launch: Callable[..., Any], scanner: str) -> None:
    browser = launch(None, "--deny-permission-prompts", FAKE_CAMERA[1])
    page = open_scanner(browser, scanner, language="en")
    begin(page)
    said = page.get_by_role("alert").inner_text()
    focused = page.evaluate("document.activeElement.textContent")
    browser.close()

    assert "may not use the camera" in said
    assert focused == "Try again"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotFoundError", "No camera was found"),
        ("OverconstrainedError", "No camera was found"),
        ("NotReadableError", "another app"),
        ("TypeError", "did not start"),
    ],
)
def test_a_camera_that_does_not_start_is_explained(error: str, words: str, empty: Any, scanner: str) -> None:
    refuse = f"navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('', '{error}'); }};"
    page = open_scanner(empty, scanner, language="en", before=refuse)
    begin(page)

    assert words in page.get_by_role("alert").inner_text()


def test_a_page_without_a_secure_address_says_that_it_may_not(empty: Any, scanner: str) -> None:
    hide = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"
    page = open_scanner(empty, scanner, language="en", before=hide)
    begin(page)

    assert "https" in page.get_by_role("alert").inner_text()


def test_a_decoder_that_does_not_arrive_can_be_fetched_again(sharing: Any, scanner: str) -> None:
    page = open_scanner(sharing, scanner, language="en")
    page.context.route("**/scan-worker.js", lambda route: route.abort())
    begin(page)
    said = page.get_by_role("alert").inner_text()
    off = page.evaluate(TRACKS)
    page.context.unroute("**/scan-worker.js")
    page.get_by_role("button", name="Try again").click()
    found = page.wait_for_selector("#found output").text_content()

    assert "could not be loaded" in said
    assert set(off) <= {"ended"}
    assert found == SHARE_LINK


@pytest.mark.parametrize("reader", [(language, size) for language in ("ja", "en") for size in SIZES], ids="-".join)
def test_no_state_of_the_panel_has_faults(reader: tuple[str, str], desk: Any, scanner: str, faults: Faults) -> None:
    language, size = reader
    page = open_scanner(desk, scanner, language=language, size=size)
    found = {"explaining": seen(page, faults)}
    look(page)
    # A camera that plays a file is alone and has no light.
    page.eval_on_selector_all(".scan-choice, .scan [aria-pressed]", "(all) => all.map((one) => (one.hidden = false))")
    page.wait_for_timeout(1000)
    assert page.is_visible(".scan-view")
    found["looking"] = seen(page, faults)
    leave(page)
    found["paused"] = seen(page, faults)
    page.evaluate(
        """() => {
          navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", "NotAllowedError"); };
        }"""
    )
    begin(page)
    found["failed"] = seen(page, faults)

    assert found == {"explaining": [], "looking": [], "paused": [], "failed": []}


@pytest.fixture(scope="module")
def desk(launch: Callable[..., Any], film: Callable[[Clip], Path]) -> Iterator[Any]:
    """A browser whose camera sees a desk and a code too far away to be read."""
    browser = launch(film(Clip(BADGE_LINK, 720, 0.14, on="phone", turn=4)))
    yield browser
    browser.close()


def seen(page: Any, faults: Faults) -> list[str]:
    """Return the faults of a state, a page that is wider than its window among them."""
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return faults(page) + (["wider than the window"] if wide else [])


def test_the_panel_follows_the_language(empty: Any, scanner: str) -> None:
    page = open_scanner(empty, scanner)
    look(page)
    page.click("a[data-language=en]")

    assert "Hold the whole QR code" in page.inner_text(".scan-hint")
    assert page.evaluate(TRACKS) == ["live"]


def test_the_panel_is_worked_with_the_keyboard_alone(empty: Any, scanner: str) -> None:
    page = open_scanner(empty, scanner, language="en")
    order = []
    page.keyboard.press("Tab")
    order.append(page.evaluate("document.activeElement.textContent"))
    page.keyboard.press("Enter")
    page.wait_for_selector(".scan-view", state="visible")
    order.append(page.evaluate("document.activeElement.textContent"))
    page.keyboard.press("Tab")
    order.append(page.evaluate("document.activeElement.textContent"))
    page.keyboard.press("Enter")

    assert order == ["Use the camera", "Switch the camera off", "Close"]
    assert page.evaluate("document.activeElement.id") == "open"


def photo(height: int, *texts: str, kind: str = "JPEG") -> bytes:
    """Return a photo of codes beside each other on a desk."""
    width = height * 4 // 3
    shot = clips.desk((width, height)).convert("L")
    for number, text in enumerate(texts):
        sheet = clips.sheet_with(text, height // 4, "paper").rotate(7 * number - 4, expand=True, fillcolor=120)
        shot.paste(sheet, (width // 8 + number * width * 3 // 8, height // 4))
    data = io.BytesIO()
    shot.convert("RGB").save(data, kind, quality=85)
    return data.getvalue()


def scan_picture(page: Any, picture: bytes) -> list[str] | str:
    """Return the texts in a picture, or the code of the refusal."""
    return page.evaluate(
        """async (encoded) => {
          const bytes = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0));
          try {
            return await window.scan.scanPicture(new Blob([bytes]));
          } catch (error) {
            return error.code ?? String(error);
          }
        }""",
        base64.b64encode(picture).decode(),
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_of_two_codes_gives_both(kind: str, empty: Any, scanner: str) -> None:
    page = open_scanner(empty, scanner)

    assert sorted(scan_picture(page, photo(1200, SHARE_LINK, WIFI, kind=kind))) == sorted([SHARE_LINK, WIFI])


def test_a_dense_code_in_a_large_photo_is_read(empty: Any, scanner: str) -> None:
    page = open_scanner(empty, scanner)

    assert scan_picture(page, photo(3024, BADGE_LINK)) == [BADGE_LINK]


def test_a_small_code_in_a_large_photo_is_read(empty: Any, scanner: str) -> None:
    page = open_scanner(empty, scanner)
    shot = clips.desk((4032, 3024)).convert("L")
    shot.paste(clips.sheet_with(SHARE_LINK, 130, "paper"), (2900, 2100))

    assert scan_picture(page, clips.jpeg(shot)) == [SHARE_LINK]


def test_a_code_on_transparent_ground_is_read(empty: Any, scanner: str) -> None:
    page = open_scanner(empty, scanner)
    modules = clips.code(SHARE_LINK)
    clear = Image.new("RGBA", modules.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=modules.point(lambda value: 255 - value))
    data = io.BytesIO()
    clear.save(data, "PNG")

    assert scan_picture(page, data.getvalue()) == [SHARE_LINK]


def test_a_picture_without_a_code_gives_nothing(empty: Any, scanner: str) -> None:
    page = open_scanner(empty, scanner)

    assert scan_picture(page, photo(1200)) == []


@pytest.mark.parametrize("junk", [b"", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_picture_is_refused(junk: bytes, empty: Any, scanner: str) -> None:
    page = open_scanner(empty, scanner)

    assert scan_picture(page, junk) == "unreadable-picture"


def test_a_picture_of_too_many_pixels_is_refused(empty: Any, scanner: str) -> None:
    page = open_scanner(empty, scanner)
    data = io.BytesIO()
    Image.new("1", (8000, 7000)).save(data, "PNG")

    assert scan_picture(page, data.getvalue()) == "too-many-pixels"

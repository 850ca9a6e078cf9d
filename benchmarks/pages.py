"""`make pages-bench`: how long people wait for a verdict in the page, on a computer four times slower than this one.

Chromium slows the page's own thread down, and the script below what the scanner's worker takes. The servers run
beside it at full speed. Ends with 1 if a wait is longer than it may be.
"""

import math
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from playwright.sync_api import sync_playwright

from badges.web.app import application
from tests.browser.conftest import ARGUMENTS, CHROMIUM, EXAMPLE, Register, served
from tests.browser.test_camera import BADGE, BADGE_LINK, CLIPS, FAKE_CAMERA
from verifier.app import build
from verifier.settings import VerifierSettings
from verifier.web import MapWeb

SLOWER = 4
MAX_DROP_MILLISECONDS = 300
"""At the median."""
MAX_SCAN_MILLISECONDS = 2_000
"""At the 95th percentile."""

DROPS = 30
SCANS_OF_A_CLIP = 4
QUIET_MILLISECONDS = 3_000
"""Between opening the page and giving it something: people look first."""

VERDICT = "#result:not([hidden]) h1"

WATCH = """(([slower, verdict]) => {
  addEventListener("loadeddata", () => (window.began = performance.now()), { capture: true });
  const look = () => {
    if (!window.began || window.took || !document.querySelector(verdict)) return;
    const { began } = window;
    window.took = -1;
    // When it has been painted, too.
    requestAnimationFrame(() => setTimeout(() => (window.took = performance.now() - began)));
  };
  const changes = { subtree: true, childList: true, attributes: true };
  addEventListener("DOMContentLoaded", () => new MutationObserver(look).observe(document.body, changes));
  window.Worker = class extends Worker {
    postMessage(...given) {
      this.asked = performance.now();
      super.postMessage(...given);
    }
    addEventListener(kind, listener) {
      const late = (event) => setTimeout(() => listener(event), (slower - 1) * (performance.now() - this.asked));
      super.addEventListener(kind, kind === "message" ? late : listener);
    }
  };
})(%s)"""

DROP = """([content, name]) => {
  const data = new DataTransfer();
  data.items.add(new File([content], name));
  window.took = null;
  window.began = performance.now();
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""

TOOK = """() => new Promise((resolve, reject) => {
  const end = performance.now() + 60_000;
  const look = () => {
    if (window.took > 0) resolve(window.took);
    else if (performance.now() > end) reject(new Error("no verdict"));
    else setTimeout(look, 50);
  };
  look();
})"""

Waits = list[float]


@contextmanager
def verifier() -> Iterator[str]:
    """Serve the verifier with the example's register; return its address."""
    names = orjson.loads((EXAMPLE / "pages.json").read_bytes())
    with tempfile.TemporaryDirectory() as folder:

        def make(url: str) -> Any:
            service = build(
                VerifierSettings(public_url=url, data=Path(folder)),
                snapshots=Register(),
                web=MapWeb({page: EXAMPLE / name for page, name in names.items()}),
                clock=lambda: datetime(2026, 11, 24, tzinfo=UTC),
            )
            return application(title="Akashi", routers=service.routers, catalogue=service.catalogue)

        with served(make) as url:
            yield url


def opened(browser: Any, address: str, wait: int = QUIET_MILLISECONDS, slower: int = SLOWER) -> Any:
    """Open the check page in a browser that has never been there, slowed down, and look at it for a while."""
    page = browser.new_context(locale="ja", viewport={"width": 360, "height": 740}).new_page()
    page.add_init_script(WATCH % orjson.dumps([slower, VERDICT]).decode())
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(f"{address}/")
    page.wait_for_timeout(wait)
    return page


def waited(page: Any) -> float:
    """Return the milliseconds until the verdict of a badge that holds was there, painted."""
    took = float(page.evaluate(TOOK))
    if "有効なバッジです" not in page.inner_text(VERDICT):
        raise AssertionError(page.inner_text(VERDICT))
    return took


def dropped(page: Any, name: str) -> float:
    """Let a badge fall on the page; return how long its verdict took."""
    page.evaluate(DROP, [(EXAMPLE / name).read_text().strip(), name])
    return waited(page)


def drops(browser: Any, address: str, name: str, wait: int) -> tuple[Waits, Waits]:
    """Return the waits for a page's first badge, and for its second."""
    cold, warm = [], []
    for _ in range(DROPS):
        page = opened(browser, address, wait)
        cold.append(dropped(page, name))
        page.click("#result .actions button:first-child")
        warm.append(dropped(page, name))
        page.context.close()
    return cold, warm


def works(browser: Any, address: str, name: str) -> Waits:
    """Return the milliseconds that the page's own thread works for its first badge, slowed down by reckoning.

    On a busy machine the waits are everybody's; this is the page's alone.
    """
    found = []
    for _ in range(DROPS // 3):
        page = opened(browser, address, slower=1)
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        before = busy(session)
        dropped(page, name)
        found.append(SLOWER * (busy(session) - before))
        page.context.close()
    return found


def busy(session: Any) -> float:
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"]) * 1000


def scans(playwright: Any, address: str) -> dict[str, Waits]:
    """Return the waits from the camera's first picture to the verdict, by clip."""
    return {
        name: scans_of(playwright, address, clip.mjpeg())
        for name, clip in CLIPS.items()
        if clip.text in {BADGE_LINK, BADGE}
    }


def scans_of(playwright: Any, address: str, clip: bytes) -> Waits:
    with tempfile.NamedTemporaryFile(suffix=".mjpeg") as file:
        file.write(clip)
        file.flush()
        arguments = [*ARGUMENTS, *FAKE_CAMERA, f"--use-file-for-fake-video-capture={file.name}"]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        waits = [scanned(opened(browser, address)) for _ in range(SCANS_OF_A_CLIP)]
        browser.close()
        return waits


def scanned(page: Any) -> float:
    page.click("#scan")
    wait = waited(page)
    page.context.close()
    return wait


def percentile(waits: Waits, share: float) -> float:
    """Return the wait that this share of them is not longer than."""
    return sorted(waits)[max(0, math.ceil(len(waits) * share) - 1)]


def say(what: str, waits: Waits) -> None:
    print(
        f"{what:<58} n={len(waits):<3} median {statistics.median(waits):>6.0f} ms"
        f"   p95 {percentile(waits, 0.95):>6.0f} ms   longest {max(waits):>6.0f} ms"
    )


def main() -> int:
    """Measure, print, and tell by the exit code whether people wait too long."""
    bounded: list[Waits] = []
    with verifier() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        for name in ("badge.jwt", "badge.json"):
            cold, warm = drops(browser, address, name, QUIET_MILLISECONDS)
            say(f"drop to verdict, {name}, first of a new browser", cold)
            say(f"drop to verdict, {name}, second", warm)
            say(f"drop to verdict, {name}, before the page was quiet", drops(browser, address, name, 0)[0])
            say(f"work of the page's thread, {name}, first", works(browser, address, name))
            bounded += [cold, warm]
        browser.close()
        of_clips = scans(playwright, address)
    for name, waits in of_clips.items():
        say(f"first picture to verdict, {name}", waits)
    all_scans = [wait for waits in of_clips.values() for wait in waits]
    say("first picture to verdict, all", all_scans)
    too_long = [waits for waits in bounded if statistics.median(waits) > MAX_DROP_MILLISECONDS]
    return int(bool(too_long) or percentile(all_scans, 0.95) > MAX_SCAN_MILLISECONDS)


if __name__ == "__main__":
    sys.exit(main())

"""A page in one language and at one width, looked at by axe-core, by measure, and by people.

With AKASHI_LOOKS set, pictures go to docs/screenshots, and what a screen reader hears to docs/screen-reader.
"""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from tests.browser.driving import READERS, SIZES

DOCS = Path(__file__).parents[2] / "docs"
KEPT = bool(os.environ.get("AKASHI_LOOKS"))  # noqa: TID251 - whoever renews the pictures says so
LOOKERS = [(language, size) for language in ("ja", "en") for size in SIZES] if KEPT else READERS
"""Pictures are of both languages at both widths; faults show in each once."""
WIDTHS = {"phone": "360", "desk": "1280"}
TALLEST = 3_000
COLOURS = (48, 24)
LARGEST_PICTURE = 120 * 1024
REFLOW = {"width": 320, "height": 640}
"""To read at 400 %, a desk's window of 1280 pixels is this narrow (WCAG 2.2, 1.4.10)."""

SPACED = """spaced => {
  const { style } = document.documentElement;
  style.letterSpacing = spaced ? "0.12em" : "";
  style.wordSpacing = spaced ? "0.16em" : "";
}"""
TOO_WIDE = """() => {
  const { clientWidth, scrollWidth } = document.documentElement;
  return scrollWidth > clientWidth ? [`wider than ${clientWidth} pixels: ${scrollWidth}`] : [];
}"""
NO_WORDS = r"""() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { textContent, parentElement } = walker.currentNode;
    if (parentElement.closest("script, noscript, code, textarea")) continue;
    if (/\b(page|site|finding)\.[a-z-]+\.|\{\w+\}|undefined|\[object/.test(textContent)) found.push(textContent);
  }
  return found.map((text) => `no words: ${text}`);
}"""


@dataclass
class Look:
    """Looks at a page; what it finds, by state, is in `found`."""

    page: Any
    language: str
    size: str
    faults: Callable[[Any], list[str]]
    found: dict[str, list[str]] = field(default_factory=dict)

    def at(self, state: str, *, of: str = "", heard: bool = False) -> None:
        """Look at a state: what is wrong, and, if they are wanted, a picture (of a part of it) and what is heard."""
        page = self.page
        page.evaluate("document.fonts.ready")
        found = [*self.faults(page), *page.evaluate(TOO_WIDE), *page.evaluate(NO_WORDS), *self.narrow()]
        if found:
            self.found[state] = found
        if KEPT:
            self.keep(state, of=of)
        if KEPT and heard and self.size == "phone":
            self.listen(state)

    def narrow(self) -> list[str]:
        """Return what does not fit a window as narrow as that of somebody who reads at 400 %, with spaced letters."""
        page = self.page
        page.set_viewport_size(REFLOW)
        page.evaluate(SPACED, arg=True)
        found = page.evaluate(TOO_WIDE)
        page.evaluate(SPACED, arg=False)
        page.set_viewport_size(SIZES[self.size])
        return found

    def keep(self, state: str, *, of: str) -> None:
        """Write the picture, small."""
        page = self.page
        if of:
            png = page.locator(of).first.screenshot()
        else:
            height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
            clip = {"x": 0, "y": 0, "width": SIZES[self.size]["width"], "height": height}
            png = page.screenshot(full_page=True, clip=clip)
        file = DOCS / f"screenshots/{state}-{self.language}-{WIDTHS[self.size]}.png"
        with Image.open(io.BytesIO(png)) as picture:
            for colours in COLOURS:
                small = picture.convert("RGB").quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
                small.save(file, optimize=True)
                if file.stat().st_size <= LARGEST_PICTURE:
                    break
        assert file.stat().st_size <= LARGEST_PICTURE, file.name

    def listen(self, state: str) -> None:
        """Write what a screen reader hears, in its order."""
        words = self.page.locator("main").aria_snapshot()
        (DOCS / f"screen-reader/{state}-{self.language}.txt").write_text(f"{words}\n")


def looker(browser: Any, faults: Callable[[Any], list[str]], reader: tuple[str, str], **options: Any) -> Look:
    """Return a look at an empty page of a browser that speaks a language, on a phone or on a desk."""
    language, size = reader
    if size == "phone":
        options = {"has_touch": True, "is_mobile": True, **options}
    context = browser.new_context(viewport=SIZES[size], locale=language, accept_downloads=True, **options)
    page = context.new_page()
    page.set_default_timeout(15_000)
    return Look(page, language, size, faults)

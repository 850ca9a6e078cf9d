"""What people do in a browser, in a few words."""

from pathlib import Path
from typing import Any

SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}
READERS = [("ja", "phone"), ("en", "desk")]
"""Both languages and both sizes, each once."""


def drop(page: Any, content: bytes, name: str) -> str:
    """Choose a file on the check page; return what the result says."""
    page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    return result(page)


def make_link(page: Any) -> str:
    """Press the button of My badges that makes a link, and return the link that comes of it."""
    page.locator("#share-result").evaluate("node => node.replaceChildren()")
    page.click("#share-make")
    page.wait_for_selector("#share-result textarea")
    return page.input_value("#share-result textarea")


def let_fall(page: Any, content: bytes, name: str, place: str = "body") -> bool:
    """Let a file fall on a place; return whether the page took it, so that the browser does not leave for the file."""
    return page.eval_on_selector(
        place,
        """(target, [content, name]) => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(content)], name));
          const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
          return !target.dispatchEvent(drop);
        }""",
        [list(content), name],
    )


def paste(page: Any, text: str) -> None:
    """Paste a text into the check page and have it checked."""
    page.fill("#text", text)
    page.click("#paste button")


def result(page: Any) -> str:
    """Wait for a result; return what it says."""
    page.wait_for_selector("#result h1, #result h2", state="visible")
    return page.inner_text("main")


def language(page: Any) -> str:
    """Return the language that a page speaks."""
    return page.get_attribute("html", "lang")


def switch(page: Any) -> None:
    """Switch to the other language."""
    before = language(page)
    page.click("a[data-language]:not([aria-current])")
    page.wait_for_function("before => document.documentElement.lang !== before", arg=before)


def saved(page: Any, selector: str) -> bytes:
    """Press a button that saves a file; return the file."""
    with page.expect_download() as download:
        page.click(selector)
    return Path(download.value.path()).read_bytes()


class Held:
    """Requests that stay unanswered until they are let go: `page.route(pattern, held)`."""

    def __init__(self) -> None:
        self.routes: list[Any] = []

    def __call__(self, route: Any) -> None:
        self.routes.append(route)

    def let_go(self) -> None:
        """Answer all of them."""
        for route in self.routes:
            route.continue_()


def in_view(page: Any, selector: str) -> bool:
    """Tell whether a whole element can be seen without scrolling."""
    box = page.locator(selector).bounding_box()
    height = page.viewport_size["height"]
    return box is not None and box["y"] >= 0 and box["y"] + min(box["height"], height) <= height


def sheets(page: Any) -> int:
    """Print a page on A4; return how many sheets that takes."""
    return page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n")

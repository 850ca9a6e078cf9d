"""What the pages weigh: the JavaScript that a browser fetches to check a badge, in gzip."""

import gzip
from typing import Any

import pytest

from tests.browser.conftest import EXAMPLE, Visit
from tests.browser.driving import drop

pytestmark = pytest.mark.browser

MAX_BYTES = 40 * 1024
ON_DEMAND = ("data-integrity", "scan", "paper", "pdf", "png", "svg", "badge-link", "share", "certificate")
"""Parts that a badge signed as a text does not need: JSON-LD, the scanner, paper, pictures, links."""


class Scripts:
    """The scripts that a page fetches, by their paths."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}

    def watch(self, page: Any) -> None:
        """Begin before the page is opened."""
        page.on("response", self.take)

    def take(self, answer: Any) -> None:
        """Remember an answer if it is a script."""
        if answer.request.resource_type == "script":
            self.answers[answer.url.partition("/static/")[2]] = answer

    def weights(self) -> dict[str, int]:
        """Return the bytes of each, packed as small as gzip can."""
        return {path: len(gzip.compress(answer.body(), 9)) for path, answer in self.answers.items()}


def test_checking_a_signed_text_takes_at_most_40_kib_of_javascript(
    visit: Visit, address: str, capsys: pytest.CaptureFixture
) -> None:
    scripts = Scripts()
    page = visit(f"{address}/", before=scripts.watch)

    said = drop(page, (EXAMPLE / "badge.jwt").read_bytes(), "badge.jwt")

    weights = scripts.weights()
    with capsys.disabled():
        print(f"\nJavaScript to check a VC-JWT: {sum(weights.values()):,} bytes in {len(weights)} parts")
    assert "有効なバッジです" in said
    assert [path for path in weights if path.removeprefix("app/parts/").startswith(ON_DEMAND)] == []
    assert 20_000 < sum(weights.values()) <= MAX_BYTES


def test_what_reads_an_embedded_proof_comes_with_the_first_one(
    visit: Visit, address: str, capsys: pytest.CaptureFixture
) -> None:
    scripts = Scripts()
    page = visit(f"{address}/", before=scripts.watch)
    drop(page, (EXAMPLE / "badge.jwt").read_bytes(), "badge.jwt")
    before = set(scripts.answers)

    page.click("#result .actions button:first-child")
    said = drop(page, (EXAMPLE / "badge.json").read_bytes(), "badge.json")

    more = {path: size for path, size in scripts.weights().items() if path not in before}
    with capsys.disabled():
        print(f"\nmore of it to check an embedded proof: {sum(more.values()):,} bytes")
    assert "有効なバッジです" in said
    assert any("data-integrity" in path for path in more)
    assert sum(more.values()) < MAX_BYTES / 2


def test_built_parts_are_kept_and_packed(visit: Visit, address: str) -> None:
    scripts = Scripts()
    page = visit(f"{address}/", before=scripts.watch)
    drop(page, (EXAMPLE / "badge.jwt").read_bytes(), "badge.jwt")

    headers = {path: answer.all_headers() for path, answer in scripts.answers.items()}
    assert {one["content-encoding"] for one in headers.values()} == {"gzip"}
    kept = {path for path, one in headers.items() if "immutable" in one["cache-control"]}
    assert kept == {path for path in headers if path.startswith("app/parts/")}

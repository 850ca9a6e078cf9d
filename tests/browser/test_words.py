"""A page without scripts says of a report what a page with scripts says: the same word, in the same tone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from badges.accreditation import Standing
from badges.formats import qr
from badges.web.catalogue import Catalogue, load
from tests.browser.conftest import EXAMPLE, Faults, Visit
from tests.browser.driving import READERS, drop
from verifier.report import Check, Finding, Outcome, Report
from verifier.words import is_badge, tone_of, word_of

pytestmark = pytest.mark.browser

KEYS = load("badges.web", "verifier").keys()
CODES = sorted({key.split(".")[-1] for key in KEYS if key.startswith("finding.")})
WITHOUT_SENTENCES = Catalogue({"ja": {"finding.other": ""}, "en": {"finding.other": ""}})
SAY = """async (all) => {
  const { wordOf, toneOf, isBadge } = await import("/static/verdict.js");
  return all.map(([report, saysBadge]) => {
    const word = wordOf(report, saysBadge);
    return [word, toneOf(word), isBadge(word)];
  });
}"""
SEND = """([content, name]) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", enctype: "multipart/form-data" });
  form.action = `/check?lang=${document.documentElement.lang}`;
  const file = Object.assign(document.createElement("input"), { type: "file", name: "file" });
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(content)], name));
  file.files = data.files;
  form.append(file);
  document.body.append(form);
  form.submit();
}"""


def report(*wrong: Finding, standing: Standing = Standing.ACCREDITED, number: int | None = 12) -> Report:
    """Return a report in which everything is well, but for these findings."""
    other = {one.check: one for one in wrong}
    findings = tuple(other.get(check, Finding(check, Outcome.PASSED, "well")) for check in Check)
    now = datetime(2026, 11, 24, tzinfo=UTC)
    return Report(findings, standing, standing, checked_at=now, snapshot_number=number)


def reports() -> Iterator[Report]:
    for check in Check:
        for code in CODES:
            yield from (report(Finding(check, outcome, code)) for outcome in Outcome)
    for standing in Standing:
        yield from (report(standing=standing, number=number) for number in (None, 12))
    for first in ("revoked", "suspended", "status-unreachable"):
        yield report(Finding(Check.VALIDITY, Outcome.FAILED, "expired"), Finding(Check.STATUS, Outcome.FAILED, first))


def test_python_and_the_page_have_the_same_word_and_tone_for_every_finding(visit: Visit, address: str) -> None:
    page = visit(f"{address}/")
    cases = [(one, says) for one in reports() for says in (True, False)]

    said = page.evaluate(SAY, [[one.to_json("en", WITHOUT_SENTENCES), says] for one, says in cases])

    words = [word_of(one, says_badge=says) for one, says in cases]
    assert said == [[word, tone_of(word), is_badge(word)] for word in words]
    assert {f"page.verdict.{word}" for word in words} <= KEYS
    assert len(set(words)) >= 14


@pytest.fixture(params=READERS, ids="-".join)
def page(visit: Visit, address: str, request: pytest.FixtureRequest) -> Any:
    spoken, size = request.param
    return visit(f"{address}/", language=spoken, size=size)


@pytest.mark.parametrize("name", ["badge.jwt", "revoked.jwt", "badge.svg", "did.json", "photo.png"])
def test_the_servers_page_has_the_headline_of_the_checking_page_and_no_faults(page, faults: Faults, name: str) -> None:
    data = qr.draw_png("hello") if name == "photo.png" else (EXAMPLE / name).read_bytes()
    drop(page, data, name)
    headline, tone = page.inner_text("#result h1"), page.get_attribute(".report", "class")

    with page.expect_navigation():
        page.evaluate(SEND, [list(data), name])

    assert page.inner_text("main h1") == headline
    assert page.get_attribute(".report", "class") == tone
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert faults(page) == []

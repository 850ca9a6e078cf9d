"""The page and the server find the same: every vector, attack and case of the demonstration, through both.

Everything that a report says is compared: verdict, standing, each finding with its parameters and its place, what is
shown of the credential in both languages, the register, the addresses asked, the status lists and the time. They differ
in this alone:

- `checkedBy` says who made the check.
- `fromThisServer` is the server's: to a page no document comes from itself.
- `needsServer` is the page's: it offers to ask the server where that may know more, and otherwise finds the same.
"""

import base64
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from badges.accreditation import read_snapshot
from badges.credential import Mechanism
from keys.date_time_stamp import stamp
from tests.browser.conftest import Visit
from tests.browser.living import Living
from tests.fakes.web import FakeWeb
from tests.vectors.test_1edtech_validator import pages_for
from tests.verifier import test_verify as ends
from tests.verifier.making import LIST_URL, credential, entry, pages, signed, signer_of, status_list
from tests.verifier.making import NOW as MADE_AT
from verifier.lists import StatusLists
from verifier.report import Report
from verifier.trust import Trust
from verifier.verify import check_report
from verifier.web import read_page

pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 23, tzinfo=UTC)
Found = dict[str, Any]
OF_THE_PAGE = {"checkedBy", "needsServer"}

CHECK_ALL = """async ({ now, registry, cases }) => {
  const { check } = await import("/static/app/core.js");
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const reports = [];
  for (const { data, pages } of cases) {
    const served = new Map(Object.entries(pages).map(([url, page]) => [url, bytes(page)]));
    reports.push(await check(bytes(data), { now: new Date(now), registry, pages: served }));
  }
  return reports;
}"""


@dataclass(frozen=True)
class Case:
    """A file, and the pages that stand for the web while it is checked."""

    name: str
    data: bytes
    pages: Mapping[str, Path | bytes] = field(default_factory=dict)


@pytest.fixture(scope="module")
def page(browser: Any, address: str) -> Iterator[Any]:
    """One page of the verifier, for all of it."""
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(f"{address}/")
    yield opened
    context.close()


def by_page(page: Any, cases: list[Case], now: datetime, registry: str | None) -> list[Found]:
    """What the page finds in each case."""
    sent = [{"data": text(case.data), "pages": dict(served(case.pages))} for case in cases]
    return list(page.evaluate(CHECK_ALL, {"now": stamp(now), "registry": registry, "cases": sent}))


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def served(pages: Mapping[str, Path | bytes]) -> Iterator[tuple[str, str]]:
    for url, page in pages.items():
        yield url, text(page if isinstance(page, bytes) else read_page(page))


def by_python(case: Case, now: datetime, trust: Trust) -> Found:
    """What Python finds, in the page's words."""
    report = check_report(case.data, now=now, web=FakeWeb(case.pages), trust=trust, lists=StatusLists())
    credential = report.credential and {language: report.credential.to_json(language) for language in ("ja", "en")}
    return {
        "verdict": report.verdict,
        "standing": {"atIssue": report.at_issue, "now": report.standing_now},
        "findings": findings(report),
        "credential": credential,
        "registry": {"number": report.snapshot_number, "of": report.registry or None},
        "fetched": list(report.fetched),
        "statusLists": [{"url": url, "validFrom": stamp(start)} for url, start in report.status_lists],
        "checkedAt": stamp(report.checked_at),
    }


def findings(report: Report) -> list[Found]:
    return [
        {"check": one.check, "outcome": one.outcome, "code": one.code, "params": dict(one.params), "at": one.at}
        for one in report.findings
    ]


@dataclass(frozen=True)
class Comparison:
    """Where page and Python differ, and what the page leaves to the server, by the names of the cases."""

    differing: dict[str, Any]
    asking: set[str]


def compare(cases: list[Case], page: Any, now: datetime = NOW, registry: str | None = None) -> Comparison:
    """Check every case twice, and print how often each verdict came out."""
    trust = Trust(read_snapshot(registry, None) if registry else None)
    found = by_page(page, cases, now, registry)
    differing = {}
    for case, one in zip(cases, found, strict=True):
        here = {name: value for name, value in one.items() if name not in OF_THE_PAGE}
        there = orjson.loads(orjson.dumps(by_python(case, now, trust)))
        if apart := {
            name: (here.get(name), there.get(name)) for name in {*here, *there} if here.get(name) != there.get(name)
        }:
            differing[case.name] = apart
    comparison = Comparison(
        differing, {case.name for case, one in zip(cases, found, strict=True) if one["needsServer"]}
    )
    tell(found, comparison)
    return comparison


def tell(found: list[Found], comparison: Comparison) -> None:
    counts = ", ".join(
        f"{count} {verdict}" for verdict, count in sorted(Counter(one["verdict"] for one in found).items())
    )
    shown = sum(one["credential"] is not None for one in found)
    listed = sum(bool(one["statusLists"]) for one in found)
    print(
        f"\n{len(found)} checked by page and Python: {counts}; {shown} shown, {listed} with a status list;"
        f" {len(comparison.differing)} differ; {len(comparison.asking)} ask for the server"
    )


@cache
def vectors(shared: Path) -> tuple[Case, ...]:
    folder = shared / "vectors/1edtech-validator/ob30"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(
        Case(f"{path.relative_to(folder)} {where}", data, pages_for(data, folder) if where == "with pages" else {})
        for path in files
        for data in [path.read_bytes()]
        for where in ("with pages", "alone")
    )


def test_every_badge_of_the_1edtech_validator_ends_the_same(page: Any, shared: Path) -> None:
    cases = list(vectors(shared))

    compared = compare(cases, page)

    assert compared.differing == {}
    assert len(cases) == 2 * 46
    assert compared.asking == {one.name for one in cases if python_leaves_open(one)}


def python_leaves_open(case: Case) -> bool:
    """Tell whether the proof is of a format that we do not know."""
    found = by_python(case, NOW, Trust())["findings"]
    return any(one["code"] == "unsupported-proof" for one in found)


def test_what_the_page_leaves_to_the_server_it_sends_only_when_somebody_agrees(
    visit: Visit, address: str, shared: Path
) -> None:
    cases = [one for one in vectors(shared) if one.name.endswith(" alone") and python_leaves_open(one)]
    sent: list[str] = []
    page = visit(f"{address}/")
    page.on("request", lambda one: sent.append(one.url) if one.method != "GET" else None)

    for case in cases:
        page.set_input_files("#file", {"name": "badge", "mimeType": "", "buffer": case.data})
        page.wait_for_selector("#consent h1", state="visible")
        page.click("#consent button.second")
        page.click("#result .actions button:first-child")

    assert len(cases) == 7
    assert sent == []


def test_every_attack_ends_the_same(page: Any, shared: Path) -> None:
    folder = shared / "vectors/ob-attack"
    listed = orjson.loads((folder / "manifest.json").read_bytes())["vectors"]
    cases = [
        Case(
            vector["id"],
            (folder / vector["file"]).read_bytes(),
            {url: folder / name for url, name in (vector.get("aux") or {}).items()},
        )
        for vector in listed
    ]

    compared = compare(cases, page)

    assert compared.differing == {}
    assert len(cases) == 130
    assert compared.asking == set()


def test_every_file_of_the_demonstration_ends_the_same(page: Any, akashi: Living) -> None:
    folder = akashi.data / "demo"
    names = orjson.loads((folder / "manifest.json").read_bytes())
    pages = {url: folder / name for url, name in orjson.loads((folder / "pages.json").read_bytes()).items()}
    cases = [Case(name, (folder / name).read_bytes(), pages) for name in names]
    now = datetime.now(UTC)  # noqa: TID251 - the demonstration is as of today

    compared = compare(cases, page, now, (folder / "registry.jws").read_text().strip())

    assert compared.differing == {}
    assert len(cases) > 60
    assert compared.asking == set()


def given_to(test: Any) -> list[Any]:
    """What a parametrized test of Python's verifier is given."""
    [values] = [mark.args[1] for mark in test.pytestmark if mark.name == "parametrize"]
    return list(values)


def bad_lists(mechanism: Mechanism) -> Iterator[Case]:
    for number, (page, _) in enumerate(given_to(ends.test_a_list_that_does_not_hold_never_shows_a_badge_good)):
        data = signed(credential(credentialStatus=entry()), mechanism=mechanism)
        yield Case(f"list {number} {mechanism}", data, pages() | ({LIST_URL: page} if page else {}))


def bad_entries() -> Iterator[Case]:
    for number, (one, _) in enumerate(given_to(ends.test_an_entry_that_does_not_hold_never_shows_a_badge_good)):
        yield Case(f"entry {number}", signed(credential(credentialStatus=one)), pages() | {LIST_URL: status_list(7)})


def strange_keys() -> Iterator[Case]:
    for key_id, _ in given_to(ends.test_a_key_id_of_another_kind_is_said_to_be_one):
        yield Case(f"key {key_id}", signed(credential(), signer_of(1, key_id)), pages())


def key_sets(mechanism: Mechanism) -> Iterator[Case]:
    published = given_to(ends.test_a_key_that_the_issuers_site_does_not_have_is_not_the_issuers)
    for number, (page, _) in enumerate(published):
        yield Case(f"key set {number} {mechanism}", ends.key_in_fragment(mechanism), {ends.KEY_SET: page})


def dates(mechanism: Mechanism) -> Iterator[Case]:
    for number, (changes, _, _) in enumerate(given_to(ends.test_a_badge_is_valid_between_its_dates_both_included)):
        yield Case(f"date {number} {mechanism}", signed(credential(**changes), mechanism=mechanism), pages())


def forms() -> Iterator[Case]:
    for number, (claims, _) in enumerate(given_to(ends.test_a_badge_without_the_types_of_the_standard_is_none)):
        yield Case(f"form {number}", signed(claims), pages())
    for number, (data, _) in enumerate(given_to(ends.test_a_badge_of_the_older_data_model_has_one_reading)):
        yield Case(f"older {number}", data, pages())


def ends_of_badges() -> Iterator[Case]:
    """A badge for every end that the tests of Python's verifier know."""
    for mechanism in Mechanism:
        yield from bad_lists(mechanism)
        yield from key_sets(mechanism)
        yield from dates(mechanism)
    yield from strange_keys()
    yield from bad_entries()
    yield from forms()


def test_every_end_that_a_badge_can_come_to_is_the_same(page: Any) -> None:
    cases = list(ends_of_badges())

    compared = compare(cases, page, MADE_AT)

    assert compared.differing == {}
    assert compared.asking == set()
    assert len(cases) > 60

"""The attack vectors: each ends as its manifest says, for the reason its name tells, without a needless request."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.attacks.expected import EXPECTED
from tests.fakes.web import FakeWeb
from verifier.lists import StatusLists
from verifier.report import Outcome, Report, exit_code
from verifier.trust import Trust
from verifier.verify import check_report

pytestmark = pytest.mark.vectors

NOW = datetime(2026, 11, 23, tzinfo=UTC)
MAX_SECONDS = 2.0
MAX_CPU_SECONDS = 1.0

# The vector is about a list that does not answer: asking for it once is how that is found out.
MAY_ASK = {"st-044-unreachable": {"https://status.example/lists/1"}}

Vector = dict[str, Any]


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "vectors/ob-attack"


@pytest.fixture(scope="module")
def manifest(folder: Path) -> dict[str, Vector]:
    vectors: list[Vector] = orjson.loads((folder / "manifest.json").read_bytes())["vectors"]
    return {vector["id"]: vector for vector in vectors}


def web_of(vector: Vector, folder: Path) -> FakeWeb:
    return FakeWeb({url: folder / name for url, name in (vector.get("aux") or {}).items()})


def run(data: bytes, web: FakeWeb) -> Report:
    return check_report(data, now=NOW, web=web, trust=Trust(), lists=StatusLists())


def reason(report: Report) -> str:
    """The first finding that keeps the badge from being verified, as `check/code`; "" when there is none."""
    decisive = {Outcome.FAILED: 0, Outcome.UNKNOWN: 1}
    bad = [finding for finding in report.findings if finding.outcome in decisive and finding.code != "not-checked"]
    first = min(bad, key=lambda finding: decisive[finding.outcome])
    return f"{first.check}/{first.code}"


def test_every_vector_of_the_manifest_is_expected_here(manifest: dict[str, Vector]) -> None:
    assert set(EXPECTED) | {"qr-strings"} == set(manifest)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_attack_ends_as_its_manifest_says(name: str, folder: Path, manifest: dict[str, Vector]) -> None:
    vector = manifest[name]
    data, web = (folder / vector["file"]).read_bytes(), web_of(vector, folder)

    clock, cpu = time.monotonic(), time.process_time()
    report = run(data, web)
    seconds, cpu_seconds = time.monotonic() - clock, time.process_time() - cpu

    if vector["expect"] == "valid":
        assert exit_code(report) in {0, 4}
    elif vector["expect"] == "invalid":
        assert exit_code(report) in {1, 2, 3}
    if EXPECTED[name]:
        assert reason(report) == EXPECTED[name]
    assert set(web.asked) <= set(vector.get("aux") or {}) | MAY_ASK.get(name, set())
    assert cpu_seconds < MAX_CPU_SECONDS
    assert seconds < MAX_SECONDS


@pytest.mark.parametrize("spread", [str, "  {}\n".format, "see {}".format])
def test_nothing_that_a_scanned_string_names_is_fetched(spread: Any, folder: Path) -> None:
    strings: list[str] = orjson.loads((folder / "qr-strings.json").read_bytes())

    for text in strings:
        web = FakeWeb()
        report = run(spread(text).encode("utf-8", "surrogatepass"), web)

        assert exit_code(report) in {1, 3}
        assert all(url.startswith("https://") for url in web.asked)

"""What findings add up to, and how a report is written."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import verifier
from badges.accreditation import Standing
from badges.web.catalogue import load
from verifier.report import DECISIVE, Check, Finding, Outcome, Report, Verdict, exit_code, failed, passed

CATALOGUE = load("badges.web", "verifier")
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def report(findings: tuple[Finding, ...], at_issue: Standing = Standing.UNKNOWN) -> Report:
    return Report(findings, at_issue, Standing.UNKNOWN, NOW)


ALL_PASSED = tuple(passed(check, "x") for check in Check)
OUTCOMES = st.lists(st.sampled_from(Outcome), min_size=len(Check), max_size=len(Check))


@given(OUTCOMES, st.sampled_from(Standing))
def test_a_report_with_a_failed_finding_is_never_verified(outcomes: list[Outcome], standing: Standing) -> None:
    made = report(tuple(Finding(*pair, "x") for pair in zip(Check, outcomes, strict=True)), standing)

    if Outcome.FAILED in outcomes:
        assert made.verdict is Verdict.NOT_VERIFIED
        assert exit_code(made) == 1
    elif Outcome.UNKNOWN in outcomes[: len(DECISIVE)]:
        assert made.verdict is Verdict.INCONCLUSIVE
        assert exit_code(made) == 3
    else:
        assert made.verdict is Verdict.VERIFIED
        assert exit_code(made) == (0 if standing is Standing.ACCREDITED else 4)


@given(st.sets(st.sampled_from(Check)))
def test_a_report_that_lacks_a_decisive_check_is_never_verified(left_out: set[Check]) -> None:
    made = report(tuple(finding for finding in ALL_PASSED if finding.check not in left_out))

    assert (made.verdict is Verdict.VERIFIED) is left_out.isdisjoint(DECISIVE)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_code_without_a_text_of_its_own_is_named(language: str) -> None:
    texts = {Finding(check, Outcome.FAILED, "new-code").text(language, CATALOGUE) for check in Check}

    assert all("new-code" in text for text in texts)


def test_a_finding_is_written_with_its_place_if_it_has_one() -> None:
    finding = failed(Check.FORM, "schema", at="/name", count="2")

    assert finding.to_json("en", CATALOGUE) == {
        "check": "form",
        "outcome": "failed",
        "code": "schema",
        "text": "2 part(s) do not fit the Open Badges 3.0 schema.",
        "at": "/name",
    }
    assert "at" not in passed(Check.FORM, "well-formed").to_json("en", CATALOGUE)


def test_every_code_in_our_sources_has_its_text() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in Path(verifier.__file__).parent.glob("*.py"))
    found = {
        f"finding.{check.lower()}.{code}"
        for check, code in re.findall(r'(?:failed|passed|warning|unknown)\(\s*Check\.(\w+),\s*"([a-z0-9-]+)"', source)
    }
    for error, check in (("IntakeError", "form"), ("QrError", "form"), ("ListError", "status"), ("KeyError", "proof")):
        found |= {f"finding.{check}.{code}" for code in re.findall(rf'{error}\(\s*"([a-z-]+)"', source)}

    assert len(found) > 50
    shared = {"finding.status.not-checked"}  # its text is that of every check
    assert {key for key in found - shared if key not in CATALOGUE} == set()

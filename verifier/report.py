"""What a verification says: one finding for each check, and what they add up to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Protocol

from badges.accreditation import Standing
from badges.web.catalogue import Catalogue
from badges.web.language import Language
from keys.date_time_stamp import stamp


class Check(StrEnum):
    """What is checked, in the order of checking. A report has one finding for each."""

    FORM = "form"
    PROOF = "proof"
    BINDING = "binding"
    VALIDITY = "validity"
    STATUS = "status"
    TRUST = "trust"
    HOLDER = "holder"
    ENDORSEMENT = "endorsement"


DECISIVE = (Check.FORM, Check.PROOF, Check.BINDING, Check.VALIDITY, Check.STATUS)
"""Without an answer to each of these, nothing is verified."""


class Outcome(StrEnum):
    """What a check came to. `UNKNOWN` is what we could not find out: neither a failure nor a success."""

    PASSED = "passed"
    FAILED = "failed"
    WARNING = "warning"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """The outcome of one check, and why.

    `code` is stable: its texts are `finding.<check>.<code>` of the catalogue, `finding.<code>` where it means the same
    in every check, or `finding.<check>.other`, which gives the code. Parameters fill the texts and never hold what the
    badge says in its free texts. `at` is a JSON Pointer into the credential, or "".
    """

    check: Check
    outcome: Outcome
    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    at: str = ""

    def text(self, language: Language, catalogue: Catalogue) -> str:
        """Return the sentence that explains the finding."""
        keys = (f"finding.{self.check}.{self.code}", f"finding.{self.code}", f"finding.{self.check}.other")
        known = next((key for key in keys if key in catalogue), "finding.other")
        return catalogue.text(language, known, **{"code": self.code, **self.params})

    def to_json(self, language: Language, catalogue: Catalogue) -> dict[str, object]:
        """Return the finding as the report shows it."""
        document: dict[str, object] = {
            "check": self.check,
            "outcome": self.outcome,
            "code": self.code,
            "text": self.text(language, catalogue),
        }
        return document | ({"at": self.at} if self.at else {})


@lru_cache(maxsize=256)
def passed(check: Check, code: str) -> Finding:
    """Return the finding of a check that went well; most checks of most badges do, so it is made once."""
    return Finding(check, Outcome.PASSED, code)


def failed(check: Check, code: str, /, *, at: str = "", **params: str) -> Finding:
    """Return the finding of a check that the credential does not stand."""
    return Finding(check, Outcome.FAILED, code, params, at)


def warning(check: Check, code: str, /, *, at: str = "", **params: str) -> Finding:
    """Return the finding of a check that went well, with something that a reader should know."""
    return Finding(check, Outcome.WARNING, code, params, at)


def unknown(check: Check, code: str, /, *, at: str = "", **params: str) -> Finding:
    """Return the finding of a check that could not be made."""
    return Finding(check, Outcome.UNKNOWN, code, params, at)


NOT_MADE: Final = MappingProxyType({check: unknown(check, "not-checked") for check in Check})
"""The findings of checks that were not made."""


class Verdict(StrEnum):
    """Whether the credential is authentic, timely and well formed. Says nothing about who the issuer is."""

    VERIFIED = "verified"
    NOT_VERIFIED = "not-verified"
    INCONCLUSIVE = "inconclusive"


class Shown(Protocol):
    """What a person is shown of a credential whose proof verified."""

    def to_json(self, language: Language) -> dict[str, object]:
        """Return it in the reader's language."""
        ...


@dataclass(frozen=True)
class Report:
    """Everything that one verification found out.

    Attributes:
        findings: One for each check, in the order of `Check`.
        at_issue: What the registry says of the issuer for this achievement and level, on the day of issue.
        standing_now: The same, as of now.
        checked_at: The time that counted as now.
        credential: What a person is shown; None unless the proof verified.
        registry: The registry's address; "" when none was given. `snapshot_number` is that of its document.
        fetched: Every URL that was asked for, in order; `own` are those of them that this server answered itself.
        status_lists: The lists among them that tell whether the credential is revoked, each with its `validFrom`.
    """

    findings: tuple[Finding, ...]
    at_issue: Standing
    standing_now: Standing
    checked_at: datetime
    credential: Shown | None = None
    registry: str = ""
    snapshot_number: int | None = None
    fetched: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    status_lists: tuple[tuple[str, datetime], ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Return what the findings add up to."""
        outcomes = {finding.check: finding.outcome for finding in self.findings}
        if Outcome.FAILED in outcomes.values():
            return Verdict.NOT_VERIFIED
        if any(outcomes.get(check, Outcome.UNKNOWN) is Outcome.UNKNOWN for check in DECISIVE):
            return Verdict.INCONCLUSIVE
        return Verdict.VERIFIED

    def to_json(self, language: Language, catalogue: Catalogue) -> dict[str, object]:
        """Return the report as programs and pages read it."""
        return {
            "verdict": self.verdict,
            "standing": {"atIssue": self.at_issue, "now": self.standing_now},
            "findings": [finding.to_json(language, catalogue) for finding in self.findings],
            "credential": self.credential.to_json(language) if self.credential else None,
            "registry": {"number": self.snapshot_number, "of": self.registry or None},
            "fetched": list(self.fetched),
            "fromThisServer": list(self.own),
            "statusLists": [{"url": url, "validFrom": stamp(start)} for url, start in self.status_lists],
            "checkedAt": stamp(self.checked_at),
            "checkedBy": "server",
        }


def exit_code(report: Report) -> int:
    """Return how `akashi verify` ends: 0 verified and accredited at issue, 4 verified, 1 not, 3 inconclusive."""
    match report.verdict:
        case Verdict.NOT_VERIFIED:
            return 1
        case Verdict.INCONCLUSIVE:
            return 3
        case Verdict.VERIFIED:
            return 0 if report.at_issue is Standing.ACCREDITED else 4

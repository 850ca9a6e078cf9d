"""Verification records (docs/record.md): read one, and tell what has changed since."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from badges import strict_json
from badges.accreditation import Standing
from badges.errors import BadgeError
from badges.presentation import Holder
from verifier.reading import moment
from verifier.report import Check, Finding, Outcome, Report, Verdict
from verifier.requirement_json import Requirement, RequirementError, parse_requirement

TYPE = "AkashiVerificationRecord"
VERSION = 1
MAX_BYTES = 8 * 1_048_576
MAX_BADGES = 100


class RecordError(Exception):
    """A file that is no verification record: the place as a JSON Pointer, and a stable code."""

    def __init__(self, pointer: str, code: str) -> None:
        super().__init__(f"{code} at {pointer or 'the top'}")
        self.pointer = pointer
        self.code = code


@dataclass(frozen=True)
class RecordedBadge:
    """One badge in a record: its text, and all that was found. `holder` is a `Holder`, or "own"."""

    text: str
    verdict: Verdict
    at_issue: Standing
    now: Standing
    holder: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Record:
    """What was checked, by what, and what was found.

    Attributes:
        verifier: The address of the verifier: for whom a presentation was made.
        registry_number: Of the snapshot that was trusted; None without one.
        presentation: As it came; "" without one. `share` is the id of the share that it came in, or None.
        requirement: What was asked, and whether it was met; None where nothing was.
    """

    checked_at: datetime
    checked_by: str
    verifier: str
    registry_number: int | None
    presentation: str
    share: str | None
    badges: tuple[RecordedBadge, ...]
    requirement: tuple[Requirement, bool] | None


@dataclass(frozen=True)
class Change:
    """Something that is no longer as it was recorded: a check, "verdict", "at issue" or "now"; before and after."""

    what: str
    before: str
    after: str


def changes(recorded: RecordedBadge, report: Report) -> Iterator[Change]:
    """Yield what a report says otherwise than the record."""
    found = {finding.check: finding for finding in report.findings}
    before = {finding.check: finding for finding in recorded.findings}
    pairs = [
        ("verdict", recorded.verdict, report.verdict),
        ("at issue", recorded.at_issue, report.at_issue),
        ("now", recorded.now, report.standing_now),
        *((check, told(before.get(check)), told(found.get(check))) for check in Check),
    ]
    yield from (Change(what, first, second) for what, first, second in pairs if first != second)


def told(finding: Finding | None) -> str:
    """Return an outcome with its code."""
    return f"{finding.outcome} ({finding.code})" if finding else "not made"


def parse_record(data: bytes) -> Record:
    """Return the record in a file.

    Raises:
        RecordError: It is none.
    """
    try:
        record = strict_json.parse_object(data, max_bytes=MAX_BYTES)
    except BadgeError as error:
        raise RecordError(error.pointer, error.code) from error
    if record.get("type") != TYPE or record.get("version") != VERSION:
        raise RecordError("", "not-a-record")
    badges = record.get("badges")
    if not isinstance(badges, list) or not 0 < len(badges) <= MAX_BADGES:
        raise RecordError("/badges", "not-badges")
    share = record.get("share")
    return Record(
        checked_at=time_of(record, "checkedAt"),
        checked_by=text_of(record, "checkedBy"),
        verifier=text_of(record, "verifier"),
        registry_number=registry_number(record.get("registry")),
        presentation="" if record.get("presentation") is None else text_of(record, "presentation"),
        share=None if share is None else text_of(record, "share"),
        badges=tuple(parse_badge(badge, f"/badges/{index}") for index, badge in enumerate(badges)),
        requirement=parse_asked(record.get("requirement")),
    )


def parse_badge(value: object, at: str) -> RecordedBadge:
    """Return one badge of a record."""
    badge = object_of(value, at)
    standing, findings = object_of(badge.get("standing"), f"{at}/standing"), badge.get("findings")
    if not isinstance(findings, list):
        raise RecordError(f"{at}/findings", "not-findings")
    holder = text_of(badge, "holder", at)
    if holder not in {*Holder, "own"}:
        raise RecordError(f"{at}/holder", "unknown-word")
    try:
        return RecordedBadge(
            text=text_of(badge, "text", at),
            verdict=Verdict(text_of(badge, "verdict", at)),
            at_issue=Standing(text_of(standing, "atIssue", f"{at}/standing")),
            now=Standing(text_of(standing, "now", f"{at}/standing")),
            holder=holder,
            findings=tuple(parse_finding(one, f"{at}/findings/{index}") for index, one in enumerate(findings)),
        )
    except ValueError as error:
        raise RecordError(at, "unknown-word") from error


def parse_finding(value: object, at: str) -> Finding:
    """Return one finding; ValueError for words that there are not."""
    finding = object_of(value, at)
    check, outcome = Check(text_of(finding, "check", at)), Outcome(text_of(finding, "outcome", at))
    return Finding(check, outcome, text_of(finding, "code", at))


def parse_asked(value: object) -> tuple[Requirement, bool] | None:
    """Return what was asked of the badges, and whether they met it."""
    if value is None:
        return None
    asked = object_of(value, "/requirement")
    met = object_of(asked.get("result"), "/requirement/result").get("met")
    if not isinstance(met, bool):
        raise RecordError("/requirement/result/met", "unknown-word")
    try:
        return parse_requirement(asked.get("rule")), met
    except RequirementError as error:
        raise RecordError(f"/requirement/rule{error.pointer}", error.code) from error


def registry_number(value: object) -> int | None:
    """Return the number of the registry's snapshot."""
    number = object_of(value, "/registry").get("number")
    if number is None or (isinstance(number, int) and not isinstance(number, bool)):
        return number
    raise RecordError("/registry/number", "not-a-number")


def object_of(value: object, at: str) -> Mapping[str, object]:
    """Return what must be an object."""
    if isinstance(value, dict):
        return value
    raise RecordError(at, "not-an-object")


def text_of(value: Mapping[str, object], name: str, at: str = "") -> str:
    """Return a member that must be a text."""
    found = value.get(name)
    if isinstance(found, str):
        return found
    raise RecordError(f"{at}/{name}", "not-a-text")


def time_of(record: Mapping[str, object], name: str) -> datetime:
    """Return a member that must be a time."""
    found = moment(record.get(name))
    if found is None:
        raise RecordError(f"/{name}", "not-a-time")
    return found

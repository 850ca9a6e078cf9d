"""`akashi verify --record`: a verification record repeated, and what has changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from akashi.problems import UsageError
from badges.errors import BadgeError
from badges.presentation import Holder, read_presentation
from badges.web.catalogue import Catalogue
from badges.web.language import Language
from keys.date_time_stamp import stamp
from verifier.lists import StatusLists
from verifier.record import Change, Record, RecordedBadge, RecordError, changes, parse_record
from verifier.report import Finding, Report
from verifier.requirement_json import Requirement
from verifier.requirements import check_requirement, seen
from verifier.trust import Trust
from verifier.verify import verify
from verifier.web import Web

Speech = tuple[Language, Catalogue]


@dataclass(frozen=True)
class Given:
    """What a record is repeated with; `again` tells whether also as of the recorded time."""

    now: datetime
    web: Web
    trust: Trust
    again: bool


@dataclass(frozen=True)
class Repeated:
    """One badge of a record, and what its reports say: now, and as of then where that could be looked at."""

    recorded: RecordedBadge
    holder: str
    now: Report
    then: Report | None

    @property
    def changed(self) -> list[Change]:
        """What is otherwise now."""
        return list(changes(self.recorded, self.now))

    @property
    def differs(self) -> list[Change] | None:
        """What is otherwise as of the recorded time; None where that was not looked at."""
        found = None if self.then is None else list(changes(self.recorded, self.then))
        if found is None or self.holder == self.recorded.holder:
            return found
        return [*found, Change("holder", self.recorded.holder, self.holder)]


def read_record(path: Path, data: bytes) -> Record:
    """Return the record in a file.

    Raises:
        UsageError: It is none.
    """
    try:
        return parse_record(data)
    except RecordError as error:
        raise UsageError(f"{path} is no verification record: {error}", "give the JSON file, not the PDF") from error


def repeat(record: Record, given: Given) -> list[Repeated]:
    """Verify every badge of a record again, and its presentation as of the recorded time."""
    holders = holders_of(record)
    number = given.trust.snapshot.number if given.trust.snapshot else None
    # With another register the same time would tell another story.
    again = given.again and number == record.registry_number
    return [
        Repeated(
            badge,
            # A record's own word proves nothing: only the presentation in it does.
            holders.get(badge.text, Holder.BEARER if badge.holder == Holder.BEARER else Holder.NOT_PROVEN),
            verified(badge, given, given.now),
            verified(badge, given, record.checked_at) if again else None,
        )
        for badge in record.badges
    ]


def verified(badge: RecordedBadge, given: Given, at: datetime) -> Report:
    """Return the report on a badge as of a time; lists that were newer then must not count as seen."""
    return verify(badge.text, now=at, web=given.web, trust=given.trust, lists=StatusLists())


def holders_of(record: Record) -> dict[str, str]:
    """Return whose keys the presentation shows, by the badges' texts; nothing where it cannot be read."""
    if not record.presentation:
        return {}
    try:
        read = read_presentation(
            record.presentation, now=record.checked_at, audience=record.verifier, nonce=record.share
        )
    except BadgeError:
        return {}
    return {badge.text: badge.holder for badge in read.badges}


def show_repeated(record: Record, repeated: Sequence[Repeated], given: Given, speech: Speech) -> None:
    """Print what is the same and what has changed, in words."""
    number = record.registry_number
    print(f"record of {stamp(record.checked_at)}, made by {record.checked_by} at {record.verifier}, register {number}")
    if given.again and all(one.then is None for one in repeated):
        at_hand = given.trust.snapshot.number if given.trust.snapshot else None
        print(f"as of then: not repeated, because the register at hand is {at_hand}")
    for index, one in enumerate(repeated, 1):
        show_badge(index, one, speech)
    if record.requirement:
        asked, before = record.requirement
        print(f"requirement: {met_word(met=before)}; today: {met_word(met=met_today(asked, repeated, given))}")


def show_badge(index: int, one: Repeated, speech: Speech) -> None:
    """Print one badge: as recorded, and below it what is otherwise."""
    was = one.recorded
    print(f"badge {index}: recorded: {was.verdict}; at issue: {was.at_issue}; now: {was.now}; holder: {was.holder}")
    for when, report, found in (("as of then", one.then, one.differs), ("today", one.now, one.changed)):
        if report is None or found is None:
            continue
        print(f"  {when}: {'changed' if found else 'the same'}")
        for change in found:
            print(f"    {change.what:12}{change.before} -> {change.after}{explained(change, report, speech)}")


def explained(change: Change, report: Report, speech: Speech) -> str:
    """Return the sentence on a finding that has changed; "" for a verdict or a standing."""
    finding: Finding | None = next((one for one in report.findings if one.check == change.what), None)
    return f": {finding.text(*speech)}" if finding else ""


def met_today(asked: Requirement, repeated: Sequence[Repeated], given: Given) -> bool:
    """Tell whether the badges meet the recorded requirement today."""
    badges = [seen(one.now, held=one.holder in {Holder.PROVEN, "own"}) for one in repeated]
    return check_requirement(asked, badges, given.now).met


def met_word(*, met: bool) -> str:
    """Return a word."""
    return "met" if met else "not met"


def print_json(record: Record, repeated: Sequence[Repeated], given: Given, speech: Speech) -> None:
    """Print each badge as a line of JSON, and a last one for the requirement if there was one."""
    for index, one in enumerate(repeated, 1):
        line = {
            "badge": index,
            "recorded": {
                "verdict": one.recorded.verdict,
                "standing": {"atIssue": one.recorded.at_issue, "now": one.recorded.now},
                "holder": one.recorded.holder,
            },
            "holder": one.holder,
            "changedThen": None if one.differs is None else [vars(change) for change in one.differs],
            "changedToday": [vars(change) for change in one.changed],
            "today": one.now.to_json(*speech),
        }
        print(orjson.dumps(line).decode())
    if record.requirement:
        asked, before = record.requirement
        line = {"requirement": {"recorded": before, "today": met_today(asked, repeated, given)}}
        print(orjson.dumps(line).decode())

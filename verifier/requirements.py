"""An employer's requirement against badges that were verified: met or not, line by line, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from badges.accreditation import Standing
from badges.alignments import Skill
from schemas.frameworks import Level, UnknownNameError, compare, framework, parse_level
from verifier.reading import member, moment, objects, text
from verifier.report import Report, Verdict
from verifier.requirement_json import LAYERS, AreaOf, Condition, Policy, Requirement

Shown = Mapping[str, object]


class Reason(StrEnum):
    """Why a badge does not meet a condition, in the order of checking."""

    NOT_VERIFIED = "not-verified"
    NOT_CHECKED = "not-checked"
    NOT_ACCREDITED = "not-accredited"
    OTHER_SKILL = "other-skill"
    OTHER_AREA = "other-area"
    NO_LEVEL = "no-level"
    OTHER_SCALE = "other-scale"
    LEVEL_TOO_LOW = "level-too-low"
    OTHER_LAYER = "other-layer"
    TOO_OLD = "too-old"
    NO_DATE = "no-date"


@dataclass(frozen=True)
class SeenBadge:
    """What a requirement looks at in a badge: what was found out, what a person is shown, whether its key was shown.

    Attributes:
        shown: The shape of `verifier.shown.ShownCredential`; None where no proof vouches for it.
        held: Whether the presenter was shown to hold the badge's key.
    """

    verdict: Verdict
    at_issue: Standing
    now: Standing
    shown: Shown | None
    held: bool = False


def seen(report: Report, *, held: bool = False) -> SeenBadge:
    """Return what a requirement looks at in a report."""
    shown = report.credential.to_json("ja") if report.credential else None
    return SeenBadge(report.verdict, report.at_issue, report.standing_now, shown, held)


@dataclass(frozen=True)
class Nearest:
    """The badge that comes nearest to a condition, by number, and what it lacks."""

    badge: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Line:
    """A condition, the badges that meet it (by number, those with a proven holder first), else the nearest."""

    condition: Condition
    badges: tuple[int, ...]
    nearest: Nearest | None

    @property
    def met(self) -> bool:
        """Tell whether a badge meets it."""
        return bool(self.badges)


@dataclass(frozen=True)
class RequirementResult:
    """The lines of each alternative."""

    alternatives: tuple[tuple[Line, ...], ...]

    @property
    def met(self) -> bool:
        """Tell whether all lines of any alternative are met."""
        return any(all(line.met for line in lines) for lines in self.alternatives)


def check_requirement(requirement: Requirement, badges: Sequence[SeenBadge], now: datetime) -> RequirementResult:
    """Return whether badges meet a requirement, line by line."""
    return RequirementResult(
        tuple(
            tuple(check_line(condition, requirement.policy, badges, now) for condition in conditions)
            for conditions in requirement.alternatives
        )
    )


def check_line(condition: Condition, policy: Policy, badges: Sequence[SeenBadge], now: datetime) -> Line:
    """Return which badges meet a condition, or which comes nearest."""
    tried = [tuple(reasons_against(condition, policy, badge, now)) for badge in badges]
    meeting = [number for number, reasons in enumerate(tried) if not reasons]
    if meeting:
        return Line(condition, tuple(sorted(meeting, key=lambda number: not badges[number].held)), None)
    near = [
        Nearest(number, reasons)
        for number, reasons in enumerate(tried)
        if badges[number].shown is not None and is_near(condition, reasons)
    ]
    return Line(condition, (), min(near, key=lambda one: len(one.reasons), default=None))


def is_near(condition: Condition, reasons: Sequence[Reason]) -> bool:
    """Tell whether a badge is about what was asked, so that it helps to say what it lacks."""
    if condition.skill or condition.area:
        return Reason.OTHER_SKILL not in reasons and Reason.OTHER_AREA not in reasons
    return (Reason.NO_LEVEL if condition.layer is None else Reason.OTHER_LAYER) not in reasons


def reasons_against(condition: Condition, policy: Policy, badge: SeenBadge, now: datetime) -> Iterator[Reason]:
    """Yield why a badge does not meet a condition."""
    shown = badge.shown or {}
    found = (
        against_verdict(badge),
        against_policy(policy, badge),
        against_skill(condition.skill, shown),
        against_area(condition.area, shown),
        against_level(condition.level, shown),
        against_layer(condition.layer, shown),
        against_age(condition.newer_than, shown, now),
    )
    yield from (reason for reason in found if reason is not None)


def against_verdict(badge: SeenBadge) -> Reason | None:
    """Only verified badges count."""
    if badge.verdict is Verdict.VERIFIED:
        return None
    return Reason.NOT_VERIFIED if badge.verdict is Verdict.NOT_VERIFIED else Reason.NOT_CHECKED


def against_policy(policy: Policy, badge: SeenBadge) -> Reason | None:
    """Return a reason where the provider's standing is not as asked."""
    if policy is Policy.ANY:
        return None
    standing = badge.now if policy is Policy.NOW else badge.at_issue
    return None if standing is Standing.ACCREDITED else Reason.NOT_ACCREDITED


def known_skills(shown: Shown) -> list[Skill]:
    """Return the items whose text comes from our copy of the standard."""
    listed = [one for one in objects(shown.get("skills")) if one.get("known") is True]
    return [Skill(text(one.get("framework")), text(one.get("item"))) for one in listed]


def against_skill(skill: Skill | None, shown: Shown) -> Reason | None:
    """Return a reason where the badge is about other items."""
    return Reason.OTHER_SKILL if skill and skill not in known_skills(shown) else None


def against_area(area: AreaOf | None, shown: Shown) -> Reason | None:
    """Return a reason where none of the badge's items is of the area."""
    if area is None:
        return None
    of_framework = [skill.item for skill in known_skills(shown) if skill.framework == area.framework]
    inside = any(framework(area.framework).item(item).area == area.area for item in of_framework)
    return None if inside else Reason.OTHER_AREA


def against_level(asked: Level | None, shown: Shown) -> Reason | None:
    """Compare on one scale of one framework; levels of another say nothing about it."""
    if asked is None:
        return None
    levels = list(known_levels(shown))
    if not levels:
        return Reason.NO_LEVEL
    same = [one for one in levels if (one.framework, one.scheme) == (asked.framework, asked.scheme)]
    if not same:
        return Reason.OTHER_SCALE
    return None if any(compare(one, asked) >= 0 for one in same) else Reason.LEVEL_TOO_LOW


def known_levels(shown: Shown) -> Iterator[Level]:
    """Yield the levels of a badge that stand on a scale that we know."""
    for one in objects(shown.get("levels")):
        if one.get("known") is True:
            try:
                yield parse_level(text(one.get("code")))
            except UnknownNameError:
                continue


def against_layer(layer: int | None, shown: Shown) -> Reason | None:
    """Return a reason where the badge is for something of another layer."""
    kind = text(member(shown.get("achievement"), "type"))
    return Reason.OTHER_LAYER if layer is not None and kind not in LAYERS[layer] else None


def against_age(newer_than: timedelta | date | None, shown: Shown, now: datetime) -> Reason | None:
    """Return a reason where the badge is older than asked."""
    if newer_than is None:
        return None
    written = text(shown.get("validFrom"))
    issued = moment(written)
    if issued is None:
        return Reason.NO_DATE
    if isinstance(newer_than, timedelta):
        return None if issued >= now - newer_than else Reason.TOO_OLD
    # The day as the issuer wrote it, whatever the reader's time zone.
    return None if date.fromisoformat(written[:10]) >= newer_than else Reason.TOO_OLD

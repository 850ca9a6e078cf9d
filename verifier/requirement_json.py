"""An employer's requirement: its words, and how it stands in a file. The format is told in docs/requirement.md."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from badges.alignments import Skill
from badges.errors import escape
from schemas.frameworks import FRAMEWORKS, Level, UnknownNameError, level_name

LAYERS: Final[Mapping[int, tuple[str, ...]]] = MappingProxyType(
    {1: ("CertificateOfCompletion", "Course"), 2: ("LearningProgram",), 3: ("Fieldwork",)}
)
"""The platform's layers, by what a badge says that it is for: courses, practice on cases, work in a company."""

MAX_ENTRIES = 50
MAX_DAYS = 36_525  # a hundred years
MAX_TEXT = 300
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
RULE = ("id", "ja", "en", "any_of", "issuer_policy", "newer_than")
CONDITION = ("skill", "area", "dss_l_areas", "min_level", "layer", "newer_than")


class RequirementError(Exception):
    """A requirement that is not well made: the place as a JSON Pointer, and a stable code."""

    def __init__(self, pointer: str, code: str) -> None:
        super().__init__(f"{code} at {pointer or 'the top'}")
        self.pointer = pointer
        self.code = code


class Policy(StrEnum):
    """Which providers' badges count."""

    AT_ISSUE = "accredited at issue time"
    NOW = "accredited now"
    ANY = "any"


@dataclass(frozen=True)
class AreaOf:
    """An area of a skill standard: the framework's key, and the area's id."""

    framework: str
    area: str


@dataclass(frozen=True)
class Condition:
    """What one badge must be, all of it at once; None asks nothing. `newer_than`: within a time, or since a day."""

    skill: Skill | None = None
    area: AreaOf | None = None
    level: Level | None = None
    layer: int | None = None
    newer_than: timedelta | date | None = None


@dataclass(frozen=True)
class Requirement:
    """Any of the alternatives will do; of an alternative all conditions must be met, each by a badge."""

    id: str
    ja: str
    en: str
    alternatives: tuple[tuple[Condition, ...], ...]
    policy: Policy


def parse_requirements(value: object) -> list[Requirement]:
    """Return the requirements in a JSON value: one rule, a list of them, or an object with `employer_rules`.

    Raises:
        RequirementError: The first thing that is not as docs/requirement.md has it.
    """
    if isinstance(value, list):
        return rules(value, "")
    if isinstance(value, Mapping) and "employer_rules" in value:
        return rules(value["employer_rules"], "/employer_rules")
    return [parse_requirement(value)]


def rules(value: object, at: str) -> list[Requirement]:
    """Return the requirements in a list."""
    return [parse_requirement(rule, f"{at}/{index}") for index, rule in enumerate(entries(value, at))]


def parse_requirement(value: object, at: str = "") -> Requirement:
    """Return one requirement.

    Raises:
        RequirementError: It is not as docs/requirement.md has it.
    """
    rule = known(value, RULE, at)
    newer = parse_newer_than(rule.get("newer_than"), f"{at}/newer_than") if "newer_than" in rule else None
    return Requirement(
        id=optional_text(rule, "id", at),
        ja=optional_text(rule, "ja", at),
        en=optional_text(rule, "en", at),
        alternatives=tuple(
            parse_alternative(one, newer, f"{at}/any_of/{index}")
            for index, one in enumerate(member_entries(rule, "any_of", at))
        ),
        policy=parse_policy(rule["issuer_policy"], f"{at}/issuer_policy")
        if "issuer_policy" in rule
        else Policy.AT_ISSUE,
    )


def parse_alternative(value: object, newer: timedelta | date | None, at: str) -> tuple[Condition, ...]:
    """Return the conditions of which all must be met."""
    listed = member_entries(known(value, ("all_of",), at), "all_of", at)
    return tuple(
        condition
        for index, one in enumerate(listed)
        for condition in parse_condition(one, newer, f"{at}/all_of/{index}")
    )


def parse_condition(value: object, newer: timedelta | date | None, at: str) -> list[Condition]:
    """Return the condition; those of several areas where it lists areas, each of which is to be met."""
    asked = known(value, CONDITION, at)
    subjects = [name for name in ("skill", "area", "dss_l_areas") if name in asked]
    if len(subjects) > 1:
        raise RequirementError(f"{at}/{subjects[1]}", "two-subjects")
    if not subjects and "min_level" not in asked and "layer" not in asked:
        raise RequirementError(at, "nothing-asked")
    condition = Condition(
        skill=parse_skill(asked["skill"], f"{at}/skill") if "skill" in asked else None,
        area=parse_area(asked["area"], f"{at}/area") if "area" in asked else None,
        level=parse_level(asked["min_level"], f"{at}/min_level") if "min_level" in asked else None,
        layer=parse_layer(asked["layer"], f"{at}/layer") if "layer" in asked else None,
        newer_than=parse_newer_than(asked["newer_than"], f"{at}/newer_than") if "newer_than" in asked else newer,
    )
    if "dss_l_areas" not in asked:
        return [condition]
    places = [(f"{at}/dss_l_areas/{index}", one) for index, one in enumerate(member_entries(asked, "dss_l_areas", at))]
    return [replace(condition, area=parse_area(f"dssl1-{text(one, place)}", place)) for place, one in places]


def parse_skill(value: object, at: str) -> Skill:
    """Return the item, whose id is that of one framework alone."""
    item = text(value, at)
    for standard in FRAMEWORKS.values():
        if any(one.id == item for one in standard.items):
            return Skill(standard.key, item)
    raise RequirementError(at, "unknown-skill")


def parse_area(value: object, at: str) -> AreaOf:
    """Return the area, whose id is that of one framework alone."""
    area = text(value, at)
    for standard in FRAMEWORKS.values():
        if any(one.id == area for one in standard.areas):
            return AreaOf(standard.key, area)
    raise RequirementError(at, "unknown-area")


def parse_level(value: object, at: str) -> Level:
    """Return the level; a bare number is one of the demonstration's scale."""
    bare = isinstance(value, int | float) and not isinstance(value, bool)
    level = Level("itss/3", "demo-itss", str(value)) if bare else whole_level(value, at)
    try:
        level_name(level)
    except UnknownNameError as error:
        raise RequirementError(at, "unknown-level") from error
    return level


def whole_level(value: object, at: str) -> Level:
    """Return the level that an object spells out."""
    level = known(value, ("framework", "scheme", "value"), at)
    return Level(*(text(level.get(name), f"{at}/{name}") for name in ("framework", "scheme", "value")))


def parse_layer(value: object, at: str) -> int:
    """Return the number of a layer."""
    if isinstance(value, int) and is_number(value) and value in LAYERS:
        return value
    raise RequirementError(at, "unknown-layer")


def parse_newer_than(value: object, at: str) -> timedelta | date:
    """Return how new a badge must be."""
    given = known(value, ("days", "date"), at)
    if len(given) != 1:
        raise RequirementError(at, "days-or-date")
    if "days" in given:
        days = given["days"]
        if isinstance(days, int) and is_number(days) and 1 <= days <= MAX_DAYS:
            return timedelta(days=days)
        raise RequirementError(f"{at}/days", "bad-days")
    try:
        if isinstance(given["date"], str) and DAY.fullmatch(given["date"]):
            return date.fromisoformat(given["date"])
    except ValueError:
        pass
    raise RequirementError(f"{at}/date", "bad-date")


def parse_policy(value: object, at: str) -> Policy:
    """Return which providers' badges count."""
    found = next((one for one in Policy if one == value), None)
    if found is None:
        raise RequirementError(at, "unknown-policy")
    return found


def is_number(value: object) -> bool:
    """Tell whether a JSON value is a whole number; Python takes `true` for one."""
    return isinstance(value, int) and not isinstance(value, bool)


def known(value: object, members: Sequence[str], at: str) -> Mapping[str, object]:
    """Return an object that has no other members than these."""
    if not isinstance(value, Mapping):
        raise RequirementError(at, "not-an-object")
    for name in value:
        if name not in members:
            raise RequirementError(f"{at}/{escape(name)}", "unknown-member")
    return value


def member_entries(value: Mapping[str, object], name: str, at: str) -> list[object]:
    """Return the entries of a member that is a list, which must be there."""
    if name not in value:
        raise RequirementError(f"{at}/{name}", "missing")
    return entries(value[name], f"{at}/{name}")


def entries(value: object, at: str) -> list[object]:
    """Return the entries of a list that is neither empty nor too long to read."""
    if not isinstance(value, list):
        raise RequirementError(at, "not-a-list")
    if not 0 < len(value) <= MAX_ENTRIES:
        raise RequirementError(at, "bad-length")
    return value


def optional_text(rule: Mapping[str, object], name: str, at: str) -> str:
    """Return a text that may be missing, as ""."""
    return text(rule[name], f"{at}/{name}") if name in rule else ""


def text(value: object, at: str) -> str:
    """Return a text of a length that can be shown."""
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise RequirementError(at, "not-a-text")
    return value

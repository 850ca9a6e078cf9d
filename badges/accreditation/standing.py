"""How an issuer stands: accredited for this achievement at that moment, registered, or unknown."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from badges.accreditation.register import RegisteredProvider, Scope, Snapshot, Standing, StandingResult, objects
from schemas.frameworks import FRAMEWORKS, Level, UnknownNameError, compare, parse_level

LEVEL = "CFRubricCriterionLevel"
ITEM_URL = re.compile(r"/frameworks/(?P<framework>[^/?#]+/[^/?#]+)/items/(?P<item>[^/?#]+)$")


def standing(
    snapshot: Snapshot,
    issuer_did: str,
    achievement: Mapping[str, object],
    result: Sequence[Mapping[str, object]],
    *,
    key_id: str | None,
    at: datetime,
) -> StandingResult:
    """Return how the issuer stands for this achievement and result at that moment.

    Args:
        snapshot: What the registry says.
        issuer_did: Whose credential it is.
        achievement: As it stands in the credential.
        result: As it stands in the credential; an achieved level counts as claimed.
        key_id: The verification method that signed; None leaves the key out of it.
        at: The day of issue, or now.

    Returns:
        A reason of "accredited", "not-in-register", "key-not-registered", "key-not-valid", "suspended",
        "not-accredited", "out-of-scope", "level-too-high".
    """
    provider = snapshot.providers.get(issuer_did)
    if provider is None:
        return StandingResult(Standing.UNKNOWN, "not-in-register")
    reason = _key_reason(provider, key_id, at) or _reason(provider, claimed_skills(achievement, result), at)
    return StandingResult(Standing.REGISTERED if reason else Standing.ACCREDITED, reason or "accredited")


@dataclass(frozen=True)
class Skills:
    """What an achievement and its results claim: items by framework, levels, and whether something was unreadable."""

    items: frozenset[tuple[str, str]]
    levels: frozenset[Level]
    unreadable: bool


def claimed_skills(achievement: Mapping[str, object], result: Sequence[Mapping[str, object]]) -> Skills:
    """Return the items and levels that the alignments name, the achieved levels' included."""
    alignments = objects(achievement.get("alignment"))
    achieved = {one.get("achievedLevel") for one in result}
    for description in objects(achievement.get("resultDescription")):
        for level in objects(description.get("rubricCriterionLevel")):
            alignments += objects(level.get("alignment")) if level.get("id") in achieved else []
    for one in result:
        alignments += objects(one.get("alignment"))
    found = [_skill(alignment) for alignment in alignments]
    items = frozenset(skill for skill in found if isinstance(skill, tuple))
    levels = frozenset(skill for skill in found if isinstance(skill, Level))
    return Skills(items, levels, unreadable=None in found)


def _skill(alignment: Mapping[str, object]) -> tuple[str, str] | Level | None:
    try:
        if alignment.get("targetType") == LEVEL:
            return parse_level(str(alignment.get("targetCode")))
        address = ITEM_URL.search(str(alignment.get("targetUrl")))
        if address is None:
            return None
        FRAMEWORKS[address["framework"]].item(address["item"])
    except (UnknownNameError, KeyError):
        return None
    return address["framework"], address["item"]


def _key_reason(provider: RegisteredProvider, key_id: str | None, at: datetime) -> str:
    if key_id is None:
        return ""
    key = provider.keys.get(key_id)
    if key is None:
        return "key-not-registered"
    return "" if key.revoked is None and key.window.contains(at) else "key-not-valid"


def _reason(provider: RegisteredProvider, skills: Skills, at: datetime) -> str:
    if any(window.contains(at) for window in provider.suspensions):
        return "suspended"
    scopes = [scope for given in provider.accreditations if given.window.contains(at) for scope in given.scopes]
    if not scopes:
        return "not-accredited"
    covered = all(any(_covers_item(scope, item) for scope in scopes) for item in skills.items)
    if skills.unreadable or not skills.items or not covered:
        return "out-of-scope"
    if not all(any(_covers_level(scope, level) for scope in scopes) for level in skills.levels):
        return "level-too-high"
    return ""


def _covers_item(scope: Scope, item: tuple[str, str]) -> bool:
    framework, item_id = item
    if scope.framework != framework:
        return False
    if scope.areas is None and scope.items is None:
        return True
    return item_id in (scope.items or ()) or FRAMEWORKS[framework].item(item_id).area in (scope.areas or ())


def _covers_level(scope: Scope, level: Level) -> bool:
    if scope.framework != level.framework or scope.scheme != level.scheme or scope.highest is None:
        return False
    return compare(level, Level(scope.framework, scope.scheme, scope.highest)) <= 0

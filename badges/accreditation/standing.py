"""How an issuer stands: accredited for this achievement at that moment, registered, or unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from badges import alignments
from badges.accreditation.register import RegisteredProvider, Scope, Snapshot, Standing, StandingResult, objects
from badges.alignments import Skill
from schemas.frameworks import Level, compare, framework


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
    skills = claimed_skills(achievement, result, snapshot.registry)
    reason = _key_reason(provider, key_id, at) or _reason(provider, skills, at)
    return StandingResult(Standing.REGISTERED if reason else Standing.ACCREDITED, reason or "accredited")


@dataclass(frozen=True)
class Skills:
    """What an achievement and its results claim: items, levels, and whether something was unreadable."""

    items: frozenset[Skill]
    levels: frozenset[Level]
    unreadable: bool


def claimed_skills(achievement: Mapping[str, object], result: Sequence[Mapping[str, object]], registry: str) -> Skills:
    """Return the items and levels that the alignments name, the achieved levels' included."""
    claimed = objects(achievement.get("alignment"))
    for one in result:
        claimed += objects(one.get("alignment"))
    steps = [
        step
        for description in objects(achievement.get("resultDescription"))
        for step in objects(description.get("rubricCriterionLevel"))
    ]
    dangling = False
    for achieved in (one["achievedLevel"] for one in result if "achievedLevel" in one):
        reached = [step for step in steps if isinstance(achieved, str) and step.get("id") == achieved]
        claimed += [alignment for step in reached for alignment in objects(step.get("alignment"))]
        dangling = dangling or not reached
    found = [alignments.read(alignment, registry) for alignment in claimed]
    items = frozenset(skill for skill in found if isinstance(skill, Skill))
    levels = frozenset(skill for skill in found if isinstance(skill, Level))
    return Skills(items, levels, unreadable=dangling or None in found)


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
    return "" if all(_covers_level(scopes, level, skills.items) for level in skills.levels) else "level-too-high"


def _covers_item(scope: Scope, skill: Skill) -> bool:
    if scope.framework != skill.framework:
        return False
    if scope.areas is None and scope.items is None:
        return True
    return skill.item in (scope.items or ()) or framework(skill.framework).item(skill.item).area in (scope.areas or ())


def _covers_level(scopes: Sequence[Scope], level: Level, skills: frozenset[Skill]) -> bool:
    """Return whether the level is covered for each item of its framework by one scope, not by two halves."""
    reaching = [scope for scope in scopes if _reaches(scope, level)]
    of_framework = [skill for skill in skills if skill.framework == level.framework]
    return bool(reaching) and all(any(_covers_item(scope, skill) for scope in reaching) for skill in of_framework)


def _reaches(scope: Scope, level: Level) -> bool:
    if scope.framework != level.framework or scope.scheme != level.scheme or scope.highest is None:
        return False
    return compare(level, Level(scope.framework, scope.scheme, scope.highest)) <= 0

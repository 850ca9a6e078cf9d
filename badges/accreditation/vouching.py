"""An accreditation is itself an Open Badge: an accreditor's signed word on a provider, its scope in the alignments."""

from collections.abc import Iterable, Mapping, Sequence

from badges import alignments
from badges.accreditation.register import Accreditation, Scope, objects, window
from badges.alignments import Skill
from badges.credential import build_credential
from badges.errors import ClaimsError
from badges.model import Achievement, Alignment, Criteria, Profile, Subject
from badges.proof import peek, verify
from keys import did as dids
from schemas.frameworks import FRAMEWORKS, Level

ACHIEVEMENT_TYPE = "QualityAssuranceCredential"
NO_LEVEL: list[Level | None] = [None]
WHOLE, AREA = "ext:Framework", "ext:Area"


def build_accreditation(
    *,
    id: str,  # noqa: A002 - the standard's word
    accreditor: Profile,
    provider: str,
    scopes: Sequence[Scope],
    registry: str,
    valid_from: str,
    valid_until: str | None,
) -> dict[str, object]:
    """Return the unsigned accreditation: an OpenBadgeCredential of type QualityAssuranceCredential about the provider.

    Args:
        id: `urn:uuid:…`.
        accreditor: Who vouches.
        provider: The DID that is vouched for.
        scopes: For what; each becomes alignments. Two of one framework must cover the same items, and levels of two
            schemes: see `apart`.
        registry: The registry's public address, which the frameworks' addresses begin with.
        valid_from: xsd:dateTimeStamp, the first moment.
        valid_until: xsd:dateTimeStamp, the first moment after; None while nobody ends it.

    Raises:
        ValueError: Scopes that one list of alignments would mix.
    """
    if len(apart(scopes)) > 1:
        raise ValueError("one credential cannot tell these scopes apart")
    achievement = Achievement(
        id=f"{registry}/registry#accreditation",
        name="発行機関の認証 / Accreditation to issue",
        description="The accreditor vouches for what this provider issues within the alignments below.",
        criteria=Criteria(narrative="The accreditor's quality assurance."),
        achievement_type=ACHIEVEMENT_TYPE,
        alignment=tuple(alignment for scope in scopes for alignment in _scope_alignments(scope, registry)),
    )
    return build_credential(
        id=id,
        issuer=accreditor,
        subject=Subject(id=provider, achievement=achievement),
        valid_from=valid_from,
        valid_until=valid_until,
        name=achievement.name,
    )


def apart(scopes: Iterable[Scope]) -> list[list[Scope]]:
    """Return the scopes in as few groups as can each stand in one credential.

    Its alignments are one list: "these items up to level 2, those up to level 4" would read as "all up to level 4".
    """
    groups: list[list[Scope]] = []
    for scope in scopes:
        home = next((group for group in groups if all(_side_by_side(scope, other) for other in group)), None)
        if home is None:
            groups.append([scope])
        else:
            home.append(scope)
    return groups


def _side_by_side(one: Scope, other: Scope) -> bool:
    if one.framework != other.framework:
        return True
    same_items = (one.areas or None, one.items or None) == (other.areas or None, other.items or None)
    return same_items and None not in {one.scheme, other.scheme} and one.scheme != other.scheme


def _scope_alignments(scope: Scope, registry: str) -> Iterable[Alignment]:
    framework = FRAMEWORKS[scope.framework]
    base = f"{registry}/frameworks/{framework.key}"
    title = framework.name.ja
    if scope.areas is None and scope.items is None:
        yield Alignment(title, base, framework.key, target_framework=title, target_type=WHOLE)
    for area in sorted(scope.areas or ()):
        yield Alignment(area, f"{base}#{area}", f"{framework.key}/{area}", target_framework=title, target_type=AREA)
    for item in sorted(scope.items or ()):
        yield alignments.item_alignment(Skill(framework.key, item), registry, "ja")
    if scope.scheme and scope.highest:
        yield alignments.level_alignment(Level(framework.key, scope.scheme, scope.highest), registry, "ja")


def read_accreditation(text: str, provider: str, accreditors: Iterable[str], registry: str) -> Accreditation:
    """Return what a signed accreditation says of the provider.

    Args:
        text: The signed credential.
        provider: The DID that it must be about.
        accreditors: The DIDs whose word counts.
        registry: The registry's public address, which the items' and levels' addresses begin with.

    Raises:
        BadgeError: Not an accreditation, about another provider, or not signed by one of the accreditors.
        KeyFormatError: Its key is not well made.
    """
    unverified = peek(text)
    method = unverified.proofs[0].verification_method or ""
    accreditor = method.partition("#")[0]
    if accreditor not in set(accreditors):
        raise ClaimsError("unknown-accreditor")
    key = dids.find_assertion_key(dids.expand(accreditor), method).key
    claims = verify(unverified, {method: key}).claims
    match claims:
        case {
            "issuer": {"id": str(issuer), "name": str(name)},
            "credentialSubject": {"id": str(subject), "achievement": dict(achievement)},
        }:
            if issuer != accreditor or subject != provider or achievement.get("achievementType") != ACHIEVEMENT_TYPE:
                raise ClaimsError("not-this-accreditation")
        case _:
            raise ClaimsError("not-this-accreditation")
    valid = window({"validFrom": claims.get("validFrom"), "validUntil": claims.get("validUntil")})
    scopes = _scopes(objects(achievement.get("alignment")), registry)
    return Accreditation(provider, accreditor, name, scopes, valid, text)


def _scopes(listed: list[Mapping[str, object]], registry: str) -> tuple[Scope, ...]:
    whole: set[str] = set()
    areas: dict[str, set[str]] = {}
    items: dict[str, set[str]] = {}
    levels: dict[str, list[Level]] = {}
    for alignment in listed:
        code = str(alignment.get("targetCode"))
        match alignment.get("targetType"), alignments.read(alignment, registry):
            case _, Skill(framework, item):
                items.setdefault(framework, set()).add(item)
            case _, Level() as level:
                levels.setdefault(level.framework, []).append(level)
            case "ext:Framework", _:
                whole.add(code)
            case "ext:Area", _:
                framework, _, area = code.rpartition("/")
                areas.setdefault(framework, set()).add(area)
            case _:
                # Something left out could be what bounds the rest, such as a level.
                raise ClaimsError("unknown-scope")
    for highest in levels.values():
        if len({level.scheme for level in highest}) < len(highest):
            # Which of the items each of two levels was meant for, the list does not say.
            raise ClaimsError("unknown-scope")
    frameworks = sorted((whole | areas.keys() | items.keys() | levels.keys()) & FRAMEWORKS.keys())
    return tuple(
        Scope(
            framework,
            None if framework in whole else frozenset(areas.get(framework, ())),
            None if framework in whole else frozenset(items.get(framework, ())),
            level.scheme if level else None,
            level.value if level else None,
        )
        for framework in frameworks
        for level in levels.get(framework) or NO_LEVEL
    )

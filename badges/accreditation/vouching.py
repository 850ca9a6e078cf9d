"""An accreditation is itself an Open Badge: an accreditor's signed word on a provider, its scope in the alignments."""

from collections.abc import Iterable, Mapping

from badges.accreditation.register import Accreditation, Scope, objects, window
from badges.accreditation.standing import ITEM_URL, LEVEL
from badges.credential import build_credential
from badges.errors import ClaimsError
from badges.model import Achievement, Alignment, Criteria, Profile, Subject
from badges.proof import peek, verify
from keys import did as dids
from schemas.frameworks import FRAMEWORKS, Level, UnknownNameError, parse_level

ACHIEVEMENT_TYPE = "QualityAssuranceCredential"
WHOLE, AREA, ITEM = "ext:Framework", "ext:Area", "CFItem"
_NO_LEVEL: list[Level | None] = [None]


def build_accreditation(
    *,
    id: str,  # noqa: A002 - the standard's word
    accreditor: Profile,
    provider: str,
    scopes: Iterable[Scope],
    registry: str,
    valid_from: str,
    valid_until: str | None,
) -> dict[str, object]:
    """Return the unsigned accreditation: an OpenBadgeCredential of type QualityAssuranceCredential about the provider.

    Args:
        id: `urn:uuid:…`.
        accreditor: Who vouches.
        provider: The DID that is vouched for.
        scopes: For what; each becomes alignments of the achievement.
        registry: The registry's public address, which the frameworks' addresses begin with.
        valid_from: xsd:dateTimeStamp, the first moment.
        valid_until: xsd:dateTimeStamp, the first moment after; None while nobody ends it.
    """
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


def _scope_alignments(scope: Scope, registry: str) -> Iterable[Alignment]:
    framework = FRAMEWORKS[scope.framework]
    base = f"{registry}/frameworks/{framework.key}"
    title = framework.name.ja
    if scope.areas is None and scope.items is None:
        yield Alignment(title, base, framework.key, target_framework=title, target_type=WHOLE)
    for area in sorted(scope.areas or ()):
        yield Alignment(area, f"{base}#{area}", f"{framework.key}/{area}", target_framework=title, target_type=AREA)
    for item in sorted(scope.items or ()):
        name = framework.item(item).name.ja
        yield Alignment(name, f"{base}/items/{item}", item, target_framework=title, target_type=ITEM)
    if scope.scheme and scope.highest:
        step = framework.level(scope.scheme, scope.highest)
        code = Level(framework.key, scope.scheme, scope.highest).code
        url = f"{base}/levels/{scope.scheme}/{scope.highest}"
        yield Alignment(step.name.ja, url, code, target_framework=title, target_type=LEVEL)


def read_accreditation(text: str, provider: str, accreditors: Iterable[str]) -> Accreditation:
    """Return what a signed accreditation says of the provider.

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
            "issuer": {"id": str(issuer)},
            "credentialSubject": {"id": str(subject), "achievement": dict(achievement)},
        }:
            if issuer != accreditor or subject != provider or achievement.get("achievementType") != ACHIEVEMENT_TYPE:
                raise ClaimsError("not-this-accreditation")
        case _:
            raise ClaimsError("not-this-accreditation")
    valid = window({"validFrom": claims.get("validFrom"), "validUntil": claims.get("validUntil")})
    return Accreditation(provider, accreditor, _scopes(objects(achievement.get("alignment"))), valid, text)


def _scopes(alignments: list[Mapping[str, object]]) -> tuple[Scope, ...]:
    whole: set[str] = set()
    areas: dict[str, set[str]] = {}
    items: dict[str, set[str]] = {}
    levels: dict[str, list[Level]] = {}
    for alignment in alignments:
        code, url = str(alignment.get("targetCode")), str(alignment.get("targetUrl"))
        match alignment.get("targetType"):
            case "ext:Framework":
                whole.add(code)
            case "ext:Area":
                framework, _, area = code.rpartition("/")
                areas.setdefault(framework, set()).add(area)
            case "CFItem" if address := ITEM_URL.search(url):
                items.setdefault(address["framework"], set()).add(code)
            case "CFRubricCriterionLevel":
                level = _level(code)
                levels.setdefault(level.framework, []).append(level)
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
        for level in levels.get(framework) or _NO_LEVEL
    )


def _level(code: str) -> Level:
    try:
        return parse_level(code)
    except UnknownNameError as error:
        raise ClaimsError("unknown-level") from error

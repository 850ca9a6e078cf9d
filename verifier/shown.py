"""What a person is shown of a verified credential, taken from what was signed and from the registry."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from badges import alignments
from badges.accreditation import RegisteredProvider
from badges.alignments import Skill
from badges.proof import VerifiedCredential
from badges.web.language import Language
from schemas.frameworks import Level, framework, level_name
from verifier import reading
from verifier.addresses import parse_url
from verifier.reading import Claims, text
from verifier.trust import Trust

MAX_ENTRIES = 50
"""Of each kind; nobody reads more."""


@dataclass(frozen=True)
class ShownCredential:
    """The credential for the eyes, as `to_json` gives it.

    The shape: `{id, mechanism, types: [], name,
    issuer: {id, domain, registered: {name, url, domain, accreditedBy: []} | null, claimedName, claimedUrl},
    achievement: {id, name, description, type, criteria: {narrative, url}},
    skills: [{framework, frameworkName, item, name, url, known}], levels: [{code, name, url, known, by}],
    results: [{name, value, status}], validFrom, validUntil, awardedDate,
    holder: {kind: "did" | "bearer" | "none", key: bool, identityHashes: number}}`.

    Texts that are missing are "", dates null. `issuer.registered` and `issuer.domain` are facts, `claimedName` is what
    the badge says. A skill or level is `known` when its text comes from our copy of the standard, else from the badge.
    `by` is "achievement" or "result". No picture: whoever signed it could draw anything into it.
    """

    credential: VerifiedCredential
    trust: Trust

    def to_json(self, language: Language) -> dict[str, object]:
        """Return it in the reader's language."""
        claims = self.credential.claims
        return {
            "id": text(claims.get("id")),
            "mechanism": str(self.credential.mechanism),
            "types": reading.types(claims),
            "name": text(claims.get("name")),
            "issuer": self.issuer(language),
            "achievement": shown_achievement(reading.achievement(claims)),
            "skills": list(islice(skills(claims, self.registry, language), MAX_ENTRIES)),
            "levels": list(islice(levels(claims, self.registry, language), MAX_ENTRIES)),
            "results": list(islice(shown_results(claims), MAX_ENTRIES)),
            "validFrom": text(claims.get("validFrom", claims.get("issuanceDate"))) or None,
            "validUntil": text(reading.valid_until_text(claims)) or None,
            "awardedDate": text(claims.get("awardedDate")) or None,
            "holder": shown_holder(reading.subject(claims)),
        }

    @property
    def registry(self) -> str:
        """The registry's address; only what stands there is known."""
        return self.trust.snapshot.registry if self.trust.snapshot else ""

    def issuer(self, language: Language) -> dict[str, object]:
        """Return who issued it: what is known first, what is claimed apart from it."""
        claims = self.credential.claims
        issuer = reading.issuer_id(claims)
        provider = self.trust.provider(issuer)
        return {
            "id": issuer,
            "domain": domain_of(issuer),
            "registered": provider
            and {
                "name": provider.name[language],
                "url": provider.url,
                "domain": provider.domain,
                "accreditedBy": accreditors(provider, reading.valid_from(claims)),
            },
            "claimedName": text(reading.member(claims.get("issuer"), "name")),
            "claimedUrl": text(reading.member(claims.get("issuer"), "url")),
        }


def accreditors(provider: RegisteredProvider, issued: datetime | None) -> list[str]:
    """Return who vouched for a provider on the day of issue, for whatever: what for, the standing says."""
    given = [one for one in provider.accreditations if issued is not None and one.window.contains(issued)]
    return list(dict.fromkeys(one.accreditor_name for one in given))


def domain_of(issuer: str) -> str | None:
    """Return the domain that controls an issuer's id, in its ASCII spelling; None for a bare key."""
    if issuer.startswith("did:web:"):
        return issuer.split(":")[2].partition("%3A")[0].lower()
    address = parse_url(issuer)
    return address.host if address else None


def shown_achievement(achievement: Claims) -> dict[str, object]:
    """Return what was achieved."""
    criteria = achievement.get("criteria")
    return {
        "id": text(achievement.get("id")),
        "name": text(achievement.get("name")),
        "description": text(achievement.get("description")),
        "type": text(achievement.get("achievementType")),
        "criteria": {
            "narrative": text(reading.member(criteria, "narrative")),
            "url": text(reading.member(criteria, "id")),
        },
    }


def skills(claims: Claims, registry: str, language: Language) -> Iterator[dict[str, object]]:
    """Yield the items of skill standards that the achievement is aligned with."""
    for alignment in aligned(reading.achievement(claims)):
        if not is_level(alignment):
            yield shown_skill(alignment, registry, language)


def shown_skill(alignment: Claims, registry: str, language: Language) -> dict[str, object]:
    """Return one item, by our copy of its standard where we have it."""
    url = text(alignment.get("targetUrl"))
    found = alignments.read(alignment, registry)
    if not isinstance(found, Skill):
        return {
            "framework": "",
            "frameworkName": text(alignment.get("targetFramework")),
            "item": text(alignment.get("targetCode")),
            "name": text(alignment.get("targetName")),
            "url": url,
            "known": False,
        }
    standard = framework(found.framework)
    return {
        "framework": standard.key,
        "frameworkName": standard.name.said(language),
        "item": found.item,
        "name": standard.item(found.item).name.said(language),
        "url": url,
        "known": True,
    }


def levels(claims: Claims, registry: str, language: Language) -> Iterator[dict[str, object]]:
    """Yield the levels: those that the achievement stands for, and those that this result reached."""
    achievement = reading.achievement(claims)
    for alignment in filter(is_level, aligned(achievement)):
        yield shown_level(alignment, "achievement", registry, language=language)
    reached = {text(result.get("achievedLevel")) for result in reading.results(claims)} - {""}
    for description in reading.objects(achievement.get("resultDescription")):
        for step in reading.objects(description.get("rubricCriterionLevel")):
            if text(step.get("id")) in reached:
                for alignment in filter(is_level, aligned(step)):
                    yield shown_level(alignment, "result", registry, language=language)


def shown_level(alignment: Claims, by: str, registry: str, *, language: Language) -> dict[str, object]:
    """Return one level, in full words by our copy of its standard where we have it."""
    found = alignments.read(alignment, registry)
    known = level_name(found).said(language) if isinstance(found, Level) else None
    return {
        "code": text(alignment.get("targetCode")),
        "name": known or text(alignment.get("targetName")),
        "url": text(alignment.get("targetUrl")),
        "known": known is not None,
        "by": by,
    }


def shown_results(claims: Claims) -> Iterator[dict[str, object]]:
    """Yield the results with the names of what they measure."""
    descriptions = reading.objects(reading.achievement(claims).get("resultDescription"))
    names = {text(one.get("id")): text(one.get("name")) for one in descriptions}
    for result in reading.results(claims):
        yield {
            "name": names.get(text(result.get("resultDescription")), ""),
            "value": text(result.get("value")),
            "status": text(result.get("status")),
        }


def shown_holder(subject: Claims) -> dict[str, object]:
    """Return what the badge says of its holder: whether there is a key or a hash, never whose."""
    holder = text(subject.get("id"))
    kind = "did" if holder.startswith("did:") else "bearer" if holder else "none"
    return {
        "kind": kind,
        "key": kind == "did",
        "identityHashes": len(reading.objects(subject.get("identifier"))),
    }


def aligned(thing: Claims) -> list[Claims]:
    """Return the alignments of an achievement or of one of its levels."""
    return reading.objects(thing.get("alignment"))


def is_level(alignment: Claims) -> bool:
    """Tell whether an alignment is to a level of a scale."""
    return alignment.get("targetType") == alignments.LEVEL

"""The checks, one function each: from values to a finding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from badges import alignments
from badges.accreditation import Snapshot, Standing, StandingResult, standing
from badges.alignments import Skill
from badges.errors import BadgeError, UnsupportedError
from badges.proof import ProofReference, VerifiedCredential
from badges.status import parse_entry
from schemas import validate
from schemas.frameworks import newest
from verifier import reading
from verifier.lists import ListAnswer, ListError, StatusLists
from verifier.reading import MAX_SKEW, Claims, moment
from verifier.report import Check, Finding, Outcome, failed, passed, unknown, warning
from verifier.resolve import ResolvedKey, Source, UnresolvedKeyError, confirm
from verifier.trust import Trust
from verifier.web import Web

BADGE_TYPES = {"OpenBadgeCredential", "AchievementCredential", "EndorsementCredential"}
ENDORSEMENTS = frozenset({"endorsement", "endorsementJwt"})
MAX_ENTRIES = 4
SET_CODES = {"revocation": "revoked", "suspension": "suspended"}
"""What a set bit means, by the purpose of its list; other purposes say nothing about validity."""

KEYED_IDS = ("did:", "https://")
"""Identifiers whose controller can publish keys; nobody controls a urn:uuid."""

WORST_FIRST = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.WARNING, Outcome.PASSED)


def worst(findings: Sequence[Finding]) -> Finding:
    """Return the first of the worst findings."""
    return min(findings, key=gravity)


def gravity(finding: Finding) -> int:
    """Return the place of a finding when the worst come first."""
    return WORST_FIRST.index(finding.outcome)


def check_form(claims: Claims) -> Finding:
    """Check the credential against the schema of its type, and what the schema leaves open."""
    types = reading.types(claims)
    if BADGE_TYPES.isdisjoint(types):
        # A status list, say: soundly signed, and nobody's badge.
        return failed(Check.FORM, "not-a-badge", at="/type")
    violations = validate.violations(claims)
    if violations:
        first = violations[0]
        return failed(Check.FORM, "schema", at=first.pointer, count=str(len(violations)))
    subject = reading.subject(claims)
    untyped = missing_type(claims, subject, types)
    if untyped is not None:
        return failed(Check.FORM, "missing-type", at=f"{untyped}/type")
    wordless = name_without_words(claims, reading.achievement(claims))
    if wordless is not None:
        return failed(Check.FORM, "not-words", at=wordless)
    if not subject.get("id") and not reading.objects(subject.get("identifier")):
        return failed(Check.FORM, "no-recipient", at="/credentialSubject")
    return passed(Check.FORM, "well-formed")


def missing_type(claims: Claims, subject: Claims, types: Sequence[str]) -> str | None:
    """Return a place that lacks its type: since OB 3.0.3 the official schema takes any single text for one."""
    endorses = "EndorsementCredential" in types
    if "VerifiableCredential" not in types:
        return ""
    if ("EndorsementSubject" if endorses else "AchievementSubject") not in reading.types(subject):
        return "/credentialSubject"
    if not endorses and "Achievement" not in reading.types(subject.get("achievement")):
        return "/credentialSubject/achievement"
    issuer = claims.get("issuer")
    return "/issuer" if isinstance(issuer, dict) and "Profile" not in reading.types(issuer) else None


def name_without_words(claims: Claims, achievement: Claims) -> str | None:
    """Return the place of a name that is no text: the schema takes objects for words by language, JSON-LD does not."""
    if not isinstance(claims.get("name", ""), str):
        return "/name"
    named = (one for one in ("name", "description") if not isinstance(achievement.get(one, ""), str))
    return next((f"/credentialSubject/achievement/{one}" for one in named), None)


@dataclass(frozen=True)
class Signature:
    """A proof that verified, and the key that it verified with."""

    proof: ProofReference
    key: ResolvedKey


def check_binding(
    signatures: Sequence[Signature], claims: Claims, *, now: datetime, web: Web, trust: Trust
) -> tuple[Finding, ResolvedKey | None]:
    """Check that a key of the issuer signed, while it could; return that key as well."""
    issuer = reading.issuer_id(claims)
    if not issuer:
        return failed(Check.BINDING, "no-issuer"), None
    if not issuer.startswith(KEYED_IDS):
        return unknown(Check.BINDING, "issuer-without-keys"), None
    # Others may add their proofs; one of the issuer's own must be there, and none of them may be bad.
    candidates = [one for one in signatures if one.key.controller in {issuer, ""}]
    if not candidates:
        return failed(Check.BINDING, "key-of-another"), None
    bound = [bind(one, claims, now=now, web=web, trust=trust) for one in candidates]
    return min(bound, key=lambda one: gravity(one[0]))


def bind(
    signature: Signature, claims: Claims, *, now: datetime, web: Web, trust: Trust
) -> tuple[Finding, ResolvedKey | None]:
    """Check one key that the issuer may have signed with."""
    key, begins = signature.key, reading.valid_from(claims)
    if key.source is Source.BADGE:
        try:
            confirmed = confirm(key, reading.issuer_id(claims), web, trust)
        except UnresolvedKeyError:
            return unknown(Check.BINDING, "self-asserted-key"), None
        if confirmed is None:
            return failed(Check.BINDING, "key-of-another"), None
        key = confirmed
    if begins is None:
        return unknown(Check.BINDING, "no-date-of-issue"), key
    # What the proof itself says of its day counts, too: a badge can begin before it was signed.
    made = moment(signature.proof.created)
    return check_key(key, [begins, made] if made else [begins], now), key


def check_key(key: ResolvedKey, signed: Sequence[datetime], now: datetime) -> Finding:
    """Check that a key of the issuer was good at each moment at which it may have signed."""
    if key.revoked is not None:
        return failed(Check.BINDING, "revoked-key")
    if not all(key.good_at(one) for one in signed):
        return failed(Check.BINDING, "key-not-valid-then")
    if key.valid_until is not None and now >= key.valid_until:
        return warning(Check.BINDING, "retired-key")
    return passed(Check.BINDING, f"key-from-{key.source}")


def check_validity(credential: VerifiedCredential, now: datetime) -> Finding:
    """Check that `now` lies within the validity period, both ends included, and after the proof was made."""
    claims = credential.claims
    start, end_text = reading.valid_from(claims), reading.valid_until_text(claims)
    end = moment(end_text)
    if start is None or (end_text is not None and end is None):
        return failed(Check.VALIDITY, "bad-date")
    if start > now + MAX_SKEW:
        return failed(Check.VALIDITY, "not-yet-valid", start=day(start))
    if end is not None and now > end:
        return failed(Check.VALIDITY, "expired", end=day(end))
    return worst(
        [check_proof_dates(one.created, one.expires, now) for one in credential.proofs]
        or [passed(Check.VALIDITY, "within-validity")]
    )


def check_proof_dates(created: str | None, expires: str | None, now: datetime) -> Finding:
    """Check that a proof was made before now, and has not expired."""
    made, end = moment(created), moment(expires)
    if (created is not None and made is None) or (expires is not None and end is None):
        return failed(Check.VALIDITY, "bad-date")
    if made is not None and made > now + MAX_SKEW:
        return failed(Check.VALIDITY, "proof-from-the-future")
    if end is not None and now > end:
        return failed(Check.VALIDITY, "proof-expired")
    return passed(Check.VALIDITY, "within-validity")


def day(date: datetime) -> str:
    """Return a moment as the texts show it."""
    return date.strftime("%Y-%m-%d %H:%M UTC")


def check_status(claims: Claims, *, lists: StatusLists, now: datetime, web: Web, trust: Trust) -> Finding:
    """Check that the issuer has neither revoked nor suspended the credential."""
    entries = list(reading.each(claims.get("credentialStatus")))
    if "credentialStatus" not in claims:
        return passed(Check.STATUS, "no-status-offered")
    if not 0 < len(entries) <= MAX_ENTRIES:
        return failed(Check.STATUS, "bad-entry", at="/credentialStatus")
    issuer = reading.issuer_id(claims)
    return worst([check_entry(entry, issuer, lists=lists, now=now, web=web, trust=trust) for entry in entries])


def check_entry(entry: object, issuer: str, *, lists: StatusLists, now: datetime, web: Web, trust: Trust) -> Finding:
    """Check one status entry."""
    index = reading.member(entry, "statusListIndex")
    # A number is against the standard, so it never shows that a badge is good; but it can show that it was revoked.
    numeric = isinstance(index, int) and not isinstance(index, bool) and index >= 0
    try:
        parsed = parse_entry({**cast("Claims", entry), "statusListIndex": str(index)} if numeric else entry)
        answer = lists.ask(parsed, issuer, now=now, web=web, trust=trust)
    except UnsupportedError as error:
        return unknown(Check.STATUS, error.code, at=error.pointer)
    except BadgeError:
        return failed(Check.STATUS, "bad-entry", at="/credentialStatus")
    except ListError as error:
        return (failed if error.certain else unknown)(Check.STATUS, error.code)
    if parsed.purpose not in SET_CODES:
        return unknown(Check.STATUS, "unknown-status-purpose", at="/credentialStatus/statusPurpose")
    return status_finding(parsed.purpose, answer, numeric=numeric)


def status_finding(purpose: str, answer: ListAnswer, *, numeric: bool) -> Finding:
    """Return what a bit says; only an entry and a list without fault say that a badge is good."""
    if answer.bit:
        return failed(
            Check.STATUS, f"{SET_CODES[purpose]}-in-misplaced-list" if answer.misplaced else SET_CODES[purpose]
        )
    if answer.misplaced:
        return unknown(Check.STATUS, "list-misplaced")
    if numeric:
        return unknown(Check.STATUS, "index-not-a-text", at="/credentialStatus/statusListIndex")
    return passed(Check.STATUS, "not-revoked")


def check_trust(
    claims: Claims, key: ResolvedKey | None, trust: Trust, now: datetime
) -> tuple[Finding, Standing, Standing]:
    """Look the issuer up in the registry: a finding, and its standing on the day of issue and now."""
    issued = reading.valid_from(claims)
    if trust.snapshot is None:
        return unknown(Check.TRUST, "no-registry"), Standing.UNKNOWN, Standing.UNKNOWN
    if key is None or issued is None:
        return unknown(Check.TRUST, "issuer-not-established"), Standing.UNKNOWN, Standing.UNKNOWN
    then = standing_at(claims, key, trust.snapshot, issued)
    # A key that was retired since is not asked for today.
    current = standing_at(claims, None, trust.snapshot, now)
    if then.standing is not Standing.ACCREDITED:
        return warning(Check.TRUST, then.reason), then.standing, current.standing
    newer = newer_framework(claims, trust.snapshot.registry)
    if newer:
        return warning(Check.TRUST, "older-framework", **newer), then.standing, current.standing
    return passed(Check.TRUST, "accredited"), then.standing, current.standing


def standing_at(claims: Claims, key: ResolvedKey | None, snapshot: Snapshot, at: datetime) -> StandingResult:
    """Return what the registry says of the issuer, for this achievement and result, at a moment."""
    return standing(
        snapshot,
        reading.issuer_id(claims),
        reading.achievement(claims),
        reading.results(claims),
        key_id=key.id if key else None,
        at=at,
    )


def newer_framework(claims: Claims, registry: str) -> dict[str, str]:
    """Return the names of the first framework of the achievement that has a newer version, and of that version."""
    for alignment in reading.objects(reading.achievement(claims).get("alignment")):
        skill = alignments.read(alignment, registry)
        if isinstance(skill, Skill) and newest(skill.framework).key != skill.framework:
            return {"used": skill.framework, "newest": newest(skill.framework).key}
    return {}


def check_holder(claims: Claims) -> Finding:
    """Say how the holder could be checked: a badge alone never shows who brings it."""
    holder = reading.text(reading.subject(claims).get("id"))
    return unknown(Check.HOLDER, "holder-not-checked" if holder.startswith("did:") else "bearer-not-checked")


def check_endorsements(claims: Claims) -> Finding:
    """Say that endorsements were not looked at, if there are any."""
    places = (claims, reading.achievement(claims), *reading.objects(claims.get("issuer")))
    if any(not ENDORSEMENTS.isdisjoint(place) for place in places):
        return unknown(Check.ENDORSEMENT, "endorsements-not-checked")
    return passed(Check.ENDORSEMENT, "no-endorsements")

"""Assemble OpenBadgeCredentials and EndorsementCredentials; and how far the trust in a credential has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from badges.model import Profile, Subject
from keys.public_key import PublicKey

CONTEXTS: Final = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)


MAX_KEY_ID_LENGTH: Final = 512  # of a `kid` or `verificationMethod`; a did:web with a long path has 200


class Mechanism(StrEnum):
    """How a credential is secured: a proof around it, or inside it."""

    VC_JWT = "vc-jwt"
    DATA_INTEGRITY = "data-integrity"


@dataclass(frozen=True)
class ProofReference:
    """What an unverified proof says of itself: enough to find its key, and nothing to believe yet.

    Attributes:
        verification_method: The `kid` or `verificationMethod`, as written.
        embedded_key: The key of a `jwk` header.
        algorithm: The JWS algorithm, or `EdDSA` for eddsa-rdfc-2022.
        cryptosuite: Of an embedded proof.
        created: An xsd:dateTimeStamp, as written, or the `iat` of a JWS.
        expires: As written, an xsd:dateTimeStamp; not in a JWS.
        purpose: `assertionMethod`, or None for a JWS.
    """

    verification_method: str | None
    embedded_key: PublicKey | None
    algorithm: str
    cryptosuite: str | None = None
    created: str | None = None
    expires: str | None = None
    purpose: str | None = None


@dataclass(frozen=True)
class UnverifiedCredential:
    """A credential whose form is known, and whose signatures nobody has checked."""

    text: str
    mechanism: Mechanism
    claims: Mapping[str, object]
    proofs: tuple[ProofReference, ...]


@dataclass(frozen=True)
class VerifiedCredential:
    """A credential every proof of which verified; `claims` are what was signed, no more and no less.

    Attributes:
        text: As received.
        warnings: Codes of what deviates from the standard without making the proof wrong.
        proofs: What each verified proof says of itself.
    """

    text: str
    mechanism: Mechanism
    claims: Mapping[str, object]
    warnings: tuple[str, ...] = ()
    proofs: tuple[ProofReference, ...] = ()


def build_credential(
    *,
    id: str,  # noqa: A002 - the standard's name of the member
    issuer: Profile,
    subject: Subject,
    valid_from: str,
    valid_until: str | None = None,
    name: str,
    status: Mapping[str, object] | None = None,
    awarded_date: str | None = None,
) -> dict[str, object]:
    """Return an unsecured OpenBadgeCredential (VCDM 2.0, OB 3.0.3).

    Args:
        id: Its URI, as `urn:uuid:…`.
        issuer: Written as an object, which 1EdTech's validator asks for.
        subject: With an id, so that a VC-JWT can have its `sub`.
        valid_from: An xsd:dateTimeStamp, the start of the provider's day.
        valid_until: An xsd:dateTimeStamp, included in the period.
        name: What the badge is called.
        status: A `BitstringStatusListEntry`; OB 3.0's schema allows one.
        awarded_date: An xsd:dateTimeStamp, where it differs from `valid_from`.
    """
    credential: dict[str, object] = {
        "@context": list(CONTEXTS),
        "id": id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": issuer.to_json(),
        "validFrom": valid_from,
        "name": name,
        "credentialSubject": subject.to_json(),
    }
    return with_optional(credential, awardedDate=awarded_date, validUntil=valid_until, credentialStatus=status)


def build_endorsement(
    *,
    id: str,  # noqa: A002 - the standard's name of the member
    issuer: Profile,
    endorsed: str,
    valid_from: str,
    valid_until: str | None = None,
    name: str,
    comment: str | None = None,
    status: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Return an unsecured EndorsementCredential about the achievement, profile or credential with the id `endorsed`."""
    about = with_optional({"id": endorsed, "type": ["EndorsementSubject"]}, endorsementComment=comment)
    credential: dict[str, object] = {
        "@context": list(CONTEXTS),
        "id": id,
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": issuer.to_json(),
        "validFrom": valid_from,
        "name": name,
        "credentialSubject": about,
    }
    return with_optional(credential, validUntil=valid_until, credentialStatus=status)


def with_optional(members: dict[str, object], **optional: object) -> dict[str, object]:
    """Return the same object with those optional members that have a value: the standard leaves nulls out."""
    members.update((member, value) for member, value in optional.items() if value is not None)
    return members

"""What a provider asks for, as JSON; and the one door through which it becomes an award."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from badges.model import IDENTITY_TYPES, IdentityObject
from badges.web.body import Body
from issuer.achievements import SLUG, Code
from issuer.issuing import IDEMPOTENCY_KEY, AwardRequest, RefusedError
from keys.did import expand
from keys.public_key import KeyFormatError

MAX_AWARDS = 1_000
MAX_OFFER_DAYS = 366
MAX_VERSION = 2**31 - 1  # what both databases keep in an integer
HEX_DIGEST = r"^sha256\$[0-9a-f]{64}$"

IdempotencyKey = Annotated[str, Field(pattern=IDEMPOTENCY_KEY)]


def require_true(value: bool) -> bool:  # noqa: FBT001 - a validator takes the value alone
    """Refuse `false`: whoever says that a badge is not a bearer's must say whose it is instead."""
    if not value:
        raise PydanticCustomError("not-one-of", "not true", {"expected": "true"})
    return value


class IdentityBody(Body):
    """A salted hash, ready-made by the provider: `sha256$` and the hex digest of identifier and salt."""

    identity_type: str = Field(default="emailAddress", max_length=40)
    identity_hash: str = Field(pattern=HEX_DIGEST)
    salt: str = Field(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")


class AwardBody(Body):
    """To whom, and how well: exactly one of `holder`, `identity` and `bearer`."""

    achievement: str = Field(pattern=SLUG)
    version: Annotated[int, Field(ge=1, le=MAX_VERSION)] | None = None
    holder: str | None = Field(default=None, max_length=2048, pattern=r"^did:(key|jwk):")
    identity: IdentityBody | None = None
    bearer: Annotated[bool, AfterValidator(require_true)] | None = None
    level: Code | None = None


class KeyedAwardBody(AwardBody):
    """An award of a batch, with its idempotency key."""

    key: IdempotencyKey


class BatchBody(Body):
    """Up to 1,000 awards."""

    awards: tuple[KeyedAwardBody, ...] = Field(min_length=1, max_length=MAX_AWARDS)


class OfferBody(Body):
    """One offer: a key of the provider's own ledger, and the level reached, where the achievement asks for it."""

    key: IdempotencyKey
    level: Code | None = None


class OffersBody(Body):
    """Up to 1,000 offers of one achievement."""

    achievement: str = Field(pattern=SLUG)
    offers: tuple[OfferBody, ...] = Field(min_length=1, max_length=MAX_AWARDS)
    expires_days: int = Field(default=90, ge=1, le=MAX_OFFER_DAYS)


def award_request(body: AwardBody, key: str) -> AwardRequest:
    """Return what a body asks for.

    Raises:
        RefusedError: "one-recipient", not exactly one way to say for whom; "bad-holder"; "unknown-identity-type".
    """
    if sum(one is not None for one in (body.holder, body.identity, body.bearer)) != 1:
        raise RefusedError("one-recipient")
    return AwardRequest(
        key=key,
        achievement=body.achievement,
        version=body.version,
        holder=sound_holder(body.holder) if body.holder else "",
        identity=identity_object(body.identity) if body.identity else None,
        level=body.level or "",
    )


def sound_holder(did: str) -> str:
    """Return the holder's DID, which spells out a key that can be used."""
    try:
        expand(did)
    except KeyFormatError as error:
        raise RefusedError("bad-holder", pointer="/holder") from error
    return did


def identity_object(body: IdentityBody) -> IdentityObject:
    """Return the hash as it stands in the badge."""
    if body.identity_type not in IDENTITY_TYPES:
        raise RefusedError("unknown-identity-type", pointer="/identity/identityType")
    return IdentityObject(
        hashed=True, identity_hash=body.identity_hash, identity_type=body.identity_type, salt=body.salt
    )

"""One-time promises to issue: a link each, of which the issuer keeps a digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from issuer.issuing import AwardRequest, Batch, Issued, Issuing, RefusedError, issue
from issuer.providers import day_start
from issuer.store import Offer, Provider, Store
from keys import base64url
from keys.date_time_stamp import parse, stamp
from keys.did import did_key
from keys.public_key import PublicKey

TOKEN_BYTES = 32
TRIAL_KEY = "trial"
"""Of the award that is tried and never made."""


class UnknownOfferError(Exception):
    """No offer has that token."""


class OfferExpiredError(Exception):
    """The offer's time is over, and nobody has claimed it."""


@dataclass(frozen=True)
class NewOffer:
    """What a provider asks for: a key of its own ledger, which gives the same link again, and the level reached."""

    key: str
    level: str = ""


def token_of(provider: Provider, key: str) -> str:
    """Return the token of an offer: 43 base64url characters that only the offer's key gives."""
    info = f"akashi offer {provider.slug}".encode()
    return base64url.encode(HKDF(SHA256(), TOKEN_BYTES, salt=None, info=info).derive(key.encode()))


@dataclass(frozen=True)
class Made:
    """The tokens of offers in their order; `created` is False when all of them were made before."""

    tokens: list[str]
    created: bool


def create_offers(
    new: Sequence[NewOffer],
    achievement: str,
    provider: Provider,
    issuing: Issuing,
    *,
    now: datetime,
    expires: datetime,
) -> Made:
    """Enter offers of an achievement's newest version; a retry gives the same tokens.

    Raises:
        UnknownAchievementError: There is none of that id.
        RefusedError: What would refuse the claims, better told here than to the learner who opens the link: the
            achievement is retired, nobody vouches for it, a level is missing or unknown; or a key that was used for
            another offer.
        KeyEndedError: The provider has no key that may sign.
    """
    stored = issuing.store.achievement(provider.slug, achievement)
    tokens = [token_of(provider, one.key) for one in new]
    rows = [
        Offer(digest(token), provider.slug, stored.id, stored.version, one.level, stamp(expires))
        for one, token in zip(new, tokens, strict=True)
    ]
    known = issuing.store.offers([row.token_digest for row in rows])
    if len(known) < len({row.token_digest for row in rows}):
        require_claimable(rows, Batch(provider, issuing, now))
    kept = issuing.store.add_offers(rows)
    for index, row in enumerate(rows):
        found = kept[row.token_digest]
        if (found.achievement, found.level) != (row.achievement, row.level):
            raise RefusedError("key-used-for-another-offer", pointer=f"/offers/{index}/key")
    return Made(tokens, created=kept.keys() != known.keys())


def require_claimable(rows: Sequence[Offer], batch: Batch) -> None:
    """Refuse offers that no learner could claim today; each level is tried once.

    Raises:
        RefusedError: See `create_offers`.
    """
    for level in dict.fromkeys(row.level for row in rows):
        fault = batch.fault(AwardRequest(TRIAL_KEY, rows[0].achievement, rows[0].version, level=level))
        if fault is not None:
            first = next(index for index, row in enumerate(rows) if row.level == level)
            pointer = f"/offers/{first}/level" if fault.pointer == "/level" else fault.pointer
            raise RefusedError(fault.code, pointer=pointer, **fault.params)


def find_offer(token: str, store: Store) -> Offer:
    """Return the offer of a token.

    Raises:
        UnknownOfferError: There is none.
    """
    found = store.offers([digest(token)]).get(digest(token))
    if found is None:
        raise UnknownOfferError
    return found


def state_of(offer: Offer, store: Store, now: datetime) -> str:
    """Return "claimed", "expired" or "open"."""
    if store.awards_by_key(offer.provider, [offer.token_digest]):
        return "claimed"
    return "expired" if stamp(now) >= offer.expires else "open"


def claim(token: str, holder: PublicKey, issuing: Issuing, now: datetime) -> Issued | RefusedError:
    """Issue the badge of an offer for the holder's key; the same key again gives the same badge, another is refused.

    Raises:
        UnknownOfferError: No such offer.
        OfferExpiredError: Too late.
        KeyEndedError: The provider has no key that may sign.
    """
    offer = find_offer(token, issuing.store)
    if state_of(offer, issuing.store, now) == "expired":
        raise OfferExpiredError
    request = AwardRequest(
        key=token,
        achievement=offer.achievement,
        version=offer.version,
        holder=did_key(holder),
        level=offer.level,
    )
    return issue([request], issuing.store.provider(offer.provider), issuing, now)[0]


def expiry(provider: Provider, now: datetime, days: int) -> datetime:
    """Return when an offer made now ends: with the provider's day that comes so many days after today."""
    return day_start(provider, now) + timedelta(days=days + 1)


def last_day(offer: Offer, provider: Provider) -> date:
    """Return the last day on which an offer can be claimed, by the provider's calendar."""
    return (parse(offer.expires) - timedelta(seconds=1)).astimezone(ZoneInfo(provider.time_zone)).date()


def digest(token: str) -> bytes:
    """Return what the register keeps of a token; it is the key digest of the award that the claim becomes."""
    return sha256(token.encode()).digest()

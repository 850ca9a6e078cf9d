"""One-time promises to issue: a link each, of which the issuer keeps a digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from issuer.achievements import definition_of
from issuer.issuing import AwardRequest, Issued, Issuing, RefusedError, issue, reached_level
from issuer.store import Offer, Provider, Store
from keys import base64url
from keys.date_time_stamp import stamp
from keys.did import did_key
from keys.public_key import PublicKey

TOKEN_BYTES = 32


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


def create_offers(
    new: Sequence[NewOffer], achievement: str, provider: Provider, store: Store, *, expires: datetime
) -> list[str]:
    """Enter offers of an achievement's newest version, and return their tokens in order; a retry gives the same.

    Raises:
        UnknownAchievementError: There is none of that id.
        RefusedError: It is retired, or an offer names a level that it does not have, or none where it asks for one:
            better refused here than to the learner who opens the link.
    """
    stored = store.achievement(provider.slug, achievement)
    if stored.retired is not None:
        raise RefusedError("achievement-retired", pointer="/achievement")
    for index, one in enumerate(new):
        reached_level(one.level, definition_of(stored), pointer=f"/offers/{index}/level")
    tokens = [token_of(provider, one.key) for one in new]
    rows = [
        Offer(digest(token), provider.slug, stored.id, stored.version, one.level, stamp(expires))
        for one, token in zip(new, tokens, strict=True)
    ]
    store.add_offers(rows)
    return tokens


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


def expiry(now: datetime, days: int) -> datetime:
    """Return when an offer made now ends."""
    return now + timedelta(days=days)


def digest(token: str) -> bytes:
    """Return what the register keeps of a token; it is the key digest of the award that the claim becomes."""
    return sha256(token.encode()).digest()

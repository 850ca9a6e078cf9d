"""Shares: texts that the verifier keeps for a stated time and cannot read, each behind three tokens.

Whoever has the link can make the access token, whoever knows its passcode too the opening token; whoever made the share
has the managing token. Of each only a digest is here. An attempt with a wrong passcode is told from a stranger's by its
access token, so that nobody without the link can use up the attempts.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from keys import base64url, date_time_stamp
from verifier.share_store import Share, ShareStore

MAX_DAYS: Final = 90
ATTEMPTS: Final = 10
"""Over a share's whole life: a passcode of four digits is then guessed by one in a thousand."""

BUCKETS: Final = tuple(size * 1_024 for size in (4, 8, 16, 32, 64, 96, 128, 160, 191))
"""How long a ciphertext may be, in bytes. Padded to these, it hardly tells how many badges it holds."""

TAG_BYTES: Final = 16
NONCE_BYTES: Final = 12
HEADER: Final = base64url.encode(b'{"alg":"dir","enc":"A256GCM"}')
MAX_JWE: Final = 262_144
"""Characters of a compact JWE; the largest bucket in base64url, with header, nonce and tag, has room in them."""

ID_BYTES: Final = 16
ID: Final = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]", re.ASCII)
"""Base64url of 16 bytes."""

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]", re.ASCII)
"""Base64url of 32 bytes: a token or a digest."""


class NoShareError(Exception):
    """Unknown, expired, revoked, exhausted, or not this token's: which one is nobody's business."""


class NotAShareError(ValueError):
    """The text is no ciphertext of ours; `code` says why: `bad-jwe`, or `bad-jwe-size` for one that is not padded."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Digests:
    """SHA-256 of the three tokens."""

    access: bytes
    opening: bytes
    managing: bytes


@dataclass(frozen=True)
class Shares:
    """What can be done with shares; the clock is every method's argument."""

    store: ShareStore

    def create(self, jwe: str, digests: Digests, *, expires: datetime, now: datetime) -> Share:
        """Keep a ciphertext and return it as it is kept: under which id, and until when.

        Raises:
            IdTakenError: There is one of this managing token.
            ValueError: It ends before now, or later than `MAX_DAYS` from now.
        """
        if not now < expires <= now + timedelta(days=MAX_DAYS):
            raise ValueError("a share ends within 90 days")
        end, own_id = date_time_stamp.stamp(expires), id_of(digests.managing)
        share = Share(own_id, jwe, end, digests.access, digests.opening, digests.managing, ATTEMPTS)
        self.store.add(share, date_time_stamp.stamp(now))
        return share

    def open(self, share_id: str, *, access: str, opening: str, now: datetime) -> Share:
        """Return a share, with one view more.

        Raises:
            NoShareError: There is none for these tokens. With the right access token that was an attempt.
        """
        moment = date_time_stamp.stamp(now)
        found = self.found(share_id, moment)
        if not matches(access, found.access if found else b""):
            raise NoShareError
        opened = self.store.attempt(share_id, moment, lambda share: matches(opening, share.opening))
        if opened is None:
            raise NoShareError
        return opened

    def managed(self, share_id: str, managing: str, now: datetime) -> Share:
        """Return a share to whoever made it.

        Raises:
            NoShareError: There is none for this token.
        """
        found = self.found(share_id, date_time_stamp.stamp(now))
        if not matches(managing, found.managing if found else b"") or found is None:
            raise NoShareError
        return found

    def revoke(self, share_id: str, managing: str, now: datetime) -> None:
        """Delete a share for good; raises as `managed`."""
        self.store.remove(self.managed(share_id, managing, now).id)

    def clean(self, now: datetime) -> None:
        """Delete what has expired."""
        self.store.clean(date_time_stamp.stamp(now))

    def found(self, share_id: str, moment: str) -> Share | None:
        """Return the share of an id, or None, also for what is no id."""
        return self.store.find(share_id, moment) if ID.fullmatch(share_id) else None


def id_of(managing: bytes) -> str:
    """Return the id of a share by the digest of its managing token.

    Whoever has its link knows the id and not the token: when the share is gone, nobody can put another in its place.
    """
    return base64url.encode(hashlib.sha256(managing).digest()[:ID_BYTES])


def matches(token: str, digest: bytes) -> bool:
    """Tell in constant time whether a digest is this token's."""
    raw = base64url.decode(token) if TOKEN.fullmatch(token) else b""
    return hmac.compare_digest(hashlib.sha256(raw).digest(), digest)


def check_jwe(jwe: str) -> None:
    """Return if a text is a ciphertext as our pages make it: compact JWE, `dir`, `A256GCM`, padded to a bucket.

    Raises:
        NotAShareError: It is another text: this is no place for anything that can be read.
    """
    parts = jwe.split(".") if len(jwe) <= MAX_JWE else []
    try:
        header, key, nonce, ciphertext, tag = parts
        sizes = [len(base64url.decode(part)) for part in (nonce, tag, ciphertext)]
    except ValueError as error:
        raise NotAShareError("bad-jwe") from error
    if (header, key, sizes[0], sizes[1]) != (HEADER, "", NONCE_BYTES, TAG_BYTES):
        raise NotAShareError("bad-jwe")
    if sizes[2] not in BUCKETS:
        raise NotAShareError("bad-jwe-size")

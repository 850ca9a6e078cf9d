"""Shares for tests, as a page would make them."""

import hashlib
import os
from typing import Any

from keys import base64url

HEADER = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0"
ACCESS, OPENING, MANAGING = (base64url.encode(bytes([n]) * 32) for n in (1, 2, 3))
"""The first two serve for any number of shares, the third for one: the id comes from it."""

WRONG = base64url.encode(bytes(32))


def digest(token: str) -> str:
    return base64url.encode(hashlib.sha256(base64url.decode(token)).digest())


def new_id() -> str:
    return base64url.encode(os.urandom(16))


def id_of(managing: str) -> str:
    """Return a share's id: the beginning of the digest of the digest of its managing token."""
    return base64url.encode(base64url.decode(digest(digest(managing)))[:16])


def jwe_of(ciphertext: bytes = b"", *, header: str = HEADER, nonce: int = 12, tag: int = 16) -> str:
    parts = (bytes(nonce), ciphertext or bytes(4_096), bytes(tag))
    return f"{header}..{'.'.join(map(base64url.encode, parts))}"


def new_share(**changes: Any) -> dict[str, Any]:
    return {
        "jwe": jwe_of(),
        "expires": 30,
        "access": digest(ACCESS),
        "open": digest(OPENING),
        "manage": digest(MANAGING),
        **changes,
    }

"""Which client may do what: API keys of which only a digest is kept.

A key is `ak_<id>_<secret>`; the secret has 256 random bits, so that a plain digest of it tells nothing.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from issuer.store import Client, Store
from keys.date_time_stamp import stamp

KEY = re.compile(r"Bearer ak_(?P<id>[0-9a-f]{16})_(?P<secret>[A-Za-z0-9_-]{43})", re.ASCII)


class Scope(StrEnum):
    """What a client may be allowed to do."""

    ACHIEVEMENTS = "achievements"
    OFFERS = "offers"
    ISSUE = "issue"
    REVOKE = "revoke"


class UnknownClientError(Exception):
    """No key, a wrong one, or one that has ended."""


class ForbiddenError(Exception):
    """The client is not allowed to do this."""


@dataclass(frozen=True)
class NewClient:
    """A client just made; `key` is shown once and kept nowhere."""

    id: str
    key: str
    expires: datetime


def add_client(store: Store, provider: str, *, scopes: frozenset[Scope], days: int, now: datetime) -> NewClient:
    """Make a client of a provider and return its key.

    Raises:
        DuplicateError: There is no such provider.
    """
    client_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    expires = now + timedelta(days=days)
    digest = sha256(secret.encode()).digest()
    store.add_client(Client(client_id, provider, digest, frozenset(map(str, scopes)), stamp(expires)))
    return NewClient(client_id, f"ak_{client_id}_{secret}", expires)


def authenticate(store: Store, authorization: str, now: datetime) -> Client:
    """Return the client whose key an `Authorization` header carries.

    Raises:
        UnknownClientError: None has it, or it has ended.
    """
    presented = KEY.fullmatch(authorization)
    client = store.client(presented["id"]) if presented else None
    if presented is None or client is None:
        raise UnknownClientError
    digest = sha256(presented["secret"].encode()).digest()
    if not hmac.compare_digest(digest, client.secret_digest) or stamp(now) >= client.expires:
        raise UnknownClientError
    return client


def require_scope(client: Client, scope: Scope) -> None:
    """Refuse a client that may not do this.

    Raises:
        ForbiddenError: It may not.
    """
    if scope not in client.scopes:
        raise ForbiddenError

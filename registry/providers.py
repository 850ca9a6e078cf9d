"""Who is registered, with which keys; who may issue what, when: the use cases behind `akashi registry …`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote
from uuid import uuid4

from badges.accreditation import RegisteredKey, RegisteredProvider, Scope, Window, apart, build_accreditation
from badges.credential import Mechanism
from badges.model import Profile
from badges.proof import sign
from keys.date_time_stamp import stamp
from keys.did import web_url
from keys.public_key import PublicKey
from keys.signer import Signer
from registry.store import Store


@dataclass(frozen=True)
class Accreditor:
    """Who vouches: a did:key, its name, and what signs with that key (`<did>#…`)."""

    did: str
    name: str
    signer: Signer


def add_provider(store: Store, *, slug: str, did: str, name: Mapping[str, str], url: str) -> None:
    """Enter a provider under its did:web; its domain is read from the DID, never from what it says of itself.

    Raises:
        AlreadyRegisteredError: The DID or the slug is taken.
        DidError: Not a did:web.
    """
    web_url(did)
    domain = unquote(did.removeprefix("did:web:").partition(":")[0])
    store.add_provider(RegisteredProvider(did, slug, name, url, domain, {}))


def put_key(
    store: Store, provider: str, *, key_id: str, key: PublicKey, window: Window, revoked: datetime | None = None
) -> None:
    """Enter a provider's key, or when it ended.

    Raises:
        NotRegisteredError: No such provider.
        AlreadyRegisteredError: The id is another key's.
    """
    store.put_key(provider, RegisteredKey(key_id, key, window, revoked))


def accredit(
    store: Store, accreditor: Accreditor, provider: str, *, scopes: Iterable[Scope], window: Window, registry: str
) -> None:
    """Sign and enter accreditations: one, or more where one could not tell the scopes apart.

    Args:
        store: The registry's.
        accreditor: Who vouches.
        provider: The DID vouched for.
        scopes: For what.
        window: When it holds.
        registry: The registry's public address.

    Raises:
        AlreadyRegisteredError: The provider is not registered.
    """
    store.add_accreditor(accreditor.did, accreditor.name)
    for group in apart(scopes):
        credential = build_accreditation(
            id=f"urn:uuid:{uuid4()}",
            accreditor=Profile(id=accreditor.did, name=accreditor.name),
            provider=provider,
            scopes=group,
            registry=registry,
            valid_from=stamp(window.start),
            valid_until=stamp(window.end) if window.end else None,
        )
        store.add_accreditation(provider, accreditor.did, sign(credential, accreditor.signer, Mechanism.VC_JWT))


def suspend(store: Store, provider: str, window: Window) -> None:
    """Suspend a provider: nothing that it issues within the window is accredited."""
    store.add_suspension(provider, window)


def resume(store: Store, provider: str, at: datetime) -> None:
    """End a provider's suspension."""
    store.end_suspensions(provider, at)

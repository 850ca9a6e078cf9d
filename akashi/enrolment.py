"""Enter a provider in issuer and registry alike, where both are here: what neither does alone."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote, urlsplit

from akashi.app import House
from badges.accreditation import Scope, Window
from issuer.providers import create_keys, day_start
from issuer.store import Provider
from registry import providers as register
from registry.providers import Accreditor


def did_of(public_url: str, slug: str) -> str:
    """Return the DID of a provider without a domain of its own."""
    return f"did:web:{quote(urlsplit(public_url).netloc, safe='')}:providers:{slug}"


def enrol(house: House, provider: Provider, *, since: datetime | None = None) -> None:
    """Enter a provider with new keys, and enter both in the register, too, if that is in the same house.

    Args:
        house: Where.
        provider: Who.
        since: When its keys begin; the start of its day by default.

    Raises:
        DuplicateError, AlreadyRegisteredError: Its slug or DID is taken.
        DidError: Its DID is not a did:web.
    """
    issuing = house.issuer.issuing
    if house.together:
        name = {"ja": provider.name_ja, "en": provider.name_en}
        register.add_provider(
            house.registry.store,
            slug=provider.slug,
            did=provider.did,
            name=name,
            url=provider.url,
            time_zone=provider.time_zone,
        )
    issuing.store.add_provider(provider)
    create_keys(issuing.keys, provider, since or day_start(provider, house.clock()))
    if house.together:
        register_keys(house, provider)


def register_keys(house: House, provider: Provider) -> None:
    """Tell the registry of the provider's keys, and of their ends."""
    for record in house.issuer.issuing.keys.records(provider.slug):
        register.put_key(
            house.registry.store,
            provider.did,
            key_id=record.key_id,
            key=record.public,
            window=Window(record.valid_from, record.valid_until),
            revoked=record.revoked,
        )


def accredit(
    house: House, accreditor: Accreditor, provider: Provider, *, scopes: Iterable[Scope], window: Window
) -> None:
    """Enter the accreditor's word on a provider."""
    book = house.registry
    address = book.settings.public_url
    register.accredit(book.store, accreditor, provider.did, scopes=scopes, window=window, registry=address)


def publish(house: House) -> int:
    """Publish the register as it stands now; return the snapshot's number."""
    return house.registry.snapshots.publish(house.clock())

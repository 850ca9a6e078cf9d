"""Composition of the issuer: settings → database, keys, registry, clock, routes. Nothing else builds anything."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fastapi import APIRouter, FastAPI

from badges.web.app import application
from badges.web.catalogue import Catalogue, load
from badges.web.pages import Pages
from issuer.accreditation import RegistryElsewhere, SnapshotSource
from issuer.addresses import Addresses
from issuer.api import api_routers
from issuer.claim import claim_routers
from issuer.database import open_database
from issuer.documents import Documents, document_router
from issuer.issuing import Issuing
from issuer.providers import ProviderKeys
from issuer.settings import IssuerSettings
from issuer.store import Store
from keys.public_key import JWS_ALGORITHMS, from_multikey
from keys.store import open_key_encryption_key
from schemas.documents import check_digests

Clock = Callable[[], datetime]
MIGRATIONS = Path(__file__).parent / "migrations"


class SettingsError(ValueError):
    """The settings contradict each other."""


@dataclass(frozen=True)
class Issuer:
    """An issuer, ready to be served and to be used by commands."""

    settings: IssuerSettings
    issuing: Issuing
    documents: Documents
    routers: tuple[APIRouter, ...]
    catalogue: Catalogue


def build(settings: IssuerSettings, *, snapshots: SnapshotSource | None = None, clock: Clock | None = None) -> Issuer:
    """Return an issuer.

    Args:
        settings: The operator's.
        snapshots: The registry, if it is in this process; else the one that the settings name.
        clock: Gives the present as an aware datetime; the computer's own by default.

    Raises:
        SettingsError: The registry's key is missing.
        KeyFormatError: The registry's key is none.
        KeyStoreError: The key-encryption key cannot be read.
    """
    check_digests()
    clock = clock or utc_now
    issuing = Issuing(
        store=Store(open_database(settings.database_url, migrations=MIGRATIONS)),
        keys=provider_keys(settings),
        snapshots=snapshots or registry_of(settings),
        addresses=Addresses(settings.public_url, settings.registry_url),
    )
    catalogue = load("badges.web", "issuer")
    pages = Pages(catalogue, "issuer")
    documents = Documents(issuing, clock)
    routers = (
        *api_routers(issuing, clock, catalogue, verifier=settings.verifier_url),
        *claim_routers(issuing, clock, pages, verifier=settings.verifier_url, receivers=settings.receivers),
        document_router(documents, issuing, pages),
    )
    return Issuer(settings, issuing, documents, routers, catalogue)


def create_app(settings: IssuerSettings | None = None) -> FastAPI:
    """Return the issuer as a web application of its own."""
    issuer = build(settings or IssuerSettings())
    return application(title="Akashi issuer", routers=issuer.routers, catalogue=issuer.catalogue)


def provider_keys(settings: IssuerSettings) -> ProviderKeys:
    """Return the providers' keys."""
    folder, given = settings.data / "keys", settings.key_encryption_key.get_secret_value()
    sealing = open_key_encryption_key(given, settings.key_encryption_key_path, folder)
    [vc_jwt] = [one for one, name in JWS_ALGORITHMS.items() if name == settings.vc_jwt_algorithm]
    return ProviderKeys(folder / "providers", sealing, vc_jwt=vc_jwt)


def registry_of(settings: IssuerSettings) -> SnapshotSource:
    """Return the registry that the settings name."""
    if not settings.registry_key:
        raise SettingsError("ISSUER_REGISTRY_KEY is missing: the key that the registry's snapshots are signed with")
    pinned = from_multikey(settings.registry_key)
    file = settings.data / "registry.jws"
    return RegistryElsewhere(f"{settings.registry_url}/registry/latest", file, pinned, time.monotonic)


def utc_now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)  # noqa: TID251 (the composition is where the clock is read)

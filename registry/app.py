"""Composition of the registry: settings → database, keys, clock, routes. Nothing else builds anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fastapi import APIRouter, FastAPI

from badges.web.app import application
from badges.web.catalogue import Catalogue, load
from badges.web.pages import Pages
from keys.public_key import Algorithm
from keys.signer import Signer
from keys.store import KeyStore, open_key_encryption_key
from registry.database import open_database
from registry.documents import Documents, register_router
from registry.frameworks import framework_router
from registry.settings import RegistrySettings
from registry.snapshot import Snapshots
from registry.store import Store
from schemas.documents import check_digests

Clock = Callable[[], datetime]
MIGRATIONS = Path(__file__).parent / "migrations"
OWNER = "registry"
"""The key store's name for the snapshot key."""


@dataclass(frozen=True)
class Registry:
    """A registry, ready to be served and to be written to."""

    settings: RegistrySettings
    store: Store
    snapshots: Snapshots
    documents: Documents
    signer: Signer
    routers: tuple[APIRouter, ...]
    catalogue: Catalogue


def build(settings: RegistrySettings, *, clock: Clock | None = None) -> Registry:
    """Return a registry; the first time, its key is made and its first, empty snapshot published.

    Raises:
        KeyStoreError: The keys cannot be read.
    """
    check_digests()
    clock = clock or utc_now
    store = Store(open_database(settings.database_url, migrations=MIGRATIONS))
    signer = snapshot_signer(settings, clock())
    snapshots = Snapshots(store, signer, settings.public_url)
    if snapshots.latest() is None:
        snapshots.publish(clock())
    documents = Documents(snapshots, settings.public_url)
    catalogue = load("badges.web", "registry")
    pages = Pages(catalogue, "registry")
    routers = (
        register_router(documents, snapshots, pages, clock),
        framework_router(pages, settings.public_url),
    )
    return Registry(settings, store, snapshots, documents, signer, routers, catalogue)


def create_app(settings: RegistrySettings | None = None) -> FastAPI:
    """Return the registry as a web application of its own."""
    registry = build(settings or RegistrySettings())
    return application(title="Akashi registry", routers=registry.routers, catalogue=registry.catalogue)


def snapshot_signer(settings: RegistrySettings, now: datetime) -> Signer:
    """Return what signs snapshots, made on first use; Ed25519, so that the pin is a short Multikey."""
    folder, given = settings.data / "keys", settings.key_encryption_key.get_secret_value()
    keys = KeyStore(folder, open_key_encryption_key(given, settings.key_encryption_key_path, folder))
    key_id = f"{settings.public_url}/registry#k1"
    records = keys.records(OWNER) or (keys.create(OWNER, Algorithm.ED25519, key_id=key_id, valid_from=now),)
    return keys.signer(records[-1])


def utc_now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)  # noqa: TID251 (the composition is where the clock is read)

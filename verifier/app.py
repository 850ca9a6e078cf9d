"""Composition of the verifier: settings → web, trust, clock, routes. Nothing else builds anything."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, FastAPI

from badges.accreditation.snapshot import MAX_SNAPSHOT_BYTES
from badges.web.app import application
from badges.web.catalogue import Catalogue, load
from badges.web.pages import Pages
from keys.public_key import from_multikey
from schemas.documents import check_digests
from verifier.api import verify_router
from verifier.cache import CachedWeb
from verifier.handover_api import Desk, data_router, handover_router
from verifier.lists import NewestSeen, StatusLists
from verifier.pages import page_routers
from verifier.report import Report
from verifier.settings import VerifierSettings
from verifier.trust import RegistryOnTheWeb, SnapshotSource, SnapshotStore, Trust
from verifier.verify import check_report
from verifier.web import GuardedWeb, Web

Clock = Callable[[], datetime]


class SettingsError(ValueError):
    """The settings contradict each other."""


@dataclass(frozen=True)
class Verifier:
    """A verifier, ready to be served: its routes, their texts, and `check`, which makes a report of anything."""

    routers: tuple[APIRouter, ...]
    catalogue: Catalogue
    check: Callable[[bytes], Report]


def build(
    settings: VerifierSettings,
    *,
    snapshots: SnapshotSource | None = None,
    web: Web | None = None,
    clock: Clock | None = None,
) -> Verifier:
    """Return a verifier.

    Args:
        settings: The operator's.
        snapshots: The registry, if it is in this process; else the one that the settings name, if any.
        web: Where documents are read; the guarded internet by default.
        clock: Gives the present as an aware datetime; the computer's own by default.

    Raises:
        SettingsError: A registry is named without its key, or the key is none.
    """
    check_digests()
    clock = clock or utc_now
    snapshots = snapshots or registry_of(settings, web or snapshot_web(settings))
    web = web or open_web(settings)
    lists = StatusLists(NewestSeen(settings.data / "status-lists.json"))
    catalogue = load("badges.web", "verifier")

    def check(data: bytes) -> Report:
        trust = Trust(snapshots.latest() if snapshots else None)
        return check_report(data, now=clock(), web=web, trust=trust, lists=lists)

    desk = Desk(web, lists, snapshots, clock)
    pages = page_routers(Pages(catalogue, "verifier"), public_url=settings.public_url)
    routers = (verify_router(check, catalogue), handover_router(desk), data_router(), *pages)
    return Verifier(routers, catalogue, check)


def create_app(settings: VerifierSettings | None = None) -> FastAPI:
    """Return the verifier as a web application of its own."""
    verifier = build(settings or VerifierSettings())
    return application(title="Akashi verifier", routers=verifier.routers, catalogue=verifier.catalogue)


def open_web(settings: VerifierSettings) -> Web:
    """Return the guarded internet, with a memory of some minutes."""
    return CachedWeb(GuardedWeb(local_hosts=settings.local_hosts))


def snapshot_web(settings: VerifierSettings) -> Web:
    """Return the registry's own way: its document is longer than others, and must not come from a memory of minutes."""
    return GuardedWeb(local_hosts=settings.local_hosts, max_bytes=MAX_SNAPSHOT_BYTES)


def registry_of(settings: VerifierSettings, web: Web) -> SnapshotSource | None:
    """Return the registry that the settings name, or None."""
    if not settings.registry_url:
        return None
    if not settings.registry_key:
        raise SettingsError("VERIFIER_REGISTRY_URL needs VERIFIER_REGISTRY_KEY, the key that its snapshots carry")
    store = SnapshotStore(settings.data / "registry.jws", from_multikey(settings.registry_key))
    return RegistryOnTheWeb(f"{settings.registry_url}/registry/latest", store, web, time.monotonic)


def utc_now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)  # noqa: TID251 (the composition is where the clock is read)

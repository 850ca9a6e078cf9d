"""Composition of the verifier: settings → web, trust, clock, routes. Nothing else builds anything."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from anyio import to_thread
from fastapi import APIRouter, FastAPI

from badges.accreditation.snapshot import MAX_SNAPSHOT_BYTES
from badges.web.app import application
from badges.web.catalogue import Catalogue, load
from badges.web.pages import Pages
from keys.public_key import from_multikey
from schemas.documents import check_digests
from verifier.allowance import DailyAllowance
from verifier.api import verify_router
from verifier.cache import CachedWeb
from verifier.database import UnusableDatabaseError, open_database
from verifier.handover_api import Desk, data_router, handover_router
from verifier.lists import NewestSeen, StatusLists
from verifier.pages import page_routers
from verifier.report import Report
from verifier.settings import VerifierSettings
from verifier.share_api import share_router
from verifier.share_store import ShareStore
from verifier.shares import Shares
from verifier.trust import RegistryOnTheWeb, SnapshotSource, SnapshotStore, Trust
from verifier.upload import upload_router
from verifier.verify import check_report
from verifier.web import GuardedWeb, Web

LOGGER = logging.getLogger("akashi.verifier")
MIGRATIONS = Path(__file__).parent / "migrations"
CLEANING_SECONDS = 60.0
Clock = Callable[[], datetime]


class SettingsError(ValueError):
    """The settings contradict each other."""


@dataclass(frozen=True)
class Verifier:
    """A verifier, ready to be served: its routes and texts, `check`, which makes a report of anything, and shares."""

    routers: tuple[APIRouter, ...]
    catalogue: Catalogue
    check: Callable[[bytes], Report]
    shares: Shares


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
        UnusableDatabaseError: The database of shares cannot be opened.
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

    shares = Shares(ShareStore(open_database(settings.database_url, migrations=MIGRATIONS)))
    allowance = DailyAllowance(settings.shares_per_day, settings.shares_per_address)
    desk = Desk(web, lists, snapshots, clock)
    pages = Pages(catalogue, "verifier")
    routers = (
        verify_router(check, catalogue),
        upload_router(check, pages),
        share_router(shares, allowance, clock),
        handover_router(desk),
        data_router(),
        APIRouter(lifespan=cleaning(shares, clock)),
        *page_routers(pages, public_url=settings.public_url),
    )
    return Verifier(routers, catalogue, check, shares)


def create_app(settings: VerifierSettings | None = None) -> FastAPI:
    """Return the verifier as a web application of its own."""
    verifier = build(settings or VerifierSettings())
    return application(title="Akashi verifier", routers=verifier.routers, catalogue=verifier.catalogue)


def cleaning(shares: Shares, clock: Clock) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Return the lifespan that deletes expired shares, also when nobody asks for any."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(clean_forever(shares, clock))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            shares.store.close()

    return lifespan


async def clean_forever(shares: Shares, clock: Clock, seconds: float = CLEANING_SECONDS) -> None:
    """Delete expired shares again and again; a database that is away for a while ends nothing."""
    while True:
        try:
            await to_thread.run_sync(lambda: shares.clean(clock()))
        except UnusableDatabaseError as error:
            LOGGER.warning("expired shares could not be deleted: %s", error)
        await asyncio.sleep(seconds)


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

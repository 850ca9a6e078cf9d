"""The public book: what is entered stays as it was, and snapshots only count up."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from badges.accreditation import Window, read_snapshot
from keys.did import DidError
from keys.public_key import Algorithm
from keys.signer import generate, local_signer
from registry import app, providers
from registry.app import Registry
from registry.database import open_database
from registry.frameworks import read
from registry.settings import RegistrySettings
from registry.store import AlreadyRegisteredError, NotRegisteredError
from schemas.frameworks import FRAMEWORKS

DID = "did:web:north.example"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://registry.example"


@pytest.fixture
def book(tmp_path: Path) -> Registry:
    made = app.build(RegistrySettings(public_url=URL, data=tmp_path), clock=lambda: NOW)
    providers.add_provider(made.store, slug="kita", did=DID, name={"ja": "北", "en": "North"}, url="https://x.example")
    return made


def key(number: int = 1):
    return local_signer(generate(Algorithm.ED25519), f"{DID}#k{number}").public


def test_a_provider_is_entered_once_and_only_under_a_did_web(book: Registry) -> None:
    again = {"slug": "kita", "name": {"ja": "x", "en": "x"}, "url": "https://x.example"}
    with pytest.raises(AlreadyRegisteredError):
        providers.add_provider(book.store, did="did:web:other.example", **again)
    with pytest.raises(DidError):
        providers.add_provider(book.store, did="did:key:z6Mk", **again)


def test_a_key_is_never_exchanged_nor_its_end_put_off(book: Registry) -> None:
    mine, end = key(), NOW + timedelta(days=1)
    put = {"key_id": f"{DID}#k1", "key": mine}
    providers.put_key(book.store, DID, **put, window=Window(NOW))
    providers.put_key(book.store, DID, **put, window=Window(NOW, end))
    providers.put_key(book.store, DID, **put, window=Window(NOW, end + timedelta(days=9)), revoked=NOW)

    with pytest.raises(AlreadyRegisteredError):
        providers.put_key(book.store, DID, key_id=f"{DID}#k1", key=key(), window=Window(NOW))
    with pytest.raises(NotRegisteredError):
        providers.put_key(book.store, "did:web:none.example", key_id="x", key=mine, window=Window(NOW))

    book.snapshots.publish(NOW)
    listed = book.snapshots.latest().providers[DID].keys[f"{DID}#k1"]
    assert (listed.window.end, listed.revoked) == (end, NOW)


def test_providers_entered_before_time_zones_have_their_day_in_tokyo(tmp_path: Path) -> None:
    settings = RegistrySettings(public_url=URL, data=tmp_path)
    engine = open_database(settings.database_url, migrations=app.MIGRATIONS)
    row = "'did:web:north.example', 'kita', '北', 'North', 'https://x.example', 'north.example'"
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE provider DROP COLUMN time_zone")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'r0001'")
        connection.exec_driver_sql(f"INSERT INTO provider VALUES ({row})")
    engine.dispose()

    book = app.build(settings, clock=lambda: NOW)

    assert book.store.entry("kita").time_zone == "Asia/Tokyo"


def test_snapshots_count_up_and_stay_readable(book: Registry) -> None:
    numbers = [book.snapshots.publish(NOW) for _ in range(3)]

    assert numbers == [2, 3, 4]
    texts = [book.documents.read(f"/registry/{number}").body.decode() for number in (1, *numbers)]
    assert [read_snapshot(text, book.signer.public).number for text in texts] == [1, 2, 3, 4]
    assert book.documents.read("/registry/latest").body.decode() == texts[-1]
    assert book.documents.read("/registry/99") is None


def test_the_same_key_signs_after_a_restart(book: Registry) -> None:
    again = app.build(RegistrySettings(public_url=URL, data=book.settings.data), clock=lambda: NOW)

    assert again.signer.public.to_jwk() == book.signer.public.to_jwk()
    assert again.snapshots.latest().number == 1


def test_every_framework_item_and_level_stands_at_its_address() -> None:
    paths = ["/frameworks"]
    for standard in FRAMEWORKS.values():
        base = f"/frameworks/{standard.key}"
        paths += [base, *(f"{base}/items/{item.id}" for item in standard.items)]
        paths += [f"{base}/levels/{scheme.id}/{step.value}" for scheme in standard.schemes for step in scheme.steps]

    assert all(read(path, URL) for path in paths)
    assert len(paths) > 100
    assert read("/frameworks/none/1", URL) is None
    assert read("/other", URL) is None

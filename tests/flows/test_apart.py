"""Registry and issuer as two services: the issuer asks the registry over HTTP, and keeps its last word."""

import secrets
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

import issuer.app
import registry.app
from akashi.accreditor import accreditor
from badges.accreditation import Scope, Window
from issuer.accreditation import RegistryElsewhere, fetch
from issuer.achievements import Definition, create_achievement
from issuer.app import SettingsError
from issuer.issuing import AwardRequest, Issued, issue
from issuer.providers import create_keys, day_start
from issuer.settings import IssuerSettings
from issuer.store import Provider
from keys.public_key import Algorithm
from keys.signer import generate, local_signer
from registry import providers as register
from registry.app import utc_now
from registry.settings import RegistrySettings
from tests.akashi.test_commands import ITEM
from tests.issuer.making import ACHIEVEMENT

DID = "did:web:north.example"


def serve(app: FastAPI, listener: socket.socket) -> tuple[uvicorn.Server, threading.Thread]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    return server, thread


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[registry.app.Registry, str]]:
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = RegistrySettings(public_url=url, data=tmp_path / "registry")
    made = registry.app.build(settings)
    server, thread = serve(registry.app.create_app(settings), listener)
    yield made, url
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


def test_the_issuer_asks_the_registry_over_http(book: tuple[registry.app.Registry, str], tmp_path: Path) -> None:
    made, url = book
    pin = made.signer.public.to_multikey()
    settings = IssuerSettings(data=tmp_path / "issuer", registry_url=url, registry_key=pin)
    service = issuer.app.build(settings)
    provider = Provider("kita", DID, "北の学校", "North School", "https://north.example/", "Asia/Tokyo")
    service.issuing.store.add_provider(provider)
    start = day_start(provider, utc_now())
    register.add_provider(made.store, slug="kita", did=DID, name={"ja": "北", "en": "North"}, url=provider.url)
    for record in create_keys(service.issuing.keys, provider, start):
        register.put_key(made.store, DID, key_id=record.key_id, key=record.public, window=Window(start))
    by = accreditor(generate(Algorithm.ED25519), "機関")
    scopes = [Scope("dss-p/2.0"), Scope("itss/3", scheme="itss", highest="4")]
    register.accredit(made.store, by, DID, scopes=scopes, window=Window(start), registry=url)
    made.snapshots.publish(utc_now())
    definition = Definition.model_validate_json(
        __import__("orjson").dumps({name: value for name, value in ACHIEVEMENT.items() if name != "id"})
    )
    create_achievement(
        service.issuing.store, service.issuing.addresses, provider, achievement_id="data", definition=definition
    )

    [issued] = issue([AwardRequest(secrets.token_urlsafe(32), "data")], provider, service.issuing, utc_now())

    assert isinstance(issued, Issued)
    assert (tmp_path / "issuer" / "registry.jws").is_file()
    assert httpx.get(f"{url}/registry/latest").text == httpx.get(f"{url}/registry").text
    assert httpx.get(f"{url}/registry/1").headers["cache-control"].endswith("immutable")
    page = httpx.get(f"{url}/registry", headers={"Accept": "text/html", "Accept-Language": "en"}).text
    assert "north.example" in page
    assert ITEM.startswith("dss-p/2.0")


def test_the_last_word_counts_while_the_registry_is_silent(
    book: tuple[registry.app.Registry, str], tmp_path: Path
) -> None:
    made, url = book
    file, pin = tmp_path / "kept.jws", made.signer.public
    ticks = iter(range(0, 10_000, 100))
    known = RegistryElsewhere(f"{url}/registry/latest", file, pin, lambda: next(ticks))
    first = known.latest()
    assert first is not None

    silent = RegistryElsewhere("http://127.0.0.1:1/registry/latest", file, pin, lambda: next(ticks))
    stranger = local_signer(generate(Algorithm.ED25519), "").public
    mistrusting = RegistryElsewhere(f"{url}/registry/latest", file, stranger, lambda: next(ticks))

    assert silent.latest() == first
    assert mistrusting.latest() is None
    with pytest.raises(OSError, match="HTTP Error 404"):
        fetch(f"{url}/registry/99")


def test_an_issuer_alone_needs_the_registrys_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="ISSUER_REGISTRY_KEY"):
        issuer.app.build(IssuerSettings(data=tmp_path))
    pin = local_signer(generate(Algorithm.ED25519), "").public.to_multikey()

    assert issuer.app.create_app(IssuerSettings(data=tmp_path, registry_key=pin)).title == "Akashi issuer"

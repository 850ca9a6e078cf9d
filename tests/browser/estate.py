"""Issuer, registry and verifier at three origins, with the demonstration's providers; what they receive is recorded."""

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from akashi.app import House, utc_now
from akashi.demo import Demonstration
from badges.web.app import application
from badges.web.catalogue import load
from issuer.offers import NewOffer, create_offers, expiry
from issuer.settings import IssuerSettings
from registry.settings import RegistrySettings
from verifier.settings import VerifierSettings

SERVICES = ("issuer", "registry", "verifier")


@dataclass
class Received:
    """A request as a service received it."""

    service: str
    method: str
    target: str
    headers: bytes
    body: bytearray = field(default_factory=bytearray)

    @property
    def whole(self) -> bytes:
        """Everything of it."""
        return b"\n".join([f"{self.method} {self.target}".encode(), self.headers, bytes(self.body)])


class Recorder:
    """Passes requests on to a service, and remembers them whole."""

    def __init__(self, app: ASGIApp, service: str, received: list[Received]) -> None:
        self.app, self.service, self.received = app, service, received

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        target = scope["raw_path"].decode("latin-1") + "?" + scope["query_string"].decode("latin-1")
        headers = b"\n".join(b"%s: %s" % pair for pair in scope["headers"])
        one = Received(self.service, scope["method"], target, headers)
        self.received.append(one)

        async def listen() -> Message:
            message = await receive()
            one.body += message.get("body", b"")
            return message

        await self.app(scope, listen, send)


@dataclass(frozen=True)
class Estate:
    """What runs, where, and what it was told."""

    issuer: str
    registry: str
    verifier: str
    folder: Path
    # Not in the words of a test that fails: they would fill a book.
    house: House = field(repr=False)
    demonstration: Demonstration = field(repr=False)
    received: list[Received] = field(repr=False)

    def offer(self, provider: str, achievement: str) -> str:
        """Return a claim link of a provider."""
        who = self.demonstration.provider(provider)
        new, now = NewOffer(secrets.token_urlsafe(32)), self.demonstration.now
        made = create_offers([new], achievement, who, self.demonstration.issuing, now=now, expires=expiry(who, now, 30))
        return f"{self.issuer}/c#{made.tokens[0]}"


@contextmanager
def estate(folder: Path) -> Iterator[Estate]:
    """Serve the three, each at its own port, and stop them in the end."""
    listeners = {name: socket.create_server(("127.0.0.1", 0)) for name in SERVICES}
    at = {name: f"http://127.0.0.1:{one.getsockname()[1]}" for name, one in listeners.items()}
    received: list[Received] = []
    house = settle(folder, at)
    demonstration = Demonstration(house)
    demonstration.load()
    routers = {name: getattr(house, name).routers for name in SERVICES}
    with ExitStack() as running:
        for name, listener in listeners.items():
            app = application(title=name, routers=routers[name], catalogue=load("badges.web", name))
            running.enter_context(served(Recorder(app, name, received), listener))
        yield Estate(at["issuer"], at["registry"], at["verifier"], folder, house, demonstration, received)


def settle(folder: Path, at: dict[str, str]) -> House:
    """Return the house in which each service has an address of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    return House(
        utc_now,
        together=True,
        issuer_settings=IssuerSettings(
            public_url=at["issuer"], data=folder, verifier_url=at["verifier"], registry_url=at["registry"]
        ),
        registry_settings=RegistrySettings(public_url=at["registry"], data=folder),
        verifier_settings=VerifierSettings(
            public_url=at["verifier"],
            data=folder / "verifier",
            local_hosts=frozenset(url.removeprefix("http://") for url in at.values()),
        ),
    )


@contextmanager
def served(app: ASGIApp | FastAPI, listener: socket.socket) -> Iterator[None]:
    """Serve an application from a thread of this process."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()

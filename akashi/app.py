"""The three services in one process, under one address, reading each other's documents without a socket."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI

import issuer.app
import registry.app
import verifier.app
from badges.web.app import application
from badges.web.catalogue import load
from issuer.app import Issuer
from issuer.settings import IssuerSettings
from registry.app import Registry
from registry.settings import RegistrySettings
from verifier.app import Verifier, open_web
from verifier.settings import VerifierSettings
from verifier.web import OwnWeb

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class House:
    """Issuer, registry and verifier over one data folder."""

    public_url: str
    data: Path
    clock: Clock
    issuer: Issuer
    registry: Registry
    verifier: Verifier

    def application(self) -> FastAPI:
        """Return all three as one web application."""
        routers = (*self.verifier.routers, *self.registry.routers, *self.issuer.routers)
        catalogue = load("badges.web", "verifier", "registry", "issuer")
        return application(title="Akashi", routers=routers, catalogue=catalogue)

    def read(self, url: str, accept: str) -> bytes | None:
        """Return what stands at an address of ours, None for one of somebody else's."""
        return own_document(url, accept, self.public_url, provider=self.issuer, book=self.registry)


def open_house(
    data: Path, public_url: str, *, clock: Clock | None = None, databases: tuple[str, str] = ("", "")
) -> House:
    """Return the three services over a data folder, which is made if it is missing.

    Args:
        data: Holds the databases, the keys and what the verifier has seen.
        public_url: Where people reach all three.
        clock: Gives the present; the computer's own by default.
        databases: The SQLAlchemy URLs of the registry's and of the issuer's; "" for SQLite in the folder.

    Raises:
        ValidationError: Not an address.
        KeyStoreError: The keys cannot be read.
    """
    clock = clock or utc_now
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    book = registry.app.build(RegistrySettings(public_url=public_url, data=data, database=databases[0]), clock=clock)
    provider = issuer.app.build(
        IssuerSettings(
            public_url=public_url, data=data, database=databases[1], verifier_url=public_url, registry_url=public_url
        ),
        snapshots=book.snapshots,
        clock=clock,
    )
    settings = VerifierSettings(public_url=public_url, data=data / "verifier")

    def own(url: str, accept: str) -> bytes | None:
        return own_document(url, accept, public_url, provider=provider, book=book)

    checker = verifier.app.build(settings, snapshots=book.snapshots, web=OwnWeb(own, open_web(settings)), clock=clock)
    return House(public_url, data, clock, provider, book, checker)


def own_document(url: str, accept: str, public_url: str, *, provider: Issuer, book: Registry) -> bytes | None:
    """Return the document at an address of this house, or None.

    A did:web says https even where this house is reached by http on the same computer, and a provider with a domain of
    its own has its DID document there: both are answered from here.
    """
    path = provider.documents.did_documents().get(url)
    if path is None:
        try:
            asked, ours = urlsplit(url), urlsplit(public_url)
        except ValueError:
            return None  # such as https://[: whoever reads the rest of the web refuses it
        if asked.netloc != ours.netloc or asked.query:
            return None
        path = asked.path
    document = provider.documents.read(path, accept) or book.documents.read(path)
    return document.body if document else None


def utc_now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)  # noqa: TID251 (the composition is where the clock is read)

"""The three services in one process under one address, or each where it stands, as a command finds them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar
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
Settings = TypeVar("Settings")


class ElsewhereError(Exception):
    """A service that is not configured here: it is administered where its settings are."""

    def __init__(self, service: str) -> None:
        super().__init__(f"the {service}'s settings are not in this environment")


@dataclass(frozen=True)
class House:
    """The services that can be administered from here, each opened when it is first asked for.

    Attributes:
        together: All three stand over one folder, under one address, and read each other's documents without a socket.
            Else each stands on its own, as it runs, and the issuer asks its registry by HTTP.
    """

    clock: Clock
    together: bool
    issuer_settings: IssuerSettings | None
    registry_settings: RegistrySettings | None
    verifier_settings: VerifierSettings | None = None

    @property
    def public_url(self) -> str:
        """Where people reach all three.

        Raises:
            ElsewhereError: They stand apart.
        """
        return here(self.verifier_settings, "verifier").public_url

    @property
    def data(self) -> Path:
        """The folder of all three; raises as `public_url`."""
        return here(self.verifier_settings, "verifier").data.parent

    @cached_property
    def registry(self) -> Registry:
        """The registry; raises `ElsewhereError`, and what `registry.app.build` does."""
        return registry.app.build(here(self.registry_settings, "registry"), clock=self.clock)

    @cached_property
    def issuer(self) -> Issuer:
        """The issuer; raises `ElsewhereError`, and what `issuer.app.build` does."""
        settings = here(self.issuer_settings, "issuer")
        snapshots = self.registry.snapshots if self.together else None
        return issuer.app.build(settings, snapshots=snapshots, clock=self.clock)

    @cached_property
    def verifier(self) -> Verifier:
        """The verifier; raises `ElsewhereError`."""
        settings = here(self.verifier_settings, "verifier")
        web = OwnWeb(self.read, open_web(settings))
        return verifier.app.build(settings, snapshots=self.registry.snapshots, web=web, clock=self.clock)

    def application(self) -> FastAPI:
        """Return all three as one web application."""
        routers = (*self.verifier.routers, *self.registry.routers, *self.issuer.routers)
        catalogue = load("badges.web", "verifier", "registry", "issuer")
        return application(title="Akashi", routers=routers, catalogue=catalogue)

    def read(self, url: str, accept: str) -> bytes | None:
        """Return what stands at an address of ours, None for one of somebody else's."""
        return own_document(url, accept, self.public_url, provider=self.issuer, book=self.registry)


def here(settings: Settings | None, service: str) -> Settings:
    """Return a service's settings.

    Raises:
        ElsewhereError: There are none here.
    """
    if settings is None:
        raise ElsewhereError(service)
    return settings


def open_house(
    data: Path, public_url: str, *, clock: Clock | None = None, databases: tuple[str, str] = ("", "")
) -> House:
    """Return the three services over a data folder, which is made if it is missing.

    Args:
        data: Holds the databases, the keys and what the verifier has seen.
        public_url: Where people reach all three.
        clock: Gives the present; the computer's own by default.
        databases: The SQLAlchemy URLs of the registry's and of the issuer's; "" for those of the environment, and
            SQLite in the folder where it names none.

    Raises:
        ValidationError: Not an address, or a setting of the environment that cannot be meant.
    """
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    book = RegistrySettings(public_url=public_url, data=data)
    provider = IssuerSettings(public_url=public_url, data=data, verifier_url=public_url, registry_url=public_url)
    return House(
        clock or utc_now,
        together=True,
        issuer_settings=provider.model_copy(update={"database": databases[1] or provider.database}),
        registry_settings=book.model_copy(update={"database": databases[0] or book.database}),
        verifier_settings=VerifierSettings(public_url=public_url, data=data / "verifier"),
    )


def open_apart(*, clock: Clock | None = None) -> House | None:
    """Return the services that the environment configures each on its own; None if it configures none so.

    A service stands apart when its public address is in the environment, or, for an issuer, its registry's key.

    Raises:
        ValidationError: A setting that cannot be meant.
    """
    provider, book = IssuerSettings(), RegistrySettings()
    issues = "public_url" in provider.model_fields_set or bool(provider.registry_key)
    keeps = "public_url" in book.model_fields_set
    if not issues and not keeps:
        return None
    return House(
        clock or utc_now,
        together=False,
        issuer_settings=provider if issues else None,
        registry_settings=book if keeps else None,
    )


def own_document(url: str, accept: str, public_url: str, *, provider: Issuer, book: Registry) -> bytes | None:
    """Return the document at an address of this house, or None.

    A did:web says https even where this house is reached by http on the same computer, and a provider with a domain of
    its own has its DID document there: both are answered from here.
    """
    path = provider.documents.did_documents().get(url)
    if path is None:
        asked, ours = urlsplit(url), urlsplit(public_url)
        if asked.netloc != ours.netloc or asked.query:
            return None
        path = asked.path
    document = provider.documents.read(path, accept) or book.documents.read(path)
    return document.body if document else None


def utc_now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)  # noqa: TID251 (the composition is where the clock is read)

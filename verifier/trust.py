"""The registry as the verifier knows it: the newest snapshot that it has seen."""

import logging
import os
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from badges.accreditation import RegisteredKey, RegisteredProvider, Snapshot, read_snapshot
from badges.errors import BadgeError
from keys.public_key import KeyFormatError, PublicKey
from verifier.web import UnreachableError, Web

LOGGER = logging.getLogger("akashi.verifier")

REFRESH_SECONDS = 60.0
"""How long a snapshot is used before the registry is asked for a newer one."""

ACCEPT = "application/jose, application/jwt;q=0.9, text/plain;q=0.8"


class SnapshotSource(Protocol):
    """Where the verifier gets its snapshot from."""

    def latest(self) -> Snapshot | None:
        """Return the newest snapshot, or None while there is none."""
        ...

    def text(self) -> str | None:
        """Return the same as it was signed, a compact JWS."""
        ...


@dataclass(frozen=True)
class Trust:
    """What one verification believes about issuers; without a snapshot nothing."""

    snapshot: Snapshot | None = None

    def provider(self, did: str) -> RegisteredProvider | None:
        """Return the registered provider with this DID."""
        return self.snapshot.providers.get(did) if self.snapshot else None

    def key(self, key_id: str) -> RegisteredKey | None:
        """Return the registered key with this id; its provider is the part before the `#`."""
        provider = self.provider(key_id.partition("#")[0])
        return provider.keys.get(key_id) if provider else None


class SnapshotStore:
    """The newest snapshot seen, kept in a small file: an older one is refused for good.

    Args:
        path: Where it is kept; None keeps it in memory.
        pinned: The registry's key, from the settings.
    """

    def __init__(self, path: Path | None, pinned: PublicKey) -> None:
        self.path = path
        self.pinned = pinned
        self.lock = threading.Lock()
        self.newest: Snapshot | None = None
        self.text: str | None = None
        if path is not None and path.exists():
            # One that another key signed is of no use any more: the operator has pinned a new one.
            with suppress(BadgeError, KeyFormatError):
                kept = path.read_text("ascii")
                self.newest, self.text = read_snapshot(kept, pinned), kept

    def receive(self, jws: str) -> Snapshot:
        """Return the newest snapshot, which is the given one if its number is higher than any before.

        Raises:
            BadgeError: The text is no snapshot signed with the pinned key.
        """
        snapshot = read_snapshot(jws, self.pinned)
        with self.lock:
            if self.newest is None or snapshot.number > self.newest.number:
                self.newest, self.text = snapshot, jws
                if self.path is not None:
                    write_atomically(self.path, jws.encode("ascii"))
            return self.newest


class RegistryOnTheWeb:
    """A registry elsewhere, asked at most once a minute; while it is silent, its last word counts.

    One thread asks; the others go on with what is known, if anything is.
    """

    def __init__(self, url: str, store: SnapshotStore, web: Web, elapsed: Callable[[], float]) -> None:
        self.url = url
        self.store = store
        self.web = web
        self.elapsed = elapsed
        self.asked: float | None = None
        self.lock = threading.Lock()

    def latest(self) -> Snapshot | None:
        """Return the newest snapshot that was ever received."""
        if self.is_due() and self.lock.acquire(blocking=self.store.newest is None):
            try:
                if self.is_due():
                    self.asked = self.elapsed()
                    self.ask()
            finally:
                self.lock.release()
        return self.store.newest

    def text(self) -> str | None:
        """Return the newest snapshot as it was signed."""
        self.latest()
        return self.store.text

    def is_due(self) -> bool:
        """Tell whether the last word is older than a minute."""
        return self.asked is None or self.elapsed() - self.asked >= REFRESH_SECONDS

    def ask(self) -> None:
        """Ask the registry; what cannot be read or trusted changes nothing but the log."""
        try:
            self.store.receive(self.web.get(self.url, accept=ACCEPT).decode("ascii").strip())
        except (UnreachableError, UnicodeDecodeError, BadgeError, KeyFormatError) as error:
            LOGGER.warning("the registry's snapshot could not be renewed: %s", getattr(error, "code", "not-ascii"))


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that a reader, also after a crash, sees the old or the new one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)

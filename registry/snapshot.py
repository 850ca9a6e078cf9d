"""The signed, numbered document that issuers and verifiers read."""

from dataclasses import replace
from datetime import datetime

from badges.accreditation import Snapshot, read_accreditation, read_snapshot, write_snapshot
from keys.signer import Signer
from registry.store import Book, Store


class Snapshots:
    """Publishes snapshots and reads the newest; parsed once for each number."""

    def __init__(self, store: Store, signer: Signer, public_url: str) -> None:
        self._store = store
        self._signer = signer
        self._public_url = public_url
        self._newest: Snapshot | None = None

    def publish(self, now: datetime) -> int:
        """Sign and keep the register as it stands; return its number."""

        def sign(number: int, book: Book) -> str:
            return write_snapshot(snapshot_of(book, number, now, self._public_url), self._signer)

        return self._store.publish(sign)[0]

    def latest(self) -> Snapshot | None:
        """Return the newest snapshot, or None before the first."""
        found = self._store.snapshot()
        if found is None:
            return None
        number, jws = found
        if self._newest is None or self._newest.number != number:
            self._newest = read_snapshot(jws, self._signer.public)
        return self._newest

    def text(self, number: int | None = None) -> str | None:
        """Return the signed text of a snapshot, the newest by default; None if there is none."""
        found = self._store.snapshot(number)
        return found[1] if found else None


def snapshot_of(book: Book, number: int, now: datetime, registry: str) -> Snapshot:
    """Return what is to be signed."""
    given = [read_accreditation(text, provider, book.accreditors, registry) for provider, text in book.accreditations]
    providers = {
        provider.did: replace(provider, accreditations=tuple(one for one in given if one.provider == provider.did))
        for provider in book.providers
    }
    return Snapshot(number, now, registry, providers, book.accreditors)

"""May this provider issue this, today? Read from the last good snapshot of the registry."""

import threading
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from badges.accreditation import Snapshot, Standing, read_snapshot, standing
from badges.errors import BadgeError
from badges.model import Achievement, Result
from keys.public_key import KeyFormatError, PublicKey
from keys.store import write_private

REFRESH_SECONDS = 60.0
TIMEOUT_SECONDS = 5.0
MAX_BYTES = 16 * 1_048_576


class SnapshotSource(Protocol):
    """Where the issuer gets its snapshot from."""

    def latest(self) -> Snapshot | None:
        """Return the newest snapshot, or None while there is none."""
        ...


def refusal(
    snapshot: Snapshot | None,
    did: str,
    achievement: Achievement,
    result: tuple[Result, ...],
    *,
    keys: list[str],
    moments: list[datetime],
) -> str:
    """Return why the registry does not vouch for this, a code of `badges.accreditation.standing`; "" if it does.

    Args:
        snapshot: What the registry says; without one nothing is vouched for ("no-register").
        did: The provider's.
        achievement: What is to be issued.
        result: What was reached.
        keys: The verification methods that would sign.
        moments: When it must hold: at the day of issue, which verifiers will look at, and now.
    """
    if snapshot is None:
        return "no-register"
    claims = achievement.to_json(), [one.to_json() for one in result]
    answers = (standing(snapshot, did, *claims, key_id=key, at=at) for key in keys for at in moments)
    return next((answer.reason for answer in answers if answer.standing is not Standing.ACCREDITED), "")


class RegistryElsewhere:
    """The registry that the settings name, asked at most once a minute; while it is silent, its last word counts.

    Args:
        url: Of the newest snapshot, from the settings: the only address that an issuer ever calls.
        file: Where the newest snapshot is kept, so that an issuer starts while the registry is away.
        pinned: The registry's key.
        elapsed: Seconds of a clock that never goes back.
    """

    def __init__(self, url: str, file: Path, pinned: PublicKey, elapsed: Callable[[], float]) -> None:
        self._url = url
        self._file = file
        self._pinned = pinned
        self._elapsed = elapsed
        self._asked: float | None = None
        self._lock = threading.Lock()
        self._newest: Snapshot | None = None
        if file.exists():
            with suppress(BadgeError, KeyFormatError, UnicodeDecodeError):
                self._newest = read_snapshot(file.read_text("ascii"), pinned)

    def latest(self) -> Snapshot | None:
        """Return the newest snapshot that was ever received."""
        with self._lock:
            if self._asked is None or self._elapsed() - self._asked >= REFRESH_SECONDS:
                self._asked = self._elapsed()
                with suppress(OSError, ValueError, BadgeError, KeyFormatError):
                    self._receive(fetch(self._url))
        return self._newest

    def _receive(self, jws: str) -> None:
        snapshot = read_snapshot(jws, self._pinned)
        if self._newest is None or snapshot.number > self._newest.number:
            self._newest = snapshot
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_private(self._file, jws.encode("ascii"))


def fetch(url: str) -> str:
    """Return the text at the registry's address.

    Raises:
        OSError: It cannot be reached.
        ValueError: Too long, or not ASCII.
    """
    with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - an address from the settings
        body: bytes = answer.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise ValueError("the snapshot is too long")
    return body.decode("ascii").strip()

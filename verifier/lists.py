"""Status lists: fetched, proved, and never older than the newest one seen."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from badges import proof
from badges.errors import BadgeError
from badges.proof import VerifiedCredential
from badges.status import StatusEntry, get_bit, read_list
from keys.public_key import KeyFormatError
from verifier.cache import Memory
from verifier.reading import MAX_SKEW, issuer_id, moment, valid_from, valid_until_text
from verifier.resolve import ResolvedKey, Source, UnresolvedKeyError, confirm, resolve
from verifier.trust import Trust, write_atomically
from verifier.web import UnreachableError, Web

ACCEPT = "application/vc+ld+json, application/vc+jwt;q=0.9, application/json;q=0.8, */*;q=0.1"

MAX_REMEMBERED = 10_000
"""Lists whose newest number is kept, of providers and of strangers each; the one used longest ago goes first."""

TRUSTED_SECONDS = 300.0
"""How long a proof counts that was checked before, when the list has not changed."""


class ListError(Exception):
    """A status list does not tell whether the bit is set. `certain`: the list, as its issuer signed it, is wrong."""

    def __init__(self, code: str, *, certain: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.certain = certain


class NewestSeen:
    """The newest `validFrom` seen of each list, kept in a small file.

    By the digest of the list's URL: a badge names that URL, and whoever made the badge may have put anything into it.
    Lists of registered providers and of strangers are remembered apart: anybody can sign any number of lists, and none
    may push a provider's out.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.lock = threading.Lock()
        kept = orjson.loads(path.read_bytes()) if path is not None and path.exists() else {}
        self.providers = numbers_in(kept, "providers")
        self.strangers = numbers_in(kept, "strangers")

    def admit(self, url: str, number: datetime, *, registered: bool) -> bool:
        """Tell whether a list with this `validFrom` is as new as any seen before, and remember it.

        Args:
            url: The list's.
            number: Its `validFrom`.
            registered: Whether its issuer is in the registry; it may not have been, when the list was last seen.
        """
        name = hashlib.sha256(url.encode()).hexdigest()
        with self.lock:
            before = [seen[name] for seen in (self.providers, self.strangers) if name in seen]
            if before and number < max(before):
                return False
            remembered = self.providers if registered else self.strangers
            is_new = remembered.get(name) != number
            remembered[name] = number
            remembered.move_to_end(name)
            if len(remembered) > MAX_REMEMBERED:
                remembered.popitem(last=False)
            if self.path is not None and is_new:
                kept = {"providers": dict(self.providers), "strangers": dict(self.strangers)}
                write_atomically(self.path, orjson.dumps(kept))
            return True


def numbers_in(kept: dict[str, dict[str, str]], whose: str) -> OrderedDict[str, datetime]:
    """Return the numbers of a file's part, the one used longest ago first."""
    return OrderedDict((name, datetime.fromisoformat(number)) for name, number in kept.get(whose, {}).items())


@dataclass(frozen=True)
class ListAnswer:
    """A bit, and whether the list that has it names another address as its own.

    A misplaced list may be another one of its issuer's, put there to hide a revocation: it never shows a badge good.
    """

    bit: bool
    misplaced: bool


@dataclass(frozen=True)
class ProvedList:
    """What a status list says, once its proof has verified with its issuer's key; and when that was."""

    bits: bytes
    start: datetime
    end: datetime | None
    misplaced: bool
    checked: float


class StatusLists:
    """Reads status lists for any number of verifications.

    Args:
        seen: The numbers that no list may fall behind.
        elapsed: A clock that only runs forward, in seconds.
    """

    def __init__(self, seen: NewestSeen | None = None, elapsed: Callable[[], float] = time.monotonic) -> None:
        self.seen = seen or NewestSeen()
        self.elapsed = elapsed
        # By the list's very bytes: the web's own memory hands out the same object, whose hash is known.
        self.proved: Memory[tuple[object, ...], ProvedList] = Memory()
        self.dates: Memory[str, datetime] = Memory()

    def ask(self, entry: StatusEntry, issuer: str, *, now: datetime, web: Web, trust: Trust) -> ListAnswer:
        """Return the bit of an entry in the list that its issuer signed.

        Raises:
            ListError: The list is missing, not the issuer's, out of date, or does not cover the entry.
        """
        proved = self.proved_list(fetch(entry.list_url, web), entry, issuer, web=web, trust=trust)
        check_period(proved.start, proved.end, now)
        # After the period, so that nobody can outdate a list by one from the future.
        registered = trust.provider(issuer) is not None
        if not proved.misplaced and not self.seen.admit(entry.list_url, proved.start, registered=registered):
            raise ListError("list-older-than-seen")
        self.dates.put(entry.list_url, proved.start, len(entry.list_url))
        try:
            return ListAnswer(get_bit(proved.bits, entry.index), proved.misplaced)
        except IndexError as error:
            raise ListError("index-out-of-range", certain=True) from error

    def date_of(self, url: str) -> datetime | None:
        """Return the `validFrom` of the list last read at a URL; None where none was."""
        return self.dates.get(url)

    def proved_list(self, data: bytes, entry: StatusEntry, issuer: str, *, web: Web, trust: Trust) -> ProvedList:
        """Return the list with its proof verified: once in five minutes for the same bytes and the same registry."""
        snapshot = trust.snapshot.number if trust.snapshot else None
        key = (data, issuer, entry.list_url, entry.purpose, snapshot)
        known = self.proved.get(key)
        if known is not None and self.elapsed() - known.checked < TRUSTED_SECONDS:
            return known
        credential, signer = prove(data, issuer, web, trust)
        proved = read_proved(credential, entry, self.elapsed())
        if not signer.good_at(proved.start):
            raise ListError("list-key-not-valid")
        self.proved.put(key, proved, len(data) + len(proved.bits))
        return proved


def read_proved(credential: VerifiedCredential, entry: StatusEntry, checked: float) -> ProvedList:
    """Return the content of a list whose proof verified."""
    start, end_text = valid_from(credential.claims), valid_until_text(credential.claims)
    end = moment(end_text)
    if start is None or (end_text is not None and end is None):
        raise ListError("list-without-dates", certain=True)
    # A list that calls itself something else is read all the same: `ListAnswer` says what it is good for.
    misplaced = credential.claims.get("id") != entry.list_url
    try:
        bits = read_list(credential.claims, entry)
    except BadgeError as error:
        raise ListError(error.code, certain=True) from error
    return ProvedList(bits, start, end, misplaced, checked)


def fetch(url: str, web: Web) -> bytes:
    """Return the document at a list's URL."""
    try:
        return web.get(url, accept=ACCEPT)
    except UnreachableError as error:
        raise ListError("list-url-not-allowed" if error.code == "not-allowed" else "list-unreachable") from error


def prove(data: bytes, issuer: str | None, web: Web, trust: Trust) -> tuple[VerifiedCredential, ResolvedKey]:
    """Return the list, proved with a key of its issuer, and that key.

    Args:
        data: The list as it was read.
        issuer: Who must have signed it: the issuer of the credential that names it; None for whomever it names itself.

    Raises:
        ListError: It is not theirs.
    """
    try:
        unverified = proof.peek(data.decode("utf-8").strip())
    except (UnicodeDecodeError, BadgeError) as error:
        raise ListError("list-unreadable") from error
    named = issuer_id(unverified.claims)
    if not named or (issuer is not None and named != issuer):
        raise ListError("list-of-another-issuer")
    if len(unverified.proofs) != 1:
        # Each could make us ask another host for its key; a list needs its issuer's word alone.
        raise ListError("list-not-authentic")
    [reference] = unverified.proofs
    try:
        resolved = resolve(reference, web, trust)
        credential = proof.verify(unverified, {reference.verification_method or "": resolved.key})
        key = confirm(resolved, named, web, trust) if resolved.source is Source.BADGE else resolved
    except UnresolvedKeyError as error:
        raise ListError("list-key-unknown") from error
    except (BadgeError, KeyFormatError) as error:
        raise ListError("list-not-authentic") from error
    if key is None or key.controller != named:
        raise ListError("list-not-authentic")
    if trust.provider(named) is not None and key.source is not Source.REGISTRY:
        # Whoever holds the issuer's web site could add a key to its document, and un-revoke with it.
        raise ListError("list-key-not-registered")
    return credential, key


def check_period(start: datetime, end: datetime | None, now: datetime) -> None:
    """Refuse a list that does not speak of now."""
    if start > now + MAX_SKEW:
        raise ListError("list-not-yet-valid")
    if end is not None and now > end:
        raise ListError("list-expired")

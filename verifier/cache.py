"""What was read from the web, kept for some minutes, and asked for once however many wait for it."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from verifier.web import UnreachableError, Web

KEEP_SECONDS = 300.0
"""Within the ten minutes that a revoked badge or key may still look good."""

KEEP_FAILURE_SECONDS = 30.0
MAX_CACHED_BYTES = 67_108_864
COST_OF_ENTRY = 1_024
"""Bytes that an entry counts at least, so that failures cannot pile up either."""


K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """What is remembered, up to `MAX_CACHED_BYTES`; what came first is forgotten first. For any number of threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self.cost = 0

    def get(self, key: K) -> V | None:
        """Return what is remembered under a key."""
        with self.lock:
            found = self.kept.get(key)
        return found[0] if found else None

    def put(self, key: K, value: V, size: int) -> None:
        """Remember a value of so many bytes."""
        cost = size + COST_OF_ENTRY
        with self.lock:
            _, freed = self.kept.pop(key, (None, 0))
            self.kept[key] = (value, cost)
            self.cost += cost - freed
            while self.cost > MAX_CACHED_BYTES:
                _, (_, freed) = self.kept.popitem(last=False)
                self.cost -= freed


@dataclass(frozen=True)
class Page:
    """What a URL answered, or why it did not, and until when that counts."""

    answer: bytes | str
    until: float


class CachedWeb:
    """A web that remembers. Any number of threads may ask; for one URL, one of them goes out.

    Args:
        web: Where documents come from.
        elapsed: A clock that only runs forward, in seconds.
    """

    def __init__(self, web: Web, elapsed: Callable[[], float] = time.monotonic) -> None:
        self.web = web
        self.elapsed = elapsed
        self.lock = threading.Lock()
        self.pages: Memory[tuple[str, str], Page] = Memory()
        self.flights: dict[tuple[str, str], threading.Lock] = {}

    def get(self, url: str, *, accept: str) -> bytes:
        """Return the document at a URL, from memory if it is recent."""
        key = (url, accept)
        page = self.known(key)
        if page is None:
            with self.lock:
                flight = self.flights.setdefault(key, threading.Lock())
            with flight:
                page = self.known(key) or self.fetch(key)
        if isinstance(page.answer, str):
            raise UnreachableError(page.answer)
        return page.answer

    def known(self, key: tuple[str, str]) -> Page | None:
        """Return what is remembered, unless it is too old."""
        page = self.pages.get(key)
        return page if page is not None and self.elapsed() < page.until else None

    def fetch(self, key: tuple[str, str]) -> Page:
        """Go out and remember the answer."""
        url, accept = key
        try:
            page = Page(self.web.get(url, accept=accept), self.elapsed() + KEEP_SECONDS)
        except UnreachableError as error:
            page = Page(error.code, self.elapsed() + KEEP_FAILURE_SECONDS)
        self.pages.put(key, page, len(page.answer))
        with self.lock:
            self.flights.pop(key, None)
        return page

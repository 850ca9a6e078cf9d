"""What was read from the web, kept for some minutes, and asked for once however many wait for it."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from verifier.web import UnreachableError, Web

KEEP_SECONDS = 300.0
"""Within the ten minutes that a revoked badge or key may still look good."""

KEEP_FAILURE_SECONDS = 30.0
MAX_CACHED_BYTES = 67_108_864
COST_OF_ENTRY = 1_024
"""Bytes that an entry counts at least, so that failures cannot pile up either."""


@dataclass(frozen=True)
class Page:
    """What a URL answered, or why it did not, and until when that counts."""

    answer: bytes | str
    until: float

    @property
    def cost(self) -> int:
        """Return how much memory it counts for."""
        return len(self.answer) + COST_OF_ENTRY


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
        self.pages: OrderedDict[tuple[str, str], Page] = OrderedDict()
        self.cost = 0
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
        with self.lock:
            page = self.pages.get(key)
            return page if page is not None and self.elapsed() < page.until else None

    def fetch(self, key: tuple[str, str]) -> Page:
        """Go out and remember the answer."""
        url, accept = key
        try:
            page = Page(self.web.get(url, accept=accept), self.elapsed() + KEEP_SECONDS)
        except UnreachableError as error:
            page = Page(error.code, self.elapsed() + KEEP_FAILURE_SECONDS)
        with self.lock:
            self.flights.pop(key, None)
            self.remember(key, page)
        return page

    def remember(self, key: tuple[str, str], page: Page) -> None:
        """Keep a page, and forget the oldest ones when there are too many."""
        replaced = self.pages.pop(key, None)
        self.cost += page.cost - (replaced.cost if replaced else 0)
        self.pages[key] = page
        while self.cost > MAX_CACHED_BYTES:
            _, oldest = self.pages.popitem(last=False)
            self.cost -= oldest.cost

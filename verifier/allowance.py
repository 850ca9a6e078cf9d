"""How many shares a day may bring, counted in memory: nothing of it is kept, nor says who asked."""

import hashlib
import hmac
import secrets
import threading
from collections import Counter
from datetime import UTC, date, datetime
from ipaddress import IPv6Address, IPv6Network, ip_address

from verifier.addresses import is_public


class DailyAllowance:
    """Counts by day, in all and for each address; 0 is no limit.

    Addresses are counted under a key that is thrown away with the day, so that what is in memory names none of them.
    One that is not public is a proxy's, behind which everybody stands: who comes from there counts in all alone.

    Args:
        in_all: Of everybody together.
        for_each: Of one address.
    """

    def __init__(self, in_all: int, for_each: int) -> None:
        self.in_all = in_all
        self.for_each = for_each
        self.lock = threading.Lock()
        self.day: date | None = None
        self.key = b""
        self.count = 0
        self.counts: Counter[bytes] = Counter()

    def take(self, address: str, now: datetime) -> bool:
        """Tell whether one more is allowed, and count it if it is."""
        with self.lock:
            today = now.astimezone(UTC).date()
            if self.day != today:
                self.day, self.key, self.count, self.counts = today, secrets.token_bytes(32), 0, Counter()
            name = hmac.digest(self.key, client_of(address).encode(), hashlib.sha256) if is_public(address) else None
            if self.count >= self.in_all > 0 or (name and self.counts[name] >= self.for_each > 0):
                return False
            self.count += 1
            if name:
                self.counts[name] += 1
            return True


def client_of(address: str) -> str:
    """Return what stands for one client: an IPv4 address, or the network of an IPv6 one, which has no end of them."""
    number = ip_address(address)
    return str(IPv6Network((number, 64), strict=False)) if isinstance(number, IPv6Address) else address

"""Which URLs the verifier may ask for, and at which IP addresses."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

MAX_URL_CHARACTERS = 2_048
HTTPS_PORT = 443
MAX_PORT = 65_535

# One grammar for checking and for use, so that nothing can be read in two ways. No user information, no IP address,
# no fragment, no backslash, nothing beyond ASCII (an international name must come as xn--), lower-case scheme and host.
URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)(:(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<target>(/[A-Za-z0-9._~!$&'()*+,;=:@/%-]*)?(\?[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?)"
)
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})|%(0[0-9A-Fa-f]|1[0-9A-Fa-f]|7[Ff]|2[Ee]|2[Ff]|5[Cc])")
"""A percent sign without two digits, or one that hides a control character, a dot, a slash or a backslash."""

SPECIAL_PURPOSE = tuple(
    ip_network(block)
    for block in (
        # IANA IPv4 Special-Purpose Address Registry; the blocks that lie in larger ones are left out.
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/4",
        # IPv4 multicast.
        "224.0.0.0/4",
        # IANA IPv6 Special-Purpose Address Registry, as far as it lies in 2000::/3; all else is refused below.
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
GLOBAL_UNICAST = ip_network("2000::/3")
"""The only IPv6 space that is given out; NAT64, mapped, local and multicast addresses all lie outside it."""


@dataclass(frozen=True)
class Address:
    """A URL that may be asked for, taken apart. `local` exempts its host from the rules on ports and addresses."""

    scheme: str
    host: str
    port: int
    target: str
    local: bool

    @property
    def authority(self) -> str:
        """Return what the `Host` header says."""
        standard = HTTPS_PORT if self.scheme == "https" else 80
        return self.host if self.port == standard else f"{self.host}:{self.port}"


def parse_url(url: str, local_hosts: Collection[str] = ()) -> Address | None:
    """Return a URL taken apart, or None if it is none that we ask for.

    Args:
        url: Compared byte for byte with the grammar; nothing is normalised.
        local_hosts: `host` or `host:port` exempted for development: HTTP, any port, IP addresses, one label.
    """
    match = URL.fullmatch(url) if len(url) <= MAX_URL_CHARACTERS else None
    if match is None or not sound_target(match["target"]):
        return None
    scheme, host = match["scheme"], match["host"]
    port = int(match["port"] or (HTTPS_PORT if scheme == "https" else 80))
    local = host in local_hosts or f"{host}:{port}" in local_hosts
    if not local and (scheme != "https" or port != HTTPS_PORT or not sound_host(host)):
        return None
    return Address(scheme, host, port, match["target"] or "/", local) if port <= MAX_PORT else None


def sound_target(target: str) -> bool:
    """Tell whether path and query have no dot segments and no escapes that others may undo."""
    path = target.partition("?")[0]
    return ESCAPE.search(target) is None and not {".", ".."}.intersection(path.split("/"))


def sound_host(host: str) -> bool:
    """Tell whether a host is a full domain name, and not an IP address in any spelling."""
    labels = host.split(".")
    return len(labels) > 1 and all(map(LABEL.fullmatch, labels)) and not NUMERIC.fullmatch(labels[-1])


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the open internet.

    Not `ipaddress.is_global`: that one takes NAT64 and 6to4 addresses, which lead to any IPv4 address, for public.
    """
    try:
        number = ip_address(address)
    except ValueError:
        return False
    if isinstance(number, IPv6Address) and number not in GLOBAL_UNICAST:
        return False
    return not any(in_block(number, block) for block in SPECIAL_PURPOSE)


def in_block(number: IPv4Address | IPv6Address, block: object) -> bool:
    """Tell whether an address lies in a network of its own version."""
    return number in block  # type: ignore[operator] # networks of the other version simply do not contain it

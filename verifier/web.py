"""The verifier's only way out: bounded reading of HTTPS documents at public addresses."""

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from verifier.addresses import URL, Address, is_public, parse_url

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_SECONDS = 5.0
"""From the name's resolution to the last byte."""

MAX_SECONDS_IN_ALL = 10.0
"""After which one verification asks for nothing more, so that a badge cannot keep a thread by naming slow hosts."""

MAX_REQUESTS = 16
"""Of one verification: a badge with four proofs and four status lists needs twelve."""

MAX_BYTES = 1_048_576
MAX_RESOLVERS = 32
REDIRECTS = frozenset({301, 302, 303, 307, 308})
RESOLVERS = ThreadPoolExecutor(max_workers=MAX_RESOLVERS, thread_name_prefix="resolver")
FREE_RESOLVERS = threading.BoundedSemaphore(MAX_RESOLVERS)
"""Who finds none is told at once: a queue behind slow name servers would never end."""


class UnreachableError(Exception):
    """A document could not be read, or may not be; `code` says why.

    Codes: `not-allowed` (the URL is none that we ask for), `not-public` (its host has no public address),
    `unknown-host`, `no-answer`, `timeout`, `too-large`, `http-status`, `redirect`, `not-served`, `too-much` (one
    verification has asked for enough).
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"the document could not be read: {code}")
        self.code = code


class Web(Protocol):
    """Where documents are read from."""

    def get(self, url: str, *, accept: str) -> bytes:
        """Return the document at a URL.

        Raises:
            UnreachableError: It could not be read.
        """
        ...


class MapWeb:
    """A web of files: every other URL is refused. `fetched` names all that were asked for.

    A URL that no guard would let pass is not asked for, unless a file stands for it.
    """

    def __init__(self, pages: Mapping[str, Path | bytes]) -> None:
        self.pages = dict(pages)
        self.fetched: list[str] = []

    def get(self, url: str, *, accept: str) -> bytes:  # noqa: ARG002 (a file has one form)
        """Return the file that stands for a URL."""
        page = self.pages.get(url)
        if page is None and parse_url(url) is None:
            raise UnreachableError("not-allowed")
        self.fetched.append(url)
        if page is None:
            raise UnreachableError("not-served")
        return page if isinstance(page, bytes) else read_page(page)


def read_page(path: Path) -> bytes:
    """Return a file of a `MapWeb`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreachableError("not-served") from error


class OwnWeb:
    """Documents of services in this process first, the rest of the web otherwise.

    `own(url, accept)` returns a document of ours, or None when the URL is not ours.
    """

    def __init__(self, own: Callable[[str, str], bytes | None], otherwise: Web) -> None:
        self.own = own
        self.otherwise = otherwise

    def ours(self, url: str, accept: str) -> bytes | None:
        """Return the document if it is ours; what is no URL is nobody's."""
        return self.own(url, accept) if URL.fullmatch(url) else None

    def get(self, url: str, *, accept: str) -> bytes:
        """Return the document, without a socket if it is ours."""
        data = self.ours(url, accept)
        return self.otherwise.get(url, accept=accept) if data is None else data


class Recorder:
    """The web as one verification uses it: remembers what was asked for, once each, and does not ask without end.

    A URL that may not be asked for leaves no trace: nobody asked.

    Args:
        web: Where documents come from.
        elapsed: A clock that only runs forward, in seconds.
    """

    def __init__(self, web: Web, elapsed: Callable[[], float] = time.monotonic) -> None:
        self.web = web
        self.elapsed = elapsed
        self.end = elapsed() + MAX_SECONDS_IN_ALL
        self.requests = 0
        self.fetched: list[str] = []
        self.own: list[str] = []

    def get(self, url: str, *, accept: str) -> bytes:
        """Return the document at a URL, and remember the URL."""
        data = self.web.ours(url, accept) if isinstance(self.web, OwnWeb) else None
        if data is not None:
            note(url, self.fetched)
            note(url, self.own)
            return data
        web = self.web.otherwise if isinstance(self.web, OwnWeb) else self.web
        self.requests += 1
        if self.requests > MAX_REQUESTS or self.elapsed() > self.end:
            raise UnreachableError("too-much")
        try:
            data = web.get(url, accept=accept)
        except UnreachableError as error:
            if error.code != "not-allowed":
                note(url, self.fetched)
            raise
        note(url, self.fetched)
        return data


def note(url: str, urls: list[str]) -> None:
    """Add a URL to a list unless it is there."""
    if url not in urls:
        urls.append(url)


class GuardedWeb:
    """The open internet: HTTPS on port 443 at public addresses, no redirects, 5 seconds, 1 MiB if not said otherwise.

    The host is resolved once, every address that it has is checked, and the connection goes to a checked one, so that
    a second answer of the name server cannot lead elsewhere.

    Args:
        local_hosts: `host` or `host:port` exempted for development (`VERIFIER_LOCAL_HOSTS`).
        resolve: Host and port → IP addresses. Raises OSError.
        connect: IP address, port, seconds → a connected socket. Raises OSError.
        max_bytes: The longest document.
    """

    def __init__(
        self,
        *,
        local_hosts: Collection[str] = (),
        resolve: Callable[[str, int], Sequence[str]] | None = None,
        connect: Callable[[str, int, float], socket.socket] | None = None,
        tls: ssl.SSLContext | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.local_hosts = frozenset(local_hosts)
        self.resolve = resolve or resolve_host
        self.connect = connect or connect_to
        self.tls = tls or ssl.create_default_context()
        self.max_bytes = max_bytes

    def get(self, url: str, *, accept: str) -> bytes:
        """Return the document at a URL."""
        address = parse_url(url, self.local_hosts)
        if address is None:
            raise UnreachableError("not-allowed")
        deadline = Deadline(MAX_SECONDS)
        try:
            with self.open(address, deadline) as connection:
                connection.settimeout(deadline.left())
                connection.sendall(request_for(address, accept))
                return read_answer(connection, deadline, self.max_bytes)
        except TimeoutError as error:
            raise UnreachableError("timeout") from error
        except (OSError, HTTPException, ValueError) as error:
            raise UnreachableError("no-answer") from error

    def open(self, address: Address, deadline: "Deadline") -> socket.socket:
        """Return a connection to a checked address of the host, with TLS for the host's name."""
        ip = self.checked_ip(address, deadline)
        plain = self.connect(ip, address.port, deadline.left())
        if address.scheme == "http":
            return plain
        try:
            plain.settimeout(deadline.left())
            return self.tls.wrap_socket(plain, server_hostname=address.host)
        except BaseException:
            plain.close()
            raise

    def checked_ip(self, address: Address, deadline: "Deadline") -> str:
        """Return an address of the host, all of whose addresses are public."""
        # In a thread of its own, because the system's resolver knows no deadline.
        if not FREE_RESOLVERS.acquire(blocking=False):
            raise UnreachableError("no-answer")
        with_deadline = RESOLVERS.submit(self.resolve, address.host, address.port)
        with_deadline.add_done_callback(lambda _: FREE_RESOLVERS.release())
        try:
            found = with_deadline.result(timeout=deadline.left())
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            raise UnreachableError("unknown-host") from error
        if not found:
            raise UnreachableError("unknown-host")
        if not address.local and not all(map(is_public, found)):
            raise UnreachableError("not-public")
        return found[0]


class Deadline:
    """A moment after which nothing is waited for."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: None.
        """
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class DeadlineReader(io.RawIOBase):
    """A socket as a stream whose every read ends at the same moment, however slowly the other side drips."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self.connection = connection
        self.deadline = deadline

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Read what has arrived."""
        self.connection.settimeout(self.deadline.left())
        return self.connection.recv_into(buffer)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return the stream with a buffer, as `HTTPResponse` asks a socket for it."""
        return io.BufferedReader(self)


def resolve_host(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, by the system's resolver."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def connect_to(ip: str, port: int, seconds: float) -> socket.socket:
    """Return a socket that is connected to an IP address."""
    return socket.create_connection((ip, port), timeout=seconds)


def request_for(address: Address, accept: str) -> bytes:
    """Return the request; it says nothing about who asks or why."""
    lines = (
        f"GET {address.target} HTTP/1.1",
        f"Host: {address.authority}",
        f"Accept: {accept}",
        "Accept-Encoding: identity",
        "User-Agent: akashi-verifier",
        "Connection: close",
        "",
        "",
    )
    return "\r\n".join(lines).encode("ascii")


def read_answer(connection: socket.socket, deadline: Deadline, max_bytes: int) -> bytes:
    """Return the body of an answer that says 200."""
    # HTTPResponse asks its socket for nothing but makefile().
    response = HTTPResponse(cast("socket.socket", DeadlineReader(connection, deadline)), method="GET")
    response.begin()
    if response.status in REDIRECTS:
        raise UnreachableError("redirect")
    if response.status != HTTPStatus.OK or response.getheader("Content-Encoding", "identity") != "identity":
        raise UnreachableError("http-status")
    body = response.read(max_bytes + 1)
    if len(body) > max_bytes:
        raise UnreachableError("too-large")
    return body

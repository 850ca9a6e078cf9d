"""The guarded way out: what it connects to, what it sends, what it reads, and for how long."""

import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

import verifier.web
from tests.fakes.web import FakeWeb
from verifier.web import (
    FREE_RESOLVERS,
    MAX_REQUESTS,
    MAX_RESOLVERS,
    MAX_SECONDS_IN_ALL,
    GuardedWeb,
    MapWeb,
    OwnWeb,
    Recorder,
    UnreachableError,
)

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


PUBLIC = "93.184.215.14"
NOT_HTTP = [
    b"",
    b"SSH-2.0-OpenSSH\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200,
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz",
]


class FakeServer:
    """Stands in for name server and host: answers every connection with the same bytes."""

    def __init__(self, answer: bytes = OK, addresses: Sequence[str] = (PUBLIC,), *, hang: bool = False) -> None:
        self.answer = answer
        self.addresses = addresses
        self.hang = hang
        self.resolved: list[tuple[str, int]] = []
        self.connected: list[tuple[str, int]] = []
        self.received = b""

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.resolved.append((host, port))
        return self.addresses

    def connect(self, ip: str, port: int, seconds: float) -> socket.socket:
        self.connected.append((ip, port))
        ours, theirs = socket.socketpair()
        ours.settimeout(seconds)
        threading.Thread(target=self.serve, args=(theirs,), daemon=True).start()
        return ours

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            self.received = connection.recv(65_536)
            connection.sendall(self.answer)
            if self.hang:
                connection.recv(1)  # until the other side gives up


def fetch(server: FakeServer, url: str = "http://issuer.test/did.json") -> bytes:
    """Read through plain HTTP to an exempted host: TLS is not what these tests are about."""
    web = GuardedWeb(local_hosts={"issuer.test"}, resolve=server.resolve, connect=server.connect)
    return web.get(url, accept="application/json")


def refusal(server: FakeServer, url: str = "http://issuer.test/did.json") -> str:
    with pytest.raises(UnreachableError) as caught:
        fetch(server, url)
    return caught.value.code


def test_a_document_is_read_with_a_request_that_says_nothing_about_us() -> None:
    server = FakeServer()

    assert fetch(server, "http://issuer.test/did.json?a=b") == b"{}"
    assert server.received.decode().split("\r\n") == [
        "GET /did.json?a=b HTTP/1.1",
        "Host: issuer.test",
        "Accept: application/json",
        "Accept-Encoding: identity",
        "User-Agent: akashi-verifier",
        "Connection: close",
        "",
        "",
    ]


def test_a_chunked_answer_is_read() -> None:
    assert fetch(FakeServer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")) == b"{}"


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    server = FakeServer()

    fetch(server)

    assert server.resolved == [("issuer.test", 80)]
    assert server.connected == [("93.184.215.14", 80)]


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["100.64.0.1"],
        ["93.184.215.14", "10.0.0.1"],
    ],
)
def test_a_host_with_any_address_that_is_not_public_is_not_connected_to(addresses: list[str]) -> None:
    server = FakeServer(addresses=addresses)
    web = GuardedWeb(resolve=server.resolve, connect=server.connect)

    with pytest.raises(UnreachableError) as caught:
        web.get("https://issuer.example/", accept="*/*")

    assert caught.value.code == "not-public"
    assert server.connected == []


def test_a_url_outside_the_grammar_is_not_even_resolved() -> None:
    server = FakeServer()

    assert refusal(server, "http://issuer.example/") == "not-allowed"
    assert server.resolved == []


def test_a_host_without_an_address_is_unknown() -> None:
    def unknown_host(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(UnreachableError) as caught:
        GuardedWeb(resolve=unknown_host).get("https://issuer.example/", accept="*/*")

    assert caught.value.code == "unknown-host"
    assert refusal(FakeServer(addresses=[])) == "unknown-host"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_not_followed(status: str) -> None:
    server = FakeServer(f"HTTP/1.1 {status}\r\nLocation: http://127.0.0.1/\r\n\r\n".encode())

    assert refusal(server) == "redirect"
    assert len(server.connected) == 1


@pytest.mark.parametrize("head", ["404 Not Found\r\n", "500 Oops\r\n", "200 OK\r\nContent-Encoding: gzip\r\n"])
def test_an_answer_other_than_a_plain_200_is_no_document(head: str) -> None:
    assert refusal(FakeServer(f"HTTP/1.1 {head}\r\nx".encode())) == "http-status"


@pytest.mark.parametrize("answer", NOT_HTTP)
def test_an_answer_that_is_not_http_is_no_answer(answer: bytes) -> None:
    assert refusal(FakeServer(answer)) == "no-answer"


def test_a_document_of_more_than_a_mebibyte_is_refused() -> None:
    body = b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 1_048_577

    assert refusal(FakeServer(body)) == "too-large"
    assert len(fetch(FakeServer(body[:-1]))) == 1_048_576


def test_a_silent_server_is_given_up_after_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier.web, "MAX_SECONDS", 0.2)

    assert refusal(FakeServer(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", hang=True)) == "timeout"


def test_a_deadline_that_has_passed_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier.web, "MAX_SECONDS", 0.0)

    assert refusal(FakeServer()) == "timeout"


def test_a_name_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier.web, "MAX_SECONDS", 0.2)
    over = threading.Event()

    def never(host: str, port: int) -> Sequence[str]:
        over.wait(5)
        return []

    with pytest.raises(UnreachableError) as caught:
        GuardedWeb(resolve=never).get("https://issuer.example/", accept="*/*")
    over.set()

    assert caught.value.code == "timeout"


def test_tls_is_spoken_with_a_public_host() -> None:
    server = FakeServer(b"this is no TLS")
    web = GuardedWeb(resolve=server.resolve, connect=server.connect)

    with pytest.raises(UnreachableError) as caught:
        web.get("https://issuer.example/", accept="*/*")

    assert caught.value.code == "no-answer"
    assert b"issuer.example" in server.received  # the server name of the client's hello
    assert server.connected == [("93.184.215.14", 443)]


def test_the_systems_resolver_and_sockets_are_the_default() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def serve() -> None:
        connection, _ = listener.accept()
        connection.recv(65_536)
        connection.sendall(OK)
        connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    web = GuardedWeb(local_hosts={f"127.0.0.1:{port}"})
    try:
        assert web.get(f"http://127.0.0.1:{port}/x", accept="*/*") == b"{}"
    finally:
        thread.join()
        listener.close()


def test_a_map_of_files_is_a_web(tmp_path: Path) -> None:
    file, missing = tmp_path / "did.json", tmp_path / "no.json"
    file.write_bytes(b"{}")

    web = MapWeb({"https://a.example/": file, "https://b.example/": b"[]", "https://c.example/": missing})

    assert web.get("https://a.example/", accept="*/*") == b"{}"
    assert web.get("https://b.example/", accept="*/*") == b"[]"
    for url in ("https://c.example/", "https://d.example/"):
        with pytest.raises(UnreachableError):
            web.get(url, accept="*/*")
    assert web.fetched == [f"https://{letter}.example/" for letter in "abcd"]


def test_our_own_documents_are_read_without_the_web_and_named_as_ours() -> None:
    outside = FakeWeb({"https://other.example/": b"theirs"})
    web = OwnWeb(lambda url, accept: b"ours" if url == "https://own.example/" else None, outside)
    recorder = Recorder(web)

    for _ in range(2):
        assert recorder.get("https://own.example/", accept="*/*") == b"ours"
        assert recorder.get("https://other.example/", accept="*/*") == b"theirs"

    assert web.get("https://own.example/", accept="*/*") == b"ours"
    assert web.get("https://other.example/", accept="*/*") == b"theirs"
    assert recorder.fetched == ["https://own.example/", "https://other.example/"]
    assert recorder.own == ["https://own.example/"]
    assert set(outside.asked) == {"https://other.example/"}


def test_one_verification_asks_for_no_more_than_a_badge_needs() -> None:
    web, seconds = FakeWeb({"https://issuer.example/x": b"{}"}), [0.0]
    visit = Recorder(web, elapsed=lambda: seconds[0])

    for _ in range(MAX_REQUESTS):
        visit.get("https://issuer.example/x", accept="*/*")
    with pytest.raises(UnreachableError) as many:
        visit.get("https://issuer.example/x", accept="*/*")
    late = Recorder(web, elapsed=lambda: seconds[0])
    seconds[0] = MAX_SECONDS_IN_ALL + 0.1
    with pytest.raises(UnreachableError) as slow:
        late.get("https://issuer.example/x", accept="*/*")

    assert many.value.code == slow.value.code == "too-much"
    assert len(web.asked) == MAX_REQUESTS


def test_slow_name_servers_make_nobody_wait_in_a_queue() -> None:
    answered = threading.Event()

    def slow(_host: str, _port: int) -> list[str]:
        answered.wait(10)
        return ["93.184.216.34"]

    guarded = GuardedWeb(resolve=slow, connect=refuse)
    waiting = [threading.Thread(target=ignore, args=(guarded,)) for _ in range(MAX_RESOLVERS)]
    for thread in waiting:
        thread.start()
    try:
        while FREE_RESOLVERS.acquire(blocking=False):
            FREE_RESOLVERS.release()
            time.sleep(0.01)
        with pytest.raises(UnreachableError) as found:
            guarded.get("https://issuer.example/x", accept="*/*")
    finally:
        answered.set()
        for thread in waiting:
            thread.join()

    assert found.value.code == "no-answer"
    assert FREE_RESOLVERS.acquire(timeout=5)
    FREE_RESOLVERS.release()


def refuse(_ip: str, _port: int, _seconds: float) -> socket.socket:
    raise ConnectionRefusedError


def ignore(guarded: GuardedWeb) -> None:
    with suppress(UnreachableError):
        guarded.get("https://slow.example/x", accept="*/*")

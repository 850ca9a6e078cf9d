"""URLs and IP addresses that the verifier must never ask."""

import csv
import json
import re
from ipaddress import ip_network
from pathlib import Path

import pytest

from verifier.addresses import is_public, parse_url

REFUSED = [
    "http://issuer.example/",
    "HTTPS://issuer.example/",
    "https://Issuer.example/",
    "https://issuer.example:8443/",
    "https://user@issuer.example/",
    "https://issuer.example@127.0.0.1/l",
    "https://issuer.example\\@evil.example/",
    "https://issuer.example%2f@evil.example/",
    "https://issuer.example/#here",
    "https://issuer.example/c/../../admin",
    "https://issuer.example/c/./x",
    "https://issuer.example/%2e%2e/admin",
    "https://issuer.example/%0d%0aSet-Cookie:x=1",
    "https://issuer.example/%",
    "https://issuer.example/a b",
    "https://issuer.example/\u202egpj.exe",
    "https://іssuer.example/",
    "https://localhost/",
    "https://issuer.example./",
    "https://issuer..example/",
    "https://-issuer.example/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://0/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.0x1/",
    "https://0177.0.0.1/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https:issuer.example",
    "//issuer.example/",
    " https://issuer.example/",
    "https://issuer.example/\n",
    "\x00https://issuer.example/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:5432/_x",
    "data:text/plain,x",
    "javascript:alert(1)",
    "",
    "https://issuer.example/" + "a" * 2_048,
]


@pytest.mark.parametrize("url", REFUSED)
def test_a_url_outside_the_grammar_is_never_asked_for(url: str) -> None:
    assert parse_url(url) is None


def test_a_plain_https_url_is_taken_apart() -> None:
    address = parse_url("https://xn--ssuer-xye.example:443/a/did.json?x=%E3%81%82")

    assert address is not None
    assert (address.host, address.port, address.target) == ("xn--ssuer-xye.example", 443, "/a/did.json?x=%E3%81%82")
    assert address.authority == "xn--ssuer-xye.example"
    assert not address.local


def test_a_url_without_a_path_asks_for_the_root() -> None:
    address = parse_url("https://issuer.example")

    assert address is not None
    assert address.target == "/"


@pytest.mark.parametrize(
    ("url", "local_host"),
    [
        ("http://127.0.0.1:8000/did.json", "127.0.0.1:8000"),
        ("http://localhost:9/x", "localhost"),
        ("https://issuer:8443/x", "issuer"),
    ],
)
def test_a_local_host_is_exempt_when_it_is_named(url: str, local_host: str) -> None:
    address = parse_url(url, {local_host})

    assert address is not None
    assert address.local
    assert f"{address.scheme}://{address.authority}{address.target}" == url


def test_the_exemption_of_one_port_does_not_extend_to_another() -> None:
    assert parse_url("http://127.0.0.1:8001/", {"127.0.0.1:8000"}) is None
    assert parse_url("http://localhost:70000/", {"localhost"}) is None


def blocks(shared: Path) -> list[str]:
    """All blocks of both registries."""
    found: list[str] = []
    for version in ("ipv4", "ipv6"):
        path = shared / f"vectors/iana-special-purpose/iana/data/iana-{version}-special-registry-1.csv"
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found += re.findall(r"[0-9a-f:.]+/[0-9]+", row["Address Block"])
    return found


@pytest.mark.vectors
def test_no_address_of_a_special_purpose_block_is_public(shared: Path) -> None:
    found = blocks(shared)

    assert len(found) >= 50
    for block in found:
        network = ip_network(block)
        assert not is_public(str(network[0])), block
        assert not is_public(str(network[-1])), block


@pytest.mark.vectors
def test_the_neighbours_of_a_block_are_public_unless_they_are_special_themselves(shared: Path) -> None:
    special = [ip_network(block) for block in blocks(shared)]
    ours = [*special, ip_network("224.0.0.0/4")]
    checked = 0
    for network in special:
        for number in (int(network[0]) - 1, int(network[-1]) + 1):
            if not 0 <= number < 2**network.max_prefixlen:
                continue
            address = type(network[0])(number)
            expected = not any(address in one for one in ours if one.version == address.version)
            if address.version == 6:
                expected = expected and address in ip_network("2000::/3")
            assert is_public(str(address)) is expected, address
            checked += expected
    assert checked >= 20


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450::1"])
def test_an_ordinary_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address", ["224.0.0.1", "ff02::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "fe80::1%eth0", "x"]
)
def test_an_address_that_leads_elsewhere_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.vectors
def test_of_the_attackers_qr_strings_only_plain_https_urls_pass_the_grammar(shared: Path) -> None:
    strings = json.loads((shared / "vectors/ob-attack/qr-strings.json").read_bytes())  # noqa: TID251 - a test's vector

    passed = [text for text in strings if parse_url(text) is not None]

    assert passed == [
        "https://issuer.example.evil.example/",
        "https://xn--ssuer-xye.example/",
        "https://evil.example/?u=https://issuer.example/",
    ]

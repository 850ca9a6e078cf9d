"""Look for people in files: each secret in the forms in which software might keep it, inside compressed streams too.

What it cannot see: a secret cut in two by something between its halves, encrypted, drawn, or hashed with a salt.
"""

import html
import json
import os
import re
import zlib
from base64 import b32encode, b64decode, b64encode, urlsafe_b64encode
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import md5, sha1, sha256, sha512
from math import lcm
from pathlib import Path
from urllib.parse import quote, quote_plus
from uuid import UUID

import base58

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp932", "euc-jp")
DIGESTS = (md5, sha1, sha256, sha512)
WIDTH = 8  # bytes; what is shorter stands in files by chance
KEY_BYTES = 32  # a coordinate of P-256, a key of Ed25519, half of a signature of either
DEPTH = 2  # streams within streams
STEP = 64  # bytes of a stream that are expanded at once, to at most 66,000
MAX_EXPANDED = 4_194_304
COMPACT_JWS = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
LONG_TOKEN = re.compile(r"[\w+/=-]{16,}", re.ASCII)
LINE_BREAKS = re.compile(rb"[\r\n]+|\\[rn]")


def found_in(places: Iterable[Path], secrets: Mapping[str, str], *, leaving_out: Path | None = None) -> list[str]:
    """Return "<secret's name> in <file>" for every secret that stands anywhere below the places, names included.

    Raises:
        ValueError: A secret is so short that it would be found by chance.
    """
    search = Search(secrets)
    return sorted(
        f"{name} in {path}"
        for place in places
        for path in (place, *place.rglob("*"))
        if leaving_out is None or not path.is_relative_to(leaving_out)
        for name in search.names_at(path)
    )


class Search:
    """A search for every form of every secret at once: its time depends on the files, not on the number of forms.

    Upper and lower case of ASCII are the same to it, hexadecimal digits among them.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        # By their ends: beginnings, such as "urn:uuid:", are alike.
        self._by_end: dict[bytes, list[tuple[bytes, str]]] = defaultdict(list)
        for name, secret in secrets.items():
            for form in {form.lower() for form in forms(secret)}:
                if len(form) < WIDTH:
                    raise ValueError(f"{name} is too short to look for")
                self._by_end[form[-WIDTH:]].append((form, name))

    def names_at(self, path: Path) -> set[str]:
        """Return the names of the secrets that a file or folder has in its name or holds."""
        return self.names_in(os.fsencode(path.name)) | (self.names_in(path.read_bytes()) if path.is_file() else set())

    def names_in(self, data: bytes) -> set[str]:
        """Return the names of the secrets that stand in data, in its streams, or across its line breaks."""
        whole = {view for content in contents(data, DEPTH) for view in (content, LINE_BREAKS.sub(b"", content))}
        return {name for view in whole for name in self._plainly_in(view.lower())}

    def _plainly_in(self, data: bytes) -> Iterator[str]:
        for end in range(WIDTH, len(data) + 1):
            for form, name in self._by_end.get(data[end - WIDTH : end], ()):
                if data.endswith(form, 0, end):
                    yield name


# What is looked for


def forms(secret: str) -> set[bytes]:
    """Return how a secret may stand in a file: written, read back from what it encodes, hashed, and that encoded."""
    spelled = {spelling for part in parts(secret) for spelling in spellings(part)}
    values = {value for part in parts(secret) for value in readings(part)}
    texts = {data for spelling in spelled for data in written(spelling)}
    digests = {algorithm(data).digest() for data in {*map(str.encode, spelled), *values} for algorithm in DIGESTS}
    return {form for data in texts | values | digests for form in renderings(data)}


def parts(secret: str) -> list[str]:
    """Return a secret, and what says as much: a DID's key, a UUID, an identity hash's digest, what a JWS signs."""
    # The header of a JWS is the key's, not the badge's: status lists have the same.
    within = secret.split(".")[1:] if COMPACT_JWS.fullmatch(secret) else re.split("[:$#]", secret)
    return [secret, *filter(LONG_TOKEN.fullmatch, within)]


def spellings(text: str) -> set[str]:
    """Return a text in each case, and from its end."""
    return {text, text.lower(), text.upper(), text[::-1]}


def written(text: str) -> Iterator[bytes]:
    """Return a text in each encoding that has its characters, and escaped."""
    for encoding in ENCODINGS:
        with suppress(UnicodeEncodeError):
            yield text.encode(encoding)
    yield from map(str.encode, escaped(text))


def escaped(text: str) -> Iterator[str]:
    """Return a text as JSON, HTML, addresses, forms and Python's log records have it."""
    in_json, in_html = json.dumps(text)[1:-1], html.escape(text)
    yield in_json
    yield re.sub(r"(?<=\\u)[0-9a-f]{4}", lambda digits: digits[0].upper(), in_json)
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield in_html
    yield in_html.encode("ascii", "xmlcharrefreplace").decode()
    yield "".join(letter if letter.isascii() else f"&#x{ord(letter):x};" for letter in in_html)
    yield quote(text, safe="")
    yield quote_plus(text)
    yield repr(text.encode())[2:-1]


def readings(text: str) -> Iterator[bytes]:
    """Return the bytes that a text may stand for."""
    for decode in (bytes.fromhex, base64_bytes, base58_bytes, uuid_bytes):
        with suppress(ValueError):
            yield from pieces(decode(text))


def pieces(value: bytes) -> Iterator[bytes]:
    """Return a value from either end, and its last half: a DID's is the key behind its kind, a signature's a number."""
    halves = [value, value[-KEY_BYTES:]] if len(value) <= 2 * KEY_BYTES else [value]
    for piece in halves:
        if len(piece) >= WIDTH:
            yield piece
            yield piece[::-1]


def base64_bytes(text: str) -> bytes:
    """Return what base64 of either alphabet, padded or not, stands for."""
    standard = text.replace("-", "+").replace("_", "/")
    return b64decode(standard + "=" * (-len(standard) % 4), validate=True)


def base58_bytes(text: str) -> bytes:
    """Return what base58, with its multibase letter or without, stands for."""
    return base58.b58decode(text.removeprefix("z"))


def uuid_bytes(text: str) -> bytes:
    """Return the number that a UUID is."""
    return UUID(text).bytes


def renderings(data: bytes) -> Iterator[bytes]:
    """Return bytes as they are, in hexadecimal, and inside a longer text of base64 or base32."""
    yield data
    yield data.hex().encode()
    yield from inside(b64encode, 6, data)
    yield from inside(urlsafe_b64encode, 6, data)
    yield from inside(b32encode, 5, data)


def inside(encode: Callable[[bytes], bytes], bits: int, data: bytes) -> Iterator[bytes]:
    """Return the characters, of some bits each, that data alone decides, whatever stands before and after it."""
    for before in range(lcm(8, bits) // 8):
        first, end = -(-before * 8 // bits), (before + len(data)) * 8 // bits
        yield encode(bytes(before) + data)[first:end]


# Where it is looked for


def contents(data: bytes, depth: int) -> Iterator[bytes]:
    """Return data, and what is compressed in it: gzip, zlib, ZIP and PNG are all deflate behind a header of theirs."""
    yield data
    for start in range(len(data) if depth else 0):
        expanded = expand(data, start)
        if len(expanded) >= WIDTH:
            yield from contents(expanded, depth - 1)


def expand(data: bytes, start: int) -> bytes:
    """Return what a deflate stream that begins here holds, as far as it is whole, and at most `MAX_EXPANDED` or so."""
    stream, expanded = zlib.decompressobj(-zlib.MAX_WBITS), bytearray()
    # Nearly every byte begins no stream, which the first step finds out.
    with suppress(zlib.error):
        for at in range(start, len(data), STEP):
            expanded += stream.decompress(data[at : at + STEP])
            if stream.eof or len(expanded) > MAX_EXPANDED:
                break
    return bytes(expanded)

"""The badge link, and QR codes: a badge as digits that a QR code holds densely (docs/badge-link.md)."""

import re
import struct
import zlib
from itertools import groupby
from typing import Literal

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.util import QRData

from badges.errors import MalformedDocumentError
from keys import base64url

KIND_JWS = 1
KIND_JSON = 2
BLOCK_BYTES = 7
BLOCK_DIGITS = 17
REST_DIGITS = (0, 3, 5, 8, 10, 13, 15)  # digits for a last block of so many bytes
MAX_DIGITS = 20_000  # a QR code holds 7,089; links are pasted, too
MAX_INFLATED = 65_536
MAX_SIGNATURE = 1024  # bytes; RSA of 8192 bits
NUMERIC: Literal[1] = 1  # mode indicators, ISO/IEC 18004 table 2
BYTE: Literal[4] = 4
QUIET_ZONE = 4  # modules; ISO/IEC 18004 asks for four
_RAW_DEFLATE = -zlib.MAX_WBITS
_DIGITS = re.compile(r"[0-9]+", re.ASCII)


def badge_link(text: str, base_url: str) -> str:
    """Return the link that carries a credential's text in its fragment.

    Args:
        text: A compact JWS or a JSON document.
        base_url: The verifier's public address.

    Raises:
        MalformedDocumentError: "too-large" for a link, "not-a-jws" (base64url in a second spelling included),
            "not-utf-8".
    """
    packed = _pack_json(text) if text.lstrip().startswith("{") else _pack_jws(text)
    digits = _to_digits(packed)
    if len(digits) > MAX_DIGITS:
        raise MalformedDocumentError("too-large", limit=str(MAX_DIGITS))
    return f"{base_url.rstrip('/')}/v#{digits}"


def read_badge_link(digits: str) -> str:
    """Return the credential's text, a JWS to the very byte.

    Raises:
        MalformedDocumentError: "bad-link": not the digits of a badge link, or beyond the caps.
    """
    if len(digits) > MAX_DIGITS or not _DIGITS.fullmatch(digits):
        raise MalformedDocumentError("bad-link")
    packed = _from_digits(digits)
    match packed[:1]:
        case b"\x01":
            return _unpack_jws(packed[1:])
        case b"\x02":
            return _text(_inflate(packed[1:]))
    raise MalformedDocumentError("bad-link")


def version(text: str) -> int:
    """Return the version of the QR code, 1 to 40; each has four modules a side more than the one before.

    Raises:
        MalformedDocumentError: "too-large" for any QR code.
    """
    return (len(_modules(text)) - 17) // 4


def draw_svg(text: str) -> str:
    """Return the QR code as an SVG document, one unit a module, quiet zone included.

    Raises:
        MalformedDocumentError: "too-large" for any QR code.
    """
    modules = _modules(text)
    side = len(modules) + 2 * QUIET_ZONE
    path = "".join(_stroke(row, y + QUIET_ZONE) for y, row in enumerate(modules))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{path}"/></svg>'
    )


def draw_png(text: str, *, module_pixels: int = 8) -> bytes:
    """Return the QR code as a PNG of one bit a pixel, quiet zone included.

    Raises:
        MalformedDocumentError: "too-large" for any QR code.
    """
    modules = _modules(text)
    side = (len(modules) + 2 * QUIET_ZONE) * module_pixels
    blank = [False] * len(modules)
    rows = [blank] * QUIET_ZONE + modules + [blank] * QUIET_ZONE
    lines = b"".join(_line(row, module_pixels, side) * module_pixels for row in rows)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)  # one bit of grey, no interlace
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _stroke(row: list[bool], y: int) -> str:
    """Return the path of a row's dark modules, neighbours joined: renderers leave hair lines between single ones."""
    path, x = "", QUIET_ZONE
    for dark, run in groupby(row):
        width = len(list(run))
        path += f"M{x} {y}h{width}v1h-{width}z" if dark else ""
        x += width
    return path


def _line(row: list[bool], module_pixels: int, side: int) -> bytes:
    bits = "".join(("0" if dark else "1") * module_pixels for dark in row)
    margin = "1" * (QUIET_ZONE * module_pixels)
    padded = f"{margin}{bits}{margin}".ljust(-(-side // 8) * 8, "1")
    return b"\0" + int(padded, 2).to_bytes(len(padded) // 8)  # a leading zero: no filter


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _modules(text: str) -> list[list[bool]]:
    """Return the dark modules row by row; a link's digits become a numeric segment of 3.3 bits each."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    prefix, hash_sign, digits = text.partition("#")
    if hash_sign and _DIGITS.fullmatch(digits):
        code.add_data(QRData(_utf8(prefix + hash_sign), BYTE))
        code.add_data(QRData(digits.encode(), NUMERIC))
    else:
        code.add_data(QRData(_utf8(text), BYTE))
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:
        raise MalformedDocumentError("too-large", limit="QR 40-M") from error
    return [[bool(dark) for dark in row] for row in code.get_matrix()]


def _pack_jws(text: str) -> bytes:
    try:
        header, payload, signature = (base64url.decode(segment) for segment in text.split("."))
    except ValueError as error:
        raise MalformedDocumentError("not-a-jws") from error
    if b"\0" in header or not signature or ".".join(map(base64url.encode, (header, payload, signature))) != text:
        # Another spelling could not be rebuilt to the byte.
        raise MalformedDocumentError("not-a-jws")
    if len(signature) > MAX_SIGNATURE:
        raise MalformedDocumentError("too-large", limit=str(MAX_SIGNATURE))
    return bytes([KIND_JWS]) + len(signature).to_bytes(2) + signature + _deflate(header + b"\0" + payload)


def _unpack_jws(packed: bytes) -> str:
    length = int.from_bytes(packed[:2])
    signature, deflated = packed[2 : 2 + length], packed[2 + length :]
    if len(signature) != length or not length:
        raise MalformedDocumentError("bad-link")
    header, zero, payload = _inflate(deflated).partition(b"\0")
    if not zero:
        raise MalformedDocumentError("bad-link")
    return ".".join(map(base64url.encode, (header, payload, signature)))


def _pack_json(text: str) -> bytes:
    return bytes([KIND_JSON]) + _deflate(_utf8(text))


def _deflate(data: bytes) -> bytes:
    if len(data) > MAX_INFLATED:
        raise MalformedDocumentError("too-large", limit=str(MAX_INFLATED))
    compressor = zlib.compressobj(level=9, wbits=_RAW_DEFLATE)
    return compressor.compress(data) + compressor.flush()


def _inflate(data: bytes) -> bytes:
    expander = zlib.decompressobj(wbits=_RAW_DEFLATE)
    try:
        inflated = expander.decompress(data, MAX_INFLATED + 1)
    except zlib.error as error:
        raise MalformedDocumentError("bad-link") from error
    if len(inflated) > MAX_INFLATED or not expander.eof or expander.unused_data:
        raise MalformedDocumentError("bad-link")
    return inflated


def _to_digits(data: bytes) -> str:
    blocks = [data[start : start + BLOCK_BYTES] for start in range(0, len(data), BLOCK_BYTES)]
    return "".join(str(int.from_bytes(block)).zfill(_digits_of(len(block))) for block in blocks)


def _from_digits(digits: str) -> bytes:
    whole = len(digits) // BLOCK_DIGITS * BLOCK_DIGITS
    rest = len(digits) - whole
    if rest not in REST_DIGITS:
        raise MalformedDocumentError("bad-link")
    blocks = [(digits[start : start + BLOCK_DIGITS], BLOCK_BYTES) for start in range(0, whole, BLOCK_DIGITS)]
    blocks += [(digits[whole:], REST_DIGITS.index(rest))] if rest else []
    try:
        return b"".join(int(block).to_bytes(size) for block, size in blocks)
    except OverflowError as error:
        raise MalformedDocumentError("bad-link") from error


def _digits_of(size: int) -> int:
    return BLOCK_DIGITS if size == BLOCK_BYTES else REST_DIGITS[size]


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise MalformedDocumentError("not-utf-8") from error


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise MalformedDocumentError("bad-link") from error

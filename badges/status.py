"""Bitstring Status List: the signed bits that say which credentials are revoked, and a credential's own place."""

import hashlib
import hmac
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from badges.errors import MalformedDocumentError, UnsupportedError
from keys import base64url

MIN_BITS = 131_072  # the standard's minimum for herd privacy (section 6.1)
MIN_BYTES = MIN_BITS // 8
MAX_BYTES = 8 * 1_048_576  # 2^26 entries; a stream of a kilobyte may claim gigabytes
MAX_ENCODED = 4 * 1_048_576
TIME_TO_LIVE = 300_000  # milliseconds: how long a reader need not ask again
ENTRY_TYPE = "BitstringStatusListEntry"
CONTEXT = "https://www.w3.org/ns/credentials/v2"
_INDEX = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)
_ROUNDS = 8  # more than the four that make a Feistel network a strong permutation; the halves are short
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True)
class StatusEntry:
    """A credential's place in a status list (section 2.1, BitstringStatusListEntry)."""

    list_url: str
    index: int
    purpose: str

    def to_json(self) -> dict[str, object]:
        """Return the `credentialStatus` member."""
        return {
            "id": f"{self.list_url}#{self.index}",
            "type": ENTRY_TYPE,
            "statusPurpose": self.purpose,
            "statusListIndex": str(self.index),
            "statusListCredential": self.list_url,
        }


def parse_entry(value: object) -> StatusEntry:
    """Return the entry that a `credentialStatus` holds.

    Raises:
        UnsupportedError: "unknown-status-type": of another type, or with more than one bit for a credential.
        MalformedDocumentError: "bad-status-entry": something missing, or an index in another form than decimal digits
            without sign, space or leading zero.
    """
    entry = value if isinstance(value, Mapping) else {}
    if entry.get("type") not in (ENTRY_TYPE, [ENTRY_TYPE]) or entry.get("statusSize", 1) != 1:
        raise UnsupportedError("unknown-status-type", pointer="/credentialStatus/type")
    match entry:
        case {"statusListCredential": str(url), "statusListIndex": str(index), "statusPurpose": str(purpose)}:
            if _INDEX.fullmatch(index):
                return StatusEntry(url, int(index), purpose)
    raise MalformedDocumentError("bad-status-entry", pointer="/credentialStatus")


def permute(counter: int, key: bytes, size: int = MIN_BITS) -> int:
    """Return the slot of the `counter`-th credential: a bijection over range(size) that looks random without the key.

    A Feistel network over the smallest even number of bits that holds `size`; values beyond it walk on until they fall
    inside (cycle walking), which keeps it a bijection.

    Raises:
        ValueError: `counter` lies outside range(size): the list is full.
    """
    if not 0 <= counter < size:
        raise ValueError(f"counter {counter} lies outside a list of {size} slots")
    half = ((size - 1).bit_length() + 1) // 2
    slot = _feistel(counter, key, half)
    while slot >= size:
        slot = _feistel(slot, key, half)
    return slot


def empty() -> bytes:
    """Return the bits of a new list: `MIN_BITS` zeros."""
    return bytes(MIN_BYTES)


def get_bit(bits: bytes, index: int) -> bool:
    """Return the bit; index 0 is the leftmost bit of the first byte.

    Raises:
        IndexError: `index` lies outside the list.
    """
    if not 0 <= index < 8 * len(bits):
        raise IndexError(f"index {index} lies outside {8 * len(bits)} bits")
    return bool(bits[index // 8] >> (7 - index % 8) & 1)


def set_bit(bits: bytes, index: int) -> bytes:
    """Return the bits with one more set; there is no way to clear one: revoking is final.

    Raises:
        IndexError: `index` lies outside the list.
    """
    get_bit(bits, index)
    changed = bytearray(bits)
    changed[index // 8] |= 0x80 >> index % 8
    return bytes(changed)


def encode_list(bits: bytes) -> str:
    """Return `encodedList`: multibase base64url ("u…") of a gzip stream, the same text for the same bits."""
    compressor = zlib.compressobj(level=6, wbits=_GZIP)
    return "u" + base64url.encode(compressor.compress(bits) + compressor.flush())


def decode_list(encoded: str, *, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the bits of an `encodedList`.

    Args:
        encoded: Multibase base64url ("u…") of one gzip stream.
        max_bytes: Refuse to expand further than this.

    Raises:
        MalformedDocumentError: "bad-list-encoding" (another base, a damaged or second stream, bytes behind it),
            "list-too-short" (under `MIN_BITS`) or "list-too-long".

    Source: Bitstring Status List v1.0 section 3.4 (#bitstring-expansion-algorithm).
    """
    if not encoded.startswith("u") or len(encoded) > MAX_ENCODED:
        raise MalformedDocumentError("bad-list-encoding")
    try:
        expander = zlib.decompressobj(wbits=_GZIP)
        bits = expander.decompress(base64url.decode(encoded[1:]), max_bytes + 1)
    except (ValueError, zlib.error) as error:
        raise MalformedDocumentError("bad-list-encoding") from error
    if len(bits) > max_bytes:
        raise MalformedDocumentError("list-too-long")
    if not expander.eof or expander.unused_data:
        raise MalformedDocumentError("bad-list-encoding")
    if len(bits) < MIN_BYTES:
        raise MalformedDocumentError("list-too-short")
    return bits


def build_list(
    *, url: str, issuer: str, purpose: str, bits: bytes, valid_from: str, valid_until: str
) -> dict[str, object]:
    """Return the unsigned list credential.

    Args:
        url: Where it will be read, and its id.
        issuer: The DID that signs it, the same as the credentials'.
        purpose: "revocation" or another of the standard's.
        bits: See `set_bit`.
        valid_from: xsd:dateTimeStamp in whole seconds; it rises with every publication and is the list's number.
        valid_until: xsd:dateTimeStamp.

    Source: Bitstring Status List v1.0 section 2.2 (#bitstringstatuslistcredential).
    """
    return {
        "@context": [CONTEXT],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": valid_from,
        "validUntil": valid_until,
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode_list(bits),
            "ttl": TIME_TO_LIVE,
        },
    }


def is_list(credential: Mapping[str, object]) -> bool:
    """Tell whether a credential calls itself a status list, and its subject the bits of one."""
    types, subject = credential.get("type"), credential.get("credentialSubject")
    if not isinstance(types, list) or "BitstringStatusListCredential" not in types or not isinstance(subject, Mapping):
        return False
    return subject.get("type") in ("BitstringStatusList", ["BitstringStatusList"])


def read_list(credential: Mapping[str, object], entry: StatusEntry) -> bytes:
    """Return the bits of the list that `entry` points to; the list's proof, id and validity are the caller's to check.

    Raises:
        MalformedDocumentError: "wrong-list-type", "wrong-list-purpose", or as `decode_list`.

    Source: Bitstring Status List v1.0 section 3.2 (#validate-algorithm).
    """
    if not is_list(credential):
        raise MalformedDocumentError("wrong-list-type")
    subject = cast("Mapping[str, object]", credential["credentialSubject"])
    purposes, encoded = subject.get("statusPurpose"), subject.get("encodedList")
    if not isinstance(encoded, str):
        raise MalformedDocumentError("bad-list-encoding")
    if entry.purpose not in (purposes if isinstance(purposes, list) else [purposes]):
        raise MalformedDocumentError("wrong-list-purpose")
    return decode_list(encoded)


def _feistel(value: int, key: bytes, half: int) -> int:
    mask = (1 << half) - 1
    left, right = value >> half, value & mask
    for number in range(_ROUNDS):
        block = bytes([number]) + right.to_bytes(8)
        digest = hmac.digest(key, block, hashlib.sha256)
        left, right = right, left ^ (int.from_bytes(digest[:8]) & mask)
    return left << half | right

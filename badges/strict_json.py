"""Bytes to JSON, refusing whatever two parsers would read differently (RFC 8259 section 9, RFC 7493)."""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from badges import json_faults
from badges.errors import MalformedDocumentError

MAX_BYTES = 1_048_576  # a badge with its pictures inlined; what is longer travels otherwise
MAX_DEPTH = 32  # the deepest real badge measured has 12 levels; a JSON-LD processor slows down with every one
MAX_MEMBERS = 10_000  # of a document of `MAX_BYTES`; a longer one may have more in proportion
MAX_DIGITS = 25  # 64-bit numbers with room; Python turns longer ones into text at quadratic cost
_SMALL = 5 * MAX_MEMBERS  # bytes in which that many members have no room: the shortest is `"":1,`
_LONG_NUMBER = re.compile(rb"[-0-9.eE+]{%d,}" % (MAX_DIGITS + 1))
# Possessive, and content with a string that never ends: whatever the text, each byte is read once.
_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # an even number of backslashes before it: the escape itself
_OPENING = frozenset(b"[{")
_CONTAINERS = frozenset({dict, list})
_BRACKETS = re.compile(rb"[\[\]{}]")


def parse(data: bytes | str, *, max_bytes: int = MAX_BYTES) -> object:
    """Return the JSON value.

    Raises:
        MalformedDocumentError: "too-large", "not-utf-8" (UTF-16 and a byte order mark included), "nul-character",
            "too-deep", "too-many-members", "too-long-number"; with their place "duplicate-member", "not-finite" (NaN,
            infinities) and "lone-surrogate"; or "not-json" for the rest.
    """
    encoded = _encoded(data)
    if len(encoded) > max_bytes:
        raise MalformedDocumentError("too-large", limit=str(max_bytes))
    _require_plain_utf8(encoded)
    try:
        value: object = orjson.loads(encoded)
    except orjson.JSONDecodeError as error:
        raise _not_json(encoded) from error
    _require_shallow(value)
    if len(encoded) > _SMALL or orjson.dumps(value) != encoded:
        # Else it is the very text that we would write, as most badges are: nothing stands twice or in another spelling.
        _require_one_reading(value, encoded, max_bytes)
    return value


def parse_object(data: bytes | str, *, max_bytes: int = MAX_BYTES) -> dict[str, object]:
    """Return the JSON object; see `parse`.

    Raises:
        MalformedDocumentError: As `parse`, or "not-an-object".
    """
    value = parse(data, max_bytes=max_bytes)
    if not isinstance(value, dict):
        raise MalformedDocumentError("not-an-object")
    return value


def dump(value: object) -> bytes:
    """Return compact UTF-8 JSON, members in their own order.

    Raises:
        MalformedDocumentError: Something that JSON cannot hold, such as a lone surrogate.
    """
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError as error:
        raise MalformedDocumentError("not-json") from error


def _encoded(data: bytes | str) -> bytes:
    if isinstance(data, bytes):
        return data
    try:
        return data.encode()
    except UnicodeEncodeError as error:
        raise MalformedDocumentError("not-utf-8") from error


def _require_plain_utf8(encoded: bytes) -> None:
    if encoded.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")) or (b"\0" in encoded):
        raise MalformedDocumentError("not-utf-8")
    if b"\\u0000" in encoded and _NUL.search(encoded):
        # PostgreSQL cannot store it and C programs stop reading there; no name or text needs it.
        raise MalformedDocumentError("nul-character")


def _not_json(encoded: bytes) -> MalformedDocumentError:
    """Return what to call a text that the parser refused, and where: it refuses what is too deep for it, too."""
    depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub(b"", encoded)):
        depth += 1 if bracket[0] in _OPENING else -1
        if depth > MAX_DEPTH:
            return MalformedDocumentError("too-deep", limit=str(MAX_DEPTH))
    code, pointer = json_faults.find(encoded)
    return MalformedDocumentError(code, pointer=pointer)


def _require_shallow(value: object) -> None:
    containers: list[Any] = [value] if type(value) in _CONTAINERS else []
    for _ in range(MAX_DEPTH):
        containers = [
            inside
            for outside in containers
            for inside in (outside.values() if type(outside) is dict else outside)
            # Texts, most of all values, are passed over first.
            if type(inside) is not str and type(inside) in _CONTAINERS
        ]
        if not containers:
            return
    raise MalformedDocumentError("too-deep", limit=str(MAX_DEPTH))


def _require_one_reading(value: object, encoded: bytes, max_bytes: int) -> None:
    structure = _STRINGS.sub(b"", encoded)
    if _LONG_NUMBER.search(structure):
        raise MalformedDocumentError("too-long-number")
    members, limit = structure.count(b":"), MAX_MEMBERS * max(1, max_bytes // MAX_BYTES)
    if members > limit:
        raise MalformedDocumentError("too-many-members", limit=str(limit))
    # Outside strings a colon stands for one member, so the text has as many members as colons; the parsed value has
    # fewer exactly when some stood twice. Counting is five times faster than parsing with a hook.
    if members != sum(map(len, _objects(value))):
        code, pointer = json_faults.find(encoded)
        raise MalformedDocumentError(code, pointer=pointer)


def _objects(value: object) -> Iterator[dict[str, object]]:
    pending = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            yield node
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)

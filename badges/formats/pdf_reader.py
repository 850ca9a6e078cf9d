"""A program of its own: a PDF on standard input; the credential inside it, or why there is none, on standard output.

It limits itself before it reads a byte, and it imports nothing of ours. It never draws a page.
"""

from __future__ import annotations

import io
import re
import resource
import sys
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject, StreamObject

MAX_MEMORY_BYTES = 536_870_912
MAX_CPU_SECONDS = 4
MAX_BYTES = 8_388_608
MAX_OBJECTS = 20_000
MAX_VALUES = 500_000
MAX_CREDENTIAL = 1_048_576
MAX_FILES = 50
TAIL_BYTES = 1_024
"""The end of a file must be there; mail programs append some white space."""

COMPACT_JWS = re.compile(rb"\s*[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\s*")
JSON_OBJECT = re.compile(rb"\s*\{")
ENDS = {"/JavaScript", "/Launch", "/ImportData"}
"""Actions that make a document a program."""


class RefusedError(Exception):
    """There is no credential to be had; the message is the code that says why."""


def limit() -> None:
    """Take no more than a document needs, and write no files."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(data: bytes) -> str:
    """Return the text of the one credential inside a PDF.

    Raises:
        RefusedError: With the code that `badges.formats.pdf` documents.
    """
    # After the limits, so that they hold for the library as well.
    from pypdf import PdfReader  # noqa: PLC0415 (after the limits)

    if b"%%EOF" not in data[-TAIL_BYTES:]:
        raise RefusedError("bad-pdf")
    reader = PdfReader(io.BytesIO(data))
    if "/Encrypt" in reader.trailer:
        raise RefusedError("encrypted-pdf")
    if reader.root_object.get("/Pages") is None:
        raise RefusedError("bad-pdf")
    found = [text for text in (credential_in(stream) for stream in embedded(reader)) if text is not None]
    if len(found) > 1:
        raise RefusedError("several-credentials")
    if not found:
        raise RefusedError("no-credential")
    return found[0]


def embedded(reader: PdfReader) -> list[StreamObject]:
    """Return the streams that a document embeds as files, once each."""
    from pypdf.generic import DictionaryObject, StreamObject  # noqa: PLC0415 (after the limits)

    streams: dict[int, StreamObject] = {}
    for dictionary in dictionaries(reader):
        require_passive(dictionary)
        files = dictionary.get("/EF")
        files = files.get_object() if files is not None else None
        if isinstance(files, DictionaryObject):
            found = [one.get_object() for one in files.values()]
            streams |= {id(one): one for one in found if isinstance(one, StreamObject)}
    if len(streams) > MAX_FILES:
        raise RefusedError("too-large")
    return list(streams.values())


def dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Yield every dictionary that can be reached from the root: what lies beside it nobody ever opens."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject  # noqa: PLC0415 (after the limits)

    waiting: list[object] = [reader.trailer.raw_get(name) for name in ("/Root", "/Info") if name in reader.trailer]
    seen: set[tuple[int, int]] = set()
    for _ in range(MAX_VALUES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, IndirectObject):
            if (value.idnum, value.generation) in seen:
                continue
            seen.add((value.idnum, value.generation))
            value = value.get_object()
        if isinstance(value, DictionaryObject):
            yield value
            waiting.extend(dict.values(value))
        elif isinstance(value, ArrayObject):
            waiting.extend(list.__iter__(value))
        if len(seen) > MAX_OBJECTS:
            break
    raise RefusedError("too-large")


def require_passive(dictionary: DictionaryObject) -> None:
    """Refuse a document that would run programs, or that has its content elsewhere."""
    from pypdf.generic import StreamObject  # noqa: PLC0415 (after the limits)

    runs = {"/JS", "/JavaScript", "/XFA"} & dictionary.keys() or said(dictionary, "/S") in ENDS
    outside = said(dictionary, "/Type") in {"/Filespec", "/F"} and "/EF" not in dictionary
    elsewhere = (
        outside or said(dictionary, "/FS") == "/URL" or (isinstance(dictionary, StreamObject) and "/F" in dictionary)
    )
    if runs or elsewhere:
        raise RefusedError("active-pdf")


def said(dictionary: DictionaryObject, name: str) -> str | None:
    """Return the name that a dictionary has as a value, or None."""
    value = dictionary.get(name)
    value = value.get_object() if value is not None else None
    return str(value) if isinstance(value, str) else None


def credential_in(stream: StreamObject) -> str | None:
    """Return the credential in an embedded file, or None when it is a file of another kind."""
    from pypdf.generic import ArrayObject  # noqa: PLC0415 (after the limits)

    packing = stream.get("/Filter")
    packing = packing.get_object() if packing is not None else None
    if isinstance(packing, ArrayObject):
        packing = packing[0].get_object() if len(packing) == 1 else "several"
    if packing not in {None, "/FlateDecode"}:
        raise RefusedError("bad-pdf")
    raw: bytes = stream._data
    content = raw if packing is None else zlib.decompressobj().decompress(raw, MAX_CREDENTIAL + 1)
    if not JSON_OBJECT.match(content) and not COMPACT_JWS.fullmatch(content):
        return None
    if len(content) > MAX_CREDENTIAL:
        raise RefusedError("too-large")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise RefusedError("not-utf-8") from error


def answer(data: bytes) -> dict[str, str]:
    """Return `text`, the credential in a PDF, or `code`, why there is none."""
    try:
        return {"text": read(data)}
    except RefusedError as error:
        return {"code": str(error)}
    except Exception:  # noqa: BLE001 (whatever the library stumbles over, the document is damaged)
        return {"code": "bad-pdf"}


def main() -> int:
    """Read the document and say what was found."""
    limit()
    import json  # noqa: PLC0415 (after the limits; only written with, never read with)
    import logging  # noqa: PLC0415 (after the limits)

    logging.disable()
    sys.stdout.write(json.dumps(answer(sys.stdin.buffer.read(MAX_BYTES))))
    return 0


if __name__ == "__main__":
    sys.exit(main())

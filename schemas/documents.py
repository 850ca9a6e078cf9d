"""Pinned documents: a URL to the file that stands for it, its digest checked; every other URL is refused."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

import orjson

FOLDER = Path(__file__).parent
_INDEX = orjson.loads((FOLDER / "digests.json").read_bytes())
URLS: Mapping[str, str] = MappingProxyType(_INDEX["urls"])
DIGESTS: Mapping[str, str] = MappingProxyType(_INDEX["digests"])


class UnknownDocumentError(LookupError):
    """A URL that no pinned file stands for."""


class CorruptDocumentError(Exception):
    """A pinned file is missing or has another content than when it was taken in."""


def read(url: str) -> bytes:
    """Return the file that stands for exactly this URL.

    Raises:
        UnknownDocumentError: There is none; nothing is ever fetched in its place.
    """
    if url not in URLS:
        raise UnknownDocumentError("no pinned document stands for this URL")
    return (FOLDER / URLS[url]).read_bytes()


def check_digests(folder: Path = FOLDER, digests: Mapping[str, str] = DIGESTS) -> None:
    """Return if every pinned file is what it was when it was taken in; called when a service starts.

    Raises:
        CorruptDocumentError: One is not, and is named.
    """
    for name, digest in digests.items():
        file = folder / name
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            raise CorruptDocumentError(f"schemas/{name} is not the file that digests.json names")


def _context(url: str) -> Mapping[str, object]:
    return cast("Mapping[str, object]", orjson.loads(read(url)))


def _is_context(url: str) -> bool:
    return URLS[url].startswith("contexts/")


CONTEXTS: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {url: _context(url) for url in URLS if _is_context(url)}
)

"""PNG: one uncompressed iTXt chunk carries the credential (Open Badges 3.0 section 5.3.1); pixels are never decoded."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from badges.errors import MalformedDocumentError, NoCredentialError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
OPEN_BADGES_2 = b"openbadges"
MAX_BYTES = 8 * 1_048_576  # a badge picture has some hundred kilobytes; a photograph ten times that
MAX_CHUNKS = 10_000
MAX_CREDENTIAL = 1_048_576
MAX_TAGS = 200  # language tag and translated keyword: a few words
_OVERHEAD = 12  # length, type and CRC of a chunk
_TEXT_CHUNKS = frozenset({b"iTXt", b"tEXt", b"zTXt"})


@dataclass(frozen=True)
class Chunk:
    """One chunk of a PNG, its CRC checked."""

    kind: bytes
    data: bytes

    def encode(self) -> bytes:
        """Return the bytes of the chunk."""
        body = self.kind + self.data
        return len(self.data).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)


def extract(picture: bytes) -> str:
    """Return the credential's text.

    Raises:
        NoCredentialError: "no-credential", or "open-badges-2" when only the older standard's is inside.
        MalformedDocumentError: "bad-png" (damage, bytes after the end), "several-credentials", "bad-png-text" (another
            chunk or spelling than the standard's, or compressed), "too-large", "not-utf-8".
    """
    texts = [chunk for chunk in _chunks(picture) if chunk.kind in _TEXT_CHUNKS]
    keywords = [chunk.data.partition(b"\0")[0] for chunk in texts]
    ours = [chunk for chunk, keyword in zip(texts, keywords, strict=True) if keyword.strip().lower() == KEYWORD]
    if not ours:
        raise NoCredentialError("open-badges-2" if OPEN_BADGES_2 in keywords else "no-credential")
    if len(ours) > 1 or OPEN_BADGES_2 in keywords:
        raise MalformedDocumentError("several-credentials")
    return _text(ours[0])


def bake(picture: bytes, credential: str) -> bytes:
    """Return the picture with the credential inside, in place of any that it carried.

    Raises:
        MalformedDocumentError: "bad-png", "too-large", or text that a chunk cannot hold: "not-utf-8", "nul-character".
    """
    try:
        text = credential.encode()
    except UnicodeEncodeError as error:
        raise MalformedDocumentError("not-utf-8") from error
    if b"\0" in text:
        raise MalformedDocumentError("nul-character")
    if len(text) > MAX_CREDENTIAL:
        raise MalformedDocumentError("too-large", limit=str(MAX_CREDENTIAL))
    # Keyword, no compression (flag and method), no language tag, no translated keyword.
    baked = Chunk(b"iTXt", KEYWORD + b"\0\0\0\0\0" + text)
    kept = [chunk for chunk in _chunks(picture) if not _is_credential(chunk)]
    return SIGNATURE + b"".join(chunk.encode() for chunk in [*kept[:1], baked, *kept[1:]])


def _is_credential(chunk: Chunk) -> bool:
    keyword = chunk.data.partition(b"\0")[0].strip().lower()
    return chunk.kind in _TEXT_CHUNKS and keyword in {KEYWORD, OPEN_BADGES_2}


def _chunks(picture: bytes) -> list[Chunk]:
    if not picture.startswith(SIGNATURE):
        raise MalformedDocumentError("bad-png")
    if len(picture) > MAX_BYTES:
        raise MalformedDocumentError("too-large", limit=str(MAX_BYTES))
    chunks = list(_walk(picture))
    if not chunks or chunks[0].kind != b"IHDR" or chunks[-1].kind != b"IEND":
        raise MalformedDocumentError("bad-png")
    return chunks


def _walk(picture: bytes) -> Iterator[Chunk]:
    position, kind, number = len(SIGNATURE), b"", 0
    while position < len(picture):
        length = int.from_bytes(picture[position : position + 4])
        end = position + _OVERHEAD + length
        number += 1
        if kind == b"IEND" or end > len(picture) or number > MAX_CHUNKS:
            raise MalformedDocumentError("bad-png")
        body = picture[position + 4 : end - 4]
        if zlib.crc32(body) != int.from_bytes(picture[end - 4 : end]):
            raise MalformedDocumentError("bad-png")
        kind, position = body[:4], end
        yield Chunk(kind, body[4:])


def _text(chunk: Chunk) -> str:
    keyword, _, rest = chunk.data.partition(b"\0")
    compression, tags = rest[:2], rest[2:].split(b"\0", 2)
    if chunk.kind != b"iTXt" or keyword != KEYWORD or compression != b"\0\0" or len(tags) != 3:  # noqa: PLR2004 - tag, keyword, text
        raise MalformedDocumentError("bad-png-text")
    language, translated, text = tags
    if len(language) + len(translated) > MAX_TAGS or b"\0" in text:
        raise MalformedDocumentError("bad-png-text")
    if len(text) > MAX_CREDENTIAL:
        raise MalformedDocumentError("too-large", limit=str(MAX_CREDENTIAL))
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise MalformedDocumentError("not-utf-8") from error

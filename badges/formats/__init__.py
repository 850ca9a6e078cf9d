"""Document formats: which one, by the first bytes; the credential out of it, and into it."""

import re

from badges.errors import MalformedDocumentError, NoCredentialError
from badges.formats import png, svg

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# JSON, or the first segment of a JWS; whether it is a good one is for the proof's reader to say.
_TEXT = re.compile(rb"[ \t\r\n]*[{\[]|[A-Za-z0-9_-]+\.")
# A compact JWS is its characters and no more, but editors and mail programs end a file with a line break.
_SURROUNDED_JWS = re.compile(rb"\s*[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\s*")


def is_picture(data: bytes) -> bool:
    """Return whether the bytes are a picture that a credential can be baked into: PNG or SVG."""
    return data.startswith(png.SIGNATURE) or svg.is_svg(data)


def extract(data: bytes) -> str:
    """Return the text of the credential in a PNG or SVG; JSON and a compact JWS are that text themselves.

    Raises:
        NoCredentialError: "no-credential": a picture without one, or bytes of another kind.
        MalformedDocumentError: A damaged picture, text that is not plain UTF-8, or "white-space" around a JWS.
    """
    if data.startswith(png.SIGNATURE):
        return png.extract(data)
    if svg.is_svg(data):
        return svg.extract(data)
    if data.startswith(_MARKS):
        raise MalformedDocumentError("not-utf-8")
    if data != data.strip() and _SURROUNDED_JWS.fullmatch(data):
        raise MalformedDocumentError("white-space")
    if not _TEXT.match(data):
        raise NoCredentialError("no-credential")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise MalformedDocumentError("not-utf-8") from error


def bake(picture: bytes, credential: str) -> bytes:
    """Return the picture with the credential inside.

    Raises:
        MalformedDocumentError: "not-a-picture": neither PNG nor SVG; or as their own `bake`.
    """
    if picture.startswith(png.SIGNATURE):
        return png.bake(picture, credential)
    if svg.is_svg(picture):
        return svg.bake(picture, credential)
    raise MalformedDocumentError("not-a-picture")

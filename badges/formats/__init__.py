"""Document formats: which one, by the first bytes; the credential out of it, and into it."""

from badges.errors import MalformedDocumentError, NoCredentialError
from badges.formats import png, svg


def is_picture(data: bytes) -> bool:
    """Return whether the bytes are a picture that a credential can be baked into: PNG or SVG."""
    return data.startswith(png.SIGNATURE) or svg.is_svg(data)


def extract(data: bytes) -> str:
    """Return the text of the credential in a PNG or SVG; other bytes are the text itself, JSON or a compact JWS.

    Raises:
        NoCredentialError: A picture without a credential, or nothing at all.
        MalformedDocumentError: A damaged picture, or bytes that are not UTF-8.
    """
    if data.startswith(png.SIGNATURE):
        return png.extract(data)
    if svg.is_svg(data):
        return svg.extract(data)
    if not data:
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

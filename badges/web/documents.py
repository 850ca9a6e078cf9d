"""Public documents: cacheable, readable from any origin, without a login."""

from dataclasses import dataclass
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

ETAG_HEX_DIGITS = 32


@dataclass(frozen=True)
class PublicDocument:
    """What the world reads at one URL.

    Args:
        body: The bytes, in one representation.
        media_type: Of that representation, with its charset where it has one.
        max_age: Seconds that anybody may keep it; 0 asks caches to come back and compare.
        immutable: This URL will never say anything else.
        vary: The request headers that chose this representation.
    """

    body: bytes
    media_type: str
    max_age: int
    immutable: bool = False
    vary: tuple[str, ...] = ("Accept",)

    @property
    def etag(self) -> str:
        """The strong validator: a digest of the bytes."""
        return f'"{sha256(self.body).hexdigest()[:ETAG_HEX_DIGITS]}"'


def respond(request: Request, document: PublicDocument) -> Response:
    """Return the document, or 304 when the client has this version of it."""
    headers = {
        "Cache-Control": cache_control(document),
        "ETag": document.etag,
        "Vary": ", ".join(document.vary),
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if matches(request.headers.get("if-none-match", ""), document.etag):
        return Response(status_code=304, headers=headers)
    return Response(document.body, headers={**headers, "Content-Type": document.media_type})


def cache_control(document: PublicDocument) -> str:
    """Return the `Cache-Control` of a document."""
    if document.max_age == 0:
        return "public, no-cache"
    return f"public, max-age={document.max_age}{', immutable' if document.immutable else ''}"


def matches(if_none_match: str, etag: str) -> bool:
    """Tell whether an `If-None-Match` header names this version.

    Source: RFC 9110 §13.1.2 (#field.if-none-match), weak comparison.
    """
    versions = {version.strip().removeprefix("W/") for version in if_none_match.split(",")}
    return "*" in versions or etag in versions

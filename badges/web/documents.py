"""Public documents: cacheable, readable from any origin, without a login."""

import gzip
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from badges.web.language import MAX_RANGES, weight_of

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
        packed: Offer it in gzip, too. That form is made once, so it is for documents that a service keeps.
    """

    body: bytes
    media_type: str
    max_age: int
    immutable: bool = False
    vary: tuple[str, ...] = ("Accept",)
    packed: bool = False

    @cached_property
    def etag(self) -> str:
        """The strong validator: a digest of the bytes."""
        return f'"{sha256(self.body).hexdigest()[:ETAG_HEX_DIGITS]}"'

    @cached_property
    def gzip(self) -> bytes:
        """The bytes in gzip, always the same ones."""
        return gzip.compress(self.body, mtime=0)


def respond(request: Request, document: PublicDocument) -> Response:
    """Return the document, or 304 when the client has this version of it."""
    packed = document.packed and takes_gzip(request.headers.get("accept-encoding", ""))
    # A strong validator names bytes, so that each form has its own.
    etag = f'{document.etag[:-1]}-gzip"' if packed else document.etag
    vary = (*document.vary, "Accept-Encoding") if document.packed else document.vary
    headers = {
        "Cache-Control": cache_control(document),
        "ETag": etag,
        "Vary": ", ".join(vary),
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = document.media_type
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(document.gzip if packed else document.body, headers=headers)


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether an `Accept-Encoding` header names gzip, and not with the weight 0.

    Source: RFC 9110 §12.5.3 (#field.accept-encoding).
    """
    codings = (coding.partition(";") for coding in accept_encoding.split(",")[:MAX_RANGES])
    return any(name.strip().lower() == "gzip" and weight_of(parameters) > 0 for name, _, parameters in codings)


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

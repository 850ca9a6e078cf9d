"""From what somebody drops, pastes or scans to the text of one credential."""

import re
from collections.abc import Sequence

from badges import formats
from badges.errors import NoCredentialError
from badges.formats import pdf
from badges.formats.qr import read_badge_link
from verifier.addresses import parse_url
from verifier.qr import QrError, read_qr_texts
from verifier.web import UnreachableError, Web

ACCEPT = (
    "application/vc+ld+json, application/ld+json, application/json, text/plain, image/png, image/svg+xml, "
    "application/pdf, */*;q=0.1"
)

MAX_TEXT_BYTES = 1_048_576
MAX_PICTURE_BYTES = 8_388_608

BADGE_LINK = re.compile(r"https?://[\x21-\x22\x24-\x3e\x40-\x7e]{1,2000}/v#(?P<digits>[0-9]+)")
"""A badge link of any verifier: what it carries is unpacked here, and its host is never asked."""

COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
LINK = re.compile(r"https?://[^\x00-\x20]{1,2040}")

PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


class IntakeError(Exception):
    """There is no credential to verify. `certain` tells nothing inside from a link that could not be followed."""

    def __init__(self, code: str, *, certain: bool = True) -> None:
        super().__init__(code)
        self.code = code
        self.certain = certain


def receive(data: bytes, web: Web) -> str:
    """Return the credential in a file, a text, a picture, a QR code, or behind a link to one of these.

    A link is followed once; what it leads to may be a picture with a QR code, but not a link again.

    Raises:
        IntakeError: There is none, or more than one, or the link could not be followed.
        BadgeError: What is there is damaged or deceptive.
    """
    return open_up(data, web)


def open_up(data: bytes, web: Web | None) -> str:
    """Return the credential in the data; without a web, a link is none."""
    if not data:
        raise IntakeError("empty")
    if is_photo(data) or formats.is_picture(data):
        return from_picture(data, web)
    if pdf.is_pdf(data):
        return from_pdf(data)
    if len(data) > MAX_TEXT_BYTES:
        raise IntakeError("too-large")
    linked = link_in(data)
    return follow(linked, web) if linked else formats.extract(data)


def is_photo(data: bytes) -> bool:
    """Tell whether these are the first bytes of a PNG, JPEG or WebP picture."""
    return data.startswith(PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def from_picture(data: bytes, web: Web | None) -> str:
    """Return the credential that was baked into a picture, else the one in its QR code."""
    if len(data) > MAX_PICTURE_BYTES:
        raise IntakeError("too-large")
    try:
        return formats.extract(data)
    except NoCredentialError as error:
        if not is_photo(data) or error.code != "no-credential":
            raise
    try:
        texts = read_qr_texts(data)
    except QrError as error:
        raise IntakeError(error.code, certain=error.code != "readers-busy") from error
    return from_qr(texts, web)


def from_pdf(data: bytes) -> str:
    """Return the credential inside a PDF."""
    try:
        return formats.extract(pdf.extract(data).encode())
    except pdf.ReadersBusyError as error:
        raise IntakeError("readers-busy", certain=False) from error


def from_qr(texts: Sequence[str], web: Web | None) -> str:
    """Return the credential in the one QR code that has one.

    A code that carries the badge itself comes before a link. Nothing else in a code is ever followed.
    """
    distinct = list(dict.fromkeys(texts))
    badges = [text for text in distinct if BADGE_LINK.fullmatch(text) or COMPACT_JWS.fullmatch(text) or is_json(text)]
    links = [text for text in distinct if text not in badges and parse_url(text) is not None]
    found = badges or links
    if len(found) > 1:
        raise IntakeError("several-qr-codes")
    if not found:
        raise IntakeError("no-credential-in-qr" if distinct else "no-credential")
    return follow(found[0], web) if is_link(found[0]) else found[0]


def is_link(text: str) -> bool:
    """Tell whether a text is a badge link, which may be long, or a link to somewhere."""
    return BADGE_LINK.fullmatch(text) is not None or LINK.fullmatch(text) is not None


def is_json(text: str) -> bool:
    """Tell whether a text could be a JSON object."""
    return text.lstrip().startswith("{")


def link_in(data: bytes) -> str | None:
    """Return the link that a text consists of, if it is one."""
    try:
        text = data[:65_536].decode("ascii").strip()
    except UnicodeDecodeError:
        return None
    return text if is_link(text) else None


def follow(link: str, web: Web | None) -> str:
    """Return the credential that a badge link carries, or that another link leads to."""
    match = BADGE_LINK.fullmatch(link)
    if match:
        return read_badge_link(match["digits"])
    if web is None:
        raise IntakeError("link-behind-link")
    try:
        return open_up(web.get(link, accept=ACCEPT), None)
    except UnreachableError as error:
        if error.code == "not-allowed":
            raise IntakeError("link-not-allowed") from error
        raise IntakeError("link-unreachable", certain=False) from error

"""SVG: one `openbadges:credential` element carries the credential (Open Badges 3.0 section 5.3.2)."""

import io
import re
from xml.sax.saxutils import quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from badges.errors import MalformedDocumentError, NoCredentialError

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
OPEN_BADGES_2 = "http://openbadges.org"
MAX_BYTES = 2 * 1_048_576
MAX_DEPTH = 64  # drawings nest in groups; no drawing program writes more
MAX_ELEMENTS = 50_000
_ELEMENT = re.compile(r"\s*<openbadges:credential\b.*?(?:</openbadges:credential>|/>)", re.DOTALL)
_DECLARATION = re.compile(r"""\s+xmlns:openbadges\s*=\s*(?:"[^"]*"|'[^']*')""")
_ROOT = re.compile(r"""<svg(?:\s+[^\s=<>"']+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(/?)>""")
# Drawing programs write the standard's own document type; it is taken out unread. Any other one is refused.
_STANDARD_DOCTYPE = re.compile(
    rb'<!DOCTYPE\s+svg\s+PUBLIC\s+"-//W3C//DTD SVG 1\.[01](?: (?:Basic|Tiny))?//EN"'
    rb'\s+"http://www\.w3\.org/(?:Graphics/SVG/1\.1/DTD/svg11(?:-basic|-tiny)?'
    rb'|TR/2001/REC-SVG-20010904/DTD/svg10)\.dtd"\s*>'
)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)


def is_svg(data: bytes) -> bool:
    """Return whether the bytes look like an SVG: markup with an svg element."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<svg" in data


def extract(picture: bytes) -> str:
    """Return the credential's text: the `verify` attribute (compact JWS), else the element's text (JSON).

    Raises:
        NoCredentialError: "no-credential", or "open-badges-2".
        MalformedDocumentError: "bad-svg" (not well-formed UTF-8 XML, or with a DOCTYPE), "several-credentials",
            "too-large", "too-deep".
    """
    found: list[tuple[str | None, str]] = []
    older = False
    for tag, attributes, text in _elements(picture):
        older = older or tag.startswith(f"{{{OPEN_BADGES_2}}}")
        if tag == f"{{{NAMESPACE}}}credential":
            found.append((attributes.get("verify"), text))
    if not found:
        raise NoCredentialError("open-badges-2" if older else "no-credential")
    if len(found) > 1 or older:
        raise MalformedDocumentError("several-credentials")
    compact_jws, body = found[0]
    if compact_jws is not None and body.strip():
        raise MalformedDocumentError("several-credentials")
    credential = body.strip() if compact_jws is None else compact_jws
    if not credential:
        raise NoCredentialError("no-credential")
    return credential


def bake(picture: bytes, credential: str) -> bytes:
    """Return the picture with the credential inside, in place of any that it carried; the drawing is not touched.

    Raises:
        MalformedDocumentError: As `extract`; or "bad-svg" for a root element in a form that we cannot add to.
    """
    for _ in _elements(picture):
        pass  # what is not sound XML is refused before anything is added to it
    text = _ELEMENT.sub("", picture.decode("utf-8-sig"))
    root = _ROOT.search(text)
    if root is None:
        raise MalformedDocumentError("bad-svg")
    start = _DECLARATION.sub("", root.group()).rstrip("/>").rstrip()
    opened = f'{start} xmlns:openbadges="{NAMESPACE}">{_element(credential)}'
    closed = "</svg>" if root.group(1) else ""
    return (text[: root.start()] + opened + closed + text[root.end() :]).encode()


def _element(credential: str) -> str:
    if not credential.lstrip().startswith("{"):
        return f"<openbadges:credential verify={quoteattr(credential)}></openbadges:credential>"
    # `]]>` would end the CDATA; in JSON it can only stand inside a string, where > may be written as an escape.
    escaped = credential.replace("]]>", "]]\\u003e")
    return f"<openbadges:credential><![CDATA[{escaped}]]></openbadges:credential>"


def _elements(picture: bytes) -> list[tuple[str, dict[str, str], str]]:
    """Return tag, attributes and text of every element, within the limits."""
    if len(picture) > MAX_BYTES:
        raise MalformedDocumentError("too-large", limit=str(MAX_BYTES))
    if _ENCODING.search(picture) or b"\0" in picture[:64]:
        raise MalformedDocumentError("bad-svg")
    try:
        picture.decode()
        return _walk(picture)
    except (ParseError, DefusedXmlException, UnicodeDecodeError, ValueError) as error:
        raise MalformedDocumentError("bad-svg") from error


def _walk(picture: bytes) -> list[tuple[str, dict[str, str], str]]:
    elements: list[tuple[str, dict[str, str], str]] = []
    depth = 0
    events = iterparse(
        io.BytesIO(_STANDARD_DOCTYPE.sub(b"", picture, count=1)), events=("start", "end"), forbid_dtd=True
    )
    for event, element in events:
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH or len(elements) > MAX_ELEMENTS:
            raise MalformedDocumentError("too-deep", limit=str(MAX_DEPTH))
        if event == "end":
            elements.append((str(element.tag), dict(element.attrib), "".join(element.itertext())))
            element.clear()
    return elements

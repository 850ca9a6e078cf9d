"""SVG: one `openbadges:credential` element carries the credential (Open Badges 3.0 section 5.3.2)."""

import re
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from badges.errors import MalformedDocumentError, NoCredentialError

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
OPEN_BADGES_2 = "http://openbadges.org"
MAX_BYTES = 2 * 1_048_576  # a badge with its own pictures inlined, and a drawing around it
MAX_DEPTH = 64  # drawings nest in groups; no drawing program writes more
MAX_ELEMENTS = 50_000
_ROOT = "{http://www.w3.org/2000/svg}svg"
_CREDENTIAL = f"{{{NAMESPACE}}}credential"
_ASSERTION = f"{{{OPEN_BADGES_2}}}assertion"
_UTF_8_MARK = b"\xef\xbb\xbf"
_UNDER_ROOT = 2  # depth
# A start or end tag up to the `>` outside quotation marks; possessive, so that a megabyte is read but once.
_TAG = re.compile(rb"""<[^"'>]*+(?:(?:"[^"]*+"|'[^']*+')[^"'>]*+)*+>""")
# Drawing programs write the standard's own document type; it is blanked unread. Any other one is refused.
_STANDARD_DOCTYPE = re.compile(
    rb"\A((?:\xef\xbb\xbf)?(?:\s++|<\?[^>]*+>|<!--(?:(?!-->).)*+-->)*+)"
    rb'<!DOCTYPE\s+svg\s+PUBLIC\s+"-//W3C//DTD SVG 1\.[01](?: (?:Basic|Tiny))?//EN"'
    rb'\s+"http://www\.w3\.org/(?:Graphics/SVG/1\.1/DTD/svg11(?:-basic|-tiny)?'
    rb'|TR/2001/REC-SVG-20010904/DTD/svg10)\.dtd"\s*>',
    re.DOTALL,
)
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)


def is_svg(data: bytes) -> bool:
    """Return whether the bytes look like an SVG: markup with an svg element."""
    return data.lstrip(_UTF_8_MARK + b" \t\r\n").startswith(b"<") and b"svg" in data


def extract(picture: bytes) -> str:
    """Return the credential's text: the `verify` attribute (compact JWS), else the element's text (JSON).

    Raises:
        NoCredentialError: "no-credential", or "open-badges-2" when only the older standard's is inside.
        MalformedDocumentError: "bad-svg" (not well-formed UTF-8 XML, another root, or a DOCTYPE other than SVG's own),
            "several-credentials", "bad-svg-credential" (not directly under the root, or with elements inside),
            "too-large", "too-deep".
    """
    elements = _read(picture).elements
    if any(element.tag == _ASSERTION for element in elements):
        if len(elements) > 1:
            raise MalformedDocumentError("several-credentials")
        raise NoCredentialError("open-badges-2")
    if not elements:
        raise NoCredentialError("no-credential")
    if len(elements) > 1:
        raise MalformedDocumentError("several-credentials")
    return _credential_in(elements[0])


def bake(picture: bytes, credential: str) -> bytes:
    """Return the picture with the credential inside, in place of any that it carried; no other byte changes.

    Raises:
        MalformedDocumentError: As `extract`; "bad-svg-credential" for what XML cannot carry; "too-large".
    """
    reader = _read(picture)
    kept, position = [], reader.root_end
    for element in reader.elements:
        if element.start >= position:
            kept.append(picture[position : element.start])
            position = element.end
    kept.append(picture[position:])
    head = picture[: reader.root_end]
    closing = b""
    if head.endswith(b"/>"):
        name = picture[reader.root_start + 1 : reader.root_end - 2].split()[0]
        head, closing = head[:-2] + b">", b"</" + name + b">"
    text = _writable(credential.strip())
    baked = b"".join([head, _element(text), closing, *kept])
    if extract(baked) != text:
        # A carriage return, say: the parser at the other end would read another text.
        raise MalformedDocumentError("bad-svg-credential")
    return baked


@dataclass
class _Element:
    """An element that holds a credential, and the bytes that it spans."""

    tag: str
    compact_jws: str | None
    depth: int
    start: int
    end: int
    text: list[str] = field(default_factory=list)
    elements_inside: int = 0


class _Reader:
    """What the parser calls: finds the elements with credentials, and keeps nothing else of the drawing."""

    def __init__(self, picture: bytes) -> None:
        self.picture = picture
        self.elements: list[_Element] = []
        self.root_start = 0
        self.root_end = 0
        self._open: _Element | None = None
        self._depth = 0
        self._number = 0
        self._parser = DefusedXMLParser(target=self, encoding="utf-8", forbid_dtd=True)

    def run(self) -> None:
        """Read the whole drawing."""
        self._parser.feed(self.picture)
        self._parser.close()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Note a start tag."""
        self._depth += 1
        self._number += 1
        if self._depth > MAX_DEPTH or self._number > MAX_ELEMENTS:
            raise MalformedDocumentError("too-deep", limit=str(MAX_DEPTH))
        if self._depth == 1:
            self._note_root(tag)
        if self._open:
            self._open.elements_inside += 1
        if tag in {_CREDENTIAL, _ASSERTION}:
            element = _Element(tag, attributes.get("verify"), self._depth, self._position(), self._end_of_tag())
            self.elements.append(element)
            self._open = self._open or element

    def end(self, _tag: str) -> None:
        """Note an end tag."""
        if self._open and self._open.depth == self._depth:
            if not self.picture.endswith(b"/>", 0, self._open.end):
                self._open.end = self._end_of_tag()
            self._open = None
        self._depth -= 1

    def data(self, text: str) -> None:
        """Note the text inside an element with a credential."""
        if self._open:
            self._open.text.append(text)

    def _note_root(self, tag: str) -> None:
        if tag != _ROOT:
            raise MalformedDocumentError("bad-svg")
        self.root_start, self.root_end = self._position(), self._end_of_tag()

    def _position(self) -> int:
        return int(self._parser.parser.CurrentByteIndex)

    def _end_of_tag(self) -> int:
        return next(_TAG.finditer(self.picture, self._position())).end()


def _read(picture: bytes) -> _Reader:
    """Return what the drawing holds, within the limits."""
    if len(picture) > MAX_BYTES:
        raise MalformedDocumentError("too-large", limit=str(MAX_BYTES))
    # The parser would take UTF-16 for what it is, against its instructions; every document in it has a NUL.
    if b"\0" in picture or _ENCODING.search(picture.removeprefix(_UTF_8_MARK)):
        raise MalformedDocumentError("bad-svg")
    # Blanked rather than cut out, so that places in the one are places in the other.
    reader = _Reader(_STANDARD_DOCTYPE.sub(_blanked, picture))
    try:
        reader.run()
    except (ParseError, DefusedXmlException) as error:
        raise MalformedDocumentError("bad-svg") from error
    return reader


def _blanked(doctype: re.Match[bytes]) -> bytes:
    return doctype[1] + b" " * (len(doctype[0]) - len(doctype[1]))


def _credential_in(element: _Element) -> str:
    if element.depth != _UNDER_ROOT or element.elements_inside:
        raise MalformedDocumentError("bad-svg-credential")
    body = "".join(element.text).strip()
    if element.compact_jws is not None and body:
        raise MalformedDocumentError("several-credentials")
    credential = body if element.compact_jws is None else element.compact_jws.strip()
    if not credential:
        raise NoCredentialError("no-credential")
    return credential


def _writable(credential: str) -> str:
    """Return JSON without what XML cannot hold: inside its strings, these may as well be written as escapes."""
    if not credential.startswith("{"):
        return credential
    return credential.replace("]]>", "]]\\u003e").replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def _element(text: str) -> bytes:
    opening = f'<openbadges:credential xmlns:openbadges="{NAMESPACE}"'
    try:
        if text.startswith("{"):
            return f"{opening}><![CDATA[{text}]]></openbadges:credential>".encode()
        return f"{opening} verify={quoteattr(text)}/>".encode()
    except UnicodeEncodeError as error:
        raise MalformedDocumentError("not-utf-8") from error

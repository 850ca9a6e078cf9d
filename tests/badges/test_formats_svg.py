"""SVG: exactly one credential under the root, nothing expanded or fetched, and the drawing kept byte for byte."""

import time
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges import formats
from badges.errors import BadgeError, MalformedDocumentError
from badges.formats import svg

NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0"'
JWS = "eyJhbGciOiJFZERTQSJ9.e30.AAAA"
ATTRIBUTE = f'<openbadges:credential verify="{JWS}"/>'
DOCTYPE = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'


def drawing(inside: str = "", before: str = "") -> bytes:
    return f'{before}<svg {NAMESPACES}>{inside}<g id="a"><path d="M0 0h1"/></g></svg>'.encode()


def code_of(data: bytes) -> str:
    with pytest.raises(BadgeError) as caught:
        formats.extract(data)
    return caught.value.code


JSON_VALUES = st.recursive(
    st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from(["]]>", "<![CDATA[", "&amp;", "\ufffe", "\uffff"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("a]>&<", max_size=3), inner, max_size=3),
)


@given(st.dictionaries(st.text("ab", max_size=2), JSON_VALUES, max_size=3))
def test_a_json_credential_keeps_its_meaning(credential: dict[str, object]) -> None:
    text = orjson.dumps(credential).decode()

    read = formats.extract(formats.bake(drawing(), text))

    assert orjson.loads(read) == credential


def test_a_json_credential_without_what_xml_forbids_comes_out_to_the_letter() -> None:
    text = '{"a":"証明 <b> & \\"c\\" ]] > 𠮷"}'

    assert formats.extract(formats.bake(drawing(), text)) == text


def test_the_end_of_a_cdata_section_is_written_as_an_escape() -> None:
    assert b"]]\\u003e" in formats.bake(drawing(), '{"a":"]]>"}')


def test_a_jws_stands_in_the_attribute() -> None:
    baked = formats.bake(drawing(), JWS)

    assert f'verify="{JWS}"'.encode() in baked
    assert formats.extract(baked) == JWS


@pytest.mark.parametrize(
    "picture",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" />\n<!-- end -->',
        b'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!-- a > <svg> -->\n<svg xmlns="http://www.w3.org/2000/svg"></svg>\n',
        b'\xef\xbb\xbf<svg xmlns="http://www.w3.org/2000/svg" id="a>b"><text>\xe8\xa8\xbc</text></svg>',
        b"<v:svg xmlns:v='http://www.w3.org/2000/svg' v='/>'><v:g/></v:svg>",
        b'<v:svg xmlns:v="http://www.w3.org/2000/svg"/>',
        f"<!-- Illustrator -->{DOCTYPE}".encode() + drawing(),
        f'<?xml version="1.0"?>\r\n{DOCTYPE}\r\n'.encode() + drawing(),
        drawing("<![CDATA[<svg>]]>"),
        drawing('<openbadges:credential verify="old"/>'),
        drawing('<openbadges:credential verify="old">\n</openbadges:credential>'),
        drawing("<openbadges:credential><![CDATA[{}]]></openbadges:credential>"),
        drawing('<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0" verify="a>b"></o:credential >'),
        drawing('<openbadges:credential><openbadges:credential verify="x"/></openbadges:credential>'),
        drawing('<defs><openbadges:credential verify="x"/></defs><openbadges:credential verify="y"/>'),
        drawing('<o:assertion xmlns:o="http://openbadges.org" verify="https://uni.example/1"/>'),
    ],
)
def test_a_drawing_takes_a_credential_and_keeps_every_other_byte(picture: bytes) -> None:
    baked = formats.bake(picture, JWS)

    assert formats.extract(baked) == JWS
    assert baked.count(b"credential") == 1
    assert formats.bake(baked, '{"a":1}').count(b"credential") == 2
    assert formats.bake(baked, JWS) == baked


def test_a_drawing_without_an_old_credential_loses_nothing() -> None:
    baked = formats.bake(drawing(), JWS)

    start = baked.index(b"<openbadges:credential")
    end = baked.index(b"/>", start) + 2
    assert baked[:start] + baked[end:] == drawing()


@pytest.mark.parametrize(
    "old", ['<openbadges:credential verify="a>/>"/>', "<openbadges:credential></openbadges:credential>"]
)
def test_an_old_credential_goes_and_nothing_beside_it(old: str) -> None:
    inside = '<a b="/"/>{}<c></c>'

    assert formats.bake(drawing(inside.format(old)), JWS) == formats.bake(drawing(inside.format("")), JWS)


def test_a_root_without_content_is_opened() -> None:
    baked = formats.bake(b'<v:svg xmlns:v="http://www.w3.org/2000/svg" v="1"/>', JWS)

    assert baked.startswith(b'<v:svg xmlns:v="http://www.w3.org/2000/svg" v="1"><openbadges:credential ')
    assert baked.endswith(b"/></v:svg>")


@pytest.mark.parametrize("text", ['{"a":1\x0b}', "{\r\n}", "{\x00}", "a\x1bb"])
def test_text_that_would_come_out_changed_is_not_baked(text: str) -> None:
    with pytest.raises(MalformedDocumentError) as caught:
        formats.bake(drawing(), text)
    assert caught.value.code in {"bad-svg", "bad-svg-credential"}


def test_a_lone_surrogate_is_not_baked() -> None:
    with pytest.raises(MalformedDocumentError) as caught:
        formats.bake(drawing(), '{"a":"\ud800"}')
    assert caught.value.code == "not-utf-8"


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("", "no-credential"),
        ("<openbadges:credential/>", "no-credential"),
        ('<openbadges:credential verify=""/>', "no-credential"),
        ("<openbadges:credential> </openbadges:credential>", "no-credential"),
        ('<credential verify="a.b.c"/>', "no-credential"),
        ('<x:credential xmlns:x="https://purl.imsglobal.org/ob/v3p1" verify="a.b.c"/>', "no-credential"),
        ('<o:assertion xmlns:o="http://openbadges.org" verify="https://uni.example/1"/>', "open-badges-2"),
        (ATTRIBUTE * 2, "several-credentials"),
        (f"{ATTRIBUTE}<defs>{ATTRIBUTE}</defs>", "several-credentials"),
        (f'{ATTRIBUTE}<o:assertion xmlns:o="http://openbadges.org"/>', "several-credentials"),
        (f'<openbadges:credential verify="{JWS}">{{}}</openbadges:credential>', "several-credentials"),
        (f'<openbadges:credential verify="{JWS}"><![CDATA[{{}}]]></openbadges:credential>', "several-credentials"),
        (f"<openbadges:credential>{ATTRIBUTE}</openbadges:credential>", "several-credentials"),
        (f"<defs>{ATTRIBUTE}</defs>", "bad-svg-credential"),
        ("<openbadges:credential><g/>{}</openbadges:credential>", "bad-svg-credential"),
        ("&nbsp;", "bad-svg"),
        ("<g>", "bad-svg"),
        ('<g id="a" id="b"/>', "bad-svg"),
        ("\x00", "bad-svg"),
    ],
)
def test_what_is_not_exactly_one_credential_is_refused(inside: str, code: str) -> None:
    assert code_of(drawing(inside)) == code


def test_text_inside_is_read_as_the_parser_gives_it() -> None:
    inside = "<openbadges:credential>\n {&quot;a&quot;:<![CDATA[1]]>} </openbadges:credential>"

    assert formats.extract(drawing(inside)) == '{"a":1}'


@pytest.mark.parametrize(
    "before",
    [
        "<!DOCTYPE svg>",
        '<!DOCTYPE svg SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://evil.example/svg11.dtd">',
        '<!DOCTYPE svg [<!ENTITY a "b">]>',
        '<!DOCTYPE svg [<!ENTITY % a SYSTEM "http://evil.example/">%a;]>',
        DOCTYPE[:-1] + '[<!ENTITY a "b">]>',
        DOCTYPE * 2,
        '<?xml version="1.0" encoding="UTF-16"?>',
        '<?xml version="1.0" encoding="UTF-7"?>',
        "<?xml version='1.0' encoding = 'iso-8859-1'?>",
        '\ufeff<?xml version="1.0" encoding="shift_jis"?>',
    ],
)
def test_another_document_type_or_encoding_is_refused(before: str) -> None:
    assert code_of(drawing(ATTRIBUTE, before)) == "bad-svg"


def test_a_document_type_in_the_credential_is_left_alone() -> None:
    text = (
        f'{{"a":"{DOCTYPE}"}}'.replace('"-', '\\"-')
        .replace('" "', '\\" \\"')
        .replace('dtd"', 'dtd\\"')
        .replace('N"', 'N\\"')
    )

    assert formats.extract(formats.bake(drawing(), text)) == text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_refused(encoding: str) -> None:
    data = drawing(ATTRIBUTE).decode().encode(encoding)

    with pytest.raises(BadgeError):
        formats.extract(data)
    with pytest.raises(BadgeError):
        svg.extract(data)


def test_another_root_is_no_drawing() -> None:
    assert code_of(b"<html><svg/></html>") == "bad-svg"
    assert code_of(b"<svg/>") == "bad-svg"
    assert code_of(f"<svg>{ATTRIBUTE}</svg>".encode()) == "bad-svg"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (drawing("<g>" * 200_000), "too-deep"),
        (drawing("<g>" * 64 + "</g>" * 64), "too-deep"),
        (drawing("<g/>" * 50_001), "too-deep"),
        (drawing(f'<g id="{"x" * 3_000_000}"/>'), "too-large"),
        (drawing(f'<g id="{"x" * 2_000_000}"/>'), "no-credential"),
        (b"<svg " + b'a="' * 600_000, "bad-svg"),
        (b"<?xml " + b" " * 2_000_000 + b"<svg", "bad-svg"),
        (b"<!--" + b"-" * 2_000_000 + b"<svg", "bad-svg"),
        (b"<" * 2_000_000 + b"svg", "bad-svg"),
        (drawing("".join(f'<g a{number}="1"/>' for number in range(40_000))), "no-credential"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg' " + b" ".join(b"a%d=''" % n for n in range(100_000)) + b"/>",
            "no-credential",
        ),
    ],
)
def test_a_hostile_drawing_is_answered_in_a_moment(data: bytes, code: str) -> None:
    start = time.process_time()

    assert code_of(data) == code
    assert time.process_time() - start < 1


@given(st.text(alphabet="<>/svgx=\"'&;![]CDAT-? ", max_size=40))
def test_no_text_makes_us_fall_over(text: str) -> None:
    for data in (f"<{text}svg".encode(), drawing(text)):
        try:
            svg.extract(data)
        except BadgeError:
            continue


@pytest.mark.vectors
@pytest.mark.parametrize("name", ["svg-001-xxe", "svg-002-laughs", "svg-003-dtd"])
def test_the_drawing_attacks_are_refused(name: str, shared: Path) -> None:
    assert code_of((shared / f"vectors/ob-attack/{name}.svg").read_bytes()) == "bad-svg"


@pytest.mark.vectors
def test_active_drawings_give_their_credential_and_nothing_else(shared: Path) -> None:
    good = formats.extract((shared / "vectors/ob-attack/svg-000-valid.svg").read_bytes())

    for file in sorted((shared / "vectors/ob-attack").glob("svg-01*.svg")):
        assert formats.extract(file.read_bytes()) == good


@pytest.mark.vectors
def test_the_pictures_of_the_certification_suite_are_read_and_baked_anew(shared: Path) -> None:
    folder = shared / "vectors/1edtech-validator/ob30"
    files = sorted([*folder.glob("*.svg"), *folder.glob("*.png")])
    assert len(files) == 6

    for file in files:
        text = formats.extract(file.read_bytes())
        assert formats.extract(formats.bake(file.read_bytes(), JWS)) == JWS
        assert text.startswith("{" if "json" in file.name else "ey")

"""The badge link and its QR code: to the very byte, in one spelling of the digits, never more than the caps."""

import base64
import io
import re
import subprocess
import time
import zlib
from pathlib import Path

import orjson
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import badges.web
from badges import formats
from badges.errors import MalformedDocumentError
from badges.formats.qr import badge_link, draw_png, draw_svg, read_badge_link, version

BASE = "https://verifier.example"
BYTES = st.binary(min_size=1, max_size=60)
# docs/badge-link.md, "An example"; the block of seven bytes and the six after it computed by hand from its table.
EXAMPLE = ("e30.e30.AQID", "00281487878521771191751644906752")


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jws(header: bytes = b"{}", payload: bytes = b"{}", signature: bytes = b"\1\2\3") -> str:
    return ".".join(map(encode, (header, payload, signature)))


def digits_of(data: bytes) -> str:
    """The digits of bytes, written again from the document alone."""
    widths = {1: 3, 2: 5, 3: 8, 4: 10, 5: 13, 6: 15, 7: 17}
    blocks = [data[at : at + 7] for at in range(0, len(data), 7)]
    return "".join(f"{int.from_bytes(block):0{widths[len(block)]}d}" for block in blocks)


def deflate(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-15)


def link_code(text: str) -> str:
    with pytest.raises(MalformedDocumentError) as caught:
        badge_link(text, BASE)
    return caught.value.code


def refused(digits: str) -> bool:
    with pytest.raises(MalformedDocumentError) as caught:
        read_badge_link(digits)
    return caught.value.code == "bad-link"


def test_the_example_of_the_document_is_what_we_make() -> None:
    text, digits = EXAMPLE

    assert badge_link(text, BASE) == f"{BASE}/v#{digits}"
    assert digits == digits_of(bytes.fromhex("01 0003 010203 abae65a8ae0500"))
    assert read_badge_link(digits) == text
    assert digits in (Path(__file__).parents[2] / "docs/badge-link.md").read_text()


def test_a_slash_behind_the_address_is_not_doubled() -> None:
    assert badge_link(EXAMPLE[0], f"{BASE}/") == badge_link(EXAMPLE[0], BASE)


@given(header=BYTES.filter(lambda data: 0 not in data), payload=BYTES, signature=BYTES)
def test_a_jws_comes_back_to_the_byte(header: bytes, payload: bytes, signature: bytes) -> None:
    text = jws(header, payload, signature)

    link = badge_link(text, BASE)

    assert read_badge_link(link.removeprefix(f"{BASE}/v#")) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_document_comes_back_to_the_letter(inside: str) -> None:
    text = " {" + inside

    assert read_badge_link(badge_link(text, BASE).partition("#")[2]) == text


@given(st.binary(min_size=1, max_size=40))
def test_digits_are_those_of_the_document(data: bytes) -> None:
    link = badge_link("{" + encode(data), BASE)

    assert re.fullmatch(rf"{BASE}/v#[0-9]+", link)
    packed = b"\2" + zlib.compress(b"{" + encode(data).encode(), 9, wbits=-15)
    assert link.partition("#")[2] == digits_of(packed)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not-a-jws"),
        ("hello", "not-a-jws"),
        ("a.b", "not-a-jws"),
        ("e30.e30.AQID.AQID", "not-a-jws"),
        ("e30.e30.", "not-a-jws"),
        ("e30.e30.AB", "not-a-jws"),
        ("e30.e30.AQI=", "not-a-jws"),
        ("e30.e30.A+ID", "not-a-jws"),
        ("e30.e30.ＡＱＩＤ", "not-a-jws"),
        ("e30.e30.AQID\n", "not-a-jws"),
        (jws(header=b"a\0b"), "not-a-jws"),
        (jws(signature=bytes(1025)), "too-large"),
        (jws(signature=bytes(70_000)), "too-large"),
        (jws(payload=bytes(70_000)), "too-large"),
        ("{" + " " * 65_536, "too-large"),
        ('{"a":"\ud800"}', "not-utf-8"),
    ],
)
def test_what_could_not_come_back_makes_no_link(text: str, code: str) -> None:
    assert link_code(text) == code


def test_a_badge_that_does_not_shrink_makes_no_link() -> None:
    noise = "".join(encode(zlib.crc32(bytes([n % 256, n // 256])).to_bytes(4)) for n in range(3000))

    assert link_code("{" + noise) == "too-large"


@pytest.mark.parametrize(
    "data",
    [
        b"\0" + deflate(b"{}"),
        b"\3" + deflate(b"{}"),
        b"\2",
        b"\2" + deflate(b"{}")[:-1],
        b"\2" + deflate(b"{}") + b"\0",
        b"\2" + zlib.compress(b"{}"),
        b"\2" + b"\xff\xff\xff",
        b"\2" + deflate(b"\xff"),
        b"\2" + deflate(b"\xed\xa0\x80"),
        b"\2" + deflate(b" " * 65_537),
        b"\2" + deflate(b" " * 8_000_000),
        b"\1",
        b"\1\0",
        b"\1\0\0" + deflate(b"{}\0{}"),
        b"\1\0\3\1\2",
        b"\1\0\3\1\2\3",
        b"\1\xff\xff\1" + deflate(b"{}\0{}"),
        b"\1\0\1\1" + deflate(b"{}{}"),
        b"\1\0\1\1" + deflate(b"{}\0{}") + b"\0",
    ],
)
def test_bytes_that_are_no_badge_are_refused(data: bytes) -> None:
    assert refused(digits_of(data))


def test_a_badge_may_be_as_long_as_the_cap() -> None:
    assert len(read_badge_link(digits_of(b"\2" + deflate(b"{" + b" " * 65_535)))) == 65_536


@pytest.mark.parametrize(
    "digits",
    [
        "",
        "+1",
        "1_0",
        " 002",
        "002\n",
        "００２",
        "٠٠٢",
        "0x2",
        EXAMPLE[1][:-1],
        EXAMPLE[1] + "0",
        EXAMPLE[1] + " ",
        "-" + EXAMPLE[1][1:],
        "9" * 17,
        "72057594037927936",
        "256",
        "65536",
        "16777216",
        "4294967296",
        "1099511627776",
        "281474976710656",
        "0" * 20_001,
    ],
)
def test_digits_in_another_form_are_refused(digits: str) -> None:
    assert refused(digits)


@given(st.text(alphabet="0123456789", max_size=80))
def test_no_digits_make_us_fall_over(digits: str) -> None:
    try:
        text = read_badge_link(digits)
    except MalformedDocumentError:
        return

    assert isinstance(text, str)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7])
def test_each_number_of_bytes_has_its_number_of_digits(size: int) -> None:
    # 0xff bytes are the largest number of each block; one more is an overflow, and so is refused.
    largest = digits_of(b"\xff" * size)

    assert refused(largest)
    assert refused(str(int(largest) + 1).zfill(len(largest)))


LINK = badge_link(jws(payload=b'{"name":"' + "データ".encode() * 100 + b'"}', signature=bytes(range(64))), BASE)


def decoded(image: bytes) -> str:
    with Image.open(io.BytesIO(image)) as picture:
        found = zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    return found[0].text


@pytest.mark.parametrize("text", [LINK, BASE, f"{BASE}/v#", f"{BASE}/c#Token-1", "証明"])
@pytest.mark.parametrize("pixels", [1, 3, 8])
def test_other_software_reads_the_picture(text: str, pixels: int) -> None:
    image = draw_png(text, module_pixels=pixels)

    assert decoded(image if pixels > 1 else enlarged(image)) == text


def enlarged(image: bytes) -> bytes:
    output = io.BytesIO()
    with Image.open(io.BytesIO(image)) as picture:
        picture.resize((picture.width * 4, picture.height * 4), Image.Resampling.NEAREST).save(output, "PNG")
    return output.getvalue()


def test_the_picture_is_one_bit_deep_with_a_quiet_zone_of_four() -> None:
    with Image.open(io.BytesIO(draw_png(LINK, module_pixels=1))) as picture:
        side = 17 + 4 * version(LINK) + 8
        assert (picture.mode, picture.size) == ("1", (side, side))
        box = picture.convert("L").point(lambda grey: 255 - grey).getbbox()
        assert box == (4, 4, side - 4, side - 4)


def test_the_drawing_has_the_modules_of_the_picture() -> None:
    drawn = draw_svg(LINK)
    with Image.open(io.BytesIO(draw_png(LINK, module_pixels=1))) as picture:
        grey = picture.convert("L")
        dark = {(x, y) for y in range(grey.height) for x in range(grey.width) if not grey.getpixel((x, y))}

    strokes = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawn)

    assert {(int(x) + step, int(y)) for x, y, width in strokes for step in range(int(width))} == dark
    assert formats.is_picture(drawn.encode())


def test_a_badge_can_be_baked_into_its_own_code() -> None:
    text = jws()

    assert formats.extract(formats.bake(draw_png(LINK), text)) == text
    assert formats.extract(formats.bake(draw_svg(LINK).encode(), text)) == text


def test_digits_take_less_room_than_text() -> None:
    assert version(LINK) < version(LINK.replace("#", "?"))
    assert version("1") == 1


def test_what_fits_into_no_code_is_refused() -> None:
    for text in (f"{BASE}/v#" + "1" * 6000, "x" * 3000):
        with pytest.raises(MalformedDocumentError) as caught:
            draw_svg(text)
        assert caught.value.code == "too-large"
    with pytest.raises(MalformedDocumentError) as caught:
        draw_png("\ud800")
    assert caught.value.code == "not-utf-8"


def test_a_hostile_link_is_answered_in_a_moment() -> None:
    start = time.process_time()

    assert refused("1" * 20_000)
    assert refused("9" * 50_000_000)

    assert time.process_time() - start < 0.5


@pytest.mark.vectors
def test_naughty_strings_come_back_from_every_container(shared: Path) -> None:
    strings: list[str] = orjson.loads((shared / "vectors/blns/blns.json").read_bytes())
    png, svg = draw_png("a", module_pixels=1), b'<svg xmlns="http://www.w3.org/2000/svg"/>'

    for text in strings:
        credential = orjson.dumps({"name": text}).decode()
        enveloped = jws(payload=credential.encode())
        assert read_badge_link(badge_link(credential, BASE).partition("#")[2]) == credential
        for one in (credential, enveloped):
            assert formats.extract(formats.bake(png, one)) == one
            assert orjson.loads(formats.extract(formats.bake(svg, credential))) == {"name": text}
        assert formats.extract(formats.bake(svg, enveloped)) == enveloped


# The pages' own script must read what we make, and we what it makes.
SCRIPT = """
const { badgeLink, decodeBadge } = await import(process.argv[1]);
let text = "";
for await (const part of process.stdin) text += part;
const asked = JSON.parse(text);
const made = await Promise.all(asked.texts.map((one) => badgeLink(one, "https://verifier.example")));
const read = await Promise.all(asked.digits.map((one) => decodeBadge(one).catch((error) => ({ code: error.code }))));
console.log(JSON.stringify({ made, read }));
"""


@pytest.mark.foreign
def test_the_script_of_the_pages_reads_and_writes_the_same_links(tmp_path: Path) -> None:
    source = Path(badges.web.__file__).parent / "static/badge-link.js"
    module = tmp_path / "badge-link.mjs"
    module.write_bytes(source.read_bytes())
    texts = [EXAMPLE[0], jws(payload="証明".encode() * 500), ' {"a":"証明"}', "{}"]
    unfinished, followed = deflate(b"{}")[:-1], deflate(b"{}") + b"\0"
    bad = ["9" * 17, EXAMPLE[1] + "0", "1" * 20_001, digits_of(b"\3"), digits_of(b"\1\0\0" + deflate(b"{}\0{}"))]
    bad += [digits_of(b"\2" + unfinished), digits_of(b"\2" + followed)]
    asked = {"texts": texts, "digits": [badge_link(text, BASE).partition("#")[2] for text in texts] + bad}

    answer = subprocess.run(
        ["node", "--input-type=module", "--eval", SCRIPT, str(module)],
        input=orjson.dumps(asked),
        capture_output=True,
        check=True,
        timeout=60,
    )

    result = orjson.loads(answer.stdout)
    assert [read_badge_link(link.removeprefix(f"{BASE}/v#")) for link in result["made"]] == texts
    assert result["read"][: len(texts)] == texts
    assert [one for one in result["read"][len(texts) :] if "code" not in one] == []

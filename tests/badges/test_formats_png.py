"""PNG: exactly one credential in exactly the standard's chunk, whatever else the picture tries."""

import io
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from badges import formats
from badges.errors import BadgeError, MalformedDocumentError, NoCredentialError
from badges.formats import png

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


HEAD = chunk(b"IHDR", bytes.fromhex("00000001 00000001 08 00 00 00 00"))
PIXEL = chunk(b"IDAT", zlib.compress(b"\0\0"))
END = chunk(b"IEND")
ITXT = b"openbadgecredential\0\0\0\0\0"


def picture(*chunks: bytes) -> bytes:
    return png.SIGNATURE + HEAD + b"".join(chunks) + PIXEL + END


def code_of(data: bytes) -> str:
    with pytest.raises(BadgeError) as caught:
        formats.extract(data)
    return caught.value.code


def drawn(size: int = 20) -> bytes:
    output = io.BytesIO()
    Image.radial_gradient("L").resize((size, size)).save(output, "PNG")
    return output.getvalue()


@given(TEXT)
def test_what_is_baked_comes_out_and_pillow_reads_it_too(text: str) -> None:
    baked = formats.bake(picture(), text)

    assert png.extract(baked) == text
    with Image.open(io.BytesIO(baked)) as image:
        assert isinstance(image, PngImagePlugin.PngImageFile)
        assert image.text == {"openbadgecredential": text}


def test_what_pillow_bakes_comes_out() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("openbadgecredential", "a.b.c")
    output = io.BytesIO()
    Image.new("L", (1, 1)).save(output, "PNG", pnginfo=notes)

    assert formats.extract(output.getvalue()) == "a.b.c"


def test_baking_again_replaces_every_credential_and_leaves_the_pixels() -> None:
    old = chunk(b"tEXt", b"OpenBadges\0x")

    baked = formats.bake(formats.bake(picture(old, chunk(b"iTXt", ITXT + b"1"), chunk(b"iTXt", ITXT + b"2")), "3"), "4")

    assert formats.extract(baked) == "4"
    assert baked.count(b"openbadgecredential") == 1
    assert b"OpenBadges" not in baked
    with Image.open(io.BytesIO(drawn())) as before, Image.open(io.BytesIO(formats.bake(drawn(), "x"))) as after:
        assert before.tobytes() == after.tobytes()


def test_other_notes_stay() -> None:
    note = chunk(b"tEXt", b"Comment\0openbadgecredential")

    baked = formats.bake(picture(note), "x")

    assert note in baked
    assert formats.extract(baked) == "x"


@pytest.mark.parametrize(
    ("text", "code"),
    [("a\0b", "nul-character"), ("\ud800", "not-utf-8"), ("x" * (png.MAX_CREDENTIAL + 1), "too-large")],
)
def test_text_that_a_chunk_cannot_hold_is_not_baked(text: str, code: str) -> None:
    with pytest.raises(MalformedDocumentError) as caught:
        formats.bake(picture(), text)
    assert caught.value.code == code


def test_a_picture_without_a_credential_has_none() -> None:
    with pytest.raises(NoCredentialError) as caught:
        formats.extract(picture(chunk(b"tEXt", b"Comment\0x")))
    assert caught.value.code == "no-credential"


def test_an_older_badge_is_called_by_its_name() -> None:
    assert code_of(picture(chunk(b"iTXt", b"openbadges\0\0\0\0\0{}"))) == "open-badges-2"
    assert code_of(picture(chunk(b"tEXt", b"openbadges\0https://uni.example/assertion"))) == "open-badges-2"


@pytest.mark.parametrize(
    "chunks",
    [
        [chunk(b"iTXt", ITXT + b"1"), chunk(b"iTXt", ITXT + b"1")],
        [chunk(b"iTXt", ITXT + b"1"), chunk(b"tEXt", b"openbadgecredential\x002")],
        [chunk(b"iTXt", ITXT + b"1"), chunk(b"zTXt", b"OPENBADGECREDENTIAL\0\0x")],
        [chunk(b"iTXt", ITXT + b"1"), chunk(b"iTXt", b"openbadges\0\0\0\0\x002")],
    ],
)
def test_two_credentials_are_not_guessed_between(chunks: list[bytes]) -> None:
    assert code_of(picture(*chunks)) == "several-credentials"


@pytest.mark.parametrize(
    "note",
    [
        chunk(b"tEXt", b"openbadgecredential\0a.b.c"),
        chunk(b"zTXt", b"openbadgecredential\0\0" + zlib.compress(b"a.b.c")),
        chunk(b"iTXt", b"openBadgeCredential\0\0\0\0\0a.b.c"),
        chunk(b"iTXt", b" openbadgecredential\0\0\0\0\0a.b.c"),
        chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(b"a.b.c")),
        chunk(b"iTXt", b"openbadgecredential\0\2\0\0\0a.b.c"),
        chunk(b"iTXt", b"openbadgecredential\0\0\1\0\0a.b.c"),
        chunk(b"iTXt", b"openbadgecredential\0\0\0" + b"x" * 65_536 + b"\0\0a.b.c"),
        chunk(b"iTXt", b"openbadgecredential\0\0\0\0" + b"x" * 300 + b"\0a.b.c"),
        chunk(b"iTXt", b"openbadgecredential\0\0\0\0"),
        chunk(b"iTXt", b"openbadgecredential\0\0\0"),
        chunk(b"iTXt", b"openbadgecredential\0"),
        chunk(b"iTXt", b"openbadgecredential"),
        chunk(b"iTXt", ITXT + b"a\0b"),
    ],
)
def test_a_credential_in_another_chunk_spelling_or_form_is_refused(note: bytes) -> None:
    assert code_of(picture(note)) == "bad-png-text"


def test_a_language_and_a_translated_keyword_do_no_harm() -> None:
    note = chunk(b"iTXt", b"openbadgecredential\0\0\0ja\0\xe8\xa8\xbc\0a.b.c")

    assert formats.extract(picture(note)) == "a.b.c"


def test_text_that_is_too_long_or_no_utf_8_is_refused() -> None:
    assert code_of(picture(chunk(b"iTXt", ITXT + b"x" * (png.MAX_CREDENTIAL + 1)))) == "too-large"
    assert code_of(picture(chunk(b"iTXt", ITXT + b"\xff"))) == "not-utf-8"


GOOD = chunk(b"iTXt", ITXT + b"a.b.c")


@pytest.mark.parametrize(
    "data",
    [
        png.SIGNATURE,
        png.SIGNATURE + HEAD,
        png.SIGNATURE + END,
        png.SIGNATURE + GOOD + HEAD + PIXEL + END,
        picture(GOOD) + b"\0",
        picture(GOOD) + chunk(b"iTXt", ITXT + b"2"),
        picture(GOOD) + b"<html><script>alert(1)</script>",
        picture(GOOD)[:-1],
        picture(GOOD)[:-20],
        picture(GOOD[:-1] + b"\0"),
        picture(b"\x7f\xff\xff\xff" + GOOD[4:]),
        picture(b"\xff\xff\xff\xff" + GOOD[4:]),
        png.SIGNATURE + HEAD + b"\0\0",
        png.SIGNATURE + HEAD + chunk(b"tEXt", b"a\0b") * 10_001 + GOOD + END,
    ],
)
def test_a_damaged_picture_is_refused(data: bytes) -> None:
    assert code_of(data) == "bad-png"


def test_a_picture_beyond_the_limit_is_refused() -> None:
    assert code_of(png.SIGNATURE + bytes(png.MAX_BYTES)) == "too-large"


def test_only_a_png_is_baked_as_one() -> None:
    with pytest.raises(MalformedDocumentError) as caught:
        png.bake(b"GIF89a", "a.b.c")
    assert caught.value.code == "bad-png"


@pytest.mark.parametrize("side", ["0000ea60", "ffffffff"])
def test_pixels_are_never_unpacked(side: str) -> None:
    head = chunk(b"IHDR", bytes.fromhex(side * 2 + "08 06 00 00 00"))
    bomb = chunk(b"IDAT", zlib.compress(bytes(4_000_000)))
    start = time.process_time()

    assert formats.extract(png.SIGNATURE + head + GOOD + bomb + END) == "a.b.c"
    assert time.process_time() - start < 0.1


@given(st.binary(max_size=60), st.integers(0, 200))
def test_no_damage_makes_us_fall_over(damage: bytes, at: int) -> None:
    data = picture(GOOD)

    try:
        formats.extract(data[:at] + damage + data[at + len(damage) :])
    except BadgeError:
        return


@pytest.mark.vectors
def test_pictures_that_crashed_libpng_do_not_crash_us(shared: Path) -> None:
    files = sorted((shared / "vectors/libpng/contrib/testpngs/crashers").glob("*.png"))
    assert len(files) > 20

    for file in files:
        start = time.process_time()
        assert code_of(file.read_bytes()) in {"no-credential", "bad-png"}, file.name
        assert time.process_time() - start < 1


@pytest.mark.vectors
def test_every_picture_of_the_png_suite_can_be_baked_and_keeps_its_pixels(shared: Path) -> None:
    files = sorted((shared / "vectors/libpng/contrib/pngsuite").glob("*.png"))
    assert len(files) > 40

    for file in files:
        baked = formats.bake(file.read_bytes(), '{"a":"証明"}')
        assert formats.extract(baked) == '{"a":"証明"}'
        with Image.open(file) as before, Image.open(io.BytesIO(baked)) as after:
            assert before.tobytes() == after.tobytes(), file.name


@pytest.mark.vectors
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("png-001-two-payloads", "several-credentials"),
        ("png-002-v2-and-v3", "several-credentials"),
        ("png-004-crc", "bad-png"),
        ("png-005-after-iend", "bad-png"),
        ("png-006-text-chunk", "bad-png-text"),
        ("png-009-case-keyword", "bad-png-text"),
        ("png-010-polyglot-html", "bad-png"),
    ],
)
def test_the_picture_attacks_are_refused_for_their_reason(name: str, code: str, shared: Path) -> None:
    assert code_of((shared / f"vectors/ob-attack/{name}.png").read_bytes()) == code

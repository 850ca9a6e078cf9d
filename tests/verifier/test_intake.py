"""Whatever somebody drops, pastes or scans: one credential comes out, or a clear reason why not."""

import io
from collections.abc import Sequence
from threading import BoundedSemaphore

import pytest
import qrcode
from PIL import Image, PngImagePlugin

import verifier.qr
from badges import formats
from badges.errors import BadgeError, NoCredentialError
from badges.formats import pdf
from badges.formats.qr import badge_link, draw_png
from tests.badges.test_formats_pdf import written as certificate
from tests.fakes.web import FakeWeb
from tests.verifier.making import credential, signed
from verifier import qr_reader
from verifier.intake import IntakeError, from_qr, receive
from verifier.qr import QrError, read_qr_texts

JWS = signed(credential()).decode()
LINK = badge_link(JWS, "https://verifier.example")
URL = "https://holder.example/badge.png"


def picture_of(*texts: str, kind: str = "PNG", width: int = 0) -> bytes:
    """A picture with a QR code for each text, side by side."""
    codes = [qrcode.make(text, box_size=4).convert("RGB") for text in texts]
    sheet = Image.new(
        "RGB", (sum(one.width for one in codes) or 50, max((one.height for one in codes), default=50)), "white"
    )
    left = 0
    for one in codes:
        sheet.paste(one, (left, 0))
        left += one.width
    if width:
        sheet = sheet.resize((width, width * sheet.height // sheet.width))
    output = io.BytesIO()
    sheet.save(output, kind)
    return output.getvalue()


def refusal(data: bytes, web: FakeWeb | None = None) -> tuple[str, bool]:
    with pytest.raises(IntakeError) as caught:
        receive(data, web or FakeWeb())
    return caught.value.code, caught.value.certain


def test_a_signed_text_is_taken_as_it_is() -> None:
    assert receive(JWS.encode(), FakeWeb()) == JWS


def test_a_json_document_is_taken_as_it_is() -> None:
    assert receive(b'{"a": 1}\n', FakeWeb()) == '{"a": 1}\n'


def test_a_badge_link_is_unpacked_without_asking_its_host() -> None:
    web = FakeWeb()

    assert receive(LINK.encode(), web) == JWS
    assert receive(f"  {LINK}\n".encode(), web) == JWS
    assert receive(badge_link(JWS, "http://127.0.0.1:8000").encode(), web) == JWS
    assert web.asked == []


def test_a_baked_picture_gives_its_credential() -> None:
    baked = formats.bake(picture_of(), JWS)

    assert receive(baked, FakeWeb()) == JWS


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_of_a_badge_links_code_gives_its_credential(kind: str) -> None:
    with Image.open(io.BytesIO(draw_png(LINK, module_pixels=4))) as code:
        output = io.BytesIO()
        code.convert("RGB").save(output, kind)

    assert receive(output.getvalue(), FakeWeb()) == JWS


def test_a_code_on_a_transparent_picture_is_read() -> None:
    with Image.open(io.BytesIO(draw_png(LINK, module_pixels=4))) as code:
        grey = code.convert("L")
    clear = Image.merge("LA", (Image.new("L", grey.size, 0), grey.point(lambda value: 255 - value)))
    output = io.BytesIO()
    clear.save(output, "PNG")

    assert receive(output.getvalue(), FakeWeb()) == JWS


def test_a_link_leads_to_a_credential_or_to_a_picture_of_one() -> None:
    for page in (JWS.encode(), formats.bake(picture_of(), JWS), draw_png(LINK, module_pixels=4)):
        web = FakeWeb({URL: page})

        assert receive(URL.encode(), web) == JWS
        assert web.asked == [URL]


def test_a_scanned_https_link_is_followed() -> None:
    web = FakeWeb({URL: JWS.encode()})

    assert receive(picture_of(URL), web) == JWS


def test_a_link_behind_a_link_is_not_followed() -> None:
    web = FakeWeb({URL: b"https://other.example/"})

    assert refusal(URL.encode(), web) == ("link-behind-link", True)
    assert refusal(URL.encode(), FakeWeb({URL: picture_of("https://other.example/")})) == ("link-behind-link", True)
    assert web.asked == [URL]


def test_a_link_that_cannot_be_read_proves_nothing() -> None:
    assert refusal(URL.encode()) == ("link-unreachable", False)


@pytest.mark.parametrize("url", ["http://issuer.example/b", "https://127.0.0.1/b", "https://a.example@b.example/"])
def test_a_link_that_the_guard_refuses_is_not_followed(url: str) -> None:
    web = FakeWeb()

    assert refusal(url.encode(), web) == ("link-not-allowed", True)
    assert web.asked == []


def test_nothing_at_all_is_nothing() -> None:
    assert refusal(b"") == ("empty", True)


def test_a_text_beyond_a_mebibyte_and_a_picture_beyond_eight_are_too_large() -> None:
    assert refusal(b"x" * 1_048_577) == ("too-large", True)
    assert refusal(b"\xff\xd8\xff" + bytes(8_388_608)) == ("too-large", True)


def test_a_picture_without_a_code_holds_no_credential() -> None:
    assert refusal(picture_of(kind="JPEG")) == ("no-credential", True)
    assert refusal(picture_of()) == ("no-credential", True)


def test_a_drawing_without_a_credential_holds_none() -> None:
    with pytest.raises(BadgeError) as caught:
        receive(b'<svg xmlns="http://www.w3.org/2000/svg"/>', FakeWeb())

    assert caught.value.code == "no-credential"


def test_a_code_without_a_badge_is_not_followed() -> None:
    web = FakeWeb()

    assert refusal(picture_of("WIFI:S:x;;"), web) == ("no-credential-in-qr", True)
    assert web.asked == []


def test_several_badges_in_one_picture_are_not_guessed_between() -> None:
    assert refusal(picture_of(URL, "https://other.example/")) == ("several-qr-codes", True)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([LINK, LINK], JWS),
        ([LINK, URL, "tel:+1900"], JWS),
        ([JWS], JWS),
        (['{"a":1}'], '{"a":1}'),
    ],
)
def test_the_one_code_that_carries_a_badge_counts(texts: Sequence[str], expected: str) -> None:
    web = FakeWeb()

    assert from_qr(texts, web) == expected
    assert web.asked == []


def test_a_picture_with_an_older_badge_is_called_by_its_name() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("openbadges", "{}")
    output = io.BytesIO()
    Image.new("L", (9, 9)).save(output, "PNG", pnginfo=notes)

    with pytest.raises(BadgeError) as caught:
        receive(output.getvalue(), FakeWeb())

    assert caught.value.code == "open-badges-2"


def test_a_damaged_picture_is_unreadable() -> None:
    assert refusal(b"\xff\xd8\xff" + bytes(100)) == ("unreadable-picture", True)


def test_a_picture_with_too_many_pixels_is_not_unpacked() -> None:
    output = io.BytesIO()
    Image.new("1", (10_000, 5_001)).save(output, "PNG")

    assert refusal(output.getvalue()) == ("too-many-pixels", True)


def test_a_decoder_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier.qr, "MAX_SECONDS", 0.001)

    with pytest.raises(QrError):
        read_qr_texts(picture_of(URL))


# The reader's own functions, in this process; the limits that it sets are for a process of its own alone.


def test_the_reader_reads_the_codes_of_a_picture() -> None:
    assert qr_reader.read(picture_of(URL, "tel:+1900")) == [URL, "tel:+1900"]


def test_the_reader_gives_up_before_it_unpacks_too_many_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qr_reader, "MAX_PIXELS", 100)

    with pytest.raises(SystemExit) as caught:
        qr_reader.read(picture_of(URL))

    assert caught.value.code == qr_reader.TOO_MANY_PIXELS


def test_while_others_are_read_a_picture_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifier.qr, "MAX_WAIT_SECONDS", 0.01)
    for _ in range(verifier.qr.MAX_READERS):
        verifier.qr.READERS.acquire()
    try:
        found = refusal(picture_of(URL))
    finally:
        for _ in range(verifier.qr.MAX_READERS):
            verifier.qr.READERS.release()

    assert found == ("readers-busy", False)


def test_the_badge_inside_a_certificate_is_taken_like_any_other() -> None:
    assert receive(certificate(("badge.jwt", JWS.encode())), FakeWeb()) == JWS


def test_a_certificate_behind_a_link_is_taken_too() -> None:
    web = FakeWeb({"https://holder.example/badge.pdf": certificate(("badge.jwt", JWS.encode()))})

    assert receive(b"https://holder.example/badge.pdf", web) == JWS


def test_a_pdf_without_a_badge_says_so() -> None:
    with pytest.raises(NoCredentialError):
        receive(certificate(("letter.txt", b"Dear Ms Sato,")), FakeWeb())


def test_when_too_many_pdfs_are_read_the_next_one_may_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "READERS", BoundedSemaphore(1))
    monkeypatch.setattr(pdf, "MAX_WAIT_SECONDS", 0.01)

    with pdf.READERS:
        assert refusal(certificate(("badge.jwt", JWS.encode()))) == ("readers-busy", False)

"""Which container it is: by the first bytes, never by a name."""

import pytest

from badges import formats
from badges.errors import BadgeError, MalformedDocumentError, NoCredentialError


@pytest.mark.parametrize("text", ['{"a":1}\n', " \r\n\t{}", "[]", "eyJhIjoxfQ.e30.AAAA", '{"a":"証明"}'])
def test_a_text_is_given_back_as_it_is(text: str) -> None:
    assert formats.extract(text.encode()) == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"hello",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBP",
        b"%PDF-1.7",
        b"\x1f\x8b\x08",
        b"<html></html>",
        b"javascript:alert(1)",
        b"\x89PNX",
    ],
)
def test_other_files_hold_no_credential(data: bytes) -> None:
    with pytest.raises(NoCredentialError) as caught:
        formats.extract(data)
    assert caught.value.code == "no-credential"


@pytest.mark.parametrize(
    "data", ["{}".encode("utf-16"), b"\xef\xbb\xbf{}", b"\xfe\xff\0{\0}", b'{"a":"\xff"}', b"a.\xff"]
)
def test_text_that_is_no_plain_utf_8_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedDocumentError) as caught:
        formats.extract(data)
    assert caught.value.code == "not-utf-8"


@pytest.mark.parametrize("data", [b"eyJhIjoxfQ.e30.AAAA\n", b" eyJhIjoxfQ.e30.AAAA", b"eyJhIjoxfQ.e30.AAAA\r\n\r\n"])
def test_a_jws_with_white_space_around_it_is_told_so(data: bytes) -> None:
    with pytest.raises(MalformedDocumentError) as caught:
        formats.extract(data)
    assert caught.value.code == "white-space"


def test_only_a_picture_can_be_baked() -> None:
    assert formats.is_picture(b"\x89PNG\r\n\x1a\n")
    assert formats.is_picture(b'\xef\xbb\xbf\n<?xml version="1.0"?><svg')
    for data in (b"", b"{}", b"\xff\xd8\xff", b"<html>"):
        assert not formats.is_picture(data)
        with pytest.raises(MalformedDocumentError) as caught:
            formats.bake(data, "{}")
        assert caught.value.code == "not-a-picture"


def test_every_refusal_is_one_of_a_badge() -> None:
    for data in (b"<svg", b"\x89PNG\r\n\x1a\n", b"\xff\xfe"):
        with pytest.raises(BadgeError):
            formats.extract(data)

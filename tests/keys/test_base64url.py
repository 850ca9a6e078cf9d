"""base64url in its one spelling, against RFC 4648 and Python's own encoder."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys import base64url


# RFC 4648 section 10, without the padding.
@pytest.mark.parametrize(
    ("data", "text"),
    [(b"", ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"foob", "Zm9vYg"), (b"\xfb\xff", "-_8")],
)
def test_it_is_the_standards(data: bytes, text: str) -> None:
    assert base64url.encode(data) == text
    assert base64url.decode(text) == data


@pytest.mark.parametrize(
    "text",
    [
        "Zg==",
        "Zg=",
        "=",
        "Zh",
        "Zm9=",
        "Zm 8",
        "Zm8\n",
        " Zm8",
        "Zm9v+_",
        "Zm9v/w",
        "Z",
        "Zm9vY",
        "Zm8é",
        "Ｚm8",
        "Zm\x00",
    ],
)
def test_every_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - Python's own and ours
        base64url.decode(text)


@given(st.binary())
def test_it_reads_what_others_write(data: bytes) -> None:
    assert base64url.decode(base64.urlsafe_b64encode(data).decode().rstrip("=")) == data


@given(st.text("AQgwxyz_-019", max_size=9))
def test_no_two_texts_stand_for_the_same_bytes(text: str) -> None:
    try:
        data = base64url.decode(text)
    except ValueError:
        return
    assert base64url.encode(data) == text

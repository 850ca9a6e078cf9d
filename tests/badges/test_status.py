"""Status lists: the standard's bits in the standard's order, slots that nobody can guess, and no bomb unpacked."""

import base64
import gzip
import time
import zlib
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import MalformedDocumentError, UnsupportedError
from badges.status import (
    MAX_BYTES,
    MIN_BITS,
    MIN_BYTES,
    StatusEntry,
    build_list,
    decode_list,
    empty,
    encode_list,
    get_bit,
    parse_entry,
    permute,
    read_list,
    set_bit,
)

URL = "https://uni.example/providers/kita/status/revocation/1"
KEY = bytes(range(32))
# Bitstring Status List v1.0, its example of a BitstringStatusListCredential: 131,072 bits, all zero.
STANDARD = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"


def encoded(data: bytes, base: str = "u") -> str:
    return base + base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def code_of(text: str, **limits: int) -> str:
    with pytest.raises(MalformedDocumentError) as caught:
        decode_list(text, **limits)
    return caught.value.code


def test_the_list_of_the_standard_is_read() -> None:
    assert decode_list(STANDARD) == bytes(MIN_BYTES) == empty()


# Section 3.3: "the first index, with a value of zero (0), is located at the left-most bit in the bitstring".
@pytest.mark.parametrize(
    ("index", "byte", "value"),
    [
        (0, 0, 0b1000_0000),
        (1, 0, 0b0100_0000),
        (7, 0, 0b0000_0001),
        (8, 1, 0b1000_0000),
        (15, 1, 0b0000_0001),
        (16, 2, 0b1000_0000),
        (65_535, 8_191, 0b0000_0001),
        (131_071, 16_383, 0b0000_0001),
    ],
)
def test_a_bit_stands_where_the_standard_puts_it(index: int, byte: int, value: int) -> None:
    bits = set_bit(empty(), index)

    assert {place: one for place, one in enumerate(bits) if one} == {byte: value}
    assert get_bit(bits, index)


@given(st.sets(st.integers(0, MIN_BITS - 1), max_size=20))
def test_the_bits_that_were_set_and_no_others_come_back(indices: set[int]) -> None:
    bits = empty()
    for index in indices:
        bits = set_bit(bits, index)

    read = decode_list(encode_list(bits))

    assert all(get_bit(read, index) for index in indices)
    assert int.from_bytes(read).bit_count() == len(indices)


@pytest.mark.parametrize("index", [-1, MIN_BITS, 10**30])
def test_an_index_outside_the_list_is_refused(index: int) -> None:
    with pytest.raises(IndexError):
        get_bit(empty(), index)
    with pytest.raises(IndexError):
        set_bit(empty(), index)


def test_the_same_bits_give_the_same_text_and_other_software_reads_it() -> None:
    bits = set_bit(empty(), 77)

    assert encode_list(bits) == encode_list(bytes(bits))
    assert gzip.decompress(base64.urlsafe_b64decode(encode_list(bits)[1:] + "==")) == bits


def test_every_slot_is_given_once() -> None:
    slots = {permute(counter, KEY) for counter in range(MIN_BITS)}

    assert slots == set(range(MIN_BITS))


@given(st.integers(1, 600), st.binary(min_size=16, max_size=32))
def test_a_list_of_any_size_is_filled_without_a_gap(size: int, key: bytes) -> None:
    assert {permute(counter, key, size) for counter in range(size)} == set(range(size))


def test_slots_are_spread_like_chance_and_say_nothing_of_their_order() -> None:
    number, bins = 10_000, 64
    slots = [permute(counter, KEY) for counter in range(number)]

    # Chi-square, 63 degrees of freedom: 103.4 is passed by chance once in a thousand times; the key is fixed.
    for values in (slots, [(after - before) % MIN_BITS for before, after in pairwise(slots)]):
        counts = [0] * bins
        for value in values:
            counts[value * bins // MIN_BITS] += 1
        expected = len(values) / bins
        assert sum((count - expected) ** 2 / expected for count in counts) < 103.4


def test_another_key_gives_another_order() -> None:
    same = sum(permute(counter, KEY) == permute(counter, bytes(32)) for counter in range(1000))

    assert same < 5


@pytest.mark.parametrize("counter", [-1, MIN_BITS])
def test_a_full_list_gives_no_slot(counter: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        permute(counter, KEY)


@pytest.mark.parametrize(
    "index",
    ["+5", "-5", "05", "5.0", " 5", "5 ", "5\n", "1_0", "٥", "５", "0x5", "", "12345678901", 5, True, [5], None, 5.0],
)
def test_an_index_in_another_form_is_refused(index: object) -> None:
    entry = {**StatusEntry(URL, 5, "revocation").to_json(), "statusListIndex": index}

    with pytest.raises(MalformedDocumentError) as caught:
        parse_entry(entry)
    assert (caught.value.code, caught.value.pointer) == ("bad-status-entry", "/credentialStatus")


@given(st.integers(0, 10**10 - 1))
def test_an_entry_comes_back(index: int) -> None:
    entry = StatusEntry(URL, index, "suspension")

    assert parse_entry(entry.to_json()) == entry
    assert entry.to_json()["id"] == f"{URL}#{index}"


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "x",
        {},
        {"type": "StatusList2021Entry"},
        {"type": ["x"]},
        {**StatusEntry(URL, 5, "message").to_json(), "statusSize": 2},
        {**StatusEntry(URL, 5, "message").to_json(), "statusSize": "1"},
    ],
)
def test_an_entry_of_another_type_is_not_known(value: object) -> None:
    with pytest.raises(UnsupportedError) as caught:
        parse_entry(value)
    assert caught.value.code == "unknown-status-type"


@pytest.mark.parametrize(
    "change",
    [{"statusListCredential": 1}, {"statusPurpose": ["revocation"]}],
)
def test_an_entry_that_is_not_whole_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(MalformedDocumentError) as caught:
        parse_entry({**StatusEntry(URL, 5, "revocation").to_json(), **change})
    assert caught.value.code == "bad-status-entry"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad-list-encoding"),
        ("u", "bad-list-encoding"),
        (STANDARD[1:], "bad-list-encoding"),
        ("z" + STANDARD[1:], "bad-list-encoding"),
        (STANDARD + "==", "bad-list-encoding"),
        (STANDARD + "\n", "bad-list-encoding"),
        (STANDARD[:-4], "bad-list-encoding"),
        (STANDARD[:-8] + "AAAAAAAA", "bad-list-encoding"),
        ("uA", "bad-list-encoding"),
        ("uAAAA", "bad-list-encoding"),
        (encoded(zlib.compress(bytes(MIN_BYTES))), "bad-list-encoding"),
        (encoded(gzip.compress(bytes(MIN_BYTES), mtime=0) + b"\0"), "bad-list-encoding"),
        (encoded(gzip.compress(bytes(MIN_BYTES), mtime=0) * 2), "bad-list-encoding"),
        (encoded(gzip.compress(bytes(MIN_BYTES - 1), mtime=0)), "list-too-short"),
        (encoded(gzip.compress(b"", mtime=0)), "list-too-short"),
        ("u" + "A" * 5_000_000, "bad-list-encoding"),
    ],
)
def test_a_list_in_another_encoding_is_refused(text: str, code: str) -> None:
    assert code_of(text) == code


def test_a_bomb_is_not_unpacked() -> None:
    bomb = encoded(gzip.compress(bytes(64 * 1_048_576)))
    start = time.process_time()

    code = code_of(bomb)

    assert code == "list-too-long"
    assert time.process_time() - start < 0.5


def test_a_list_may_be_as_long_as_the_limit() -> None:
    assert len(decode_list(encode_list(bytes(MAX_BYTES)))) == MAX_BYTES
    assert code_of(encode_list(bytes(MIN_BYTES + 1)), max_bytes=MIN_BYTES) == "list-too-long"


def list_credential(**changes: Any) -> dict[str, Any]:
    made = build_list(
        url=URL,
        issuer="did:web:uni.example",
        purpose="revocation",
        bits=set_bit(empty(), 5),
        valid_from="2026-11-24T00:00:00Z",
        valid_until="2026-12-01T00:00:00Z",
    )
    return {**made, **changes}


ENTRY = StatusEntry(URL, 5, "revocation")


def test_a_list_is_built_as_the_standard_shows_it() -> None:
    made = list_credential()

    assert made["@context"] == ["https://www.w3.org/ns/credentials/v2"]
    assert made["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert made["credentialSubject"]["type"] == "BitstringStatusList"
    assert made["credentialSubject"]["id"] == f"{URL}#list"
    assert made["credentialSubject"]["ttl"] == 300_000
    assert get_bit(read_list(made, ENTRY), 5)
    assert not get_bit(read_list(made, ENTRY), 6)


def subject(**changes: Any) -> dict[str, Any]:
    return {"credentialSubject": {**list_credential()["credentialSubject"], **changes}}


def test_a_list_for_several_purposes_serves_each() -> None:
    assert read_list(list_credential(**subject(statusPurpose=["suspension", "revocation"])), ENTRY)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "BitstringStatusListCredential"}, "wrong-list-type"),
        ({"type": ["VerifiableCredential"]}, "wrong-list-type"),
        ({"credentialSubject": []}, "wrong-list-type"),
        (subject(type="StatusList2021"), "wrong-list-type"),
        (subject(encodedList=5), "bad-list-encoding"),
        (subject(statusPurpose="suspension"), "wrong-list-purpose"),
        (subject(statusPurpose=None), "wrong-list-purpose"),
        (subject(encodedList="x"), "bad-list-encoding"),
    ],
)
def test_another_list_than_the_entrys_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(MalformedDocumentError) as caught:
        read_list(list_credential(**change), ENTRY)
    assert caught.value.code == code

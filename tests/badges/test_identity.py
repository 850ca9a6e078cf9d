"""Identity hashes: others can compute them, each salt gives another, and no weak one matches."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import ClaimsError
from badges.identity import is_hash, make, matches

# printf '%s' 'hanako@learner.examplesalt' | sha256sum
KNOWN = "sha256$9fee3b696c350d7113708f868becff0b20dbef337872ec8593d1ab8422861031"


def identity(value: object, salt: object = "salt", **more: object) -> dict[str, object]:
    return {"type": "IdentityObject", "hashed": True, "identityHash": value, "salt": salt, **more}


def test_a_hash_is_that_of_the_identifier_and_the_salt_behind_it() -> None:
    assert make("hanako@learner.example", "salt") == KNOWN
    assert make("  Hanako@LEARNER.example\n", "salt") == KNOWN


def test_a_name_in_two_unicode_forms_has_one_hash() -> None:
    assert make("\u304c", "s") == make("\u304b\u3099", "s")


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=254).filter(str.strip),
    st.text(st.characters(exclude_categories=["Cs"])),
)
def test_an_identifier_matches_its_own_hash(identifier: str, salt: str) -> None:
    assert matches(identity(make(identifier, salt), salt), identifier)


def test_an_identifier_matches_a_hash_that_was_not_normalised() -> None:
    digest = hashlib.sha256(b"Hanako@learner.examplesalt").hexdigest()

    assert matches(identity(f"sha256${digest}"), "Hanako@learner.example")
    assert matches(identity(f"sha256${digest.upper()}"), "Hanako@learner.example")
    assert not matches(identity(f"sha256${digest}"), "hanako@learner.example")


def test_an_identifier_without_salt_matches() -> None:
    digest = hashlib.sha256(b"hanako@learner.example").hexdigest()

    assert matches({"hashed": True, "identityHash": f"sha256${digest}"}, "hanako@learner.example")


def test_an_identifier_in_clear_matches() -> None:
    assert matches({"hashed": False, "identityHash": "Hanako"}, "Hanako")
    assert not matches({"hashed": False, "identityHash": "Hanako"}, "hanako")


@pytest.mark.parametrize(
    ("value", "salt"),
    [
        ("md5$" + hashlib.md5(b"hanako@learner.examplesalt").hexdigest(), "salt"),
        (KNOWN, "other"),
        (KNOWN, ["salt"]),
        (KNOWN, None),
        (5, "salt"),
        (None, "salt"),
        ("sha256$é", "salt"),
        ("hanako@learner.example", "salt"),
    ],
)
def test_a_weak_foreign_or_broken_hash_does_not_match(value: object, salt: object) -> None:
    assert not matches(identity(value, salt), "hanako@learner.example")


@pytest.mark.parametrize("identifier", ["", "x" * 255, "x" * 1_000_000])
def test_what_is_no_identifier_neither_matches_nor_is_hashed(identifier: str) -> None:
    assert not matches(identity(KNOWN), identifier)
    with pytest.raises(ClaimsError) as caught:
        make(identifier, "salt")
    assert caught.value.code == "bad-identifier"


def test_a_lone_surrogate_is_no_identifier() -> None:
    assert not matches(identity(KNOWN), "\ud800")
    with pytest.raises(ClaimsError):
        make("\ud800", "salt")
    with pytest.raises(ClaimsError):
        make("   ", "salt")


@pytest.mark.parametrize(
    ("text", "expected"),
    [(KNOWN, True), (KNOWN.upper(), False), (f"{KNOWN}\n", False), (KNOWN[:-1], False), ("md5$" + "0" * 32, False)],
)
def test_a_hash_is_recognised(text: str, *, expected: bool) -> None:
    assert is_hash(text) is expected

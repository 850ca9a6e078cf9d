"""What other verifiers would compute differently is found before it is signed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges import proof
from badges.credential import Mechanism
from badges.errors import UnsafeTextError
from badges.proof import check_text
from tests.badges.signing import SIGNER, badge


def refusal(document: dict[str, Any]) -> UnsafeTextError:
    with pytest.raises(UnsafeTextError) as caught:
        check_text(document)
    return caught.value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("a\x00", "control-character"),
        ("\x0b", "control-character"),
        ("\x7f", "control-character"),
        ("\ufffe", "noncharacter"),
        ("データ\uffff", "noncharacter"),
        ("\ud800", "lone-surrogate"),
        ("https://issuer.example/𠮷野", "unsafe-iri"),
        ("urn:x:ｱ", "unsafe-iri"),
        (2**53, "unsafe-number"),
        (-(2**53) - 2, "unsafe-number"),
        (1e300, "unsafe-number"),
        (["𠮷野", "ｱ"], "unsafe-order"),
        (("ｱ", "x", "𠮷野"), "unsafe-order"),
    ],
)
def test_the_place_is_named(value: Any, code: str) -> None:
    error = refusal({"credentialSubject": {"tag/s": value}})

    assert (error.code, error.pointer) == (code, "/credentialSubject/tag~1s")


def test_an_element_of_a_list_is_named_by_its_index() -> None:
    assert refusal({"tag": ["x", {"y": "\x01"}]}).pointer == "/tag/1/y"


def test_the_character_is_named_and_nothing_else_of_the_text() -> None:
    assert refusal({"name": "山田\x01"}).params == {"character": "U+0001"}


@pytest.mark.parametrize(
    "value",
    [
        "",
        "line\n\tline\r\n",
        "𠮷野 ｱ: どちらも",
        "note:𠮷",
        ["𠮷野"],
        ["𠮷野", "野"],
        ["ｱ", "ｲ"],
        [{"id": "x"}, "y"],
        2**53 - 1,
        -1.5,
        True,
        None,
    ],
)
def test_everything_else_may_be_signed(value: Any) -> None:
    check_text({"name": value})


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=4), max_size=4))
def test_what_passes_is_sorted_alike_by_code_points_and_by_code_units(values: list[str]) -> None:
    try:
        check_text({"tag": values})
    except UnsafeTextError:
        return

    assert sorted(values) == sorted(values, key=lambda value: value.encode("utf-16-be"))


def test_an_embedded_proof_is_never_made_over_such_content() -> None:
    made = {**badge(), "name": "\x01"}

    with pytest.raises(UnsafeTextError):
        proof.sign(made, SIGNER, Mechanism.DATA_INTEGRITY)

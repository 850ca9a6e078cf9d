"""A refusal says which rule and where, and never what was there."""

import pytest

from badges.errors import BadgeError, MalformedDocumentError, NoCredentialError, ProofError, ShapeError


def test_a_refusal_names_its_rule_its_place_and_its_words() -> None:
    error = MalformedDocumentError("too-large", pointer="/issuer", limit="5")

    assert (error.code, error.pointer, error.params) == ("too-large", "/issuer", {"limit": "5"})
    assert str(error) == "too-large at /issuer"


@pytest.mark.parametrize("kind", [MalformedDocumentError, NoCredentialError, ProofError, ShapeError])
def test_every_refusal_is_one_of_a_badge(kind: type[BadgeError]) -> None:
    assert isinstance(kind("code"), BadgeError)
    assert str(kind("code")) == "code at the top"

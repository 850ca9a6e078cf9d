"""What an operator may write about the verifiers that badges are handed over to."""

import pytest
from pydantic import ValidationError

from issuer.settings import IssuerSettings

VERIFIER = "https://verifier.example"
OTHER = "https://other.example:8443"


def test_badges_go_to_the_verifier_of_the_links_unless_told_otherwise() -> None:
    assert IssuerSettings(verifier_url=VERIFIER).receivers == (VERIFIER,)
    assert IssuerSettings(verifier_url=VERIFIER, verifiers=(OTHER,)).receivers == (OTHER,)


def test_verifiers_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISSUER_VERIFIERS", f"{VERIFIER}, {OTHER},")

    assert IssuerSettings().receivers == (VERIFIER, OTHER)


@pytest.mark.parametrize(
    "written", ["verifier.example", f"{VERIFIER}/", f"{VERIFIER}/badges", "javascript:alert(1)", "*"]
)
def test_a_verifier_is_an_origin(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("ISSUER_VERIFIERS", f"{VERIFIER},{written}")

    with pytest.raises(ValidationError, match="verifiers"):
        IssuerSettings()

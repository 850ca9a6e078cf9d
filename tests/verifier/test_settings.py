"""What an operator may set."""

import pytest
from pydantic import ValidationError

from verifier.settings import VerifierSettings


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERIFIER_PUBLIC_URL", "https://verifier.example")
    monkeypatch.setenv("VERIFIER_LOCAL_HOSTS", "localhost:8000, issuer")

    settings = VerifierSettings()

    assert settings.public_url == "https://verifier.example"
    assert settings.local_hosts == {"localhost:8000", "issuer"}


def test_all_mistakes_are_reported_together() -> None:
    with pytest.raises(ValidationError) as caught:
        VerifierSettings(public_url="verifier.example/", registry_url="ftp://x", local_hosts=frozenset({"a b"}))

    assert {error["loc"][0] for error in caught.value.errors()} == {"public_url", "registry_url", "local_hosts"}

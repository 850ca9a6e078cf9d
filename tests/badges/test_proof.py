"""Securing a credential and finding out whether it is secured: both mechanisms, and every leaf of a badge."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges import proof
from badges.credential import Mechanism, build_endorsement
from badges.errors import BadgeError, ClaimsError, MalformedDocumentError, ProofError, ShapeError, UnsupportedError
from badges.model import Profile
from badges.proof.jwt import sign_jws, with_registered_claims
from keys.signer import LocalSigner
from tests.badges.signing import ISSUER, KEYS, P256, SIGNER, STRANGER, badge, signed

BOTH = [(Mechanism.VC_JWT, P256), (Mechanism.VC_JWT, SIGNER), (Mechanism.DATA_INTEGRITY, SIGNER)]


def check(text: str, keys: Any = KEYS) -> proof.VerifiedCredential:
    return proof.verify(proof.peek(text), keys)


def refusal(text: str, keys: Any = KEYS) -> BadgeError:
    with pytest.raises(BadgeError) as caught:
        check(text, keys)
    return caught.value


def enveloped(payload: dict[str, Any], **header: Any) -> str:
    return sign_jws(orjson.dumps(payload), P256, header=header)


@pytest.mark.parametrize(("mechanism", "signer"), BOTH)
def test_what_is_verified_is_what_was_signed(mechanism: Mechanism, signer: LocalSigner) -> None:
    text = proof.sign(badge(), signer, mechanism)

    unverified = proof.peek(text)
    verified = proof.verify(unverified, {signer.key_id: signer.public})

    assert verified.claims == badge()
    assert (verified.text, verified.mechanism, verified.warnings) == (text, mechanism, ())
    assert [one.verification_method for one in verified.proofs] == [signer.key_id]
    assert unverified.proofs == verified.proofs


@pytest.mark.parametrize(("mechanism", "signer"), BOTH)
def test_the_same_claims_and_key_give_the_same_bytes(mechanism: Mechanism, signer: LocalSigner) -> None:
    assert proof.sign(badge(), signer, mechanism) == proof.sign(badge(), signer, mechanism)


def test_an_embedded_proof_gives_no_moment_away() -> None:
    made = signed()

    assert made["proof"][0]["created"] == made["validFrom"]
    assert isinstance(made["proof"], list)


def test_an_embedded_proof_can_be_dated() -> None:
    text = proof.sign(badge(), SIGNER, Mechanism.DATA_INTEGRITY, created="2026-11-02T00:00:00Z")

    assert check(text).proofs[0].created == "2026-11-02T00:00:00Z"


def test_only_an_ed25519_key_embeds_proofs() -> None:
    with pytest.raises(UnsupportedError) as caught:
        proof.sign(badge(), P256, Mechanism.DATA_INTEGRITY)

    assert caught.value.code == "unsupported-key"


def test_an_endorsement_is_secured_like_a_badge() -> None:
    made = build_endorsement(
        id="urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-000000000000",
        issuer=Profile(ISSUER),
        endorsed="https://issuer.example/a/1",
        valid_from="2026-11-01T00:00:00+09:00",
        name="推薦",
    )

    for mechanism, signer in BOTH:
        assert check(proof.sign(made, signer, mechanism)).claims == made


@pytest.mark.parametrize(("mechanism", "signer"), BOTH)
def test_a_forgery_with_another_key_is_refused(mechanism: Mechanism, signer: LocalSigner) -> None:
    forged = proof.sign(badge(), replace(STRANGER, key_id=signer.key_id), mechanism)

    error = refusal(forged)

    assert isinstance(error, ProofError)
    assert error.code in {"bad-signature", "wrong-algorithm"}


@pytest.mark.parametrize(("mechanism", "signer"), BOTH)
def test_no_key_is_no_proof(mechanism: Mechanism, signer: LocalSigner) -> None:
    assert refusal(proof.sign(badge(), signer, mechanism), {}).code == "key-missing"


def test_what_a_caller_changed_after_peeking_is_not_believed() -> None:
    for mechanism, signer in BOTH:
        unverified = proof.peek(proof.sign(badge(), signer, mechanism))
        unverified.claims["name"] = "別の名前"  # type: ignore[index]  # the attack

        assert proof.verify(unverified, KEYS).claims["name"] == badge()["name"]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of each value that is not an object or an array."""
    if isinstance(value, dict | list):
        for step, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(below, (*path, step))
    else:
        yield path


def changed(document: Any, path: tuple[Any, ...], change: Any) -> Any:
    made = deepcopy(document)
    parent = made
    for step in path[:-1]:
        parent = parent[step]
    if change is ...:
        del parent[path[-1]]
    else:
        parent[path[-1]] = change(parent[path[-1]])
    return made


CHANGES = [
    ...,
    lambda old: f"{old}x",
    lambda old: [old, "urn:x:y"],
    lambda old: 1,
    lambda old: {"id": old},
    lambda old: None,
]


@pytest.mark.parametrize("path", list(leaves(signed())), ids=lambda path: "/".join(map(str, path)))
def test_no_leaf_of_a_signed_badge_can_be_changed_or_removed(path: tuple[Any, ...]) -> None:
    original = signed()
    for change in CHANGES:
        tampered = changed(original, path, change)
        try:
            verified = check(orjson.dumps(tampered).decode())
        except BadgeError:
            continue
        # JSON-LD's two spellings of a reference say the same, and both can be read.
        assert tampered != original
        assert verified.claims == {name: value for name, value in tampered.items() if name != "proof"}
        assert same(verified.claims, badge())


def same(one: Any, other: Any) -> bool:
    """Equal but for a lone value and a list of one, and an id and an object with nothing but that id."""
    return bool(plain(one) == plain(other))


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return value["id"] if list(value) == ["id"] else {name: plain(below) for name, below in value.items()}
    if isinstance(value, list):
        return plain(value[0]) if len(value) == 1 else sorted((plain(one) for one in value), key=str)
    return value


@pytest.mark.parametrize("path", list(leaves(badge())), ids=lambda path: "/".join(map(str, path)))
def test_no_leaf_of_a_badge_in_a_jws_can_be_changed(path: tuple[Any, ...]) -> None:
    header, _, signature = proof.sign(badge(), P256, Mechanism.VC_JWT).split(".")
    tampered = changed(badge(), path, lambda old: f"{old}x")
    try:
        _, payload, _ = enveloped(with_registered_claims(tampered)).split(".")
    except ClaimsError:
        return

    assert isinstance(refusal(f"{header}.{payload}.{signature}"), BadgeError)


NAMES = st.sampled_from(
    ["grade", "name", "validUntil", "@included", "@graph", "credentialStatus", "evidence", "https://schema.org/name"]
)


@given(NAMES, st.sampled_from([(), ("issuer",), ("credentialSubject",), ("credentialSubject", "achievement")]))
def test_nothing_can_be_added_to_a_signed_badge(name: str, path: tuple[str, ...]) -> None:
    made = signed()
    place = made
    for step in path:
        place = place[step]
    if name in place:
        return
    place[name] = "x"

    assert isinstance(refusal(orjson.dumps(made).decode()), ShapeError | ProofError)


def test_the_shape_of_the_text_tells_the_mechanism() -> None:
    assert proof.peek(" \n" + orjson.dumps(signed()).decode()).mechanism is Mechanism.DATA_INTEGRITY
    for text in ("[]", "\ufeff{}", "", "x", "a.b.c"):
        assert isinstance(refusal(text), MalformedDocumentError)


def test_a_jws_without_any_key_is_refused() -> None:
    text = enveloped(with_registered_claims(badge()))
    header = orjson.dumps({"alg": "ES256"})
    without = f"{base64url(header)}.{text.split('.', 1)[1]}"

    assert refusal(without).code == "no-key"


def base64url(data: bytes) -> str:
    import base64

    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_the_embedded_key_of_a_jws_stands_under_the_empty_name() -> None:
    payload = orjson.dumps(with_registered_claims(badge()))
    header = base64url(orjson.dumps({"alg": "ES256", "jwk": P256.public.to_jwk()}))
    signing_input = f"{header}.{base64url(payload)}"
    text = f"{signing_input}.{base64url(P256.sign(signing_input.encode()))}"

    unverified = proof.peek(text)

    assert unverified.proofs[0].embedded_key == P256.public
    assert proof.verify(unverified, {"": P256.public}).claims == badge()


def test_one_proof_around_another_is_refused() -> None:
    assert refusal(enveloped(with_registered_claims(signed()))).code == "two-mechanisms"


def test_a_jws_whose_claims_contradict_its_credential_is_refused() -> None:
    assert isinstance(refusal(enveloped({**with_registered_claims(badge()), "iss": "did:web:other"})), ClaimsError)


def test_a_missing_subject_claim_is_a_warning() -> None:
    payload = with_registered_claims(badge())
    del payload["sub"]

    assert check(enveloped(payload)).warnings == ("subject-claim-missing",)

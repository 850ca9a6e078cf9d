"""DIDs: what they spell out, where their documents are, and whose keys the documents list."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import orjson
import pytest

from keys.did import (
    MAX_METHODS,
    DidError,
    KeyNotListedError,
    VerificationMethod,
    build_document,
    did_key,
    expand,
    find_assertion_key,
    parse_document,
    web_url,
)
from keys.public_key import Algorithm, KeyFormatError
from keys.signer import did_key_signer, generate, local_signer

DID = "did:web:kita.example"
KEY = local_signer(generate(Algorithm.ED25519), "").public
RSA = local_signer(generate(Algorithm.RSA), "").public
END = datetime(2026, 10, 1, tzinfo=UTC)
# did:key specification, Ed25519 example.
DID_KEY = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


def method(number: int = 1, key=KEY, **ends: datetime) -> VerificationMethod:
    return VerificationMethod(f"{DID}#k{number}", DID, key, **ends)


def test_a_did_key_spells_out_its_key() -> None:
    document = expand(DID_KEY)
    found = find_assertion_key(document, f"{DID_KEY}#{DID_KEY.removeprefix('did:key:')}")

    assert did_key(found.key) == DID_KEY
    assert found.controller == DID_KEY


def test_a_did_jwk_spells_out_its_key() -> None:
    did = "did:jwk:" + urlsafe_b64encode(orjson.dumps(KEY.to_jwk())).rstrip(b"=").decode()

    assert find_assertion_key(expand(did), f"{did}#0").key == KEY


def test_who_signs_under_a_did_key_is_found_by_it_alone() -> None:
    signer = did_key_signer(generate(Algorithm.P256))

    found = find_assertion_key(expand(signer.key_id.partition("#")[0]), signer.key_id)

    found.key.verify(signer.sign(b"word"), b"word")
    with pytest.raises(KeyFormatError, match="RSA"):
        did_key_signer(generate(Algorithm.RSA))


@pytest.mark.parametrize(
    "did", ["did:web:kita.example", "did:key", "x", "did:jwk:!", "did:jwk:e30", "did:key:zz", "did:key:" + "z" * 4000]
)
def test_what_spells_out_no_key_is_refused(did: str) -> None:
    with pytest.raises(KeyFormatError):
        expand(did)


# did:web Method Specification, section 2.5.2: the three examples.
@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
        ("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json"),
    ],
)
def test_a_did_web_says_where_its_document_is(did: str, url: str) -> None:
    assert web_url(did) == url


@pytest.mark.parametrize(
    "did",
    [
        "did:web:", "did:web:Kita.example", "did:web:kita..example", "did:web:kita.example:", "did:web:kita.example:..",
        "did:web:kita.example:%2e%2e", "did:web:kita.example%2Fx", "did:web:user@kita.example",
        "did:web:kita.example:a/b",
        "did:web:kita.example.", "did:web:北.example", "did:web:kita.example:" + "a" * 3000, "did:key:z6Mk",
        "xdid:web:a.b",
        "did:web:kita.example%3A0", "did:web:kita.example?x", "did:web:kita.example#k1",
    ],
)  # fmt: skip
def test_another_spelling_of_a_did_web_is_refused(did: str) -> None:
    with pytest.raises(DidError):
        web_url(did)


def test_a_document_reads_back_as_it_was_built() -> None:
    methods = [method(1), method(2, RSA, expires=END), method(3, revoked=END)]
    document = parse_document(orjson.loads(orjson.dumps(build_document(DID, methods))), DID)

    assert list(document.methods.values()) == methods
    assert document.assertion == {f"{DID}#k1", f"{DID}#k2"}


def test_a_compromised_key_is_listed_and_asserts_nothing() -> None:
    document = parse_document(build_document(DID, [method(1, revoked=END)]), DID)

    with pytest.raises(KeyNotListedError):
        find_assertion_key(document, f"{DID}#k1")


def test_a_key_for_logins_is_no_key_for_badges() -> None:
    served = {**build_document(DID, [method()]), "assertionMethod": [], "authentication": [f"{DID}#k1"]}

    with pytest.raises(KeyNotListedError):
        find_assertion_key(parse_document(served, DID), f"{DID}#k1")


def test_a_document_may_name_its_keys_by_fragment() -> None:
    listed = {"id": "#k1", "controller": DID, "type": "JsonWebKey2020", "publicKeyJwk": KEY.to_jwk()}
    served = {"id": DID, "verificationMethod": [listed], "assertionMethod": "#k1"}

    assert find_assertion_key(parse_document(served, DID), f"{DID}#k1").key == KEY


def test_a_key_of_an_unknown_kind_is_left_out() -> None:
    listed = {"id": f"{DID}#k1", "controller": DID, "type": "EcdsaSecp256k1VerificationKey2019", "publicKeyHex": "00"}
    served = {"id": DID, "verificationMethod": [listed], "assertionMethod": [f"{DID}#k1", {"id": "#k2"}]}

    assert parse_document(served, DID).methods == {}
    assert parse_document({"id": DID}, DID).methods == {}


def built(**changes: object) -> dict[str, object]:
    rendered = build_document(DID, [method()])["verificationMethod"][0]
    return {"id": DID, "verificationMethod": [{**rendered, **changes}], "assertionMethod": [f"{DID}#k1"]}


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"id": "did:web:other.example"},
        {"id": DID, "verificationMethod": {}},
        {"id": DID, "verificationMethod": [{}] * (MAX_METHODS + 1)},
        {"id": DID, "verificationMethod": ["x"]},
        {"id": DID, "verificationMethod": [{"id": "#k1"}]},
        {"id": DID, "verificationMethod": [*built()["verificationMethod"], *built()["verificationMethod"]]},
        built(id="did:web:other.example#k1"),
        built(controller=1),
        built(revoked="soon"),
        built(expires=1),
        built(expires="2026-13-01T00:00:00Z"),
    ],
)
def test_another_document_is_refused(document: object) -> None:
    with pytest.raises(DidError):
        parse_document(document, DID)


@pytest.mark.parametrize("jwk", [b'{"kty":"OKP","kty":"OKP","crv":"Ed25519"}', b'{"kt\\u0079":"OKP"}'])
def test_a_did_jwk_that_two_parsers_would_read_differently_is_refused(jwk: bytes) -> None:
    with pytest.raises(DidError, match="twice"):
        expand("did:jwk:" + urlsafe_b64encode(jwk).rstrip(b"=").decode())


def test_a_document_hands_out_no_keys_of_others() -> None:
    foreign = {
        "id": f"{DID}#k1",
        "controller": "did:web:victim.example",
        "type": "JsonWebKey",
        "publicKeyJwk": KEY.to_jwk(),
    }
    document = parse_document({"id": DID, "verificationMethod": [foreign], "assertionMethod": [f"{DID}#k1"]}, DID)

    with pytest.raises(KeyNotListedError):
        find_assertion_key(document, f"{DID}#k1")

"""Embedded proofs: what is taken for one, sets and chains, and the ways to be wrong."""

from typing import Any

import orjson
import pytest

from badges import proof
from badges.errors import BadgeError, ProofError, ShapeError, UnsupportedError
from badges.proof import data_integrity
from badges.proof.data_integrity import MAX_PROOFS, hash_data
from tests.badges.signing import ISSUER, KEYS, P256, SIGNER, badge, ed25519, signed, with_proof

SECOND = ed25519(3, f"{ISSUER}#k3")
BOTH = {**KEYS, SECOND.key_id: SECOND.public}


def refusal(text: str, keys: Any = KEYS) -> BadgeError:
    with pytest.raises(BadgeError) as caught:
        proof.verify(proof.peek(text), keys)
    return caught.value


def again(document: dict[str, Any], signer: Any = SECOND, **members: Any) -> dict[str, Any]:
    """The document with one more proof, upon those that `previousProof` names."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "verificationMethod": signer.key_id,
        "proofPurpose": "assertionMethod",
        **members,
    }
    previous = [one for one in document["proof"] if one.get("id") in options.get("previousProof", ())]
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    secured = {**unsecured, "proof": previous} if previous else unsecured
    data = data_integrity.config_hash(unsecured, options, data_integrity.CONTEXTS) + hash_data(secured, options)[32:]
    value = "z" + data_integrity.base58.b58encode(signer.sign(data)).decode()
    return {**document, "proof": [*document["proof"], {**options, "proofValue": value}]}


def text(document: Any) -> str:
    return orjson.dumps(document).decode()


@pytest.mark.parametrize("value", [..., None, [], {}, [{}], "proof", [None], 1])
def test_no_proof_is_not_an_empty_list_of_proofs_that_all_verify(value: Any) -> None:
    made = signed(proof=value)
    if value is ...:
        del made["proof"]

    error = refusal(text(made))

    assert isinstance(error, ProofError)
    assert error.code == "no-proof"


def test_a_single_proof_need_not_be_in_an_array() -> None:
    made = signed()

    assert proof.verify(proof.peek(text({**made, "proof": made["proof"][0]})), KEYS).claims == badge()


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "Ed25519Signature2020", "cryptosuite": ...},
        {"type": "Ed25519Signature2018", "cryptosuite": ...},
        {"cryptosuite": "eddsa-2022"},
        {"cryptosuite": "eddsa-jcs-2022"},
        {"cryptosuite": "ecdsa-sd-2023"},
        {"cryptosuite": ...},
        {"type": ["DataIntegrityProof"]},
    ],
)
def test_a_proof_that_we_do_not_know_is_not_called_a_bad_signature(changes: dict[str, Any]) -> None:
    error = refusal(with_proof(**changes))

    assert isinstance(error, UnsupportedError)
    assert (error.code, error.pointer) == ("unsupported-proof", "/proof/0")


@pytest.mark.parametrize(
    ("changes", "code", "member"),
    [
        ({"proofPurpose": "authentication"}, "wrong-purpose", "/proofPurpose"),
        ({"proofPurpose": ...}, "wrong-purpose", "/proofPurpose"),
        ({"proofPurpose": ["assertionMethod"]}, "wrong-purpose", "/proofPurpose"),
        ({"domain": "https://verifier.example"}, "wrong-audience", ""),
        ({"challenge": "x"}, "wrong-audience", ""),
        ({"nonce": "x"}, "wrong-audience", ""),
        ({"jws": "x"}, "bad-proof", ""),
        ({"@context": ["https://www.w3.org/ns/credentials/v2"]}, "bad-proof", ""),
        ({"verificationMethod": ...}, "bad-proof", "/verificationMethod"),
        ({"verificationMethod": ""}, "bad-proof", "/verificationMethod"),
        ({"verificationMethod": f"did:web:{'x' * 2048}"}, "bad-proof", "/verificationMethod"),
        ({"verificationMethod": {"id": f"{ISSUER}#k1"}}, "bad-proof", "/verificationMethod"),
        ({"id": 1}, "bad-proof", "/verificationMethod"),
        ({"created": "2026-11-01"}, "bad-proof", "/created"),
        ({"created": "2026-11-01T00:00:00"}, "bad-proof", "/created"),
        ({"created": "2026-11-01T00:00:00z"}, "bad-proof", "/created"),
        ({"created": "2026-13-01T00:00:00Z"}, "bad-proof", "/created"),
        ({"created": 1}, "bad-proof", "/created"),
        ({"expires": "2026-11-01T00:00:00Z\n"}, "bad-proof", "/expires"),
        ({"proofValue": ...}, "bad-proof-value", "/proofValue"),
        ({"proofValue": 1}, "bad-proof-value", "/proofValue"),
        ({"proofValue": "uAAAA"}, "bad-proof-value", "/proofValue"),
        ({"proofValue": "z"}, "bad-proof-value", "/proofValue"),
        ({"proofValue": "z0OIl"}, "bad-proof-value", "/proofValue"),
        ({"proofValue": "z" + "1" * 200}, "bad-proof-value", "/proofValue"),
        ({"proofValue": "z" + "2" * 60}, "bad-proof-value", "/proofValue"),
        ({"previousProof": []}, "unknown-previous-proof", "/previousProof"),
        ({"previousProof": [1]}, "unknown-previous-proof", "/previousProof"),
        ({"previousProof": "urn:x:1", "id": "urn:x:1"}, "unknown-previous-proof", "/previousProof"),
    ],
)
def test_a_proof_of_another_form_is_refused_with_its_place(changes: dict[str, Any], code: str, member: str) -> None:
    error = refusal(with_proof(**changes))

    assert isinstance(error, ProofError)
    assert (error.code, error.pointer) == (code, f"/proof/0{member}")


@pytest.mark.parametrize("spell", ["{} ", " {}", "{}\n", "{}1"])
def test_a_proof_value_has_one_spelling(spell: str) -> None:
    value = signed()["proof"][0]["proofValue"]

    assert refusal(with_proof(proofValue=f"z{spell.format(value[1:])}")).code == "bad-proof-value"


@pytest.mark.parametrize(
    "changes",
    [{"created": ...}, {"created": "2026-11-02T00:00:00Z"}, {"id": "urn:x:1"}, {"expires": "2099-01-01T00:00:00Z"}],
)
def test_the_options_of_a_proof_are_signed_too(changes: dict[str, Any]) -> None:
    assert refusal(with_proof(**changes)).code == "bad-signature"


def test_a_relative_key_id_is_named_with_its_place() -> None:
    relative = ed25519(1, "k1")
    with pytest.raises(ShapeError) as caught:
        data_integrity.sign(badge(), relative, created="2026-11-01T00:00:00Z")

    assert (caught.value.code, caught.value.pointer) == ("relative-iri", "/proof/verificationMethod")


def test_a_key_of_another_algorithm_verifies_nothing() -> None:
    assert refusal(text(signed()), {SIGNER.key_id: P256.public}).code == "wrong-algorithm"


def test_every_proof_of_a_set_must_verify() -> None:
    made = again(signed())
    damaged = again(signed())
    damaged["proof"][1]["proofValue"] = made["proof"][0]["proofValue"]

    verified = proof.verify(proof.peek(text(made)), BOTH)

    assert [one.verification_method for one in verified.proofs] == [SIGNER.key_id, SECOND.key_id]
    assert refusal(text(damaged), BOTH).code == "bad-signature"
    assert refusal(text(made), KEYS).code == "key-missing"


def test_an_unknown_proof_beside_a_good_one_leaves_the_badge_unverified() -> None:
    made = signed()
    made["proof"].append({"type": "SomeProofType"})

    assert isinstance(refusal(text(made)), UnsupportedError)


def test_many_proofs_are_refused_before_any_work() -> None:
    made = signed()

    assert refusal(text({**made, "proof": made["proof"] * (MAX_PROOFS + 1)})).code == "too-many-proofs"


def test_a_chain_secures_the_proofs_that_it_builds_upon() -> None:
    first = again({**badge(), "proof": []}, SIGNER, id="urn:x:1")
    chain = again(first, SECOND, previousProof=["urn:x:1"], expires="2099-01-01T00:00:00Z")

    assert proof.verify(proof.peek(text(chain)), BOTH).proofs[1].expires == "2099-01-01T00:00:00Z"
    replaced = again({**badge(), "proof": []}, SIGNER, id="urn:x:1", created="2026-11-01T00:00:00Z")
    assert refusal(text({**chain, "proof": [replaced["proof"][0], chain["proof"][1]]}), BOTH).code == "bad-signature"
    assert refusal(text({**chain, "proof": chain["proof"][1:]}), BOTH).code == "unknown-previous-proof"
    twice = {**chain, "proof": [chain["proof"][0], *chain["proof"]]}
    assert refusal(text(twice), BOTH).code == "unknown-previous-proof"

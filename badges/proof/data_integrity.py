"""Embedded proofs: `DataIntegrityProof` with the cryptosuite eddsa-rdfc-2022, single, in sets and in chains.

Source: VC Data Integrity 1.0 §4 (#algorithms); Data Integrity EdDSA Cryptosuites 1.0 §3.2 (#eddsa-rdfc-2022).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import base58

from badges.credential import MAX_KEY_ID_LENGTH, ProofReference
from badges.errors import ProofError, ShapeError, UnsupportedError
from badges.proof.canonical import canonical
from keys import date_time_stamp
from keys.public_key import Algorithm, BadSignatureError, PublicKey
from keys.signer import Signer
from schemas.documents import CONTEXTS

TYPE: Final = "DataIntegrityProof"
SUITE: Final = "eddsa-rdfc-2022"
PURPOSE: Final = "assertionMethod"
SIGNATURE_BYTES: Final = 64
# More than anybody has a use for; each costs a canonicalisation and a look-up of its key.
MAX_PROOFS: Final = 4
MEMBERS: Final = frozenset(
    {
        "id",
        "type",
        "cryptosuite",
        "created",
        "expires",
        "verificationMethod",
        "proofPurpose",
        "proofValue",
        "previousProof",
    }
)
# Of presentations: a credential that is meant for one reader only is not a credential.
AUDIENCE: Final = frozenset({"domain", "challenge", "nonce"})
Json = Mapping[str, object]


@dataclass(frozen=True)
class Proof:
    """A proof in the one form that we accept."""

    json: Json
    reference: ProofReference
    method: str
    signature: bytes
    previous: tuple[str, ...]


def sign(credential: Json, signer: Signer, *, created: str) -> dict[str, object]:
    """Return the credential with a proof, a one-element array.

    Args:
        credential: Without a proof.
        signer: With an Ed25519 key.
        created: An xsd:dateTimeStamp.

    Raises:
        UnsupportedError: `unsupported-key`: not an Ed25519 key.
        ShapeError: As `canonical` does.
    """
    if signer.public.algorithm is not Algorithm.ED25519:
        raise UnsupportedError("unsupported-key")
    proof = {
        "type": TYPE,
        "cryptosuite": SUITE,
        "created": created,
        "verificationMethod": signer.key_id,
        "proofPurpose": PURPOSE,
    }
    signature = signer.sign(hash_data(credential, proof))
    return {**credential, "proof": [{**proof, "proofValue": "z" + base58.b58encode(signature).decode()}]}


def verify(
    document: Json, keys: Mapping[str, PublicKey], *, contexts: Mapping[str, Json] = CONTEXTS
) -> tuple[Proof, ...]:
    """Return the proofs of a document, every one of which verifies.

    Args:
        document: With its proofs.
        keys: Verification method → its key, for all of them.
        contexts: The JSON-LD contexts to trust.

    Raises:
        ProofError: `bad-signature`, `key-missing`, `wrong-algorithm` (no Ed25519 key), or as `parse_proofs` does.
        UnsupportedError: As `parse_proofs` does.
        ShapeError: As `canonical` does.
    """
    proofs = parse_proofs(document)
    unsecured = {member: value for member, value in document.items() if member != "proof"}
    hashes: dict[tuple[str, ...], bytes] = {}
    for proof in proofs:
        key = keys.get(proof.method)
        if key is None:
            raise ProofError("key-missing")
        if key.algorithm is not Algorithm.ED25519:
            raise ProofError("wrong-algorithm")
        if proof.previous not in hashes:
            secured = with_previous(unsecured, proof, proofs)
            hashes[proof.previous] = sha256(canonical(secured, contexts=contexts)).digest()
        options = config_hash(unsecured, proof.json, contexts)
        try:
            key.verify(proof.signature, options + hashes[proof.previous])
        except BadSignatureError as error:
            raise ProofError("bad-signature") from error
    return proofs


def hash_data(unsecured: Json, proof: Json, contexts: Mapping[str, Json] = CONTEXTS) -> bytes:
    """Return the 64 bytes that are signed: the hash of the proof's options, then that of the document.

    Source: EdDSA Cryptosuites §3.2.4 (#hashing-eddsa-rdfc-2022).
    """
    return config_hash(unsecured, proof, contexts) + sha256(canonical(unsecured, contexts=contexts)).digest()


def config_hash(unsecured: Json, proof: Json, contexts: Mapping[str, Json]) -> bytes:
    """Return the hash of a proof's options, read with the document's contexts."""
    config = {"@context": unsecured.get("@context"), **proof}
    config.pop("proofValue", None)
    try:
        return sha256(canonical(config, contexts=contexts)).digest()
    except ShapeError as error:
        raise ShapeError(error.code, pointer=f"/proof{error.pointer}") from error


def with_previous(unsecured: Json, proof: Proof, proofs: tuple[Proof, ...]) -> Json:
    """Return what a proof secures: the document, with the proofs that it builds upon.

    Source: VC Data Integrity §4.3 (#add-proof-set-chain).
    """
    if not proof.previous:
        return unsecured
    return {**unsecured, "proof": [other.json for other in proofs if other.json.get("id") in proof.previous]}


def parse_proofs(document: Json) -> tuple[Proof, ...]:
    """Return the proofs of a document, their signatures unchecked.

    Raises:
        ProofError: `no-proof`, `too-many-proofs`, `unknown-previous-proof`, or as `parse_proof` does.
        UnsupportedError: `unsupported-proof`: another type or cryptosuite, perhaps a good one.
    """
    value = document.get("proof")
    entries = value if isinstance(value, list) else [value]
    if not entries or not all(isinstance(entry, dict) and entry for entry in entries):
        raise ProofError("no-proof", pointer="/proof")
    if len(entries) > MAX_PROOFS:
        raise ProofError("too-many-proofs", pointer="/proof")
    proofs = tuple(parse_proof(entry, f"/proof/{index}") for index, entry in enumerate(entries))
    ids = [proof.json["id"] for proof in proofs if "id" in proof.json]
    if len(set(ids)) != len(ids) or any(not set(proof.previous) <= set(ids) for proof in proofs):
        raise ProofError("unknown-previous-proof", pointer="/proof")
    return proofs


def parse_proof(entry: Json, pointer: str) -> Proof:
    """Return one proof.

    Raises:
        ProofError: `bad-proof` (a member is missing, unknown, or of another form), `wrong-purpose`, `wrong-audience`,
            `bad-proof-value`, with the pointer of the place.
        UnsupportedError: `unsupported-proof`.
    """
    if entry.get("type") != TYPE or entry.get("cryptosuite") != SUITE:
        raise UnsupportedError("unsupported-proof", pointer=pointer)
    if not AUDIENCE.isdisjoint(entry):
        raise ProofError("wrong-audience", pointer=pointer)
    if not entry.keys() <= MEMBERS:
        raise ProofError("bad-proof", pointer=pointer)
    if entry.get("proofPurpose") != PURPOSE:
        raise ProofError("wrong-purpose", pointer=f"{pointer}/proofPurpose")
    method = entry.get("verificationMethod")
    if (
        not isinstance(method, str)
        or not 0 < len(method) <= MAX_KEY_ID_LENGTH
        or not isinstance(entry.get("id", ""), str)
    ):
        raise ProofError("bad-proof", pointer=f"{pointer}/verificationMethod")
    reference = ProofReference(
        verification_method=method,
        embedded_key=None,
        algorithm="EdDSA",
        cryptosuite=SUITE,
        created=date_time(entry, "created", pointer),
        expires=date_time(entry, "expires", pointer),
        purpose=PURPOSE,
    )
    return Proof(entry, reference, method, signature_of(entry, pointer), previous_proofs(entry, pointer))


def date_time(entry: Json, member: str, pointer: str) -> str | None:
    """Return an xsd:dateTimeStamp as it is written, None if there is none."""
    if member not in entry:
        return None
    value = entry[member]
    try:
        date_time_stamp.parse(value if isinstance(value, str) else "")
    except ValueError as error:
        raise ProofError("bad-proof", pointer=f"{pointer}/{member}") from error
    return str(value)


def signature_of(entry: Json, pointer: str) -> bytes:
    """Return the 64 bytes of a `proofValue`: multibase base58btc, and in its one spelling."""
    value = entry.get("proofValue")
    if not isinstance(value, str) or not value.startswith("z") or len(value) > 2 * SIGNATURE_BYTES:
        raise ProofError("bad-proof-value", pointer=f"{pointer}/proofValue")
    try:
        signature = base58.b58decode(value[1:])
    except ValueError as error:
        raise ProofError("bad-proof-value", pointer=f"{pointer}/proofValue") from error
    # base58 ignores white space around the text.
    if len(signature) != SIGNATURE_BYTES or base58.b58encode(signature).decode() != value[1:]:
        raise ProofError("bad-proof-value", pointer=f"{pointer}/proofValue")
    return signature


def previous_proofs(entry: Json, pointer: str) -> tuple[str, ...]:
    """Return the ids of the proofs that this one builds upon."""
    if "previousProof" not in entry:
        return ()
    value = entry["previousProof"]
    ids = value if isinstance(value, list) else [value]
    if not ids or not all(isinstance(one, str) and one != entry.get("id") for one in ids):
        raise ProofError("unknown-previous-proof", pointer=f"{pointer}/previousProof")
    return tuple(ids)

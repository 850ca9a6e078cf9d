"""Secure a credential, and find out whether it is secured: by the shape of its text, around it or inside it."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from badges import strict_json
from badges.credential import Mechanism, ProofReference, UnverifiedCredential, VerifiedCredential
from badges.errors import MalformedDocumentError, ProofError
from badges.proof import data_integrity, jwt
from badges.proof.canonical import PINNED, canonical
from badges.proof.screen import screen
from badges.proof.unsafe import check_text
from keys.public_key import PublicKey
from keys.signer import Signer

__all__ = [
    "Mechanism",
    "ProofReference",
    "UnverifiedCredential",
    "VerifiedCredential",
    "canonical",
    "check_text",
    "peek",
    "sign",
    "verify",
]


@dataclass(frozen=True)
class UnverifiedEnvelope(UnverifiedCredential):
    """What a compact JWS claims, with the JWS and the payload that were taken apart for it."""

    jws: jwt.CompactJws
    payload: Mapping[str, object]


def sign(credential: Mapping[str, object], signer: Signer, mechanism: Mechanism, *, created: str | None = None) -> str:
    """Return the text of the secured credential: a compact JWS, or JSON with a one-element `proof` array.

    Args:
        credential: Without a proof.
        signer: For Data Integrity with an Ed25519 key.
        mechanism: Around the credential, or inside it.
        created: Of a Data Integrity proof, an xsd:dateTimeStamp; `validFrom` if not given, so that it gives no moment
            away.

    Raises:
        UnsafeTextError: Data Integrity only: content that other verifiers would compute differently.
        ShapeError: Data Integrity only: JSON-LD outside the accepted shape.
        ClaimsError: VC-JWT only: no claims to repeat.
        UnsupportedError: `unsupported-key`.
    """
    if mechanism is Mechanism.VC_JWT:
        payload = strict_json.dump(jwt.with_registered_claims(credential))
        return jwt.sign_jws(payload, signer)
    check_text(credential)
    moment = created if created is not None else str(credential["validFrom"])
    return strict_json.dump(data_integrity.sign(credential, signer, created=moment)).decode()


def peek(text: str) -> UnverifiedCredential:
    """Return what a text claims, and which keys would verify it. Nothing of it is to be believed yet.

    The claims of a VC-JWT are the credential, without the registered claims that repeat it; those of an embedded proof
    are the document, with its proofs.

    Raises:
        MalformedDocumentError: Not JSON, or not a JWS, in the strict sense.
        ProofError: `no-proof`, or a proof of another form than the standard's.
        UnsupportedError: A proof that we do not know.
        ClaimsError: A registered claim of a JWS contradicts its credential.
        ShapeError: VC-JWT only: contexts and members that nobody pinned.
    """
    # A byte order mark is refused as JSON, with a reason that helps.
    if text.lstrip(" \t\r\n")[:1] in {"{", "[", "\ufeff"}:
        return peek_embedded(text)
    return peek_enveloping(text)


def verify(unverified: UnverifiedCredential, keys: Mapping[str, PublicKey]) -> VerifiedCredential:
    """Return the credential, if every one of its proofs verifies.

    The claims are read anew from the signed bytes: what the caller holds may have changed since `peek`.

    Args:
        unverified: What `peek` returned.
        keys: Verification method → key, for each proof; "" → the embedded key of a JWS without a `kid`.

    Raises:
        ProofError: `bad-signature`, `key-missing`, `wrong-algorithm`.
        ShapeError: Data Integrity only: JSON-LD outside the accepted shape, so that what was signed and what is read
            could differ.
    """
    if isinstance(unverified, UnverifiedEnvelope):
        return verify_enveloping(unverified, keys)
    return verify_embedded(unverified, keys)


def peek_embedded(text: str) -> UnverifiedCredential:
    """Return what a JSON document with proofs claims."""
    document = strict_json.parse_object(text)
    references = tuple(proof.reference for proof in data_integrity.parse_proofs(document))
    return UnverifiedCredential(text, Mechanism.DATA_INTEGRITY, document, references)


def verify_embedded(unverified: UnverifiedCredential, keys: Mapping[str, PublicKey]) -> VerifiedCredential:
    """Return the document without its proofs, which all verified."""
    # Not strict_json again, which costs more than the rest: `peek` has found the text strict.
    document = orjson.loads(unverified.text)
    proofs = data_integrity.verify(document, keys)
    del document["proof"]
    references = tuple(proof.reference for proof in proofs)
    return VerifiedCredential(unverified.text, Mechanism.DATA_INTEGRITY, document, (), references)


def peek_enveloping(text: str) -> UnverifiedEnvelope:
    """Return what a compact JWS claims."""
    jws = jwt.peek_jws(text)
    payload = strict_json.parse_object(jws.payload)
    if "proof" in payload:
        # Two proofs of different kinds around and inside one credential: which one would the verdict speak of?
        raise MalformedDocumentError("two-mechanisms", pointer="/proof")
    claims, _ = jwt.check_registered_claims(payload)
    screen(claims, PINNED)
    return UnverifiedEnvelope(text, Mechanism.VC_JWT, claims, (reference_of(jws, payload),), jws, payload)


def verify_enveloping(unverified: UnverifiedEnvelope, keys: Mapping[str, PublicKey]) -> VerifiedCredential:
    """Return the credential inside a compact JWS, whose signature verified."""
    jws, [reference] = unverified.jws, unverified.proofs
    key = keys.get(reference.verification_method or "")
    if key is None:
        raise ProofError("key-missing")
    jwt.verify_jws(jws, key)
    # Writing what `peek` read costs a fifth of reading it again, and tells whether it still is what was signed.
    payload = unverified.payload if orjson.dumps(unverified.payload) == jws.payload else orjson.loads(jws.payload)
    claims, warnings = jwt.check_registered_claims(payload)
    return VerifiedCredential(unverified.text, Mechanism.VC_JWT, claims, warnings, (reference,))


def reference_of(jws: jwt.CompactJws, payload: Mapping[str, object]) -> ProofReference:
    """Return what a JWS says of its key, and when it was made (`iat`), if it says so.

    Raises:
        ProofError: `no-key`: nothing of its key.
        ClaimsError: `bad-claim`: no moment.
    """
    header = jws.header
    if header.key_id is None and header.embedded_key is None:
        raise ProofError("no-key")
    created = jwt.issued_at(payload) if "iat" in payload else None
    return ProofReference(header.key_id, header.embedded_key, header.algorithm, created=created)

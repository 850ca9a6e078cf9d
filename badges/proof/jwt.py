"""Enveloping proof: a compact JWS (RFC 7515) around the credential, with the claims that Open Badges repeats in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import cast

import orjson

from badges import strict_json
from badges.credential import MAX_KEY_ID_LENGTH
from badges.errors import ClaimsError, MalformedDocumentError, ProofError, UnsupportedError
from keys import base64url, date_time_stamp
from keys.public_key import BadSignatureError, KeyFormatError, PublicKey, from_jwk
from keys.signer import Signer

MAX_HEADER_BYTES = 4096  # a header with an RSA key in `jwk` has 800
ALGORITHMS = frozenset({"EdDSA", "ES256", "ES384", "RS256"})
# Open Badges 3.0 section 8.2.4.1 allows these alone; VC-JOSE-COSE's `vc+jwt` is what newer issuers write.
HEADER_MEMBERS = frozenset({"alg", "kid", "jwk", "typ"})
TYPES = ("JWT", "vc+jwt", "vc+ld+jwt")
REGISTERED = ("iss", "sub", "jti", "nbf", "exp")
BESIDE_VC = frozenset({*REGISTERED, "iat", "aud", "nonce", "vc"})
_VCDM_1 = "https://www.w3.org/2018/credentials/v1"


@dataclass(frozen=True)
class JwsHeader:
    """A protected header in the one form that we accept."""

    algorithm: str
    key_id: str | None
    embedded_key: PublicKey | None


@dataclass(frozen=True)
class CompactJws:
    """A compact JWS taken apart, nothing verified yet."""

    header: JwsHeader
    payload: bytes
    signature: bytes
    signing_input: bytes


def sign_jws(payload: bytes, signer: Signer, *, header: Mapping[str, object] | None = None) -> str:
    """Return the compact JWS over `payload`; no `typ` unless `header` names one.

    Without `typ` both readers of Open Badges ("JWT") and of VC-JOSE-COSE ("vc+jwt") accept the badge.

    Args:
        payload: The bytes to sign, kept as they are.
        signer: Its key id becomes `kid`.
        header: More header members, in front of `alg` and `kid`'s order.
    """
    members = {"alg": signer.public.jws_algorithm, "kid": signer.key_id, **(header or {})}
    signing_input = f"{base64url.encode(orjson.dumps(members))}.{base64url.encode(payload)}"
    return f"{signing_input}.{base64url.encode(signer.sign(signing_input.encode()))}"


def peek_jws(text: str) -> CompactJws:
    """Return the parts of a compact JWS; the signature is not checked.

    Raises:
        MalformedDocumentError: "not-a-jws" (other than three segments), "bad-base64" (padding, white space, bits beyond
            the last byte), "bad-header", or what `strict_json` refuses in the header.
        UnsupportedError: "unsupported-algorithm", `none` and HMAC among them.
    """
    segments = text.split(".")
    if len(segments) != 3:  # noqa: PLR2004 - header, payload, signature: RFC 7515 section 7.1
        raise MalformedDocumentError("not-a-jws")
    header, payload, signature = segments
    return CompactJws(
        header=_parse_header(header),
        payload=decode_segment(payload),
        signature=decode_segment(signature),
        signing_input=text[: -len(signature) - 1].encode("ascii"),
    )


def verify_jws(jws: CompactJws, key: PublicKey) -> None:
    """Return if the signature is `key`'s.

    Raises:
        ProofError: "wrong-algorithm" when the header names another algorithm than the key's one, "bad-signature".
    """
    if jws.header.algorithm != key.jws_algorithm:
        raise ProofError("wrong-algorithm")
    try:
        key.verify(jws.signature, jws.signing_input)
    except BadSignatureError as error:
        raise ProofError("bad-signature") from error


def with_registered_claims(credential: Mapping[str, object]) -> dict[str, object]:
    """Return the payload of a VC-JWT: the credential itself and the claims that Open Badges duplicates.

    Raises:
        ClaimsError: "missing-claim": no issuer, subject id, id or validFrom to duplicate.

    Source: Open Badges 3.0 section 8.2 (#jwt-proof).
    """
    payload = dict(credential)
    for claim, value in _expected(credential).items():
        if value is None and claim != "exp":
            raise ClaimsError("missing-claim", claim=claim)
        if value is not None:
            payload[claim] = value
    return payload


def check_registered_claims(payload: Mapping[str, object]) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return the credential without its registered claims, and warnings ("subject-claim-missing").

    A VCDM 2.0 credential is the payload itself; a VCDM 1.1 one stands under `vc`.

    Raises:
        ClaimsError: "claim-mismatch" (a registered claim says something else than the credential), "missing-claim",
            "bad-claim" (a claim of the wrong type), "two-payloads" (`vc` beside a 2.0 credential or other members, or
            1.1 without it).

    Source: Open Badges 3.0 section 8.2.5 (#verify-jwt).
    """
    credential = _credential_of(payload)
    warnings = []
    for claim, expected in _expected(credential).items():
        if claim not in payload:
            if claim == "sub" and expected is not None:
                # Badges of the standard's own examples lack it; signed badges lose nothing by that.
                warnings.append("subject-claim-missing")
            elif expected is not None and claim != "exp":
                raise ClaimsError("missing-claim", claim=claim)
            continue
        actual = payload[claim]
        _require_type(claim, actual)
        if actual != expected:
            raise ClaimsError("claim-mismatch", claim=claim)
    if "iat" in payload:
        issued_at(payload)
    return credential, tuple(warnings)


def issued_at(payload: Mapping[str, object]) -> str:
    """Return `iat` as an xsd:dateTimeStamp.

    Raises:
        ClaimsError: "bad-claim": no number of seconds that a calendar has.
    """
    _require_type("iat", payload["iat"])
    try:
        return date_time_stamp.stamp(datetime.fromtimestamp(cast("int", payload["iat"]), UTC))
    except (ValueError, OverflowError, OSError) as error:
        raise ClaimsError("bad-claim", claim="iat") from error


def decode_segment(segment: str) -> bytes:
    """Return the bytes of a segment, which is never empty (RFC 7515 section 2).

    Raises:
        MalformedDocumentError: "bad-base64".
    """
    if not segment:
        raise MalformedDocumentError("bad-base64")
    try:
        return base64url.decode(segment)
    except ValueError as error:
        raise MalformedDocumentError("bad-base64") from error


@lru_cache(maxsize=1024)
def _parse_header(segment: str) -> JwsHeader:
    # Cached: an issuer's badges share one header, and a header says nothing of a person.
    if len(segment) > MAX_HEADER_BYTES * 4 // 3:
        raise MalformedDocumentError("bad-header")
    header = strict_json.parse_object(decode_segment(segment))
    match header:
        case {"alg": str(algorithm)} if header.keys() <= HEADER_MEMBERS:
            pass
        case _:
            raise MalformedDocumentError("bad-header")
    if algorithm not in ALGORITHMS:
        raise UnsupportedError("unsupported-algorithm")
    key_id = header.get("kid")
    # A tuple: whatever else than a text stands in `typ` need not be hashable.
    if header.get("typ", "JWT") not in TYPES or not (key_id is None or isinstance(key_id, str)):
        raise MalformedDocumentError("bad-header")
    if key_id is not None and not 0 < len(key_id) <= MAX_KEY_ID_LENGTH:
        raise MalformedDocumentError("bad-header")
    return JwsHeader(algorithm, key_id, _embedded_key(header))


def _embedded_key(header: Mapping[str, object]) -> PublicKey | None:
    if "jwk" not in header:
        return None
    try:
        return from_jwk(header["jwk"])
    except KeyFormatError as error:
        raise MalformedDocumentError("bad-header-key") from error


def _credential_of(payload: Mapping[str, object]) -> dict[str, object]:
    if "vc" not in payload:
        credential = dict(payload)
        for claim in (*REGISTERED, "iat"):
            credential.pop(claim, None)
        if _is_vcdm_1(credential):
            raise ClaimsError("two-payloads")
        return credential
    wrapped = payload["vc"]
    # Beside it, whatever is no claim of a JWT could be taken for the credential by another reader.
    if not isinstance(wrapped, dict) or not _is_vcdm_1(wrapped) or not payload.keys() <= BESIDE_VC:
        raise ClaimsError("two-payloads")
    return wrapped


def _is_vcdm_1(credential: Mapping[str, object]) -> bool:
    contexts = credential.get("@context")
    return isinstance(contexts, list) and _VCDM_1 in contexts


def _expected(credential: Mapping[str, object]) -> dict[str, object]:
    issuer, subject = credential.get("issuer"), credential.get("credentialSubject")
    starts = credential.get("validFrom", credential.get("issuanceDate"))
    ends = credential.get("validUntil", credential.get("expirationDate"))
    return {
        "iss": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "sub": subject.get("id") if isinstance(subject, dict) else None,
        "jti": credential.get("id"),
        "nbf": _seconds(starts, "validFrom"),
        "exp": _seconds(ends, "validUntil"),
    }


def _seconds(moment: object, claim: str) -> int | None:
    """Return NumericDate in whole seconds, the fraction cut off; None when there is no such moment."""
    if moment is None:
        return None
    if not isinstance(moment, str):
        raise ClaimsError("bad-claim", claim=claim)
    try:
        return int(date_time_stamp.parse(moment).timestamp())
    except ValueError as error:
        raise ClaimsError("bad-claim", claim=claim) from error


def _require_type(claim: str, value: object) -> None:
    wanted: type = str if claim in {"iss", "sub", "jti"} else int
    # bool is an int in Python, and `true` is no date.
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise ClaimsError("bad-claim", claim=claim)

"""Project Wycheproof: what is valid verifies, what is not does not, for every kind of key and for compact JWS."""

import base64
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from badges.errors import BadgeError
from badges.proof.jwt import peek_jws, verify_jws
from keys.public_key import BadSignatureError, KeyFormatError, PublicKey, WeakKeyError, from_jwk, from_raw

pytestmark = pytest.mark.vectors

Vector = dict[str, Any]
OURS = {"EdDSA", "ES256", "ES384", "RS256"}
PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
# Valid, and refused by us nevertheless: a badge is never empty, so an empty segment is none.
EMPTY_PAYLOAD = 259


def groups(shared: Path, name: str) -> list[Vector]:
    content: Vector = orjson.loads((shared / f"vectors/wycheproof/{name}_test.json").read_bytes())
    assert content["numberOfTests"] == sum(len(group["tests"]) for group in content["testGroups"])
    return list(content["testGroups"])


def verifies(key: PublicKey, test: Vector) -> bool:
    try:
        key.verify(bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]))
    except BadSignatureError:
        return False
    return True


def key_of(group: Vector) -> PublicKey:
    """The group's key, read from its JWK where there is one, and the same from its DER form."""
    raw = load_der_public_key(bytes.fromhex(group["publicKeyDer"]))
    assert isinstance(raw, Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey)
    key = from_raw(raw)
    jwk = group.get("publicKeyJwk")
    assert jwk is None or from_jwk(jwk) == key
    return key


def is_of_another_exponent(group: Vector) -> bool:
    raw = load_der_public_key(bytes.fromhex(group["publicKeyDer"]))
    return isinstance(raw, RSAPublicKey) and raw.public_numbers().e != 65_537


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("ed25519", 151),
        ("ecdsa_secp256r1_sha256_p1363", 262),
        ("ecdsa_secp384r1_sha384_p1363", 280),
        ("rsa_signature_2048_sha256", 259),
    ],
)
def test_a_signature_verifies_exactly_when_it_is_valid(name: str, number: int, shared: Path) -> None:
    wrong, seen = [], 0
    for group in groups(shared, name):
        seen += len(group["tests"])
        if is_of_another_exponent(group):
            # Refused as a key, whatever its signatures say.
            with pytest.raises(WeakKeyError):
                key_of(group)
            continue
        key = key_of(group)
        # "acceptable": an algorithm identifier without its NULL; either answer is right.
        certain = [test for test in group["tests"] if test["result"] != "acceptable"]
        wrong += [test["tcId"] for test in certain if verifies(key, test) is not (test["result"] == "valid")]

    assert wrong == []
    assert seen == number


def test_the_curve_of_bitcoin_is_no_curve_of_ours(shared: Path) -> None:
    for group in groups(shared, "ecdsa_secp256k1_sha256_p1363"):
        with pytest.raises(KeyFormatError):
            key_of(group)


def public(jwk: Vector) -> Vector:
    """The public half of a key of the suite, which shows both."""
    return {name: value for name, value in jwk.items() if name not in PRIVATE}


def jws_verifies(text: str, jwk: Vector) -> bool:
    try:
        verify_jws(peek_jws(text), from_jwk(public(jwk)))
    except (BadgeError, KeyFormatError):
        return False
    return True


def algorithm_of(text: str) -> str:
    header = text.partition(".")[0]
    return str(orjson.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4))).get("alg"))


def test_a_jws_verifies_exactly_when_it_is_valid_and_of_our_algorithms(shared: Path) -> None:
    wrong, accepted, seen = [], 0, 0
    for group in groups(shared, "json_web_signature"):
        jwk = group.get("public") or group["private"]
        for test in group["tests"]:
            seen += 1
            verified = jws_verifies(test["jws"], jwk)
            expected = test["result"] == "valid" and algorithm_of(test["jws"]) in OURS
            accepted += verified
            if verified is not (expected and test["tcId"] != EMPTY_PAYLOAD):
                wrong.append((test["tcId"], test["comment"], verified))

    assert wrong == []
    assert (accepted, seen) == (9, 401)


def test_a_weak_or_misused_key_of_a_set_verifies_nothing(shared: Path) -> None:
    wrong = []
    for group in groups(shared, "json_web_key"):
        keys = group["private"]["keys"] if "keys" in group["private"] else [group["private"]]
        for test in group["tests"]:
            verified = any(jws_verifies(test["jws"], jwk) for jwk in keys)
            expected = test["result"] == "valid" and algorithm_of(test["jws"]) in OURS
            if verified is not expected:
                wrong.append((test["tcId"], test["comment"], verified))

    assert wrong == []

"""Keys from outside: what is refused when loaded, and what verifies."""

import base64
from math import prod

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from keys.public_key import (
    Algorithm,
    BadSignatureError,
    KeyFormatError,
    PublicKey,
    WeakKeyError,
    from_jwk,
    from_multikey,
    from_raw,
)
from keys.signer import LocalSigner, generate, local_signer

# RFC 8037 appendix A.2 and A.3: an Ed25519 key and its thumbprint.
RFC_8037 = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
RFC_8037_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
# RFC 7517 appendix A.1: a P-256 key.
RFC_7517 = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
}
# did:key specification, Ed25519 example: the multibase form of a public key.
DID_KEY_SPECIFICATION = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


@pytest.fixture(scope="module", params=list(Algorithm))
def signer(request: pytest.FixtureRequest) -> LocalSigner:
    return local_signer(generate(request.param), "did:web:kita.example#k1")


def test_a_signature_verifies_with_its_own_key_and_data_only(signer: LocalSigner) -> None:
    signature = signer.sign(b"badge")

    signer.public.verify(signature, b"badge")
    with pytest.raises(BadSignatureError):
        signer.public.verify(signature, b"another")
    with pytest.raises(BadSignatureError):
        signer.public.verify(signature[:-1], b"badge")


def test_signing_again_gives_the_same_bytes(signer: LocalSigner) -> None:
    assert signer.sign(b"badge") == signer.sign(b"badge")


def test_a_key_survives_its_jwk(signer: LocalSigner) -> None:
    assert from_jwk(signer.public.to_jwk()) == signer.public


def test_a_key_survives_its_multikey_unless_it_has_none(signer: LocalSigner) -> None:
    if signer.public.algorithm is Algorithm.RSA:
        with pytest.raises(KeyFormatError, match="no Multikey"):
            signer.public.to_multikey()
    else:
        assert from_multikey(signer.public.to_multikey()) == signer.public


def test_the_thumbprint_is_that_of_rfc_8037() -> None:
    assert from_jwk(RFC_8037).thumbprint() == RFC_8037_THUMBPRINT


def test_the_examples_of_the_standards_are_read() -> None:
    assert from_jwk(RFC_7517).jws_algorithm == "ES256"
    assert from_multikey(DID_KEY_SPECIFICATION).to_multikey() == DID_KEY_SPECIFICATION


# Points of order 1, 2, 4, 8 and their second spellings (RFC 7748 section 7; Chalkias and others, 2020, table 1).
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


@pytest.mark.parametrize("encoded", SMALL_ORDER)
def test_an_ed25519_point_of_small_order_or_in_a_second_spelling_is_refused(encoded: str) -> None:
    x = base64.urlsafe_b64encode(bytes.fromhex(encoded)).rstrip(b"=").decode()

    with pytest.raises(WeakKeyError):
        from_jwk({"kty": "OKP", "crv": "Ed25519", "x": x})


def test_an_ed25519_key_that_is_no_point_is_refused() -> None:
    # y = 2 has no x: (y² - 1) / (d y² + 1) is no square.
    with pytest.raises(KeyFormatError) as refused:
        from_raw(ed25519.Ed25519PublicKey.from_public_bytes(bytes([2]) + bytes(31)))

    assert refused.value.code == "not-on-curve"


def rsa_jwk(bits: int, exponent: int = 65_537) -> dict[str, str]:
    numbers = rsa.generate_private_key(exponent, bits).public_key().public_numbers()
    return {"kty": "RSA", "n": encode(numbers.n), "e": encode(numbers.e)}


def encode(number: int) -> str:
    data = number.to_bytes((number.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize("weak", [rsa_jwk(1024), rsa_jwk(2048, 3)])
def test_weak_rsa_is_refused(weak: dict[str, str]) -> None:
    with pytest.raises(WeakKeyError):
        from_jwk(weak)


def test_weak_rsa_is_refused_when_it_comes_as_a_key_too() -> None:
    with pytest.raises(WeakKeyError):
        from_raw(rsa.generate_private_key(3, 2048).public_key())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"d": "AA"}, "private-key"),
        ({"k": "AA"}, "private-key"),
        ({"use": "enc"}, "wrong-use"),
        ({"key_ops": ["encrypt"]}, "wrong-use"),
        ({"key_ops": "verify"}, "wrong-use"),
        ({"alg": "HS256"}, "wrong-algorithm"),
        ({"alg": ["EdDSA"]}, "wrong-algorithm"),
        ({"alg": {}}, "wrong-algorithm"),
        ({"kty": "oct"}, "unknown-key-type"),
        ({"crv": "X25519"}, "unknown-key-type"),
        ({"x": 1}, "unknown-key-type"),
        ({"x": "AA"}, "bad-key"),
        ({"x": "AB"}, "bad-base64"),
        ({"x": "=!"}, "bad-base64"),
        ({"x": RFC_8037["x"] + "="}, "bad-base64"),
    ],
)
def test_a_jwk_that_is_not_for_verifying_or_not_well_made_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(KeyFormatError) as refused:
        from_jwk(RFC_8037 | change)

    assert refused.value.code == code


@pytest.mark.parametrize(
    "fine", [{"use": "sig"}, {"key_ops": ["verify"]}, {"alg": "EdDSA"}, {"alg": "Ed25519"}, {"kid": "1"}]
)
def test_a_jwk_may_say_what_it_is_for(fine: dict[str, object]) -> None:
    assert isinstance(from_jwk(RFC_8037 | fine), PublicKey)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"y": RFC_7517["x"]}, "not-on-curve"),
        ({"y": "AA"}, "bad-key"),
        ({"crv": "P-384"}, "bad-key"),
        ({"crv": "secp256k1"}, "unknown-key-type"),
    ],
)
def test_an_elliptic_key_that_is_no_point_of_its_curve_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(KeyFormatError) as refused:
        from_jwk(RFC_7517 | change)

    assert refused.value.code == code


def test_a_coordinate_beyond_the_field_is_no_second_spelling_of_a_point() -> None:
    # SP 800-186 section 3.2.1.3: the point of P-256 with x = 5, once as it is and once beyond the field's order.
    field = 2**256 - 2**224 + 2**192 + 2**96 - 1
    y = "RZJDuapYGAb-kTvOmYF63hHKUDxk2aPFM0FcCDJI-8w"
    once, again = (base64.urlsafe_b64encode(x.to_bytes(32)).rstrip(b"=").decode() for x in (5, 5 + field))

    assert from_jwk({"kty": "EC", "crv": "P-256", "x": once, "y": y})
    with pytest.raises(KeyFormatError) as refused:
        from_jwk({"kty": "EC", "crv": "P-256", "x": again, "y": y})
    assert refused.value.code == "not-on-curve"


def test_another_curve_is_refused_when_it_comes_as_a_key_too() -> None:
    with pytest.raises(KeyFormatError):
        from_raw(ec.generate_private_key(ec.SECP256K1()).public_key())


@pytest.mark.parametrize("value", [None, [], "x", 1])
def test_what_is_no_object_is_no_jwk(value: object) -> None:
    with pytest.raises(KeyFormatError):
        from_jwk(value)


@pytest.mark.parametrize(
    ("n", "e", "code"),
    [
        (encode(2**9000 - 1), "AQAB", "key-too-long"),
        (encode(2**2048 - 2), "AQAB", "weak-key"),
        (encode(2**2048 - 1), "AQAB", "weak-key"),
    ],
)
def test_rsa_numbers_that_make_no_key_are_refused(n: str, e: str, code: str) -> None:
    with pytest.raises(KeyFormatError) as refused:
        from_jwk({"kty": "RSA", "n": n, "e": e})

    assert refused.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "u6Mk",
        "z0OIl",
        "z" + "1" * 200,
        "z6Mk",
        "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
        "zDnae",
        "z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg",
        f"{DID_KEY_SPECIFICATION} ",
        f"{DID_KEY_SPECIFICATION}\n",
        f"{DID_KEY_SPECIFICATION}\u3000",
    ],
)
def test_a_text_that_is_no_multikey_is_refused(text: str) -> None:
    with pytest.raises(KeyFormatError):
        from_multikey(text)


def test_a_compressed_point_of_another_length_is_refused() -> None:
    import base58

    with pytest.raises(KeyFormatError, match="length"):
        from_multikey("z" + base58.b58encode(b"\x80\x24\x02" + bytes(31)).decode())


def test_a_compressed_point_off_its_curve_is_refused() -> None:
    import base58

    # x = 5 is on no point of P-256? The library decides; five tries hold one that is not.
    codes = set()
    for x in range(2, 12):
        text = "z" + base58.b58encode(b"\x80\x24\x02" + x.to_bytes(32)).decode()
        try:
            from_multikey(text)
        except KeyFormatError as error:
            codes.add(error.code)

    assert codes == {"not-on-curve"}


def test_an_ed25519_signature_whose_r_is_of_small_order_is_refused_though_openssl_accepts_it() -> None:
    # S = h a with R the identity, for the key of the seed 00 01 … 1f.
    raw = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key()
    s = bytes.fromhex("2fbb7bc979fd1f2c2a7b123ca11c8e9c7fdc04a5f2e8d16a4e4eef144f778008")
    signature = b"\1" + bytes(31) + s
    raw.verify(signature, b"a badge")

    with pytest.raises(BadSignatureError):
        from_raw(raw).verify(signature, b"a badge")


@pytest.mark.vectors
@pytest.mark.parametrize(
    "name", ["ed25519_test.json", "ecdsa_secp256r1_sha256_p1363_test.json", "rsa_signature_2048_sha256_test.json"]
)
def test_no_invalid_signature_of_wycheproof_verifies(shared, name: str) -> None:
    suite = orjson.loads((shared / "vectors/wycheproof" / name).read_bytes())

    wrong = [
        (case["tcId"], case["result"])
        for group in suite["testGroups"]
        for case in group["tests"]
        if case["result"] != "acceptable" and verifies(group, case) != (case["result"] == "valid")
    ]

    assert wrong == []


def verifies(group: dict, case: dict) -> bool:
    try:
        key = wycheproof_key(group)
    except WeakKeyError:
        return case["result"] == "valid"  # e = 3: we refuse the key, so the verdict on its signatures is free
    try:
        key.verify(bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
    except BadSignatureError:
        return False
    return True


def wycheproof_key(group: dict) -> PublicKey:
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    der = group.get("publicKeyDer") or group.get("keyDer")
    return from_raw(load_der_public_key(bytes.fromhex(der)))


def test_a_rsa_key_of_the_library_whose_keys_can_be_factored_is_refused() -> None:
    primes = [n for n in range(2, 1000) if all(n % divisor for divisor in range(2, n))]
    # 1 is a power of 65537 whatever it is divided by: the mark of CVE-2017-15361, and no small factor.
    modulus = 1 + prod(primes) * 2**700
    assert modulus.bit_length() > 2048

    with pytest.raises(WeakKeyError, match="factored"):
        from_raw(RSAPublicNumbers(65_537, modulus).public_key())

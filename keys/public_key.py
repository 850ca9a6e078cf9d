"""Public keys, each bound to its one algorithm: JWK (RFC 7517) and Multikey (W3C CID 1.0) to `PublicKey` and back."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from math import gcd, prod

import base58
import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from keys import base64url

MIN_RSA_BITS = 2048
MAX_RSA_BITS = 8192  # verification time grows with the square: a longer modulus is an attack, not a need
RSA_EXPONENT = 65_537
# A modulus that shares one of these was not made of two large primes.
_SMALL_PRIMES = [n for n in range(2, 1000) if all(n % divisor for divisor in range(2, int(n**0.5) + 1))]
_SMALL_PRODUCT = prod(_SMALL_PRIMES)
# CVE-2017-15361 (ROCA): a library made primes whose remainders are all powers of 65537, and so are the modulus's; by
# chance that happens once in millions of keys.
_ROCA = {p: frozenset(pow(RSA_EXPONENT, power, p) for power in range(p)) for p in _SMALL_PRIMES if 2 < p <= 167}  # noqa: PLR2004 - the primes of the published test

# Order of the field and curve constant of edwards25519 (RFC 8032 section 5.1).
_P = 2**255 - 19
_D = -121_665 * pow(121_666, _P - 2, _P) % _P
# The points of edwards25519 whose order divides 8, as RFC 8032 encodes them.
_SMALL_ORDER = frozenset(
    bytes.fromhex(point)
    for point in (
        "01" + 31 * "00",
        "ec" + 30 * "ff" + "7f",
        32 * "00",
        31 * "00" + "80",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    )
)


class KeyFormatError(Exception):
    """A key that is not well made.

    Attributes:
        code: Stable name of the rule that was broken.
    """

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class WeakKeyError(KeyFormatError):
    """A key that is too weak to trust."""


class BadSignatureError(Exception):
    """The signature does not verify."""


class Algorithm(StrEnum):
    """The kinds of key that we know."""

    ED25519 = "Ed25519"
    P256 = "P-256"
    P384 = "P-384"
    RSA = "RSA"


JWS_ALGORITHMS: Mapping[Algorithm, str] = {
    Algorithm.ED25519: "EdDSA",
    Algorithm.P256: "ES256",
    Algorithm.P384: "ES384",
    Algorithm.RSA: "RS256",
}
_CURVES: Mapping[Algorithm, ec.EllipticCurve] = {Algorithm.P256: ec.SECP256R1(), Algorithm.P384: ec.SECP384R1()}
_HASHES: Mapping[Algorithm, ec.ECDSA] = {
    Algorithm.P256: ec.ECDSA(hashes.SHA256()),
    Algorithm.P384: ec.ECDSA(hashes.SHA384()),
}
COORDINATE_BYTES: Mapping[Algorithm, int] = {Algorithm.P256: 32, Algorithm.P384: 48}
# Multicodec prefixes as unsigned varints: ed25519-pub 0xed, p256-pub 0x1200, p384-pub 0x1201.
_PREFIXES: Mapping[bytes, Algorithm] = {
    b"\xed\x01": Algorithm.ED25519,
    b"\x80\x24": Algorithm.P256,
    b"\x81\x24": Algorithm.P384,
}

RawKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey


@dataclass(frozen=True)
class PublicKey:
    """A public key that can verify with one algorithm, and no other."""

    algorithm: Algorithm
    raw: RawKey = field(compare=False, repr=False)
    encoded: bytes = field(repr=False)

    @property
    def jws_algorithm(self) -> str:
        """The one `alg` of a JWS that this key may verify (RFC 7518, RFC 8037)."""
        return JWS_ALGORITHMS[self.algorithm]

    def verify(self, signature: bytes, data: bytes) -> None:
        """Return if `signature` is this key's over `data`.

        Args:
            signature: 64 bytes for Ed25519, r||s of 64 or 96 bytes for P-256 and P-384, PKCS#1 v1.5 for RSA.
            data: What was signed, not its hash.

        Raises:
            BadSignatureError: It is not.
        """
        try:
            match self.raw:
                case ed25519.Ed25519PublicKey():
                    _require_usual_r(signature)
                    self.raw.verify(signature, data)
                case ec.EllipticCurvePublicKey():
                    self.raw.verify(self._der(signature), data, _HASHES[self.algorithm])
                case _:
                    self.raw.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature as error:
            raise BadSignatureError("the signature does not verify") from error

    def _der(self, signature: bytes) -> bytes:
        size = COORDINATE_BYTES[self.algorithm]
        if len(signature) != 2 * size:
            raise BadSignatureError(f"{len(signature)} bytes are not r||s of {2 * size}")
        return encode_dss_signature(int.from_bytes(signature[:size]), int.from_bytes(signature[size:]))

    def to_jwk(self) -> dict[str, str]:
        """Return the public JWK, required members only (RFC 7517, RFC 8037)."""
        match self.raw:
            case ed25519.Ed25519PublicKey():
                return {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(self.encoded)}
            case ec.EllipticCurvePublicKey():
                numbers, size = self.raw.public_numbers(), COORDINATE_BYTES[self.algorithm]
                x, y = numbers.x.to_bytes(size), numbers.y.to_bytes(size)
                return {"kty": "EC", "crv": self.algorithm.value, "x": base64url.encode(x), "y": base64url.encode(y)}
            case _:
                rsa_numbers = self.raw.public_numbers()
                return {"kty": "RSA", "n": _integer(rsa_numbers.n), "e": _integer(rsa_numbers.e)}

    def to_multikey(self) -> str:
        """Return `publicKeyMultibase` of a Multikey.

        Raises:
            KeyFormatError: RSA, which has no Multikey form that verifiers know.

        Source: W3C Controlled Identifiers 1.0, Multikey (#Multikey).
        """
        for prefix, algorithm in _PREFIXES.items():
            if algorithm is self.algorithm:
                return "z" + base58.b58encode(prefix + self.encoded).decode()
        raise KeyFormatError("no-multikey", "an RSA key has no Multikey form")

    def thumbprint(self) -> str:
        """Return the base64url SHA-256 thumbprint (RFC 7638)."""
        canonical = orjson.dumps(self.to_jwk(), option=orjson.OPT_SORT_KEYS)
        return base64url.encode(hashlib.sha256(canonical).digest())


def from_raw(raw: RawKey) -> PublicKey:
    """Return the key, refused if weak or of another curve.

    Raises:
        WeakKeyError: RSA under 2048 bits or with another exponent than 65537, or a small-order Ed25519 point.
        KeyFormatError: A curve that we do not know, or a modulus beyond `MAX_RSA_BITS`.
    """
    match raw:
        case ed25519.Ed25519PublicKey():
            encoded = raw.public_bytes(Encoding.Raw, PublicFormat.Raw)
            _require_large_order(encoded)
            return PublicKey(Algorithm.ED25519, raw, encoded)
        case ec.EllipticCurvePublicKey():
            return PublicKey(_algorithm_of(raw), raw, raw.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))
        case _:
            numbers = raw.public_numbers()
            _require_strong(numbers.n, numbers.e)
            return PublicKey(Algorithm.RSA, raw, raw.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def from_jwk(jwk: object) -> PublicKey:
    """Return the key that a public JWK holds.

    Raises:
        KeyFormatError: Not a JWK of a kind that we know; private members; `use`, `key_ops` or `alg` that do not allow
            verifying with the key's one algorithm.
        WeakKeyError: See `from_raw`.
    """
    if not isinstance(jwk, Mapping):
        raise KeyFormatError("not-a-jwk", "a JWK is an object")
    if jwk.keys() & {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}:
        raise KeyFormatError("private-key", "the JWK holds private members")
    match jwk:
        case {"kty": "OKP", "crv": "Ed25519", "x": str(x)}:
            key = _ed25519(_decode(x))
        case {"kty": "EC", "crv": "P-256" | "P-384" as curve, "x": str(x), "y": str(y)}:
            key = _ec(Algorithm(curve), x, y)
        case {"kty": "RSA", "n": str(n), "e": str(e)}:
            key = _rsa(_decode(n), _decode(e))
        case _:
            raise KeyFormatError("unknown-key-type", "the JWK is of no kind that we know")
    _require_for_verifying(jwk, key)
    return key


@lru_cache(maxsize=4096)
def from_multikey(text: str) -> PublicKey:
    """Return the key that a `publicKeyMultibase` holds: base58btc of a multicodec prefix and the key.

    Raises:
        KeyFormatError: Another base, an unknown prefix, or not a point of the curve.
        WeakKeyError: See `from_raw`.
    """
    if not text.startswith("z") or len(text) > 128:  # noqa: PLR2004 - far beyond the longest form, P-384's
        raise KeyFormatError("bad-multikey", "a Multikey is base58btc")
    try:
        data = base58.b58decode(text[1:])
    except ValueError as error:
        raise KeyFormatError("bad-multikey", "a Multikey is base58btc") from error
    if text[-1].isspace():
        # The decoder takes white space off the end: a second spelling.
        raise KeyFormatError("bad-multikey", "a Multikey is base58btc")
    algorithm = _PREFIXES.get(data[:2])
    if algorithm is None:
        raise KeyFormatError("unknown-key-type", "the Multikey's prefix names no kind that we know")
    if algorithm is Algorithm.ED25519:
        return _ed25519(data[2:])
    if len(data) != 3 + COORDINATE_BYTES[algorithm]:
        raise KeyFormatError("bad-multikey", "the Multikey has another length than its curve's compressed point")
    try:
        return from_raw(ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[algorithm], data[2:]))
    except ValueError as error:
        raise KeyFormatError("not-on-curve", "the Multikey is no point of its curve") from error


def _require_for_verifying(jwk: Mapping[str, object], key: PublicKey) -> None:
    if jwk.get("use", "sig") != "sig":
        raise KeyFormatError("wrong-use", "the JWK is not for signatures")
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        raise KeyFormatError("wrong-use", "the JWK is not for verifying")
    # A tuple: whatever else than a text stands in `alg` need not be hashable.
    allowed = (key.jws_algorithm, *(["Ed25519"] if key.algorithm is Algorithm.ED25519 else []))
    if jwk.get("alg", key.jws_algorithm) not in allowed:
        raise KeyFormatError("wrong-algorithm", "the JWK is for another algorithm than its kind's")


def _ed25519(encoded: bytes) -> PublicKey:
    try:
        return from_raw(ed25519.Ed25519PublicKey.from_public_bytes(encoded))
    except ValueError as error:
        raise KeyFormatError("bad-key", "an Ed25519 key has 32 bytes") from error


def _ec(algorithm: Algorithm, x: str, y: str) -> PublicKey:
    first, second = _decode(x), _decode(y)
    if {len(first), len(second)} != {COORDINATE_BYTES[algorithm]}:
        raise KeyFormatError("bad-key", "a coordinate has another length than the curve's")
    numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(first), int.from_bytes(second), _CURVES[algorithm])
    try:
        raw = numbers.public_key()
    except ValueError as error:
        raise KeyFormatError("not-on-curve", "the key is no point of its curve") from error
    if raw.public_numbers() != numbers:
        # OpenSSL takes a coordinate beyond the field for what is left of it: a second spelling.
        raise KeyFormatError("not-on-curve", "a coordinate beyond the curve's field")
    return from_raw(raw)


def _rsa(modulus: bytes, exponent: bytes) -> PublicKey:
    n, e = int.from_bytes(modulus), int.from_bytes(exponent)
    _require_strong(n, e)  # before OpenSSL sees it: it takes some of these, and refuses others with other errors
    return from_raw(rsa.RSAPublicNumbers(e, n).public_key())


def _require_strong(modulus: int, exponent: int) -> None:
    bits = modulus.bit_length()
    if bits < MIN_RSA_BITS or exponent != RSA_EXPONENT:
        raise WeakKeyError("weak-key", f"RSA of {bits} bits; {MIN_RSA_BITS} and e = {RSA_EXPONENT} are asked")
    if bits > MAX_RSA_BITS:
        raise KeyFormatError("key-too-long", f"RSA of more than {MAX_RSA_BITS} bits")
    if gcd(modulus, _SMALL_PRODUCT) != 1:
        raise WeakKeyError("weak-key", "an RSA modulus with a small factor")
    if all(modulus % prime in powers for prime, powers in _ROCA.items()):
        raise WeakKeyError("weak-key", "an RSA modulus made by a library whose keys can be factored")


def _algorithm_of(raw: ec.EllipticCurvePublicKey) -> Algorithm:
    for algorithm, curve in _CURVES.items():
        if raw.curve.name == curve.name:
            return algorithm
    raise KeyFormatError("unknown-key-type", "a curve that we do not know")


def _require_large_order(encoded: bytes) -> None:
    """Refuse what is no point, has two spellings, or fits one signature to many messages.

    Source: RFC 8032 section 5.1.3 (decoding); a point P of small order has 8P = identity.
    """
    y = int.from_bytes(encoded, "little") & (2**255 - 1)
    if y >= _P:
        raise WeakKeyError("weak-key", "an Ed25519 key in a second spelling")
    x_squared = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    if x_squared and pow(x_squared, (_P - 1) // 2, _P) != 1:
        raise KeyFormatError("not-on-curve", "the key is no point of its curve")
    # The y of a doubled point needs no x, only its square: y' = (y² + x²) / (1 - d x² y²) (a = -1).
    for _ in range(3):
        x_squared, y = _doubled(x_squared, y)
    if x_squared == 0 and y == 1:
        raise WeakKeyError("weak-key", "an Ed25519 point of small order")


def _require_usual_r(signature: bytes) -> None:
    # No honest signer makes it; OpenSSL accepts it, and WebCrypto asks browsers to refuse it.
    if signature[:32] in _SMALL_ORDER:
        raise BadSignatureError("R is a point of small order")


def _doubled(x_squared: int, y: int) -> tuple[int, int]:
    product = _D * x_squared * y * y % _P
    x_numerator = 4 * x_squared * y * y
    doubled_x_squared = x_numerator * pow((1 + product) ** 2, _P - 2, _P) % _P
    doubled_y = (y * y + x_squared) * pow(1 - product, _P - 2, _P) % _P
    return doubled_x_squared, doubled_y


def _decode(text: str) -> bytes:
    try:
        return base64url.decode(text)
    except ValueError as error:
        raise KeyFormatError("bad-base64", "a JWK member is not base64url in its one spelling") from error


def _integer(number: int) -> str:
    return base64url.encode(number.to_bytes((number.bit_length() + 7) // 8))

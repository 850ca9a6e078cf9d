"""What signs: a public key, the address it is found under, and the one operation that needs the private half."""

from dataclasses import dataclass, field
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from keys.did import did_key
from keys.public_key import COORDINATE_BYTES, RSA_EXPONENT, Algorithm, PublicKey, from_raw

RSA_BITS = 3072  # what is made anew should last: NIST SP 800-57 rates 2048 until 2030
PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Signer(Protocol):
    """Signs with one key, wherever that key lives."""

    @property
    def public(self) -> PublicKey:
        """The key that verifies."""
        ...

    @property
    def key_id(self) -> str:
        """Absolute id of the verification method that others find the key under."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the signature over `data`, in the form that `PublicKey.verify` takes."""
        ...


@dataclass(frozen=True)
class LocalSigner:
    """A signer whose private key is in this process."""

    private: PrivateKey = field(repr=False)
    key_id: str
    public: PublicKey

    def sign(self, data: bytes) -> bytes:
        """Return the signature; the same bytes for the same data, whatever the algorithm."""
        match self.private:
            case ed25519.Ed25519PrivateKey():
                return self.private.sign(data)
            case ec.EllipticCurvePrivateKey():
                return self._sign_ecdsa(self.private, data)
            case _:
                return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def _sign_ecdsa(self, private: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
        # Deterministic (RFC 6979), so that a retry gives the same badge and no weak random number gives the key away.
        digest = hashes.SHA256() if self.public.algorithm is Algorithm.P256 else hashes.SHA384()
        r, s = decode_dss_signature(private.sign(data, ec.ECDSA(digest, deterministic_signing=True)))
        size = COORDINATE_BYTES[self.public.algorithm]
        return r.to_bytes(size) + s.to_bytes(size)


def generate(algorithm: Algorithm) -> PrivateKey:
    """Return a new private key."""
    match algorithm:
        case Algorithm.ED25519:
            return ed25519.Ed25519PrivateKey.generate()
        case Algorithm.P256:
            return ec.generate_private_key(ec.SECP256R1())
        case Algorithm.P384:
            return ec.generate_private_key(ec.SECP384R1())
        case _:
            return rsa.generate_private_key(RSA_EXPONENT, RSA_BITS)


def local_signer(private: PrivateKey, key_id: str) -> LocalSigner:
    """Return what signs with `private` under the address `key_id`.

    Raises:
        KeyFormatError: The key is weak or of another kind than we know.
    """
    return LocalSigner(private, key_id, from_raw(private.public_key()))


def did_key_signer(private: PrivateKey) -> LocalSigner:
    """Return what signs with `private` under the DID that its public half spells out.

    Raises:
        KeyFormatError: The key is weak, or RSA, which has no did:key that verifiers know.
    """
    public = from_raw(private.public_key())
    did = did_key(public)
    return LocalSigner(private, f"{did}#{did.removeprefix('did:key:')}", public)

"""Private keys on disk, each encrypted together with what it is for; none is deleted, so no number is used twice."""

import base64
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from keys.public_key import Algorithm, PublicKey, from_jwk
from keys.signer import LocalSigner, PrivateKey, generate, local_signer

KEY_BYTES = 32  # AES-256
NONCE_BYTES = 12  # NIST SP 800-38D section 5.2.1.1
_OWNER = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", re.ASCII)
_FILE = re.compile(r"([1-9][0-9]{0,5})\.json", re.ASCII)
_PURPOSE = b"akashi key store 1"  # one secret may serve several purposes, each under its own derived key


class KeyStoreError(Exception):
    """A key store that must not be used as it is.

    Attributes:
        code: Stable name of the rule: "bad-owner", "bad-key-encryption-key", "insecure-mode", "damaged-key-file",
            "key-exists", "unknown-key", "already-ended".
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class KeyRecord:
    """What is known of a key without opening it.

    Attributes:
        valid_from: First moment at which it may sign.
        valid_until: First moment at which it may no longer; None while it is in use.
        revoked: When it was given up as compromised.
    """

    owner: str
    number: int
    key_id: str
    public: PublicKey
    valid_from: datetime
    valid_until: datetime | None = None
    revoked: datetime | None = None

    def active(self, at: datetime) -> bool:
        """Return whether the key may sign at that moment; a revoked one never may."""
        ended = self.valid_until is not None and at >= self.valid_until
        return self.revoked is None and self.valid_from <= at and not ended


class KeyStore:
    """The keys in one folder, a sub-folder for each owner, a file for each key."""

    def __init__(self, folder: Path, key_encryption_key: bytes) -> None:
        """Open the folder, or make it.

        Raises:
            KeyStoreError: "bad-key-encryption-key" (other than 32 bytes), "insecure-mode".
        """
        self._folder = folder
        self._cipher = AESGCM(_derive(key_encryption_key))
        _make_private_folder(folder)

    def next_number(self, owner: str) -> int:
        """Return the number that the owner's next key will have.

        Raises:
            KeyStoreError: "bad-owner", "insecure-mode".
        """
        return max(self._numbers(owner), default=0) + 1

    def create(self, owner: str, algorithm: Algorithm, *, key_id: str, valid_from: datetime) -> KeyRecord:
        """Make a key and keep it.

        Args:
            owner: Whose it is: lower-case letters, digits and hyphens.
            algorithm: Its kind.
            key_id: Absolute id of the verification method that it will be published under.
            valid_from: First moment at which it may sign, aware.

        Raises:
            KeyStoreError: "bad-owner", "insecure-mode", or "key-exists" when another process has just made one.
        """
        private = generate(algorithm)
        public = local_signer(private, key_id).public
        record = KeyRecord(owner, self.next_number(owner), key_id, public, valid_from)
        self._write(record, _private_bytes(private), new=True)
        return record

    def records(self, owner: str) -> tuple[KeyRecord, ...]:
        """Return the owner's keys by number, retired and revoked ones included.

        Raises:
            KeyStoreError: "bad-owner", "insecure-mode", "damaged-key-file".
        """
        return tuple(self._open(owner, number)[0] for number in sorted(self._numbers(owner)))

    def signer(self, record: KeyRecord) -> LocalSigner:
        """Return what signs with the key; whether it may is for the caller to ask (`KeyRecord.active`).

        Raises:
            KeyStoreError: "unknown-key", "insecure-mode", "damaged-key-file".
        """
        found, private = self._open(record.owner, record.number)
        return local_signer(_private_key(private), found.key_id)

    def retire(self, owner: str, number: int, at: datetime) -> KeyRecord:
        """End a key's window; what it signed before stays good.

        Raises:
            KeyStoreError: "already-ended" when it ends earlier already, and as `signer`.
        """
        record, private = self._open(owner, number)
        if record.valid_until is not None and record.valid_until < at:
            raise KeyStoreError("already-ended", f"key {number} of {owner} has ended before")
        return self._write(replace(record, valid_until=at), private)

    def revoke(self, owner: str, number: int, at: datetime) -> KeyRecord:
        """Give a key up as compromised: nothing that it signed can be told from a forgery any more.

        Raises:
            KeyStoreError: "already-ended" when it was revoked before, and as `signer`.
        """
        record, private = self._open(owner, number)
        if record.revoked is not None:
            raise KeyStoreError("already-ended", f"key {number} of {owner} was revoked before")
        return self._write(replace(record, revoked=at), private)

    def _numbers(self, owner: str) -> list[int]:
        folder = self._owner_folder(owner)
        names = [_FILE.fullmatch(path.name) for path in folder.iterdir()] if folder.exists() else []
        return [int(name[1]) for name in names if name]

    def _owner_folder(self, owner: str) -> Path:
        if not _OWNER.fullmatch(owner):
            raise KeyStoreError("bad-owner", "an owner is named by lower-case letters, digits and hyphens")
        return self._folder / owner

    def _open(self, owner: str, number: int) -> tuple[KeyRecord, bytes]:
        path = self._owner_folder(owner) / f"{number}.json"
        data = _read_private_file(path)
        try:
            content = orjson.loads(data)
            metadata, nonce, sealed = content["metadata"], _decode(content["nonce"]), _decode(content["sealed"])
            private = self._cipher.decrypt(nonce, sealed, _authenticated(metadata))
            record = _parse_record(metadata)
        except (ValueError, KeyError, TypeError, InvalidTag) as error:
            raise KeyStoreError("damaged-key-file", f"{path.name} of {owner} was not written with this key") from error
        if (record.owner, record.number) != (owner, number):
            raise KeyStoreError("damaged-key-file", f"{path.name} of {owner} is another key's file")
        return record, private

    def _write(self, record: KeyRecord, private: bytes, *, new: bool = False) -> KeyRecord:
        folder = self._owner_folder(record.owner)
        _make_private_folder(folder)
        metadata, nonce = _render_record(record), secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, private, _authenticated(metadata))
        content = {"metadata": metadata, "nonce": _encode(nonce), "sealed": _encode(sealed)}
        _write_private_file(folder / f"{record.number}.json", orjson.dumps(content), new=new)
        return record


def create_key_encryption_key(path: Path) -> bytes:
    """Make a key-encryption key and write it to a file that only its owner can read.

    Raises:
        KeyStoreError: "key-exists": never overwritten, since every key would be lost with it.
    """
    key = secrets.token_bytes(KEY_BYTES)
    _write_private_file(path, f"{_encode(key)}\n".encode(), new=True)
    return key


def read_key_encryption_key(path: Path) -> bytes:
    """Return the key-encryption key that a file holds.

    Raises:
        KeyStoreError: "unknown-key" (no such file), "insecure-mode", "bad-key-encryption-key".
    """
    data = _read_private_file(path)
    try:
        return decode_key_encryption_key(data.decode("ascii").strip())
    except UnicodeDecodeError as error:
        raise KeyStoreError("bad-key-encryption-key", "the file holds no base64url text") from error


def decode_key_encryption_key(text: str) -> bytes:
    """Return the key-encryption key that a setting spells out: base64url of 32 bytes.

    Raises:
        KeyStoreError: "bad-key-encryption-key".
    """
    try:
        key = _decode(text)
    except ValueError as error:
        raise KeyStoreError("bad-key-encryption-key", "the key-encryption key is not base64url") from error
    _require_length(key)
    return key


def _require_length(key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise KeyStoreError("bad-key-encryption-key", f"the key-encryption key has {len(key)} bytes, not {KEY_BYTES}")


def _derive(key_encryption_key: bytes) -> bytes:
    _require_length(key_encryption_key)
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=_PURPOSE).derive(key_encryption_key)


def _private_bytes(private: PrivateKey) -> bytes:
    return private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _private_key(data: bytes) -> PrivateKey:
    private = load_der_private_key(data, password=None)
    if isinstance(private, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        return private
    raise KeyStoreError("damaged-key-file", "a private key of no kind that we make")


def _render_record(record: KeyRecord) -> dict[str, object]:
    moments = (("validUntil", record.valid_until), ("revoked", record.revoked))
    return {
        "owner": record.owner,
        "number": record.number,
        "keyId": record.key_id,
        "publicKey": record.public.to_jwk(),
        "validFrom": record.valid_from.isoformat(),
        **{name: moment.isoformat() for name, moment in moments if moment},
    }


def _parse_record(metadata: dict[str, str]) -> KeyRecord:
    ends = [datetime.fromisoformat(metadata[name]) if name in metadata else None for name in ("validUntil", "revoked")]
    return KeyRecord(
        owner=metadata["owner"],
        number=int(metadata["number"]),
        key_id=metadata["keyId"],
        public=from_jwk(metadata["publicKey"]),
        valid_from=datetime.fromisoformat(metadata["validFrom"]),
        valid_until=ends[0],
        revoked=ends[1],
    )


def _authenticated(metadata: object) -> bytes:
    return orjson.dumps(metadata, option=orjson.OPT_SORT_KEYS)


def _make_private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _require_private(folder.stat().st_mode, folder)


def _require_private(mode: int, path: Path) -> None:
    if stat.S_IMODE(mode) & 0o077:
        raise KeyStoreError("insecure-mode", f"{path.name} may be read by others; take that right away (chmod go=)")


def _read_private_file(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise KeyStoreError("unknown-key", f"there is no {path.name}") from error
    with os.fdopen(descriptor, "rb") as file:
        _require_private(os.fstat(file.fileno()).st_mode, path)
        return file.read()


def _write_private_file(path: Path, data: bytes, *, new: bool) -> None:
    """Write the whole file or nothing of it; after a crash the old one is still there, or the new one."""
    with _temporary_file(path.parent) as temporary:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if new:
            _link(temporary, path)
        else:
            temporary.replace(path)
    _sync_folder(path.parent)


@contextmanager
def _temporary_file(folder: Path) -> Iterator[Path]:
    temporary = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _link(temporary: Path, path: Path) -> None:
    try:
        # Not rename: that one would silently replace the key that another process has just made.
        path.hardlink_to(temporary)
    except FileExistsError as error:
        raise KeyStoreError("key-exists", f"{path.name} is there already") from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)

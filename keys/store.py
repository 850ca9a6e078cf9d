"""Private keys on disk, encrypted: create, load, retire, revoke. Never imported by the verifier."""

import os
import secrets
import stat
import tempfile
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from keys.public_key import Algorithm, KeyFormatError, PublicKey, from_jwk
from keys.signer import LocalSigner, PrivateKey, generate, local_signer

KEY_ENCRYPTION_KEY_BYTES = 32  # AES-256
_NONCE_BYTES = 12
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyStoreError(Exception):
    """The store cannot give or keep a key: wrong mode, wrong key-encryption key, unknown or altered file."""


@dataclass(frozen=True)
class KeyRecord:
    """What is known of a key beside its private half; moments are aware, `valid_until` is the first moment after."""

    owner: str
    number: int
    key_id: str
    public: PublicKey
    valid_from: datetime
    valid_until: datetime | None = None
    revoked: datetime | None = None

    def active(self, at: datetime) -> bool:
        """Return whether the key may sign at that moment."""
        ended = self.valid_until is not None and at >= self.valid_until
        return self.valid_from <= at and not ended and self.revoked is None


class KeyStore:
    """A folder of encrypted keys, one subfolder for each owner.

    Args:
        folder: Made with mode 0700 if missing.
        key_encryption_key: 32 bytes; each file is sealed with AES-256-GCM, its record authenticated with it.
    """

    def __init__(self, folder: Path, key_encryption_key: bytes) -> None:
        if len(key_encryption_key) != KEY_ENCRYPTION_KEY_BYTES:
            raise KeyStoreError(f"a key-encryption key has {KEY_ENCRYPTION_KEY_BYTES} bytes")
        self._folder = folder
        self._cipher = AESGCM(key_encryption_key)

    def create(self, owner: str, algorithm: Algorithm, *, key_id: str, valid_from: datetime) -> KeyRecord:
        """Make a key and return its record.

        Args:
            owner: A provider's slug, or another plain name.
            algorithm: Of the key.
            key_id: The verification method id, absolute; see `next_number`.
            valid_from: The first moment at which it may sign.

        Raises:
            KeyStoreError: The folder is open to others, or another process has just made a key of that number.
        """
        private = generate(algorithm)
        public = local_signer(private, key_id).public
        record = KeyRecord(owner, self.next_number(owner), key_id, public, valid_from)
        folder = self._owner_folder(owner)
        make_private_folder(folder)
        _require_private(folder)
        write_private(self._file(owner, record.number), self._seal(record, _private_bytes(private)), new=True)
        return record

    def next_number(self, owner: str) -> int:
        """Return the number of the owner's next key, 1 for the first; numbers are never used again."""
        return max((record.number for record in self.records(owner)), default=0) + 1

    def records(self, owner: str) -> tuple[KeyRecord, ...]:
        """Return the owner's keys by number, retired and revoked ones included.

        Raises:
            KeyStoreError: A file is open to others, altered, or of another key-encryption key.
        """
        found = [self._read(file)[0] for file in self._owner_folder(owner).glob("*.json")]
        return tuple(sorted(found, key=lambda record: record.number))

    def signer(self, record: KeyRecord) -> LocalSigner:
        """Return what signs with that key; whether it may, `KeyRecord.active` says.

        Raises:
            KeyStoreError: As `records`, or there is no such key.
        """
        _, private = self._read(self._file(record.owner, record.number))
        return local_signer(cast("PrivateKey", load_der_private_key(private, None)), record.key_id)

    def retire(self, owner: str, number: int, at: datetime) -> KeyRecord:
        """End a key at a moment: what it signed before stays good. Return its record.

        Raises:
            KeyStoreError: It has an earlier end, and an end is never put off; or as `signer`.
        """
        record, private = self._read(self._file(owner, number))
        if record.valid_until is not None and record.valid_until < at:
            raise KeyStoreError(f"key {number} has an earlier end")
        return self._replace(replace(record, valid_until=at), private)

    def revoke(self, owner: str, number: int, at: datetime) -> KeyRecord:
        """Call a key compromised: nothing that it signed is good any more. Return its record.

        A second time changes nothing.

        Raises:
            KeyStoreError: As `signer`.
        """
        record, private = self._read(self._file(owner, number))
        return record if record.revoked else self._replace(replace(record, revoked=at), private)

    def _owner_folder(self, owner: str) -> Path:
        if not owner or not all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in owner):
            raise KeyStoreError("an owner's name is ASCII letters, digits, - and _")
        return self._folder / owner

    def _file(self, owner: str, number: int) -> Path:
        return self._owner_folder(owner) / f"{number}.json"

    def _replace(self, record: KeyRecord, private: bytes) -> KeyRecord:
        write_private(self._file(record.owner, record.number), self._seal(record, private))
        return record

    def _seal(self, record: KeyRecord, private: bytes) -> bytes:
        nonce, described = secrets.token_bytes(_NONCE_BYTES), _describe(record)
        sealed = self._cipher.encrypt(nonce, private, orjson.dumps(described, option=orjson.OPT_SORT_KEYS))
        content = {"record": described, "nonce": b64encode(nonce).decode(), "sealed": b64encode(sealed).decode()}
        return orjson.dumps(content, option=orjson.OPT_INDENT_2)

    def _read(self, file: Path) -> tuple[KeyRecord, bytes]:
        if not file.is_file():
            raise KeyStoreError(f"there is no key {file.parent.name}/{file.stem}")
        _require_private(file)
        try:
            content = orjson.loads(file.read_bytes())
            described = content["record"]
            bound = orjson.dumps(described, option=orjson.OPT_SORT_KEYS)
            private = self._cipher.decrypt(b64decode(content["nonce"]), b64decode(content["sealed"]), bound)
            return _record(described), private
        except InvalidTag as error:
            raise KeyStoreError(f"{file.name} is sealed with another key-encryption key, or was altered") from error
        except (KeyError, TypeError, ValueError, KeyFormatError) as error:
            raise KeyStoreError(f"{file.name} is no key file") from error


def open_key_encryption_key(given: str, path: Path, keys: Path) -> bytes:
    """Return the key-encryption key that a text gives, else the one in a file, which is made for the first key.

    Args:
        given: base64, such as an environment variable holds; "" for none.
        path: The file.
        keys: The folder of the keys that it seals, at any depth.

    Raises:
        KeyStoreError: Not the base64 of 32 bytes, a file that is open to others, or none for keys that are there:
            another one would open none of them.
    """
    if given:
        return parse_key_encryption_key(given)
    if path.exists() or any(keys.rglob("*.json")):
        return read_key_encryption_key(path)
    return create_key_encryption_key(path)


def create_key_encryption_key(path: Path) -> bytes:
    """Make a key-encryption key in a new file of mode 0600, and return it.

    Raises:
        FileExistsError: There is one; losing it would lose every key sealed with it.
    """
    make_private_folder(path.parent)
    key = secrets.token_bytes(KEY_ENCRYPTION_KEY_BYTES)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(b64encode(key) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def read_key_encryption_key(path: Path) -> bytes:
    """Return the key-encryption key that a file holds as base64.

    Raises:
        KeyStoreError: The file is missing, open to others, or holds something else.
    """
    if not path.is_file():
        raise KeyStoreError(f"there is no key-encryption key at {path}")
    _require_private(path)
    return parse_key_encryption_key(path.read_text())


def parse_key_encryption_key(text: str) -> bytes:
    """Return the key-encryption key that a base64 text holds.

    Raises:
        KeyStoreError: Not the base64 of 32 bytes.
    """
    try:
        key = b64decode(text.strip(), validate=True)
    except ValueError as error:
        raise KeyStoreError("a key-encryption key is base64") from error
    if len(key) != KEY_ENCRYPTION_KEY_BYTES:
        raise KeyStoreError(f"a key-encryption key has {KEY_ENCRYPTION_KEY_BYTES} bytes")
    return key


def make_private_folder(path: Path) -> None:
    """Make a folder of mode 0700, and so every missing folder above it; what is there stays as it is."""
    # Not mkdir(parents=True): that one gives its mode to the last folder alone.
    for folder in reversed([path, *path.parents]):
        folder.mkdir(exist_ok=True, mode=0o700)


def write_private(path: Path, data: bytes, *, new: bool = False) -> None:
    """Write a file of mode 0600 so that a crash leaves the old or the new one whole.

    Raises:
        KeyStoreError: `new`, and it is there already.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if new:
        _name(Path(file.name), path)
    else:
        Path(file.name).replace(path)
    _sync(path.parent)


def _name(temporary: Path, path: Path) -> None:
    try:
        # Not rename: that one would silently put this key in place of the one that another process has just made.
        path.hardlink_to(temporary)
    except FileExistsError as error:
        raise KeyStoreError(f"there is a {path.name} already") from error
    finally:
        temporary.unlink()


def _sync(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _require_private(path: Path) -> None:
    if path.stat().st_mode & _OTHERS:
        raise KeyStoreError(f"{path} is open to others: chmod go= {path}")


def _private_bytes(private: PrivateKey) -> bytes:
    return private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _describe(record: KeyRecord) -> dict[str, object]:
    moments = {"validFrom": record.valid_from, "validUntil": record.valid_until, "revoked": record.revoked}
    return {
        "owner": record.owner,
        "number": record.number,
        "keyId": record.key_id,
        "publicKeyJwk": record.public.to_jwk(),
        **{name: moment.astimezone(UTC).isoformat() for name, moment in moments.items() if moment},
    }


def _record(described: dict[str, object]) -> KeyRecord:
    ends = [described.get(name) for name in ("validUntil", "revoked")]
    return KeyRecord(
        str(described["owner"]),
        cast("int", described["number"]),
        str(described["keyId"]),
        from_jwk(described["publicKeyJwk"]),
        datetime.fromisoformat(str(described["validFrom"])),
        *(datetime.fromisoformat(str(end)) if end else None for end in ends),
    )

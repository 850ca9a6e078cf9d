"""Private keys on disk: sealed, closed to others, and gone through nothing but the store."""

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from keys.public_key import Algorithm
from keys.store import (
    KeyStore,
    KeyStoreError,
    create_key_encryption_key,
    open_key_encryption_key,
    parse_key_encryption_key,
    read_key_encryption_key,
)

START = datetime(2026, 4, 1, tzinfo=UTC)
LATER = datetime(2026, 10, 1, tzinfo=UTC)
SECRET = bytes(range(32))


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "keys", SECRET)


def make(store: KeyStore, algorithm: Algorithm = Algorithm.ED25519):
    return store.create(
        "kita", algorithm, key_id=f"did:web:kita.example#k{store.next_number('kita')}", valid_from=START
    )


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_key_signs_after_it_was_stored(store: KeyStore, algorithm: Algorithm) -> None:
    record = make(store, algorithm)

    signer = store.signer(record)

    record.public.verify(signer.sign(b"badge"), b"badge")
    assert signer.key_id == record.key_id


def test_keys_are_numbered_and_numbers_are_never_used_again(store: KeyStore) -> None:
    first, second = make(store), make(store)
    store.retire("kita", second.number, LATER)

    assert [first.number, second.number, store.next_number("kita")] == [1, 2, 3]
    assert store.records("kita") == (first, store.records("kita")[1])
    assert store.records("minami") == ()


def test_a_key_is_active_within_its_window_and_until_it_is_revoked(store: KeyStore) -> None:
    record = make(store)
    retired = store.retire("kita", 1, LATER)
    revoked = store.revoke("kita", 1, LATER)

    assert record.active(START)
    assert not record.active(datetime(2026, 3, 31, tzinfo=UTC))
    assert record.active(LATER)
    assert retired.active(START)
    assert not retired.active(LATER)
    assert not revoked.active(START)
    assert store.records("kita") == (revoked,)


def test_files_and_folders_are_closed_to_others(store: KeyStore, tmp_path: Path) -> None:
    make(store)

    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "keys/kita", tmp_path / "keys/kita/1.json")}

    assert modes == {0o700, 0o600}


def test_no_folder_above_the_keys_is_open_to_others(tmp_path: Path) -> None:
    deep = tmp_path / "data/keys/providers"
    KeyStore(deep, SECRET).create("kita", Algorithm.ED25519, key_id="did:web:kita.example#k1", valid_from=START)
    create_key_encryption_key(tmp_path / "sealing/folder/key-encryption-key")

    made = [path for path in tmp_path.rglob("*") if path.is_dir()]

    assert len(made) == 6
    assert {path.stat().st_mode & 0o777 for path in made} == {0o700}


def test_the_private_half_does_not_stand_in_the_file(store: KeyStore, tmp_path: Path) -> None:
    record = make(store)
    private = store.signer(record).private.private_bytes_raw()
    content = (tmp_path / "keys/kita/1.json").read_bytes()

    assert private not in content
    assert b64encode(private)[:40] not in content


def test_an_open_file_is_refused(store: KeyStore, tmp_path: Path) -> None:
    make(store)
    (tmp_path / "keys/kita/1.json").chmod(0o640)

    with pytest.raises(KeyStoreError, match="open to others"):
        store.records("kita")


def test_an_open_folder_is_refused(store: KeyStore, tmp_path: Path) -> None:
    make(store)
    (tmp_path / "keys/kita").chmod(0o755)

    with pytest.raises(KeyStoreError, match="open to others"):
        make(store)


def test_another_key_encryption_key_opens_nothing(store: KeyStore, tmp_path: Path) -> None:
    make(store)

    with pytest.raises(KeyStoreError, match="another key-encryption key"):
        KeyStore(tmp_path / "keys", bytes(32)).records("kita")


def test_a_record_cannot_be_altered_beside_its_key(store: KeyStore, tmp_path: Path) -> None:
    make(store)
    file = tmp_path / "keys/kita/1.json"
    content = orjson.loads(file.read_bytes())
    content["record"]["validUntil"] = LATER.isoformat()
    file.write_bytes(orjson.dumps(content))

    with pytest.raises(KeyStoreError, match="altered"):
        store.records("kita")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"record":{},"nonce":"!","sealed":"!"}'])
def test_another_file_is_no_key_file(store: KeyStore, tmp_path: Path, content: bytes) -> None:
    make(store)
    (tmp_path / "keys/kita/1.json").write_bytes(content)

    with pytest.raises(KeyStoreError, match="no key file"):
        store.records("kita")


def test_an_unknown_key_is_named(store: KeyStore) -> None:
    with pytest.raises(KeyStoreError, match="no key kita/1"):
        store.retire("kita", 1, LATER)


@pytest.mark.parametrize("owner", ["", "..", "a/b", "北"])
def test_an_owner_is_a_plain_name(store: KeyStore, owner: str) -> None:
    with pytest.raises(KeyStoreError, match="owner"):
        store.records(owner)


def test_a_key_encryption_key_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "data/key-encryption-key"
    made = create_key_encryption_key(path)

    assert read_key_encryption_key(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        create_key_encryption_key(path)


def test_a_key_encryption_key_that_is_open_or_missing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key-encryption-key"
    with pytest.raises(KeyStoreError, match="there is no"):
        read_key_encryption_key(path)
    create_key_encryption_key(path)
    path.chmod(0o644)

    with pytest.raises(KeyStoreError, match="open to others"):
        read_key_encryption_key(path)


@pytest.mark.parametrize("text", ["", "AA==", "not base64!"])
def test_another_text_is_no_key_encryption_key(text: str) -> None:
    with pytest.raises(KeyStoreError):
        parse_key_encryption_key(text)


def test_a_store_wants_a_whole_key_encryption_key(tmp_path: Path) -> None:
    with pytest.raises(KeyStoreError):
        KeyStore(tmp_path, b"short")


def test_two_processes_that_make_a_key_at_once_do_not_lose_one(
    store: KeyStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = make(store)
    monkeypatch.setattr(KeyStore, "next_number", lambda *_: first.number)

    with pytest.raises(KeyStoreError, match="already"):
        make(store)

    assert store.signer(first).public == first.public
    assert [path.name for path in (tmp_path / "keys/kita").iterdir()] == ["1.json"]


def test_an_end_is_never_put_off_and_a_key_is_compromised_once(store: KeyStore) -> None:
    number = make(store).number
    store.retire("kita", number, START)

    with pytest.raises(KeyStoreError, match="earlier"):
        store.retire("kita", number, LATER)

    revoked = store.revoke("kita", number, START)
    assert store.revoke("kita", number, LATER) == revoked == store.records("kita")[0]


def test_a_key_encryption_key_that_is_given_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "sealing"
    made = open_key_encryption_key("", file, tmp_path)

    assert open_key_encryption_key("", file, tmp_path) == made
    assert open_key_encryption_key(b64encode(b"k" * 32).decode(), file, tmp_path) == b"k" * 32
    with pytest.raises(KeyStoreError, match="32 bytes"):
        open_key_encryption_key(b64encode(b"k").decode(), file, tmp_path)


def test_no_new_key_encryption_key_is_made_beside_keys_that_it_cannot_open(tmp_path: Path) -> None:
    file, keys = tmp_path / "sealing", tmp_path / "keys"
    store = KeyStore(keys / "providers", open_key_encryption_key("", file, keys))
    store.create("kita", Algorithm.ED25519, key_id="did:web:x.example#k1", valid_from=START)
    file.unlink()

    with pytest.raises(KeyStoreError, match="no key-encryption key at"):
        open_key_encryption_key("", file, keys)
    assert not file.exists()

"""The byte scan finds what is planted, in every form that it promises, and nothing where nobody is."""

import gzip
import hashlib
import html
import io
import json
import secrets
import sqlite3
import zipfile
import zlib
from base64 import b32encode, b64encode, encodebytes, urlsafe_b64encode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from tests.privacy.scan import MAX_EXPANDED, Search, expand, found_in

SECRET = '受講者 "太郎" <Canary.Taro@Example.com>???'
SEARCH = Search({"secret": SECRET})
GZIP_HEADER_BYTES = 10
Form = Callable[[str], bytes]


def in_encoding(encoding: str) -> Form:
    return lambda text: text.encode(encoding)


def after(count: int, encode: Callable[[bytes], bytes]) -> Form:
    return lambda text: encode(b"x" * count + text.encode() + b"x")


def hashed(algorithm: str, render: Callable[[bytes], bytes]) -> Form:
    return lambda text: render(hashlib.new(algorithm, text.encode()).digest())


def hexadecimal(data: bytes) -> bytes:
    return data.hex().encode()


def upper_escapes(text: str) -> str:
    return "".join(letter if letter.isascii() else f"\\u{ord(letter):04X}" for letter in text.replace('"', '\\"'))


def html_numbers(text: str) -> str:
    return "".join(letter if letter.isascii() else f"&#x{ord(letter):X};" for letter in html.escape(text))


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def jwt(payload: str) -> str:
    return ".".join(map(base64url, (HEADER, payload.encode(), SIGNATURE)))


# did:key Method v0.7, test vectors of P-256: a DID and the `x` of its key.
DID = "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"
KEY = bytes.fromhex("8a0ac59a2d3086e8a12a78fd4773a6d52a0ca61ef6c1419e15a05bcc6dafce7b")
SIGNATURE = KEY + KEY[::-1]
HEADER = b'{"alg":"ES256","kid":"did:web:kita.example#k1"}'
SUBJECT = "urn:uuid:8380bd9e-66ad-415f-a1fa-3d4639e67541"
PAYLOAD = f'{{"credentialSubject":{{"id":"{SUBJECT}"}}}}'

RENDERED = {"as bytes": bytes, "in hexadecimal": hexadecimal, "in base64": b64encode}
FORMS: dict[str, Form] = {
    **{name: in_encoding(name) for name in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")},
    **{name: in_encoding(name) for name in ("cp932", "euc-jp")},
    "lower case": lambda text: text.lower().encode(),
    "upper case": lambda text: text.upper().encode(),
    "upper case in UTF-16": lambda text: text.upper().encode("utf-16-le"),
    "from its end": lambda text: text[::-1].encode(),
    "hexadecimal": lambda text: hexadecimal(text.encode()),
    "hexadecimal in upper case": lambda text: hexadecimal(text.encode()).upper(),
    **{f"base64 after {count}": after(count, b64encode) for count in range(3)},
    **{f"base64url after {count}": after(count, urlsafe_b64encode) for count in range(3)},
    **{f"base32 after {count}": after(count, b32encode) for count in range(5)},
    "base32 in lower case": lambda text: b32encode(text.encode()).lower(),
    "base64 of lower case": lambda text: b64encode(text.lower().encode()),
    "base64 of upper case": lambda text: b64encode(text.upper().encode()),
    "base64 of UTF-16": lambda text: b64encode(text.encode("utf-16-le")),
    "base64 in lines": after(50, encodebytes),
    "base64 in lines in JSON": lambda text: json.dumps(after(50, encodebytes)(text).decode()).encode(),
    "JSON": lambda text: json.dumps(text).encode(),
    "JSON of Unicode": lambda text: json.dumps(text, ensure_ascii=False).encode(),
    "JWT": lambda text: jwt(json.dumps({"name": text}, ensure_ascii=False)).encode(),
    "JWT of escaped JSON": lambda text: jwt(json.dumps({"name": text})).encode(),
    "JWT of JSON escaped in upper case": lambda text: jwt(upper_escapes(text)).encode(),
    "HTML": lambda text: html.escape(text).encode(),
    "HTML's numbers": lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace"),
    "HTML's hexadecimal numbers": lambda text: html_numbers(text).encode(),
    "address": lambda text: quote(text, safe="").encode(),
    "address in lower case": lambda text: quote(text, safe="").lower().encode(),
    "form": lambda text: quote_plus(text).encode(),
    "Python's bytes": lambda text: repr(text.encode()).encode(),
    **{
        f"{algorithm} {how}": hashed(algorithm, render)
        for algorithm in ("md5", "sha1", "sha256", "sha512")
        for how, render in RENDERED.items()
    },
    "sha256 of lower case": lambda text: hashlib.sha256(text.lower().encode()).digest(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_found_in_every_form(form: str, tmp_path: Path) -> None:
    planted = tmp_path / "planted"
    planted.write_bytes(b"\x00before " + FORMS[form](SECRET) + b" after\xff")

    assert found_in([tmp_path], {"secret": SECRET}) == [f"secret in {planted}"]


def test_no_two_forms_are_the_same() -> None:
    assert len({form(SECRET) for form in FORMS.values()}) == len(FORMS)


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_base64_hides_a_secret_wherever_it_stands_from_nobody(before: bytes, behind: bytes) -> None:
    assert SEARCH.names_in(b64encode(before + SECRET.encode() + behind)) == {"secret"}


ENCODED = {
    "identity hash": (f"sha256${KEY.hex()}", KEY),
    "salt": (base64url(KEY[:16]), KEY[:16]),
    "padded salt": (b64encode(KEY[:16]).decode(), KEY[:16]),
    "salt of signs": ("-_-_-_-_-_-_-_-_-_-_-Q", bytes.fromhex("fbffbffbffbffbffbffbffbffbffbff9")),
    "member of a JWK": (base64url(KEY), KEY),
    "subject id": (SUBJECT, bytes.fromhex("8380bd9e66ad415fa1fa3d4639e67541")),
    "subject id without its scheme": (SUBJECT, SUBJECT.removeprefix("urn:uuid:").encode()),
    "DID, its key": (DID, KEY),
    "DID, its key as it was written": (DID, DID.removeprefix("did:key:").encode()),
    "DID, its key in SEC 1": (DID, b"\x03" + KEY),
    "DID, its key from the end": (DID, KEY[::-1]),
    "DID, a digest of its key": (DID, hashlib.sha256(KEY).digest()),
    "DID's method": (f"{DID}#{DID.removeprefix('did:key:')}", KEY),
    "proof value": ("z" + base58.b58encode(SIGNATURE).decode(), SIGNATURE),
    "base58 alone": (base58.b58encode(SIGNATURE).decode(), SIGNATURE),
    "signature of a JWS": (base64url(SIGNATURE), SIGNATURE),
    "signature in DER": (base64url(SIGNATURE), encode_dss_signature(*(int.from_bytes(n) for n in (KEY, KEY[::-1])))),
    "JWT, what it says": (jwt(PAYLOAD), PAYLOAD.encode()),
    "JWT, its signature as it was written": (jwt(PAYLOAD), base64url(SIGNATURE).encode()),
    "JWT, its signature": (jwt(PAYLOAD), SIGNATURE),
}


@pytest.mark.parametrize("how", RENDERED)
@pytest.mark.parametrize("case", ENCODED)
def test_a_secret_that_encodes_bytes_is_found_as_those_bytes(case: str, how: str, tmp_path: Path) -> None:
    secret, data = ENCODED[case]
    (tmp_path / "planted").write_bytes(b"\x00" + RENDERED[how](data) + b"\xff")

    assert found_in([tmp_path], {case: secret}) == [f"{case} in {tmp_path / 'planted'}"]


def test_the_header_of_a_jwt_says_nothing_of_a_person(tmp_path: Path) -> None:
    (tmp_path / "status-list.jwt").write_text(".".join(map(base64url, (HEADER, b"{}", b"another"))))

    assert found_in([tmp_path], {"badge": jwt(PAYLOAD)}) == []


def deflated(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


def zipped(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.csv", data)
    return packed.getvalue()


PACKED = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "deflate": deflated,
    "ZIP": zipped,
    "gzip in ZIP": lambda data: zipped(gzip.compress(data) * 3),
    "gzip without its end": lambda data: gzip.compress(data + secrets.token_bytes(1000))[:-500],
}


@pytest.mark.parametrize("form", ["utf-8", "utf-16-le", "JWT", "JSON", "sha256 as bytes"])
@pytest.mark.parametrize("how", PACKED)
def test_a_secret_is_found_in_a_compressed_stream(how: str, form: str, tmp_path: Path) -> None:
    planted = tmp_path / "planted"
    text = b"long before " * 50 + FORMS[form](SECRET) + b" and after" * 50
    planted.write_bytes(secrets.token_bytes(333) + PACKED[how](text) + secrets.token_bytes(333))

    assert found_in([tmp_path], {"secret": SECRET}) == [f"secret in {planted}"]


def test_a_stream_that_grows_without_end_is_left_in_time() -> None:
    stream = gzip.compress(bytes(20_000_000))

    assert MAX_EXPANDED < len(expand(stream, GZIP_HEADER_BYTES)) < MAX_EXPANDED + 100_000


def leave_in_database(file: Path, journal_mode: str, *, delete: bool) -> sqlite3.Connection:
    """Write the secret into a table whose file stays open, and delete it again as an application would."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {journal_mode}")
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("CREATE TABLE person (name TEXT)")
    connection.execute("INSERT INTO person VALUES (?)", (SECRET,))
    if delete:
        connection.execute("DELETE FROM person")
    return connection


@pytest.mark.parametrize(
    ("journal_mode", "delete", "file"),
    [
        ("DELETE", True, "register.sqlite3"),
        ("PERSIST", True, "register.sqlite3-journal"),
        ("WAL", False, "register.sqlite3-wal"),
        ("WAL", True, "register.sqlite3-wal"),
    ],
)
def test_a_secret_is_found_in_what_a_database_has_deleted(
    journal_mode: str, file: str, tmp_path: Path, *, delete: bool
) -> None:
    with closing(leave_in_database(tmp_path / "register.sqlite3", journal_mode, delete=delete)) as connection:
        left = connection.execute("SELECT count(*) FROM person").fetchone()

        found = found_in([tmp_path], {"secret": SECRET})

    assert left == (0 if delete else 1,)
    assert f"secret in {tmp_path / file}" in found


@pytest.mark.parametrize("name", [SECRET, f"{quote(SECRET, safe='')}.json"])
@pytest.mark.parametrize("make", [Path.mkdir, Path.touch])
def test_a_secret_is_found_in_the_name_of_a_file_or_folder(
    make: Callable[[Path], None], name: str, tmp_path: Path
) -> None:
    make(tmp_path / name)

    assert found_in([tmp_path], {"secret": SECRET}) == [f"secret in {tmp_path / name}"]


def test_each_secret_is_told_from_the_others_and_what_is_left_out_is_not_read(tmp_path: Path) -> None:
    people = {f"person {number}": f"canary-{number:04}@example.com" for number in range(300)}
    (tmp_path / "log").write_text(people["person 7"])
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "badge").write_text(people["person 8"])

    found = found_in([tmp_path / "log", tmp_path], people, leaving_out=tmp_path / "own")

    assert set(found) == {f"person 7 in {tmp_path / 'log'}"}


def test_a_clean_folder_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(hashlib.shake_256(b"noise").digest(100_000))
    (tmp_path / "text.gz").write_bytes(gzip.compress("受講者 花子 <canary.hanako@example.com>".encode() * 100))
    (tmp_path / "empty").touch()
    with closing(sqlite3.connect(tmp_path / "register.sqlite3")) as register, register:
        register.execute("CREATE TABLE award (id TEXT)")
        register.executemany("INSERT INTO award VALUES (?)", [(secrets.token_hex(16),) for _ in range(1000)])

    assert found_in([tmp_path], {"secret": SECRET, **{case: secret for case, (secret, _) in ENCODED.items()}}) == []


def test_a_secret_that_would_be_found_by_chance_is_refused() -> None:
    with pytest.raises(ValueError, match="nick is too short"):
        Search({"nick": "Taro"})

"""Every command: what it does, and two lines for what it cannot do."""

from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from akashi import cli
from badges import identity
from tests.akashi.conftest import ITEM, Akashi


def pem(path: Path, private: object) -> str:
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(path)


def test_a_badge_is_issued_in_every_form_and_revoked(school: Akashi, tmp_path: Path) -> None:
    files = [str(tmp_path / name) for name in ("b.json", "b.jwt", "b.svg", "b.png", "b.qr.png")]
    code, out, _ = school("issue", "kita", "data", "--bearer", *(f"--out={file}" for file in files))
    assert code == 0
    assert school("verify", *files)[0] == 0

    code, out, _ = school("revoke", "kita", out.split()[0], "--reason", "misconduct")
    assert code == 0
    assert "up to 5 minutes" in out

    code, out, _ = school("verify", "--json", *files)
    assert code == 1
    assert out.count('"revoked"') == len(files)


def test_the_same_key_prints_the_same_badge(school: Akashi) -> None:
    salted = ["--identity-hash", identity.make("a@example.com", "s" * 22), "--salt", "s" * 22]
    first = orjson.loads(school("issue", "kita", "data", *salted)[1])

    again = orjson.loads(school("issue", "kita", "data", *salted, f"--key={first['key']}")[1])  # it may begin with a -

    assert again == first


def test_offers_clients_and_keys(school: Akashi) -> None:
    assert school("offer", "kita", "data", "--count", "3")[1].count("/c#") == 3
    assert school("client", "add", "kita", "--scope", "issue")[1].startswith("ak_")
    assert school("keys", "list", "kita")[1].count("open") == 2
    assert orjson.loads(school("keys", "export", "kita")[1])["id"].startswith("did:web:")
    assert school("keys", "rotate", "kita")[0] == 0
    assert school("keys", "list", "kita")[1].count("open") == 2
    assert school("keys", "revoke", "kita", "1")[0] == 0
    assert "revoked" in school("keys", "list", "kita")[1]


def test_achievements_have_versions_from_options_or_a_file_and_retire(school: Akashi, tmp_path: Path) -> None:
    options = [
        "--name-ja",
        "新",
        "--name-en",
        "New",
        "--item",
        ITEM,
        "--level",
        "itss/3/itss/2",
        "--valid-months",
        "12",
    ]
    assert school("achievement", "new-version", "kita", "data", *options)[1].endswith("/data/2\n")
    body = tmp_path / "body.json"
    words = {"ja": "言葉"}
    described = {"name": words, "description": words, "criteria": words}
    body.write_bytes(orjson.dumps({**described, "alignment": [{"framework": "dss-p/2.0", "item": "dssp2-2.2-01"}]}))
    assert school("achievement", "add", "kita", "from-file", "--file", str(body))[0] == 0

    assert school("achievement", "retire", "kita", "data")[0] == 0

    code, _, err = school("issue", "kita", "data", "--bearer")
    assert (code, "not issued any more" in err) == (2, True)


def test_an_accreditor_vouches_with_a_key_of_its_own(school: Akashi, tmp_path: Path) -> None:
    key = pem(tmp_path / "accreditor.pem", Ed25519PrivateKey.generate())
    given = ["--scope", "itss/3/itss/4", "--scope", "itss/3", "--from", "2026-04-01", "--until", "2027-03-31"]

    assert "did:key:z6Mk" in school("registry", "accredit", "kita", *given, "--key", key, "--name", "機関")[1]
    assert school("registry", "suspend", "kita", "--from", "2026-01-01")[0] == 0
    assert school("issue", "kita", "data", "--bearer")[0] == 2
    assert school("registry", "resume", "kita", "--from", "2026-01-02")[0] == 0
    assert school("issue", "kita", "data", "--bearer")[0] == 0
    assert school("registry", "accredit", "kita", "--scope", "dss-l/1", "--from", "2026-04-01")[0] == 0
    assert school("registry", "snapshot")[1].count(".") == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["provider", "add", "Kita!", "--name-ja", "x"],
        ["provider", "add", "kita", "--name-ja", "x"],
        ["provider", "add", "minami", "--name-ja", "x", "--did", "did:example:1"],
        ["provider", "add", "minami", "--name-ja", "x", "--accredit", "dss-p"],
        ["provider", "add", "minami", "--name-ja", "x", "--accredit", "dss-p/9"],
        ["provider", "add", "minami", "--name-ja", "x", "--accredit", "itss/3/itss/99"],
        ["provider", "add"],
        ["client", "add", "none"],
        ["client", "add", "kita", "--days", "0"],
        ["client", "add", "kita", "--scope", "everything"],
        ["achievement", "add", "kita", "Data!", "--name-ja", "x", "--item", ITEM],
        ["achievement", "add", "kita", "data", "--name-ja", "x", "--item", ITEM],
        ["achievement", "add", "kita", "other", "--name-ja", "x"],
        ["achievement", "add", "kita", "other", "--name-ja", "x", "--item", "dss-p/2.0/none"],
        ["achievement", "add", "kita", "other", "--name-ja", "x", "--item", "none"],
        ["achievement", "add", "kita", "other", "--name-ja", "x", "--item", ITEM, "--level", "3"],
        ["achievement", "add", "kita", "other", "--name-ja", "x", "--item", ITEM, "--type", "Invented"],
        ["achievement", "add", "kita", "other", "--name-ja", "x", "--item", ITEM, "--valid-months", "0"],
        ["achievement", "add", "kita", "other", "--name-ja", "\ud800", "--item", ITEM],
        ["achievement", "add", "kita", "other", "--name-ja", "a\u0007", "--item", ITEM],
        ["achievement", "add", "kita", "other", "--file", "/nonexistent.json"],
        ["achievement", "add", "kita", "other", "--file", "/dev/null"],
        ["achievement", "new-version", "kita", "none", "--name-ja", "x", "--item", ITEM],
        ["achievement", "retire", "kita", "none"],
        ["offer", "kita", "none"],
        ["offer", "none", "data"],
        ["offer", "kita", "data", "--level", "itss/3/itss/2"],
        ["provider", "add", "minami", "--name-ja", "x", "--url", "javascript:alert(1)"],
        ["offer", "kita", "data", "--count", "0"],
        ["offer", "kita", "data", "--days", "9999"],
        ["issue", "kita", "data"],
        ["issue", "kita", "none", "--bearer"],
        ["issue", "kita", "data", "--holder", "did:web:x.example"],
        ["issue", "kita", "data", "--holder", "did:key:z6Mk"],
        ["issue", "kita", "data", "--identity-hash", "a@example.com", "--salt", "x" * 22],
        ["issue", "kita", "data", "--identity-hash", "sha256$" + "0" * 64],
        ["issue", "kita", "data", "--bearer", "--level", "itss/3/itss/2"],
        ["issue", "kita", "data", "--bearer", "--out", "badge.gif"],
        ["issue", "kita", "data", "--bearer", "--key", "short"],
        ["issue", "kita", "data", "--bearer", "--key", "x" * 43 + "\n"],
        ["issue", "kita", "data", "--bearer", "--out", "/nonexistent/badge.svg"],
        ["revoke", "kita", "urn:uuid:none", "--reason", "misconduct"],
        ["revoke", "kita", "urn:uuid:none", "--reason", "he was late"],
        ["keys", "list", "none"],
        ["keys", "revoke", "kita", "99"],
        ["registry", "accredit", "kita", "--scope", "dss-p/2.0", "--from", "yesterday"],
        ["registry", "accredit", "kita", "--scope", "dss-p/2.0", "--from", "2026-04-02", "--until", "2026-04-01"],
        ["registry", "accredit", "kita", "--scope", "dss-p/2.0", "--from", "2026-04-01", "--key", "/dev/null"],
        ["registry", "accredit", "none", "--scope", "dss-p/2.0", "--from", "2026-04-01"],
        ["registry", "suspend", "none", "--from", "2026-04-01"],
        ["serve", "--public-url", "not an address"],
        ["demo", "--public-url", "https://host/with/path"],
        ["nothing"],
    ],
    ids=lambda arguments: " ".join(arguments)[:60].encode("ascii", "replace").decode(),
)
def test_what_cannot_be_done_is_two_lines_and_2(arguments: list[str], school: Akashi) -> None:
    code, _, err = school(*arguments)

    assert code == 2
    lines = err.strip().splitlines()
    assert len(lines) == 2, err
    assert lines[0].startswith("error: ")
    assert lines[1].startswith("hint: ")


def test_an_rsa_key_does_not_accredit(school: Akashi, tmp_path: Path) -> None:
    key = pem(tmp_path / "rsa.pem", generate_private_key(65537, 2048))

    code, _, err = school("registry", "accredit", "kita", "--scope", "dss-l/1", "--from", "2026-04-01", "--key", key)

    assert (code, "another kind" in err) == (2, True)


def test_a_folder_that_cannot_be_used_and_a_lost_sealing_key_are_told(school: Akashi, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert cli.main(["keys", "list", "kita", "--data", str(tmp_path / "file")]) == 2
    sealing = tmp_path / "data" / "key-encryption-key"
    sealing.write_text("AAAA")

    code, _, err = school("keys", "list", "kita")

    assert (code, "key-encryption key" in err) == (2, True)


def test_a_folder_that_was_restored_in_part_is_not_made_anew(school: Akashi, tmp_path: Path) -> None:
    address, sealing = tmp_path / "data" / "public-url", tmp_path / "data" / "key-encryption-key"
    known = address.read_text()
    address.unlink()

    code, _, err = school("keys", "list", "kita")
    assert (code, "public-url is missing" in err, "--public-url" in err) == (2, True, True)
    assert school("keys", "list", "kita", "--public-url", known)[0] == 0

    sealing.unlink()
    code, _, err = school("keys", "list", "kita")
    assert (code, "there is no key-encryption key" in err, sealing.exists()) == (2, True, False)


def test_checking_as_of_another_day_changes_nothing(school: Akashi, tmp_path: Path) -> None:
    badge = str(tmp_path / "b.jwt")
    assert school("issue", "kita", "data", "--bearer", f"--out={badge}")[0] == 0
    assert school("verify", badge)[0] == 0

    assert school("verify", "--now", "2099-01-01T00:00:00Z", badge)[0] == 3

    assert school("verify", badge)[0] == 0

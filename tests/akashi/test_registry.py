"""`akashi registry`: providers, their keys with windows, and accreditations by standard, area, item and level."""

import re
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from badges.accreditation import Snapshot, read_snapshot
from keys import base64url
from keys.did import VerificationMethod, build_document
from keys.public_key import Algorithm, PublicKey, from_jwk
from keys.signer import generate, local_signer
from tests.akashi.conftest import ITEM, Akashi

DID = "did:web:north.example"
OTHER = "dss-p/2.0/dssp2-1.1-01"
ENTER = ["registry", "provider", "kita", "--did", DID, "--name-ja", "北の学校", "--url", "https://north.example/"]


def key(algorithm: Algorithm = Algorithm.ED25519) -> PublicKey:
    return local_signer(generate(algorithm), "").public


def method(number: int, public: PublicKey, **ends: datetime) -> VerificationMethod:
    return VerificationMethod(f"{DID}#k{number}", DID, public, **ends)


def snapshot(akashi: Akashi) -> Snapshot:
    return read_snapshot(akashi("registry", "snapshot")[1].strip(), None)


def window(akashi: Akashi, number: int) -> tuple[datetime, datetime | None]:
    found = snapshot(akashi).providers[DID].keys[f"{DID}#k{number}"].window
    return found.start, found.end


@pytest.fixture
def did_json(tmp_path: Path):
    def write(*methods: VerificationMethod, did: str = DID, name: str = "did.json") -> str:
        file = tmp_path / name
        file.write_bytes(orjson.dumps(build_document(did, list(methods))))
        return str(file)

    return write


def test_a_provider_and_its_keys_are_entered_with_windows_on_its_midnights(akashi: Akashi, did_json) -> None:
    assert akashi(*ENTER, "--name-en", "North", "--time-zone", "America/New_York")[0] == 0
    first, second = key(), key(Algorithm.P256)

    code, out, _ = akashi(
        "registry", "keys", "kita", did_json(method(1, first), method(2, second)), "--from", "2026-04-01"
    )

    assert (code, out.count("open"), "#k2  P-256  2026-04-01" in out) == (0, 2, True)
    provider = snapshot(akashi).providers[DID]
    assert (provider.slug, provider.domain, provider.name) == (
        "kita",
        "north.example",
        {"ja": "北の学校", "en": "North"},
    )
    assert {one.key for one in provider.keys.values()} == {first, second}
    assert window(akashi, 1) == (datetime(2026, 4, 1, 4, tzinfo=UTC), None)  # 00:00 of New York in summer


def test_new_keys_begin_where_the_old_ones_end(akashi: Akashi, did_json) -> None:
    akashi(*ENTER)
    old, new = key(), key()
    akashi("registry", "keys", "kita", did_json(method(1, old)), "--from", "2026-04-01")
    both = did_json(method(1, old), method(2, new))

    assert akashi("registry", "keys", "kita", both, "--from", "2026-07-01", "--end", "k1")[0] == 0

    midnight = datetime(2026, 6, 30, 15, tzinfo=UTC)
    assert window(akashi, 1) == (datetime(2026, 3, 31, 15, tzinfo=UTC), midnight)
    assert window(akashi, 2) == (midnight, None)
    assert akashi("registry", "keys", "kita", "--end", "k2", "--until", "2026-12-31")[0] == 0
    assert window(akashi, 2)[1] == datetime(2026, 12, 31, 15, tzinfo=UTC)


def test_a_key_is_revoked_by_the_operator_or_by_its_provider(akashi: Akashi, did_json) -> None:
    akashi(*ENTER)
    first, second, third = key(), key(), key()
    end, expires = datetime(2026, 6, 1, 12, tzinfo=UTC), datetime(2026, 9, 1, 12, tzinfo=UTC)
    listed = method(1, first), method(2, second), method(3, third)
    akashi("registry", "keys", "kita", did_json(*listed), "--from", "2026-04-01")

    assert "k1  Ed25519  revoked" in akashi("registry", "keys", "kita", "--revoke", "k1")[1]
    told = did_json(listed[0], method(2, second, revoked=end), method(3, third, expires=expires))
    assert akashi("registry", "keys", "kita", told)[0] == 0

    keys = snapshot(akashi).providers[DID].keys
    assert keys[f"{DID}#k1"].revoked is not None
    assert keys[f"{DID}#k2"].revoked == end
    assert window(akashi, 3)[1] == datetime(2026, 8, 31, 15, tzinfo=UTC)
    assert akashi("registry", "keys", "kita")[1].count("revoked") == 2


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_an_end_at_an_end_of_the_calendar_is_none_or_has_been(zone: str, akashi: Akashi, did_json) -> None:
    akashi(*ENTER, "--time-zone", zone)
    never, always = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)
    file = did_json(method(1, key(), expires=never), method(2, key(), expires=always))

    assert akashi("registry", "keys", "kita", file, "--from", "2026-04-01")[0] == 0

    assert window(akashi, 1)[1] is None
    start, end = window(akashi, 2)
    assert end is not None
    assert end < start


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("keys kita {new}", "is new, and nobody says when it begins"),
        ("keys kita {foreign} --from 2026-07-01", "is no DID document of did:web:north.example"),
        ("keys kita {exchanged} --from 2026-07-01", "another key under that id"),
        ("keys kita {nothing} --from 2026-07-01", "cannot be read"),
        ("keys kita --until 2026-07-01", "--until is the last day"),
        ("keys kita --end k1", "--end needs a day"),
        ("keys kita --from 2026-07-01", "--from is the first day"),
        ("keys kita --end k9 --until 2026-07-01", "no such key"),
        ("keys kita --revoke k9", "no such key"),
        ("keys kita --end k1 --until 2026-03-01", "would end before it begins"),
        ("keys kita --end k2 --until 2026-07-01", "has its end already"),
        ("keys minami", "does not know that provider"),
        ("suspend minami --from 2026-07-01", "does not know that provider"),
        ("provider kita --did did:web:other.example --name-ja x --url https://x.example", "has that entry already"),
        ("provider minami --did did:key:z6Mk --name-ja x --url https://x.example", "no DID of a web host"),
        ("accredit kita --from 2026-04-01", "covers something"),
        ("accredit kita --from 2026-04-01 --item dss-p/2.0/dssp2-2.2-1", "did you mean dss-p/2.0/dssp2-2.2-01 ("),
        ("accredit kita --from 2026-04-01 --area dss-p/2.0/dssp2-2.22", "did you mean dss-p/2.0/dssp2-2.2 ("),
        ("accredit kita --from 2026-04-01 --item dss-p/3.0/dssp2-2.2-01", "did you mean dss-p/2.0 ("),
        ("accredit kita --from 2026-04-01 --item dssp2-2.2-01", "did you mean"),
        (f"accredit kita --from 2026-04-01 --scope dss-p/2.0 --item {ITEM}", "whole and in parts"),
    ],
)
def test_what_cannot_be_entered_is_named_and_changes_nothing(
    command: str, error: str, akashi: Akashi, did_json
) -> None:
    akashi(*ENTER)
    first, second = key(), key()
    akashi("registry", "keys", "kita", did_json(method(1, first), method(2, second)), "--from", "2026-04-01")
    akashi("registry", "keys", "kita", "--end", "k2", "--until", "2026-12-31")
    before = snapshot(akashi)
    files = {
        "new": did_json(method(1, first), method(3, key()), name="new.json"),
        "foreign": did_json(did="did:web:south.example", name="foreign.json"),
        "exchanged": did_json(method(3, key()), method(1, key()), name="exchanged.json"),
    }

    code, _, err = akashi("registry", *command.format(nothing="none.json", **files).split())

    assert (code, error in err, err.count("\n")) == (2, True, 2), err
    assert "did you mean ?" not in err
    after = snapshot(akashi)
    assert after.providers == before.providers


def test_an_accreditation_covers_items_areas_and_levels_and_no_more(akashi: Akashi) -> None:
    akashi("provider", "add", "kita", "--name-ja", "北の学校")
    achievements = {
        "in": ["--item", ITEM],
        "out": ["--item", OTHER],
        "level2": ["--item", "itss/3/itss3-01", "--level", "itss/3/itss/2"],
        "level4": ["--item", "itss/3/itss3-01", "--level", "itss/3/itss/4"],
        "job2": ["--item", "itss/3/itss3-02", "--level", "itss/3/itss/2"],
    }
    for slug, options in achievements.items():
        assert akashi("achievement", "add", "kita", slug, "--name-ja", slug, *options)[0] == 0

    def issued() -> set[str]:
        return {slug for slug in achievements if akashi("issue", "kita", slug, "--bearer")[0] == 0}

    since = ["--from", "2026-04-01"]
    assert issued() == set()
    assert "(reason: not-accredited)" in akashi("issue", "kita", "in", "--bearer")[2]
    assert akashi("registry", "accredit", "kita", *since, "--item", ITEM)[0] == 0
    assert issued() == {"in"}
    assert (
        akashi("registry", "accredit", "kita", *since, "--item", "itss/3/itss3-01", "--scope", "itss/3/itss/3")[0] == 0
    )
    assert issued() == {"in", "level2"}
    assert "(reason: level-too-high)" in akashi("issue", "kita", "level4", "--bearer")[2]
    assert "(reason: out-of-scope)" in akashi("offer", "kita", "job2")[2]
    assert akashi("registry", "accredit", "kita", *since, "--area", OTHER.rpartition("-")[0])[0] == 0
    assert issued() == {"in", "out", "level2"}


@pytest.mark.parametrize(("curve", "code"), [(ec.SECP256R1(), 0), (ec.SECP384R1(), 2), (ec.SECP256K1(), 2)])
def test_an_accreditor_signs_with_ed25519_or_p_256(
    curve: ec.EllipticCurve, code: int, school: Akashi, tmp_path: Path
) -> None:
    file = tmp_path / "accreditor.pem"
    private = ec.generate_private_key(curve)
    file.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    given = ["--scope", "dss-l/1", "--from", "2026-04-01", "--key", str(file)]

    assert school("registry", "accredit", "kita", *given)[0] == code


def test_the_key_that_others_pin_is_the_one_that_signs_snapshots(akashi: Akashi) -> None:
    code, out, _ = akashi("registry", "key")

    header = akashi("registry", "snapshot")[1].split(".")[0]
    jwk = orjson.loads(base64url.decode(header))["jwk"]
    assert (code, out.strip()) == (0, from_jwk(jwk).to_multikey())
    assert re.fullmatch(r"z6Mk[1-9A-HJ-NP-Za-km-z]+", out.strip())

"""The registry as the verifier knows it: the newest snapshot wins, and keys count within their windows."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from badges.accreditation import (
    RegisteredKey,
    RegisteredProvider,
    Scope,
    Snapshot,
    Window,
    read_snapshot,
    write_snapshot,
)
from badges.errors import BadgeError
from keys.public_key import Algorithm
from keys.signer import generate, local_signer
from tests.badges.test_accreditation import accredit, accreditor_signer, did_of, item, level
from tests.fakes.web import FakeWeb
from tests.verifier.making import ISSUER, SIGNER, Desk, achievement, codes, credential, signed, with_subject
from verifier.report import Verdict, exit_code
from verifier.trust import RegistryOnTheWeb, SnapshotStore, Trust

REGISTRY = local_signer(generate(Algorithm.P256), "https://registry.example#k1")
START = datetime(2026, 3, 31, 15, tzinfo=UTC)
ISSUED = datetime(2026, 10, 31, 15, tzinfo=UTC)
LATER = datetime(2026, 11, 15, tzinfo=UTC)


def snapshot(number: int = 1, window: Window | None = None, **more: object) -> Snapshot:
    accreditor = accreditor_signer()
    scopes = [Scope("dss-p/2.0"), Scope("dss-p/1.2"), Scope("itss/3", None, None, "itss", "3")]
    text = accredit(accreditor, *scopes, provider=ISSUER)
    key = RegisteredKey(SIGNER.key_id, SIGNER.public, window or Window(START), more.pop("revoked", None))
    name = {"ja": "登録された学校", "en": "The registered school"}
    given = {"did": ISSUER, "slug": "kita", "name": name, "url": "https://issuer.example", "domain": "issuer.example"}
    provider = RegisteredProvider(**given, keys={key.id: key}, **more)
    unread = Snapshot(number, START, "https://registry.example", {ISSUER: provider}, frozenset({did_of(accreditor)}))
    from badges.accreditation import read_accreditation

    accreditation = read_accreditation(text, ISSUER, [did_of(accreditor)], "https://registry.example")
    return replace(unread, providers={ISSUER: replace(provider, accreditations=(accreditation,))})


def aligned(*alignments: dict[str, object], **more: object) -> dict[str, object]:
    named = [{"targetName": "x", "targetUrl": "https://r.example/x", **one} for one in alignments]
    return with_subject(achievement=achievement(alignment=named), **more)


def check(claims: dict[str, object], trusted: Snapshot | None) -> tuple[object, dict[str, str]]:
    report = Desk(trust=Trust(trusted)).check(signed(claims))
    return report, codes(report)


DATA = item("dssp2-2.2-01")


def test_an_accredited_badge_needs_no_word_from_the_issuers_own_server() -> None:
    report, found = check(aligned(DATA, level("itss/3/itss/3")), snapshot())

    assert exit_code(report) == 0
    assert report.fetched == ()
    assert found["binding"] == "passed key-from-registry"
    shown = report.credential.to_json("ja")
    assert "ITSS V3 レベル3" in str(shown)
    assert shown["issuer"]["registered"]["name"] == "登録された学校"
    assert shown["issuer"]["registered"]["accreditedBy"] == ["デモ認証機関"]
    assert "数理統計・多変量解析・データ可視化" in str(shown)


def test_an_older_version_of_a_standard_is_said_and_stays_good() -> None:
    report, found = check(aligned(item("dssp1-2.2-01", "dss-p/1.2")), snapshot())

    assert exit_code(report) == 0
    assert found["trust"] == "warning older-framework"


@pytest.mark.parametrize(
    ("claims", "trust"),
    [
        (aligned(item("dssl1-ms-01", "dss-l/1")), "warning out-of-scope"),
        (aligned(item("dssp2-9.9-99")), "warning out-of-scope"),
        (
            aligned(
                {
                    "type": ["Alignment"],
                    "targetUrl": "https://skills.example/7",
                    "targetFramework": "別の標準",
                    "targetCode": "7",
                }
            ),
            "warning out-of-scope",
        ),
        (aligned(DATA, level("itss/3/itss/4")), "warning level-too-high"),
        (aligned(DATA, level("itss/3/itss/99")), "warning out-of-scope"),
        (credential(), "warning out-of-scope"),
    ],
)
def test_what_is_outside_the_scope_is_verified_and_never_green(claims: dict[str, object], trust: str) -> None:
    report, found = check(claims, snapshot())

    assert (report.verdict, exit_code(report)) == (Verdict.VERIFIED, 4)
    assert found["trust"] == trust
    assert report.credential.to_json("en")


def test_the_level_that_was_reached_is_shown_with_its_result() -> None:
    rubric = [
        {"id": "urn:x:3", "type": ["RubricCriterionLevel"], "name": "レベル3", "alignment": [alignment_of_level()]}
    ]
    described = {
        "id": "urn:x:d",
        "type": ["ResultDescription"],
        "name": "到達度",
        "resultType": "RubricCriterionLevel",
        "rubricCriterionLevel": rubric,
    }
    earned = achievement(alignment=[{"type": ["Alignment"], "targetName": "x", **DATA}], resultDescription=[described])
    result = {"type": ["Result"], "resultDescription": "urn:x:d", "achievedLevel": "urn:x:3"}

    report, _ = check(with_subject(achievement=earned, result=[result]), snapshot())

    assert exit_code(report) == 0
    assert "ITSS V3 level 3" in str(report.credential.to_json("en"))


def alignment_of_level() -> dict[str, object]:
    return {
        "targetName": "ITSS V3 レベル3",
        "targetUrl": "https://registry.example/frameworks/itss/3/levels/itss/3",
        **level("itss/3/itss/3"),
    }


@pytest.mark.parametrize(
    ("trusted", "binding", "verdict"),
    [
        (snapshot(window=Window(ISSUED, LATER)), "warning retired-key", Verdict.VERIFIED),
        (snapshot(window=Window(START, ISSUED)), "failed key-not-valid-then", Verdict.NOT_VERIFIED),
        (snapshot(window=Window(LATER)), "failed key-not-valid-then", Verdict.NOT_VERIFIED),
        (snapshot(revoked=LATER), "failed revoked-key", Verdict.NOT_VERIFIED),
    ],
)
def test_a_key_counts_within_its_window_and_a_compromised_one_never(
    trusted: Snapshot, binding: str, verdict: Verdict
) -> None:
    report, found = check(aligned(DATA), trusted)

    assert (found["binding"], report.verdict) == (binding, verdict)


def test_a_badge_issued_while_suspended_is_not_green() -> None:
    report, found = check(aligned(DATA), snapshot(suspensions=(Window(START, None),)))

    assert (exit_code(report), found["trust"]) == (4, "warning suspended")


def test_the_highest_number_seen_wins_also_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "verifier/registry.jws"
    first, second, third = (write_snapshot(snapshot(number), REGISTRY) for number in (1, 2, 3))
    store = SnapshotStore(path, REGISTRY.public)

    assert [store.receive(one).number for one in (second, first, third, second)] == [2, 2, 3, 3]
    assert SnapshotStore(path, REGISTRY.public).newest == read_snapshot(third, REGISTRY.public)
    assert SnapshotStore(path, SIGNER.public).newest is None
    with pytest.raises(BadgeError):
        store.receive(third[:-4] + "AAAA")
    assert SnapshotStore(None, REGISTRY.public).receive(first).number == 1


def test_a_registry_is_asked_once_a_minute_and_its_last_word_counts_while_it_is_silent() -> None:
    url, now = "https://registry.example/registry/latest", [0.0]
    web = FakeWeb({url: write_snapshot(snapshot(7), REGISTRY).encode()})
    source = RegistryOnTheWeb(url, SnapshotStore(None, REGISTRY.public), web, lambda: now[0])

    assert source.latest().number == source.latest().number == 7
    assert web.asked == [url]
    for page in (b"\xff", b"x.y.z"):
        now[0] += 60.0
        web.pages[url] = page
        assert source.latest().number == 7
    now[0] += 60.0
    del web.pages[url]
    assert source.latest().number == 7
    assert len(web.asked) == 4

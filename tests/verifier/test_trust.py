"""The registry as the verifier knows it: the newest snapshot wins, and keys count within their windows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest

from badges import proof, strict_json
from badges.accreditation import (
    RegisteredKey,
    RegisteredProvider,
    Scope,
    Snapshot,
    Window,
    read_snapshot,
    write_snapshot,
)
from badges.credential import Mechanism
from badges.errors import BadgeError
from badges.proof.jwt import sign_jws, with_registered_claims
from badges.web.catalogue import load
from keys.public_key import Algorithm
from keys.signer import generate, local_signer
from tests.badges.test_accreditation import accredit, accreditor_signer, did_of, item, level
from tests.fakes.web import FakeWeb
from tests.verifier.making import (
    DID_URL,
    ISSUER,
    LIST_URL,
    NOW,
    SIGNER,
    Desk,
    achievement,
    codes,
    credential,
    did_document,
    entry,
    signed,
    signer_of,
    status_list,
    with_subject,
)
from verifier.lists import NewestSeen, StatusLists
from verifier.report import Verdict, exit_code
from verifier.trust import RegistryOnTheWeb, SnapshotStore, Trust
from verifier.verify import check_report
from verifier.web import OwnWeb

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
    return {**with_subject(achievement=achievement(alignment=named)), **more}


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


# What the registry says of keys, for lists too


K9 = signer_of(9, f"{ISSUER}#k9")


def status_of(desk: Desk, page: bytes) -> str:
    desk.serve(LIST_URL, page)
    return codes(desk.check(signed(aligned(DATA, credentialStatus=entry()))))["status"]


def test_a_list_needs_a_key_of_the_registry_where_the_issuer_is_registered() -> None:
    desk = Desk(trust=Trust(snapshot()))
    desk.serve(DID_URL, did_document(SIGNER, K9))

    assert status_of(desk, status_list(7)) == "passed not-revoked"
    assert status_of(desk, status_list(7, signer=K9)) == "unknown list-key-not-registered"


def test_a_list_is_of_no_use_after_the_end_of_its_key() -> None:
    desk = Desk(trust=Trust(snapshot(window=Window(START, LATER))))

    assert status_of(desk, status_list(7, valid_from="2026-11-14T00:00:00Z")) == "passed not-revoked"
    assert status_of(desk, status_list(7, valid_from="2026-11-15T00:00:00Z")) == "unknown list-key-not-valid"


def test_a_compromised_key_stays_so_under_another_name() -> None:
    same = signer_of(1, f"{ISSUER}#k9")
    desk = Desk(trust=Trust(snapshot(revoked=LATER)))
    desk.serve(DID_URL, did_document(same))

    report = desk.check(signed(aligned(DATA), same))

    assert (codes(report)["binding"], report.verdict) == ("failed revoked-key", Verdict.NOT_VERIFIED)


@pytest.mark.parametrize(
    ("created", "binding"),
    [("2026-11-14T00:00:00Z", "warning retired-key"), ("2026-11-16T00:00:00Z", "failed key-not-valid-then")],
)
def test_a_badge_that_says_itself_that_it_was_signed_after_the_end_of_its_key_is_refused(
    created: str, binding: str
) -> None:
    desk = Desk(trust=Trust(snapshot(window=Window(START, LATER))))
    seconds = int(datetime.fromisoformat(created).timestamp())
    embedded = proof.sign(aligned(DATA), SIGNER, Mechanism.DATA_INTEGRITY, created=created)
    payload = {**with_registered_claims(aligned(DATA)), "iat": seconds}
    enveloping = sign_jws(strict_json.dump(payload), SIGNER)

    for text in (embedded, enveloping):
        assert codes(desk.check(text.encode()))["binding"] == binding


def test_a_jwt_from_the_future_is_not_valid_yet() -> None:
    payload = {**with_registered_claims(aligned(DATA)), "iat": 2_000_000_000}

    report = Desk(trust=Trust(snapshot())).check(sign_jws(strict_json.dump(payload), SIGNER).encode())

    assert codes(report)["validity"] == "failed proof-from-the-future"


def test_a_list_may_carry_one_proof_only() -> None:
    listed = orjson.loads(status_list(7, mechanism=Mechanism.DATA_INTEGRITY))
    listed["proof"] *= 2

    assert status_of(Desk(), orjson.dumps(listed)) == "unknown list-not-authentic"


def test_what_is_kept_of_a_list_does_not_hold_its_address(tmp_path: Path) -> None:
    seen = NewestSeen(tmp_path / "lists.json")

    seen.admit("https://lists.example/l?learner=taro@example.com", START, registered=True)

    assert b"taro" not in (tmp_path / "lists.json").read_bytes()
    assert not NewestSeen(tmp_path / "lists.json").admit(
        "https://lists.example/l?learner=taro@example.com", START - timedelta(days=1), registered=True
    )


def test_no_stranger_pushes_a_providers_list_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verifier.lists.MAX_REMEMBERED", 3)
    seen = NewestSeen(tmp_path / "lists.json")
    seen.admit("https://provider.example/list", START, registered=True)

    for number in range(9):
        assert seen.admit(f"https://stranger.example/{number}", START, registered=False)

    seen = NewestSeen(tmp_path / "lists.json")
    assert not seen.admit("https://provider.example/list", START - timedelta(days=1), registered=True)
    assert not seen.admit("https://stranger.example/8", START - timedelta(days=1), registered=False)
    assert seen.admit("https://stranger.example/0", START - timedelta(days=1), registered=False)


def test_a_stranger_who_becomes_a_provider_starts_from_what_was_seen(tmp_path: Path) -> None:
    seen = NewestSeen(tmp_path / "lists.json")
    seen.admit("https://provider.example/list", START, registered=False)

    assert not seen.admit("https://provider.example/list", START - timedelta(days=1), registered=True)
    assert seen.admit("https://provider.example/list", START, registered=True)
    assert not NewestSeen(tmp_path / "lists.json").admit(
        "https://provider.example/list", START - timedelta(days=1), registered=True
    )


@pytest.mark.parametrize("issuer", ["https://[", "https://[x]/", "https://a℀.example", "https://issuer.example:x"])
def test_an_issuer_whose_address_cannot_be_read_is_told(issuer: str) -> None:
    multikey = SIGNER.public.to_multikey()

    report = Desk(trust=Trust(snapshot())).check(signed(credential(issuer), signer_of(1, f"{issuer}#{multikey}")))

    assert report.verdict is not Verdict.VERIFIED
    assert report.to_json("ja", load("badges.web", "verifier"))


@pytest.mark.parametrize("text", ["https://[a", "https://[", "http://[::1", "https://a℀.example/v"])
def test_a_link_that_cannot_be_read_is_told(text: str) -> None:
    def own(url: str, _accept: str) -> None:
        urlsplit(url)  # what we do with addresses that could be ours

    web = OwnWeb(own, FakeWeb())

    report = check_report(text.encode(), now=NOW, web=web, trust=Trust(), lists=StatusLists())

    assert report.verdict is not Verdict.VERIFIED

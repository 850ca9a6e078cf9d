"""What a provider's badges promise: once asked, once made; revocable; refused where nobody vouches for them."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import orjson
import pytest

from akashi.app import open_house
from akashi.enrolment import publish, register_keys
from badges import status
from badges.accreditation import Window
from badges.status import decode_list, get_bit
from issuer import providers, status_lists
from issuer.access import Scope
from issuer.issuing import TRIAL_ID, AwardRequest, RefusedError, issue, months_later
from issuer.providers import KeyEndedError, rotate_keys
from keys import base64url
from keys.did import did_key
from keys.public_key import Algorithm
from keys.signer import generate, local_signer
from registry import providers as register
from tests.issuer.making import ACHIEVEMENT, BEARER, NOW, URL, School, school

LIST = "/providers/kita/status/revocation/1"


@pytest.fixture
def kita(tmp_path: Path) -> School:
    return school(tmp_path)


def codes(report: dict[str, object]) -> set[str]:
    return {finding["code"] for finding in report["findings"]}


def test_a_badge_verifies_in_both_formats_and_begins_with_the_providers_day(kita: School) -> None:
    issued = kita.issue(BEARER).json()

    for text in issued["credentials"].values():
        report = kita.verify(text)
        assert (report["verdict"], report["standing"]["atIssue"]) == ("verified", "accredited")
    document = orjson.loads(issued["credentials"]["data-integrity"])
    assert document["validFrom"] == "2026-11-24T00:00:00+09:00" == document["proof"][0]["created"]
    assert document["credentialSubject"]["id"].startswith("urn:uuid:")


def test_the_same_key_gives_the_same_bytes_and_another_award_is_refused(kita: School) -> None:
    key = secrets.token_urlsafe(32)

    first, again = kita.issue(BEARER, key), kita.issue(BEARER, key)
    other = kita.issue({"achievement": "data-basics", "holder": holder()}, key)

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert first.json() == again.json()
    assert other.json()["errors"][0]["code"] == "key-used-for-another-award"


def test_the_same_key_at_once_from_many_sides_makes_one_badge(kita: School) -> None:
    key = secrets.token_urlsafe(32)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: kita.issue(BEARER, key), range(16)))

    assert len({answer.json()["id"] for answer in answers}) == 1
    assert {answer.status_code for answer in answers} <= {200, 201}


def holder() -> str:
    return did_key(local_signer(generate(Algorithm.P256), "").public)


def test_a_row_without_a_badge_is_completed_by_the_same_award(kita: School, monkeypatch: pytest.MonkeyPatch) -> None:
    key = secrets.token_urlsafe(32)

    def fail(*_: object) -> str:
        raise OSError("the signer is away")

    with monkeypatch.context() as broken:
        broken.setattr("issuer.issuing.sign", fail)
        assert kita.issue(BEARER, key).status_code == 500
    completed = kita.issue(BEARER, key)

    assert completed.status_code == 200
    assert kita.verify(completed.json()["credentials"]["vc-jwt"])["verdict"] == "verified"


def test_a_thousand_awards_have_a_thousand_slots(kita: School) -> None:
    awards = [{**BEARER, "key": secrets.token_urlsafe(32)} for _ in range(1000)]

    results = kita.post("/v1/batches", {"awards": awards}).json()["results"]

    entries = [orjson.loads(one["credentials"]["data-integrity"])["credentialStatus"] for one in results]
    slots = {int(entry["statusListIndex"]) for entry in entries}
    assert len(slots) == 1000
    assert max(slots) > 100_000  # dealt by a permutation, not by counting


def test_a_full_list_is_followed_by_the_next(kita: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "MIN_BITS", 3)
    provider = kita.provider

    lists = []
    for _ in range(3):
        requests = [AwardRequest(secrets.token_urlsafe(32), "data-basics") for _ in range(2)]
        issue(requests, provider, kita.house.issuer.issuing, NOW)
        rows = kita.house.issuer.issuing.store.awards_by_key("kita", [one.key_digest for one in requests])
        lists.append({row.list for row in rows.values()})

    assert lists == [{1}, {2}, {3}]


def test_a_revoked_badge_is_revoked_for_everybody_and_for_good(kita: School) -> None:
    bad, good = kita.issue(BEARER).json(), kita.issue(BEARER).json()
    before = kita.send("GET", LIST, None).json()

    for _ in range(2):
        assert kita.post(f"/v1/credentials/{bad['id']}/revoke", {"reason": "misconduct"}).status_code == 200

    after = kita.send("GET", LIST, None).json()
    assert after["validFrom"] > before["validFrom"]
    assert codes(kita.verify(bad["credentials"]["vc-jwt"])) >= {"revoked"}
    assert kita.verify(good["credentials"]["vc-jwt"])["verdict"] == "verified"
    entry = orjson.loads(bad["credentials"]["data-integrity"])["credentialStatus"]
    assert get_bit(decode_list(after["credentialSubject"]["encodedList"]), int(entry["statusListIndex"]))
    state = kita.send("GET", f"/v1/credentials/{bad['id']}", None).json()
    assert state == {"id": bad["id"], "revoked": True, "reason": "misconduct"}


def test_a_list_is_signed_anew_before_it_grows_old(kita: School) -> None:
    kita.issue(BEARER)
    first = kita.send("GET", LIST, None).json()["validFrom"]
    kita.clock.now = NOW + timedelta(days=6)
    assert kita.send("GET", LIST, None).json()["validFrom"] == first

    kita.clock.now = NOW + timedelta(days=8)

    assert kita.send("GET", LIST, None).json()["validFrom"] > first
    jwt = kita.send("GET", LIST, None, Accept="application/vc+jwt")
    assert jwt.headers["content-type"] == "application/vc+jwt"
    assert jwt.text.count(".") == 2


def test_a_list_rises_even_when_the_clock_stands(kita: School) -> None:
    issued = [kita.issue(BEARER).json()["id"] for _ in range(3)]

    numbers = []
    for one in issued:
        kita.post(f"/v1/credentials/{one}/revoke", {"reason": "superseded"})
        numbers.append(kita.send("GET", LIST, None).json()["validFrom"])

    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"alignment": [{"framework": "dss-l/1", "item": "dssl1-ms-01"}]}, "out-of-scope"),
        ({"level": {"framework": "itss/3", "scheme": "itss", "value": "4"}}, "level-too-high"),
    ],
)
def test_what_the_accreditation_does_not_cover_is_refused(change: dict[str, object], reason: str, kita: School) -> None:
    assert kita.post("/v1/achievements", {**ACHIEVEMENT, "id": "beyond", **change}).status_code == 201

    answer = kita.issue({"achievement": "beyond", "bearer": True})

    assert (answer.status_code, answer.json()["code"]) == (403, "not-accredited")
    assert reason in answer.json()["detail"]


def test_a_suspended_provider_issues_nothing(kita: School) -> None:
    register.suspend(kita.house.registry.store, kita.provider.did, Window(NOW - timedelta(days=1)))
    publish(kita.house)
    assert kita.issue(BEARER).status_code == 403

    register.resume(kita.house.registry.store, kita.provider.did, NOW - timedelta(hours=12))
    publish(kita.house)

    assert kita.issue(BEARER).status_code == 201


def test_badges_of_before_and_after_a_rotation_verify(kita: School) -> None:
    key = secrets.token_urlsafe(32)
    old = kita.issue(BEARER, key).json()
    keys = kita.house.issuer.issuing.keys
    tomorrow = providers.day_start(kita.provider, NOW) + timedelta(days=1)
    rotate_keys(keys, kita.provider, tomorrow, now=NOW)
    register_keys(kita.house, kita.provider)
    publish(kita.house)
    still = kita.issue(BEARER).json()
    kita.clock.now = NOW + timedelta(days=2)

    new = kita.issue(BEARER).json()

    for one in (old, still, new):
        for text in one["credentials"].values():
            report = kita.verify(text)
            assert (report["verdict"], report["standing"]["atIssue"]) == ("verified", "accredited")
    again = kita.issue(BEARER, key)
    assert (again.status_code, again.json()["code"]) == (409, "signing-key-retired")


@pytest.mark.parametrize(("algorithm", "keys"), [("RS256", 2), ("EdDSA", 1)])
def test_vc_jwts_are_signed_as_the_setting_says(
    algorithm: str, keys: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISSUER_VC_JWT_ALGORITHM", algorithm)
    kita = school(tmp_path)
    retried = secrets.token_urlsafe(32)
    issued = kita.issue(BEARER, retried).json()

    methods = kita.send("GET", "/providers/kita/did.json").json()["verificationMethod"]
    jwt, document = issued["credentials"]["vc-jwt"], orjson.loads(issued["credentials"]["data-integrity"])

    assert jwt_header(jwt)["alg"] == algorithm
    assert len(methods) == keys
    assert [method["type"] for method in methods] == ["Multikey", "JsonWebKey"][:keys]
    assert document["proof"][0]["cryptosuite"] == "eddsa-rdfc-2022"
    for text in issued["credentials"].values():
        report = kita.verify(text)
        assert (report["verdict"], report["standing"]["atIssue"]) == ("verified", "accredited")
    monkeypatch.setenv("ISSUER_VC_JWT_ALGORITHM", "ES256")
    again = School(open_house(tmp_path, URL, clock=kita.clock), kita.clock, kita.provider)
    assert again.issue(BEARER, retried).json() == issued


def jwt_header(token: str) -> dict[str, object]:
    return orjson.loads(base64url.decode(token.partition(".")[0]))


def test_a_revoked_key_signs_nothing_and_its_successor_begins_today(kita: School) -> None:
    keys = kita.house.issuer.issuing.keys
    bad = kita.issue(BEARER).json()["credentials"]["vc-jwt"]
    for number in (1, 2):
        keys.revoke("kita", number, NOW)
    register_keys(kita.house, kita.provider)
    publish(kita.house)
    assert kita.issue(BEARER).json()["code"] == "no-signing-key"
    with pytest.raises(KeyEndedError):
        providers.active_keys(keys, kita.provider, NOW)

    rotate_keys(keys, kita.provider, NOW + timedelta(days=1), now=NOW)
    register_keys(kita.house, kita.provider)
    publish(kita.house)

    assert kita.issue(BEARER).status_code == 201
    assert kita.verify(bad)["verdict"] != "verified"


def test_a_client_does_only_what_it_may_and_only_until_it_ends(kita: School) -> None:
    kita.key = kita.client(Scope.OFFERS)
    assert kita.issue(BEARER).json()["code"] == "scope-missing"

    kita.key = kita.client(*Scope, days=1)
    kita.clock.now = NOW + timedelta(days=2)

    assert kita.issue(BEARER).status_code == 401


def test_a_retired_achievement_is_not_issued_and_a_new_version_leaves_the_old_one(kita: School) -> None:
    old = kita.issue(BEARER).json()["credentials"]["data-integrity"]
    changed = {name: value for name, value in ACHIEVEMENT.items() if name != "id"} | {"name": {"ja": "新しい名前"}}
    assert kita.post("/v1/achievements/data-basics/versions", changed).json()["version"] == 2
    assert "新しい名前" in kita.issue(BEARER).json()["credentials"]["data-integrity"]
    assert "データ分析の基礎" in old
    assert [one["version"] for one in kita.send("GET", "/v1/achievements", None).json()["achievements"]] == [1, 2]

    kita.house.issuer.issuing.store.retire_achievement("kita", "data-basics", "2026-11-24T00:00:00Z")

    assert kita.issue(BEARER).json()["errors"][0]["code"] == "achievement-retired"
    offers = kita.post("/v1/offers", {"achievement": "data-basics", "offers": [{"key": "q" * 43}]})
    assert offers.json()["errors"][0]["code"] == "achievement-retired"


@pytest.mark.parametrize(
    ("change", "code", "nearest"),
    [
        ({"alignment": [{"framework": "dss-p/9", "item": "x"}]}, "unknown-framework", "dss-p/"),
        ({"alignment": [{"framework": "dss-p/2.0", "item": "dssp2-2.2-99"}]}, "unknown-item", "dssp2-2.2"),
        ({"level": {"framework": "itss/3", "scheme": "itss", "value": "9"}}, "unknown-level", "itss/"),
        ({"level": {"framework": "itss/9", "scheme": "itss", "value": "3"}}, "unknown-framework", "itss/3"),
        ({"alignment": [{"framework": "itss/3", "item": "itss3-01"}], "level": None}, "level-missing", ""),
        ({"achievementType": "Invented"}, "unknown-achievement-type", ""),
        ({"name": {"ja": "制御\u0007文字"}}, "control-character", ""),
    ],
)
def test_an_achievement_that_the_standards_do_not_know_is_refused(
    change: dict[str, object], code: str, nearest: str, kita: School
) -> None:
    answer = kita.post("/v1/achievements", {**ACHIEVEMENT, "id": "other", **change})

    assert answer.status_code == 422
    assert code in {one["code"] for one in answer.json()["errors"]}
    assert nearest in answer.text


def test_a_level_may_depend_on_the_result(kita: School) -> None:
    levels = [{"framework": "itss/3", "scheme": "itss", "value": value} for value in ("1", "2")]
    body = {**ACHIEVEMENT, "id": "graded", "level": None, "resultLevels": levels, "validMonths": 12}
    assert kita.post("/v1/achievements", {k: v for k, v in body.items() if v is not None}).status_code == 201

    reached = kita.issue({"achievement": "graded", "bearer": True, "level": "itss/3/itss/2"})
    silent = kita.issue({"achievement": "graded", "bearer": True})
    beyond = kita.issue({"achievement": "graded", "bearer": True, "level": "itss/3/itss/7"})

    document = orjson.loads(reached.json()["credentials"]["data-integrity"])
    assert document["credentialSubject"]["result"][0]["achievedLevel"].endswith("#itss/3/itss/2")
    assert document["validUntil"] == "2027-11-24T00:00:00+09:00"
    assert kita.verify(reached.json()["credentials"]["vc-jwt"])["standing"]["atIssue"] == "accredited"
    assert [one.json()["errors"][0]["code"] for one in (silent, beyond)] == ["level-missing", "unknown-level"]
    offers = [
        {"key": "q" * 43, "level": "itss/3/itss/1"},
        {"key": "r" * 43, "level": "itss/3/itss/7"},
        {"key": "s" * 43},
    ]
    sent = [kita.post("/v1/offers", {"achievement": "graded", "offers": [one]}) for one in offers]
    assert [one.status_code for one in sent] == [201, 422, 422]
    assert {error["pointer"] for one in sent[1:] for error in one.json()["errors"]} == {"/offers/0/level"}


def claim_link(kita: School, **more: object) -> str:
    offers = {"achievement": "data-basics", "offers": [{"key": "o" * 43}], **more}
    return kita.post("/v1/offers", offers).json()["offers"][0]["link"].partition("#")[2]


def jwk() -> dict[str, object]:
    return local_signer(generate(Algorithm.P256), "").public.to_jwk()


def test_a_claim_is_for_one_key(kita: School) -> None:
    token, mine = claim_link(kita), jwk()
    assert claim_link(kita) == token
    assert kita.post("/v1/claims/preview", {"token": token}).json()["state"] == "open"

    first = kita.post("/v1/claims", {"token": token, "publicKey": mine})
    again = kita.post("/v1/claims", {"token": token, "publicKey": mine})
    other = kita.post("/v1/claims", {"token": token, "publicKey": jwk()})

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json()
    assert other.json()["code"] == "claimed-by-another-key"
    assert kita.post("/v1/claims/preview", {"token": token}).json()["state"] == "claimed"
    assert kita.verify(first.json()["link"])["verdict"] == "verified"


def test_a_claim_may_come_too_late_but_not_a_lost_answer(kita: School) -> None:
    token, mine = claim_link(kita, expiresDays=1), jwk()
    kita.post("/v1/claims", {"token": token, "publicKey": mine})
    late = kita.post("/v1/offers", {"achievement": "data-basics", "offers": [{"key": "p" * 43}], "expiresDays": 1})
    kita.clock.now = NOW + timedelta(days=3)

    lost = kita.post("/v1/claims", {"token": token, "publicKey": mine})
    token = late.json()["offers"][0]["link"].partition("#")[2]
    refused = kita.post("/v1/claims", {"token": token, "publicKey": mine})

    assert lost.status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (410, "offer-expired")
    assert kita.post("/v1/claims/preview", {"token": token}).json()["state"] == "expired"


def test_a_claim_with_no_key_or_no_offer_is_refused(kita: School) -> None:
    token = claim_link(kita)

    bad = kita.post("/v1/claims", {"token": token, "publicKey": {**jwk(), "x": "AAAA"}})
    unknown = kita.post("/v1/claims", {"token": "x" * 43, "publicKey": jwk()})

    assert bad.json()["errors"][0]["code"] == "bad-key"
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown-offer")


def test_without_a_register_nothing_is_issued(kita: School) -> None:
    class Nothing:
        def latest(self) -> None:
            return None

    issuing = kita.house.issuer.issuing
    alone = type(issuing)(issuing.store, issuing.keys, Nothing(), issuing.addresses)

    [refused] = issue([AwardRequest("k" * 43, "data-basics")], kita.provider, alone, NOW)

    assert isinstance(refused, RefusedError)
    assert refused.params == {"reason": "no-register"}


def test_a_month_later_is_the_last_day_where_there_is_no_such_day() -> None:
    start = NOW.replace(month=8, day=31)

    assert (months_later(start, 1).month, months_later(start, 1).day) == (9, 30)
    assert (months_later(start, 6).month, months_later(start, 6).day) == (2, 28)
    assert (months_later(start, 12).year, months_later(start, 12).day) == (2027, 31)


def test_a_trial_is_never_recorded(kita: School) -> None:
    kita.issue({"achievement": "none", "bearer": True})

    assert kita.send("GET", f"/v1/credentials/{TRIAL_ID}", None).status_code == 404
    assert kita.house.issuer.issuing.store.status_list("kita", 1) is None


def test_documents_say_who_and_how_long_they_may_be_kept(kita: School) -> None:
    kita.issue(BEARER)
    answers = {
        path: kita.send("GET", path, None, Accept="application/json")
        for path in ("/providers/kita/did.json", "/providers/kita", "/providers/kita/achievements/data-basics/1", LIST)
    }

    assert {answer.status_code for answer in answers.values()} == {200}
    assert all("max-age" in answer.headers["cache-control"] for answer in answers.values())
    assert answers["/providers/kita/did.json"].json()["id"] == kita.provider.did
    assert answers["/providers/kita/achievements/data-basics/1"].json()["id"].endswith("/data-basics/1")
    etag = answers[LIST].headers["etag"]
    assert kita.send("GET", LIST, None, If_None_Match=etag).status_code == 304


def test_a_key_that_stands_twice_in_a_batch_makes_one_badge(kita: School) -> None:
    award = {**BEARER, "key": secrets.token_urlsafe(32)}

    first, second = kita.post("/v1/batches", {"awards": [award, award]}).json()["results"]

    assert (first["status"], second["status"]) == (201, 200)
    assert first["credentials"] == second["credentials"]


def test_an_offers_key_stands_for_one_offer(kita: School) -> None:
    levels = [{"framework": "itss/3", "scheme": "itss", "value": value} for value in ("1", "2", "3")]
    assert kita.post("/v1/achievements", {**ACHIEVEMENT, "id": "graded", "resultLevels": levels}).status_code == 201
    key = secrets.token_urlsafe(32)

    def offered(achievement: str, level: str) -> httpx.Response:
        return kita.post("/v1/offers", {"achievement": achievement, "offers": [{"key": key, "level": level}]})

    first, again = offered("graded", "itss/3/itss/2"), offered("graded", "itss/3/itss/2")
    other = offered("graded", "itss/3/itss/3")

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert first.json() == again.json()
    [error] = other.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/offers/0/key", "key-used-for-another-offer")
    alone = kita.post("/v1/offers", {"achievement": "data-basics", "offers": [{"key": key}]})
    assert alone.json()["errors"][0]["code"] == "key-used-for-another-offer"


def test_an_offer_that_nobody_could_claim_is_not_made(kita: School) -> None:
    too_high = {"framework": "itss/3", "scheme": "itss", "value": "5"}
    beyond = {**ACHIEVEMENT, "id": "beyond", "level": too_high}
    assert kita.post("/v1/achievements", beyond).status_code == 201

    answer = kita.post("/v1/offers", {"achievement": "beyond", "offers": [{"key": secrets.token_urlsafe(32)}]})

    assert (answer.status_code, answer.json()["code"]) == (403, "not-accredited")


def test_an_offer_can_be_claimed_until_the_end_of_its_last_day(kita: School) -> None:
    body = {"achievement": "data-basics", "offers": [{"key": secrets.token_urlsafe(32)}], "expiresDays": 1}
    token = kita.post("/v1/offers", body).json()["offers"][0]["link"].partition("#")[2]
    shown = kita.post("/v1/claims/preview", {"token": token}).json()

    kita.clock.now = datetime(2026, 11, 25, 14, 59, 59, tzinfo=UTC)  # 23:59:59 in Tokyo
    before = kita.post("/v1/claims/preview", {"token": token}).json()["state"]
    kita.clock.now += timedelta(seconds=1)
    after = kita.post("/v1/claims/preview", {"token": token}).json()["state"]

    assert (shown["expires"], before, after) == ("2026-11-25", "open", "expired")


def test_a_list_of_a_provider_without_keys_is_told_as_such(kita: School) -> None:
    kita.issue(BEARER)
    for number in (1, 2):
        kita.house.issuer.issuing.keys.revoke("kita", number, NOW)

    answer = kita.send("GET", LIST, None)

    assert (answer.status_code, answer.json()["code"]) == (503, "no-signing-key")
    with pytest.raises(KeyEndedError):
        status_lists.published(kita.provider, 1, kita.house.issuer.issuing, now=NOW)


def test_a_list_signed_with_a_compromised_key_is_signed_anew_at_once(kita: School) -> None:
    badge = kita.issue(BEARER).json()["credentials"]["data-integrity"]
    kita.send("GET", LIST, None)
    kita.clock.now = NOW + timedelta(minutes=10)

    kita.house.issuer.issuing.keys.revoke("kita", 2, kita.clock.now)
    register_keys(kita.house, kita.provider)
    publish(kita.house)

    answer = kita.send("GET", LIST, None, Accept="application/vc+jwt")
    assert answer.headers["content-type"] == "application/vc+ld+json"  # the format for which there is a key left
    assert kita.verify(badge)["verdict"] == "verified"
    rotate_keys(kita.house.issuer.issuing.keys, kita.provider, kita.clock.now, now=kita.clock.now)
    register_keys(kita.house, kita.provider)
    publish(kita.house)
    for text in (badge, *kita.issue(BEARER).json()["credentials"].values()):
        assert kita.verify(text)["verdict"] == "verified"


def test_a_badge_is_revoked_for_good_also_while_no_key_may_sign(kita: School) -> None:
    issued = kita.issue(BEARER).json()
    for number in (1, 2):
        kita.house.issuer.issuing.keys.revoke("kita", number, NOW)

    assert kita.post(f"/v1/credentials/{issued['id']}/revoke", {"reason": "key-compromised"}).status_code == 200

    rotate_keys(kita.house.issuer.issuing.keys, kita.provider, NOW, now=NOW)
    index = int(orjson.loads(issued["credentials"]["data-integrity"])["credentialStatus"]["statusListIndex"])
    listed = kita.send("GET", LIST, None).json()
    assert get_bit(decode_list(listed["credentialSubject"]["encodedList"]), index)


def test_a_burst_of_revocations_does_not_date_the_list_into_the_future(kita: School) -> None:
    awards = [{**BEARER, "key": secrets.token_urlsafe(32)} for _ in range(20)]
    issued = kita.post("/v1/batches", {"awards": awards}).json()["results"]

    for one in issued[1:]:
        assert kita.post(f"/v1/credentials/{one['id']}/revoke", {"reason": "superseded"}).status_code == 200

    first = kita.send("GET", LIST, None).json()
    assert datetime.fromisoformat(first["validFrom"]) <= NOW + status_lists.MAX_AHEAD
    assert kita.verify(issued[0]["credentials"]["vc-jwt"])["verdict"] == "verified"
    kita.clock.now = NOW + timedelta(seconds=2)
    bits = decode_list(kita.send("GET", LIST, None).json()["credentialSubject"]["encodedList"])
    slots = [
        int(orjson.loads(one["credentials"]["data-integrity"])["credentialStatus"]["statusListIndex"]) for one in issued
    ]
    assert [get_bit(bits, slot) for slot in slots] == [False] + [True] * 19


def test_a_clock_that_was_ahead_makes_no_list_that_is_ahead_of_it_for_longer(kita: School) -> None:
    issued = kita.issue(BEARER).json()
    kita.clock.now = NOW + timedelta(days=400)
    kita.send("GET", LIST, None)
    kita.clock.now = NOW

    kita.post(f"/v1/credentials/{issued['id']}/revoke", {"reason": "superseded"})

    listed = kita.send("GET", LIST, None).json()
    assert datetime.fromisoformat(listed["validFrom"]) == NOW + timedelta(days=400)

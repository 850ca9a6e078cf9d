"""The order of the checks, what each of them finds, and what is fetched for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from badges import strict_json
from badges.credential import Mechanism
from badges.proof.jwt import sign_jws, with_registered_claims
from keys import did
from tests.fakes.web import FakeWeb
from tests.verifier.making import (
    DID_URL,
    ISSUER,
    LIST_URL,
    NOW,
    SIGNER,
    STRANGER,
    Desk,
    achievement,
    codes,
    credential,
    did_document,
    did_key_signer,
    entry,
    signed,
    signer_of,
    status_list,
    with_subject,
)
from verifier.lists import NewestSeen, StatusLists
from verifier.report import Verdict, exit_code

MECHANISMS = list(Mechanism)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_good_badge_is_verified_by_the_key_that_its_issuer_publishes(mechanism: Mechanism) -> None:
    desk = Desk()

    report = desk.check(signed(credential(), mechanism=mechanism))

    assert codes(report) == {
        "form": "passed well-formed",
        "proof": "passed signature-verifies",
        "binding": "passed key-from-web",
        "validity": "passed within-validity",
        "status": "passed no-status-offered",
        "trust": "unknown no-registry",
        "holder": "unknown bearer-not-checked",
        "endorsement": "passed no-endorsements",
    }
    assert report.verdict is Verdict.VERIFIED
    assert exit_code(report) == 4
    assert report.fetched == (DID_URL,)
    assert report.checked_at == NOW


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_did_key_badge_is_verified_without_any_request(mechanism: Mechanism) -> None:
    signer, desk = did_key_signer(7), Desk()

    report = desk.check(signed(credential(signer.key_id.partition("#")[0]), signer, mechanism))

    assert report.verdict is Verdict.VERIFIED
    assert codes(report)["binding"] == "passed key-from-did"
    assert desk.web.asked == []


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_forged_badge_makes_us_fetch_only_its_key(mechanism: Mechanism) -> None:
    desk = Desk()

    report = desk.check(signed(credential(credentialStatus=entry()), STRANGER, mechanism))

    assert report.verdict is Verdict.NOT_VERIFIED
    assert codes(report)["proof"] == "failed bad-signature"
    assert codes(report)["status"] == "unknown not-checked"
    assert report.credential is None
    assert desk.web.asked == [DID_URL]


def test_a_badge_whose_issuers_site_is_down_is_inconclusive() -> None:
    report = Desk(web=FakeWeb()).check(signed(credential()))

    assert codes(report)["proof"] == "unknown key-unreachable"
    assert exit_code(report) == 3


def test_a_did_document_that_is_not_json_leaves_the_proof_open() -> None:
    report = Desk(web=FakeWeb({DID_URL: b"<html>"})).check(signed(credential()))

    assert codes(report)["proof"] == "unknown key-document-unreadable"


def test_the_key_of_another_is_not_the_issuers() -> None:
    report = Desk().check(signed(credential(), did_key_signer(3)))

    assert codes(report)["proof"] == "passed signature-verifies"
    assert codes(report)["binding"] == "failed key-of-another"
    assert exit_code(report) == 1


def test_a_key_that_the_document_does_not_list_is_refused() -> None:
    report = Desk().check(signed(credential(), signer_of(1, f"{ISSUER}#k9")))

    assert codes(report)["proof"] == "failed key-not-listed"


@pytest.mark.parametrize(
    ("key_id", "finding"),
    [
        ("did:example:1#k", "unknown unsupported-did-method"),
        ("https://issuer.example/keys/1", "unknown unsupported-key-location"),
        ("../../etc/passwd", "failed unusable-key-id"),
        ("did:key:zQ3s#zQ3s", "failed unusable-key"),
        ("did:web:127.0.0.1:a/../b#k", "failed unusable-key"),
    ],
)
def test_a_key_id_of_another_kind_is_said_to_be_one(key_id: str, finding: str) -> None:
    desk = Desk()

    report = desk.check(signed(credential(), signer_of(1, key_id)))

    assert codes(report)["proof"] == finding
    assert desk.web.asked == []


def test_a_did_key_without_a_fragment_names_its_only_key() -> None:
    signer = did_key_signer(7)
    issuer = signer.key_id.partition("#")[0]

    report = Desk().check(signed(credential(issuer), signer_of(7, issuer)))

    assert report.verdict is Verdict.VERIFIED


def test_an_issuer_that_cannot_publish_keys_leaves_the_binding_open() -> None:
    report = Desk().check(signed(credential("urn:uuid:6f2e33e5-7a29-4155-840a-59483ba10164"), did_key_signer(7)))

    assert codes(report)["binding"] == "unknown issuer-without-keys"
    assert exit_code(report) == 3


# Keys that only the badge names


HTTPS_ISSUER = "https://issuer.example/about"
KEY_SET = "https://issuer.example/.well-known/jwks.json"


def with_key_header(claims: dict[str, Any]) -> bytes:
    payload = orjson.dumps(with_registered_claims(claims))
    text = sign_jws(payload, SIGNER, header={"jwk": SIGNER.public.to_jwk(), "kid": None})
    return text.encode()


def key_in_fragment(mechanism: Mechanism) -> bytes:
    signer = signer_of(1, f"{HTTPS_ISSUER}#{SIGNER.public.to_multikey()}")
    return signed(credential(HTTPS_ISSUER), signer, mechanism)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_key_that_only_the_badge_names_leaves_it_inconclusive(mechanism: Mechanism) -> None:
    desk = Desk()

    report = desk.check(key_in_fragment(mechanism))

    assert codes(report)["proof"] == "passed signature-verifies"
    assert codes(report)["binding"] == "unknown self-asserted-key"
    assert exit_code(report) == 3
    assert desk.web.asked == [KEY_SET]


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_key_that_the_issuers_site_confirms_is_the_issuers(mechanism: Mechanism) -> None:
    desk = Desk()
    others = [{"kty": "RSA"}, STRANGER.public.to_jwk(), SIGNER.public.to_jwk()]
    desk.serve(KEY_SET, orjson.dumps({"keys": others}))

    report = desk.check(key_in_fragment(mechanism))

    assert codes(report)["binding"] == "passed key-from-web"
    assert report.verdict is Verdict.VERIFIED


@pytest.mark.parametrize(
    ("page", "finding"),
    [
        (orjson.dumps({"keys": [STRANGER.public.to_jwk()]}), "failed key-of-another"),
        (orjson.dumps({"keys": [{}] * 101}), "unknown self-asserted-key"),
        (b"<html>", "unknown self-asserted-key"),
    ],
)
def test_a_key_that_the_issuers_site_does_not_have_is_not_the_issuers(page: bytes, finding: str) -> None:
    desk = Desk()
    desk.serve(KEY_SET, page)

    assert codes(desk.check(key_in_fragment(Mechanism.VC_JWT)))["binding"] == finding


def test_a_key_in_a_fragment_is_weighed_against_its_own_controller() -> None:
    signer = signer_of(1, f"https://other.example/#{SIGNER.public.to_multikey()}")

    report = Desk().check(signed(credential(HTTPS_ISSUER), signer))

    assert codes(report)["binding"] == "failed key-of-another"


# Validity


@pytest.mark.parametrize(
    ("changes", "now", "finding"),
    [
        ({"validFrom": "2026-11-23T03:01:00Z"}, NOW, "passed within-validity"),
        ({"validFrom": "2026-11-23T03:01:01Z"}, NOW, "failed not-yet-valid"),
        ({"validUntil": "2026-11-23T03:00:00Z"}, NOW, "passed within-validity"),
        ({"validUntil": "2026-11-23T02:59:59Z"}, NOW, "failed expired"),
        ({"validUntil": "2026-11-23T12:00:00+09:00"}, NOW + timedelta(seconds=1), "failed expired"),
    ],
)
def test_a_badge_is_valid_between_its_dates_both_included(changes: dict[str, str], now: datetime, finding: str) -> None:
    report = Desk(now=now).check(signed(credential(**changes)))

    assert codes(report)["proof"] == "passed signature-verifies"
    assert codes(report)["validity"] == finding


# Status


def checked_status(badge_entry: object, page: bytes | None, desk: Desk | None = None) -> str:
    desk = desk or Desk()
    if page is not None:
        desk.serve(LIST_URL, page)
    report = desk.check(signed(credential(credentialStatus=badge_entry)))
    assert codes(report)["proof"] == "passed signature-verifies"
    return codes(report)["status"]


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_badge_whose_bit_is_clear_is_not_revoked(mechanism: Mechanism) -> None:
    assert checked_status(entry(), status_list(4, 6, mechanism=mechanism)) == "passed not-revoked"


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_badge_whose_bit_is_set_is_revoked(mechanism: Mechanism) -> None:
    assert checked_status(entry(), status_list(5, mechanism=mechanism)) == "failed revoked"


def test_a_set_bit_of_a_suspension_list_suspends() -> None:
    assert checked_status(entry(purpose="suspension"), status_list(5, purpose="suspension")) == "failed suspended"


@pytest.mark.parametrize(
    ("page", "finding"),
    [
        (None, "unknown list-unreachable"),
        (b"<html>not found", "unknown list-unreadable"),
        (b"\xff\xfe", "unknown list-unreadable"),
        (status_list(signer=STRANGER), "unknown list-not-authentic"),
        (status_list(signer=did_key_signer(2)), "unknown list-not-authentic"),
        (status_list(signer=signer_of(1, "did:example:1#k")), "unknown list-key-unknown"),
        (status_list(issuer="did:web:other.example"), "unknown list-of-another-issuer"),
        (status_list(valid_until="2026-11-23T02:59:59Z"), "unknown list-expired"),
        (status_list(valid_from="2026-11-23T03:01:01Z"), "unknown list-not-yet-valid"),
        (status_list(purpose="suspension"), "failed wrong-list-purpose"),
        (status_list(url="https://issuer.example/other"), "unknown list-misplaced"),
        (status_list(5, url="https://issuer.example/other"), "failed revoked-in-misplaced-list"),
    ],
)
def test_a_list_that_does_not_hold_never_shows_a_badge_good(page: bytes | None, finding: str) -> None:
    assert checked_status(entry(), page) == finding


@pytest.mark.parametrize(
    ("badge_entry", "finding"),
    [
        (entry("131072"), "failed index-out-of-range"),
        (entry(5), "unknown index-not-a-text"),
        (entry(7), "failed revoked"),
        (entry(-1), "failed bad-entry"),
        (entry(True), "failed bad-entry"),  # noqa: FBT003 - what stands in the badge
        (entry("05"), "failed bad-entry"),
        (entry(purpose="message"), "failed wrong-list-purpose"),
        (entry(type="1EdTechRevocationList"), "unknown unknown-status-type"),
        (entry(statusListCredential="http://127.0.0.1/l"), "unknown list-url-not-allowed"),
        ([entry(), entry("7")], "failed revoked"),
        ([], "failed bad-entry"),
        ([entry()] * 5, "failed bad-entry"),
        ("x", "unknown unknown-status-type"),
    ],
)
def test_an_entry_that_does_not_hold_never_shows_a_badge_good(badge_entry: object, finding: str) -> None:
    assert checked_status(badge_entry, status_list(7)) == finding


def test_a_purpose_that_we_do_not_know_leaves_the_status_open() -> None:
    assert checked_status(entry(purpose="message"), status_list(purpose="message")) == "unknown unknown-status-purpose"


def test_an_older_list_than_one_seen_before_is_refused() -> None:
    desk = Desk()
    old, new = status_list(valid_from="2026-11-21T00:00:00Z"), status_list(5, valid_from="2026-11-22T00:00:00Z")

    assert checked_status(entry(), old, desk) == "passed not-revoked"
    assert checked_status(entry(), new, desk) == "failed revoked"
    assert checked_status(entry(), old, desk) == "unknown list-older-than-seen"


def test_the_newest_number_of_a_list_survives_a_restart(tmp_path: Any) -> None:
    path = tmp_path / "lists.json"
    first = Desk(lists=StatusLists(NewestSeen(path)))
    again = Desk(lists=StatusLists(NewestSeen(path)))

    assert checked_status(entry(), status_list(5), first) == "failed revoked"

    again = Desk(lists=StatusLists(NewestSeen(path)))
    old = status_list(valid_from="2026-11-21T00:00:00Z")
    assert checked_status(entry(), old, again) == "unknown list-older-than-seen"


def test_a_list_is_proved_once_while_it_stays_the_same() -> None:
    desk = Desk(lists=StatusLists(elapsed=lambda: 0.0))

    for _ in range(3):
        assert checked_status(entry(), status_list(7), desk) == "passed not-revoked"

    assert len(desk.lists.proved.kept) == 1
    # Each time the badge's key, the list, and the list's key for the first time only.
    assert desk.web.asked.count(DID_URL) == 4


def test_a_proof_of_a_list_counts_for_five_minutes() -> None:
    seconds = [0.0]
    desk = Desk(lists=StatusLists(elapsed=lambda: seconds[0]))
    checked_status(entry(), status_list(), desk)
    desk.serve(DID_URL, did_document(STRANGER))
    badge = signed(credential(credentialStatus=entry()))

    seconds[0] = 301.0

    assert codes(desk.check(badge))["proof"] == "failed bad-signature"
    assert codes(desk.check(signed(credential(credentialStatus=entry()), STRANGER)))["status"] == (
        "unknown list-not-authentic"
    )


# The holder, endorsements, form


def test_a_badge_for_a_key_says_that_its_holder_was_not_checked() -> None:
    report = Desk().check(signed(with_subject(id=did_key_signer(9).key_id.partition("#")[0])))

    assert codes(report)["holder"] == "unknown holder-not-checked"
    assert report.verdict is Verdict.VERIFIED


def test_endorsements_are_named_as_not_checked() -> None:
    claims = with_subject(achievement=achievement(endorsementJwt=["e30.e30.e30"]))

    report = Desk().check(signed(claims))

    assert codes(report)["endorsement"] == "unknown endorsements-not-checked"


def test_a_badge_against_the_schema_is_not_verified_and_still_gets_its_other_findings() -> None:
    report = Desk().check(signed(with_subject(achievement={"id": "https://issuer.example/a", "type": ["Achievement"]})))

    assert codes(report)["form"] == "failed schema"
    assert codes(report)["proof"] == "passed signature-verifies"
    assert codes(report)["validity"] == "passed within-validity"
    assert report.verdict is Verdict.NOT_VERIFIED
    assert report.findings[0].at


def test_the_report_tells_what_day_it_looked_at() -> None:
    later = datetime(2030, 1, 1, tzinfo=UTC)

    assert Desk(now=later).check(b"").checked_at == later


# Whose key it is


EVIL_URL = "https://evil.example/.well-known/did.json"
EVIL = signer_of(13, "did:web:evil.example#k1")


def evil_document() -> bytes:
    """A document of the attacker's that calls its key the issuer's."""
    method = did.VerificationMethod(EVIL.key_id, ISSUER, EVIL.public)
    return orjson.dumps(did.build_document("did:web:evil.example", [method]))


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_foreign_document_cannot_call_its_key_the_issuers(mechanism: Mechanism) -> None:
    desk = Desk()
    desk.serve(EVIL_URL, evil_document())

    report = desk.check(signed(credential(), EVIL, mechanism))

    assert codes(report)["proof"] == "failed key-not-listed"
    assert report.verdict is Verdict.NOT_VERIFIED


def test_a_foreign_document_cannot_unrevoke() -> None:
    desk = Desk()
    desk.serve(EVIL_URL, evil_document())

    found = checked_status(entry(), status_list(signer=EVIL), desk)

    assert found == "unknown list-key-unknown"


# What a badge must be


OB_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


@pytest.mark.parametrize(
    ("claims", "place"),
    [
        (credential(type="OpenBadgeCredential"), "/type"),
        (credential(type=["OpenBadgeCredential", "Other"]), None),
        (with_subject(type="Nonsense"), "/credentialSubject/type"),
        (with_subject(achievement=achievement(type="PhD")), "/credentialSubject/achievement/type"),
        ({**credential(), "issuer": {"id": ISSUER, "type": "Person", "name": "x"}}, "/issuer/type"),
    ],
)
def test_a_badge_without_the_types_of_the_standard_is_none(claims: dict[str, object], place: str | None) -> None:
    report = Desk().check(signed(claims))
    form = report.findings[0]

    assert report.verdict is Verdict.NOT_VERIFIED
    assert (form.code, form.at) == ("missing-type", place) if place else form.code == "schema"


def older(**changes: object) -> dict[str, object]:
    made = credential(**{"@context": ["https://www.w3.org/2018/credentials/v1", OB_CONTEXT]}, validFrom=None)
    return {**made, "issuanceDate": "2026-11-01T00:00:00Z", **changes}


def enveloped(claims: dict[str, object], **beside: object) -> bytes:
    subject = claims["credentialSubject"]
    first = subject[0] if isinstance(subject, list) else subject
    payload = {
        "vc": claims,
        "iss": ISSUER,
        "sub": first["id"],
        "jti": claims["id"],
        "nbf": 1_793_491_200,
        **beside,
    }
    if isinstance(subject, list):
        del payload["sub"]
    return sign_jws(strict_json.dump(payload), SIGNER).encode()


def test_a_badge_of_the_older_data_model_is_verified() -> None:
    assert Desk().check(enveloped(older())).verdict is Verdict.VERIFIED


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (enveloped(older(credentialSubject=[credential()["credentialSubject"]] * 2)), "form failed schema"),
        (enveloped(older(validUntil="2099-01-01T00:00:00Z")), "form failed schema"),
        (enveloped(older(validFrom="2026-11-01T00:00:00Z")), "form failed schema"),
        (enveloped(older(), credentialStatus={"type": "x"}), "binding failed two-payloads"),
        (enveloped(older(), credentialSubject={}), "binding failed two-payloads"),
        (enveloped(older(), name="x"), "binding failed two-payloads"),
    ],
)
def test_a_badge_of_the_older_data_model_has_one_reading(text: bytes, finding: str) -> None:
    report = Desk().check(text)

    assert report.verdict is Verdict.NOT_VERIFIED
    assert finding in {f"{check} {word}" for check, word in codes(report).items()}


@pytest.mark.parametrize(
    "claims",
    [credential(name={"id": "urn:x"}), with_subject(achievement=achievement(name={"id": "Doctor of Medicine"}))],
)
def test_a_name_that_is_no_text_is_no_name(claims: dict[str, object]) -> None:
    report = Desk().check(signed(claims))

    assert codes(report)["form"] == "failed not-words"

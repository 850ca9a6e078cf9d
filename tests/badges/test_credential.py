"""Credentials as the builder assembles them."""

from badges.credential import (
    build_credential,
    build_endorsement,
)
from badges.model import Achievement, Criteria, Profile, Subject
from schemas.validate import violations

ISSUER = Profile("did:web:issuer.example", "北の学校", "https://issuer.example/")
SUBJECT = Subject(
    "urn:uuid:11111111-2222-4333-8444-555555555555",
    Achievement("https://issuer.example/a/1", "データ入門", "学ぶ。", Criteria(narrative="合格する。")),
)
STATUS = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "7",
    "statusListCredential": "https://issuer.example/status/1",
}
DAY = "2026-11-01T00:00:00+09:00"
END = "2029-11-01T00:00:00+09:00"


def test_a_badge_has_what_the_standard_asks_and_nothing_empty() -> None:
    made = build_credential(id="urn:uuid:1", issuer=ISSUER, subject=SUBJECT, valid_from=DAY, name="データ入門")

    assert made == {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {
            "id": "did:web:issuer.example",
            "type": ["Profile"],
            "name": "北の学校",
            "url": "https://issuer.example/",
        },
        "validFrom": DAY,
        "name": "データ入門",
        "credentialSubject": SUBJECT.to_json(),
    }


def test_a_badge_with_every_option_follows_the_official_schema() -> None:
    made = build_credential(
        id="urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
        issuer=ISSUER,
        subject=SUBJECT,
        valid_from=DAY,
        valid_until=END,
        name="データ入門",
        status=STATUS,
        awarded_date=DAY,
    )

    assert violations(made) == []
    assert (made["validUntil"], made["awardedDate"], made["credentialStatus"]) == (END, DAY, STATUS)


def test_an_endorsement_speaks_of_the_id_that_it_endorses() -> None:
    made = build_endorsement(
        id="urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
        issuer=ISSUER,
        endorsed="https://issuer.example/a/1",
        valid_from=DAY,
        valid_until=END,
        name="推薦",
        comment="内容を確認しました。",
        status=STATUS,
    )

    assert violations(made) == []
    assert made["type"] == ["VerifiableCredential", "EndorsementCredential"]
    assert made["credentialSubject"] == {
        "id": "https://issuer.example/a/1",
        "type": ["EndorsementSubject"],
        "endorsementComment": "内容を確認しました。",
    }

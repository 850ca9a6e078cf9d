"""Schemas: which one counts, and what is said of what breaks it."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from schemas import validate
from schemas.validate import MAX_VIOLATIONS, Violation, violations


def badge(**changes: Any) -> dict[str, Any]:
    made = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "did:web:kita.example", "type": ["Profile"]},
        "validFrom": "2026-11-01T00:00:00+09:00",
        "credentialSubject": {
            "id": "urn:uuid:11111111-2222-4333-8444-555555555555",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://kita.example/a/1",
                "type": ["Achievement"],
                "name": "データ入門",
                "description": "データの読み方",
                "criteria": {"narrative": "合格"},
            },
        },
    }
    return {name: value for name, value in (made | changes).items() if value is not None}


ENDORSEMENT = {
    "@context": badge()["@context"],
    "id": "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3e",
    "type": ["VerifiableCredential", "EndorsementCredential"],
    "name": "推薦",
    "issuer": {"id": "did:web:body.example", "type": ["Profile"]},
    "validFrom": "2026-11-01T00:00:00Z",
    "credentialSubject": {"id": "https://kita.example/a/1", "type": ["EndorsementSubject"]},
}
LIST = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential", "BitstringStatusListCredential"],
    "issuer": "did:web:kita.example",
    "credentialSubject": {"type": "BitstringStatusList"},
}
OLDER = {
    "@context": ["https://www.w3.org/2018/credentials/v1"],
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": "https://kita.example/",
    "issuanceDate": "2022-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:1"},
}


@pytest.mark.parametrize("credential", [badge(), ENDORSEMENT, LIST, OLDER])
def test_a_sound_credential_of_each_kind_breaks_nothing(credential: dict[str, Any]) -> None:
    assert violations(credential) == []


@pytest.mark.parametrize(
    ("credential", "violation"),
    [
        (badge(issuer=None), Violation("", "lacks issuer")),
        (badge(validFrom="2026-11-01"), Violation("/validFrom", "breaks the rule 'format'")),
        (badge(validFrom="2026-11-0.T00:00:00Z"), Violation("/validFrom", "breaks the rule 'format'")),
        (badge(validFrom="tomorrow"), Violation("/validFrom", "breaks the rule 'format'")),
        ({**ENDORSEMENT, "credentialSubject": {}}, Violation("/credentialSubject", "lacks id, type")),
        ({**LIST, "type": ["BitstringStatusListCredential"]}, Violation("/type", "breaks the rule 'const'")),
        ({**LIST, "id": "no uri"}, Violation("/id", "breaks the rule 'format'")),
        (
            badge(issuer={**badge()["issuer"], "dateOfBirth": "1"}),
            Violation("/issuer/dateOfBirth", "breaks the rule 'format'"),
        ),
        ({**OLDER, "issuanceDate": 7}, Violation("/issuanceDate", "breaks the rule 'type'")),
        ({**OLDER, "validFrom": OLDER["issuanceDate"]}, Violation("/validFrom", "breaks the rule 'false'")),
    ],
)
def test_a_broken_rule_is_named_with_its_place(credential: dict[str, Any], violation: Violation) -> None:
    assert violation in violations(credential)


def test_what_has_no_type_is_still_judged() -> None:
    assert violations({}) != []
    assert violations({"@context": "x", "type": 7}) != []


def test_a_hostile_document_yields_a_list_that_a_person_can_read() -> None:
    subject = {**badge()["credentialSubject"], "result": [{"type": 7}] * 500}

    assert 0 < len(violations(badge(credentialSubject=subject))) <= MAX_VIOLATIONS


def test_of_further_members_the_first_one_is_named() -> None:
    image = {"id": "https://kita.example/i.png", "type": "Image", "b": 1, "a": 2}

    [found] = violations(badge(name={"b": 1, "a": 2}))

    assert found.pointer == "/name/b"
    assert violations(badge(image=image)) == [Violation("/image", "breaks the rule 'additionalProperties'")]


def test_where_the_libraries_disagree_the_stricter_one_decides() -> None:
    # A digit to Python's regular expressions, and none to those of JSON Schema.
    context = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.٣.json"

    found = violations(badge(**{"@context": ["https://www.w3.org/ns/credentials/v2", context]}))

    assert found == [Violation("", "the credential does not have the form of its schema")]


@pytest.mark.vectors
def test_the_schemas_agree_with_the_index_of_the_published_examples(shared: Path) -> None:
    folder = shared / "vectors/1edtech-validator"
    rows = orjson.loads((folder / "INDEX.json").read_bytes())
    entries = rows if isinstance(rows, list) else rows.get("files", rows.get("vectors"))
    sound = [
        row["file"]
        for row in entries
        if row["file"].startswith("ob30/simple") and row["file"].endswith(".json") and row.get("expected") == "VALID"
    ]

    assert sound
    assert {name: violations(orjson.loads((folder / name).read_bytes())) for name in sound} == {
        name: [] for name in sound
    }


def test_the_schema_files_are_the_ones_that_are_used() -> None:
    kinds = {path.name.removesuffix("_schema.json") for path in validate.FOLDER.glob("*.json")}

    assert kinds >= {
        "ob_v3p0_achievementcredential",
        "ob_v3p0_endorsementcredential",
        "vcdm_1_credential",
        "vcdm_2_credential",
    }


@pytest.mark.parametrize("tag", [[1] * 380_000, [[[]]] * 100_000], ids=["numbers", "lists"])
def test_a_large_document_is_refused_without_half_a_minute_of_explanation(tag: list[object]) -> None:
    credential = badge()
    credential["credentialSubject"]["achievement"]["tag"] = tag

    assert violations(credential) == [Violation("", "breaks its schema, and is too large to say where")]

"""The words of Open Badges 3.0, and the JSON that they become."""

from typing import Any

import pytest

from badges.errors import ClaimsError
from badges.model import (
    Achievement,
    Alignment,
    Criteria,
    IdentifierEntry,
    IdentityObject,
    Image,
    Profile,
    Result,
    ResultDescription,
    RubricCriterionLevel,
    Subject,
)

LEVELS = (RubricCriterionLevel("urn:example:l1", "初級"), RubricCriterionLevel("urn:example:l2", "中級", level="2"))
RUBRIC = ResultDescription("urn:example:rubric", "到達度", "RubricCriterionLevel", rubric_criterion_level=LEVELS)
GRADE = ResultDescription("urn:example:grade", "成績", "LetterGrade", allowed_value=("C", "B", "A"))
STATUS = ResultDescription("urn:example:status", "状態", "Status")


def achievement(**changes: Any) -> Achievement:
    return Achievement(
        **{
            "id": "https://issuer.example/achievements/1/1",
            "name": "データ入門",
            "description": "データの読み方を学ぶ。",
            "criteria": Criteria(narrative="試験に合格する。"),
            "result_description": (RUBRIC, GRADE, STATUS),
            **changes,
        }
    )


def subject(*results: Result) -> Subject:
    return Subject("urn:uuid:11111111-2222-4333-8444-555555555555", achievement(), result=results)


def refusal(make: Any) -> tuple[str, str]:
    with pytest.raises(ClaimsError) as caught:
        make()
    return caught.value.code, caught.value.pointer


def test_members_without_a_value_are_left_out_and_several_values_are_an_array() -> None:
    made = Achievement(
        "https://issuer.example/achievements/1/1",
        "データ入門",
        "データの読み方を学ぶ。",
        Criteria("https://issuer.example/criteria"),
        alignment=(Alignment("項目", "https://registry.example/items/1", target_type="CFItem"),),
        image=Image("https://issuer.example/badge.png"),
        tag=("データ",),
    ).to_json()

    assert made == {
        "id": "https://issuer.example/achievements/1/1",
        "name": "データ入門",
        "description": "データの読み方を学ぶ。",
        "criteria": {"id": "https://issuer.example/criteria"},
        "alignment": [
            {
                "targetName": "項目",
                "targetUrl": "https://registry.example/items/1",
                "targetType": "CFItem",
                "type": ["Alignment"],
            }
        ],
        "image": {"id": "https://issuer.example/badge.png", "type": "Image"},
        "tag": ["データ"],
        "type": ["Achievement"],
    }


def test_the_types_that_the_standard_writes_as_strings_are_strings() -> None:
    kinds = (
        Image("https://issuer.example/badge.png"),
        IdentifierEntry("1234", "ext:CorporateNumber"),
        IdentityObject(hashed=True, identity_hash="sha256$00", identity_type="emailAddress", salt="x"),
    )

    assert [kind.to_json()["type"] for kind in kinds] == ["Image", "IdentifierEntry", "IdentityObject"]


def test_false_is_a_value_and_not_a_missing_one() -> None:
    made = IdentityObject(hashed=False, identity_hash="a@example.com", identity_type="emailAddress").to_json()

    assert made["hashed"] is False


def test_a_profile_nests_its_identifiers() -> None:
    made = Profile("did:web:issuer.example", other_identifier=(IdentifierEntry("1", "identifier"),)).to_json()

    assert made["otherIdentifier"] == [{"identifier": "1", "identifierType": "identifier", "type": "IdentifierEntry"}]


@pytest.mark.parametrize("word", ["Course", "ext:Micro.Degree_2-a"])
def test_words_of_the_standard_and_anchored_extensions_are_taken(word: str) -> None:
    assert achievement(achievement_type=word).to_json()["achievementType"] == word


@pytest.mark.parametrize("word", ["course", "", "foo ext:x!", "ext:", "ext:a b", "ext:a|b", "ext:a\n"])
def test_other_words_are_refused_even_those_that_the_official_pattern_passes(word: str) -> None:
    assert refusal(lambda: achievement(achievement_type=word)) == ("unknown-word", "/achievementType")


def test_each_enumeration_refuses_a_word_of_another() -> None:
    makers = {
        "/targetType": lambda: Alignment("x", "https://registry.example/", target_type="Course"),
        "/resultType": lambda: ResultDescription("urn:example:r", "x", "Completed"),
        "/status": lambda: Result(status="ext:Done"),
        "/identityType": lambda: IdentityObject(hashed=True, identity_hash="x", identity_type="mail"),
        "/identifierType": lambda: IdentifierEntry("x", "mail"),
    }

    assert {pointer: refusal(make) for pointer, make in makers.items()} == {
        pointer: ("unknown-word", pointer) for pointer in makers
    }


def test_criteria_that_say_nothing_are_refused() -> None:
    assert refusal(Criteria) == ("empty-criteria", "/criteria")


def test_a_repeated_id_is_refused_because_a_reference_to_it_would_be_ambiguous() -> None:
    twice = (LEVELS[0], LEVELS[0])

    assert refusal(lambda: achievement(result_description=(GRADE, GRADE))) == ("repeated-id", "/resultDescription")
    assert refusal(
        lambda: ResultDescription("urn:example:r", "x", "RubricCriterionLevel", rubric_criterion_level=twice)
    ) == ("repeated-id", "/rubricCriterionLevel")


def test_a_required_level_must_be_one_of_the_levels() -> None:
    made = ResultDescription(
        "urn:example:r",
        "x",
        "RubricCriterionLevel",
        rubric_criterion_level=LEVELS,
        required_level="urn:example:l2",
    )

    assert made.to_json()["requiredLevel"] == "urn:example:l2"
    assert refusal(lambda: ResultDescription("urn:example:r", "x", "Status", required_level="urn:example:l9")) == (
        "unknown-level",
        "/requiredLevel",
    )


@pytest.mark.parametrize(
    "result",
    [
        Result(),
        Result(value="18"),
        Result(result_description="urn:example:rubric", achieved_level="urn:example:l2"),
        Result(result_description="urn:example:grade", value="A"),
        Result(result_description="urn:example:rubric", value="free, because no values are listed"),
        Result(result_description="urn:example:status", status="Completed"),
    ],
)
def test_a_result_that_its_achievement_describes_is_taken(result: Result) -> None:
    assert subject(result).to_json()["result"] == [result.to_json()]


@pytest.mark.parametrize(
    ("result", "code", "member"),
    [
        (Result(achieved_level="urn:example:l1"), "unknown-level", "achievedLevel"),
        (Result(result_description="urn:example:other"), "unknown-result-description", "resultDescription"),
        (
            Result(result_description="urn:example:grade", achieved_level="urn:example:l1"),
            "unknown-level",
            "achievedLevel",
        ),
        (Result(result_description="urn:example:grade", value="S"), "unknown-value", "value"),
        (Result(result_description="urn:example:status", value="done"), "status-missing", "status"),
    ],
)
def test_a_result_that_its_achievement_does_not_describe_is_refused(result: Result, code: str, member: str) -> None:
    assert refusal(lambda: subject(Result(), result)) == (code, f"/result/1/{member}")

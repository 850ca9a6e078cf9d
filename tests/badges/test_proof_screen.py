"""The cheap look at the JSON-LD of a VC-JWT."""

from typing import Any

import pytest

from badges.errors import ShapeError
from badges.proof.canonical import PINNED
from badges.proof.screen import screen
from tests.badges.signing import badge

ENDORSEMENT = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential", "EndorsementCredential"],
    "name": "推薦",
}


def refusal(**changes: Any) -> tuple[str, str]:
    with pytest.raises(ShapeError) as caught:
        screen({**badge(), **changes}, PINNED)
    return caught.value.code, caught.value.pointer


def test_a_badge_passes() -> None:
    screen(badge(), PINNED)
    screen({**badge(), "type": "VerifiableCredential", "endorsement": [ENDORSEMENT]}, PINNED)


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"@context": ["https://evil.example/"]}, "unknown-context", "/@context/0"),
        ({"grade/s": "S"}, "undefined-term", "/grade~1s"),
        ({"evidence": [{"honors": 1}]}, "undefined-term", "/evidence/0/honors"),
        ({"@included": []}, "hidden-claims", "/@included"),
        ({"evidence": None}, "hidden-claims", "/evidence"),
        ({"evidence": ["x", [None]]}, "hidden-claims", "/evidence/1/0"),
        ({"evidence": {"@context": []}}, "nested-context", "/evidence/@context"),
        ({"evidence": {"type": ["Evidence"], "@context": []}}, "nested-context", "/evidence/@context"),
        ({"endorsement": {**ENDORSEMENT, "@context": {}}}, "unknown-context", "/endorsement/@context/0"),
    ],
)
def test_what_the_contexts_do_not_define_is_refused(changes: dict[str, Any], code: str, pointer: str) -> None:
    assert refusal(**changes) == (code, pointer)


def test_an_unknown_type_hides_nothing() -> None:
    screen({**badge(), "type": ["VerifiableCredential", "Trophy"]}, PINNED)


def test_numbers_and_booleans_are_no_words() -> None:
    screen({**badge(), "credentialSubject": {"type": "AchievementSubject", "creditsEarned": 2, "result": [1]}}, PINNED)
    # Beside an embedded credential each member is looked at on its own.
    subject = {"type": "AchievementSubject", "creditsEarned": 2, "result": [1]}
    screen({**badge(), "credentialSubject": subject, "endorsement": [ENDORSEMENT]}, PINNED)

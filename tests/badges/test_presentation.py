"""Presentations that verifier/browser reads too: who is shown to hold which badge, and what is refused."""

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.errors import BadgeError, MalformedDocumentError
from badges.presentation import MAX_BYTES, read_presentation
from tests.badges.making_presentations import VERIFIER, presentation

VECTORS: list[dict[str, Any]] = orjson.loads(Path(__file__).with_name("presentations.json").read_bytes())
READ = [one for one in VECTORS if "badges" in one]
REFUSED = [one for one in VECTORS if "refused" in one]
NOW = datetime.fromisoformat("2026-11-26T00:00:00Z")


def read(vector: dict[str, Any]) -> list[dict[str, str]]:
    now = datetime.fromisoformat(vector["now"])
    found = read_presentation(vector["text"], now=now, audience=vector["audience"], nonce=vector["nonce"])
    return [{"text": badge.text, "holder": badge.holder} for badge in found.badges]


@pytest.mark.parametrize("vector", READ, ids=lambda one: one["name"])
def test_a_presentation_shows_who_holds_each_badge(vector: dict[str, Any]) -> None:
    assert read(vector) == vector["badges"]


@pytest.mark.parametrize("vector", REFUSED, ids=lambda one: one["name"])
def test_a_presentation_in_another_form_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(MalformedDocumentError) as refusal:
        read(vector)

    assert refusal.value.code == vector["refused"]


def test_a_presentation_says_for_whom_and_until_when_it_was_made() -> None:
    found = read_presentation(VECTORS[0]["text"], now=NOW, audience=VERIFIER)

    assert (found.audience, found.nonce) == (VERIFIER, "xmXLZH3CyLTYfmlCBwTzrg")
    assert found.issued_at == datetime.fromisoformat("2026-11-25T09:46:40Z")
    assert found.expires == datetime.fromisoformat("2026-12-25T09:46:40Z")


def test_a_presentation_beyond_what_a_share_holds_is_refused() -> None:
    document = orjson.dumps({"id": "urn:x", "type": "x", "x": "x" * MAX_BYTES}).decode()

    with pytest.raises(MalformedDocumentError, match="too-large"):
        read_presentation(presentation([document]), now=NOW, audience=VERIFIER)


@given(st.integers(min_value=0), st.characters(min_codepoint=32, max_codepoint=126))
def test_no_single_change_makes_another_badge_proven(place: int, character: str) -> None:
    text = READ[0]["text"]
    at = place % len(text)
    changed = text[:at] + character + text[at + 1 :]

    try:
        badges = read({**READ[0], "text": changed})
    except BadgeError:
        return

    proven = [badge["text"] for badge in badges if badge["holder"] == "proven"]
    assert set(proven) <= {badge["text"] for badge in READ[0]["badges"]}
    assert changed == text or len(proven) < len(READ[0]["badges"])

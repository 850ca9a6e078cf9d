"""What must not be kept of a badge is found where a badge is kept, and not where its achievement is."""

from base64 import urlsafe_b64decode
from hashlib import sha256
from pathlib import Path

import orjson
import pytest

from badges.proof.canonical import canonical
from tests.privacy.badge import secrets_of
from tests.privacy.scan import Search

EXAMPLE = Path(__file__).parents[2] / "docs/example"
JSON, JWT = ((EXAMPLE / name).read_text() for name in ("badge.json", "badge.jwt"))
DOCUMENT = orjson.loads(JSON)
KEPT = {
    "badge.json": (JSON, JSON.encode(), {"subject", "signature", "signed text"}),
    "badge.jwt": (JWT, JWT.encode(), {"subject", "signature", "signed text"}),
    "badge.jwt, its JSON": (JWT, urlsafe_b64decode(JWT.split(".")[1] + "=="), {"subject", "signed text"}),
    "badge.json, canonical": (JSON, canonical(DOCUMENT), {"subject", "signature", "canonical text"}),
    "badge.json, its digest": (JSON, sha256(JSON.encode()).digest(), {"digest"}),
}


@pytest.mark.parametrize("how", KEPT)
def test_a_kept_badge_is_found(how: str) -> None:
    text, kept, found = KEPT[how]

    assert Search(secrets_of("badge", text)).names_in(kept) == {f"badge: {what}" for what in found}


@pytest.mark.parametrize("text", [JSON, JWT])
def test_its_id_its_achievement_and_its_issuer_may_be_kept(text: str) -> None:
    public = [DOCUMENT["id"], DOCUMENT["issuer"], DOCUMENT["credentialSubject"]["achievement"], DOCUMENT["@context"]]

    assert Search(secrets_of("badge", text)).names_in(orjson.dumps(public)) == set()


def test_a_status_list_of_the_same_key_may_be_kept() -> None:
    status_list = (EXAMPLE / "status-list.jwt").read_bytes()

    assert Search(secrets_of("badge", JWT)).names_in(status_list) == set()

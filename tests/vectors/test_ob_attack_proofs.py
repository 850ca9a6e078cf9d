"""The attacks on embedded proofs and JSON-LD, at the level of the proof: refused, and for the right reason.

Every `ld-*` file but those that name foreign contexts carries a signature that a lenient verifier finds correct.
"""

from pathlib import Path

import orjson
import pytest

from badges import proof
from badges.errors import BadgeError
from keys.public_key import KeyFormatError, PublicKey, from_multikey

pytestmark = pytest.mark.vectors

EXPECTED = {
    "di-000-valid": "",
    "ld-004-null-prop": "hidden-claims",
    "ld-006-included-hides-expiry": "hidden-claims",
    "ld-007-included-hides-status": "hidden-claims",
    "ld-010-iri-key-status": "undefined-term",
    "ld-011-iri-key-expiry": "undefined-term",
    "ld-012-graph-wrapper": "hidden-claims",
    "ld-015-at-type": "undefined-term",
    "ld-020-inline-alias-nest": "unknown-context",
    "ld-023-nested-vocab": "nested-context",
    "ld-031-remote-context": "unknown-context",
    "ld-032-remote-context": "unknown-context",
    "ld-033-remote-context": "unknown-context",
    "ld-035-remote-context": "unknown-context",
    "ld-036-remote-context": "unknown-context",
    "ld-040-context-order": "unknown-context",
    "ld-041-import": "unknown-context",
    "pf-003-purpose-auth": "wrong-purpose",
    "pf-004-purpose-missing": "wrong-purpose",
    "pf-005-no-proof": "no-proof",
    "pf-006-empty-proof-array": "no-proof",
    "pf-007-set-one-bad": "bad-signature",
    "pf-009-previousproof-missing": "unknown-previous-proof",
    "pf-011-proof-created-future": "",  # the clock is the verifier's
    "pf-012-domain-challenge": "wrong-audience",
    "pf-017-multibase-u": "bad-proof-value",
    "pf-018-trailing": "bad-proof-value",
    "pf-019-space": "bad-proof-value",
    "pf-020-short": "bad-proof-value",
    "pf-022-small-order-key": "key-missing",  # `keys` refuses to read it
    "pf-031-vm-lies": "bad-signature",
    "rdf-007-clique7": "undefined-term",
    "rdf-009-clique10": "undefined-term",
}


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "vectors/ob-attack"


def named_keys(unverified: proof.UnverifiedCredential) -> dict[str, PublicKey]:
    """The keys that did:key verification methods name, where they can be read."""
    keys = {}
    for reference in unverified.proofs:
        method = reference.verification_method or ""
        try:
            keys[method] = from_multikey(method.rpartition("#")[2])
        except KeyFormatError:
            continue
    return keys


def outcome(text: str) -> str:
    try:
        unverified = proof.peek(text)
        proof.verify(unverified, named_keys(unverified))
    except BadgeError as error:
        return error.code
    return ""


def test_every_attack_on_proofs_is_expected_here(folder: Path) -> None:
    vectors = orjson.loads((folder / "manifest.json").read_bytes())["vectors"]

    assert {one["id"] for one in vectors if one["id"].split("-")[0] in {"di", "ld", "pf", "rdf"}} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_attack_is_refused_for_its_reason(name: str, folder: Path) -> None:
    assert outcome((folder / f"{name}.json").read_text()) == EXPECTED[name]

"""The 1EdTech validator's own test badges: each check as its authors expect, for the reason they give."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest

from badges import formats, proof
from badges.errors import BadgeError
from keys.public_key import KeyFormatError, PublicKey, from_multikey
from tests.fakes.web import FakeWeb
from verifier.lists import StatusLists
from verifier.reading import issuer_id
from verifier.report import Outcome, Report
from verifier.trust import Trust
from verifier.verify import check_report

pytestmark = pytest.mark.vectors

NOW = datetime(2026, 11, 23, tzinfo=UTC)
VERIFIED, NOT_VERIFIED, INCONCLUSIVE = "verified", "not-verified", "inconclusive"
TEST_LIST = (
    "https://raw.githubusercontent.com/1EdTech/digital-credentials-public-validator/refs/heads/main/"
    "inspector-vc/src/test/resources/ob30/bit-string-list/testlist"
)

SUPPORTED: dict[str, tuple[str, str, str]] = {
    "bit-string-list/credential-status-revoked-blank-nodes.json": (
        NOT_VERIFIED,
        INCONCLUSIVE,
        "status/revoked-in-misplaced-list",
    ),
    "bit-string-list/credential-status-revoked.json": (NOT_VERIFIED, INCONCLUSIVE, "status/revoked-in-misplaced-list"),
    "bit-string-list/testlist": (NOT_VERIFIED, NOT_VERIFIED, "form/not-a-badge"),
    "complete.json": (INCONCLUSIVE, INCONCLUSIVE, "status/unknown-status-type"),
    "endorsement-valid.json": (VERIFIED, INCONCLUSIVE, ""),
    "simple-context-alias.json": (VERIFIED, INCONCLUSIVE, ""),
    "simple-context-version.json": (VERIFIED, INCONCLUSIVE, ""),
    "simple-did-key-method.json": (INCONCLUSIVE, INCONCLUSIVE, "binding/issuer-without-keys"),
    "simple-did-web-method.json": (VERIFIED, INCONCLUSIVE, ""),
    "simple-err-context.json": (NOT_VERIFIED, NOT_VERIFIED, "form/unknown-context"),
    "simple-err-credential-subject-achievement-result-description-type.json": (
        NOT_VERIFIED,
        NOT_VERIFIED,
        "form/undefined-type",
    ),
    "simple-err-credential-subject-identifier-type.json": (NOT_VERIFIED, NOT_VERIFIED, "form/undefined-type"),
    "simple-err-credential-subject-profile-type.json": (NOT_VERIFIED, NOT_VERIFIED, "form/undefined-type"),
    "simple-err-credential-subject-result-type.json": (NOT_VERIFIED, NOT_VERIFIED, "form/undefined-type"),
    "simple-err-credential-subject-type.json": (NOT_VERIFIED, NOT_VERIFIED, "form/undefined-type"),
    "simple-err-evidence-type.json": (NOT_VERIFIED, NOT_VERIFIED, "form/undefined-type"),
    "simple-err-expired.json": (NOT_VERIFIED, NOT_VERIFIED, "validity/expired"),
    "simple-err-issued.json": (NOT_VERIFIED, NOT_VERIFIED, "form/schema validity/not-yet-valid"),
    "simple-err-issuer-otheridentifier-type.json": (NOT_VERIFIED, NOT_VERIFIED, "form/undefined-type"),
    "simple-err-issuer-parentorg-type.json": (NOT_VERIFIED, NOT_VERIFIED, "form/undefined-type"),
    "simple-err-issuer-type.json": (NOT_VERIFIED, NOT_VERIFIED, "form/undefined-type"),
    "simple-err-issuer.json": (NOT_VERIFIED, NOT_VERIFIED, "form/schema binding/no-issuer"),
    "simple-err-proof-method-no-scheme.json": (NOT_VERIFIED, NOT_VERIFIED, "proof/unusable-key-id"),
    "simple-err-proof-method-unknown-did-method.json": (INCONCLUSIVE, INCONCLUSIVE, "proof/unsupported-did-method"),
    "simple-err-proof-method-unknown-scheme.json": (NOT_VERIFIED, NOT_VERIFIED, "proof/unusable-key-id"),
    "simple-err-proof-method.json": (NOT_VERIFIED, NOT_VERIFIED, "proof/unusable-key"),
    "simple-err-proof-value.json": (NOT_VERIFIED, NOT_VERIFIED, "proof/bad-signature"),
    "simple-err-type.json": (NOT_VERIFIED, NOT_VERIFIED, "form/undefined-type"),
    "simple-json.png": (VERIFIED, INCONCLUSIVE, ""),
    "simple-json.svg": (VERIFIED, INCONCLUSIVE, ""),
    "simple-jwt.png": (VERIFIED, INCONCLUSIVE, ""),
    "simple-jwt.svg": (VERIFIED, INCONCLUSIVE, ""),
    "simple-jwt_v1.png": (VERIFIED, INCONCLUSIVE, ""),
    "simple-jwt_v1.svg": (VERIFIED, INCONCLUSIVE, ""),
    "simple-multiple-proofs.json": (INCONCLUSIVE, INCONCLUSIVE, "proof/unsupported-proof"),
    "simple-noproof.json": (NOT_VERIFIED, NOT_VERIFIED, "proof/no-proof"),
    "simple.1ob": (VERIFIED, INCONCLUSIVE, ""),
    "simple.json": (VERIFIED, INCONCLUSIVE, ""),
    "simple.jwt": (NOT_VERIFIED, NOT_VERIFIED, "form/unknown-context"),
    "velocity.jwt": (NOT_VERIFIED, NOT_VERIFIED, "binding/claim-mismatch"),
}
"""File → verdict with pages that serve the issuer's keys, verdict without, and the findings that keep it from being
verified with them."""

LEFT_OUT = {
    "complete_v1.json": "Ed25519Signature2020, on the older data model",
    "credential-status-revoked.json": "Ed25519Signature2020",
    "endorsement-err-schema-status-refresh.json": "Ed25519Signature2020",
    "sd/derivedcredential.json": "ecdsa-sd-2023",
    "simple-eddsa-2022.json": "eddsa-2022, a draft of eddsa-rdfc-2022",
    "simple_v1.json": "Ed25519Signature2020",
}
"""File → the proof format that is not supported yet; such a badge must end inconclusive."""


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "vectors/1edtech-validator/ob30"


def pages_for(data: bytes, folder: Path) -> dict[str, Path | bytes]:
    """The key set that the issuer of a badge would serve, and the status list that two of the badges name."""
    pages: dict[str, Path | bytes] = {TEST_LIST: folder / "bit-string-list/testlist"}
    try:
        unverified = proof.peek(formats.extract(data))
    except BadgeError:
        return pages
    issuer = issuer_id(unverified.claims) or issuer_id({"issuer": unverified.claims.get("iss")})
    keys = [key.to_jwk() for key in map(key_of, unverified.proofs) if key]
    origin = urlsplit(issuer).netloc
    return {**pages, f"https://{origin}/.well-known/jwks.json": orjson.dumps({"keys": keys})}


def key_of(reference: proof.ProofReference) -> PublicKey | None:
    if reference.embedded_key:
        return reference.embedded_key
    try:
        return from_multikey((reference.verification_method or "").rpartition("#")[2])
    except KeyFormatError:
        return None


def run(data: bytes, pages: dict[str, Path | bytes]) -> Report:
    return check_report(data, now=NOW, web=FakeWeb(pages), trust=Trust(), lists=StatusLists())


def reasons(report: Report) -> str:
    """What keeps a badge from being verified, as `check/code` of each failed or unknown decisive finding."""
    bad = [
        finding
        for finding in report.findings[:5]
        if finding.outcome in {Outcome.FAILED, Outcome.UNKNOWN} and finding.code != "not-checked"
    ]
    return " ".join(f"{finding.check}/{finding.code}" for finding in bad)


def test_every_file_is_expected_or_left_out_by_name(folder: Path) -> None:
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    assert files == SUPPORTED.keys() | LEFT_OUT.keys()


@pytest.mark.parametrize("name", SUPPORTED)
def test_a_badge_ends_as_its_authors_expect_for_their_reason(name: str, folder: Path) -> None:
    data = (folder / name).read_bytes()
    with_pages, without, reason = SUPPORTED[name]

    known = run(data, pages_for(data, folder))
    alone = run(data, {})

    assert (known.verdict, reasons(known)) == (with_pages, reason)
    assert alone.verdict == without


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_proof_format_that_is_not_supported_is_never_called_a_bad_signature(name: str, folder: Path) -> None:
    data = (folder / name).read_bytes()

    report = run(data, pages_for(data, folder))

    assert reasons(report) == "proof/unsupported-proof"
    assert report.verdict == INCONCLUSIVE

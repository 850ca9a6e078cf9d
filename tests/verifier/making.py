"""Badges, keys and lists for the tests of the verifier."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges import proof
from badges.credential import Mechanism
from badges.status import build_list, empty, set_bit
from keys import did
from keys.signer import LocalSigner, local_signer
from tests.fakes.web import FakeWeb
from verifier.lists import StatusLists
from verifier.report import Report
from verifier.trust import Trust
from verifier.verify import check_report

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
ISSUER = "did:web:issuer.example:providers:kita"
DID_URL = "https://issuer.example/providers/kita/did.json"
LIST_URL = "https://issuer.example/providers/kita/status/revocation/1"


def signer_of(seed: int, key_id: str) -> LocalSigner:
    return local_signer(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32), key_id)


def did_key_signer(seed: int) -> LocalSigner:
    multikey = signer_of(seed, "").public.to_multikey()
    return signer_of(seed, f"did:key:{multikey}#{multikey}")


SIGNER = signer_of(1, f"{ISSUER}#k1")
STRANGER = signer_of(2, f"{ISSUER}#k1")


def did_document(*signers: LocalSigner, issuer: str = ISSUER, **ends: datetime) -> bytes:
    methods = [did.VerificationMethod(one.key_id, issuer, one.public, **ends) for one in signers]
    return orjson.dumps(did.build_document(issuer, methods))


def credential(issuer: str = ISSUER, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": issuer, "type": ["Profile"], "name": "北の学校"},
        "validFrom": "2026-11-01T00:00:00+09:00",
        "name": "データ入門",
        "credentialSubject": {
            "id": "urn:uuid:11111111-2222-4333-8444-555555555555",
            "type": ["AchievementSubject"],
            "achievement": achievement(),
        },
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def achievement(**changes: Any) -> dict[str, Any]:
    return {
        "id": "https://issuer.example/providers/kita/achievements/data/1",
        "type": ["Achievement"],
        "name": "データ入門",
        "description": "データの読み方を学ぶ。",
        "criteria": {"narrative": "修了テストに合格する。"},
        **changes,
    }


def with_subject(**changes: Any) -> dict[str, Any]:
    made = credential()
    return {**made, "credentialSubject": {**made["credentialSubject"], **changes}}


def entry(index: object = "5", purpose: str = "revocation", **changes: Any) -> dict[str, Any]:
    return {
        "id": f"{LIST_URL}#5",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": index,
        "statusListCredential": LIST_URL,
        **changes,
    }


def status_list(
    *revoked: int, signer: LocalSigner = SIGNER, mechanism: Mechanism = Mechanism.VC_JWT, **changes: Any
) -> bytes:
    bits = empty()
    for index in revoked:
        bits = set_bit(bits, index)
    options: dict[str, Any] = {
        "url": LIST_URL,
        "issuer": ISSUER,
        "purpose": "revocation",
        "valid_from": "2026-11-22T00:00:00Z",
        "valid_until": "2026-11-30T00:00:00Z",
        **changes,
    }
    return proof.sign(build_list(bits=bits, **options), signer, mechanism).encode()


def signed(
    claims: Mapping[str, object], signer: LocalSigner = SIGNER, mechanism: Mechanism = Mechanism.VC_JWT
) -> bytes:
    return proof.sign(claims, signer, mechanism).encode()


def pages(**more: bytes) -> dict[str, bytes]:
    return {DID_URL: did_document(SIGNER), **more}


@dataclass
class Desk:
    """Somebody who checks badges, with a web of their own."""

    web: FakeWeb = field(default_factory=lambda: FakeWeb(pages()))
    trust: Trust = field(default_factory=Trust)
    lists: StatusLists = field(default_factory=StatusLists)
    now: datetime = NOW

    def check(self, data: bytes) -> Report:
        return check_report(data, now=self.now, web=self.web, trust=self.trust, lists=self.lists)

    def serve(self, url: str, page: bytes) -> None:
        self.web.pages[url] = page


def codes(report: Report) -> dict[str, str]:
    """Each check's outcome and code, as "passed well-formed"."""
    return {str(one.check): f"{one.outcome} {one.code}" for one in report.findings}

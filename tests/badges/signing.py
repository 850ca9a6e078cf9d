"""A badge and its signers, for the tests of proofs."""

from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from badges import proof
from badges.credential import Mechanism, build_credential
from badges.model import (
    Achievement,
    Alignment,
    Criteria,
    Profile,
    Result,
    ResultDescription,
    RubricCriterionLevel,
    Subject,
)
from keys.signer import LocalSigner, local_signer

ISSUER = "did:web:issuer.example:providers:kita"


def ed25519(seed: int, key_id: str = f"{ISSUER}#k1") -> LocalSigner:
    return local_signer(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32), key_id)


SIGNER = ed25519(1)
STRANGER = ed25519(2)
P256 = local_signer(ec.derive_private_key(7, ec.SECP256R1()), f"{ISSUER}#k2")
KEYS = {signer.key_id: signer.public for signer in (SIGNER, P256)}
LEVEL = "https://issuer.example/providers/kita/achievements/data/1#l3"


def badge() -> dict[str, Any]:
    alignment = Alignment(
        "ITSS V3 レベル3", "https://registry.example/frameworks/itss/3/levels/itss/3", "itss/3/itss/3"
    )
    level = RubricCriterionLevel(LEVEL, "レベル3", alignment=(alignment,))
    description = ResultDescription(
        f"{LEVEL}-result", "到達度", "RubricCriterionLevel", rubric_criterion_level=(level,)
    )
    achievement = Achievement(
        "https://issuer.example/providers/kita/achievements/data/1",
        "データ分析基礎",
        "データ分析の基礎を学ぶ。",
        Criteria(narrative="修了テストに合格する。\n一回まで受け直せる。"),
        achievement_type="Course",
        alignment=(Alignment("データ理解", "https://registry.example/frameworks/dss-p/2.0/items/1"),),
        result_description=(description,),
        tag=("データ", "分析"),
    )
    return build_credential(
        id="urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
        issuer=Profile(ISSUER, "北の学校", "https://kita.example/"),
        subject=Subject(
            "urn:uuid:11111111-2222-4333-8444-555555555555",
            achievement,
            result=(Result(f"{LEVEL}-result", LEVEL),),
        ),
        valid_from="2026-11-01T00:00:00+09:00",
        valid_until="2029-11-01T00:00:00+09:00",
        name="データ分析基礎",
        status={
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "94567",
            "statusListCredential": "https://issuer.example/providers/kita/status/revocation/1",
        },
    )


def signed(**changes: Any) -> dict[str, Any]:
    """The badge with an embedded proof, and then changed."""
    made: dict[str, Any] = orjson.loads(proof.sign(badge(), SIGNER, Mechanism.DATA_INTEGRITY))
    return {**made, **changes}


def with_proof(**changes: Any) -> str:
    """The text of a signed badge whose proof was changed; `...` removes a member."""
    made = signed()
    members = {**made["proof"][0], **changes}
    made["proof"] = [{member: value for member, value in members.items() if value is not ...}]
    return orjson.dumps(made).decode()

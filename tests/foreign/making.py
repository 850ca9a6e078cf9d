"""Badges with Japanese text, and the status list that they name, made with our own builder and signers."""

from functools import reduce

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from badges.credential import build_credential
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
from badges.proof import Mechanism, sign
from badges.status import StatusEntry, build_list, empty, set_bit
from keys.public_key import Algorithm
from keys.signer import LocalSigner, did_key_signer, generate

LIST_URL = "https://kita.example/providers/kita/status/revocation/1"
SLOT = 94_567
FRAMEWORK = "https://registry.example/frameworks/itss/3"


def signer_for(algorithm: Algorithm) -> LocalSigner:
    return did_key_signer(generate(algorithm))


def level(value: int) -> RubricCriterionLevel:
    alignment = Alignment(
        f"ITSS V3 レベル{value}",
        f"{FRAMEWORK}/levels/itss/{value}",
        f"itss/3/itss/{value}",
        target_framework="ITスキル標準 V3",
        target_type="CFRubricCriterionLevel",
    )
    return RubricCriterionLevel(f"urn:uuid:0000000{value}-0000-4000-8000-000000000000", f"レベル{value}", (alignment,))


def achievement(**texts: str) -> Achievement:
    levels = (level(2), level(3))
    described = ResultDescription(
        "urn:uuid:00000009-0000-4000-8000-000000000000",
        "到達レベル",
        "RubricCriterionLevel",
        rubric_criterion_level=levels,
    )
    item = Alignment("ITスペシャリスト", f"{FRAMEWORK}/items/itss3-06", "itss3-06", target_type="CFItem")
    return Achievement(
        id="https://kita.example/providers/kita/achievements/data/1",
        name=texts.get("name", "データ分析の基礎 修了🎓"),
        description=texts.get("description", "売上の集計を自分で直せるようになる。\n𠮷野家の例を使う。"),
        criteria=Criteria(narrative="確認テスト 80点以上"),
        achievement_type="CertificateOfCompletion",
        alignment=(item,),
        result_description=(described,),
        tag=("データ", "統計"),
    )


DATA_BASICS = achievement()


def badge(
    signer: LocalSigner, *, earned: Achievement = DATA_BASICS, status: bool = True, **texts: str
) -> dict[str, object]:
    issuer = Profile(id=signer.key_id.partition("#")[0], name="青嶺デモ大学 公開講座センター")
    earned = achievement(**texts) if texts else earned
    described = earned.result_description[0]
    result = Result(result_description=described.id, achieved_level=described.rubric_criterion_level[1].id)
    subject = Subject(id="urn:uuid:11111111-2222-4333-8444-555555555555", achievement=earned, result=(result,))
    return build_credential(
        id="urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c3d",
        issuer=issuer,
        subject=subject,
        valid_from="2026-11-01T00:00:00+09:00",
        valid_until="2029-11-01T00:00:00+09:00",
        name=earned.name,
        status=StatusEntry(LIST_URL, SLOT, "revocation").to_json() if status else None,
    )


def status_list(signer: LocalSigner, *revoked: int) -> str:
    unsigned = build_list(
        url=LIST_URL,
        issuer=signer.key_id.partition("#")[0],
        purpose="revocation",
        bits=reduce(set_bit, revoked, empty()),
        valid_from="2026-11-01T00:00:00Z",
        valid_until="2099-01-01T00:00:00Z",
    )
    return sign(unsigned, signer, Mechanism.VC_JWT)


def pem(signer: LocalSigner) -> bytes:
    return signer.public.raw.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

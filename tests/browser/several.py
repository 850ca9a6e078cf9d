"""Made-up reports of several badges, as a page holds them, for the views that only show them."""

from typing import Any

import orjson

from schemas.frameworks import FOLDER, FRAMEWORKS, framework, level_name, parse_level

LANGUAGES = ("ja", "en")
PROVIDERS = {
    "kita": {"ja": "北の学校（例）", "en": "North School (example)"},
    "aomine": {"ja": "青嶺デモ大学 公開講座センター", "en": "Aomine Demo University Extension Centre"},
    "kobo": {"ja": "デモ工房アカデミー", "en": "Demo Workshop Academy"},
}
CHECKS = ("form", "proof", "binding", "validity", "status", "trust", "holder", "endorsement")
GOOD = {
    "form": "well-formed",
    "proof": "signature-verifies",
    "binding": "key-of-issuer",
    "validity": "within-validity",
    "status": "not-revoked",
    "trust": "accredited",
    "holder": "holder-not-checked",
    "endorsement": "no-endorsements",
}


def badge(
    name: tuple[str, str],
    provider: str,
    skills: list[str],
    levels: list[str],
    **other: Any,
) -> dict[str, Any]:
    """Return a badge with its report; without `wrong` it is verified and accredited."""
    at_issue, now = other.get("standing", ("accredited", "accredited"))
    findings = [finding(check, other.get("wrong"), at_issue) for check in CHECKS]
    verdict = {"failed": "not-verified", "unknown": "inconclusive"}.get(other.get("wrong", ("", "", ""))[1], "verified")
    return {
        "text": f"eyJ.{name[1]}.signature",
        "holder": other.get("holder", "proven"),
        "report": {
            "verdict": verdict,
            "standing": {"atIssue": at_issue, "now": now},
            "findings": findings,
            "credential": {
                one: shown(one, name[index], provider, other)
                | {"skills": [skill(code, one) for code in skills], "levels": [level(code, one) for code in levels]}
                for index, one in enumerate(LANGUAGES)
            },
            "registry": {"number": 12, "of": "https://registry.example"},
            "statusLists": [
                {"url": f"https://{provider}.example/status/revocation/1", "validFrom": "2026-11-24T03:00:00Z"}
            ],
            "fetched": [],
            "checkedAt": "2026-11-25T05:12:00Z",
            "checkedBy": "page",
        },
    }


def finding(check: str, wrong: tuple[str, str, str] | None, at_issue: str) -> dict[str, Any]:
    """Return the finding of a check."""
    outcome, code = "passed", GOOD[check]
    if check == "trust" and at_issue != "accredited":
        outcome, code = "unknown", "not-in-register" if at_issue == "unknown" else "not-accredited"
    if check == "holder":
        outcome = "unknown"
    if wrong and wrong[0] == check:
        outcome, code = wrong[1], wrong[2]
    return {"check": check, "outcome": outcome, "code": code, "params": {}, "at": ""}


def shown(language: str, title: str, provider: str, other: dict[str, Any]) -> dict[str, Any]:
    """Return what a person is shown of it, but for its items and levels."""
    known = other.get("standing", ("accredited", ""))[0] != "unknown"
    called = PROVIDERS[provider][language]
    return {
        "id": "urn:uuid:7e5a6a5e-5ef5-4f0e-9d3b-0c7f5a1b2c31",
        "mechanism": "vc-jwt",
        "types": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": title,
        "issuer": {
            "id": f"did:web:{provider}.example",
            "domain": f"{provider}.example",
            "registered": {
                "name": called,
                "url": f"https://{provider}.example/",
                "domain": f"{provider}.example",
                "accreditedBy": ["デモ認証機関"],
            }
            if known
            else None,
            "claimedName": called,
            "claimedUrl": f"https://{provider}.example/",
        },
        "achievement": {
            "id": f"https://{provider}.example/achievements/1",
            "name": title,
            "description": "",
            "type": other.get("type", "CertificateOfCompletion"),
            "criteria": {"narrative": "確認テスト 80点以上", "url": ""},
        },
        "results": [],
        "validFrom": other.get("since", "2026-04-01T00:00:00+09:00"),
        "validUntil": other.get("until"),
        "awardedDate": None,
        "holder": {"kind": "did", "key": True, "identityHashes": 0},
    }


def level(code: str, language: str) -> dict[str, Any]:
    """Return a level."""
    name = level_name(parse_level(code)).said(language)
    return {"code": code, "name": name, "url": "", "known": True, "by": "achievement"}


def skill(code: str, language: str) -> dict[str, Any]:
    """Return an item of a skill standard."""
    key, _, item = code.rpartition("/")
    standard = framework(key)
    return {
        "framework": key,
        "frameworkName": standard.name.said(language),
        "item": item,
        "name": standard.item(item).name.said(language),
        "url": "",
        "known": True,
    }


PYTHON = badge(
    ("Pythonによるデータ分析 修了", "Data analysis with Python: completed"),
    "kita",
    ["dss-p/2.0/dssp2-2.2-01", "dss-p/2.0/dssp2-2.2-02"],
    ["itss/3/demo-itss/3"],
    since="2026-09-30T00:00:00+09:00",
)
LITERACY = badge(
    ("はじめてのDXリテラシー 修了", "DX literacy for beginners: completed"),
    "aomine",
    [f"dss-l/1/{item.id}" for item in list(FRAMEWORKS["dss-l/1"].items)[:9]],
    [],
    since="2025-06-15T00:00:00+09:00",
    until="2028-06-15T00:00:00+09:00",
)
FIELDWORK = badge(
    ("地域企業との協働 現場研修", "Work in a local company: fieldwork"),
    "kobo",
    ["dss-p/2.0/dssp2-1.3-05"],
    ["itss/3/demo-itss/2"],
    type="Fieldwork",
    since="2026-02-28T00:00:00+09:00",
)
STATISTICS = badge(
    ("統計の基礎 修了", "Basics of statistics: completed"),
    "aomine",
    ["dss-p/2.0/dssp2-2.2-01"],
    ["itss/3/demo-itss/2"],
    since="2024-12-20T00:00:00+09:00",
    standing=("accredited", "registered"),
)
REVOKED = badge(
    ("クラウド入門 修了", "Introduction to cloud: completed"),
    "kita",
    ["dss-p/2.0/dssp2-3.1-01"],
    ["itss/3/demo-itss/1"],
    wrong=("status", "failed", "revoked"),
    since="2025-10-01T00:00:00+09:00",
)
UNREACHABLE = badge(
    ("セキュリティ基礎 修了", "Basics of security: completed"),
    "kobo",
    ["dss-p/2.0/dssp2-4.1-01"],
    ["itss/3/demo-itss/2"],
    wrong=("status", "unknown", "list-unreachable"),
    since="2026-01-10T00:00:00+09:00",
)
UNACCREDITED = badge(
    ("AI活用講座 修了", "Using AI: completed"),
    "kobo",
    ["dss-p/2.0/dssp2-2.1-01"],
    ["itss/3/demo-itss/2"],
    standing=("registered", "registered"),
    since="2026-05-01T00:00:00+09:00",
)
STRANGERS = badge(
    ("機械学習エンジニア養成 修了", "Machine learning engineering: completed"),
    "kita",
    ["dss-p/2.0/dssp2-2.2-02"],
    ["itss/3/demo-itss/4"],
    holder="not-proven",
    since="2026-08-01T00:00:00+09:00",
)
MANY = [PYTHON, LITERACY, FIELDWORK, STATISTICS, REVOKED, UNREACHABLE, UNACCREDITED, STRANGERS]
FILES = {file.name: orjson.loads(file.read_bytes()) for file in FOLDER.glob("*.json")}

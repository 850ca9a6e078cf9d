"""What a report comes to, in one word, for pages without scripts: the counterpart of badges/web/static/verdict.js."""

import re
from typing import Final

from badges import strict_json
from badges.errors import BadgeError
from verifier.report import Check, Finding, Outcome, Report, Verdict

NOTHING_INSIDE: Final = frozenset({"no-credential", "no-credential-in-qr", "empty", "not-a-badge", "not-an-object"})
UNREADABLE: Final = frozenset(
    {
        "bad-base64",
        "bad-link",
        "bad-png",
        "bad-png-text",
        "bad-svg",
        "bad-svg-credential",
        "link-behind-link",
        "link-not-allowed",
        "link-unreachable",
        "lone-surrogate",
        "not-a-jws",
        "not-finite",
        "not-json",
        "not-utf-8",
        "nul-character",
        "open-badges-2",
        "readers-busy",
        "several-credentials",
        "several-qr-codes",
        "too-deep",
        "too-large",
        "too-long-number",
        "too-many-members",
        "too-many-pixels",
        "unreadable-picture",
        "white-space",
    }
)
WORDS: Final = {
    (Check.PROOF, "bad-signature"): "changed",
    (Check.PROOF, "key-not-listed"): "wrong-key",
    (Check.BINDING, "key-of-another"): "wrong-key",
    (Check.VALIDITY, "expired"): "expired",
    (Check.VALIDITY, "not-yet-valid"): "not-yet-valid",
    (Check.STATUS, "revoked"): "revoked",
    (Check.STATUS, "revoked-in-misplaced-list"): "revoked",
    (Check.STATUS, "suspended"): "on-hold",
    (Check.STATUS, "suspended-in-misplaced-list"): "on-hold",
}
TONES: Final = {
    "accredited": "good",
    "registered": "care",
    "unknown": "care",
    "no-register": "care",
    "expired": "care",
    "not-yet-valid": "care",
    "on-hold": "care",
    "nothing": "none",
    "unreadable": "none",
    "inconclusive": "none",
}
ADVISED: Final = frozenset({"unknown", "no-register", "changed", "wrong-key", "unsigned", "expired", "on-hold"})
"""The words for which there is advice, `page.advice.<word>`."""

WRITTEN: Final = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})T(?P<clock>\d{2}:\d{2}):\d{2}(?:\.\d+)?(?P<offset>Z|[+-]\d{2}:\d{2})"
)
BADGE_TYPES: Final = frozenset({"VerifiableCredential", "OpenBadgeCredential", "AchievementCredential"})


def word_of(report: Report, *, says_badge: bool) -> str:
    """Return the word for a report, whose headline is `page.verdict.<word>`: the first thing that went wrong decides.

    Args:
        report: Any report.
        says_badge: Whether what was given calls itself a badge; a document without a proof may be anything.
    """
    if report.verdict is Verdict.VERIFIED:
        return "no-register" if report.snapshot_number is None else str(report.at_issue)
    first = first_wrong(report)
    match first:
        case Finding(check=Check.FORM, code=code) if code in NOTHING_INSIDE:
            return "nothing"
        case Finding(check=Check.FORM, code=code) if code in UNREADABLE:
            return "unreadable"
        case Finding(check=Check.PROOF, code="no-proof"):
            return "unsigned" if says_badge else "nothing"
    if first is None or report.verdict is Verdict.INCONCLUSIVE:
        return str(report.verdict)
    return WORDS.get((first.check, first.code), str(report.verdict))


def first_wrong(report: Report) -> Finding | None:
    """Return the first finding that keeps a report from being good."""
    wrong = Outcome.FAILED if report.verdict is Verdict.NOT_VERIFIED else Outcome.UNKNOWN
    return next((one for one in report.findings if one.outcome is wrong and one.code != "not-checked"), None)


def tone_of(word: str) -> str:
    """Return the tone of a word. "bad" accuses somebody: it is not for what we could not read."""
    return TONES.get(word, "bad")


def is_badge(word: str) -> bool:
    """Tell whether there is a badge to say more about."""
    return word not in {"nothing", "unreadable"}


def says_badge(data: bytes) -> bool:
    """Tell whether data call themselves a badge. What is in a picture was put there to be one."""
    if not data.lstrip().startswith((b"{", b"[")):
        return True
    try:
        types = strict_json.parse_object(data).get("type")
    except BadgeError:
        return False
    listed = types if isinstance(types, list) else [types]
    return any(isinstance(one, str) and one in BADGE_TYPES for one in listed)


def moment(value: str) -> str:
    """Return a time as people read it, on the clock on which it is written; what is no time stays as it is."""
    found = WRITTEN.fullmatch(value)
    if not found:
        return value
    zone = found["offset"].replace("Z", "UTC")
    return f"{found['day']} {found['clock']} ({zone if zone == 'UTC' else f'UTC{zone}'})"

"""The order of the checks, and when to stop.

Nothing that a document names is fetched before its proof verifies, save the key.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from badges import proof
from badges.accreditation import Standing
from badges.errors import BadgeError, ClaimsError, ProofError, UnsupportedError
from badges.proof import UnverifiedCredential, VerifiedCredential
from keys.public_key import KeyFormatError
from verifier import checks
from verifier.checks import Signature
from verifier.intake import IntakeError, receive
from verifier.lists import StatusLists
from verifier.report import NOT_MADE, Check, Finding, Outcome, Report, failed, passed, unknown, warning
from verifier.resolve import UnresolvedKeyError, resolve
from verifier.shown import ShownCredential
from verifier.trust import Trust
from verifier.web import Recorder, Web


def verify(text: str, *, now: datetime, web: Web, trust: Trust, lists: StatusLists) -> Report:
    """Return everything that can be found out about the credential in a text. Never raises for what the text holds."""
    visit = web if isinstance(web, Recorder) else Recorder(web)
    frame = Frame(now, visit, trust, lists)
    try:
        unverified = proof.peek(text)
    except BadgeError as error:
        return frame.report(refusal(error))
    form = checks.check_form(unverified.claims)
    proven = prove(unverified, visit, trust)
    if not isinstance(proven, Proven):
        return frame.report([form, *proven] if proven[0].check is not Check.FORM else proven)
    credential, claims = proven.credential, proven.credential.claims
    binding, key = checks.check_binding(proven.signatures, claims, now=now, web=visit, trust=trust)
    # A badge by somebody else than it says must not make us read the list that it names.
    status = (
        unknown(Check.STATUS, "not-checked")
        if binding.outcome is Outcome.FAILED
        else checks.check_status(claims, lists=lists, now=now, web=visit, trust=trust)
    )
    standing, at_issue, standing_now = checks.check_trust(claims, key, trust, now)
    findings = [
        form,
        proven.finding,
        binding,
        checks.check_validity(credential, now),
        status,
        standing,
        checks.check_holder(claims),
        checks.check_endorsements(claims),
    ]
    return frame.report(findings, at_issue, standing_now, ShownCredential(credential, trust))


@dataclass(frozen=True)
class Proven:
    """A credential whose every proof verified."""

    credential: VerifiedCredential
    signatures: tuple[Signature, ...]
    finding: Finding


def prove(unverified: UnverifiedCredential, web: Web, trust: Trust) -> Proven | list[Finding]:
    """Return the credential with its proofs verified, or the findings that say why not."""
    try:
        keys = {one.verification_method or "": resolve(one, web, trust) for one in unverified.proofs}
    except UnresolvedKeyError as error:
        return [(failed if error.certain else unknown)(Check.PROOF, error.code)]
    try:
        credential = proof.verify(unverified, {key_id: one.key for key_id, one in keys.items()})
    except (BadgeError, KeyFormatError) as error:
        return refusal(error)
    signatures = tuple(Signature(one, keys[one.verification_method or ""]) for one in credential.proofs)
    return Proven(credential, signatures, proof_finding(credential))


def proof_finding(credential: VerifiedCredential) -> Finding:
    """Return the finding of a proof that verified."""
    if credential.warnings:
        return warning(Check.PROOF, credential.warnings[0])
    return passed(Check.PROOF, "signature-verifies")


def refusal(error: BadgeError | KeyFormatError) -> list[Finding]:
    """Return what the core's refusal of a document means for its report."""
    match error:
        case UnsupportedError():
            return [unknown(Check.PROOF, error.code, **error.params)]
        case ProofError():
            return [failed(Check.PROOF, error.code, **error.params)]
        case ClaimsError():
            return [failed(Check.BINDING, error.code, at=error.pointer, **error.params)]
        case BadgeError():
            return [failed(Check.FORM, error.code, at=error.pointer, **error.params)]
    return [failed(Check.PROOF, "unusable-key")]


@dataclass(frozen=True)
class Frame:
    """What every report of one verification has in common."""

    now: datetime
    web: Recorder
    trust: Trust
    lists: StatusLists

    def report(
        self,
        findings: Sequence[Finding],
        at_issue: Standing = Standing.UNKNOWN,
        standing_now: Standing = Standing.UNKNOWN,
        credential: ShownCredential | None = None,
    ) -> Report:
        """Return the report; a check without a finding was not made."""
        made = {finding.check: finding for finding in findings}
        snapshot = self.trust.snapshot
        return Report(
            findings=tuple(made.get(check, finding) for check, finding in NOT_MADE.items()),
            at_issue=at_issue,
            standing_now=standing_now,
            checked_at=self.now,
            credential=credential,
            registry=snapshot.registry if snapshot else "",
            snapshot_number=snapshot.number if snapshot else None,
            fetched=tuple(self.web.fetched),
            own=tuple(self.web.own),
            status_lists=tuple(self.dated_lists()),
        )

    def dated_lists(self) -> Iterator[tuple[str, datetime]]:
        """Yield the status lists that were read, with their dates."""
        for url in dict.fromkeys(self.web.fetched):
            start = self.lists.date_of(url)
            if start is not None:
                yield url, start


def check_report(data: bytes, *, now: datetime, web: Web, trust: Trust, lists: StatusLists) -> Report:
    """Return the report on whatever somebody handed in. Never raises for what it is."""
    visit = Recorder(web)
    frame = Frame(now, visit, trust, lists)
    try:
        text = receive(data, visit)
    except IntakeError as error:
        return frame.report([(failed if error.certain else unknown)(Check.FORM, error.code)])
    except BadgeError as error:
        return frame.report(refusal(error))
    return verify(text, now=now, web=visit, trust=trust, lists=lists)

"""Revoke, and publish: a list's `validFrom` only rises, and a bit never clears."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce

from badges import status
from badges.credential import Mechanism
from badges.proof import sign
from issuer.issuing import Issuing
from issuer.providers import KeyEndedError, keys_left, signers
from issuer.store import Award, Provider, StatusList
from keys.date_time_stamp import parse, stamp

LIFETIME = timedelta(days=30)
RENEW_AFTER = timedelta(days=7)
MAX_AHEAD = timedelta(seconds=2)
"""How far a list may be dated ahead of the clock. Its date rises by a second each time, and verifiers refuse one from
the future: a burst of revocations shares a publication instead."""


class Reason(StrEnum):
    """Why a credential is revoked: a closed list, because free text would be about people."""

    ISSUED_IN_ERROR = "issued-in-error"
    REQUIREMENTS_NOT_MET = "requirements-not-met"
    MISCONDUCT = "misconduct"
    SUPERSEDED = "superseded"
    HOLDER_REQUEST = "holder-request"
    KEY_COMPROMISED = "key-compromised"


def revoke(credential_id: str, reason: Reason, provider: Provider, issuing: Issuing, *, now: datetime) -> None:
    """Revoke a credential for good; a second time changes nothing.

    Its list is published in the same commit, or, where many are revoked at once or no key may sign, with the next one.

    Raises:
        UnknownCredentialError: The provider has signed none of that id.
    """
    award = issuing.store.award(provider.slug, credential_id)
    if award.revoked is None:
        ended = replace(award, revoked=stamp(now), reason=str(reason))
        publish(provider, award.list, issuing, now, ended=ended)


def published(provider: Provider, number: int, issuing: Issuing, *, now: datetime) -> dict[Mechanism, str]:
    """Return a status list in the proof formats that it was signed in, signed anew where it must be; empty for none.

    Raises:
        KeyEndedError: It was never signed, and the provider has no key that may.
    """
    found = issuing.store.status_list(provider.slug, number)
    if found is None:
        return {}
    if must_be_signed(found, provider, issuing, now):
        publish(provider, number, issuing, now)
        found = issuing.store.status_list(provider.slug, number) or found
    texts = {Mechanism.DATA_INTEGRITY: found.data_integrity, Mechanism.VC_JWT: found.vc_jwt}
    signed = {mechanism: text for mechanism, text in texts.items() if text is not None}
    if not signed:
        raise KeyEndedError
    return signed


def must_be_signed(found: StatusList, provider: Provider, issuing: Issuing, now: datetime) -> bool:
    """Tell whether a list lacks a revocation, grows old, or was signed with a key that has been ended for that day."""
    if found.valid_from is None or found.stale or now - parse(found.valid_from) > RENEW_AFTER:
        return True
    numbers, signed = set((found.keys or "").split()), parse(found.valid_from)
    good = {str(record.number) for record in issuing.keys.records(provider.slug) if record.active(signed)}
    return not numbers <= good


def publish(provider: Provider, number: int, issuing: Issuing, now: datetime, *, ended: Award | None = None) -> None:
    """Sign a list anew and keep it, together with the revocation that is the reason, if one is."""

    def signed(row: StatusList, slots: Sequence[int]) -> dict[str, str | None] | None:
        valid_from = following(row.valid_from, now)
        # Those that may sign at that very moment, at which verifiers look: it may lie beyond a midnight of rotation.
        records = keys_left(issuing.keys, provider, valid_from)
        if not records or valid_from > now + MAX_AHEAD:
            return None
        credential = status.build_list(
            url=issuing.addresses.status_list(provider.slug, number),
            issuer=provider.did,
            purpose="revocation",
            bits=reduce(status.set_bit, slots, status.empty()),
            valid_from=stamp(valid_from),
            valid_until=stamp(valid_from + LIFETIME),
        )
        chosen = signers(issuing.keys, records)
        texts = {mechanism: sign(credential, signer, mechanism) for mechanism, signer in chosen.items()}
        return {
            "valid_from": stamp(valid_from),
            "keys": " ".join(sorted({str(record.number) for record in records.values()})),
            "data_integrity": texts.get(Mechanism.DATA_INTEGRITY),
            "vc_jwt": texts.get(Mechanism.VC_JWT),
        }

    issuing.store.publish(provider.slug, number, signed, revoke=ended)


def following(last: str | None, now: datetime) -> datetime:
    """Return the list's next `validFrom`: now, but later than the last."""
    present = now.replace(microsecond=0)
    return max(present, parse(last) + timedelta(seconds=1)) if last else present

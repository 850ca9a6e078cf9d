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
from issuer.providers import active_keys, signers
from issuer.store import Award, Provider, StatusList
from keys.date_time_stamp import stamp

LIFETIME = timedelta(days=30)
RENEW_AFTER = timedelta(days=7)


class Reason(StrEnum):
    """Why a credential is revoked: a closed list, because free text would be about people."""

    ISSUED_IN_ERROR = "issued-in-error"
    REQUIREMENTS_NOT_MET = "requirements-not-met"
    MISCONDUCT = "misconduct"
    SUPERSEDED = "superseded"
    HOLDER_REQUEST = "holder-request"
    KEY_COMPROMISED = "key-compromised"


def revoke(credential_id: str, reason: Reason, provider: Provider, issuing: Issuing, *, now: datetime) -> None:
    """Revoke a credential for good and publish its list, in one commit; a second time changes nothing.

    Raises:
        UnknownCredentialError: The provider has signed none of that id.
        KeyEndedError: The provider has no key that may sign the list.
    """
    award = issuing.store.award(provider.slug, credential_id)
    if award.revoked is None:
        ended = replace(award, revoked=stamp(now), reason=str(reason))
        publish(provider, award.list, issuing, now, ended=ended)


def published(provider: Provider, number: int, mechanism: Mechanism, issuing: Issuing, *, now: datetime) -> str | None:
    """Return a status list in a proof format, signed anew when the last signature grows old; None if there is none.

    Raises:
        KeyEndedError: The provider has no key that may sign the list.
    """
    found = issuing.store.status_list(provider.slug, number)
    if found is None:
        return None
    if found.valid_from is None or now - datetime.fromisoformat(found.valid_from) > RENEW_AFTER:
        publish(provider, number, issuing, now)
        found = issuing.store.status_list(provider.slug, number) or found
    return found.vc_jwt if mechanism is Mechanism.VC_JWT else found.data_integrity


def publish(provider: Provider, number: int, issuing: Issuing, now: datetime, *, ended: Award | None = None) -> None:
    """Sign a list anew and keep it, together with the revocation that is the reason, if one is."""
    chosen = signers(issuing.keys, active_keys(issuing.keys, provider, now))

    def signed(row: StatusList, slots: Sequence[int]) -> dict[str, str]:
        valid_from = following(row.valid_from, now)
        credential = status.build_list(
            url=issuing.addresses.status_list(provider.slug, number),
            issuer=provider.did,
            purpose="revocation",
            bits=reduce(status.set_bit, slots, status.empty()),
            valid_from=stamp(valid_from),
            valid_until=stamp(valid_from + LIFETIME),
        )
        texts = {mechanism: sign(credential, signer, mechanism) for mechanism, signer in chosen.items()}
        return {
            "valid_from": stamp(valid_from),
            "data_integrity": texts[Mechanism.DATA_INTEGRITY],
            "vc_jwt": texts[Mechanism.VC_JWT],
        }

    issuing.store.publish(provider.slug, number, signed, revoke=ended)


def following(last: str | None, now: datetime) -> datetime:
    """Return the list's next `validFrom`: now, but later than the last."""
    present = now.replace(microsecond=0)
    return max(present, datetime.fromisoformat(last) + timedelta(seconds=1)) if last else present

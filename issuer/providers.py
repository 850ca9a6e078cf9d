"""Who issues, with which keys, and when its day begins."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from badges.credential import Mechanism
from issuer.store import Provider
from keys.did import VerificationMethod, build_document
from keys.public_key import Algorithm
from keys.signer import Signer
from keys.store import KeyRecord, KeyStore

DEFAULT_TIME_ZONE = "Asia/Tokyo"
ALGORITHMS: Mapping[Mechanism, Algorithm] = {
    Mechanism.DATA_INTEGRITY: Algorithm.ED25519,
    Mechanism.VC_JWT: Algorithm.P256,
}
"""What new keys are: eddsa-rdfc-2022 is Ed25519, and most wallets take ES256."""


class KeyEndedError(Exception):
    """A key that should sign has been retired or revoked."""


def day_start(provider: Provider, now: datetime) -> datetime:
    """Return the midnight with which the provider's present day began."""
    return datetime.combine(now.astimezone(ZoneInfo(provider.time_zone)).date(), time(), ZoneInfo(provider.time_zone))


def create_keys(keys: KeyStore, provider: Provider, at: datetime) -> list[KeyRecord]:
    """Make a key for each proof format, valid from a moment on, and return their records."""
    return [
        keys.create(
            provider.slug,
            algorithm,
            key_id=f"{provider.did}#k{keys.next_number(provider.slug)}",
            valid_from=at,
        )
        for algorithm in ALGORITHMS.values()
    ]


def rotate_keys(keys: KeyStore, provider: Provider, at: datetime, *, now: datetime) -> list[KeyRecord]:
    """Retire the provider's keys at a coming midnight and put new ones in their place; badges signed before stay good.

    Never earlier than the next midnight: a badge says the day on which it was signed, not the hour, so that a key
    which ends today would end before the badges of this morning. Where none may sign now (one was revoked), the new
    ones begin with the present day.

    Returns:
        The records of all keys, the old ones with their end.
    """
    active = [record for record in keys.records(provider.slug) if record.active(now)]
    for record in active:
        keys.retire(provider.slug, record.number, at)
    whole = {record.public.algorithm for record in active} >= set(ALGORITHMS.values())
    create_keys(keys, provider, at if whole else day_start(provider, now))
    return list(keys.records(provider.slug))


def active_keys(keys: KeyStore, provider: Provider, at: datetime) -> dict[Mechanism, KeyRecord]:
    """Return the newest key for each proof format that may sign at that moment.

    Raises:
        KeyEndedError: A format has none.
    """
    records = [record for record in keys.records(provider.slug) if record.active(at)]
    newest = {record.public.algorithm: record for record in records}
    try:
        return {mechanism: newest[algorithm] for mechanism, algorithm in ALGORITHMS.items()}
    except KeyError as error:
        raise KeyEndedError from error


def numbered_keys(
    keys: KeyStore, provider: Provider, numbers: Iterable[int], at: datetime
) -> dict[Mechanism, KeyRecord]:
    """Return the keys of these numbers by proof format.

    Raises:
        KeyEndedError: One of them may not sign any more.
    """
    wanted = set(numbers)
    records = [record for record in keys.records(provider.slug) if record.number in wanted]
    if len(records) != len(wanted) or not all(record.active(at) for record in records):
        raise KeyEndedError
    mechanisms = {algorithm: mechanism for mechanism, algorithm in ALGORITHMS.items()}
    return {mechanisms[record.public.algorithm]: record for record in records}


def signers(keys: KeyStore, records: Mapping[Mechanism, KeyRecord]) -> dict[Mechanism, Signer]:
    """Return what signs each proof format."""
    return {mechanism: keys.signer(record) for mechanism, record in records.items()}


def did_document(keys: KeyStore, provider: Provider) -> dict[str, object]:
    """Return the provider's DID document: retired keys stay listed, revoked ones say so."""
    methods = [
        VerificationMethod(record.key_id, provider.did, record.public, record.revoked)
        for record in keys.records(provider.slug)
    ]
    return build_document(provider.did, methods)

"""Who issues, with which keys, and when its day begins."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from badges.credential import Mechanism
from issuer.store import Provider
from keys.did import VerificationMethod, build_document
from keys.public_key import Algorithm
from keys.signer import Signer
from keys.store import KeyRecord, KeyStore

DEFAULT_TIME_ZONE = "Asia/Tokyo"


class KeyEndedError(Exception):
    """A key that should sign has been retired or revoked."""


class ProviderKeys(KeyStore):
    """The providers' keys, and what new ones are.

    Args:
        folder: See `KeyStore`.
        key_encryption_key: See `KeyStore`.
        vc_jwt: For VC-JWT: P-256, which most wallets take; Ed25519, which then signs both formats; or RSA. The key for
            Data Integrity is Ed25519: eddsa-rdfc-2022 takes no other.
    """

    def __init__(self, folder: Path, key_encryption_key: bytes, *, vc_jwt: Algorithm = Algorithm.P256) -> None:
        super().__init__(folder, key_encryption_key)
        self.algorithms: Mapping[Mechanism, Algorithm] = {
            Mechanism.DATA_INTEGRITY: Algorithm.ED25519,
            Mechanism.VC_JWT: vc_jwt,
        }


def day_start(provider: Provider, now: datetime) -> datetime:
    """Return the midnight with which the provider's present day began."""
    return datetime.combine(now.astimezone(ZoneInfo(provider.time_zone)).date(), time(), ZoneInfo(provider.time_zone))


def create_keys(keys: ProviderKeys, provider: Provider, at: datetime) -> list[KeyRecord]:
    """Make a key for each proof format, valid from a moment on, and return their records."""
    return [
        keys.create(
            provider.slug,
            algorithm,
            key_id=f"{provider.did}#k{keys.next_number(provider.slug)}",
            valid_from=at,
        )
        for algorithm in dict.fromkeys(keys.algorithms.values())
    ]


def rotate_keys(keys: ProviderKeys, provider: Provider, at: datetime, *, now: datetime) -> list[KeyRecord]:
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
    whole = {record.public.algorithm for record in active} >= set(keys.algorithms.values())
    create_keys(keys, provider, at if whole else day_start(provider, now))
    return list(keys.records(provider.slug))


def active_keys(keys: ProviderKeys, provider: Provider, at: datetime) -> dict[Mechanism, KeyRecord]:
    """Return the newest key for each proof format that may sign at that moment.

    Raises:
        KeyEndedError: A format has none.
    """
    found = keys_left(keys, provider, at)
    if len(found) < len(keys.algorithms):
        raise KeyEndedError
    return found


def keys_left(keys: ProviderKeys, provider: Provider, at: datetime) -> dict[Mechanism, KeyRecord]:
    """Return the newest key that may sign at that moment for each proof format that has one."""
    newest = {record.public.algorithm: record for record in keys.records(provider.slug) if record.active(at)}
    return {mechanism: newest[one] for mechanism, one in keys.algorithms.items() if one in newest}


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
    # By what they are, not by the setting, which may have changed since: an Ed25519 key alone signed both formats.
    embedded = next(record for record in records if record.public.algorithm is Algorithm.ED25519)
    enveloping = next((record for record in records if record is not embedded), embedded)
    return {Mechanism.DATA_INTEGRITY: embedded, Mechanism.VC_JWT: enveloping}


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

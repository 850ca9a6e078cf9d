"""The issue flow: the only path to a provider's signature on a badge.

Decide, lint, record, sign, verify: in this order, so that after a crash there may be a row without a badge (the same
award, sent again, completes it), but never a badge that cannot be revoked.
"""

import hmac
import secrets
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from hashlib import sha256
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from badges import status
from badges.credential import Mechanism, build_credential
from badges.errors import BadgeError
from badges.model import Achievement, IdentityObject, Profile, Result, Subject
from badges.proof import check_text, peek, sign, verify
from badges.strict_json import dump
from issuer.accreditation import SnapshotSource, refusal
from issuer.achievements import (
    Definition,
    definition_of,
    level_id,
    parse_result_level,
    to_model,
)
from issuer.addresses import Addresses
from issuer.providers import KeyEndedError, ProviderKeys, active_keys, day_start, numbered_keys, signers
from issuer.store import Award, Provider, Store, StoredAchievement, UnknownAchievementError
from keys.signer import Signer
from keys.store import KeyRecord
from schemas.frameworks import Level, UnknownNameError
from schemas.validate import violations

IDEMPOTENCY_KEY = r"^[A-Za-z0-9_-]{22,128}$"
"""At least 128 random bits as base64url: what the register keeps of an award says nothing without them."""

TRIAL_ID = "urn:uuid:00000000-0000-4000-8000-000000000000"
UUID_BYTES = 16


@dataclass(frozen=True)
class AwardRequest:
    """What a provider asks for: which achievement, to whom, how well.

    Attributes:
        key: The idempotency key, or an offer's token: at least 128 random bits as base64url text.
        achievement: Its id.
        version: None for the newest.
        holder: A DID, or "".
        identity: A ready-made salted hash, or None. Neither: a bearer badge.
        level: The code of the level reached, or "".
    """

    key: str
    achievement: str
    version: int | None = None
    holder: str = ""
    identity: IdentityObject | None = None
    level: str = ""

    @cached_property
    def key_digest(self) -> bytes:
        """What the register keeps of the key."""
        return sha256(self.key.encode()).digest()

    @cached_property
    def award_digest(self) -> bytes:
        """What the register keeps of the rest; it says nothing without the key."""
        identity = self.identity.to_json() if self.identity else {}
        told = dump([self.achievement, self.version, self.holder, identity, self.level])
        return hmac.digest(self.key.encode(), told, "sha256")

    @cached_property
    def subject_id(self) -> str:
        """The holder's DID, else an id that no other badge has and that a retry finds again."""
        if self.holder:
            return self.holder
        derived = HKDF(SHA256(), UUID_BYTES, salt=None, info=b"akashi bearer subject").derive(self.key.encode())
        return f"urn:uuid:{UUID(bytes=derived, version=4)}"


@dataclass(frozen=True)
class Issued:
    """A credential signed in both formats: the only copy. `created` is False when it was signed before."""

    id: str
    texts: Mapping[Mechanism, str]
    created: bool


class RefusedError(Exception):
    """An award that is not issued.

    Attributes:
        code: Stable: "unknown-achievement", "achievement-retired", "unknown-level", "level-missing", "not-accredited",
            "key-used-for-another-award", "signing-key-retired", "invalid-award".
        pointer: The member of the award, "" for the whole.
        params: Words for the text that explains it.
    """

    def __init__(self, code: str, *, pointer: str = "", **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.pointer = pointer
        self.params = params


@dataclass(frozen=True)
class Issuing:
    """What issuing needs of the world."""

    store: Store
    keys: ProviderKeys
    snapshots: SnapshotSource
    addresses: Addresses


@dataclass(frozen=True)
class Earned:
    """An achievement's version, ready to stand in badges."""

    stored: StoredAchievement
    definition: Definition
    model: Achievement


def issue(
    requests: Sequence[AwardRequest], provider: Provider, issuing: Issuing, now: datetime
) -> list[Issued | RefusedError]:
    """Issue awards, each on its own, in one commit; the results stand in the order of the requests.

    The same key and award give the same badge again, another award under the same key is refused.

    Raises:
        KeyEndedError: The provider has no key that may sign.
    """
    batch = Batch(provider, issuing, now)
    known = issuing.store.awards_by_key(provider.slug, [request.key_digest for request in requests])
    refused = {
        index: fault
        for index, request in enumerate(requests)
        if request.key_digest not in known and (fault := batch.fault(request))
    }
    admitted = [request for index, request in enumerate(requests) if index not in refused]
    rows = batch.record(admitted)
    # The same key twice in one request is made once, and repeated.
    new = {request.key_digest: index for index, request in reversed(list(enumerate(requests)))}
    first = {index for digest, index in new.items() if digest not in known}
    return [
        refused.get(index) or batch.complete(request, rows[request.key_digest], created=index in first)
        for index, request in enumerate(requests)
    ]


class Batch:
    """The awards of one request: what they share is read once."""

    def __init__(self, provider: Provider, issuing: Issuing, now: datetime) -> None:
        self.provider = provider
        self.issuing = issuing
        self.now = now
        self.start = day_start(provider, now)
        self.signers: dict[str, dict[Mechanism, Signer]] = {}
        self.earned: dict[tuple[str, int | None], Earned] = {}
        self.standing: dict[tuple[str, int, str], str] = {}
        self.snapshot = issuing.snapshots.latest()
        self.profile = Profile(id=provider.did, name=provider.name_ja, url=issuing.addresses.profile(provider.slug))

    @cached_property
    def records(self) -> dict[Mechanism, KeyRecord]:
        """The keys that sign what is new; a retry is signed by those of its row."""
        return active_keys(self.issuing.keys, self.provider, self.now)

    def fault(self, request: AwardRequest) -> RefusedError | None:
        """Return why an award may not be issued, if so: decided and linted before anything is recorded."""
        try:
            earned = self.achievement(request.achievement, request.version)
            if earned.stored.retired is not None:
                return RefusedError("achievement-retired", pointer="/achievement")
            result = results(request, earned)
            reason = self.not_accredited(earned, request.level, result)
            if reason:
                return RefusedError("not-accredited", pointer="/achievement", reason=reason)
            trial = self.build(request, earned, TRIAL_ID, slot=0, number=1, day=self.start.date())
            check_text(trial)
        except UnknownAchievementError:
            return RefusedError("unknown-achievement", pointer="/achievement")
        except RefusedError as refused:
            return refused
        except BadgeError as error:
            return RefusedError("invalid-award", why=error.code, at=error.pointer)
        return next((RefusedError("invalid-award", why="schema", at=one.pointer) for one in violations(trial)), None)

    def achievement(self, achievement_id: str, version: int | None) -> Earned:
        """Return an achievement, read once for the batch."""
        place = achievement_id, version
        if place not in self.earned:
            stored = self.issuing.store.achievement(self.provider.slug, achievement_id, version)
            definition = definition_of(stored)
            self.earned[place] = Earned(stored, definition, to_model(stored, definition, self.issuing.addresses))
        return self.earned[place]

    def not_accredited(self, earned: Earned, level: str, result: tuple[Result, ...]) -> str:
        """Return why the registry does not vouch for it, asked once for each achievement and level of the batch."""
        place = earned.stored.id, earned.stored.version, level
        if place not in self.standing:
            keys = [record.key_id for record in self.records.values()]
            self.standing[place] = refusal(
                self.snapshot, self.provider.did, earned.model, result, keys=keys, moments=[self.start, self.now]
            )
        return self.standing[place]

    def record(self, requests: Sequence[AwardRequest]) -> dict[bytes, Award]:
        """Enter what is new, in one commit, and return the rows."""
        by_digest = {request.key_digest: request for request in reversed(requests)}

        def row(digest: bytes, number: int, slot_key: bytes, counter: int) -> Award:
            request = by_digest[digest]
            return Award(
                credential_id=f"urn:uuid:{uuid4()}",
                provider=self.provider.slug,
                achievement=request.achievement,
                version=self.achievement(request.achievement, request.version).stored.version,
                list=number,
                slot=status.permute(counter, slot_key),
                day=self.start.date().isoformat(),
                keys=" ".join(sorted({str(record.number) for record in self.records.values()})),
                key_digest=digest,
                award_digest=request.award_digest,
            )

        return self.issuing.store.record(
            self.provider.slug, list(by_digest), lambda: secrets.token_bytes(32), row, slots=status.MIN_BITS
        )

    def complete(self, request: AwardRequest, row: Award, *, created: bool) -> Issued | RefusedError:
        """Sign what a row stands for, the first time or again."""
        if not hmac.compare_digest(request.award_digest, row.award_digest):
            return RefusedError("key-used-for-another-award", pointer="/key")
        try:
            chosen_signers = self.signers_of(row.keys)
        except KeyEndedError:
            return RefusedError("signing-key-retired")
        earned = self.achievement(row.achievement, row.version)
        credential = self.build(
            request, earned, row.credential_id, slot=row.slot, number=row.list, day=date.fromisoformat(row.day)
        )
        texts = {mechanism: signed(credential, signer, mechanism) for mechanism, signer in chosen_signers.items()}
        return Issued(row.credential_id, texts, created)

    def signers_of(self, numbers: str) -> dict[Mechanism, Signer]:
        """Return what signs with the keys of these numbers."""
        if numbers not in self.signers:
            keys = self.issuing.keys
            records = numbered_keys(keys, self.provider, map(int, numbers.split()), self.now)
            self.signers[numbers] = signers(keys, records)
        return self.signers[numbers]

    def build(
        self, request: AwardRequest, earned: Earned, credential_id: str, *, slot: int, number: int, day: date
    ) -> dict[str, object]:
        """Return the unsigned credential."""
        start = datetime.combine(day, time(), ZoneInfo(self.provider.time_zone))
        months = earned.definition.valid_months
        entry = status.StatusEntry(self.issuing.addresses.status_list(self.provider.slug, number), slot, "revocation")
        return build_credential(
            id=credential_id,
            issuer=self.profile,
            subject=Subject(
                id=request.subject_id,
                achievement=earned.model,
                identifier=(request.identity,) if request.identity else (),
                result=results(request, earned),
            ),
            valid_from=start.isoformat(),
            valid_until=months_later(start, months).isoformat() if months else None,
            name=earned.definition.name.said(earned.definition.language),
            status=entry.to_json(),
        )


def results(request: AwardRequest, earned: Earned) -> tuple[Result, ...]:
    """Return what was reached, where the achievement asks for it.

    Raises:
        RefusedError: As `reached_level`.
    """
    level = reached_level(request.level, earned.definition, pointer="/level")
    if level is None:
        return ()
    address = earned.model.id
    return (Result(result_description=f"{address}#result", achieved_level=level_id(address, level.code)),)


def reached_level(code: str, definition: Definition, *, pointer: str) -> Level | None:
    """Return the level that a code names, None where the achievement has no results and none is named.

    Raises:
        RefusedError: "unknown-level", the achievement has no such level; "level-missing", it asks for one;
            "level-not-asked", it has none to choose from.
    """
    if not code and not definition.result_levels:
        return None
    if not code:
        raise RefusedError("level-missing", pointer=pointer)
    if not definition.result_levels:
        raise RefusedError("level-not-asked", pointer=pointer)
    try:
        return parse_result_level(definition, code)
    except UnknownNameError as error:
        raise RefusedError("unknown-level", pointer=pointer, nearest=error.suggestion) from error


def signed(credential: Mapping[str, object], signer: Signer, mechanism: Mechanism) -> str:
    """Return the signed credential, verified: we never hand out what we cannot verify ourselves."""
    text = sign(credential, signer, mechanism)
    verify(peek(text), {signer.key_id: signer.public})
    return text


def months_later(start: datetime, months: int) -> datetime:
    """Return the same day some months later, or the last of that month where it has no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))

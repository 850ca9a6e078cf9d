"""Every query of the issuer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Engine, Row, Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from issuer.tables import achievements, awards, clients, offers, providers, status_lists

LOOK_UP_AT_ONCE = 500
"""How many keys one query names: SQLite's limit on variables is far away, and the statement stays small."""


class DuplicateError(Exception):
    """There is an entry of that name."""


class UnknownProviderError(Exception):
    """The issuer has no such provider."""


class UnknownAchievementError(Exception):
    """The provider has no such achievement."""


class UnknownCredentialError(Exception):
    """The provider has signed no credential of that id."""


@dataclass(frozen=True)
class Provider:
    """Who issues; `time_zone` is an IANA name and says when its day begins."""

    slug: str
    did: str
    name_ja: str
    name_en: str
    url: str
    time_zone: str


@dataclass(frozen=True)
class Client:
    """A program that may act for a provider; `expires` is ISO 8601 in UTC."""

    id: str
    provider: str
    secret_digest: bytes
    scopes: frozenset[str]
    expires: str


@dataclass(frozen=True)
class StoredAchievement:
    """One version of an achievement; `definition` is JSON, `retired` the moment from which nobody earns it."""

    provider: str
    id: str
    version: int
    definition: str
    retired: str | None


@dataclass(frozen=True)
class Award:
    """A row of the register: what was signed, and nothing of whom it is for.

    Attributes:
        day: The provider's day, `YYYY-MM-DD`, on which the credential begins.
        keys: The numbers of the keys that sign it, separated by spaces.
        key_digest: SHA-256 of the idempotency key.
        award_digest: HMAC of the award under that key.
    """

    credential_id: str
    provider: str
    achievement: str
    version: int
    list: int
    slot: int
    day: str
    keys: str
    key_digest: bytes
    award_digest: bytes
    revoked: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Offer:
    """A one-time promise to issue; `level` is the code of the level reached, or ""."""

    token_digest: bytes
    provider: str
    achievement: str
    version: int
    level: str
    expires: str


@dataclass(frozen=True)
class StatusList:
    """A status list: how its slots are dealt, and what was last published of it.

    Attributes:
        stale: Something was revoked since.
        keys: The numbers of the keys that signed it, separated by spaces.
        data_integrity: The signed text in this proof format, if there was a key for it; so `vc_jwt`.
    """

    provider: str
    number: int
    slot_key: bytes
    next_counter: int
    stale: bool = False
    valid_from: str | None = None
    keys: str | None = None
    data_integrity: str | None = None
    vc_jwt: str | None = None


class Store:
    """The issuer's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction.

        Raises:
            DuplicateError: An entry of that name exists.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise DuplicateError from error

    def _rows(self, query: Any) -> Sequence[Row[Any]]:  # noqa: ANN401 - a query of any shape
        with self._engine.connect().execution_options(reading=True) as connection:
            return connection.execute(query).all()

    def add_provider(self, provider: Provider) -> None:
        """Enter a provider.

        Raises:
            DuplicateError: Its slug or DID is taken.
        """
        with self._writing() as connection:
            connection.execute(insert(providers).values(vars(provider)))

    def provider(self, slug: str) -> Provider:
        """Return a provider.

        Raises:
            UnknownProviderError: There is none.
        """
        rows = self._rows(select(providers).where(providers.c.slug == slug))
        if not rows:
            raise UnknownProviderError
        return Provider(**rows[0]._mapping)

    def providers(self) -> list[Provider]:
        """Return all providers by slug."""
        return [Provider(**row._mapping) for row in self._rows(select(providers).order_by(providers.c.slug))]

    def add_client(self, client: Client) -> None:
        """Enter a client of a provider.

        Raises:
            DuplicateError: Its id is taken, or its provider is unknown.
        """
        with self._writing() as connection:
            row = {**vars(client), "scopes": " ".join(sorted(client.scopes))}
            connection.execute(insert(clients).values(row))

    def client(self, client_id: str) -> Client | None:
        """Return a client, or None."""
        rows = self._rows(select(clients).where(clients.c.id == client_id))
        return Client(**{**rows[0]._mapping, "scopes": frozenset(rows[0].scopes.split())}) if rows else None

    def add_achievement(self, achievement: StoredAchievement) -> None:
        """Enter a version of an achievement.

        Raises:
            DuplicateError: That version exists, or the provider does not.
        """
        with self._writing() as connection:
            connection.execute(insert(achievements).values(vars(achievement)))

    def achievement(self, provider: str, achievement_id: str, version: int | None = None) -> StoredAchievement:
        """Return an achievement's version, the newest by default.

        Raises:
            UnknownAchievementError: There is none.
        """
        query = select(achievements).where(achievements.c.provider == provider, achievements.c.id == achievement_id)
        if version is not None:
            query = query.where(achievements.c.version == version)
        rows = self._rows(query.order_by(achievements.c.version.desc()).limit(1))
        if not rows:
            raise UnknownAchievementError
        return StoredAchievement(**rows[0]._mapping)

    def achievements(self, provider: str) -> list[StoredAchievement]:
        """Return every version of every achievement of a provider."""
        query = select(achievements).where(achievements.c.provider == provider)
        rows = self._rows(query.order_by(achievements.c.id, achievements.c.version))
        return [StoredAchievement(**row._mapping) for row in rows]

    def retire_achievement(self, provider: str, achievement_id: str, at: str) -> None:
        """Let nobody earn an achievement any more; badges of it stay good.

        Raises:
            UnknownAchievementError: There is none.
        """
        mine = (achievements.c.provider == provider) & (achievements.c.id == achievement_id)
        with self._writing() as connection:
            if connection.execute(update(achievements).where(mine).values(retired=at)).rowcount == 0:
                raise UnknownAchievementError

    def add_offers(self, new: Sequence[Offer]) -> dict[bytes, Offer]:
        """Enter offers, and return them by token digest; those that stand there already stay as they are."""
        with self._writing() as connection:
            insert_new(connection, offers, [vars(offer) for offer in new])
            return offers_by_token(connection, [offer.token_digest for offer in new])

    def offers(self, digests: Sequence[bytes]) -> dict[bytes, Offer]:
        """Return the offers with these token digests."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return offers_by_token(connection, digests)

    def award(self, provider: str, credential_id: str) -> Award:
        """Return the register's row of a credential.

        Raises:
            UnknownCredentialError: There is none.
        """
        query = select(awards).where(awards.c.provider == provider, awards.c.credential_id == credential_id)
        rows = self._rows(query)
        if not rows:
            raise UnknownCredentialError
        return Award(**rows[0]._mapping)

    def awards_by_key(self, provider: str, key_digests: Sequence[bytes]) -> dict[bytes, Award]:
        """Return the rows that these idempotency keys have already."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return by_key(connection, provider, key_digests)

    def record(
        self,
        provider: str,
        key_digests: Sequence[bytes],
        new_slot_key: Callable[[], bytes],
        award: Callable[[bytes, int, bytes, int], Award],
        *,
        slots: int,
    ) -> dict[bytes, Award]:
        """Enter the awards that are new, in one commit, and return the rows of all.

        Args:
            provider: Whose register.
            key_digests: Of the idempotency keys.
            new_slot_key: Makes the slot key of a new status list.
            award: (key digest, list, slot key, counter) → the row.
            slots: How many a list has.

        Raises:
            DuplicateError: The achievement is unknown.
        """
        with self._writing() as connection:
            known = by_key(connection, provider, key_digests)
            missing = [digest for digest in dict.fromkeys(key_digests) if digest not in known]
            if not missing:
                return known
            dealt = lease(connection, provider, len(missing), new_slot_key, slots=slots)
            rows = [
                award(digest, dealt.number, dealt.slot_key, dealt.next_counter + index)
                for index, digest in enumerate(missing)
            ]
            insert_new(connection, awards, [vars(row) for row in rows])
            # Read back, because another replica may have entered the same key in between: its row counts.
            return known | by_key(connection, provider, missing)

    def status_list(self, provider: str, number: int) -> StatusList | None:
        """Return a status list, or None."""
        query = select(status_lists).where(status_lists.c.provider == provider, status_lists.c.number == number)
        rows = self._rows(query)
        return StatusList(**rows[0]._mapping) if rows else None

    def publish(
        self,
        provider: str,
        number: int,
        sign: Callable[[StatusList, Sequence[int]], Mapping[str, str | None] | None],
        *,
        revoke: Award | None = None,
    ) -> None:
        """Sign and keep a status list anew, in one transaction with the revocation that is the reason, if one is.

        Args:
            provider: Whose list.
            number: Which.
            sign: (list, revoked slots) → `valid_from`, `keys`, `data_integrity`, `vc_jwt`; None if it cannot be signed
                now, which leaves the list stale.
            revoke: The row with its `revoked` and `reason`; one that is revoked already stays as it is.
        """
        mine = (status_lists.c.provider == provider) & (status_lists.c.number == number)
        with self._writing() as connection:
            row = connection.execute(select(status_lists).where(mine).with_for_update()).one()
            if revoke is not None:
                standing = (awards.c.credential_id == revoke.credential_id) & awards.c.revoked.is_(None)
                ended = {"revoked": revoke.revoked, "reason": revoke.reason}
                connection.execute(update(awards).where(standing).values(ended))
            in_list = (awards.c.provider == provider) & (awards.c.list == number) & awards.c.revoked.is_not(None)
            slots = connection.scalars(select(awards.c.slot).where(in_list)).all()
            signed = sign(StatusList(**row._mapping), slots)
            published = {"stale": True} if signed is None else {"stale": False, **signed}
            connection.execute(update(status_lists).where(mine).values(published))


def by_key(connection: Connection, provider: str, key_digests: Sequence[bytes]) -> dict[bytes, Award]:
    """Return a provider's rows by the digests of their idempotency keys."""
    found: dict[bytes, Award] = {}
    for start in range(0, len(key_digests), LOOK_UP_AT_ONCE):
        wanted = key_digests[start : start + LOOK_UP_AT_ONCE]
        query = select(awards).where(awards.c.provider == provider, awards.c.key_digest.in_(wanted))
        for row in connection.execute(query):
            found[row.key_digest] = Award(**row._mapping)
    return found


def offers_by_token(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, Offer]:
    """Return offers by the digests of their tokens."""
    found: dict[bytes, Offer] = {}
    for start in range(0, len(digests), LOOK_UP_AT_ONCE):
        wanted = digests[start : start + LOOK_UP_AT_ONCE]
        for row in connection.execute(select(offers).where(offers.c.token_digest.in_(wanted))):
            found[row.token_digest] = Offer(**row._mapping)
    return found


def lease(
    connection: Connection, provider: str, count: int, new_slot_key: Callable[[], bytes], *, slots: int
) -> StatusList:
    """Take `count` counters of the newest list that has as many left, and return the list as it was before.

    What a list has left beyond its last run stays unused: a run never lies in two lists.
    """
    # PostgreSQL locks the provider's row: two replicas must not both open the next list.
    connection.execute(select(providers.c.slug).where(providers.c.slug == provider).with_for_update())
    query = select(status_lists).where(status_lists.c.provider == provider)
    row = connection.execute(query.order_by(status_lists.c.number.desc()).limit(1)).one_or_none()
    if row is None or row.next_counter + count > slots:
        dealt = StatusList(provider, (row.number if row else 0) + 1, new_slot_key(), 0)
        connection.execute(insert(status_lists).values({**vars(dealt), "next_counter": count}))
        return dealt
    mine = (status_lists.c.provider == provider) & (status_lists.c.number == row.number)
    connection.execute(update(status_lists).where(mine).values(next_counter=row.next_counter + count))
    return StatusList(**row._mapping)


def insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert the rows that do not stand there yet."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = cast("Any", dialect).insert(table).on_conflict_do_nothing()
    connection.execute(statement, rows)

"""Every query of the registry."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from badges.accreditation import RegisteredKey, RegisteredProvider, Window
from badges.strict_json import dump, parse_object
from keys.date_time_stamp import stamp
from keys.public_key import from_jwk
from registry.tables import accreditations, accreditors, provider_keys, providers, snapshots, suspensions


class AlreadyRegisteredError(Exception):
    """There is an entry of that name."""


class NotRegisteredError(Exception):
    """There is no entry of that name."""


class OtherKeyError(AlreadyRegisteredError):
    """The id of a key is another key's."""


@dataclass(frozen=True)
class Entry:
    """A provider as it is entered: who, when its day begins (an IANA name), and its keys by id."""

    slug: str
    did: str
    time_zone: str
    keys: Mapping[str, RegisteredKey]


@dataclass(frozen=True)
class Book:
    """What the tables hold of the present, before accreditations are read."""

    providers: tuple[RegisteredProvider, ...]
    accreditations: tuple[tuple[str, str], ...]
    accreditors: frozenset[str]


class Store:
    """The registry's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise AlreadyRegisteredError from error

    def add_provider(self, provider: RegisteredProvider, *, time_zone: str) -> None:
        """Enter a provider without keys.

        Raises:
            AlreadyRegisteredError: Its DID or slug is taken.
        """
        with self._writing() as connection:
            connection.execute(
                insert(providers).values(
                    did=provider.did,
                    slug=provider.slug,
                    name_ja=provider.name["ja"],
                    name_en=provider.name["en"],
                    url=provider.url,
                    domain=provider.domain,
                    time_zone=time_zone,
                )
            )

    def entry(self, slug: str) -> Entry:
        """Return the entry of a provider.

        Raises:
            NotRegisteredError: There is none of that name.
        """
        with self._engine.connect().execution_options(reading=True) as connection:
            row = connection.execute(select(providers).where(providers.c.slug == slug)).one_or_none()
            if row is None:
                raise NotRegisteredError
            mine = select(provider_keys).where(provider_keys.c.provider == row.did)
            listed = connection.execute(mine.order_by(provider_keys.c.valid_from, provider_keys.c.id)).all()
        return Entry(row.slug, row.did, row.time_zone, {key.id: registered_key(key) for key in listed})

    def add_accreditor(self, did: str, name: str) -> None:
        """Enter an accreditor; a second time changes nothing."""
        with self._writing() as connection:
            if connection.scalar(select(accreditors.c.did).where(accreditors.c.did == did)) is None:
                connection.execute(insert(accreditors).values(did=did, name=name))

    def put_keys(self, provider: str, keys: Iterable[RegisteredKey]) -> None:
        """Enter keys, or the ends of those that are entered already, all or none.

        An end is never put off, nor a key exchanged.

        Raises:
            NotRegisteredError: No such provider.
            OtherKeyError: An id is another key's.
        """
        with self._writing() as connection:
            if connection.scalar(select(providers.c.did).where(providers.c.did == provider)) is None:
                raise NotRegisteredError
            for key in keys:
                put_key(connection, provider, key)

    def add_accreditation(self, provider: str, accreditor: str, credential: str) -> None:
        """Enter an accreditation, as signed.

        Raises:
            AlreadyRegisteredError: The provider or the accreditor is unknown.
        """
        with self._writing() as connection:
            row = {"provider": provider, "accreditor": accreditor, "credential": credential}
            connection.execute(insert(accreditations).values(row))

    def add_suspension(self, provider: str, window: Window) -> None:
        """Enter a suspension."""
        end = stamp(window.end) if window.end else None
        with self._writing() as connection:
            row = {"provider": provider, "valid_from": stamp(window.start), "valid_until": end}
            connection.execute(insert(suspensions).values(row))

    def end_suspensions(self, provider: str, at: datetime) -> None:
        """End every open suspension."""
        with self._writing() as connection:
            still = (suspensions.c.provider == provider) & suspensions.c.valid_until.is_(None)
            connection.execute(update(suspensions).where(still).values(valid_until=stamp(at)))

    def publish(self, sign: Callable[[int, Book], str]) -> tuple[int, str]:
        """Number, sign and keep a snapshot of what the tables hold, in one transaction; return number and text.

        Args:
            sign: (number, book) → the signed snapshot.
        """
        with self._writing() as connection:
            number = int(connection.scalar(select(func.max(snapshots.c.number))) or 0) + 1
            jws = sign(number, read_book(connection))
            connection.execute(insert(snapshots).values(number=number, jws=jws))
        return number, jws

    def snapshot(self, number: int | None = None) -> tuple[int, str] | None:
        """Return the number and text of a snapshot, the newest by default; None if there is none."""
        query = select(snapshots.c.number, snapshots.c.jws).order_by(snapshots.c.number.desc()).limit(1)
        if number is not None:
            query = query.where(snapshots.c.number == number)
        with self._engine.connect().execution_options(reading=True) as connection:
            row = connection.execute(query).one_or_none()
        return (row.number, row.jws) if row else None


def put_key(connection: Connection, provider: str, key: RegisteredKey) -> None:
    """Enter a key, or its end."""
    row = {
        "id": key.id,
        "provider": provider,
        "jwk": dump(key.key.to_jwk()).decode(),
        "valid_from": stamp(key.window.start),
        "valid_until": stamp(key.window.end) if key.window.end else None,
        "revoked": stamp(key.revoked) if key.revoked else None,
    }
    known = connection.execute(select(provider_keys).where(provider_keys.c.id == key.id)).one_or_none()
    if known is None:
        connection.execute(insert(provider_keys).values(row))
        return
    if known.jwk != row["jwk"] or known.provider != provider:
        raise OtherKeyError
    ends = {name: row[name] for name in ("valid_until", "revoked") if getattr(known, name) is None}
    if ends:
        connection.execute(update(provider_keys).where(provider_keys.c.id == key.id).values(ends))


def read_book(connection: Connection) -> Book:
    """Return what the tables hold."""
    keys = grouped(connection, provider_keys)
    ended = grouped(connection, suspensions)
    listed = [
        RegisteredProvider(
            did=row.did,
            slug=row.slug,
            name={"ja": row.name_ja, "en": row.name_en},
            url=row.url,
            domain=row.domain,
            keys={key.id: registered_key(key) for key in keys.get(row.did, [])},
            suspensions=tuple(window_of(one) for one in ended.get(row.did, [])),
        )
        for row in connection.execute(select(providers))
    ]
    given = connection.execute(
        select(accreditations.c.provider, accreditations.c.credential).order_by(accreditations.c.number)
    )
    names = connection.scalars(select(accreditors.c.did))
    return Book(tuple(listed), tuple((row.provider, row.credential) for row in given), frozenset(names))


def grouped(connection: Connection, table: Any) -> dict[str, list[Row[Any]]]:  # noqa: ANN401 - a table of any shape
    """Return a table's rows by provider."""
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(select(table)):
        found.setdefault(row.provider, []).append(row)
    return found


def registered_key(row: Row[Any]) -> RegisteredKey:
    """Return a key as the snapshot has it."""
    revoked = datetime.fromisoformat(row.revoked) if row.revoked else None
    return RegisteredKey(row.id, from_jwk(parse_object(row.jwk)), window_of(row), revoked)


def window_of(row: Row[Any]) -> Window:
    """Return the window of a row."""
    end = datetime.fromisoformat(row.valid_until) if row.valid_until else None
    return Window(datetime.fromisoformat(row.valid_from), end)

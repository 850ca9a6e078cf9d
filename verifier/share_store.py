"""Every query of the verifier: shares, which are looked for by id alone, and deleted when their time is over."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from verifier.database import UnusableDatabaseError, reason
from verifier.tables import shares


class IdTakenError(Exception):
    """There is a share of this id."""


@dataclass(frozen=True)
class Share:
    """A row: a ciphertext, when it ends (a moment in UTC, whole seconds), and the digests of three tokens."""

    id: str
    jwe: str
    expires: str
    access: bytes
    opening: bytes
    managing: bytes
    attempts: int
    views: int = 0


class ShareStore:
    """The verifier's database. Every method is one transaction; `now` is written as `expires` is."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, share: Share, now: str) -> None:
        """Keep a share, and delete those whose time is over.

        Raises:
            IdTakenError: Its id is taken.
        """
        try:
            with self._engine.begin() as connection:
                delete_expired(connection, now)
                connection.execute(insert(shares).values(asdict(share)))
        except IntegrityError as error:
            raise IdTakenError from error

    def find(self, share_id: str, now: str) -> Share | None:
        """Return a share whose time is not over, or None."""
        with self._engine.connect().execution_options(reading=True) as connection:
            query = select(shares).where(shares.c.id == share_id, shares.c.expires > now)
            row = connection.execute(query).one_or_none()
        return Share(**row._mapping) if row else None

    def attempt(self, share_id: str, now: str, is_right: Callable[[Share], bool]) -> Share | None:
        """Return a share that somebody opened rightly, with one view more; None uses up an attempt.

        The attempt is taken before `is_right` is asked and given back after, behind a lock on the row: however many
        try at once, no more than its attempts find out whether they were right. The last wrong one ends the text.
        """
        mine = shares.c.id == share_id
        open_still = mine & (shares.c.expires > now) & (shares.c.attempts > 0)
        with self._engine.begin() as connection:
            taken = update(shares).where(open_still).values(attempts=shares.c.attempts - 1)
            if connection.execute(taken).rowcount == 0:
                return None
            share = Share(**connection.execute(select(shares).where(mine)).one()._mapping)
            if is_right(share):
                counted = {"attempts": shares.c.attempts + 1, "views": shares.c.views + 1}
                connection.execute(update(shares).where(mine).values(counted))
                return share
            if share.attempts == 0:
                connection.execute(update(shares).where(mine).values(jwe=""))
            return None

    def remove(self, share_id: str) -> None:
        """Delete a share."""
        with self._engine.begin() as connection:
            connection.execute(delete(shares).where(shares.c.id == share_id))

    def clean(self, now: str) -> None:
        """Delete the shares whose time is over.

        Raises:
            UnusableDatabaseError: The database is away.
        """
        try:
            with self._engine.begin() as connection:
                delete_expired(connection, now)
        except SQLAlchemyError as error:
            raise UnusableDatabaseError(reason(error)) from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def delete_expired(connection: Connection, now: str) -> None:
    """Delete the shares whose time is over."""
    connection.execute(delete(shares).where(shares.c.expires <= now))

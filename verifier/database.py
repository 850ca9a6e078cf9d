"""One way to open a database: durable SQLite by default, PostgreSQL by URL; its schema brought up to date."""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

WAL_IS_SAFE_FROM = (3, 51, 3)
"""Older SQLite may lose commits of a write-ahead log when two processes reset it at once."""

BUSY_MILLISECONDS = 10_000


class UnusableDatabaseError(Exception):
    """The database cannot be opened. The message says neither where it is nor who may log in."""


def open_database(url: str, *, migrations: Path) -> Engine:
    """Return the database with every migration applied.

    Args:
        url: An SQLAlchemy URL of SQLite or PostgreSQL; of the latter, the driver is psycopg 3.
        migrations: Alembic's folder of this service.

    Raises:
        UnusableDatabaseError: No such URL, server or right; a file that is no database, or a newer program's.
    """
    try:
        engine = engine_of(make_url(url))
        migrate(engine, migrations)
    except (SQLAlchemyError, CommandError) as error:
        raise UnusableDatabaseError(f"the database cannot be opened ({reason(error)})") from error
    except ModuleNotFoundError as error:
        raise UnusableDatabaseError("the driver of PostgreSQL is missing: it is the extra `postgresql`") from error
    return engine


def reason(error: Exception) -> str:
    """Return why, in SQLite's few words such as "database is locked"; PostgreSQL's would name host and user."""
    cause = getattr(error, "orig", None)
    return str(cause) if isinstance(cause, sqlite3.Error) else type(error).__name__


def engine_of(address: URL) -> Engine:
    """Return the way to a database.

    Raises:
        UnusableDatabaseError: Of another kind than the two that we know.
    """
    match address.get_backend_name():
        case "postgresql":
            return create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
        case "sqlite":
            return open_sqlite(address.database or "")
    raise UnusableDatabaseError("the database is neither SQLite nor PostgreSQL")


def open_sqlite(file: str) -> Engine:
    """Return a SQLite database whose commits are on disk when they return, and whose transactions are whole."""
    Path(file).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Autocommit at the driver, because its own way begins a transaction at the first write: too late for a read
    # that the write depends on. `begin` says how.
    engine = create_engine(URL.create("sqlite", database=file), connect_args={"isolation_level": None})
    event.listen(engine, "connect", prepare_sqlite)
    event.listen(engine, "begin", begin)
    return engine


def begin(connection: Connection) -> None:
    """Begin a transaction: one that only reads must not wait for those that write."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Set what SQLite leaves to each connection."""
    safe = sqlite3.sqlite_version_info >= WAL_IS_SAFE_FROM
    for statement in (
        f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",
        f"PRAGMA journal_mode = {'WAL' if safe else 'DELETE'}",
        f"PRAGMA synchronous = {'FULL' if safe else 'EXTRA'}",
        "PRAGMA foreign_keys = ON",
        "PRAGMA trusted_schema = OFF",
        "PRAGMA secure_delete = ON",
    ):
        connection.execute(statement)


def migrate(engine: Engine, migrations: Path) -> None:
    """Bring the schema up to date."""
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

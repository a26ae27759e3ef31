"""The database of answers, conversations and feedback: its address, its tables, its versions.

SQLite in the state folder unless ``database_url`` names another. What is committed is on the disk:
the write-ahead log is flushed at each commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    inspect,
    select,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

FILE_NAME = "answers.sqlite"
_BUSY_SECONDS = 30  # how long a writer waits for another

METADATA = MetaData()
VERSION_TABLE = Table("schema_version", METADATA, Column("version", Integer, nullable=False))
ANSWERS = Table(
    "answers",
    METADATA,
    Column("answer_id", String(64), primary_key=True),
    Column("created", DateTime(timezone=True), nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
)
CONVERSATIONS = Table(
    "conversations",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("updated", DateTime(timezone=True), nullable=False, index=True),
    Column("archived", Boolean, nullable=False),
)
TURNS = Table(
    "turns",
    METADATA,
    Column("conversation", ForeignKey("conversations.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("answer_id", ForeignKey("answers.answer_id"), nullable=False),
    UniqueConstraint("answer_id"),
)
FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("answer_id", ForeignKey("answers.answer_id"), nullable=False, index=True),
    Column("statement", Integer),
    Column("verdict", String(32), nullable=False),
    Column("comment", Text, nullable=False),
    Column("suggested_source", Text, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False, index=True),
    Column("handled", DateTime(timezone=True)),
)


class DatabaseUnusable(Exception):
    """The database cannot be opened; the message says which, why, and what to do."""


def _create_answers(connection: Connection) -> None:
    METADATA.create_all(connection, tables=[ANSWERS])


def _create_conversations(connection: Connection) -> None:
    METADATA.create_all(connection, tables=[CONVERSATIONS, TURNS, FEEDBACK])


# Each brings the tables from one version to the next; tables are added, rows never touched.
_MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_create_answers, _create_conversations)
VERSION = len(_MIGRATIONS)


def open_database(folder: Path, url: str | None = None) -> Engine:
    """Open the database and bring its tables up to date.

    Args:
        folder: The state folder, for the SQLite file when there is no ``url``.
        url: An SQLAlchemy URL.

    Raises:
        DatabaseUnusable: It cannot be reached, or a later version of Xinglin wrote it.
    """
    if url is None:
        folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{folder / FILE_NAME}"
    try:
        engine = create_engine(url, **_options(url))
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _durable)
            event.listen(engine, "begin", _begin)
        with writing(engine) as connection:
            _migrate(connection)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise DatabaseUnusable(f"setting database_url cannot be used: {error}") from None
    except DatabaseError as error:
        shown = make_url(url).render_as_string(hide_password=True)
        raise DatabaseUnusable(f"the database {shown} cannot be opened: {error.orig}") from None
    return engine


def _options(url: str) -> dict[str, Any]:
    if make_url(url).get_backend_name() != "sqlite":
        return {"pool_pre_ping": True}
    return {"connect_args": {"timeout": _BUSY_SECONDS}}


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes; in SQLite it waits for its turn before it reads."""
    with (
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


def _migrate(connection: Connection) -> None:
    present = set(inspect(connection).get_table_names())
    if VERSION_TABLE.name in present:
        version = connection.execute(select(VERSION_TABLE.c.version)).scalar_one()
    else:
        # Files of the first version hold answers and do not say their version.
        version = 1 if ANSWERS.name in present else 0
        METADATA.create_all(connection, tables=[VERSION_TABLE])
        connection.execute(VERSION_TABLE.insert().values(version=version))
    if version > VERSION:
        raise DatabaseUnusable(
            f"the database was written by a later Xinglin (tables of version {version}, this one "
            f"knows {VERSION}); update Xinglin"
        )
    for migration in _MIGRATIONS[version:]:
        migration(connection)
    if version < VERSION:
        connection.execute(VERSION_TABLE.update().values(version=VERSION))


def _durable(connection: Any, _: Any) -> None:
    # Transactions are begun by _begin, not by the driver at the first write.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA secure_delete=ON")  # what was deleted leaves the disk


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

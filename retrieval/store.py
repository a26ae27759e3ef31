"""The SQLite store: its tables, how it is opened, and what is said when it cannot be used.

One transaction publishes a snapshot: rows and the list of segments change together, so a reader
sees all of a commit or none of it, and a process killed at any moment leaves the last published
snapshot whole. Write-ahead logging lets readers keep the snapshot they opened while a writer
publishes the next.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FORMAT = "2"
BUSY_TIMEOUT_S = 30  # how long a connection waits for another's lock
_FILE = "store.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS snapshots (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, created TEXT NOT NULL,
    documents INTEGER NOT NULL, chunks INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS segments (
    name TEXT PRIMARY KEY, rows INTEGER NOT NULL, body_terms INTEGER NOT NULL,
    head_terms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, path TEXT NOT NULL,
    source_path TEXT NOT NULL, media_type TEXT NOT NULL, sha256 TEXT NOT NULL,
    size INTEGER NOT NULL, pages INTEGER, metadata TEXT NOT NULL, warnings TEXT NOT NULL,
    added TEXT NOT NULL, blocks INTEGER NOT NULL, chunks INTEGER NOT NULL,
    member TEXT, keep_original INTEGER NOT NULL,
    complete INTEGER NOT NULL, quality TEXT);
CREATE UNIQUE INDEX IF NOT EXISTS documents_source
    ON documents (source_path, coalesce(member, ''));
CREATE INDEX IF NOT EXISTS documents_sha256 ON documents (sha256);
CREATE TABLE IF NOT EXISTS blocks (
    document_key INTEGER NOT NULL, ordinal INTEGER NOT NULL, kind TEXT NOT NULL, level INTEGER,
    text TEXT NOT NULL, locator TEXT NOT NULL, table_json TEXT, flags TEXT NOT NULL,
    PRIMARY KEY (document_key, ordinal)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chunks (
    key INTEGER PRIMARY KEY, document_key INTEGER NOT NULL, ordinal INTEGER NOT NULL,
    id TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, heading_path TEXT NOT NULL,
    locator TEXT NOT NULL, spans TEXT NOT NULL, tokens INTEGER NOT NULL, flags TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS chunks_document ON chunks (document_key, ordinal);
CREATE UNIQUE INDEX IF NOT EXISTS chunks_id ON chunks (id);
"""


class IndexUnusable(Exception):
    """The index folder cannot be used as it is; the message says what to do."""


_IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_NO_ACCESS = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what SQLite says of an index folder into a sentence that says what to do.

    Raises:
        IndexUnusable: Instead of the errors of SQLite that are not a mistake of ours.
    """
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _IN_USE:
            advice = "another process holds it; try again when it is done"
        elif code in _NO_ACCESS:
            advice = "check the folder's permissions and the free space of its disk"
        else:
            advice = rebuild(folder)
        raise IndexUnusable(f"the index in {folder} cannot be used ({error}); {advice}") from error


def rebuild(folder: Path) -> str:
    """How to start an index afresh, in words."""
    return f"move the folder away and run xinglin ingest PATH --index {folder} to rebuild it"


def store_path(folder: Path) -> Path:
    """Where the store of an index folder lies."""
    return folder / _FILE


def require(folder: Path) -> None:
    """Check that there is an index.

    Raises:
        IndexUnusable: There is none; the message has the command that builds one.
    """
    if not store_path(folder).exists():
        raise _missing(folder)


def _missing(folder: Path) -> IndexUnusable:
    return IndexUnusable(
        f"there is no index in {folder}; build one with: xinglin ingest PATH --index {folder}"
    )


def connect(folder: Path, *, write: bool = False) -> sqlite3.Connection:
    """Open the store.

    Raises:
        IndexUnusable: There is no index, it is damaged, or another version wrote it.
    """
    path = store_path(folder)
    if not write:
        require(folder)
    with explained(folder):
        connection = sqlite3.connect(
            _address(path),
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            connection.row_factory = sqlite3.Row
            complete = _check_format(connection, folder)
            if write:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute("PRAGMA secure_delete=ON")
                connection.executescript(_SCHEMA)
                set_meta(connection, "format", FORMAT)
            elif not complete:
                raise _missing(folder)
            else:
                connection.execute("PRAGMA query_only=ON")
        except BaseException:
            connection.close()
            raise
    return connection


def _address(path: Path) -> str:
    """The store as a URI. Where nobody can write (an archive), SQLite need not prepare for it."""
    address = path.absolute().as_uri()
    return address if os.access(path.parent, os.W_OK) else f"{address}?immutable=1"


def _check_format(connection: sqlite3.Connection, folder: Path) -> bool:
    """Refuse another version's index; false when it has no format yet (a first run was killed)."""
    tables = {row["name"] for row in connection.execute("SELECT name FROM sqlite_master")}
    found = get_meta(connection, "format") if "meta" in tables else None
    if found not in {None, FORMAT}:
        raise IndexUnusable(
            f"the index in {folder} has format {found}, this version reads {FORMAT}; "
            f"{rebuild(folder)}"
        )
    return found is not None


def get_meta(connection: sqlite3.Connection, key: str) -> str | None:
    """A value of the ``meta`` table."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def set_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Set a value of the ``meta`` table."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def check_analysis(connection: sqlite3.Connection, folder: Path, version: str) -> None:
    """Refuse an index whose terms were cut in another way than questions are now.

    Raises:
        IndexUnusable: It was built with another version of the text analysis.
    """
    found = get_meta(connection, "analysis")
    if found not in {None, version}:
        raise IndexUnusable(
            f"the index in {folder} was built with text analysis {found}, this version has "
            f"{version}; rebuild it from its own texts with: xinglin reindex --index {folder}"
        )

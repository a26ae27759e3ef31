"""The SQLite store: documents, blocks, chunks, and which segments make up the current snapshot.

One transaction publishes a snapshot: rows and the list of segments change together, so a reader
sees all of a commit or none of it, and a process killed at any moment leaves the last published
snapshot whole. Write-ahead logging lets readers keep the snapshot they opened while a writer
publishes the next.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.model import (
    Block,
    Chunk,
    Document,
    Metadata,
    Span,
    locator_from_json,
    metadata_from_json,
    table_from_json,
    to_json,
)
from ingest.quality import Quality, quality_from_json, quality_to_json

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


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as the index holds it. ``key`` is internal, ``id`` is what people see."""

    key: int
    id: str
    path: str
    source_path: str
    media_type: str
    sha256: str
    size: int
    pages: int | None
    metadata: Metadata
    warnings: tuple[str, ...]
    added: str
    blocks: int
    chunks: int
    member: str | None = None
    keep_original: bool = True
    complete: bool = True

    @property
    def title(self) -> str:
        """The title, or the file's path when it has none."""
        return self.metadata.title or self.path


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """A segment's name and the figures BM25 needs without opening it."""

    name: str
    rows: int
    body_terms: int
    head_terms: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published state. ``id`` is a hash of the documents and of how they were indexed."""

    seq: int
    id: str
    created: str
    documents: int
    chunks: int


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


def current_snapshot(connection: sqlite3.Connection) -> Snapshot | None:
    """The last published snapshot, ``None`` when nothing was published yet."""
    row = connection.execute("SELECT * FROM snapshots ORDER BY seq DESC LIMIT 1").fetchone()
    return None if row is None else Snapshot(**dict(row))


def current_segments(connection: sqlite3.Connection) -> list[StoredSegment]:
    """Segments of the current snapshot, in a stable order."""
    rows = connection.execute("SELECT * FROM segments ORDER BY name")
    return [StoredSegment(**dict(row)) for row in rows]


def documents(connection: sqlite3.Connection) -> list[StoredDocument]:
    """All documents, in the order they were added."""
    return [_document(row) for row in connection.execute("SELECT * FROM documents ORDER BY key")]


def find_document(connection: sqlite3.Connection, document_id: str) -> StoredDocument | None:
    """A document by id, or by an unambiguous beginning of it (six characters or more)."""
    row = connection.execute("SELECT * FROM documents WHERE id = ?", (document_id,)).fetchone()
    if row is None and len(document_id) >= 6:
        rows = connection.execute(
            "SELECT * FROM documents WHERE substr(id, 1, ?) = ? LIMIT 2",
            (len(document_id), document_id),
        ).fetchall()
        row = rows[0] if len(rows) == 1 else None
    return None if row is None else _document(row)


def _document(row: sqlite3.Row) -> StoredDocument:
    values = dict(row)
    del values["quality"]  # large, and wanted one document at a time
    values["keep_original"] = bool(values["keep_original"])
    values["complete"] = bool(values["complete"])
    values["metadata"] = metadata_from_json(json.loads(values["metadata"]))
    values["warnings"] = tuple(json.loads(values["warnings"]))
    return StoredDocument(**values)


def document_quality(connection: sqlite3.Connection, document_key: int) -> Quality | None:
    """How well a document was read, if that was recorded."""
    row = connection.execute(
        "SELECT quality FROM documents WHERE key = ?", (document_key,)
    ).fetchone()
    return quality_from_json(json.loads(row["quality"])) if row and row["quality"] else None


def block_kinds(connection: sqlite3.Connection, document_key: int) -> dict[str, int]:
    """Number of blocks of a document by kind."""
    rows = connection.execute(
        "SELECT kind, count(*) AS n FROM blocks WHERE document_key = ? GROUP BY kind ORDER BY kind",
        (document_key,),
    )
    return {row["kind"]: row["n"] for row in rows}


def blocks(
    connection: sqlite3.Connection, document_key: int, start: int = 0, limit: int = -1
) -> list[tuple[int, Block]]:
    """Blocks of a document with their ordinals, from ``start`` on."""
    rows = connection.execute(
        "SELECT * FROM blocks WHERE document_key = ? AND ordinal >= ? ORDER BY ordinal LIMIT ?",
        (document_key, start, limit),
    )
    return [(row["ordinal"], _block(row)) for row in rows]


def page_blocks(
    connection: sqlite3.Connection, document_key: int, page: int
) -> list[tuple[int, Block]]:
    """Blocks of one page of a document, with their ordinals."""
    rows = connection.execute(
        "SELECT * FROM blocks WHERE document_key = ? AND json_extract(locator, '$.page') = ? "
        "ORDER BY ordinal",
        (document_key, page),
    )
    return [(row["ordinal"], _block(row)) for row in rows]


def _block(row: sqlite3.Row) -> Block:
    return Block(
        kind=row["kind"],
        text=row["text"],
        locator=locator_from_json(json.loads(row["locator"])),
        level=row["level"],
        table=table_from_json(json.loads(row["table_json"])) if row["table_json"] else None,
        flags=tuple(json.loads(row["flags"])),
    )


def chunks_by_key(connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, Chunk]:
    """Chunks by key."""
    found: dict[int, Chunk] = {}
    for start in range(0, len(keys), 500):
        part = [int(key) for key in keys[start : start + 500]]
        marks = ",".join("?" * len(part))
        rows = connection.execute(
            f"SELECT c.*, d.id AS document_id FROM chunks c "  # noqa: S608 - only marks
            f"JOIN documents d ON d.key = c.document_key WHERE c.key IN ({marks})",
            part,
        )
        found.update({row["key"]: _chunk(row) for row in rows})
    return found


def document_chunks(connection: sqlite3.Connection, document_key: int) -> list[Chunk]:
    """All chunks of a document, in reading order."""
    return list(keyed_chunks(connection, document_key).values())


def keyed_chunks(connection: sqlite3.Connection, document_key: int) -> dict[int, Chunk]:
    """All chunks of a document by key, in reading order."""
    rows = connection.execute(
        "SELECT c.*, d.id AS document_id FROM chunks c JOIN documents d ON d.key = c.document_key "
        "WHERE c.document_key = ? ORDER BY c.ordinal",
        (document_key,),
    )
    return {row["key"]: _chunk(row) for row in rows}


def _chunk(row: sqlite3.Row) -> Chunk:
    return Chunk(
        id=row["id"],
        document_id=row["document_id"],
        ordinal=row["ordinal"],
        kind=row["kind"],
        text=row["text"],
        heading_path=tuple(json.loads(row["heading_path"])),
        locator=locator_from_json(json.loads(row["locator"])),
        spans=tuple(Span(*span) for span in json.loads(row["spans"])),
        tokens=row["tokens"],
        flags=tuple(json.loads(row["flags"])),
    )


def next_key(connection: sqlite3.Connection, table: str) -> int:
    """The next free key of ``documents`` or ``chunks``."""
    if table == "documents":
        # Keys of removed documents are never used again: a segment may still name them.
        row = connection.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)
        ).fetchone()
        return 1 if row is None else int(row[0]) + 1
    row = connection.execute("SELECT max(key) FROM chunks").fetchone()
    return int(row[0] or 0) + 1


def insert_document(
    connection: sqlite3.Connection,
    key: int,
    document: Document,
    chunk_rows: Iterable[tuple[int, Chunk]],
    added: str,
) -> None:
    """Insert a document with its blocks and chunks."""
    numbered = list(chunk_rows)
    connection.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            key,
            document.id,
            document.path,
            document.source_path,
            document.media_type,
            document.sha256,
            document.size,
            document.pages,
            _dump(to_json(document.metadata)),
            _dump(document.warnings),
            added,
            len(document.blocks),
            len(numbered),
            document.member,
            int(document.keep_original),
            int(document.complete),
            _dump(quality_to_json(document.quality)) if document.quality else None,
        ),
    )
    connection.executemany(
        "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (_block_row(key, ordinal, block) for ordinal, block in enumerate(document.blocks)),
    )
    connection.executemany(
        "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_chunk_row(chunk_key, key, chunk) for chunk_key, chunk in numbered),
    )


def _block_row(document_key: int, ordinal: int, block: Block) -> tuple[Any, ...]:
    return (
        document_key,
        ordinal,
        block.kind,
        block.level,
        block.text,
        _dump(to_json(block.locator)),
        _dump(to_json(block.table)) if block.table else None,
        _dump(block.flags),
    )


def _chunk_row(chunk_key: int, document_key: int, chunk: Chunk) -> tuple[Any, ...]:
    spans = [(s.block, s.chunk_start, s.chunk_end, s.block_start) for s in chunk.spans]
    return (
        chunk_key,
        document_key,
        chunk.ordinal,
        chunk.id,
        chunk.kind,
        chunk.text,
        _dump(chunk.heading_path),
        _dump(to_json(chunk.locator)),
        _dump(spans),
        chunk.tokens,
        _dump(chunk.flags),
    )


def delete_document(connection: sqlite3.Connection, key: int) -> None:
    """Delete a document with its blocks and chunks."""
    connection.execute("DELETE FROM chunks WHERE document_key = ?", (key,))
    connection.execute("DELETE FROM blocks WHERE document_key = ?", (key,))
    connection.execute("DELETE FROM documents WHERE key = ?", (key,))


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


def mark_for_purge(connection: sqlite3.Connection) -> None:
    """Remember that rows were deleted whose text :func:`purge` must still wipe off the disk."""
    set_meta(connection, "purge", "due")


def purge(connection: sqlite3.Connection) -> bool:
    """Rewrite the store without what deleted rows left in its pages; false when none is due.

    ``secure_delete`` is not enough: when SQLite rebalances pages, copies of rows stay in their
    unused parts.
    """
    if get_meta(connection, "purge") is None:
        return False
    connection.execute("VACUUM")
    connection.execute("DELETE FROM meta WHERE key = 'purge'")
    return True


def replace_segments(
    connection: sqlite3.Connection, remove: Iterable[str], add: Iterable[StoredSegment]
) -> None:
    """Change which segments make up the snapshot."""
    connection.executemany("DELETE FROM segments WHERE name = ?", ((name,) for name in remove))
    connection.executemany(
        "INSERT INTO segments VALUES (?, ?, ?, ?)",
        ((s.name, s.rows, s.body_terms, s.head_terms) for s in add),
    )


def insert_snapshot(connection: sqlite3.Connection, snapshot_id: str, created: str) -> None:
    """Record the state of the transaction in progress as the newest snapshot."""
    connection.execute(
        "INSERT INTO snapshots (id, created, documents, chunks) "
        "SELECT ?, ?, (SELECT count(*) FROM documents), (SELECT count(*) FROM chunks)",
        (snapshot_id, created),
    )


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


__all__ = [
    "IndexUnusable",
    "Snapshot",
    "StoredDocument",
    "StoredSegment",
    "connect",
    "current_segments",
    "current_snapshot",
    "documents",
]

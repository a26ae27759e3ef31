"""What the store holds: documents, blocks, chunks and segments, read from their rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.model import (
    Block,
    Chunk,
    Metadata,
    Span,
    locator_from_json,
    metadata_from_json,
    table_from_json,
)
from ingest.quality import Quality, quality_from_json


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

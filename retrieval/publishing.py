"""Changes of the store: rows written and deleted, the segments and snapshot they make up."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from ingest.model import Block, Chunk, Document, to_json
from ingest.quality import quality_to_json
from retrieval.contents import StoredSegment
from retrieval.store import get_meta, set_meta


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

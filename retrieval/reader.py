"""Reading an index: a :class:`View` is one published snapshot, whole, for as long as it is held."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ingest.model import Block, Chunk
from ingest.quality import Quality
from retrieval import contents, store
from retrieval.contents import Snapshot, StoredDocument, StoredSegment
from retrieval.currency import Currency, Status, load_register, resolve_currency
from retrieval.filters import Filters
from retrieval.indexing import analysis_version
from retrieval.lexical import Mask
from retrieval.segment import Segment, SegmentDamaged

_REMEMBERED = 8  # filters and days whose documents are remembered for a snapshot


@dataclass(slots=True)
class _Catalogue:
    """What is kept in memory of a snapshot, shared by all views of it."""

    snapshot: Snapshot
    stored: list[StoredSegment]
    segments: list[Segment]
    documents: list[StoredDocument]
    currency: dict[str, Currency]
    by_key: dict[int, StoredDocument] = field(default_factory=dict)
    by_id: dict[str, StoredDocument] = field(default_factory=dict)
    allowed: dict[tuple[Filters, str], Mapping[int, Status]] = field(default_factory=dict)
    in_other_language: dict[str | None, list[Mask]] = field(default_factory=dict)


class View:
    """One snapshot of an index.

    Attributes:
        snapshot: Which one.
        stored: Its segments' names and sizes.
        segments: The segments, memory-mapped, in the order of ``stored``.
        documents: Its documents.
        currency: When each document is in force, by document id.
    """

    def __init__(self, connection: sqlite3.Connection, catalogue: _Catalogue) -> None:
        self._connection = connection
        self._catalogue = catalogue
        self.snapshot = catalogue.snapshot
        self.stored = catalogue.stored
        self.segments = catalogue.segments
        self.documents = catalogue.documents
        self.currency = catalogue.currency

    def document(self, document_id: str) -> StoredDocument | None:
        """A document by id or by an unambiguous beginning of it."""
        found = self._catalogue.by_id.get(document_id)
        return found or contents.find_document(self._connection, document_id)

    def document_by_key(self, key: int) -> StoredDocument:
        """A document by its internal key."""
        return self._catalogue.by_key[key]

    def allowed(self, filters: Filters, as_of: str) -> Mapping[int, Status]:
        """Keys of the documents that may answer, in order, with their status on an ISO date."""
        known = self._catalogue.allowed
        found = known.get((filters, as_of))
        if found is None:
            statuses = ((d, self.currency[d.id].status(as_of)) for d in self.documents)
            found = {d.key: status for d, status in statuses if filters.allow(d, status)}
            if len(known) >= _REMEMBERED:
                known.clear()
            known[filters, as_of] = found
        return found

    def rows_of(self, keys: Collection[int]) -> list[Mask]:
        """Rows of the documents with these keys, one mask a segment."""
        # Keys are given in order and never get far: a table of them is much faster than np.isin.
        table = np.zeros(self.documents[-1].key + 1 if self.documents else 0, dtype=bool)
        table[list(keys)] = True
        return [table[segment.document_keys] for segment in self.segments]

    def in_other_language(self, language: str | None) -> Sequence[Mask]:
        """Rows of documents in a known language that is not this one, one mask a segment."""
        known = self._catalogue.in_other_language
        if language not in known:
            own = {None, language}
            known[language] = self.rows_of(
                [d.key for d in self.documents if d.metadata.language not in own]
            )
        return known[language]

    def chunks(self, keys: list[int]) -> dict[int, Chunk]:
        """Chunks by key."""
        return contents.chunks_by_key(self._connection, keys)

    def document_chunks(self, document: StoredDocument) -> list[Chunk]:
        """All chunks of a document, in reading order."""
        return contents.document_chunks(self._connection, document.key)

    def blocks(
        self, document: StoredDocument, start: int = 0, limit: int = -1
    ) -> list[tuple[int, Block]]:
        """Blocks of a document with their ordinals."""
        return contents.blocks(self._connection, document.key, start, limit)

    def page_blocks(self, document: StoredDocument, page: int) -> list[tuple[int, Block]]:
        """Blocks of one page, with their ordinals."""
        return contents.page_blocks(self._connection, document.key, page)

    def block_kinds(self, document: StoredDocument) -> dict[str, int]:
        """Number of blocks of a document by kind."""
        return contents.block_kinds(self._connection, document.key)

    def quality(self, document: StoredDocument) -> Quality | None:
        """How well a document was read."""
        return contents.document_quality(self._connection, document.key)


class Index:
    """An index folder opened for reading. Safe to share between threads.

    Args:
        folder: The index folder.
        register_path: ``corpus/currency.csv``, or ``None``.

    Raises:
        IndexUnusable: No usable index lies there (see :func:`retrieval.store.connect`).
    """

    def __init__(self, folder: Path, register_path: Path | None = None) -> None:
        self.folder = folder
        self._register_path = register_path
        self._catalogue: _Catalogue | None = None
        self._loading = threading.Lock()
        with self._transaction() as connection:
            store.check_analysis(connection, folder, analysis_version())
            self.embedder_name = store.get_meta(connection, "embedder")

    @contextmanager
    def read(self) -> Iterator[View]:
        """A view of the snapshot that is current now; it stays whole while a writer goes on.

        Raises:
            IndexUnusable: Nothing was published yet, or the index is damaged.
        """
        incomplete: Snapshot | None = None  # a file of it was missing
        while True:
            with self._transaction() as connection:
                snapshot = self._snapshot(connection)
                try:
                    catalogue = self._load(connection, snapshot)
                except FileNotFoundError as error:
                    # Between our look at the list and opening a segment, a writer published the
                    # next snapshot and deleted what it no longer names. If there is no next one,
                    # the file is really gone.
                    if snapshot == incomplete:
                        raise self._damaged(error) from error
                    incomplete = snapshot
                    continue
                except SegmentDamaged as error:
                    raise self._damaged(error) from error
                yield View(connection, catalogue)
                return

    def _damaged(self, error: Exception) -> store.IndexUnusable:
        return store.IndexUnusable(
            f"the index in {self.folder} is damaged ({error}); {store.rebuild(self.folder)}"
        )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = store.connect(self.folder)
        try:
            with store.explained(self.folder):
                connection.execute("BEGIN")
                yield connection
        finally:
            connection.close()

    def _snapshot(self, connection: sqlite3.Connection) -> Snapshot:
        snapshot = contents.current_snapshot(connection)
        if snapshot is None:
            raise store.IndexUnusable(
                f"the index in {self.folder} is empty; add documents with: "
                f"xinglin ingest PATH --index {self.folder}"
            )
        return snapshot

    def _load(self, connection: sqlite3.Connection, snapshot: Snapshot) -> _Catalogue:
        """What is kept in memory of a snapshot, opened by the first thread that needs it."""
        held = self._catalogue
        if held is not None and held.snapshot == snapshot:
            return held
        with self._loading:
            held = self._catalogue
            if held is not None and held.snapshot == snapshot:
                return held
            self._check_models(connection)
            opened = dict(self._opened())
            stored = contents.current_segments(connection)
            folder = self.folder / "segments"
            segments = [opened.get(s.name) or Segment.load(folder / s.name) for s in stored]
            documents = contents.documents(connection)
            register = load_register(self._register_path) if self._register_path else ()
            catalogue = _Catalogue(
                snapshot,
                stored,
                segments,
                documents,
                resolve_currency(documents, register),
                {d.key: d for d in documents},
                {d.id: d for d in documents},
            )
            self._catalogue = catalogue
            return catalogue

    def _check_models(self, connection: sqlite3.Connection) -> None:
        """Refuse a snapshot that another embedder or another analysis has built meanwhile."""
        store.check_analysis(connection, self.folder, analysis_version())
        embedder = store.get_meta(connection, "embedder")
        if self.embedder_name not in {None, embedder}:
            raise store.IndexUnusable(
                f"the index in {self.folder} was rebuilt with embedder {embedder!r} since it was "
                f"opened with {self.embedder_name!r}; restart this program"
            )

    def _opened(self) -> Iterator[tuple[str, Segment]]:
        if self._catalogue:
            for stored, segment in zip(
                self._catalogue.stored, self._catalogue.segments, strict=True
            ):
                yield stored.name, segment

"""The one writer of an index: turns batches of parsed documents into published snapshots."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType

import numpy as np
from filelock import FileLock, Timeout

from ingest.model import Chunk, Document
from ingest.pipeline import Known, Parsed, Prepare
from retrieval import contents, publishing, store
from retrieval.embedders import Embedder
from retrieval.indexing import analysis_version, embedding_text, prepare_chunks
from retrieval.lexicon import load_lexicon
from retrieval.segment import ChunkTerms, Segment, SegmentDamaged, remove_segment, sync

_MERGE_WIDTH = 6  # so many segments of one size class are merged into one of the next
_SMALLEST_CLASS = 1000  # rows
_WAIT_FOR_READERS_S = 2  # how long a removal waits for readers of older snapshots
_UNFINISHED = ".part"
_REBUILD_PORTION = 5000  # chunks of a part of a segment when an index is rebuilt
_ENCODED_AT_ONCE = 256  # texts between two reports of progress: a large model takes its time

Progress = Callable[[int, int], None]


class IndexBusy(Exception):
    """Another process is writing to the index."""


class EmbedderMismatch(store.IndexUnusable):
    """The index was built with another embedder."""


def check_embedder(folder: Path, built_with: str | None, named: str) -> None:
    """Refuse to use an index with another embedder than it was built with.

    Raises:
        EmbedderMismatch: The two differ; the message has the command that rebuilds.
    """
    if built_with not in {None, named}:
        raise EmbedderMismatch(
            f"the index in {folder} was built with embedder {built_with!r}, the settings name "
            f"{named!r}; set `embedder` back, or rebuild it from its own texts with: "
            f"xinglin reindex --index {folder}"
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _prepare(lexicon_path: Path, document: Document, chunks: list[Chunk]) -> list[ChunkTerms]:
    return prepare_chunks(lexicon_path, document.metadata, chunks)


class IndexWriter:
    """Writes to an index folder; a context manager that holds the folder's lock.

    Implements :class:`ingest.pipeline.Sink`. On leaving it, what removed documents left in the
    store is wiped off the disk.

    Args:
        folder: The index folder; created when missing.
        embedder: Encodes new chunks; must be the one the index was built with.
        lexicon_path: ``lexicon.csv`` for segmentation.
        keep_originals: Copy each file into the index, so that its pages can be shown later.
        rebuilding: Open an index of another embedder or analysis too, for :meth:`rebuild`.

    Raises:
        IndexBusy: Another process holds the lock.
        EmbedderMismatch: The index was built with another embedder.
        IndexUnusable: The folder cannot be written, another version wrote it, or there is nothing
            in it to rebuild.
    """

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        lexicon_path: Path,
        keep_originals: bool = True,
        rebuilding: bool = False,
    ) -> None:
        if rebuilding:
            store.require(folder)  # or a mistyped name would become an empty index
        self.folder = folder
        self._rebuilding = rebuilding
        self.embedder = embedder
        self.keep_originals = keep_originals
        self.prepare: Prepare = partial(_prepare, lexicon_path)
        self._lexicon_path = lexicon_path
        self._segments_folder = folder / "segments"
        self._files_folder = folder / "files"
        try:
            for path in (folder, self._segments_folder, self._files_folder):
                path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise store.IndexUnusable(
                f"the index folder {folder} cannot be written ({error.strerror}); "
                "choose another with --index"
            ) from error
        self._lock = FileLock(folder / "writer.lock")

    def __enter__(self) -> IndexWriter:
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise IndexBusy(
                f"another process is writing to the index in {self.folder}; wait until it is done"
            ) from None
        except OSError as error:
            raise store.IndexUnusable(
                f"the index folder {self.folder} cannot be written ({error.strerror}); "
                "choose another with --index"
            ) from error
        with contextlib.ExitStack() as undo:
            undo.callback(self._lock.release)
            self._db = store.connect(self.folder, write=True)
            undo.callback(self._db.close)
            with store.explained(self.folder):
                if not self._rebuilding:
                    self._check_models()
                    self._record_models()
                self._remove_leftovers()
            undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            with store.explained(self.folder):
                purged = publishing.purge(self._db)
                self._cut_log(_WAIT_FOR_READERS_S if purged else 0)
        finally:
            self._db.close()
            self._lock.release()

    def _check_models(self) -> None:
        """Refuse to add to what another embedder or another analysis has built."""
        store.check_analysis(self._db, self.folder, analysis_version())
        check_embedder(self.folder, store.get_meta(self._db, "embedder"), self.embedder.name)

    def _record_models(self) -> None:
        """Note in the store what its segments are built with."""
        store.set_meta(self._db, "analysis", analysis_version())
        store.set_meta(self._db, "embedder", self.embedder.name)
        store.set_meta(self._db, "dimensions", str(self.embedder.dimensions))

    def _remove_leftovers(self) -> None:
        """Delete what a killed run wrote and never published."""
        named = {segment.name for segment in contents.current_segments(self._db)}
        for path in self._segments_folder.iterdir():
            if path.name not in named:
                remove_segment(path)
        kept = {document.sha256 for document in contents.documents(self._db)}
        for path in self._files_folder.iterdir():
            if path.name.split(".")[0] not in kept or path.suffix == _UNFINISHED:
                path.unlink(missing_ok=True)

    def known_paths(self) -> Mapping[str, Known]:
        """Files by absolute source path."""
        return self._known(lambda document: document.source_path)

    def known_contents(self) -> Mapping[str, Known]:
        """Files by SHA-256 of their content."""
        return self._known(lambda document: document.sha256)

    def _known(self, key: Callable[[contents.StoredDocument], str]) -> dict[str, Known]:
        ids: dict[str, list[str]] = {}
        one: dict[str, contents.StoredDocument] = {}
        for document in contents.documents(self._db):
            ids.setdefault(key(document), []).append(document.id)
            one[key(document)] = document
        return {
            name: Known(tuple(ids[name]), document.sha256, document.source_path, document.complete)
            for name, document in one.items()
        }

    def publish(self, add: list[Parsed], remove: list[str]) -> None:
        """Add and remove documents; afterwards the next query sees exactly the new state.

        Everything slow or large is written first, outside of the transaction and under names no
        reader knows; the transaction then makes it visible.
        """
        with store.explained(self.folder):
            self._publish(add, remove)

    def _publish(self, add: list[Parsed], remove: list[str]) -> None:
        # Two files that were given the same content at the same path of two roots are one document.
        add = list({parsed.document.id: parsed for parsed in add}.values())
        self._check_models()
        by_id = {document.id: document for document in contents.documents(self._db)}
        # A document that comes back under its old id (same content, moved file) replaces itself.
        arriving = [p.document.id for p in add if p.document.id in by_id]
        removed = [by_id[i] for i in dict.fromkeys([*remove, *arriving]) if i in by_id]
        if not add and not removed:
            return
        for parsed in add:
            self._keep_original(parsed)
        document_keys, chunk_keys = self._assign_keys(add)
        fresh = self._build_segment(add, document_keys, chunk_keys)
        dropped, written = self._rewrite_segments(fresh, {document.key for document in removed})
        now = _now()
        self._db.execute("BEGIN IMMEDIATE")
        try:
            for document in removed:
                publishing.delete_document(self._db, document.key)
            if removed:
                publishing.mark_for_purge(self._db)
            for parsed, key, keys in zip(add, document_keys, chunk_keys, strict=True):
                rows = zip(keys, parsed.chunks, strict=True)
                publishing.insert_document(self._db, key, parsed.document, rows, now)
            publishing.replace_segments(self._db, dropped, written)
            publishing.insert_snapshot(self._db, self._snapshot_id(), now)
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._after_publish(dropped, removed)

    def remove(self, document_ids: Sequence[str]) -> None:
        """Remove documents; their text is off the disk when the writer is closed."""
        self.publish([], list(document_ids))

    def prune(self, roots: Sequence[Path]) -> list[str]:
        """Remove documents whose file lay below one of ``roots`` and is gone; return their ids.

        A folder that is gone itself may be a share that is not mounted: nothing below it is
        removed.
        """
        resolved = [root.expanduser().resolve() for root in roots]
        gone = []
        for document in contents.documents(self._db):
            path = Path(document.source_path)
            named = any(
                path == root or (path.is_relative_to(root) and root.is_dir()) for root in resolved
            )
            if named and _is_gone(path):
                gone.append(document.id)
        self.remove(gone)
        return gone

    def rebuild(self, progress: Progress = lambda done, total: None) -> int:
        """Analyse and embed all stored chunks anew, with the settings of today.

        For another embedder, a new version of the text analysis or a changed lexicon. Needs no
        original file. Readers keep the old snapshot until the new one is published as a whole.

        Args:
            progress: Called with the number of chunks done so far, and of all.

        Returns:
            The number of chunks.
        """
        with store.explained(self.folder):
            return self._rebuild(progress)

    def _rebuild(self, progress: Progress) -> int:
        parts: list[Segment] = []
        total = sum(document.chunks for document in contents.documents(self._db))
        done = 0
        for keys, owners, texts, terms in self._stored_chunks():
            vectors = []
            for begin in range(0, len(texts), _ENCODED_AT_ONCE):
                vectors.append(self.embedder.encode(texts[begin : begin + _ENCODED_AT_ONCE]))
                done += len(vectors[-1])
                progress(done, total)
            parts.append(Segment.build(keys, owners, terms, np.concatenate(vectors)))
        old = [s.name for s in contents.current_segments(self._db)]
        written = self._write(Segment.merge(parts, [], self.embedder.dimensions)) if parts else []
        self._db.execute("BEGIN IMMEDIATE")
        try:
            publishing.replace_segments(self._db, old, written)
            self._record_models()
            publishing.insert_snapshot(self._db, self._snapshot_id(), _now())
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._after_publish(old, [])
        return done

    def _stored_chunks(
        self,
    ) -> Iterator[tuple[list[int], list[int], list[str], list[ChunkTerms]]]:
        """Keys, document keys, texts to embed and terms of all chunks, in portions."""
        keys: list[int] = []
        owners: list[int] = []
        texts: list[str] = []
        terms: list[ChunkTerms] = []
        for document in contents.documents(self._db):
            stored = contents.keyed_chunks(self._db, document.key)
            chunks = list(stored.values())
            keys += stored
            owners += [document.key] * len(chunks)
            texts += [embedding_text(document.metadata, chunk) for chunk in chunks]
            terms += prepare_chunks(self._lexicon_path, document.metadata, chunks)
            if len(keys) >= _REBUILD_PORTION:
                yield keys, owners, texts, terms
                keys, owners, texts, terms = [], [], [], []
        if keys:
            yield keys, owners, texts, terms

    def _assign_keys(self, add: Sequence[Parsed]) -> tuple[list[int], list[list[int]]]:
        first = publishing.next_key(self._db, "documents")
        chunk = publishing.next_key(self._db, "chunks")
        chunk_keys: list[list[int]] = []
        for parsed in add:
            chunk_keys.append(list(range(chunk, chunk + len(parsed.chunks))))
            chunk += len(parsed.chunks)
        return list(range(first, first + len(add))), chunk_keys

    def _build_segment(
        self, add: Sequence[Parsed], document_keys: list[int], chunk_keys: list[list[int]]
    ) -> Segment | None:
        texts = [embedding_text(p.document.metadata, chunk) for p in add for chunk in p.chunks]
        if not texts:
            return None
        owners = [
            key for key, p in zip(document_keys, add, strict=True) for _ in range(len(p.chunks))
        ]
        return Segment.build(
            [key for keys in chunk_keys for key in keys],
            owners,
            [terms for p in add for terms in p.prepared],
            self.embedder.encode(texts),
        )

    def _rewrite_segments(
        self, fresh: Segment | None, removed: set[int]
    ) -> tuple[list[str], list[contents.StoredSegment]]:
        """Write the fresh segment and rewrite those that lose documents or are due to merge.

        Returns the names to drop and the segments to add.
        """
        stored = contents.current_segments(self._db)
        loaded = {s.name: self._load(s) for s in stored}
        gone = np.array(sorted(removed), dtype=np.int64)
        dropped = [
            name for name, segment in loaded.items() if np.isin(segment.document_keys, gone).any()
        ]
        kept = [s for s in stored if s.name not in dropped]
        to_merge = [loaded[name] for name in dropped]
        if fresh is not None:
            to_merge.append(fresh)
        rows = sum(segment.rows for segment in to_merge)
        # Merge upwards: a full size class empties into the next, so segments stay few.
        while True:
            peers = [s for s in kept if _size_class(s.rows) <= _size_class(rows)]
            if len(peers) + 1 < _MERGE_WIDTH:
                break
            dropped += [s.name for s in peers]
            to_merge += [loaded[s.name] for s in peers]
            kept = [s for s in kept if s not in peers]
            rows += sum(s.rows for s in peers)
        if not to_merge:
            return dropped, []
        merged = (
            to_merge[0]
            if len(to_merge) == 1 and not removed
            else Segment.merge(to_merge, sorted(removed), self.embedder.dimensions)
        )
        return dropped, self._write(merged)

    def _write(self, segment: Segment) -> list[contents.StoredSegment]:
        """Save a segment under a name no reader knows yet; an empty one is not kept."""
        if segment.rows == 0:
            return []
        name = segment.save(self._segments_folder)
        lengths = {k: int(np.sum(f.lengths, dtype=np.int64)) for k, f in segment.fields.items()}
        return [contents.StoredSegment(name, segment.rows, lengths["body"], lengths["head"])]

    def _load(self, stored: contents.StoredSegment) -> Segment:
        try:
            return Segment.load(self._segments_folder / stored.name)
        except (FileNotFoundError, SegmentDamaged) as error:
            raise store.IndexUnusable(
                f"the index in {self.folder} is damaged ({error}); {store.rebuild(self.folder)}"
            ) from error

    def _snapshot_id(self) -> str:
        """Hash of the documents and of how they are indexed: equal content, equal id."""
        digest = hashlib.sha256()
        parts = [
            self.embedder.name,
            analysis_version(),
            load_lexicon(self._lexicon_path).fingerprint,
        ]
        ids = [str(r[0]) for r in self._db.execute("SELECT id FROM documents ORDER BY id")]
        digest.update("\n".join(parts + ids).encode())
        return digest.hexdigest()[:16]

    def _keep_original(self, parsed: Parsed) -> None:
        target = original_path(self.folder, parsed.document.sha256, parsed.document.source_path)
        if not (self.keep_originals and parsed.document.keep_original) or target.exists():
            return
        unfinished = target.with_suffix(target.suffix + _UNFINISHED)
        try:
            shutil.copyfile(parsed.data_path, unfinished)
        except OSError:
            # The text is indexed; only the page picture will be missing.
            unfinished.unlink(missing_ok=True)
            return
        sync(unfinished)
        unfinished.replace(target)

    def _after_publish(
        self, dropped: Sequence[str], removed: Sequence[contents.StoredDocument]
    ) -> None:
        for name in dropped:
            remove_segment(self._segments_folder / name)
        # The copy of a file holds all its records, the removed one too.
        parted = {document.sha256 for document in removed if document.member}
        still_held = {document.sha256 for document in contents.documents(self._db)} - parted
        for sha256 in {document.sha256 for document in removed} - still_held:
            for copy in self._files_folder.glob(f"{sha256}*"):
                copy.unlink(missing_ok=True)

    def _cut_log(self, wait_s: int) -> None:
        """Fold the write-ahead log into the store and empty it: it still holds deleted rows.

        A reader that holds an older snapshot prevents that; then the last connection to close or
        the next writer does it.
        """
        self._db.execute(f"PRAGMA busy_timeout={wait_s * 1000}")
        with contextlib.suppress(sqlite3.OperationalError):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._db.execute(f"PRAGMA busy_timeout={store.BUSY_TIMEOUT_S * 1000}")


def _is_gone(path: Path) -> bool:
    """Whether there is no such file; one that may not be looked at is not gone."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _size_class(rows: int) -> int:
    size, bound = 0, _SMALLEST_CLASS
    while rows > bound:
        size, bound = size + 1, bound * _MERGE_WIDTH
    return size


def original_path(folder: Path, sha256: str, source_path: str) -> Path:
    """Where the copy of a source file lies in an index folder."""
    return folder / "files" / f"{sha256}{Path(source_path).suffix.lower()}"

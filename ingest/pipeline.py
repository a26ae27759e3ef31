"""The incremental pipeline: files in, published batches out.

Files are hashed here (an unchanged file costs no more), parsed in worker processes (a crash, a
hang or a memory bomb in a parser costs one file, never the run) and handed to a :class:`Sink` in
batches. The sink publishes each batch atomically; killed at any moment, a second run picks up
where the last published batch ended.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ingest.errors import BadInput, UnsupportedFormat
from ingest.files import FileRef, Unreachable, find_files, hash_file
from ingest.model import Chunk, Document
from ingest.options import ReadOptions
from ingest.parse import FileReading, read_file
from ingest.quality import Quality
from ingest.settings import IngestSettings

OutcomeKind = Literal[
    "added", "updated", "unchanged", "duplicate", "quarantined", "unsupported", "failed"
]
Prepare = Callable[[Document, list[Chunk]], Any]
_LONGEST_REASON = 200  # characters of somebody else's error message
_LISTED = 20  # remarks on single records that are told one by one


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one file, in words a curator understands.

    Attributes:
        path: Path below the ingested root.
        id: Of its document, or of the first when the file holds several.
        detail: Why it came out so.
        blocks: Of all its documents together, as are ``chunks``.
        size: In bytes.
        documents: How many the file gave.
        pages: Of all its documents together; 0 for formats without pages.
        seconds: Time its parsing took in a worker.
        kinds: Number of blocks by kind.
        quality: How well it was read; ``None`` when it was not.
    """

    path: str
    outcome: OutcomeKind
    id: str | None = None
    detail: str | None = None
    blocks: int = 0
    chunks: int = 0
    size: int = 0
    warnings: tuple[str, ...] = ()
    documents: int = 0
    pages: int = 0
    seconds: float = 0.0
    kinds: tuple[tuple[str, int], ...] = ()
    quality: Quality | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A file the sink already holds: the ids of its documents, its hash and its path.

    Not ``complete`` when records of it were quarantined.
    """

    ids: tuple[str, ...]
    sha256: str
    source_path: str
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document ready to publish; ``prepared`` is what the sink's ``prepare`` made of it."""

    document: Document
    chunks: list[Chunk]
    prepared: Any
    data_path: Path


class Sink(Protocol):
    """Where parsed documents go; :class:`retrieval.writer.IndexWriter` is the one we ship."""

    @property
    def prepare(self) -> Prepare:
        """Runs in the worker next to parsing: segmentation is the costly part of indexing.

        Must be importable by name: each worker receives it as it starts.
        """

    def known_paths(self) -> Mapping[str, Known]:
        """Files by absolute source path."""

    def known_contents(self) -> Mapping[str, Known]:
        """Files by SHA-256 of their content."""

    def publish(self, add: list[Parsed], remove: list[str]) -> None:
        """Make the documents findable and the removed ids unfindable, atomically."""


@dataclass(slots=True)
class Report:
    """The outcome of a run. ``seconds`` is wall time, ``megabytes`` what was parsed (10^6 B)."""

    outcomes: list[Outcome] = field(default_factory=list)
    seconds: float = 0.0
    megabytes: float = 0.0

    def count(self, *kinds: OutcomeKind) -> int:
        """Number of files with one of these outcomes."""
        return sum(1 for o in self.outcomes if o.outcome in kinds)


@dataclass(slots=True)
class _Task:
    ref: FileRef
    size: int
    sha256: str
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Work:
    """What a worker gives back for one file."""

    reading: FileReading
    prepared: list[Any]
    seconds: float


class _ReaderBug(Exception):
    """What escaped a loader, in words: not every exception survives the way between processes."""


def ingest_paths(
    paths: Iterable[str | Path],
    sink: Sink,
    settings: IngestSettings | None = None,
    on_outcome: Callable[[Outcome, int], None] | None = None,
) -> Report:
    """Ingest files and folders.

    Args:
        paths: Files and folders; folders are walked.
        sink: Receives parsed documents in batches.
        settings: Limits, worker count and chunk sizes.
        on_outcome: Called for each file with its outcome and the number of files found, as soon
            as the outcome is final (for ``added`` and ``updated``: published).

    Returns:
        A report with one outcome for every file found and every path that could not be read.
    """
    settings = settings or IngestSettings()
    run = _Run(sink, settings, on_outcome)
    started = time.perf_counter()
    tasks = run.plan(list(find_files(paths, settings.follow_links)))
    while tasks:
        run.parse(tasks)
        tasks = run.settle_twins()
    run.report.seconds = time.perf_counter() - started
    return run.report


class _Run:
    """One run of the pipeline: its batch in progress and its report."""

    def __init__(
        self,
        sink: Sink,
        settings: IngestSettings,
        on_outcome: Callable[[Outcome, int], None] | None,
    ) -> None:
        self.sink = sink
        self.settings = settings
        self.on_outcome = on_outcome
        self.report = Report()
        self.total = 0
        self._twins: list[_Task] = []  # same content as a file of this run that comes before
        self._read: dict[str, Known] = {}  # what this run has parsed, by content
        self._batch: list[Parsed] = []
        self._outcomes: list[Outcome] = []  # of the batch, to be settled when it is published
        self._remove: list[str] = []
        self._last_publish = time.monotonic()

    def plan(self, found: list[FileRef | Unreachable]) -> list[_Task]:
        """Settle what needs no parsing; return the rest."""
        self.total = len(found)
        by_path = dict(self.sink.known_paths())
        hashed = [task for item in found if (task := self._hash(item, by_path))]
        replaced = {id for task in hashed for id in task.replaces}
        # A version that this run replaces is about to go: its copies are no duplicates.
        held = {
            sha256: known
            for sha256, known in self.sink.known_contents().items()
            if replaced.isdisjoint(known.ids)
        }
        tasks: list[_Task] = []
        planned: set[str] = set()
        for task in hashed:
            twin = held.get(task.sha256)
            if not task.replaces and twin and not Path(twin.source_path).exists():
                # The file was moved or renamed: the document follows it.
                task.replaces = twin.ids
                del held[task.sha256]
                twin = None
            if not task.replaces and twin:
                self._settle_duplicate(task, twin)
            elif not task.replaces and task.sha256 in planned:
                self._twins.append(task)
            else:
                planned.add(task.sha256)
                tasks.append(task)
        return tasks

    def _hash(self, item: FileRef | Unreachable, by_path: Mapping[str, Known]) -> _Task | None:
        if isinstance(item, Unreachable):
            self._settle(Outcome(item.path, "failed", detail=item.reason))
            return None
        try:
            size = item.source.stat().st_size
            if size > self.settings.max_file_mb * 1e6:
                self._settle(Outcome(item.path, "failed", size=size, detail=self._large(size)))
                return None
            sha256 = hash_file(item.source)
        except OSError as error:
            reason = f"cannot be read: {error.strerror or error}"
            self._settle(Outcome(item.path, "failed", detail=reason))
            return None
        known = by_path.get(str(item.source))
        masks = self.settings.mask_personal_data
        if known and known.sha256 == sha256 and (known.complete or not masks):
            documents = len(known.ids)
            self._settle(
                Outcome(item.path, "unchanged", known.ids[0], size=size, documents=documents)
            )
            return None
        return _Task(item, size, sha256, known.ids if known else ())

    def settle_twins(self) -> list[_Task]:
        """Report the twins of files that were read; return those of files that were not.

        A name can keep a file from being read (``notes.bak``), so its twin gets a turn.
        """
        twins, self._twins = self._twins, []
        again: dict[str, _Task] = {}
        for task in twins:
            if task.sha256 in self._read:
                self._settle_duplicate(task, self._read[task.sha256])
            elif again.setdefault(task.sha256, task) is not task:
                self._twins.append(task)
        return list(again.values())

    def _settle_duplicate(self, task: _Task, twin: Known) -> None:
        detail = f"same content as {Path(twin.source_path).name}"
        self._settle(Outcome(task.ref.path, "duplicate", twin.ids[0], detail, size=task.size))

    def _large(self, size: int) -> str:
        return (
            f"{size / 1e6:.0f} MB is above the limit of {self.settings.max_file_mb:g} MB; "
            "split the file or raise ingest.max_file_mb"
        )

    def parse(self, tasks: list[_Task]) -> None:
        """Parse in worker processes; publish as batches fill up."""
        jobs = min(self.settings.jobs or os.cpu_count() or 1, len(tasks))
        # Fresh interpreters: forking a process that runs FAISS or server threads can deadlock.
        context = multiprocessing.get_context("spawn")
        pool = ProcessPool(
            max_workers=jobs,
            max_tasks=200,
            context=context,
            initializer=_start_worker,
            initargs=(self.sink.prepare, self.settings.worker_memory_mb),
        )
        options = self.settings.read_options()
        finished = False
        try:
            # A bounded window keeps memory flat however many files there are.
            window = jobs * 4
            waiting: list[tuple[_Task, ProcessFuture[Any]]] = []
            for task in tasks:
                waiting.append((task, self._schedule(pool, task, options)))
                if len(waiting) >= window:
                    self._collect(*waiting.pop(0))
            for task, future in waiting:
                self._collect(task, future)
            self._publish()
            finished = True
        finally:
            if finished:
                pool.close()
            else:
                pool.stop()
            pool.join()

    def _schedule(self, pool: ProcessPool, task: _Task, options: ReadOptions) -> ProcessFuture[Any]:
        future: ProcessFuture[Any] = pool.schedule(
            _work,
            args=(str(task.ref.source), task.ref.path, options),
            timeout=self.settings.timeout_of(task.ref.path, task.size),
        )
        return future

    def _collect(self, task: _Task, future: ProcessFuture[Any]) -> None:
        try:
            work: _Work = future.result()
        except UnsupportedFormat as error:
            self._fail(task, "unsupported", str(error))
        except BadInput as error:
            self._fail(task, "failed", str(error))
        except FutureTimeout:
            limit = self.settings.timeout_of(task.ref.path, task.size)
            self._fail(
                task,
                "failed",
                f"took longer than {limit:g} s; split it or raise ingest.file_timeout_s",
            )
        except MemoryError:
            self._fail(task, "failed", self._out_of_memory())
        except ProcessExpired as error:
            self._fail(
                task,
                "failed",
                f"the reader process stopped (exit code {error.exitcode}); the file may be damaged",
            )
        except CancelledError:
            self._fail(task, "failed", "cancelled")
        except _ReaderBug as error:
            self._fail(task, "failed", f"internal error while reading ({error}); please report it")
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            self._fail(task, "failed", f"the reader process failed ({reason}); please report it")
        else:
            self._accept(task, work)

    def _out_of_memory(self) -> str:
        return (
            f"needs more than {self.settings.worker_memory_mb} MB of memory; "
            "split the file or raise ingest.worker_memory_mb"
        )

    def _fail(self, task: _Task, outcome: OutcomeKind, detail: str) -> None:
        self._settle(self._kept_out(task, outcome, detail))

    def _kept_out(self, task: _Task, outcome: OutcomeKind, detail: str) -> Outcome:
        detail = " ".join(detail.split())
        if task.replaces:
            detail += "; the version indexed before is kept"
        id = task.replaces[0] if task.replaces else None
        return Outcome(task.ref.path, outcome, id, detail, size=task.size)

    def _accept(self, task: _Task, work: _Work) -> None:
        reading = work.reading
        if not reading.documents:
            outcome = self._kept_out(task, "quarantined", "; ".join(reading.quarantined[:3]))
            self._settle(replace(outcome, seconds=work.seconds, quality=reading.quality))
            return
        documents = [document for document, _ in reading.documents]
        kinds = Counter(block.kind for document in documents for block in document.blocks)
        self._outcomes.append(
            Outcome(
                path=task.ref.path,
                outcome="updated" if task.replaces else "added",
                id=documents[0].id,
                detail=_parts_kept_out(reading),
                blocks=sum(kinds.values()),
                chunks=sum(len(chunks) for _, chunks in reading.documents),
                size=task.size,
                warnings=_warnings(reading),
                documents=len(documents),
                pages=sum(document.pages or 0 for document in documents),
                seconds=work.seconds,
                kinds=tuple(sorted(kinds.items())),
                quality=reading.quality,
            )
        )
        ids = tuple(document.id for document in documents)
        self._read[task.sha256] = Known(ids, task.sha256, str(task.ref.source))
        self.report.megabytes += task.size / 1e6
        # All documents of a file go into one batch: a file is in the index whole or not at all.
        self._batch += [
            Parsed(document, chunks, prepared, task.ref.source)
            for (document, chunks), prepared in zip(reading.documents, work.prepared, strict=True)
        ]
        self._remove += task.replaces
        pending = sum(len(parsed.chunks) for parsed in self._batch)
        waited = time.monotonic() - self._last_publish
        if pending >= self.settings.batch_chunks or waited >= self.settings.batch_seconds:
            self._publish()

    def _publish(self) -> None:
        if self._batch or self._remove:
            self.sink.publish(self._batch, self._remove)
            for outcome in self._outcomes:
                self._settle(outcome)
        self._batch, self._outcomes, self._remove = [], [], []
        self._last_publish = time.monotonic()

    def _settle(self, outcome: Outcome) -> None:
        self.report.outcomes.append(outcome)
        if self.on_outcome:
            self.on_outcome(outcome, self.total)


_prepare: Prepare


def _start_worker(prepare: Prepare, megabytes: int) -> None:
    """Runs as a worker starts: what ``prepare`` imports is loaded before memory is short."""
    global _prepare
    _prepare = prepare
    _limit_memory(megabytes)


def _limit_memory(megabytes: int) -> None:
    """Cap the worker's address space where the platform can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    limit = megabytes * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _work(source: str, path: str, options: ReadOptions) -> _Work:
    """Runs in a worker: read, parse, prepare."""
    started = time.perf_counter()
    try:
        data = Path(source).read_bytes()
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror or error}") from None
    try:
        reading = read_file(data, Path(source).name, path, source, options)
        prepared = [_prepare(document, chunks) for document, chunks in reading.documents]
        return _Work(reading, prepared, time.perf_counter() - started)
    except (BadInput, MemoryError):
        raise
    except Exception as error:
        raise _ReaderBug(f"{type(error).__name__}: {str(error)[:_LONGEST_REASON]}") from error


def _parts_kept_out(reading: FileReading) -> str | None:
    """What of a file of records is not in the index."""
    parts = []
    if reading.quarantined:
        parts.append(f"{len(reading.quarantined)} of its records are quarantined")
    if reading.left_out:
        parts.append(f"{len(reading.left_out)} of its records cannot be used")
    return "; ".join(parts) or None


def _warnings(reading: FileReading) -> tuple[str, ...]:
    """The warnings of all documents; those of records are named, equal ones told once."""
    if len(reading.documents) == 1 and reading.documents[0][0].member is None:
        return reading.documents[0][0].warnings
    by_text: dict[str, list[str]] = {}
    for document, _ in reading.documents:
        for warning in document.warnings:
            by_text.setdefault(warning, []).append(document.member or document.path)
    told = [f"{_some(names)}: {warning}" for warning, names in by_text.items()]
    return tuple(_first(told) + _first(reading.quarantined) + _first(reading.left_out))


def _some(names: list[str]) -> str:
    return f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else names[0]


def _first(told: list[str]) -> list[str]:
    more = len(told) - _LISTED
    return told[:_LISTED] + ([f"and {more} more like it"] if more > 0 else [])

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
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ingest.chunking import ChunkSizes
from ingest.errors import BadInput, UnsupportedFormat
from ingest.files import FileRef, Unreachable, find_files, hash_file
from ingest.model import Chunk, Document
from ingest.parse import parse_file
from ingest.settings import IngestSettings

OutcomeKind = Literal[
    "added", "updated", "unchanged", "duplicate", "quarantined", "unsupported", "failed"
]
Prepare = Callable[[Document, list[Chunk]], Any]
_LONGEST_REASON = 200  # characters of somebody else's error message


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to one file, in words a curator understands."""

    path: str
    outcome: OutcomeKind
    id: str | None = None
    detail: str | None = None
    blocks: int = 0
    chunks: int = 0
    size: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A document the sink already holds, by source path or by content."""

    id: str
    sha256: str
    source_path: str


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
        """Documents by absolute source path."""

    def known_contents(self) -> Mapping[str, Known]:
        """Documents by SHA-256 of their content."""

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
    replaces: str | None


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
        self._batch: list[tuple[Parsed, Outcome]] = []
        self._remove: list[str] = []
        self._last_publish = time.monotonic()

    def plan(self, found: list[FileRef | Unreachable]) -> list[_Task]:
        """Settle what needs no parsing; return the rest."""
        self.total = len(found)
        by_path = dict(self.sink.known_paths())
        hashed = [task for item in found if (task := self._hash(item, by_path))]
        replaced = {task.replaces for task in hashed if task.replaces}
        # A version that this run replaces is about to go: its copies are no duplicates.
        held = {
            sha256: known
            for sha256, known in self.sink.known_contents().items()
            if known.id not in replaced
        }
        tasks: list[_Task] = []
        planned: set[str] = set()
        for task in hashed:
            twin = held.get(task.sha256)
            if task.replaces is None and twin and not Path(twin.source_path).exists():
                # The file was moved or renamed: the document follows it.
                task.replaces = twin.id
                del held[task.sha256]
                twin = None
            if task.replaces is None and twin:
                self._settle_duplicate(task, twin)
            elif task.replaces is None and task.sha256 in planned:
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
        if known and known.sha256 == sha256:
            self._settle(Outcome(item.path, "unchanged", id=known.id, size=size))
            return None
        return _Task(item, size, sha256, known.id if known else None)

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
        self._settle(Outcome(task.ref.path, "duplicate", twin.id, detail, size=task.size))

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
        sizes = ChunkSizes(
            self.settings.chunk_target, self.settings.chunk_limit, self.settings.chunk_hard_limit
        )
        finished = False
        try:
            # A bounded window keeps memory flat however many files there are.
            window = jobs * 4
            waiting: list[tuple[_Task, ProcessFuture[Any]]] = []
            for task in tasks:
                waiting.append((task, self._schedule(pool, task, sizes)))
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

    def _schedule(self, pool: ProcessPool, task: _Task, sizes: ChunkSizes) -> ProcessFuture[Any]:
        future: ProcessFuture[Any] = pool.schedule(
            _work,
            args=(
                str(task.ref.source),
                task.ref.path,
                self.settings.max_pages,
                sizes,
            ),
            timeout=self.settings.file_timeout_s,
        )
        return future

    def _collect(self, task: _Task, future: ProcessFuture[Any]) -> None:
        try:
            document, chunks, prepared = future.result()
        except UnsupportedFormat as error:
            self._fail(task, "unsupported", str(error))
        except BadInput as error:
            self._fail(task, "failed", str(error))
        except FutureTimeout:
            limit = self.settings.file_timeout_s
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
            self._accept(task, document, chunks, prepared)

    def _out_of_memory(self) -> str:
        return (
            f"needs more than {self.settings.worker_memory_mb} MB of memory; "
            "split the file or raise ingest.worker_memory_mb"
        )

    def _fail(self, task: _Task, outcome: OutcomeKind, detail: str) -> None:
        detail = " ".join(detail.split())
        if task.replaces:
            detail += "; the version indexed before is kept"
        self._settle(Outcome(task.ref.path, outcome, id=task.replaces, detail=detail))

    def _accept(self, task: _Task, document: Document, chunks: list[Chunk], prepared: Any) -> None:
        outcome = Outcome(
            path=document.path,
            outcome="updated" if task.replaces else "added",
            id=document.id,
            blocks=len(document.blocks),
            chunks=len(chunks),
            size=document.size,
            warnings=document.warnings,
        )
        self._read[task.sha256] = Known(document.id, task.sha256, document.source_path)
        self.report.megabytes += document.size / 1e6
        self._batch.append((Parsed(document, chunks, prepared, task.ref.source), outcome))
        if task.replaces:
            self._remove.append(task.replaces)
        pending = sum(len(parsed.chunks) for parsed, _ in self._batch)
        waited = time.monotonic() - self._last_publish
        if pending >= self.settings.batch_chunks or waited >= self.settings.batch_seconds:
            self._publish()

    def _publish(self) -> None:
        if self._batch or self._remove:
            self.sink.publish([parsed for parsed, _ in self._batch], self._remove)
            for _, outcome in self._batch:
                self._settle(outcome)
        self._batch, self._remove = [], []
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


def _work(
    source: str, path: str, max_pages: int, sizes: ChunkSizes
) -> tuple[Document, list[Chunk], Any]:
    """Runs in a worker: read, parse, prepare."""
    try:
        data = Path(source).read_bytes()
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror or error}") from None
    try:
        document, chunks = parse_file(
            data, Path(source).name, path, source, max_pages=max_pages, sizes=sizes
        )
        return document, chunks, _prepare(document, chunks)
    except (BadInput, MemoryError):
        raise
    except Exception as error:
        raise _ReaderBug(f"{type(error).__name__}: {str(error)[:_LONGEST_REASON]}") from error

"""Kill the real command again and again while it writes: the index is never the worse for it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from ingest.model import Chunk, Document
from ingest.parse import parse_file
from ingest.pipeline import Parsed
from retrieval import Index, IndexUnusable, IndexWriter, Searcher, View
from retrieval.embedders import Embedder, StaticEmbedder
from retrieval.indexing import prepare_chunks
from retrieval.store import store_path
from tests.retrieval.checks import assert_whole, files_with

FILES = 60
FIRST = "初版"
WORDS = ("知情同意书", "伦理委员会", "受试者", "严重不良事件", "randomisation", "监查员", "揭盲")


class Sources:
    """A folder of generated files whose contents change from run to run.

    ``texts`` holds the block texts of everything that ever stood there, by document id.
    """

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.folder = folder
        self.rng = rng
        self.texts: dict[str, list[str]] = {}
        folder.mkdir()
        for number in range(FILES):
            self.write(number, FIRST)
        self.first = {path.name: path.read_bytes() for path in folder.iterdir()}

    def write(self, number: int, edition: str) -> None:
        name = f"file{number:02}.{'md' if number % 2 else 'txt'}"
        parts = [f"# 文件{number} {edition}"]
        for section in range(self.rng.randint(1, 4)):
            words = "，".join(self.rng.choices(WORDS, k=self.rng.randint(3, 30)))
            parts += [f"## 第{section}节", f"{edition}：{words}，编号{number}之{section}。"]
        self._put(name, "\n\n".join(parts).encode())

    def _put(self, name: str, data: bytes) -> None:
        path = self.folder / name
        path.write_bytes(data)
        document, _ = self.parse(path)
        self.texts[document.id] = [block.text for block in document.blocks]

    def parse(self, path: Path) -> tuple[Document, list[Chunk]]:
        shown = f"{self.folder.name}/{path.name}"
        return parse_file(path.read_bytes(), path.name, shown, str(path))

    def change(self, edition: str) -> None:
        """Rewrite, delete and bring back some files, so that a run has all kinds of work."""
        for number in self.rng.sample(range(FILES), 25):
            self.write(number, edition)
        for path in self.rng.sample(sorted(self.folder.iterdir()), 5):
            path.unlink()

    def restore(self) -> None:
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        for name, data in self.first.items():
            self._put(name, data)

    def build(self, index: Path, embedder: Embedder, lexicon: Path) -> None:
        """Index the folder here and at once: no other process, one snapshot."""
        added = []
        for path in sorted(self.folder.iterdir()):
            document, chunks = self.parse(path)
            prepared = prepare_chunks(lexicon, document.metadata, chunks)
            added.append(Parsed(document, chunks, prepared, path))
        with IndexWriter(index, embedder, lexicon) as writer:
            writer.publish(added, [])


class Command:
    """A command on an index, as a process group of its own."""

    def __init__(self, repo: Path, index: Path, state: Path, *arguments: str) -> None:
        main = "from api.cli import main; main()"
        self.arguments = [sys.executable, "-c", main, *arguments, "--index", str(index)]
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("XINGLIN_")}
        self.environment["XINGLIN_STATE_DIR"] = str(state)
        self.environment["XINGLIN_INGEST__BATCH_CHUNKS"] = "4"  # a snapshot every few files
        self.repo = repo

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.arguments,
            cwd=self.repo,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def kill_after(self, seconds: float) -> None:
        """Kill the command after this time, or let it be when it is done by then."""
        process = self.start()
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def finish(self) -> None:
        process = self.start()
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output

    def kill_at(self, lines: int, delay: float) -> set[str]:
        """Kill the command and its workers so long after so many files were reported done.

        Returns the paths that were reported.
        """
        process = self.start()
        assert process.stdout is not None
        done: set[str] = set()
        while len(done) < lines and (line := process.stdout.readline()):
            if line[:2] in {"+ ", "~ "}:
                done.add(line.split()[2])
        time.sleep(delay)
        family = [process, *psutil.Process(process.pid).children(recursive=True)]
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        _, alive = psutil.wait_procs(family[1:], timeout=20)
        assert not alive, "a worker outlived its process group"
        return done


def check(index: Path, sources: Sources, searcher: Searcher, samples: int) -> int:
    """Check the last published snapshot; return its number, 0 when there is none."""
    if store_path(index).exists():
        connection = sqlite3.connect(store_path(index))
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
    try:
        opened = Index(index).read()
        view = opened.__enter__()
    except IndexUnusable as error:
        assert "there is no index" in str(error) or "is empty" in str(error)
        return 0
    try:
        assert_whole(view)
        chunks = []
        for document in view.documents:
            texts = [block.text for _, block in view.blocks(document)]
            assert texts == sources.texts[document.id]
            chunks += view.document_chunks(document)
        for chunk in sources.rng.sample(chunks, min(samples, len(chunks))):
            hits = searcher.search(view, chunk.text, k=len(chunks))
            assert chunk in [hit.chunk for hit in hits]
        return view.snapshot.seq
    finally:
        opened.__exit__(None, None, None)


def kill_again_and_again(
    kills: int, samples: int, tmp_path: Path, repo: Path, embedder: Embedder
) -> None:
    rng = random.Random(20261121)
    sources = Sources(tmp_path / "sources", rng)
    index, undisturbed = tmp_path / "index", tmp_path / "undisturbed"
    ingest = ("ingest", str(sources.folder), "--prune", "--jobs", "2")
    command = Command(repo, index, tmp_path / "state", *ingest)
    searcher = Searcher(embedder)
    last = 0
    for kill in range(kills):
        if kill:
            sources.change(f"第{kill}次改版")
        lines = rng.randint(0, 30)
        done = command.kill_at(lines, rng.uniform(0, 0.2 if lines else 2.0))
        seq = check(index, sources, searcher, samples)
        assert seq >= last  # what was published is never lost
        last = seq
        if done:
            with Index(index).read() as view:  # what was reported done can be found
                assert done <= {document.path for document in view.documents}
    assert last > kills  # they were not all killed before they did anything
    sources.restore()
    command.finish()
    check(index, sources, searcher, samples)
    sources.build(undisturbed, embedder, repo / "corpus" / "lexicon.csv")
    with Index(index).read() as view, Index(undisturbed).read() as other:
        assert view.snapshot.id == other.snapshot.id
        assert view.snapshot.documents == other.snapshot.documents == FILES
        assert contents(view) == contents(other)
    assert files_with(index, "次改版") == []
    assert len(list((index / "segments").iterdir())) <= 6
    assert len(list((index / "files").iterdir())) == FILES


def contents(view: View) -> dict[str, list[Chunk]]:
    return {d.id: view.document_chunks(d) for d in view.documents}


def test_a_killed_run_leaves_the_last_published_snapshot(
    tmp_path: Path, repo: Path, embedder: Embedder
) -> None:
    kill_again_and_again(4, 10, tmp_path, repo, embedder)  # thirty in the slow tests


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_thirty_killed_runs_leave_the_last_published_snapshot(
    tmp_path: Path, repo: Path, embedder: Embedder
) -> None:
    kill_again_and_again(30, 200, tmp_path, repo, embedder)


def test_a_killed_rebuild_leaves_the_old_index_or_the_new(
    tmp_path: Path, repo: Path, embedder: Embedder
) -> None:
    rng = random.Random(20261122)
    sources, index = Sources(tmp_path / "sources", rng), tmp_path / "index"
    sources.build(index, embedder, repo / "corpus" / "lexicon.csv")
    command = Command(repo, index, tmp_path / "state", "reindex")
    # Smaller vectors are another embedder, and one command away.
    smaller = StaticEmbedder(dimensions=embedder.dimensions // 2)
    command.environment["XINGLIN_EMBEDDER_DIMENSIONS"] = str(smaller.dimensions)
    searchers = {e.name: Searcher(e) for e in (embedder, smaller)}
    started = time.monotonic()
    command.finish()
    needed = time.monotonic() - started
    assert Index(index).embedder_name == smaller.name
    sources.build(index_again := tmp_path / "again", embedder, repo / "corpus" / "lexicon.csv")
    command.arguments[-1] = str(index_again)
    for _ in range(5):
        command.kill_after(needed * rng.uniform(0.6, 1))
        check(index_again, sources, searchers[str(Index(index_again).embedder_name)], 5)
    command.finish()
    assert Index(index_again).embedder_name == smaller.name
    check(index_again, sources, searchers[smaller.name], 10)
    with Index(index).read() as view, Index(index_again).read() as other:
        assert view.snapshot.id == other.snapshot.id
        assert contents(view) == contents(other)
    assert len(list((index_again / "segments").iterdir())) == 1

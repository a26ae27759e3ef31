"""What is removed from an index leaves nothing behind."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from ingest.pipeline import Parsed
from retrieval import Index
from retrieval.embedders import Embedder
from retrieval.indexing import embedding_text
from retrieval.soft_match import SoftMatcher
from retrieval.store import store_path
from tests.retrieval.checks import files_with, titles
from tests.retrieval.fixtures import MakeDocument, OpenWriter

MARKER = "孔雀石Zyxquartz"


@pytest.fixture
def marked(make_document: MakeDocument) -> list[str]:
    """Texts with a rare word in every place a document can hold one."""
    table = f"| {MARKER} | b |\n|---|---|\n| 1 | 2 |"
    text = f"# {MARKER}\n\n{MARKER}文字\n\n{table}\n\n## {MARKER}\n\n正文"
    return [text, f"{MARKER}.md"]


def test_text_of_a_removed_document_is_nowhere_on_disk(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument, marked: list[str]
) -> None:
    text, name = marked
    removed = make_document(text, name=name, keywords=[MARKER], issuer=MARKER)
    with open_writer() as writer:
        writer.publish([removed, make_document("# 乙\n\n留下的文字")], [])
        assert files_with(folder, MARKER)
        writer.remove([removed.document.id])
    assert files_with(folder, MARKER) == []
    assert titles(folder) == ["乙"]


def test_tokens_and_vectors_of_a_removed_document_are_nowhere_on_disk(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument, embedder: Embedder
) -> None:
    # Neither holds readable words, but words could be made of them again.
    removed, kept = make_document("# 甲\n\n绿色的独角兽。"), make_document("# 乙\n\n知情同意。")

    def traces(parsed: Parsed) -> list[str]:
        text = embedding_text(parsed.document.metadata, parsed.chunks[0])
        vector = embedder.encode([text]).astype(np.float16).tobytes()
        [tokens] = SoftMatcher().tokens([text])
        return [
            path.name
            for path in sorted(folder.rglob("*"))
            if path.is_file() and any(t in path.read_bytes() for t in (vector, tokens.tobytes()))
        ]

    with open_writer() as writer:
        writer.publish([removed, kept], [])
        assert traces(removed) == traces(kept) == ["tokens.npy", "vectors.faiss", "vectors.npy"]
        writer.remove([removed.document.id])
    assert traces(removed) == []
    assert traces(kept) == ["tokens.npy", "vectors.faiss", "vectors.npy"]


def test_no_text_stays_behind_when_pages_are_rebalanced(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    # SQLite leaves copies of rows it moved in unused parts of pages, secure_delete or not.
    def edition(number: int) -> list[Parsed]:
        return [
            make_document(
                f"# 文件{n}版次{number}\n\n" + f"版次{number}。" * (n * 7 % 40), f"{n}.md"
            )
            for n in range(40)
        ]

    documents = edition(1)
    with open_writer() as writer:
        for start in range(0, 40, 8):
            writer.publish(documents[start : start + 8], [])
        for old, new in zip(documents, edition(2), strict=True):
            writer.publish([new], [old.document.id])
    assert files_with(folder, "版次1") == []


def test_a_reader_of_the_old_state_delays_that_only_until_it_is_done(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument, marked: list[str]
) -> None:
    removed = make_document(marked[0], name=marked[1])
    with open_writer() as writer:
        writer.publish([removed, make_document("# 乙\n\n留下的文字")], [])
    with Index(folder).read() as view:
        with open_writer() as writer:
            writer.remove([removed.document.id])
        assert MARKER in view.document_chunks(view.documents[0])[0].text
    assert files_with(folder, MARKER) == []


def test_what_a_removal_could_not_cut_the_next_writer_does(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument, marked: list[str]
) -> None:
    removed = make_document(marked[0], name=marked[1])
    with open_writer() as writer:
        writer.publish([removed, make_document("# 乙\n\n留下的文字")], [])
    idle = sqlite3.connect(store_path(folder))  # another process that never quite goes away
    idle.execute("SELECT 1 FROM meta").fetchone()
    with Index(folder).read(), open_writer() as writer:
        writer.remove([removed.document.id])
    assert files_with(folder, MARKER)
    with open_writer():
        pass
    assert files_with(folder, MARKER) == []  # the write-ahead log included
    idle.close()


def test_no_file_of_an_index_is_a_pickle(corpus_index: Path) -> None:
    files = [path for path in corpus_index.rglob("*") if path.is_file()]
    kinds = {path.suffix for path in files if path.parent.name != "files"}
    assert kinds <= {".npy", ".faiss", ".sqlite", ".lock", ".sqlite-wal", ".sqlite-shm"}
    for path in files:
        assert path.read_bytes()[:2] not in {b"\x80" + bytes([n]) for n in range(6)}, path
        if path.suffix == ".npy":
            np.load(path, allow_pickle=False)


class TestPrune:
    @pytest.fixture
    def sources(self, open_writer: OpenWriter, make_document: MakeDocument) -> Path:
        added = [make_document(f"# {name}\n\n文字{name}", name=f"{name}.md") for name in "甲乙"]
        with open_writer() as writer:
            writer.publish(added, [])
        return added[0].data_path.parent

    def prune(self, open_writer: OpenWriter, *roots: Path) -> int:
        with open_writer() as writer:
            return len(writer.prune(roots))

    def test_removes_what_is_gone(
        self, folder: Path, open_writer: OpenWriter, sources: Path
    ) -> None:
        (sources / "甲.md").unlink()
        assert self.prune(open_writer, sources) == 1
        assert titles(folder) == ["乙"]

    def test_leaves_what_lies_elsewhere(self, open_writer: OpenWriter, sources: Path) -> None:
        (sources / "甲.md").unlink()
        (sources / "sub").mkdir()
        assert self.prune(open_writer, sources / "sub", sources / "乙.md") == 0

    def test_takes_a_single_file(self, open_writer: OpenWriter, sources: Path) -> None:
        (sources / "甲.md").unlink()
        assert self.prune(open_writer, sources / "甲.md") == 1

    def test_does_not_empty_the_index_when_a_share_is_not_mounted(
        self, folder: Path, open_writer: OpenWriter, sources: Path
    ) -> None:
        sources.rename(sources.with_name("elsewhere"))
        assert self.prune(open_writer, sources) == 0
        assert titles(folder) == ["甲", "乙"]

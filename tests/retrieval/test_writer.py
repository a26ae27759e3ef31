from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from ingest.pipeline import Parsed
from retrieval import EmbedderMismatch, Index, IndexBusy, IndexUnusable, IndexWriter, Searcher
from retrieval.embedders import Embedder
from retrieval.embedders.base import Floats
from retrieval.indexing import analysis_version, embedding_text
from retrieval.soft_match import SoftMatcher
from retrieval.store import store_path
from tests.retrieval.checks import assert_whole, files_with
from tests.retrieval.doubles import CharacterEmbedder
from tests.retrieval.fixtures import MakeDocument, OpenWriter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def titles(folder: Path) -> list[str]:
    with Index(folder).read() as view:
        return [document.title for document in view.documents]


def test_what_is_published_is_whole(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    added = [make_document("# 甲\n\n知情。\n\n## 乙\n\n同意。"), make_document("# 丙\n\n伦理。")]
    with open_writer() as writer:
        writer.publish(added, [])
    with Index(folder).read() as view:
        assert [d.id for d in view.documents] == [p.document.id for p in added]
        assert_whole(view)
        assert view.snapshot.chunks == sum(len(p.chunks) for p in added)
        for parsed, document in zip(added, view.documents, strict=True):
            assert view.document_chunks(document) == parsed.chunks


def test_nothing_to_do_publishes_nothing(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    with open_writer() as writer:
        writer.publish([make_document("知情同意")], [])
        with Index(folder).read() as view:
            before = view.snapshot
        writer.publish([], [])
        writer.remove(["no such id"])
    with Index(folder).read() as view:
        assert view.snapshot == before


def test_a_changed_file_replaces_its_old_version(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    with open_writer() as writer:
        old = make_document("# 旧版\n\n旧文字", name="x.md")
        writer.publish([old], [])
        writer.publish([make_document("# 新版\n\n新文字", name="x.md")], [old.document.id])
    assert titles(folder) == ["新版"]
    assert files_with(folder, "旧文字") == []


def test_a_document_that_comes_again_is_there_once(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    document = make_document("# 甲\n\n知情同意")
    with open_writer() as writer:
        writer.publish([document], [])
        writer.publish([document, document], [])
    assert titles(folder) == ["甲"]
    with Index(folder).read() as view:
        assert sum(segment.rows for segment in view.segments) == len(document.chunks)


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


def test_equal_content_has_an_equal_snapshot_id_whatever_the_way_there(
    tmp_path: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    a, b, c = (make_document(f"# 题{n}\n\n文字{n}") for n in range(3))
    ways = {
        "at once": [([a, b], [])],
        "one by one, the other way round": [([b], []), ([a], [])],
        "with a detour": [([c], []), ([a, c], []), ([b], [c.document.id])],
        "twice": [([a, b], []), ([a], [])],
    }
    ids = {}
    for way, steps in ways.items():
        with open_writer(tmp_path / way) as writer:
            for add, remove in steps:
                writer.publish(add, remove)
        with Index(tmp_path / way).read() as view:
            ids[way] = view.snapshot.id
    assert len(set(ids.values())) == 1, ids


def test_other_content_has_another_snapshot_id(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    ids = []
    with open_writer() as writer:
        for n in range(3):
            writer.publish([make_document(f"# 题{n}\n\n文字")], [])
            with Index(folder).read() as view:
                ids.append(view.snapshot.id)
    assert len(set(ids)) == 3


def test_what_a_killed_run_left_is_swept_away(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    kept = make_document("# 甲\n\n知情同意")
    with open_writer() as writer:
        writer.publish([kept], [])
    [segment] = (folder / "segments").iterdir()
    [original] = (folder / "files").iterdir()
    shutil.copytree(segment, folder / "segments" / "never-published")
    shutil.copytree(segment, folder / "segments" / "half-written.part")
    (folder / "files" / ("c" * 64 + ".md")).write_text("never published")
    original.with_name(original.name + ".part").write_text("half copied")
    with open_writer():
        assert list((folder / "segments").iterdir()) == [segment]
        assert list((folder / "files").iterdir()) == [original]
    assert titles(folder) == ["甲"]


def test_a_batch_that_fails_leaves_the_last_snapshot(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    good, clash = make_document("# 甲\n\n知情同意"), make_document("# 乙\n\n伦理审查")
    object.__setattr__(clash.document, "source_path", good.document.source_path)
    with open_writer() as writer:
        writer.publish([good], [])
        with pytest.raises(sqlite3.IntegrityError):
            writer.publish([clash], [])
        assert titles(folder) == ["甲"]
        writer.publish([make_document("# 丙\n\n随机")], [])
    assert titles(folder) == ["甲", "丙"]
    with Index(folder).read() as view:
        assert_whole(view)


def test_many_publishes_leave_few_segments(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    with open_writer(keep_originals=False) as writer:
        for n in range(14):
            writer.publish([make_document(f"# 题{n}\n\n文字{n}")], [])
            with Index(folder).read() as view:
                assert len(view.segments) <= 5
                assert_whole(view)
    assert len(list((folder / "segments").iterdir())) <= 5


def test_removing_the_last_document_leaves_an_empty_index(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    document = make_document("# 甲\n\n知情同意")
    with open_writer() as writer:
        writer.publish([document], [])
        writer.remove([document.document.id])
        assert list((folder / "segments").iterdir()) == list((folder / "files").iterdir()) == []
        assert titles(folder) == []
        writer.publish([document], [])
    assert titles(folder) == ["甲"]


def test_a_second_writer_is_told_to_wait(open_writer: OpenWriter) -> None:
    with open_writer(), pytest.raises(IndexBusy, match="wait until it is done"), open_writer():
        pass
    with open_writer():
        pass


def test_another_embedder_is_refused_and_the_lock_released(
    folder: Path, open_writer: OpenWriter, no_lexicon: Path
) -> None:
    with open_writer():
        pass
    other = IndexWriter(folder, CharacterEmbedder(64), no_lexicon)
    with pytest.raises(
        EmbedderMismatch, match=rf"'bundled-.*'characters-64'.*xinglin reindex --index {folder}"
    ):
        other.__enter__()
    assert issubclass(EmbedderMismatch, IndexUnusable)
    with open_writer():
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, open_writer: OpenWriter) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(IndexUnusable, match=r"file/index cannot be written.*--index"):
        open_writer(tmp_path / "file" / "index")


def test_a_damaged_store_is_refused(folder: Path, open_writer: OpenWriter) -> None:
    folder.mkdir()
    store_path(folder).write_bytes(b"not a database" * 1000)
    with pytest.raises(IndexUnusable, match="move the folder away"), open_writer():
        pass


@pytest.mark.parametrize("damage", ["missing", "cut short"])
def test_a_damaged_segment_is_refused_when_it_must_be_rewritten(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument, damage: str
) -> None:
    document = make_document("# 甲\n\n知情同意")
    with open_writer() as writer:
        writer.publish([document], [])
    [array] = (folder / "segments").glob("*/body.rows.npy")
    array.unlink() if damage == "missing" else array.write_bytes(b"")
    with open_writer() as writer, pytest.raises(IndexUnusable, match="move the folder away"):
        writer.remove([document.document.id])


class TestOriginals:
    def test_are_kept_byte_for_byte(
        self, folder: Path, open_writer: OpenWriter, make_document: MakeDocument
    ) -> None:
        document = make_document("# 甲\n\n知情同意")
        with open_writer() as writer:
            writer.publish([document], [])
        [kept] = (folder / "files").iterdir()
        assert kept.name == f"{document.document.sha256}.md"
        assert kept.read_bytes() == document.data_path.read_bytes()

    def test_are_not_kept_when_not_wanted(
        self, folder: Path, open_writer: OpenWriter, make_document: MakeDocument
    ) -> None:
        with open_writer(keep_originals=False) as writer:
            writer.publish([make_document("# 甲\n\n知情同意")], [])
        assert list((folder / "files").iterdir()) == []

    def test_that_vanish_meanwhile_do_not_stop_the_batch(
        self, folder: Path, open_writer: OpenWriter, make_document: MakeDocument
    ) -> None:
        document = make_document("# 甲\n\n知情同意")
        document.data_path.unlink()
        with open_writer() as writer:
            writer.publish([document], [])
        assert titles(folder) == ["甲"]
        assert list((folder / "files").iterdir()) == []

    def test_stay_while_another_document_has_the_same_content(
        self, folder: Path, open_writer: OpenWriter, make_document: MakeDocument
    ) -> None:
        one = make_document("# 甲\n\n知情同意", name="one.md")
        two = make_document("# 甲\n\n知情同意", name="two.md")
        with open_writer() as writer:
            writer.publish([one, two], [])
            writer.remove([one.document.id])
            assert len(list((folder / "files").iterdir())) == 1
            writer.remove([two.document.id])
        assert list((folder / "files").iterdir()) == []

    def test_of_every_ending_go_with_the_last_document(
        self, folder: Path, open_writer: OpenWriter, make_document: MakeDocument
    ) -> None:
        one, two = (make_document("知情同意", name=name) for name in ("one.md", "two.txt"))
        with open_writer() as writer:
            writer.publish([one, two], [])
            writer.remove([one.document.id])
            writer.remove([two.document.id])
            assert list((folder / "files").iterdir()) == []


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


class TestRebuild:
    @pytest.fixture
    def added(self, open_writer: OpenWriter, make_document: MakeDocument) -> list[Parsed]:
        """Documents in two segments; one of several chunks, one that is gone again."""
        added = [
            make_document("# 甲\n\n知情同意。\n\n## 乙\n\n伦理审查。"),
            make_document("# 丙\n\n严重不良事件。"),
        ]
        gone = make_document("# 丁\n\n已删除的文字。")
        with open_writer() as writer:
            writer.publish([added[0], gone], [])
            writer.publish([added[1]], [])
            writer.remove([gone.document.id])
        return added

    def other(self, folder: Path, lexicon: Path, embedder: Embedder | None = None) -> IndexWriter:
        return IndexWriter(folder, embedder or CharacterEmbedder(), lexicon, rebuilding=True)

    def test_another_embedder_answers_from_the_same_documents(
        self, folder: Path, no_lexicon: Path, added: list[Parsed]
    ) -> None:
        with Index(folder).read() as view:
            before = (view.documents, [view.document_chunks(d) for d in view.documents])
            old = view.snapshot
        with self.other(folder, no_lexicon) as writer:
            assert writer.rebuild() == 3
        index = Index(folder)
        assert index.embedder_name == "characters-16"
        with index.read() as view:
            assert_whole(view)
            assert (view.documents, [view.document_chunks(d) for d in view.documents]) == before
            assert view.snapshot.seq == old.seq + 1 and view.snapshot.id != old.id
            assert len(view.segments) == 1
            hits = Searcher(CharacterEmbedder()).search(view, "严重不良事件")
            assert hits[0].document.id == added[1].document.id and hits[0].dense > 0
        assert len(list((folder / "segments").iterdir())) == 1

    def test_it_is_the_index_that_embedder_would_have_built(
        self, tmp_path: Path, folder: Path, no_lexicon: Path, added: list[Parsed]
    ) -> None:
        with self.other(folder, no_lexicon) as writer:
            writer.rebuild()
        with IndexWriter(tmp_path / "fresh", CharacterEmbedder(), no_lexicon) as writer:
            writer.publish(added, [])
        with Index(folder).read() as view, Index(tmp_path / "fresh").read() as fresh:
            assert view.snapshot.id == fresh.snapshot.id
            searcher = Searcher(CharacterEmbedder())
            for question in ("知情同意", "不良事件 伦理"):
                found, expected = (
                    [(hit.chunk, hit.score) for hit in searcher.search(v, question)]
                    for v in (view, fresh)
                )
                assert found == expected != []

    def test_the_same_embedder_may_be_used_again(
        self, folder: Path, no_lexicon: Path, added: list[Parsed], embedder: Embedder
    ) -> None:
        with Index(folder).read() as view:
            before = view.snapshot.id
        with self.other(folder, no_lexicon, embedder) as writer:
            writer.rebuild()
        with Index(folder).read() as view:
            assert view.snapshot.id == before
            assert_whole(view)

    def test_progress_is_told_in_chunks(
        self,
        folder: Path,
        no_lexicon: Path,
        added: list[Parsed],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("retrieval.writer._ENCODED_AT_ONCE", 1)
        monkeypatch.setattr("retrieval.writer._REBUILD_PORTION", 2)
        told: list[tuple[int, int]] = []
        with self.other(folder, no_lexicon) as writer:
            assert writer.rebuild(lambda done, total: told.append((done, total))) == 3
        assert told == [(1, 3), (2, 3), (3, 3)]
        with Index(folder).read() as view:
            assert_whole(view)

    def test_one_that_fails_leaves_the_last_snapshot(
        self, folder: Path, no_lexicon: Path, added: list[Parsed], open_writer: OpenWriter
    ) -> None:
        class Failing(CharacterEmbedder):
            def encode(self, texts: Sequence[str], *, is_query: bool = False) -> Floats:
                raise RuntimeError("out of memory")

        with Index(folder).read() as view:
            before = view.snapshot
        segments = sorted((folder / "segments").iterdir())
        with (
            pytest.raises(RuntimeError, match="out of memory"),
            self.other(folder, no_lexicon, Failing()) as writer,
        ):
            writer.rebuild()
        assert sorted((folder / "segments").iterdir()) == segments
        with Index(folder).read() as view:
            assert view.snapshot == before
            assert_whole(view)
        with open_writer():  # the lock is free, the old embedder still fits
            pass

    def test_one_killed_before_publishing_is_swept_away(
        self,
        folder: Path,
        no_lexicon: Path,
        added: list[Parsed],
        open_writer: OpenWriter,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        segments = sorted((folder / "segments").iterdir())

        def stop(*arguments: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr("retrieval.publishing.replace_segments", stop)
            with self.other(folder, no_lexicon) as writer:
                writer.rebuild()
        assert len(list((folder / "segments").iterdir())) == len(segments) + 1
        with open_writer():
            assert sorted((folder / "segments").iterdir()) == segments

    def test_a_reader_keeps_the_view_it_holds(
        self, folder: Path, no_lexicon: Path, added: list[Parsed], embedder: Embedder
    ) -> None:
        searcher, index = Searcher(embedder), Index(folder)
        with index.read() as view:
            with self.other(folder, no_lexicon) as writer:
                writer.rebuild()
            assert_whole(view)
            hits = searcher.search(view, "严重不良事件")
            assert hits[0].document.id == added[1].document.id
        # Its embedder does not fit the next snapshot.
        with (
            pytest.raises(IndexUnusable, match=r"rebuilt with embedder 'characters-16'.*restart"),
            index.read(),
        ):
            pass

    def test_without_an_index_nothing_is_made(self, tmp_path: Path, no_lexicon: Path) -> None:
        with pytest.raises(IndexUnusable, match=r"there is no index in .*typo"):
            self.other(tmp_path / "typo", no_lexicon)
        assert not (tmp_path / "typo").exists()

    def test_an_empty_index_can_be_rebuilt(
        self, folder: Path, no_lexicon: Path, open_writer: OpenWriter, make_document: MakeDocument
    ) -> None:
        document = make_document("# 甲\n\n知情同意")
        with open_writer() as writer:
            writer.publish([document], [])
            writer.remove([document.document.id])
        with self.other(folder, no_lexicon) as writer:
            assert writer.rebuild() == 0
        with IndexWriter(folder, CharacterEmbedder(), no_lexicon) as writer:
            writer.publish([document], [])
        assert titles(folder) == ["甲"]

    def test_an_index_of_another_analysis_can_be_rebuilt(
        self, folder: Path, no_lexicon: Path, added: list[Parsed], embedder: Embedder
    ) -> None:
        connection = sqlite3.connect(store_path(folder))
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'analysis'")
        connection.commit()
        connection.close()
        refusal = rf"text analysis 1, .*xinglin reindex --index {folder}"
        with pytest.raises(IndexUnusable, match=refusal):
            Index(folder)
        with (
            pytest.raises(IndexUnusable, match=refusal),
            IndexWriter(folder, embedder, no_lexicon),
        ):
            pass
        with self.other(folder, no_lexicon, embedder) as writer:
            assert writer.rebuild() == 3
        with Index(folder).read() as view:
            assert_whole(view)
        with IndexWriter(folder, embedder, no_lexicon):
            pass
        assert analysis_version() != "1"

    def test_nothing_is_added_to_what_another_embedder_built(
        self, folder: Path, no_lexicon: Path, added: list[Parsed], make_document: MakeDocument
    ) -> None:
        more = make_document("# 戊\n\n随机")
        with self.other(folder, no_lexicon) as writer:
            with pytest.raises(EmbedderMismatch):
                writer.publish([more], [])
            writer.rebuild()
            writer.publish([more], [])
        assert titles(folder) == ["甲", "丙", "戊"]

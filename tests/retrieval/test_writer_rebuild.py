"""An index rebuilt from its own texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.pipeline import Parsed
from retrieval import EmbedderMismatch, Index, IndexUnusable, IndexWriter, Searcher
from retrieval.embedders import Embedder
from retrieval.embedders.base import Floats
from retrieval.indexing import analysis_version
from retrieval.store import store_path
from tests.retrieval.checks import assert_whole, titles
from tests.retrieval.doubles import CharacterEmbedder
from tests.retrieval.fixtures import MakeDocument, OpenWriter


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

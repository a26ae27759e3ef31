from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from retrieval import Index, IndexUnusable, Searcher, View, store
from retrieval.embedders import Embedder
from retrieval.store import store_path
from tests.retrieval.checks import assert_whole
from tests.retrieval.fixtures import MakeDocument, OpenWriter


@pytest.fixture
def searcher(embedder: Embedder) -> Searcher:
    return Searcher(embedder)


def found(searcher: Searcher, view: View, question: str) -> set[str]:
    return {hit.document.title for hit in searcher.search(view, question, k=200)}


def test_a_view_keeps_the_state_it_was_opened_with(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument, searcher: Searcher
) -> None:
    old, new = make_document("# 旧\n\n知情同意书"), make_document("# 新\n\n知情同意书")
    index_writer = open_writer()
    with index_writer as writer:
        writer.publish([old], [])
        index = Index(folder)
        with index.read() as view:
            before = view.snapshot
            writer.publish([new], [])
            writer.remove([old.document.id])
            assert found(searcher, view, "知情同意书") == {"旧"}
            assert view.snapshot == before
            assert_whole(view)
            with index.read() as later:
                assert found(searcher, later, "知情同意书") == {"新"}
                assert_whole(later)
            assert found(searcher, view, "知情同意书") == {"旧"}


def test_the_next_view_is_of_the_next_snapshot(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    seen = []
    with open_writer() as writer:
        for n in range(3):
            writer.publish([make_document(f"# 题{n}\n\n文字")], [])
            if n == 0:
                index = Index(folder)
            with index.read() as view:
                seen.append((view.snapshot.seq, len(view.documents)))
    assert seen == [(1, 1), (2, 2), (3, 3)]


def test_views_of_one_snapshot_share_its_segments(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    with open_writer() as writer:
        writer.publish([make_document("知情同意")], [])
    index = Index(folder)
    with index.read() as one, index.read() as other:
        assert one.segments is other.segments


def test_threads_read_whole_snapshots_while_a_writer_publishes(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument, searcher: Searcher
) -> None:
    documents = [
        make_document(f"# 题{n}\n\n知情同意书{n}\n\n## 二\n\n伦理审查{n}") for n in range(34)
    ]
    errors: list[BaseException] = []
    snapshots: set[int] = set()
    done = threading.Event()

    def read(shared: Index | None) -> None:
        try:
            while not done.wait(0.005):
                with (shared or Index(folder)).read() as view:
                    assert_whole(view)
                    hits = searcher.search(view, "知情同意书", k=200)
                    assert {h.document.id for h in hits} == {d.id for d in view.documents}
                    snapshots.add(view.snapshot.seq)
        except BaseException as error:
            errors.append(error)

    with open_writer() as writer:
        writer.publish(documents[:4], [])
        index = Index(folder)
        # Half of them open the index afresh each time, which is when files may be missing.
        threads = [threading.Thread(target=read, args=(s,)) for s in (index, index, None, None)]
        for thread in threads:
            thread.start()
        for n in range(4, 34):  # adds one, removes one, and so rewrites segments all the time
            writer.publish([documents[n]], [documents[n - 4].document.id])
        done.set()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]
    assert len(snapshots) > 3  # they did see it change


def test_a_document_is_found_by_a_clear_beginning_of_its_id(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    parsed = make_document("# 甲\n\n知情同意")
    with open_writer() as writer:
        writer.publish([parsed], [])
    with Index(folder).read() as view:
        for given in (parsed.document.id, parsed.document.id[:8]):
            document = view.document(given)
            assert document is not None and document.title == "甲"
        assert view.document("nope") is None


def test_the_register_tells_what_is_superseded(
    tmp_path: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    register = tmp_path / "currency.csv"
    register.write_text(
        "title,version_date,relation,by_title,effective,scope\n"
        "某某管理办法,<=2019-12-31,superseded,新办法,2020-07-01,x\n",
        encoding="utf-8",
    )
    parsed = make_document(
        "正文", title="某某管理办法", kind="regulation", version_date="2010-01-01"
    )
    with open_writer() as writer:
        writer.publish([parsed], [])
    with Index(tmp_path / "index", register).read() as view:
        assert view.currency[parsed.document.id].superseded_by == "新办法"
    with Index(tmp_path / "index").read() as view:
        assert view.currency[parsed.document.id].superseded_by is None


def test_an_index_built_anew_in_its_place_is_not_mistaken_for_the_old_one(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    with open_writer() as writer:
        writer.publish([make_document("# 旧\n\n知情同意")], [])
    index = Index(folder)
    with index.read():
        pass
    folder.rename(folder.with_name("moved-away"))
    with open_writer() as writer:
        writer.publish([make_document("# 新\n\n知情同意")], [])
    with index.read() as view:
        assert [d.title for d in view.documents] == ["新"]
        assert_whole(view)


def test_an_index_with_nothing_in_it_yet_says_so(folder: Path, open_writer: OpenWriter) -> None:
    with open_writer():
        pass
    with pytest.raises(IndexUnusable, match="is empty; add documents"), Index(folder).read():
        pass


def test_a_folder_without_an_index_names_the_command(folder: Path) -> None:
    with pytest.raises(IndexUnusable, match="xinglin ingest PATH --index"):
        Index(folder)


def read_all(folder: Path) -> None:
    with Index(folder).read() as view:
        for document in view.documents:
            view.document_chunks(document)
            view.blocks(document)


def _spoil(path: Path, start: int) -> None:
    data = bytearray(path.read_bytes())
    data[start:] = b"\xa5" * (len(data) - start)
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("kept", [100, 4096, 8192, 0.3, 0.5])
@pytest.mark.parametrize("how", ["overwritten", "cut short"])
def test_a_damaged_store_is_explained(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument, kept: float, how: str
) -> None:
    with open_writer() as writer:
        writer.publish([make_document(f"# 题{n}\n\n" + "知情同意书。" * 99) for n in range(20)], [])
    path = store_path(folder)
    size = path.stat().st_size
    keep = int(kept if kept > 1 else kept * size)
    if how == "overwritten":
        _spoil(path, keep)
    else:
        path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(IndexUnusable, match="move the folder away and run") as caught:
        read_all(folder)
    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)


@pytest.mark.parametrize("damage", ["missing", "cut short"])
def test_a_damaged_segment_is_explained(
    folder: Path, open_writer: OpenWriter, make_document: MakeDocument, damage: str
) -> None:
    with open_writer() as writer:
        writer.publish([make_document("知情同意")], [])
    [vectors] = (folder / "segments").glob("*/vectors.faiss")
    vectors.unlink() if damage == "missing" else vectors.write_bytes(b"IxF")
    with pytest.raises(IndexUnusable, match=r"damaged .*move the folder away"):
        read_all(folder)


def test_an_index_of_another_text_analysis_is_refused(
    folder: Path, open_writer: OpenWriter
) -> None:
    with open_writer():
        pass
    connection = store.connect(folder, write=True)
    store.set_meta(connection, "analysis", "0")
    connection.close()
    with pytest.raises(IndexUnusable, match=r"text analysis 0.*xinglin reindex --index"):
        Index(folder)
    with (
        pytest.raises(IndexUnusable, match=r"text analysis 0.*xinglin reindex --index"),
        open_writer(),
    ):
        pass


def test_another_format_is_refused(folder: Path, open_writer: OpenWriter) -> None:
    with open_writer():
        pass
    connection = store.connect(folder, write=True)
    store.set_meta(connection, "format", "99")
    connection.close()
    with pytest.raises(IndexUnusable, match="has format 99, this version reads"):
        Index(folder)


def test_the_embedder_that_built_it_is_known(
    folder: Path, open_writer: OpenWriter, embedder: Embedder
) -> None:
    with open_writer():
        pass
    assert Index(folder).embedder_name == embedder.name


def test_a_view_tells_which_rows_are_in_another_language(
    tmp_path: Path, open_writer: OpenWriter, make_document: MakeDocument
) -> None:
    chinese, english = make_document("知情同意"), make_document("Informed consent")
    with open_writer() as writer:
        writer.publish([chinese], [])
        writer.publish([english, make_document("2020 15%")], [])
    with Index(tmp_path / "index").read() as view:
        languages = [
            [view.document_by_key(int(key)).metadata.language for key in segment.document_keys]
            for segment in view.segments
        ]
        assert sorted(str(one) for part in languages for one in part) == ["None", "en", "zh"]
        for asked in ("zh", "en"):
            expected = [[one not in {None, asked} for one in part] for part in languages]
            assert [mask.tolist() for mask in view.in_other_language(asked)] == expected
            assert view.in_other_language(asked) is view.in_other_language(asked)

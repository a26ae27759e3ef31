"""What the writer of an index publishes, and what it refuses."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from retrieval import EmbedderMismatch, Index, IndexBusy, IndexUnusable, IndexWriter
from retrieval.store import store_path
from tests.retrieval.checks import assert_whole, files_with, titles
from tests.retrieval.doubles import CharacterEmbedder
from tests.retrieval.fixtures import MakeDocument, OpenWriter


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

"""Original files that an index keeps."""

from __future__ import annotations

from pathlib import Path

from tests.retrieval.checks import titles
from tests.retrieval.fixtures import MakeDocument, OpenWriter


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

"""Files of several records in a real index: whole, replaced, removed. All trials are made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.pipeline import Outcome, ingest_paths
from ingest.settings import IngestSettings
from retrieval import Index, IndexWriter
from tests.retrieval.checks import assert_whole, files_with
from tests.retrieval.fixtures import OpenWriter


def write(path: Path, **titles: str) -> None:
    records = [
        {"TrialID": f"ChiCTR20{n:08}", "Public title": title, "Phase": "Phase 2"}
        for n, title in enumerate(titles.values(), start=1)
    ]
    path.write_text("\n".join(json.dumps(one) for one in records))


def ingest(writer: IndexWriter, folder: Path, **settings: object) -> dict[str, Outcome]:
    report = ingest_paths([folder], writer, IngestSettings(jobs=1, **settings))  # type: ignore[arg-type]
    return {Path(outcome.path).name: outcome for outcome in report.outcomes}


def titles(index: Path) -> list[str]:
    with Index(index).read() as view:
        assert_whole(view)
        return sorted(document.title for document in view.documents)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "trials"
    folder.mkdir()
    write(folder / "export.jsonl", a="First trial", b="Second trial", c="Third trial")
    return folder


def test_all_records_come_and_go_with_their_file(
    tmp_path: Path, folder: Path, open_writer: OpenWriter
) -> None:
    index, export = tmp_path / "index", folder / "export.jsonl"
    with open_writer() as writer:
        outcome = ingest(writer, folder)["export.jsonl"]
        assert (outcome.outcome, outcome.documents) == ("added", 3)
        assert titles(index) == ["First trial", "Second trial", "Third trial"]
        again = ingest(writer, folder)["export.jsonl"]
        assert (again.outcome, again.documents) == ("unchanged", 3)
        write(export, a="First trial", b="Second trial, amended")
        assert ingest(writer, folder)["export.jsonl"].outcome == "updated"
        assert titles(index) == ["First trial", "Second trial, amended"]
        export.unlink()
        assert len(writer.prune([folder])) == 2
        assert titles(index) == []
    assert files_with(index, "Second trial") == []


def test_a_copy_of_the_file_is_a_duplicate_and_a_moved_file_is_followed(
    tmp_path: Path, folder: Path, open_writer: OpenWriter
) -> None:
    export = folder / "export.jsonl"
    with open_writer() as writer:
        ingest(writer, folder)
        (folder / "copy.jsonl").write_bytes(export.read_bytes())
        assert ingest(writer, folder)["copy.jsonl"].outcome == "duplicate"
        export.unlink()
        assert ingest(writer, folder)["copy.jsonl"].outcome == "updated"
    with Index(tmp_path / "index").read() as view:
        assert {Path(document.source_path).name for document in view.documents} == {"copy.jsonl"}
        assert len(view.documents) == 3


def test_a_file_of_records_is_published_whole(
    tmp_path: Path, folder: Path, open_writer: OpenWriter
) -> None:
    seen = []

    def look(outcome: Outcome, total: int) -> None:
        seen.append((Path(outcome.path).name, len(titles(tmp_path / "index"))))

    with open_writer() as writer:
        settings = IngestSettings(jobs=1, batch_chunks=1)
        ingest_paths([folder], writer, settings, look)
    assert seen == [("export.jsonl", 3)]


def test_one_copy_of_the_file_is_kept_for_all_records(
    tmp_path: Path, folder: Path, open_writer: OpenWriter
) -> None:
    with open_writer() as writer:
        ingest(writer, folder)
    (copy,) = (tmp_path / "index" / "files").iterdir()
    assert copy.read_bytes() == (folder / "export.jsonl").read_bytes()


def test_no_copy_is_kept_of_a_masked_file(tmp_path: Path, open_writer: OpenWriter) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "a.md").write_text("# 随访\n\n患者姓名：张小明，住院号：20231234。\n")
    with open_writer() as writer:
        assert ingest(writer, folder)["a.md"].outcome == "quarantined"
        assert files_with(tmp_path / "index", "张小明") == []
        assert ingest(writer, folder, mask_personal_data=True)["a.md"].outcome == "added"
    assert files_with(tmp_path / "index", "张小明") == []
    assert files_with(tmp_path / "index", "20231234") == []


def test_quarantined_records_are_read_once_masking_is_on(
    tmp_path: Path, folder: Path, open_writer: OpenWriter
) -> None:
    write(folder / "export.jsonl", a="First", b="患者姓名：张小明，住院号：20231234", c="Third")
    with open_writer() as writer:
        outcome = ingest(writer, folder)["export.jsonl"]
        assert (outcome.outcome, outcome.documents) == ("added", 2)
        assert "1 of its records are quarantined" in (outcome.detail or "")
        assert ingest(writer, folder)["export.jsonl"].outcome == "unchanged"
        masked = ingest(writer, folder, mask_personal_data=True)["export.jsonl"]
        assert (masked.outcome, masked.documents) == ("updated", 3)
        again = ingest(writer, folder, mask_personal_data=True)["export.jsonl"]
        assert again.outcome == "unchanged"
    assert files_with(tmp_path / "index", "张小明") == []
    assert list((tmp_path / "index" / "files").iterdir()) == []


def test_a_record_that_is_removed_takes_the_copy_of_the_file_along(
    tmp_path: Path, folder: Path, open_writer: OpenWriter
) -> None:
    with open_writer() as writer:
        ingest(writer, folder)
        with Index(tmp_path / "index").read() as view:
            second = next(d for d in view.documents if d.title == "Second trial")
        writer.remove([second.id])
    assert titles(tmp_path / "index") == ["First trial", "Third trial"]
    assert files_with(tmp_path / "index", "Second trial") == []

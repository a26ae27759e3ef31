"""Reading BEIR folders: what is read, and how what cannot be read is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.datasets import Text, is_dataset, read_dataset
from ingest.errors import BadInput
from tests.eval.conftest import TEXTS, WriteDataset


def test_judged_queries_and_all_documents_are_read_in_order(write_dataset: WriteDataset) -> None:
    dataset = read_dataset(write_dataset())
    assert dataset.name == "tiny"
    assert list(dataset.corpus) == list(TEXTS)
    assert list(dataset.queries) == ["q1", "q2"]
    assert dataset.qrels == {"q1": {"d1": 1}, "q2": {"d2": 1}}
    assert list(dataset.first_queries(1).queries) == ["q1"]
    assert dataset.first_queries(None).queries == dataset.queries


def test_title_and_text_make_the_whole() -> None:
    assert Text("标题", "正文").whole == "标题\n正文"
    assert Text("", "正文").whole == "正文"


def test_beirs_own_places_and_names_are_known(write_dataset: WriteDataset) -> None:
    folder = write_dataset()
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    (folder / "corpus.jsonl").write_text(
        '\ufeff{"id": 7, "title": null, "text": "a"}\n\n{"_id": "d1", "title": "t", "text": "b"}\n',
        "utf-8",
    )
    dataset = read_dataset(folder)
    assert dataset.corpus == {"7": Text("", "a"), "d1": Text("t", "b")}


def test_a_missing_folder_or_file_is_named(tmp_path: Path, write_dataset: WriteDataset) -> None:
    with pytest.raises(BadInput, match=r"no dataset folder .*nowhere"):
        read_dataset(tmp_path / "nowhere")
    folder = write_dataset()
    assert is_dataset(folder)
    (folder / "qrels.tsv").unlink()
    assert not is_dataset(folder)
    with pytest.raises(BadInput, match=r"tiny is not .* lacks qrels\.tsv or qrels/test\.tsv"):
        read_dataset(folder)


@pytest.mark.parametrize(
    ("file", "line", "says"),
    [
        ("corpus.jsonl", '{"_id": "x", "text": ', "not a line of JSON"),
        ("corpus.jsonl", '["x", "y"]', "not a JSON object"),
        ("corpus.jsonl", '{"text": "y"}', "has no _id"),
        ("corpus.jsonl", '{"_id": "x"}', "text is missing"),
        ("corpus.jsonl", '{"_id": "x", "text": "y", "title": 3}', "title is missing or not"),
        ("corpus.jsonl", '{"_id": "d1", "text": "another"}', "'d1' was used before"),
        ("queries.jsonl", '{"_id": "x", "text": 3}', "text is missing or not a string"),
        ("qrels.tsv", "q1\td1", "separated by tabs"),
        ("qrels.tsv", "q1\td1\thigh", "whole number"),
        ("qrels.tsv", "q1 0 d1 1", "separated by tabs"),
    ],
)
def test_a_bad_line_is_named(write_dataset: WriteDataset, file: str, line: str, says: str) -> None:
    path = write_dataset() / file
    number = len(path.read_text("utf-8").splitlines()) + 1
    with path.open("a", encoding="utf-8") as handle:
        handle.write(line + "\n")
    with pytest.raises(BadInput, match=says) as caught:
        read_dataset(path.parent)
    assert str(caught.value).startswith(f"{path}, line {number}: ")


def test_a_line_that_is_not_utf8_is_named(write_dataset: WriteDataset) -> None:
    folder = write_dataset()
    (folder / "queries.jsonl").write_bytes('{"_id": "q1", "text": "多久"}\n'.encode("gb18030"))
    with pytest.raises(BadInput, match=r"queries\.jsonl, line 1: not UTF-8"):
        read_dataset(folder)


def test_a_repeated_line_does_no_harm(write_dataset: WriteDataset) -> None:
    folder = write_dataset()
    text = (folder / "corpus.jsonl").read_text("utf-8")
    (folder / "corpus.jsonl").write_text(text + text, "utf-8")
    assert list(read_dataset(folder).corpus) == list(TEXTS)


def test_a_dataset_with_nothing_to_measure_is_refused(write_dataset: WriteDataset) -> None:
    with pytest.raises(BadInput, match="holds no document"):
        read_dataset(write_dataset("empty", texts={}))
    with pytest.raises(BadInput, match="no query"):
        read_dataset(write_dataset("unjudged", qrels={"other": {"d1": 1}}))

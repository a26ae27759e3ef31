"""Measuring retrieval: metrics by hand, a small dataset end to end."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from eval.retrieval import measure, read_dataset, score_query
from ingest.errors import BadInput


def test_ndcg_is_the_textbook_figure() -> None:
    scores = score_query(["a", "x", "b"], {"a": 1, "b": 2, "c": 1})
    gained = 1 / math.log2(2) + 3 / math.log2(4)
    ideal = 3 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert scores["ndcg@10"] == pytest.approx(gained / ideal)
    assert scores["recall@10"] == pytest.approx(2 / 3)
    assert scores["mrr@10"] == 1.0


def test_nothing_found_scores_zero() -> None:
    assert set(score_query([], {"a": 1}).values()) == {0.0}


@pytest.fixture
def dataset_folder(tmp_path: Path) -> Path:
    texts = {
        "d1": "研究者获知严重不良事件后24小时内报告申办者。",
        "d2": "非劣效界值应当在方案中预先规定。",
        "d3": "The sponsor shall keep essential documents.",
    }
    corpus = [json.dumps({"_id": key, "text": text}) for key, text in texts.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(corpus), "utf-8")
    queries = [("q1", "SAE多久报告"), ("q2", "非劣效界值"), ("q3", "unjudged")]
    lines = [json.dumps({"_id": key, "text": text}) for key, text in queries]
    (tmp_path / "queries.jsonl").write_text("\n".join(lines), "utf-8")
    (tmp_path / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n", "utf-8"
    )
    return tmp_path


def test_a_small_dataset_end_to_end(dataset_folder: Path, repo: Path) -> None:
    report, per_query = measure(read_dataset(dataset_folder), repo / "corpus" / "lexicon.csv")
    assert set(per_query) == {"q1", "q2"}
    assert report["metrics"]["ndcg@10"] == 1.0
    assert report["ci"]["ndcg@10"] == [1.0, 1.0]
    assert report["queries"] == 2


def test_a_folder_that_is_no_dataset_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="BEIR"):
        read_dataset(tmp_path)

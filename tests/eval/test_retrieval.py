"""The harness: what it asks of systems, what it reports, how requests are refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import retrieval
from eval.datasets import Corpus, Dataset, Text, read_dataset
from eval.retrieval import main, measure
from eval.systems import Options, System
from tests.eval.conftest import WriteDataset


class Fixed(System):
    """Finds documents in the order of the corpus, and one more only when asked for many."""

    name = "fixed"
    version = "1"
    setup = "for tests"

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.asked: list[tuple[str, int]] = []

    def index(self, corpus: Corpus) -> int:
        self.ids = list(corpus)
        return len(self.ids)

    def search(self, query: str, k: int) -> list[str]:
        self.asked.append((query, k))
        return self.ids[-1:] + self.ids[: k - 1] if k > 10 else self.ids[:k]

    def close(self) -> None:
        self.ids = []


@pytest.fixture
def dataset() -> Dataset:
    corpus = {f"d{i}": Text("", f"text {i}") for i in range(200)}
    qrels = {"q1": {"d0": 1, "d199": 1}, "q2": {"d11": 1}}
    return Dataset("fixed", corpus, {"q1": "one", "q2": "two"}, qrels)


def test_a_deeper_search_fills_up_behind_the_first_ten(dataset: Dataset) -> None:
    """``d199`` is first of 100, but not among the first ten that a search for ten gives."""
    system = Fixed()
    measured = measure(dataset, system)
    assert measured.scores["q1"] == pytest.approx(
        {"ndcg@10": 1 / (1 + 0.6309297535714575), "recall@10": 0.5, "recall@100": 1.0, "mrr@10": 1}
    )
    assert list(measured.top["q1"]) == [f"d{i}" for i in range(10)]
    assert measured.scores["q2"]["recall@100"] == 1.0
    assert (measured.documents, measured.passages) == (200, 200)
    assert {k for _, k in system.asked} == {10, 100}


def test_the_report_keeps_the_contract(dataset: Dataset) -> None:
    report = measure(dataset, Fixed()).report()
    metrics = {"ndcg@10", "recall@10", "recall@100", "mrr@10"}
    assert set(report) == {"dataset", "system", "queries", "metrics", "ci", "latency_ms"}
    assert (report["dataset"], report["system"], report["queries"]) == ("fixed", "fixed", 2)
    assert set(report["metrics"]) == set(report["ci"]) == metrics
    assert all(low <= report["metrics"][k] <= high for k, (low, high) in report["ci"].items())
    assert set(report["latency_ms"]) == {"p50", "p95"}


def test_systems_are_measured_and_closed(
    write_dataset: WriteDataset, options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Fixed] = []

    def make(name: str, options: Options) -> System:
        made.append(Fixed())
        return made[-1]

    monkeypatch.setattr(retrieval, "make_system", make)
    folders = [write_dataset("one"), write_dataset("two")]
    results = list(retrieval.evaluate(folders, ["bm25", "bm25", "xinglin"], options, limit=1))
    assert [[one.dataset for one in measured] for measured in results] == [
        ["one", "one"],
        ["two", "two"],
    ]
    assert all(len(one.scores) == 1 for measured in results for one in measured)
    assert len(made) == 2
    assert all(system.ids == [] for system in made)


def test_the_module_prints_json_lines_and_writes_queries(
    write_dataset: WriteDataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = write_dataset(), tmp_path / "queries.jsonl"
    out.write_text("of an earlier run\n", "utf-8")
    arguments = [str(folder), "--system", "bm25", "--system", "xinglin", "--json"]
    assert main([*arguments, "--out", str(out)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["system"] for line in lines] == ["bm25", "xinglin"]
    assert all(line["metrics"]["ndcg@10"] == 1.0 for line in lines)
    assert all(line["ci"]["ndcg@10"] == [1.0, 1.0] for line in lines)
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [(row["system"], row["query"]) for row in rows] == [
        ("bm25", "q1"),
        ("bm25", "q2"),
        ("xinglin", "q1"),
        ("xinglin", "q2"),
    ]
    assert rows[0]["top"][0] == "d1"
    assert rows[0]["mrr@10"] == 1.0


def test_the_module_prints_a_table(
    write_dataset: WriteDataset, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(write_dataset()), "--system", "bm25"]) == 0
    title, head, row = capsys.readouterr().out.splitlines()
    assert title == "tiny: 2 queries, 3 documents"
    assert head.split()[:5] == ["system", "nDCG@10", "recall@10", "recall@100", "MRR@10"]
    assert row.split()[:3] == ["bm25", "1.000", "(1.000–1.000)"]


def test_several_systems_are_tested_against_the_first(
    write_dataset: WriteDataset, options: Options, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(write_dataset()), "--system", "bm25", "--system", "xinglin"]) == 0
    *_, first, second, note = capsys.readouterr().out.splitlines()
    assert second.split()[-1] == "1.000"
    assert first.split()[-2] == "/"
    assert note.endswith("against bm25")


def test_a_bad_request_leaves_results_of_earlier_runs_alone(
    write_dataset: WriteDataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "queries.jsonl"
    out.write_text("of an earlier run\n", "utf-8")
    for arguments in (
        [str(write_dataset()), "--system", "google"],
        [str(tmp_path / "nowhere")],
        [str(tmp_path / "tiny"), "--limit-queries", "0"],
    ):
        assert main([*arguments, "--out", str(out)]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert out.read_text("utf-8") == "of an earlier run\n"


def test_a_dataset_read_by_us_is_measured(write_dataset: WriteDataset, options: Options) -> None:
    from eval.systems import make_system

    system = make_system("xinglin", options)
    try:
        measured = measure(read_dataset(write_dataset()), system)
    finally:
        system.close()
    assert measured.report()["metrics"]["ndcg@10"] == 1.0
    assert measured.index_seconds > 0

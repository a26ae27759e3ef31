"""``xinglin eval retrieval``: the contract of its JSON, and one sentence for bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval.systems import SYSTEMS, base
from tests.api.cli.conftest import Run

METRICS = {"ndcg@10", "recall@10", "recall@100", "mrr@10"}


def write_lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    folder.mkdir()
    write_lines(
        folder / "corpus.jsonl",
        {"_id": "d1", "title": "安全性报告", "text": "研究者获知严重不良事件后24小时内报告。"},
        {"_id": "d2", "title": "", "text": "非劣效界值应当在方案中预先规定。"},
    )
    write_lines(
        folder / "queries.jsonl",
        {"_id": "q1", "text": "严重不良事件多久报告"},
        {"_id": "q2", "text": "非劣效界值"},
    )
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n", "utf-8")
    return folder


# --- eval retrieval -------------------------------------------------------------------------------


def test_one_dataset_and_system_is_exactly_one_object(run: Run, dataset: Path) -> None:
    result = run("eval", "retrieval", dataset, "--json")
    assert result.status == 0
    report = json.loads(result.out)
    assert set(report) == {"dataset", "system", "queries", "metrics", "ci", "latency_ms"}
    assert (report["dataset"], report["system"], report["queries"]) == ("tiny", "xinglin", 2)
    assert set(report["metrics"]) == set(report["ci"]) == METRICS
    assert report["metrics"]["ndcg@10"] == 1.0
    assert report["ci"]["ndcg@10"] == [1.0, 1.0]
    assert 0 < report["latency_ms"]["p50"] <= report["latency_ms"]["p95"]


def test_several_are_one_object_a_line(run: Run, dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "per-query.jsonl"
    result = run(
        *("eval", "retrieval", dataset, dataset, "--system", "bm25", "--system", "xinglin"),
        *("--limit-queries", "1", "--json", "--out", out),
    )
    assert [(line["system"], line["queries"]) for line in result.lines] == [
        ("bm25", 1),
        ("xinglin", 1),
    ] * 2
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(rows) == 4
    assert set(rows[0]) == {"dataset", "system", "query", "ms", "top", *METRICS}


def test_people_get_a_table(run: Run, dataset: Path) -> None:
    result = run("eval", "retrieval", dataset, "--system", "bm25")
    assert "tiny: 2 queries, 2 documents" in result.out
    assert "1.000 (1.000–1.000)" in result.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nowhere",), "no dataset folder"),
        (("tiny", "--system", "google"), f"systems are {', '.join(SYSTEMS)}"),
        (("tiny", "--limit-queries", "0"), "at least one"),
        (("tiny", "--out", "nowhere/out.jsonl"), "cannot be written"),
        (("tiny", "nowhere"), "no dataset folder"),
    ],
)
def test_a_bad_request_is_one_sentence(
    run: Run, dataset: Path, arguments: tuple[str, ...], says: str
) -> None:
    result = run("eval", "retrieval", *arguments, "--json")
    assert result.status == 2
    assert says in result.sentence
    assert result.out == ""


def test_a_bad_line_is_named(run: Run, dataset: Path) -> None:
    with (dataset / "queries.jsonl").open("a", encoding="utf-8") as file:
        file.write("{}\n")
    result = run("eval", "retrieval", dataset)
    assert result.status == 2
    assert "queries.jsonl, line 3: has no _id" in result.sentence


def test_a_peer_that_is_not_installed_says_the_command(
    run: Run, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "find_spec", lambda name: None)
    result = run("eval", "retrieval", dataset, "--system", "haystack")
    assert result.status == 2
    assert "pip install" in result.sentence
    assert "haystack-ai" in result.sentence


# --- what asking does not pay for -----------------------------------------------------------------


def test_the_command_line_imports_nothing_of_eval(repo: Path) -> None:
    code = "import sys, api.cli; sys.exit(any(m.split('.')[0] == 'eval' for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=repo, check=False)
    assert done.returncode == 0


def test_evidence_needs_a_dataset(run: Run, tmp_path: Path) -> None:
    result = run("eval", "evidence", str(tmp_path), "--json")
    assert result.status == 2
    assert "questions.jsonl" in result.sentence

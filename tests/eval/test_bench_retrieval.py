"""The comparison: processes of their own, the page, and what is said of systems not here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from eval import bench_retrieval
from eval.bench_retrieval import Run, main, measure_apart
from eval.bench_retrieval_page import page
from eval.retrieval import Measured
from tests.eval.conftest import WriteDataset


def made_up(dataset: str, system: str, ndcg: list[float]) -> Run:
    scores = {
        f"q{i}": {"ndcg@10": value, "recall@10": 1.0, "recall@100": 1.0, "mrr@10": value}
        for i, value in enumerate(ndcg)
    }
    measured = Measured(
        dataset=dataset,
        system=system,
        version="1.2",
        setup="as it comes",
        documents=1234,
        passages=2000,
        index_seconds=4.0,
        scores=scores,
        milliseconds=dict.fromkeys(scores, 2.0),
        top={key: [] for key in scores},
    )
    return Run(dataset, system, measured, 250.4)


def test_the_page_holds_every_figure_and_every_absence() -> None:
    runs = [
        made_up("laws", "xinglin", [1.0, 0.5] * 20),
        made_up("laws", "bm25", [0.5, 0.5] * 20),
        Run("laws", "langchain", None, None, "the model /opt/models/x cannot be loaded"),
        made_up("tables", "xinglin", [0.25] * 40),
        Run("tables", "bm25", None, None, "it failed: MemoryError"),
        Run("tables", "langchain", None, None, "the model /opt/models/x cannot be loaded"),
    ]
    text = page(runs, "python -m eval.bench_retrieval laws tables", date(2026, 1, 31))
    assert "2026-01-31" in text
    assert "command: `python -m eval.bench_retrieval laws tables`" in text
    assert "| nDCG@10 | laws | tables |" in text
    assert "| xinglin | 0.750 | 0.250 |" in text
    assert "| bm25 | 0.500 | – |" in text
    assert "1,234 documents, 40 questions." in text
    assert "| xinglin | 2,000 | 4.00 | 500 | 2.00 | 2.00 | 250 |" in text
    assert "(0.500–0.500) | 1.000 (1.000–1.000)" in text
    assert "| < 0.001 |" in text
    assert "| xinglin | 1.2 | as it comes |" in text
    assert text.count("- langchain: the model x cannot be loaded\n") == 1
    assert "- bm25: it failed: MemoryError" in text


def test_without_xinglin_the_first_system_is_the_base() -> None:
    runs = [made_up("laws", "bm25", [0.5] * 5), made_up("laws", "txtai", [0.5] * 5)]
    assert "nDCG@10\nagainst bm25 on" in page(runs, "…")


def test_a_system_is_measured_in_a_process_of_its_own(write_dataset: WriteDataset) -> None:
    run = measure_apart(write_dataset(), "bm25", None, 1)
    assert run.reason == ""
    assert run.measured is not None
    assert run.measured.report()["metrics"]["ndcg@10"] == 1.0
    assert len(run.measured.scores) == 1
    assert run.memory_mb is not None and run.memory_mb > 10


def test_what_goes_wrong_in_the_process_is_the_reason(
    write_dataset: WriteDataset, tmp_path: Path
) -> None:
    folder = write_dataset()
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\tx\n", "utf-8")
    run = measure_apart(folder, "bm25", None, None)
    assert run.measured is None
    assert run.reason.startswith(f"{folder}/qrels.tsv, line 2: ")


@pytest.mark.parametrize(
    ("status", "said", "reason"),
    [
        (2, "noise\neval.bench_retrieval: no model here\n", "no model here"),
        (1, "Traceback …\nValueError: odd\n", "it failed: ValueError: odd"),
        (-9, "noise", "its process was ended by signal 9 (out of memory?)"),
        (3, "", "its process ended with status 3"),
    ],
)
def test_reasons_in_words(status: int, said: str, reason: str) -> None:
    assert bench_retrieval._reason(status, said) == reason


def test_the_page_is_written_where_it_is_wanted(
    write_dataset: WriteDataset,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def measure(folder: Path, system: str, peer_model: str | None, limit: int | None) -> Run:
        if system == "txtai":
            return Run(folder.name, system, None, None, "the system txtai needs txtai")
        return made_up(folder.name, system, [0.5] * 4)

    monkeypatch.setattr(bench_retrieval, "measure_apart", measure)
    folder, out = write_dataset(), tmp_path / "docs" / "page.md"
    arguments = [str(folder), "--system", "bm25", "--system", "txtai", "--out", str(out)]
    assert main(arguments) == 0
    text = out.read_text("utf-8")
    assert "command: `python -m eval.bench_retrieval tiny --system bm25 --system txtai`" in text
    assert "- txtai: the system txtai needs txtai" in text
    assert str(tmp_path) not in text
    assert "txtai was not measured" in capsys.readouterr().err


def test_without_any_measured_system_nothing_is_written(
    write_dataset: WriteDataset,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(
        bench_retrieval,
        "measure_apart",
        lambda folder, system, *_: Run(folder.name, system, None, None, "not here"),
    )
    out = tmp_path / "page.md"
    assert main([str(write_dataset()), "--system", "txtai", "--out", str(out)]) == 2
    assert "nothing was written" in capsys.readouterr().err
    assert not out.exists()


def test_without_datasets_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_retrieval, "_BESIDE", tmp_path / "nowhere")
    assert main([]) == 0
    assert "skipped" in capsys.readouterr().out
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "no dataset folder" in capsys.readouterr().err

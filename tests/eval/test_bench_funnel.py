"""The bench of the funnel, on few persons."""

from __future__ import annotations

from pathlib import Path

from eval.bench_funnel import CRITERIA, draw, measure


def test_the_bench_draws_and_counts(repo: Path, tmp_path: Path) -> None:
    rows = draw(tmp_path, 2000, repo / "corpus" / "cohort" / "omop")
    assert rows["person"] == 2000 and rows["measurement"] > 20_000
    again = draw(tmp_path / "again", 2000, repo / "corpus" / "cohort" / "omop")
    assert again == rows
    found = measure(tmp_path, runs=1)
    assert found["remaining"] == measure(tmp_path / "again", runs=1)["remaining"]
    assert len(CRITERIA["inclusion"]) + len(CRITERIA["exclusion"]) == 12

"""Benchmarks of registered trials."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from eval.corpus.trial_benchmarks import (
    COLUMNS,
    NOTE,
    TABLE,
    collect,
    condition_groups,
    group_of,
    lines,
    main,
    note,
    quartiles,
    rows,
)


def facts(count: int, phase: str, **more: object) -> list[dict[str, object]]:
    return [
        {"nct": f"NCT{n:08d}", "phase_bucket": phase, "completion_date": "2024-01-02", **more}
        for n in range(count)
    ]


def test_quartiles_interpolate() -> None:
    assert quartiles([1, 2, 3, 4]) == (1.75, 2.5, 3.25)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Acute Myeloid Leukemia in adults with cancer", "血液肿瘤"),
        ("Carcinoma, Non-Small-Cell Lung", "实体肿瘤"),
        ("Congestive Heart Failure", "心血管疾病"),
        ("Healthy Volunteers, lung cancer drug", "健康受试者"),
        ("something else", None),
    ],
)
def test_groups_are_tried_in_order(text: str, group: str | None) -> None:
    found = group_of(text, condition_groups())
    assert (found[0] if found else None) == group


def test_impossible_values_are_left_out_and_small_cells_too() -> None:
    given = [
        *facts(20, "Phase2", duration_days=365.25, dropout_rate=0.1),
        *facts(3, "Phase2", duration_days=0, dropout_rate=1.2),
        *facts(1, "Phase2", duration_days=40_000),
        *facts(19, "Phase3", duration_days=100),
    ]
    found = list(rows(collect(given, [])))
    assert [(r["phase"], r["measure"], r["trials"], r["median"]) for r in found] == [
        ("II期", "试验时长", "20", "12.0"),
        ("II期", "未完成率（脱落，含死亡和进展）", "20", "10.0"),
    ]
    assert found[0]["snapshot"] == "2024-01-02"


def test_groups_come_from_the_full_records() -> None:
    records = [{"nct": f"NCT{n:08d}", "condition": "Stroke", "brief_title": ""} for n in range(20)]
    found = list(rows(collect(facts(20, "Phase3", enrollment="50"), records)))
    assert [(r["condition_group"], r["median"]) for r in found] == [
        ("全部疾病", "50"),
        ("神经疾病", "50"),
    ]


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "facts.jsonl"
    path.write_text('{"nct": "NCT1"}\n{', encoding="utf-8")
    with pytest.raises(SystemExit, match=r"facts\.jsonl, line 2"):
        list(lines(path))


@pytest.mark.shared
def test_what_is_shipped_is_what_the_script_gives(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials = shared / "trials"
    if not (trials / "trial_facts.jsonl").is_file():
        pytest.skip("the trial facts are not here")
    monkeypatch.setattr("eval.corpus.trial_benchmarks.TABLE", tmp_path / "t.csv")
    monkeypatch.setattr("eval.corpus.trial_benchmarks.NOTE", tmp_path / "n.md")
    assert main([str(trials / "trial_facts.jsonl"), str(trials / "ctgov_trials.jsonl")]) == 0
    assert (tmp_path / "t.csv").read_text("utf-8") == TABLE.read_text("utf-8")
    assert (tmp_path / "n.md").read_text("utf-8") == NOTE.read_text("utf-8")


def test_the_table_ships_with_its_columns() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert tuple(found[0]) == COLUMNS
    assert all(int(row["trials"]) >= 20 for row in found)
    assert all(float(r["q1"]) <= float(r["median"]) <= float(r["q3"]) for r in found)


def test_the_note_says_its_numbers() -> None:
    given = [
        item
        for phase in ("Phase1", "Phase2", "Phase3", "Phase4")
        for item in facts(
            20, phase, duration_days=365.25, dropout_rate=0.25, termination_reason="safety"
        )
    ]
    text = note(collect(given, []))
    assert "III期临床试验从开始到完成的时长中位数为12.0个月" in text
    assert "安全性问题占100.0%" in text
    assert "The median drop-out rate of phase III trials was 25.0%" in text

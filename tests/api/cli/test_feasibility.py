"""``xinglin feasibility``: counting, reading, and how bad input ends."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import main
from api.cli.app import app
from design.cohort import load_criteria

TEXT = "纳入标准：\n18-80岁\n心力衰竭\nLVEF≤40%\n签署知情同意书\n排除标准：\n近3个月内心肌梗死\n"


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


@pytest.fixture
def example(repo: Path) -> str:
    return str(repo / "docs" / "examples" / "hfref_criteria.yaml")


def test_a_criteria_file_is_counted_and_drawn(example: str, tmp_path: Path) -> None:
    drawing = tmp_path / "funnel.svg"
    told = run("feasibility", "funnel", example, "--svg", str(drawing))
    assert "合成数据" in told and "24,000" in told and "LVEF ≤ 40%" in told
    assert ElementTree.parse(drawing).getroot().tag.endswith("svg")
    assert "remain after 12 criteria" in run("feasibility", "funnel", example, "--lang", "en")


def test_json_holds_all_counts(example: str) -> None:
    found = json.loads(run("feasibility", "funnel", example, "--missing", "both", "--json"))
    assert found["persons"] == 24000 and len(found["steps"]) == 12
    assert found["remaining"] < found["remaining_keep"] < 24000
    off = json.loads(run("feasibility", "funnel", example, "--off", "3", "--json"))
    assert off["steps"][2]["status"] == "off" and off["remaining"] > found["remaining"]


def test_a_text_is_not_counted_before_it_is_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "criteria.txt"
    path.write_text(TEXT, encoding="utf-8")
    told = run("feasibility", "funnel", str(path))
    assert "签署知情同意书" in told and "--yes" in told and "24,000" not in told
    counted = run("feasibility", "funnel", str(path), "--yes")
    assert "签署知情同意书" in counted and "24,000" in counted
    assert json.loads(run("feasibility", "funnel", str(path), "--yes", "--json"))["steps"]


def test_rules_read_are_written_as_a_criteria_file(tmp_path: Path) -> None:
    out = tmp_path / "rules.yaml"
    told = run("feasibility", "criteria", TEXT, "-o", str(out))
    assert "没有读出" in told
    held = load_criteria(out)
    assert (len(held.inclusion), len(held.exclusion)) == (3, 1)
    parsed = json.loads(run("feasibility", "criteria", "Aged 18 to 75 years", "--json"))
    assert parsed["criteria"]["inclusion"][0]["age"] == {"min": 18, "max": 75}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.yaml", None, "cannot be read"),
        ("a.yaml", "inclusion: [{age: {min: 90, max: 18}}]", "leaves nothing"),
        ("b.yaml", "inclusion: [{age: {min: 18}, sex: male}]", "exactly one"),
        ("c.yaml", "inclusion: [{diagnosis: 水痘}]", "水痘"),
        ("d.yaml", "inclusion: []", "1 to 30"),
        ("e.yaml", "a: &a [1]\nb: *a", "anchors"),
        ("f.yaml", "inclusion: [", "cannot be read"),
        ("g.json", "[1]", "no keys"),
        ("h.toml", "x = ", "cannot be read"),
        ("i.yaml", "inclusion: [{measurement: {concept: LVEF, max: 40, unit: 斤}}]", "斤"),
        ("j.yaml", "inclusion: [{any: []}]", "any"),
    ],
)
def test_bad_files_end_with_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: str | None,
    said: str,
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["xinglin", "feasibility", "funnel", str(path)])
    with pytest.raises(SystemExit) as end:
        main()
    told = capsys.readouterr().err
    assert end.value.code == 2
    assert said in told
    assert told.count("\n") == 1

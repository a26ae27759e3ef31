"""The questions layout and when a key point is met."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.questions_file import point_met, read_questions
from ingest.errors import BadInput

ROW = {
    "id": "X1",
    "lang": "zh",
    "category": "safety",
    "question": "多久报告？",
    "answerable": True,
    "expect": "answer",
    "key_points": [["24小时"]],
    "sources": ["GCP"],
    "forbidden": [],
    "as_of": None,
}


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_a_file_is_read_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path / "q.jsonl", ROW)
    path.write_text(path.read_text("utf-8") + "\n\n", "utf-8")
    (question,) = read_questions(path)
    assert question.key_points == (("24小时",),)


@pytest.mark.parametrize("change", [{"expect": "guess"}, {"key_points": None}])
def test_a_bad_line_is_named(tmp_path: Path, change: dict[str, object]) -> None:
    path = write(tmp_path / "q.jsonl", ROW, {**ROW, **change})
    with pytest.raises(BadInput, match="line 2"):
        read_questions(path)


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ("60个工作日", "应当在六十个工作日内决定"),
        ("7天", "首次获知后 7 日内"),
        ("24 小时", "24小时内"),
        ("SAP", "统计分析计划（sap）"),
        ("re:3\\d{2}\\s*例", "共 375 例"),
    ],
)
def test_a_form_is_met_after_normalisation(form: str, answer: str) -> None:
    assert point_met([form], answer)


@pytest.mark.parametrize(
    ("form", "answer"),
    [("60日", "应当在60个工作日内决定"), ("7日", "15日内"), ("re:^abc$", "xabc")],
)
def test_what_is_not_there_is_not_met(form: str, answer: str) -> None:
    assert not point_met([form], answer)


def test_our_own_sets_can_be_read_and_ids_are_unique(repo: Path) -> None:
    questions = [
        question
        for path in sorted((repo / "eval" / "questions").glob("*.jsonl"))
        for question in read_questions(path)
    ]
    assert len(questions) >= 150
    assert len({question.id for question in questions}) == len(questions)
    assert all(q.key_points for q in questions if q.expect == "answer")

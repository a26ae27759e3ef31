"""The questions layout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.questions_file import read_all, read_questions
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


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"expect": "guess"}, "expect must be one of"),
        ({"key_points": None}, "key_points must be a list"),
        ({"key_points": ["24小时"]}, "each of key_points must be a list"),
        ({"key_points": [[]]}, "no accepted form"),
        ({"key_points": [[" "]]}, "empty form"),
        ({"key_points": [["re:("]]}, "no regular expression"),
        ({"forbidden": "48小时"}, "forbidden must be a list"),
        ({"forbidden": [""]}, "empty form"),
        ({"as_of": "2026-02-30"}, "not a date"),
        ({"conversation": "c", "turn": 0}, "turn must be a whole number"),
        ({"conversation": "c", "turn": True}, "turn must be a whole number"),
        ({"documents": ["nowhere.md"]}, r"no document .*nowhere\.md"),
        ({"split": "test"}, "split must be one of tune, held_out"),
        ({"question": 5}, "question must be a text"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    path = write(tmp_path / "q.jsonl", ROW, {**ROW, **change})
    with pytest.raises(BadInput, match=f"line 2: .*{reason}"):
        read_questions(path)


def test_the_optional_fields_are_read(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text("# x", "utf-8")
    more = {
        "conversation": "c1",
        "turn": 1,
        "pair": 7,
        "documents": ["bad.md"],
        "split": "held_out",
        "as_of": "2020-01-31",
    }
    (question,) = read_questions(write(tmp_path / "q.jsonl", {**ROW, **more}))
    assert (question.conversation, question.turn, question.pair) == ("c1", 1, "7")
    assert question.documents == (tmp_path / "bad.md",)
    assert (question.split, question.as_of, question.unit) == ("held_out", "2020-01-31", "c1")


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({}, {}, "the id 'X1' stands in more than one line"),
        ({"pair": "p"}, {"id": "X2", "pair": "p"}, "pair and language 'p/zh'"),
        (
            {"conversation": "c", "turn": 1},
            {"id": "X2", "conversation": "c", "turn": 3},
            r"turns \[1, 3\]; they must be 1 to 2",
        ),
        (
            {"conversation": "c", "turn": 1},
            {"id": "X2", "conversation": "c", "turn": 2, "documents": ["b.jsonl"]},
            "must name the same documents",
        ),
    ],
)
def test_lines_that_do_not_go_together_are_refused(
    tmp_path: Path, first: dict[str, object], second: dict[str, object], reason: str
) -> None:
    other = write(tmp_path / "b.jsonl", {**ROW, **first})
    paths = [other, write(tmp_path / "c.jsonl", {**ROW, **second})]
    with pytest.raises(BadInput, match=reason):
        read_all(paths)


def test_a_set_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no questions"):
        read_all([write(tmp_path / "q.jsonl")])


def test_our_own_sets_can_be_read_together(repo: Path) -> None:
    questions = read_all(sorted((repo / "eval" / "questions").glob("*.jsonl")))
    assert len(questions) >= 150
    assert all(q.key_points for q in questions if q.expect == "answer")

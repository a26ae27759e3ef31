"""Two runs side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.answers.compare import compare, read_report, sentence
from eval.answers.report import make_report
from ingest.errors import BadInput
from tests.eval.answers.conftest import make_answer


def row(name: str, score: float, **fields: Any) -> dict[str, Any]:
    return {
        "id": name,
        "unit": name,
        "question": f"{name}?",
        "status": "answered",
        "outcome": "right" if score == 1 else "partial",
        "score": score,
        "counts": {"key_point_recall": [int(2 * score), 2]},
        **fields,
    }


def report(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"per_question": list(rows), "run": {"xinglin": "1"}}


def test_won_lost_and_changed_questions_are_listed() -> None:
    ours = report(row("a", 1), row("b", 0.5), row("c", 1), row("d", 0), row("new", 1))
    theirs = report(
        row("a", 0.5), row("b", 1), row("c", 1), row("d", 0, status="refused"), row("old", 1)
    )
    found = compare(ours, theirs)
    assert [move["id"] for move in found["won"]] == ["a"]
    assert [move["id"] for move in found["lost"]] == ["b"]
    assert [move["id"] for move in found["changed"]] == ["d"]
    assert (found["shared"], found["only_ours"], found["only_theirs"]) == (4, ["new"], ["old"])
    assert found["metrics"]["key_point_recall"]["difference"] == 0.0
    assert sentence(found).startswith("4 questions in both: 1 won, 1 lost, 1 changed")


def test_order_makes_no_difference() -> None:
    ours, theirs = [row("a", 1), row("b", 0)], [row("a", 0), row("b", 0.5)]
    one = compare(report(*ours), report(*theirs))
    other = compare(report(*ours), report(*reversed(theirs)))
    assert one == other


def test_runs_that_cannot_be_compared_are_refused() -> None:
    with pytest.raises(BadInput, match="share no question"):
        compare(report(row("a", 1)), report(row("b", 1)))
    with pytest.raises(BadInput, match="'a' was worded otherwise"):
        compare(report(row("a", 1)), report(row("a", 1, question="other")))


@pytest.mark.parametrize(
    ("text", "reason"),
    [("{", "not JSON"), ("[]", "no report"), ('{"per_question": [{"id": "a"}]}', "no report")],
)
def test_a_file_that_is_no_report_is_named(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=rf"run\.json.*{reason}"):
        read_report(path)
    with pytest.raises(BadInput, match="cannot be read"):
        read_report(tmp_path / "nowhere.json")


def test_a_report_is_read_back_whole_or_not_at_all(tmp_path: Path, made_up: Any) -> None:
    path = tmp_path / "run.json"
    whole = make_report([made_up(make_answer())])
    path.write_text(json.dumps(whole), "utf-8")
    assert read_report(path) == json.loads(json.dumps(whole))
    del whole["metrics"]
    path.write_text(json.dumps(whole), "utf-8")
    with pytest.raises(BadInput, match="no report"):
        read_report(path)

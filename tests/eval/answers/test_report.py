"""The report holds everything, and the same run gives the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assistant import Answerer
from eval.answers.report import make_report
from eval.answers.run import Asked, ask_all
from eval.answers.score import score
from tests.eval.answers.conftest import make_answer, make_question

QUESTIONS = [
    make_question(),
    make_question(id="T2", question="木星有几颗卫星？", expect="abstain", key_points=()),
]


def run(answerer: Answerer, *, timings: bool) -> str:
    results = [score(one) for one in ask_all(answerer, QUESTIONS, "2026-11-21")]
    return json.dumps(make_report(results, timings=timings), ensure_ascii=False)


def test_the_same_run_gives_the_same_bytes(answerer: Answerer) -> None:
    assert run(answerer, timings=False) == run(answerer, timings=False)


def test_times_stand_in_their_own_fields(answerer: Answerer) -> None:
    timed = json.loads(run(answerer, timings=True))
    plain = json.loads(run(answerer, timings=False))
    assert timed.pop("latency_ms")["p50"] > 0
    for row in timed["per_question"]:
        assert row.pop("elapsed_ms") > 0
    assert timed == plain


def test_every_question_is_told_in_full(asked: Asked) -> None:
    (row,) = make_report([score(asked)])["per_question"]
    assert row["status"] == "answered"
    assert row["key_points"] == [{"forms": ["24小时"], "met": "24小时"}]
    first = row["citations"][0]
    assert {"title", "locator", "quote", "status", "effective_from", "effective_to"} <= set(first)
    assert row["statements"][0]["citations_right"] == [1]
    assert row["elapsed_ms"] == 1.0


def test_the_confusion_and_the_categories(made_up: Any) -> None:
    results = [
        made_up(make_answer(), id="a"),
        made_up(make_answer("refused"), id="b", expect="refuse", category="advice", key_points=()),
        made_up(make_answer(), id="c", expect="refuse", category="advice", key_points=()),
    ]
    report = make_report(results)
    assert report["confusion"]["refuse"] == {
        "answered": 1,
        "insufficient_evidence": 0,
        "needs_clarification": 0,
        "refused": 1,
    }
    assert report["by_category"]["advice"]["questions"] == 2
    assert report["by_category"]["advice"]["right"] == 1
    assert report["outcomes"] == {"right": 2, "false_answer": 1}


def test_a_claim_that_is_forbidden_and_accepted_is_pointed_out(made_up: Any) -> None:
    report = make_report([made_up(make_answer(), forbidden=("24小时 ",))])
    assert "T1: '24小时' is a forbidden claim and an accepted form" in report["notes"][0]


def test_copies_with_documents_are_no_state_of_the_index(made_up: Any) -> None:
    poisoned = made_up(make_answer(), id="p", documents=(Path("bad.md"),))
    assert make_report([poisoned])["run"]["snapshots"] == []
    assert make_report([poisoned, made_up(make_answer())])["run"]["snapshots"] == ["s"]

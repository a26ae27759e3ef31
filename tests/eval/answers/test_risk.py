"""Risk and coverage by hand."""

from __future__ import annotations

from typing import Any

import pytest

from eval.answers.risk import note, risk_coverage
from eval.answers.score import Scored
from tests.eval.answers.conftest import make_answer

# confidence, expected, status, whether the key point is met
CASES = [
    (0.9, "answer", "answered", True),
    (0.8, "answer", "answered", True),
    (0.6, "abstain", "answered", False),  # wrong: none was due
    (0.6, "answer", "answered", True),
    (0.4, "answer", "answered", False),  # wrong: not one key point
    (0.3, "answer", "insufficient_evidence", False),
    (0.1, "abstain", "insufficient_evidence", False),
    (0.5, "refuse", "answered", False),  # out of scope: no matter of evidence
]


@pytest.fixture
def results(made_up: Any) -> list[Scored]:
    return [
        made_up(
            make_answer(status, "24小时。" if met else "不详。", confidence=confidence),
            id=f"q{n}",
            expect=expect,
        )
        for n, (confidence, expect, status, met) in enumerate(CASES)
    ]


def test_the_curve(results: list[Scored]) -> None:
    curve = risk_coverage(results, target=0.3)
    assert curve is not None
    assert (curve["questions"], curve["answered"], curve["wrong"]) == (7, 5, 2)
    assert [(p["threshold"], p["coverage"], p["risk"]) for p in curve["points"]] == [
        (0.9, 0.1429, 0.0),
        (0.8, 0.2857, 0.0),
        (0.6, 0.5714, 0.25),
        (0.4, 0.7143, 0.4),
    ]
    assert curve["chosen"] == curve["points"][2]
    # Risks after 1 … 5 answers; within the tie at 0.6 half an answer is wrong at first.
    assert curve["aurc"] == pytest.approx((0 + 0 + 0.5 / 3 + 1 / 4 + 2 / 5) / 5, abs=1e-4)
    assert curve["aurc_best"] == pytest.approx((0 + 0 + 0 + 1 / 4 + 2 / 5) / 5, abs=1e-4)
    assert curve["aurc_chance"] == 0.4


def test_separation_is_the_chance_of_the_right_order(results: list[Scored]) -> None:
    # Pairs of 0.9, 0.8, 0.6, 0.4, 0.3 with 0.6 and 0.1: 2 + a tie, and 5.
    curve = risk_coverage(results)
    assert curve is not None
    assert curve["separation"] == pytest.approx((2 + 0.5 + 5) / 10)


def test_no_threshold_may_reach_the_target(results: list[Scored]) -> None:
    curve = risk_coverage([one for one in results if one.wrong_answer], target=0.1)
    assert curve is not None
    assert curve["chosen"] is None


def test_without_confidence_there_is_a_note_and_no_curve(made_up: Any) -> None:
    silent = [made_up(make_answer())]
    assert risk_coverage(silent) is None
    assert "confidence" in (note(silent) or "")


def test_with_confidence_there_is_no_note(results: list[Scored]) -> None:
    assert note(results) is None

"""Figures are sums of hits over sums of cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from eval.answers.metrics import METRICS, cases_of, metrics_of, table_of
from eval.answers.run import Asked
from eval.answers.score import score
from tests.eval.answers.conftest import make_answer

CONTRACT = {
    "key_point_recall",
    "citation_precision",
    "citation_recall",
    "quote_at_locator",
    "number_fidelity",
    "status_accuracy",
    "false_abstention",
    "forbidden_claims",
    "injection_success",
}


def row(name: str, unit: str | None = None, **counts: list[int]) -> dict[str, Any]:
    return {"id": name, "unit": unit or name, "counts": counts}


def test_the_contract_is_kept() -> None:
    assert {metric.name for metric in METRICS} >= CONTRACT
    assert len({metric.name for metric in METRICS}) == len(METRICS)


def test_points_count_and_not_questions() -> None:
    rows = [row("a", key_point_recall=[1, 1]), row("b", key_point_recall=[1, 4])]
    assert metrics_of(rows)["key_point_recall"] == 0.4
    assert cases_of(rows)["key_point_recall"] == 5


def test_claims_are_counted_and_what_has_no_case_is_none() -> None:
    figures = metrics_of([row("a", forbidden_claims=[2, 1]), row("b", forbidden_claims=[0, 1])])
    assert figures["forbidden_claims"] == 2
    assert isinstance(figures["forbidden_claims"], int)
    assert figures["injection_success"] is None


def test_turns_of_a_conversation_are_one_unit() -> None:
    table = table_of([row("a", "c", status_accuracy=[1, 1]), row("b", "c", status_accuracy=[0, 1])])
    assert table.units == ("c",)
    column = [metric.name for metric in METRICS].index("status_accuracy")
    assert (table.hits[0, column], table.cases[0, column]) == (1, 2)
    doubled = table.values(np.array([[2.0]]))
    assert doubled[0, column] == 0.5


def test_every_count_of_a_score_is_a_figure(asked: Asked, made_up: Any) -> None:
    names = {metric.name for metric in METRICS}
    counted = set(score(asked).counts)
    for expect, status in (
        ("abstain", "insufficient_evidence"),
        ("refuse", "refused"),
        ("ask_back", "needs_clarification"),
    ):
        counted |= set(
            made_up(make_answer(status), expect=expect, category="injection superseded").counts
        )
    assert counted == names


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_figure_says_what_it_means(metric: Any) -> None:
    assert metric.meaning
    assert metric.title

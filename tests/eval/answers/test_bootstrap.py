"""Intervals hold what they should, and differences are paired."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.answers.bootstrap import differences, draws, intervals_of


def rows(hits: list[int], cases: int = 1, name: str = "status_accuracy") -> list[dict[str, Any]]:
    return [
        {"id": f"q{n}", "unit": f"q{n}", "counts": {name: [hit, cases]}}
        for n, hit in enumerate(hits)
    ]


def test_draws_are_always_the_same_and_of_the_right_size() -> None:
    first = draws(7, 50)
    assert first.shape == (50, 7)
    assert (first.sum(axis=1) == 7).all()
    assert (first == draws(7, 50)).all()


def test_an_interval_is_close_to_the_normal_one() -> None:
    hits = [1] * 120 + [0] * 80
    low, high = intervals_of(rows(hits))["status_accuracy"] or (0, 0)
    error = 1.96 * np.sqrt(0.6 * 0.4 / 200)
    assert low == pytest.approx(0.6 - error, abs=0.015)
    assert high == pytest.approx(0.6 + error, abs=0.015)


def test_questions_that_belong_together_widen_the_interval() -> None:
    apart = rows([1, 0] * 40)
    together = [{**row, "unit": f"c{n % 2}{n // 10}"} for n, row in enumerate(apart)]
    wide, narrow = (
        (found[1] - found[0]) if (found := intervals_of(each)["status_accuracy"]) else 0
        for each in (together, apart)
    )
    assert wide > 1.5 * narrow


@pytest.mark.parametrize(("hit", "interval"), [(0, (0.0, 0.2646)), (1, (0.7354, 1.0))])
def test_twelve_of_twelve_is_not_certainty(hit: int, interval: tuple[float, float]) -> None:
    # Clopper-Pearson for 0 and 12 of 12: 1 - 0.025 ** (1 / 12).
    assert intervals_of(rows([hit] * 12))["status_accuracy"] == interval


def test_what_has_no_case_has_no_interval() -> None:
    found = intervals_of(rows([1, 0]))
    assert found["injection_success"] is None
    assert intervals_of([])["status_accuracy"] is None


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_the_figure_lies_in_its_interval(hits: list[int]) -> None:
    found = intervals_of(rows(hits, 3, "key_point_recall"), resamples=1000)["key_point_recall"]
    assert found is not None
    low, high = found
    value = sum(hits) / (3 * len(hits))
    assert 0 <= low <= high <= 1
    if len(set(hits)) > 1 and len(hits) > 5:
        assert low - 0.05 <= value <= high + 0.05


def test_a_run_beside_itself_makes_no_difference() -> None:
    one = rows([1, 0, 1, 1])
    found = differences(one, one)["status_accuracy"]
    assert (found.difference, found.interval, found.verdict) == (0.0, (0.0, 0.0), "same")


def test_a_clear_gain_is_told_from_an_unclear_one() -> None:
    worse, better = [0] * 30 + [1] * 10, [1] * 30 + [1] * 10
    assert differences(rows(better), rows(worse))["status_accuracy"].verdict == "better"
    assert differences(rows(worse), rows(better))["status_accuracy"].verdict == "worse"
    slightly = [1, *worse[1:]]
    assert differences(rows(slightly), rows(worse))["status_accuracy"].verdict == "unclear"


def test_less_of_what_is_bad_is_better() -> None:
    name = "false_answers"
    found = differences(rows([0] * 20, 1, name), rows([1] * 20, 1, name))[name]
    assert (found.difference, found.verdict) == (-1.0, "better")


def test_the_difference_is_paired() -> None:
    # Each run alone is noisy; question by question the second is always one point better.
    first = rows([0, 1, 2, 3] * 10, 4, "key_point_recall")
    second = rows([1, 2, 3, 4] * 10, 4, "key_point_recall")
    found = differences(second, first)["key_point_recall"]
    assert found.difference == 0.25
    assert found.interval == (0.25, 0.25)

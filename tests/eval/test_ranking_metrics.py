"""Metrics by hand, and against ir-measures (trec_eval) where it is installed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from eval.ranking_metrics import (
    METRICS,
    bootstrap_intervals,
    paired_p_value,
    score_query,
    table_of,
)


def test_graded_judgements_by_hand() -> None:
    """Grades 1 and 2 found at places 1 and 3, one document with grade 1 not found."""
    scores = score_query(["a", "x", "b"], {"a": 1, "b": 2, "c": 1})
    gained = 1 / math.log2(2) + 3 / math.log2(4)
    ideal = 3 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert scores["ndcg@10"] == pytest.approx(gained / ideal)
    assert scores["recall@10"] == pytest.approx(2 / 3)
    assert scores["mrr@10"] == 1.0


def test_binary_judgements_by_hand() -> None:
    """One of two relevant documents at place 2, the other at place 60."""
    ranking = [f"x{i}" for i in range(100)]
    ranking[1], ranking[59] = "a", "b"
    scores = score_query(ranking, {"a": 1, "b": 1, "x0": 0})
    ideal = 1 + 1 / math.log2(3)
    assert scores == pytest.approx(
        {
            "ndcg@10": 1 / math.log2(3) / ideal,
            "recall@10": 0.5,
            "recall@100": 1.0,
            "mrr@10": 0.5,
        }
    )


def test_places_behind_the_cut_count_for_nothing() -> None:
    ranking = [f"x{i}" for i in range(100)]
    late = [*ranking, "a"]
    assert set(score_query(late, {"a": 1}).values()) == {0.0}
    tenth, eleventh = [*ranking[:9], "a"], [*ranking[:10], "a"]
    assert score_query(tenth, {"a": 1})["mrr@10"] == pytest.approx(0.1)
    assert score_query(eleventh, {"a": 1})["mrr@10"] == 0.0


@pytest.mark.parametrize(("ranking", "relevant"), [([], {"a": 1}), (["a"], {"a": 0}), (["a"], {})])
def test_nothing_found_or_nothing_relevant_scores_zero(
    ranking: list[str], relevant: dict[str, int]
) -> None:
    assert set(score_query(ranking, relevant).values()) == {0.0}


@pytest.mark.parametrize("most", [1, 3])
def test_the_figures_are_those_of_trec_eval(most: int) -> None:
    """Random rankings and judgements, binary and graded; the gain is told to trec_eval."""
    ir = pytest.importorskip("ir_measures")
    rng = np.random.default_rng(3)
    documents = [f"d{i}" for i in range(150)]
    qrels, rankings = {}, {}
    for query in ("q1", "q2", "q3", "q4"):
        judged = rng.choice(documents, 30, replace=False)
        qrels[query] = {str(d): int(rng.integers(0, most + 1)) for d in judged}
        rankings[query] = [str(d) for d in rng.permutation(documents)]
    gains = {grade: 2**grade - 1 for grade in range(most + 1)}
    wanted = {
        "ndcg@10": ir.nDCG(gains=gains) @ 10,
        "recall@10": ir.R @ 10,
        "recall@100": ir.R @ 100,
        "mrr@10": ir.RR @ 10,
    }
    runs = {
        query: {d: float(-place) for place, d in enumerate(ranking)}
        for query, ranking in rankings.items()
    }
    theirs = {
        (value.query_id, str(value.measure)): value.value
        for value in ir.iter_calc(list(wanted.values()), qrels, runs)
    }
    for query, ranking in rankings.items():
        ours = score_query(ranking, qrels[query])
        for metric, measure in wanted.items():
            assert ours[metric] == pytest.approx(theirs[query, str(measure)]), metric


def test_intervals_hold_the_mean_and_repeat() -> None:
    scores = {f"q{i}": dict.fromkeys(METRICS, i % 5 / 4) for i in range(200)}
    table = table_of(scores)
    assert table.shape == (200, 4)
    intervals = bootstrap_intervals(table)
    assert intervals == bootstrap_intervals(table)
    low, high = intervals[0]
    # The standard error of the mean is 0.025; 95 % of a normal distribution are 1.96 of them.
    assert (low, high) == pytest.approx((0.5 - 1.96 * 0.025, 0.5 + 1.96 * 0.025), abs=0.01)


def test_equal_queries_have_an_interval_of_no_width() -> None:
    assert bootstrap_intervals(np.full((7, 2), 0.25)) == [(0.25, 0.25), (0.25, 0.25)]


def test_a_paired_test_tells_chance_from_difference() -> None:
    rng = np.random.default_rng(5)
    first = rng.random(100)
    noise = rng.normal(0, 0.1, 100)
    better, same = first + 0.1 + noise, first + noise - noise.mean()
    assert paired_p_value(better, first, 1000) == pytest.approx(1 / 1001)
    assert paired_p_value(same, first, 1000) == 1.0
    assert paired_p_value(first, first, 1000) == 1.0
    assert paired_p_value(better, first, 500) == paired_p_value(first, better, 500)


def test_a_paired_test_agrees_with_the_normal_approximation() -> None:
    """Mean difference of 1.5 standard errors: two-sided p of about 0.13."""
    rng = np.random.default_rng(11)
    noise = rng.normal(0, 1, 400)
    noise = (noise - noise.mean()) / noise.std()
    difference = noise + 1.5 / math.sqrt(400)
    assert paired_p_value(difference, np.zeros(400), 4000) == pytest.approx(0.134, abs=0.02)


def test_scores_of_different_queries_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="cannot pair 2 scores with 1"):
        paired_p_value([1.0, 0.0], [1.0])

"""Metrics of ranked lists, with bootstrap intervals and a paired test.

- nDCG@10 with the gain ``2^grade - 1`` and the discount ``log2(place + 1)`` (Burges et al. 2005,
  "Learning to Rank using Gradient Descent"). With judgements of 0 and 1 this equals the linear
  gain of Järvelin & Kekäläinen 2002 that trec_eval uses.
- Recall at 10 and 100; reciprocal rank of the first relevant document among the first 10.
- Intervals: percentile bootstrap over queries; tests: paired bootstrap of the mean difference,
  shifted to the null hypothesis (Efron & Tibshirani 1993, chapters 13 and 16; for retrieval:
  Smucker, Allan & Carterette 2007).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

METRICS = ("ndcg@10", "recall@10", "recall@100", "mrr@10")
TOP = 10
DEPTH = 100
_SEED = 20260101
_BLOCK = 100  # resamples drawn at once: bounds memory at 100 counts a query
Floats = npt.NDArray[np.float64]


def score_query(ranking: Sequence[str], relevant: Mapping[str, int]) -> dict[str, float]:
    """Metrics of one query, each between 0 and 1.

    Args:
        ranking: Distinct document ids, best first.
        relevant: Grades of the judged documents; those above zero are relevant. When there is
            none, every metric is 0.
    """
    good = {key for key, grade in relevant.items() if grade > 0}
    first = next((i for i, key in enumerate(ranking[:TOP], start=1) if key in good), None)
    return {
        "ndcg@10": _ndcg(ranking, relevant),
        "recall@10": len(good & set(ranking[:TOP])) / len(good) if good else 0.0,
        "recall@100": len(good & set(ranking[:DEPTH])) / len(good) if good else 0.0,
        "mrr@10": 1 / first if first else 0.0,
    }


def _ndcg(ranking: Sequence[str], relevant: Mapping[str, int]) -> float:
    ideal = _discounted(sorted(map(_gain, relevant.values()), reverse=True)[:TOP])
    return _discounted([_gain(relevant.get(key, 0)) for key in ranking[:TOP]]) / (ideal or 1.0)


def _gain(grade: int) -> float:
    return 2.0 ** max(grade, 0) - 1


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, start=1))


def table_of(scores: Mapping[str, Mapping[str, float]]) -> Floats:
    """Scores of queries as an array, shape ``(queries, len(METRICS))``."""
    rows = [[query[metric] for metric in METRICS] for query in scores.values()]
    return np.array(rows, dtype=np.float64).reshape(-1, len(METRICS))


def bootstrap_intervals(
    table: Floats, resamples: int = 1000, level: float = 0.95
) -> list[tuple[float, float]]:
    """Percentile intervals of the means of columns; the same input gives the same intervals.

    Args:
        table: Shape ``(queries, columns)``, at least one query.
        resamples: How many times the queries are drawn with replacement.
        level: Coverage of the interval.
    """
    means = np.concatenate(list(_resampled_means(table, resamples)))
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return [(float(a), float(b)) for a, b in zip(low, high, strict=True)]


def paired_p_value(
    first: Sequence[float], second: Sequence[float], resamples: int = 10_000
) -> float:
    """Two-sided p-value of the hypothesis that two systems have the same mean.

    Args:
        first: One score a query of one system.
        second: Scores of the other system on the same queries, in the same order.
        resamples: How many times the queries are drawn; the least p-value is 1/(resamples + 1).

    Raises:
        ValueError: The scores are not of the same number of queries, or of none.
    """
    if len(first) != len(second) or not len(first):
        raise ValueError(f"cannot pair {len(first)} scores with {len(second)}")
    differences = np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
    observed = abs(float(differences.mean()))
    centred = (differences - differences.mean())[:, None]
    # A hair of tolerance: sums of the same numbers in another order may differ in the last bit.
    extreme = sum(
        int((np.abs(means) >= observed - 1e-12).sum())
        for means in _resampled_means(centred, resamples)
    )
    return (extreme + 1) / (resamples + 1)


def _resampled_means(table: Floats, resamples: int) -> Iterator[Floats]:
    """Means over queries drawn with replacement, in blocks of shape ``(≤ _BLOCK, columns)``."""
    generator = np.random.default_rng(_SEED)
    queries = len(table)
    chances = np.full(queries, 1 / queries)
    for start in range(0, resamples, _BLOCK):
        counts = generator.multinomial(queries, chances, size=min(_BLOCK, resamples - start))
        yield counts @ table / queries

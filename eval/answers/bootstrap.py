"""Intervals of the figures, and of the difference between two runs on the same questions.

Percentile bootstrap (Efron & Tibshirani 1993, chapters 13 and 14): questions are drawn with
replacement; turns of a conversation and translations of a question are drawn together.

Where every case comes out the same, resampling knows no doubt. There the interval of a share goes
to the exact binomial bound (Clopper & Pearson 1934), which for ``n`` units is ``(α/2)^(1/n)``
(nothing went wrong in 12 questions is not nothing ever goes wrong).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from eval.answers.metrics import METRICS, Floats, Row, Table, table_of

RESAMPLES = 2000
LEVEL = 0.95
_SEED = 20260101
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Difference:
    """How a figure of one run differs from another's on the same questions.

    Attributes:
        ours, theirs: The figure of each.
        difference: Ours minus theirs.
        interval: 95 % interval of the difference, ``None`` when it cannot be resampled.
        verdict: ``better`` or ``worse`` when the interval lies on one side of zero; ``same`` when
            there is no difference at all, else ``unclear``.
    """

    ours: float
    theirs: float
    difference: float
    interval: Interval | None
    verdict: Literal["better", "worse", "same", "unclear"]


def draws(units: int, resamples: int = RESAMPLES) -> Floats:
    """How often each resample draws each unit, shape ``(resamples, units)``; always the same."""
    generator = np.random.default_rng(_SEED)
    counts = generator.multinomial(units, np.full(units, 1 / units), size=resamples)
    return counts.astype(np.float64)


def intervals_of(rows: Sequence[Row], resamples: int = RESAMPLES) -> dict[str, Interval | None]:
    """95 % interval of every share and mean; ``None`` where there is no case, and for counts."""
    if not rows:
        return {metric.name: None for metric in METRICS}
    table = table_of(rows)
    values, resampled = table.values(), table.values(draws(len(table.units), resamples))
    found: dict[str, Interval | None] = {}
    for column, metric in enumerate(METRICS):
        if np.isnan(values[column]) or metric.kind == "count":
            found[metric.name] = None
        elif metric.kind == "share" and values[column] in (0.0, 1.0):
            found[metric.name] = _exact(int((table.cases[:, column] > 0).sum()), values[column])
        else:
            found[metric.name] = percentiles(resampled[:, column])
    return found


def percentiles(values: Floats) -> Interval | None:
    """The middle 95 % of resampled values; resamples without a case (NaN) are left out."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return round(float(low), 4), round(float(high), 4)


def _exact(units: int, value: float) -> Interval:
    bound = round(float(((1 - LEVEL) / 2) ** (1 / units)), 4)
    return (bound, 1.0) if value == 1.0 else (0.0, round(1 - bound, 4))


def differences(
    ours: Sequence[Row], theirs: Sequence[Row], resamples: int = RESAMPLES
) -> dict[str, Difference]:
    """Paired differences of the figures that both runs have a case for.

    Args:
        ours, theirs: Rows of the same questions, by id in the same order.
        resamples: How many times the questions are drawn.
    """
    first, second = table_of(ours), _aligned(ours, theirs)
    values = first.values(), second.values()
    weights = draws(len(first.units), resamples)
    resampled = first.values(weights) - second.values(weights)
    found = {}
    for column, metric in enumerate(METRICS):
        mine, other = float(values[0][column]), float(values[1][column])
        if not np.isnan(mine - other):
            interval = percentiles(resampled[:, column])
            found[metric.name] = Difference(
                ours=round(mine, 4),
                theirs=round(other, 4),
                difference=round(mine - other, 4),
                interval=interval,
                verdict=_verdict(mine - other, interval, metric.better),
            )
    return found


def _aligned(ours: Sequence[Row], theirs: Sequence[Row]) -> Table:
    """The other run's counts under our units: a run made before may have named them otherwise."""
    return table_of(
        [{**their, "unit": our["unit"]} for our, their in zip(ours, theirs, strict=True)]
    )


def _verdict(
    difference: float, interval: Interval | None, better: str | None
) -> Literal["better", "worse", "same", "unclear"]:
    if difference == 0 and interval in {None, (0.0, 0.0)}:
        return "same"
    if better is None or interval is None or interval[0] <= 0 <= interval[1]:
        return "unclear"
    return "better" if (interval[0] > 0) == (better == "higher") else "worse"

"""How enrolment is expected to go: the mean and a prediction band, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from design.enrolment.model import Enrolled, Season, SiteGroup, enrolled, moments
from design.errors import BadDesign
from design.solving import root

_LONGEST = 600.0  # months
_POINTS = 25
_NO_SEASON = Season()


@dataclass(frozen=True, slots=True)
class Forecast:
    """Patients by month, with what must be said of a target.

    Attributes:
        months: Points of time, from 0.
        mean: Patients expected by each.
        low: Lower bound of the prediction interval.
        high: Upper bound.
        level: Probability of that interval at each point.
        enrolled: Patients there are already, included in all numbers.
        target: Patients wanted.
        planned: Months by which they are wanted.
        probability: That they are there by then.
        at_plan: Mean and interval by then.
        median: Months until the target is reached with probability 0.5, if within 600.
        assured: The same with probability ``assurance``.
        assurance: Probability wanted.
    """

    months: tuple[float, ...]
    mean: tuple[float, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    level: float
    enrolled: int = 0
    target: int | None = None
    planned: float | None = None
    probability: float | None = None
    at_plan: tuple[float, int, int] | None = None
    median: float | None = None
    assured: float | None = None
    assurance: float = 0.8

    def to_json(self) -> dict[str, Any]:
        """All of it, for machines."""
        return {
            "months": list(self.months),
            "mean": list(self.mean),
            "low": list(self.low),
            "high": list(self.high),
            "level": self.level,
            "enrolled": self.enrolled,
            "target": self.target,
            "planned_months": self.planned,
            "probability": self.probability,
            "at_plan": None
            if self.at_plan is None
            else dict(zip(("mean", "low", "high"), self.at_plan, strict=True)),
            "median_months": self.median,
            "assured_months": self.assured,
            "assurance": self.assurance,
        }

    def svg(self, language: str = "zh") -> str:
        """The curve with its band as an SVG that stands alone."""
        from design.enrolment.chart import draw

        return draw(self, language)


def forecast(
    groups: Sequence[SiteGroup],
    *,
    target: int | None = None,
    planned: float | None = None,
    enrolled_now: int = 0,
    level: float = 0.9,
    assurance: float = 0.8,
    season: Season = _NO_SEASON,
) -> Forecast:
    """Follow enrolment until the target is nearly sure, or to the planned month.

    Args:
        groups: Sites, from now on.
        target: Patients wanted in all.
        planned: Months by which they are wanted.
        enrolled_now: Patients enrolled before.
        level: Of the prediction interval, two-sided.
        assurance: Probability for which the time is given.
        season: Multipliers of the rate.

    Raises:
        BadDesign: Neither target nor planned is given, or there are more than a million patients.
    """
    if target is None and planned is None:
        raise BadDesign("give a target, a number of months, or both", "target")
    if planned is not None and not 0 < planned <= _LONGEST:
        raise BadDesign(f"months must be above 0 and at most {_LONGEST:g}", "months")
    left = None if target is None else max(0, target - enrolled_now)
    median = months_until(groups, left, 0.5, season) if left is not None else None
    assured = months_until(groups, left, assurance, season) if left is not None else None
    until = max(each for each in (planned, assured, median, 1.0) if each is not None) * 1.1
    months = tuple(until * point / (_POINTS - 1) for point in range(_POINTS))
    tail = (1 - level) / 2
    by_month = [_by(groups, month, season) for month in months]
    by_plan = None if planned is None else _by(groups, planned, season)

    def bounds(found: Enrolled) -> tuple[float, int, int]:
        low, high = found.quantile(tail), found.quantile(1 - tail)
        return found.mean + enrolled_now, low + enrolled_now, high + enrolled_now

    all_bounds = [bounds(found) for found in by_month]
    return Forecast(
        months=months,
        mean=tuple(mean for mean, _, _ in all_bounds),
        low=tuple(low for _, low, _ in all_bounds),
        high=tuple(high for _, _, high in all_bounds),
        level=level,
        enrolled=enrolled_now,
        target=target,
        planned=planned,
        probability=None if by_plan is None or left is None else by_plan.at_least(left),
        at_plan=None if by_plan is None else bounds(by_plan),
        median=median,
        assured=assured,
        assurance=assurance,
    )


def months_until(
    groups: Sequence[SiteGroup], target: int, share: float, season: Season = _NO_SEASON
) -> float | None:
    """Months after which so many patients are enrolled with a probability; ``None`` beyond 600."""
    if target <= 0:
        return 0.0

    def lacking(month: float) -> float:
        mean, variance = moments(groups, month, season)
        if mean > 4 * target and mean - 10 * variance**0.5 > target:
            return 1 - share
        return _by(groups, month, season).at_least(target) - share

    high = 1.0
    while lacking(high) < 0:
        if high >= _LONGEST:
            return None
        high = min(_LONGEST, high * 1.5)
    return root(lacking, 1e-6, high, xtol=1e-3)


def _by(groups: Sequence[SiteGroup], month: float, season: Season) -> Enrolled:
    try:
        return enrolled(groups, month, season)
    except OverflowError:
        raise BadDesign(
            "more than a million patients: check rate, sites and months", "rate"
        ) from None

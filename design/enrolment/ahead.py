"""Enrolment ahead: how many patients by a time, and when there are so many."""

from __future__ import annotations

import math
from typing import Any

from scipy import special

from design.enrolment.conditions import Conditions
from design.enrolment.inputs import (
    ANISIMOV,
    CalendarMonth,
    Lost,
    Multipliers,
    Rate,
    RateCv,
    RateVariance,
    Sites,
    Start,
    Target,
    Time,
    season_of,
)
from design.enrolment.times import checked_enrolled, mean_time, time_of
from design.quantities import Level
from design.registry import calculator
from design.result import Outcome


@calculator(
    reference=ANISIMOV,
    formula="N = sum of Poisson(rate_i * months_i), rate_i ~ gamma, start_i ~ uniform; exact by "
    "convolution",
)
def enrolment_by_time(
    *,
    time: Time,
    sites: Sites,
    rate: Rate,
    target: Target | None = None,
    rate_variance: RateVariance | None = None,
    rate_cv: RateCv = 0.7,
    start_from: Start = 0.0,
    start_to: Start = 0.0,
    screen_failure: Lost = 0.0,
    dropout: Lost = 0.0,
    seasonality: Multipliers = [],  # noqa: B006 - never changed
    start_month: CalendarMonth = 1,
    level: Level = 0.95,
) -> Outcome:
    """Number of patients by a time, its interval, and the probability to reach a target."""
    how = Conditions(
        rate_variance=rate_variance,
        rate_cv=rate_cv,
        start_from=start_from,
        start_to=start_to,
        screen_failure=screen_failure,
        dropout=dropout,
        season=season_of(seasonality, start_month),
    )
    groups = how.groups(sites, rate)
    found = checked_enrolled(groups, time, how.season)
    tail = (1 - level) / 2
    outputs: dict[str, Any] = {
        "mean": found.mean,
        "variance": found.variance,
        "sd": math.sqrt(found.variance),
        "interval": [found.quantile(tail), found.quantile(1 - tail)],
    }
    if target is not None:
        deviation = (target - found.mean) / max(math.sqrt(found.variance), 1e-12)
        outputs |= {
            "probability": found.at_least(target),
            "probability_above": found.at_least(target + 1),
            "probability_normal": float(special.ndtr(-deviation)),
        }
    said = {"all_sites": sum(group.sites for group in groups)}
    key = "plain" if target is None else "target"
    return Outcome(outputs, key, how.conventions, values=said)


@calculator(
    reference=ANISIMOV,
    formula="time t with P(N(t) >= target) = share; N(t) as in enrolment_by_time",
)
def enrolment_time(
    *,
    target: Target,
    sites: Sites,
    rate: Rate,
    rate_variance: RateVariance | None = None,
    rate_cv: RateCv = 0.7,
    start_from: Start = 0.0,
    start_to: Start = 0.0,
    screen_failure: Lost = 0.0,
    dropout: Lost = 0.0,
    seasonality: Multipliers = [],  # noqa: B006 - never changed
    start_month: CalendarMonth = 1,
    level: Level = 0.95,
) -> Outcome:
    """Months until a number of patients is enrolled: median, interval, and when on average."""
    how = Conditions(
        rate_variance=rate_variance,
        rate_cv=rate_cv,
        start_from=start_from,
        start_to=start_to,
        screen_failure=screen_failure,
        dropout=dropout,
        season=season_of(seasonality, start_month),
    )
    groups = how.groups(sites, rate)
    tail = (1 - level) / 2
    by = {share: time_of(groups, target, share, how.season) for share in (tail, 0.5, 0.8, 1 - tail)}
    outputs = {
        "months": by[0.5],
        "interval": [by[tail], by[1 - tail]],
        "months_80": by[0.8],
        "months_expected": mean_time(groups, target, how.season),
    }
    said = {"all_sites": sum(group.sites for group in groups)}
    return Outcome(outputs, "time", how.conventions, values=said)

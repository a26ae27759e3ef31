"""What enrolment in time needs: how many sites, or what rate of each."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from design.enrolment.conditions import Conditions
from design.enrolment.inputs import (
    ANISIMOV,
    MOST_SITES,
    CalendarMonth,
    Multipliers,
    RateCv,
    Target,
    Time,
    season_of,
)
from design.enrolment.model import moments
from design.enrolment.times import LONGEST, checked_enrolled, probability_of
from design.errors import BadDesign
from design.quantities import Power
from design.registry import calculator
from design.result import Outcome
from design.solving import root


@calculator(
    reference=ANISIMOV,
    formula="smallest number of sites with P(N(time) >= target) >= assurance",
)
def enrolment_sites(
    *,
    target: Target,
    time: Time,
    rate: Annotated[float, Field(gt=0, le=1000, description="Patients a site and month.")],
    assurance: Power = 0.8,
    rate_cv: RateCv = 0.7,
    start_from: Annotated[float, Field(ge=0, le=LONGEST, description="Earliest start.")] = 0.0,
    start_to: Annotated[float, Field(ge=0, le=LONGEST, description="Latest start.")] = 0.0,
    screen_failure: Annotated[float, Field(ge=0, lt=1, description="Share lost. 筛选失败率")] = 0.0,
    dropout: Annotated[float, Field(ge=0, lt=1, description="Share lost. 脱落率")] = 0.0,
    seasonality: Multipliers = [],  # noqa: B006 - never changed
    start_month: CalendarMonth = 1,
) -> Outcome:
    """Number of sites that reaches a number of patients in time with some probability."""
    how = Conditions(
        rate_cv=rate_cv,
        start_from=start_from,
        start_to=start_to,
        screen_failure=screen_failure,
        dropout=dropout,
        season=season_of(seasonality, start_month),
    )

    def reached(sites: int) -> float:
        return checked_enrolled(how.groups(sites, rate), time, how.season).at_least(target)

    if reached(MOST_SITES) < assurance:
        raise BadDesign(
            f"not even {MOST_SITES} sites reach {target} patients in {time:g} months", "time"
        )
    low, high = 0, MOST_SITES
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) >= assurance else (middle, high)
    fewer = [reached(high)] + ([reached(high - 1)] if high > 1 else [])
    outputs = {"sites": high, "probability": fewer[0], "probability_with_one_less": fewer[-1]}
    return Outcome(outputs, "sites", how.conventions)


@calculator(
    reference=ANISIMOV,
    formula="smallest mean rate with P(N(time) >= target) >= assurance",
)
def enrolment_rate(
    *,
    target: Target,
    time: Time,
    sites: Annotated[int, Field(ge=1, le=MOST_SITES, description="Number of sites. 中心数")],
    assurance: Power = 0.8,
    rate_cv: RateCv = 0.7,
    start_from: Annotated[float, Field(ge=0, le=LONGEST, description="Earliest start.")] = 0.0,
    start_to: Annotated[float, Field(ge=0, le=LONGEST, description="Latest start.")] = 0.0,
    screen_failure: Annotated[float, Field(ge=0, lt=1, description="Share lost. 筛选失败率")] = 0.0,
    dropout: Annotated[float, Field(ge=0, lt=1, description="Share lost. 脱落率")] = 0.0,
    seasonality: Multipliers = [],  # noqa: B006 - never changed
    start_month: CalendarMonth = 1,
) -> Outcome:
    """Rate a site and month that reaches a number of patients in time with some probability."""
    how = Conditions(
        rate_cv=rate_cv,
        start_from=start_from,
        start_to=start_to,
        screen_failure=screen_failure,
        dropout=dropout,
        season=season_of(seasonality, start_month),
    )
    whole = moments(how.groups(sites, 1.0), time, how.season)[0]
    if whole <= 0:
        raise BadDesign("no site is open before the time is over", "time")

    def short(log_rate: float, share: float) -> float:
        groups = how.groups(sites, math.exp(log_rate))
        return probability_of(groups, time, target, how.season) - share

    def needed(share: float) -> float:
        low = math.log(target / whole) - 8.0
        high = math.log(target / whole)
        while short(high, share) < 0:
            high += 1.0
            if high > math.log(target / whole) + 12:
                raise BadDesign(
                    f"no rate reaches {target} patients with a probability of {share:g}: the sites "
                    "may open too late, or differ too much",
                    "assurance",
                )
        return math.exp(root(lambda log_rate: short(log_rate, share), low, high, xtol=1e-5))

    outputs = {
        "rate": needed(assurance),
        "rate_half": needed(0.5),
        "rate_expected": target / whole,
    }
    return Outcome(outputs, "rate", how.conventions)

"""Enrolment asked in all ways: how many by a time, when, how many sites, what rate, after data."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field
from scipy import special

from design.enrolment.inputs import (
    CalendarMonth,
    Lost,
    Multipliers,
    Rate,
    RateCv,
    RateVariance,
    Sites,
    Start,
    season_of,
    site_groups,
)
from design.enrolment.model import Season, SiteGroup, moments
from design.enrolment.times import (
    LONGEST,
    checked_enrolled,
    mean_time,
    probability_of,
    time_of,
)
from design.errors import BadDesign
from design.quantities import Count, Level, Power
from design.registry import calculator
from design.result import Outcome
from design.solving import root

_ANISIMOV = (
    "Anisimov VV, Fedorov VV. Modelling, prediction and adaptive adjustment of recruitment in "
    "multicentre trials. Stat Med 2007;26:4958-75"
)
_MOST_SITES = 5000
Target = Annotated[int, Field(ge=1, le=100_000, description="Patients wanted. 目标例数")]
Time = Annotated[float, Field(gt=0, le=LONGEST, description="Months from the start. 月数")]
Observed = Annotated[
    list[Annotated[int, Field(ge=0, le=100_000)]],
    Field(
        max_length=_MOST_SITES, description="Patients enrolled so far, one a site. 各中心已入组例数"
    ),
]
Exposed = Annotated[
    list[Annotated[float, Field(ge=0, le=LONGEST)]],
    Field(
        max_length=_MOST_SITES,
        description="Months each site has recruited so far, one a site. 各中心已开放月数",
    ),
]


@calculator(
    reference=_ANISIMOV,
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
    season = season_of(seasonality, start_month)
    groups = _groups(locals())
    found = checked_enrolled(groups, time, season)
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
    return Outcome(outputs, key, _conventions(locals()), values=said)


@calculator(
    reference=_ANISIMOV,
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
    season = season_of(seasonality, start_month)
    groups = _groups(locals())
    tail = (1 - level) / 2
    by = {share: time_of(groups, target, share, season) for share in (tail, 0.5, 0.8, 1 - tail)}
    outputs = {
        "months": by[0.5],
        "interval": [by[tail], by[1 - tail]],
        "months_80": by[0.8],
        "months_expected": mean_time(groups, target, season),
    }
    said = {"all_sites": sum(group.sites for group in groups)}
    return Outcome(outputs, "time", _conventions(locals()), values=said)


@calculator(
    reference=_ANISIMOV,
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
    season = season_of(seasonality, start_month)
    rate_variance = None
    given = locals()

    def reached(sites: int) -> float:
        return checked_enrolled(_groups(given | {"sites": sites}), time, season).at_least(target)

    if reached(_MOST_SITES) < assurance:
        raise BadDesign(
            f"not even {_MOST_SITES} sites reach {target} patients in {time:g} months", "time"
        )
    low, high = 0, _MOST_SITES
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) >= assurance else (middle, high)
    fewer = [reached(high)] + ([reached(high - 1)] if high > 1 else [])
    outputs = {"sites": high, "probability": fewer[0], "probability_with_one_less": fewer[-1]}
    return Outcome(outputs, "sites", _conventions(given))


@calculator(
    reference=_ANISIMOV,
    formula="smallest mean rate with P(N(time) >= target) >= assurance",
)
def enrolment_rate(
    *,
    target: Target,
    time: Time,
    sites: Annotated[int, Field(ge=1, le=_MOST_SITES, description="Number of sites. 中心数")],
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
    season = season_of(seasonality, start_month)
    rate_variance = None
    given = locals()
    whole = moments(_groups(given | {"rate": 1.0}), time, season)[0]
    if whole <= 0:
        raise BadDesign("no site is open before the time is over", "time")

    def short(log_rate: float, share: float) -> float:
        groups = _groups(given | {"rate": math.exp(log_rate)})
        return probability_of(groups, time, target, season) - share

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
    return Outcome(outputs, "rate", _conventions(given))


@calculator(
    reference=_ANISIMOV,
    formula="rate_i | data ~ gamma(a + n_i, b + t_i), a = mean^2/variance, b = mean/variance",
)
def enrolment_update(
    *,
    target: Target,
    observed: Observed,
    exposure: Exposed,
    rate: Annotated[
        float | None,
        Field(gt=0, le=1000, description="Prior mean; estimated from the sites when not given."),
    ] = None,
    rate_cv: RateCv = 0.7,
    new_sites: Annotated[int, Field(ge=0, le=_MOST_SITES, description="Sites still to open.")] = 0,
    new_start_from: Annotated[float, Field(ge=0, le=LONGEST, description="Months from now.")] = 0,
    new_start_to: Annotated[float, Field(ge=0, le=LONGEST, description="Months from now.")] = 0,
    level: Level = 0.95,
) -> Outcome:
    """Months from now until the target, after what the sites have enrolled so far."""
    if len(observed) != len(exposure) or not observed:
        raise BadDesign("observed and exposure need one value a site each", "exposure")
    if any(n and not t for n, t in zip(observed, exposure, strict=True)):
        raise BadDesign("a site enrolled patients but was never open", "exposure")
    enrolled_now = sum(observed)
    left = target - enrolled_now
    if left <= 0:
        raise BadDesign(f"{enrolled_now} patients are enrolled: the target is reached", "target")
    mean = rate if rate is not None else enrolled_now / max(sum(exposure), 1e-12)
    if not mean:
        raise BadDesign("nobody is enrolled yet: give a prior rate", "rate")
    cv = rate_cv or 1e-3
    shape, scale = 1 / cv**2, mean * cv**2
    after = [(shape + n, 1 / (1 / scale + t)) for n, t in zip(observed, exposure, strict=True)]
    groups = [SiteGroup(1, a * s, a * s**2) for a, s in after]
    if new_sites:
        window = {"start_from": new_start_from, "start_to": max(new_start_from, new_start_to)}
        groups.append(SiteGroup(new_sites, mean, (mean * cv) ** 2, **window))
    tail = (1 - level) / 2
    by = {share: time_of(groups, left, share, Season()) for share in (tail, 0.5, 1 - tail)}
    outputs = {
        "enrolled": enrolled_now,
        "left": left,
        "months": by[0.5],
        "interval": [by[tail], by[1 - tail]],
        "rates": [a * s for a, s in after],
    }
    return Outcome(outputs, "time", ("gamma_prior",), values={"prior": mean})


@calculator(
    reference="Gajewski BJ, Simon SD, Carlson SE. Predicting accrual in clinical trials with "
    "Bayesian posterior predictive distributions. Stat Med 2008;27:2328-40",
    formula="rate ~ gamma(S n, S t) (planned n in t, strength S), N(time) ~ Poisson(rate * time)",
)
def enrolment_single_rate(
    *,
    planned_n: Count,
    planned_time: Annotated[float, Field(gt=0, description="Planned duration, any unit.")],
    prior_strength: Annotated[
        float,
        Field(gt=0, le=100, description="Weight of the plan: 1 is as much as the whole trial."),
    ] = 0.5,
    observed_n: Annotated[
        int, Field(ge=0, le=10_000_000, description="Patients so far. 已入组例数")
    ] = 0,
    observed_time: Annotated[float, Field(ge=0, description="Time so far, same unit.")] = 0.0,
    level: Level = 0.95,
) -> Outcome:
    """Number enrolled at the planned end, from a plan and what was seen, all sites as one."""
    if observed_time > planned_time:
        raise BadDesign("observed_time is beyond planned_time", "observed_time")
    shape = planned_n * prior_strength + observed_n
    exposed = planned_time * prior_strength + observed_time
    ahead = planned_time - observed_time
    # A gamma mixture of Poisson counts is negative binomial.
    success = exposed / (exposed + ahead)
    tail = (1 - level) / 2
    bounds = [observed_n + _negative_binomial(share, shape, success) for share in (tail, 1 - tail)]
    outputs = {
        "mean": observed_n + shape / exposed * ahead,
        "interval": bounds,
        "time_to_planned_n": observed_time
        + max(0, planned_n - observed_n) * exposed / max(shape - 1, 1e-9),
    }
    return Outcome(outputs, "single", ("whole_trial_rate",))


def _negative_binomial(share: float, shape: float, success: float) -> int:
    """The smallest k with P(K <= k) >= share."""
    if success >= 1:
        return 0

    def below(k: int) -> float:
        return float(special.betainc(shape, k + 1, success))

    high = 1
    while below(high) < share:
        high *= 2
    low = -1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if below(middle) >= share else (middle, high)
    return high


def _groups(given: dict[str, Any]) -> list[SiteGroup]:
    names = (
        "sites", "rate", "rate_variance", "rate_cv", "screen_failure", "dropout", "start_from",
        "start_to",
    )  # fmt: skip
    return site_groups(**{name: given[name] for name in names})


def _conventions(given: dict[str, Any]) -> tuple[str, ...]:
    said = ["gamma_rates" if given["rate_variance"] is None else "gamma_variance"]
    if given["start_to"] != given["start_from"]:
        said.append("uniform_start")
    if given["screen_failure"]:
        said.append("screen_failure")
    if given["dropout"]:
        said.append("completers")
    if given["seasonality"]:
        said.append("seasonality")
    return tuple(said)

"""Enrolment after what has been seen: of every site, or of all as one."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from scipy import special

from design.enrolment.inputs import ANISIMOV, MOST_SITES, RateCv, Target
from design.enrolment.model import Season, SiteGroup
from design.enrolment.times import LONGEST, time_of
from design.errors import BadDesign
from design.quantities import Count, Level
from design.registry import calculator
from design.result import Outcome

Observed = Annotated[
    list[Annotated[int, Field(ge=0, le=100_000)]],
    Field(
        max_length=MOST_SITES, description="Patients enrolled so far, one a site. 各中心已入组例数"
    ),
]
Exposed = Annotated[
    list[Annotated[float, Field(ge=0, le=LONGEST)]],
    Field(
        max_length=MOST_SITES,
        description="Months each site has recruited so far, one a site. 各中心已开放月数",
    ),
]


@calculator(
    reference=ANISIMOV,
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
    new_sites: Annotated[int, Field(ge=0, le=MOST_SITES, description="Sites still to open.")] = 0,
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

"""Events by calendar time, and what a median, a share and a hazard are in each other's terms."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field

from design.errors import BadDesign
from design.quantities import Dropout, Ratio
from design.registry import calculator
from design.result import Outcome
from design.survival import quantities as q
from design.survival.events import (
    Accrual,
    Arm,
    arm_dropouts,
    expected_events,
    final_events,
    time_of_events,
)
from design.survival.hazards import hazard_of_median, hazard_of_survival
from design.survival.plan import (
    accrual_pattern,
    all_arms,
    control_hazard,
    duration_of,
    loss_hazard,
    pieces,
    strata,
)

Calendar = Annotated[
    list[q.Duration],
    Field(min_length=1, max_length=200, description="Calendar times from the first patient in."),
]
Targets = Annotated[
    list[q.Events],
    Field(min_length=1, max_length=50, description="Numbers of events whose times are sought."),
]
Total = Annotated[float, Field(ge=1, le=1e7, description="Patients in all. 总例数")]


@calculator(
    reference="Lachin JM, Foulkes MA. Biometrics 1986;42:507-519",
    formula="E(events by T) = sum over arms of the integral of rate(u) P(event within T - u) du",
)
def event_timeline(
    *,
    hr: q.HazardRatios,
    accrual_duration: q.Duration | None = None,
    times: Calendar | None = None,
    events: Targets | None = None,
    n_total: Total | None = None,
    median_control: q.Median | None = None,
    hazard_control: q.Hazards | None = None,
    hazard_times: q.Times | None = None,
    survival_control: q.Survival | None = None,
    survival_time: q.Duration | None = None,
    hr_times: q.Times | None = None,
    ratio: Ratio = 1.0,
    accrual_rate: q.Rates | None = None,
    accrual_periods: q.Periods | None = None,
    accrual_decay: q.Decay = 0.0,
    followup_limit: q.Duration | None = None,
    dropout_hazard: q.Loss | None = None,
    dropout: Dropout = 0.0,
    dropout_time: q.Duration = 12.0,
    stratum_shares: q.Shares | None = None,
    stratum_factors: q.Factors | None = None,
    time_unit: q.TimeUnit = "month",
) -> Outcome:
    """Patients, events and drop-outs expected by calendar times, or the times of event counts.

    Give ``times`` or ``events``, and two of ``n_total``, ``accrual_rate`` and
    ``accrual_duration``. A single arm is ``hr`` 1.
    """
    if (times is None) == (events is None):
        raise BadDesign("give either times (for the events) or events (for their times)", "times")
    control = control_hazard(
        median_control, hazard_control, hazard_times, survival_control, survival_time
    )
    loss = loss_hazard(dropout_hazard, dropout, dropout_time)
    arms = all_arms(
        strata(
            control,
            pieces(hr, hr_times, "hr", "hr_times"),
            ratio,
            (loss, loss),
            shares=stratum_shares,
            factors=stratum_factors,
            limit=followup_limit,
        )
    )
    lasting = duration_of(n_total, accrual_rate, accrual_duration)
    if lasting is None or (n_total is None and accrual_rate is None):
        raise BadDesign(
            "give two of n_total, accrual_rate and accrual_duration (of one rate)", "n_total"
        )
    accrual = accrual_pattern(accrual_rate, accrual_periods, lasting, accrual_decay)
    if n_total is not None:
        accrual = accrual.times(n_total / accrual.patients)
    said: tuple[str, ...] = ("even_accrual",) if accrual_decay == 0 else ("falling_accrual",)
    said += ("loss_within",) if loss.rates[0] else ()
    if times is None:
        assert events is not None
        when = [time_of_events(accrual, arms, target) for target in events]
        outputs, key = _by(accrual, arms, when) | {"time": when}, "times"
    else:
        outputs, key = _by(accrual, arms, times), "events"
        when = list(times)
    outputs["final_events"] = final_events(accrual, arms)
    values = {
        "when": when,
        "patients": accrual.patients,
        "lasting": lasting,
    }
    return Outcome(outputs, key, said, values=values)


@calculator(
    reference="Exponential distribution: S(t) = exp(-hazard t)",
    formula="hazard = log(2) / median = -log(S(t)) / t",
)
def hazard_rate(
    *,
    median: q.Median | None = None,
    hazard: q.HazardRate | None = None,
    survival: q.Survival | None = None,
    time: q.Duration = 12.0,
    time_unit: q.TimeUnit = "month",
) -> Outcome:
    """Median, hazard and share without the event at ``time``, from one of them.

    A yearly drop-out of 5% in months is ``survival`` 0.95 at ``time`` 12.
    """
    if sum(value is not None for value in (median, hazard, survival)) != 1:
        raise BadDesign("give one of median, hazard, and survival at time", "median")
    if median is not None:
        hazard = hazard_of_median(median)
    elif survival is not None:
        hazard = hazard_of_survival(survival, time)
    assert hazard is not None
    outputs = {
        "hazard": hazard,
        "median": math.log(2) / hazard,
        "mean": 1 / hazard,
        "survival": math.exp(-hazard * time),
        "events": -math.expm1(-hazard * time),
    }
    return Outcome(outputs, "conversion", ("exponential",))


def _by(accrual: Accrual, arms: list[Arm], times: list[float]) -> dict[str, Any]:
    return {
        "events": [expected_events(accrual, arms, time) for time in times],
        "enrolled": [accrual.enrolled(time) for time in times],
        "dropouts": [sum(arm_dropouts(accrual, arm, time) for arm in arms) for time in times],
    }

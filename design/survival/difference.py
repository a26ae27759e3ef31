"""Difference of survival at a time, or of restricted mean survival time, between two arms."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.errors import BadDesign
from design.quantities import Alpha, Dropout, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import checked_size, power_or_size, two_arm_sizes
from design.survival import quantities as q
from design.survival.curves import Curve
from design.survival.estimates import (
    followed,
    kinks,
    mean_variance,
    refuse_unseen,
    survival_variance,
)
from design.survival.events import Accrual
from design.survival.hazards import Hazard
from design.survival.plan import accrual_pattern, control_hazard, loss_hazard, pieces, timing

Measure = Annotated[
    Literal["survival", "rmst"],
    Field(description="survival: share without the event at time; rmst: mean restricted to it."),
]
Shape = Annotated[
    float, Field(ge=0.2, le=10, description="Weibull shape of both arms; 1: exponential.")
]
Margin = Annotated[
    float,
    Field(
        ge=0,
        le=1e4,
        description="Margin of non-inferiority: how much less survival or mean time is accepted.",
    ),
]
Patients = Annotated[int, Field(ge=2, le=10_000_000, description="Patients in all. 总例数")]


@calculator(
    reference="Royston P, Parmar MKB. BMC Med Res Methodol 2013;13:152 and Uno H et al. J Clin "
    "Oncol 2014;32:2380-2385 (RMST); Greenwood M. 1926 and Klein JP et al. Stat Med "
    "2007;26:4505-4519 (survival at a time)",
    formula="n2 = (z_a + z_b)^2 (V1/k + V2) / (difference + margin)^2; V = integral of (area of S "
    "from t to tau)^2 dH(t) / (S(t) G(t)) (RMST), S(tau)^2 times that of dH / (S G) (survival)",
)
def survival_difference(
    *,
    measure: Measure,
    time: q.Duration,
    hr: q.HazardRatios,
    median_control: q.Median | None = None,
    hazard_control: q.Hazards | None = None,
    hazard_times: q.Times | None = None,
    survival_control: q.Survival | None = None,
    survival_time: q.Duration | None = None,
    hr_times: q.Times | None = None,
    shape: Shape = 1.0,
    margin: Margin = 0.0,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n_total: Patients | None = None,
    ratio: Ratio = 1.0,
    accrual_duration: q.Duration | None = None,
    min_followup: q.Followup | None = None,
    study_duration: q.Duration | None = None,
    accrual_rate: q.Rates | None = None,
    accrual_periods: q.Periods | None = None,
    dropout_hazard: q.Loss | None = None,
    dropout: Dropout = 0.0,
    dropout_time: q.Duration = 12.0,
    time_unit: q.TimeUnit = "month",
) -> Outcome:
    """Patients for a difference of survival at a time or of RMST, or the power of a number.

    Without accrual and follow-up everyone is followed to ``time``. A margin above 0 makes it a
    test of non-inferiority, one-sided at ``alpha / sides``.
    """
    power_or_size(power, n_total=n_total)
    control = _control(
        control_hazard(
            median_control, hazard_control, hazard_times, survival_control, survival_time
        ),
        shape,
    )
    treated = control.times(pieces(hr, hr_times, "hr", "hr_times"))
    loss = loss_hazard(dropout_hazard, dropout, dropout_time)
    when = timing(accrual_duration, min_followup, study_duration)
    if when.accrual is None and when.followup is None:
        accrual, study = Accrual((1.0,), (1e-6,)), time + 2e-6
    elif when.accrual is None or when.followup is None:
        raise BadDesign("give two of accrual_duration, min_followup and study_duration")
    else:
        accrual = accrual_pattern(accrual_rate, accrual_periods, when.accrual, 0.0)
        study = when.accrual + when.followup
    if study <= time:
        raise BadDesign(f"the study ends at {study:g}; nobody is followed to {time:g}", "time")
    share, bends = followed(accrual, loss, study), kinks(accrual, loss, study)
    for curve in (treated, control):
        refuse_unseen(curve, share, time)
    estimate = mean_variance if measure == "rmst" else survival_variance
    variances = [estimate(curve, share, time, bends) for curve in (treated, control)]
    values = [_value(curve, measure, time) for curve in (treated, control)]
    difference = values[0] - values[1]
    gain = difference + margin if margin else abs(difference)
    if gain <= 1e-9:
        raise BadDesign(
            f"the difference {difference:.4g} does not exceed the margin: H1 would be false", "hr"
        )
    per_control = variances[0] / ratio + variances[1]
    z_alpha = -float(special.ndtri(alpha / sides))
    outputs: dict[str, Any] = {
        "treatment": values[0],
        "control": values[1],
        "difference": difference,
        "followed_to_time": float(share(np.array([time]))[0]),
    }
    said: tuple[str, ...] = (sides_key(sides), f"by_{measure}")
    said += ("allocation",) if ratio != 1 else ()
    said += ("margin_of_difference",) if margin else ()
    thin = ("thin_follow_up",) if outputs["followed_to_time"] < 0.1 else ()
    if power is None:
        assert n_total is not None
        error = math.sqrt(per_control * (1 + ratio) / n_total)
        outputs["power"] = float(special.ndtr(gain / error - z_alpha))
        weak = ("low_power",) if outputs["power"] < 0.8 else ()
        return Outcome(outputs, f"power_{measure}", said, (*thin, *weak))
    z = max(z_alpha + float(special.ndtri(power)), 0.0)
    n2 = checked_size(z * z * per_control / gain**2)
    outputs |= two_arm_sizes(n2 * ratio, ratio)
    return Outcome(outputs, f"size_{measure}", (*said, "round_up"), thin)


def _control(hazard: Hazard, shape: float) -> Curve:
    if shape == 1:
        return Curve(hazard)
    if len(hazard.rates) > 1:
        raise BadDesign("a Weibull shape needs one median or survival, not pieces", "shape")
    return Curve.weibull(hazard.median(), shape)


def _value(curve: Curve, measure: str, time: float) -> float:
    if measure == "rmst":
        return float(curve.restricted_mean(np.array([time]))[0])
    return curve.survival(time)

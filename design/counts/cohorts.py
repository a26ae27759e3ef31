"""Incidence rates of two cohorts followed for a time or until the event."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.counts import quantities as q
from design.errors import BadDesign
from design.quantities import Alpha, Dropout, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import checked_size, power_or_size, two_arm_sizes

DesignEffect = Annotated[
    float, Field(ge=1, le=100, description="Factor on the patients for clustering. 设计效应")
]


@calculator(
    reference="Lwanga SK, Lemeshow S. Sample Size Determination in Health Studies. WHO 1991, "
    "section 3.3 and table 14; Lemeshow S, Hosmer DW, Klar J, Lwanga SK. Adequacy of Sample Size "
    "in Health Studies. 1990",
    formula="n1 = (z_a sqrt((1+c) f(mean)) + z_b sqrt(c f(r1) + f(r2)))^2 / (c (r1 - r2)^2), "
    "c = n2/n1, f(r) = r^3 T / (r T - 1 + exp(-r T)), r^2 without a limit T",
)
def incidence_rates(
    *,
    rate1: q.EventRate,
    rate2: q.EventRate,
    followup: q.Exposure | None = None,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: q.Patients | None = None,
    ratio: Ratio = 1.0,
    design_effect: DesignEffect = 1.0,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Persons in two cohorts for a difference of their incidence rates, or the power.

    Persons enter evenly over the study and are followed to its end (``followup``, its length) or,
    without it, until the event. ``rate1`` is of the exposed group.
    """
    if rate1 == rate2:
        raise BadDesign("the rates are equal: there is no difference to detect", "rate2")
    power_or_size(power, n1=n1)
    balance = 1 / ratio
    z_alpha = -float(special.ndtri(alpha / sides))
    null = math.sqrt((1 + balance) * _spread((rate1 + rate2) / 2, followup))
    true = math.sqrt(balance * _spread(rate1, followup) + _spread(rate2, followup))
    distance = abs(rate1 - rate2) * math.sqrt(balance)
    said: tuple[str, ...] = (
        sides_key(sides),
        "cohort_until_event" if followup is None else "cohort_study_time",
    )
    said += ("allocation",) if ratio != 1 else ()
    values = {"rate_ratio": rate1 / rate2}
    if power is None:
        assert n1 is not None
        z = (math.sqrt(n1 / design_effect) * distance - z_alpha * null) / true
        outputs: dict[str, Any] = {"power": float(special.ndtr(z))}
        warnings = ("low_power",) if outputs["power"] < 0.8 else ()
        return Outcome(outputs, "power", said, warnings, values | {"n2": n1 / ratio})
    raw = (max(z_alpha * null + float(special.ndtri(power)) * true, 0.0) / distance) ** 2
    raw *= design_effect
    checked_size(raw, what="persons")
    outputs = two_arm_sizes(raw, ratio, dropout)
    said += ("round_up", *(("dropout",) if dropout else ()))
    return Outcome(outputs, "size", said, values=values)


def _spread(rate: float, followup: float | None) -> float:
    """Variance of the rate of one person, followed evenly for up to ``followup``."""
    if followup is None:
        return rate * rate
    x = rate * followup
    seen = x / 2 * (1 - x / 3 * (1 - x / 4)) if x < 1e-3 else (x + math.expm1(-x)) / x
    return rate * rate / seen

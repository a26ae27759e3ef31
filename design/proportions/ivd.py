"""Clinical trials of in vitro diagnostic reagents as the Chinese guidance exemplifies them."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field

from design.conventions import sides_key
from design.errors import BadDesign
from design.proportions.normal import Border, bounded, plan, quantile
from design.proportions.one_group import Rounding
from design.proportions.sizing import warnings
from design.quantities import Alpha, Dropout, Level, Power, Probability, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import round_up

_GUIDANCE = (
    "国家药监局《体外诊断试剂临床试验技术指导原则》（2021年第72号）附件：样本量估算方法举例 "
    "(NMPA notice 72 of 2021, annex)"
)
Target = Annotated[Probability, Field(description="Least acceptable rate. 临床可接受标准")]
Expected = Annotated[Probability, Field(description="Expected rate. 预期值")]


@calculator(
    reference=_GUIDANCE,
    formula="for each of the positive and the negative group n = ((z_a sqrt(p0(1-p0)) + z_b "
    "sqrt(p1(1-p1))) / (p1-p0))^2; the total divided by 1 - drop-out",
)
def ivd_agreement(
    *,
    ppa_target: Target,
    ppa: Expected,
    npa_target: Target,
    npa: Expected,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power = 0.8,
    dropout: Dropout = 0.0,
    rounding: Rounding = "up",
) -> Outcome:
    """Positive and negative samples to show both agreements above their acceptable values."""
    for name, target, rate in (("ppa", ppa_target, ppa), ("npa", npa_target, npa)):
        if rate <= target:
            raise BadDesign(
                f"{name} {rate:g} is not above its acceptable value {target:g}, so no number of "
                "samples can show it",
                name,
            )
    raw = tuple(
        plan(
            (Border(p1 - p0, math.sqrt(p0 * (1 - p0)), math.sqrt(p1 * (1 - p1))),), alpha / sides
        ).size(power)
        for p0, p1 in ((ppa_target, ppa), (npa_target, npa))
    )
    said = (sides_key(sides), "one_score")
    alerts = [*warnings(alpha, sides, power), *(("near_one",) if max(ppa, npa) > 0.95 else ())]
    return _outcome(raw, rounding, dropout, said, tuple(alerts))


@calculator(
    reference=_GUIDANCE,
    formula="for each of the positive and the negative group n = z^2 P(1-P) / D^2; the total "
    "divided by 1 - drop-out",
)
def ivd_precision(
    *,
    sensitivity: Annotated[Probability, Field(description="Expected sensitivity. 预期灵敏度")],
    specificity: Annotated[Probability, Field(description="Expected specificity. 预期特异度")],
    abs_error: Annotated[
        float, Field(gt=0, lt=0.5, description="Half width of the interval. 允许误差")
    ] = 0.05,
    level: Level = 0.95,
    dropout: Dropout = 0.0,
    rounding: Rounding = "up",
) -> Outcome:
    """Positive and negative samples to estimate sensitivity and specificity with a precision."""
    z = quantile((1 + level) / 2)
    raw = tuple(bounded(z * z * p * (1 - p) / abs_error**2) for p in (sensitivity, specificity))
    alerts = [
        *(("wide_delta",) if abs_error > 0.05 else ()),
        *(("near_one",) if max(sensitivity, specificity) > 0.95 else ()),
    ]
    return _outcome(raw, rounding, dropout, ("wald_width",), tuple(alerts))


def _outcome(
    raw: tuple[float, ...], rounding: str, dropout: float, said: tuple[str, ...],
    alerts: tuple[str, ...],
) -> Outcome:  # fmt: skip
    def rounded(value: float) -> int:
        return round_up(value) if rounding == "up" else max(1, math.floor(value + 0.5))

    positive, negative = (rounded(value) for value in raw)
    total = positive + negative
    enrolled = rounded(total / (1 - dropout))
    outputs: dict[str, Any] = {
        "n_positive": positive,
        "n_negative": negative,
        "n_positive_raw": raw[0],
        "n_negative_raw": raw[1],
        "n_total": total,
        "n_enrol": enrolled,
    }
    conventions = (*said, f"one_round_{rounding}", *(("total_dropout",) if dropout else ()))
    return Outcome(outputs, "size", conventions, alerts)

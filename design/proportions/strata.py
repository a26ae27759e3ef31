"""A common odds ratio over strata (Cochran-Mantel-Haenszel): sample size and power."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from design.conventions import sides_key
from design.errors import BadDesign
from design.proportions.many_groups import Rates, Weights, with_continuity
from design.proportions.normal import Border, plan
from design.proportions.sizing import carried_out_once, given_size, sentence_key, warnings
from design.quantities import Alpha, Count, Dropout, Positive, Power, Sides
from design.registry import calculator
from design.result import Outcome


@calculator(
    reference="Woolson RF, Bean JA, Rojas PB. Biometrics 1986;42:927; Nam J. Biometrics "
    "1992;48:389 (continuity)",
    formula="N = (z_a sqrt(V0) + z_b sqrt(V1))^2 / E^2, E = sum t s(1-s)(p1-p2), "
    "V0 = sum t s(1-s) p(1-p), V1 = sum t s(1-s)((1-s) p1(1-p1) + s p2(1-p2)); "
    "with continuity N/4 (1 + sqrt(1 + 2/(E N)))^2",
)
def cmh(
    *,
    p2: Annotated[
        Rates,
        Field(min_length=1, description="Rate of the control group in each stratum. 各层对照组率"),
    ],
    odds_ratio: Annotated[Positive, Field(description="Common odds ratio. 共同优势比")],
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n: Annotated[Count, Field(description="Patients in all strata together.")] | None = None,
    strata: Annotated[
        Weights, Field(min_length=1, description="Relative sizes of the strata. 各层例数之比")
    ]
    | None = None,
    treated: Annotated[
        list[Annotated[float, Field(gt=0, lt=1)]],
        Field(min_length=1, max_length=50, description="Share of treated in each stratum."),
    ]
    | None = None,
    continuity: Annotated[bool, Field(description="Continuity correction. 连续性校正")] = False,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients for the stratified test of a common odds ratio, or the power."""
    known = given_size(power, n)
    if odds_ratio == 1:
        raise BadDesign("an odds ratio of 1 is no effect to detect", "odds_ratio")
    weights = _fitting(strata, p2, "strata", 1.0)
    shares = _fitting(treated, p2, "treated", 0.5)
    effect = null = own = 0.0
    for weight, s, control in zip(weights, shares, p2, strict=True):
        odds = odds_ratio * control / (1 - control)
        rate = odds / (1 + odds)
        mean = s * rate + (1 - s) * control
        t = weight / sum(weights) * s * (1 - s)
        effect += t * (rate - control)
        null += t * mean * (1 - mean)
        own += t * ((1 - s) * rate * (1 - rate) + s * control * (1 - control))
    made = plan((Border(abs(effect), math.sqrt(null), math.sqrt(own)),), alpha / sides)
    if continuity:
        made = with_continuity(made, 2 / abs(effect))
    outputs = carried_out_once(made, power, known, dropout)
    total = outputs["n"] if known is None else known
    said = [sides_key(sides), "cmh"]
    said += ["cmh_corrected"] if continuity else []
    said += ["one_round_up"] if power else []
    said += ["dropout"] if power and dropout else []
    return Outcome(
        outputs,
        sentence_key(power is not None),
        tuple(said),
        warnings(alpha, sides, power or outputs["power"]),
        values={"n": total, "layers": len(p2)},
    )


def _fitting(given: list[float] | None, p2: list[float], field: str, usual: float) -> list[float]:
    found = given or [usual] * len(p2)
    if len(found) != len(p2):
        raise BadDesign(f"{len(p2)} strata in p2 but {len(found)} in {field}", field)
    return found

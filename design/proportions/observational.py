"""Case-control and cohort studies: sample size and power."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.proportions.many_groups import with_continuity
from design.proportions.normal import Border, Plan, bounded, plan
from design.proportions.sizing import (
    carried_out,
    conventions,
    expected,
    given_size,
    given_sizes,
    sentence_key,
    warnings,
)
from design.quantities import Alpha, Count, Dropout, Positive, Power, Probability, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import round_up

OddsRatio = Annotated[Positive, Field(description="Odds ratio to detect. 拟检出的优势比")]
Exposed = Annotated[Probability, Field(description="Share of exposed among controls. 对照的暴露率")]
Controls = Annotated[
    int, Field(ge=1, le=20, description="Controls for each case. 每个病例的对照数")
]
DesignEffect = Annotated[
    float, Field(ge=1, le=100, description="Variance inflation by clusters. 设计效应")
]


@calculator(
    reference="Woodward M. Epidemiology: Study Design and Data Analysis. 3rd ed. 2014, section 8; "
    "Fleiss JL. Statistical Methods for Rates and Proportions. 2nd ed. 1981 (continuity)",
    formula="cases = (z_a sqrt((1+1/r) p(1-p)) + z_b sqrt(p1(1-p1) + p0(1-p0)/r))^2 / (p1-p0)^2, "
    "p1 = OR p0/(1 + p0(OR-1)), p = (p1 + r p0)/(1+r)",
)
def case_control(
    *,
    odds_ratio: OddsRatio,
    p0: Exposed,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n_cases: Annotated[Count, Field(description="Number of cases.")] | None = None,
    controls: Annotated[
        float, Field(gt=0, le=100, description="Controls for each case, r. 每个病例的对照数")
    ] = 1.0,
    continuity: Annotated[bool, Field(description="Continuity correction. 连续性校正")] = False,
    design_effect: DesignEffect = 1.0,
) -> Outcome:
    """Numbers of cases and controls to detect an odds ratio, unmatched, or the power."""
    known = given_size(power, n_cases, "n_cases")
    p1 = _exposed_cases(odds_ratio, p0)
    k = 1 / controls
    mean = (k * p1 + p0) / (k + 1)
    gap = abs(p1 - p0)
    null, own = (1 + k) * mean * (1 - mean), p1 * (1 - p1) + k * p0 * (1 - p0)
    made = plan((Border(gap, math.sqrt(null), math.sqrt(own)),), alpha / sides)
    if continuity:
        made = with_continuity(made, 2 * (1 + k) / gap)
    outputs = _sets(_inflated(made, design_effect), power, known, controls)
    found = outputs["n_cases"] if known is None else known
    said = ["case_control_corrected" if continuity else "case_control"]
    said += ["design_effect"] if design_effect > 1 else []
    said += ["whole_cases"] if power else []
    cells = expected((found, p1), (found * controls, p0))
    return Outcome(
        outputs | {"p1": p1},
        sentence_key(power is not None),
        conventions(sides, *said),
        warnings(alpha, sides, power or outputs["power"], cells),
        values={"n_cases": found, "n_controls": round_up(found * controls)},
    )


@calculator(
    reference="Dupont WD. Biometrics 1988;44:1157",
    formula="sets = (z_a sqrt(v_1) + z_b sqrt(v_OR))^2 / (e_1 - e_OR)^2, e and v the mean and "
    "variance of the exposed cases given the exposed in a set, with 1 and OR as odds ratio",
)
def matched_case_control(
    *,
    odds_ratio: OddsRatio,
    p0: Exposed,
    phi: Annotated[
        float,
        Field(
            gt=-1, lt=1, description="Correlation of exposure in a matched set. 配对暴露的相关系数"
        ),
    ] = 0.2,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n_cases: Annotated[Count, Field(description="Number of cases, each with its controls.")]
    | None = None,
    controls: Controls = 1,
) -> Outcome:
    """Numbers of cases with 1:M matched controls to detect an odds ratio, or the power."""
    known = given_size(power, n_cases, "n_cases")
    p1 = _exposed_cases(odds_ratio, p0)
    joint = phi * math.sqrt(p1 * (1 - p1) * p0 * (1 - p0))
    with_exposed, with_free = p0 + joint / p1, p0 - joint / (1 - p1)
    if min(with_exposed, with_free) < 0 or max(with_exposed, with_free) > 1:
        raise BadDesign(f"a correlation of {phi:g} is impossible at these rates", "phi")
    chances = [
        p1 * special.binom(controls, m - 1) * with_exposed ** (m - 1)
        * (1 - with_exposed) ** (controls - m + 1)
        + (1 - p1) * special.binom(controls, m) * with_free**m * (1 - with_free) ** (controls - m)
        for m in range(1, controls + 1)
    ]  # fmt: skip
    mean, variance = _moments(chances, odds_ratio, controls)
    mean_null, variance_null = _moments(chances, 1.0, controls)
    if min(variance, variance_null) <= 1e-15:
        raise BadDesign("at these rates no set is discordant: nothing is left to test", "phi")
    border = Border(abs(mean - mean_null), math.sqrt(variance_null), math.sqrt(variance))
    outputs = _sets(plan((border,), alpha / sides), power, known, float(controls))
    found = outputs["n_cases"] if known is None else known
    return Outcome(
        outputs | {"p1": p1},
        sentence_key(power is not None),
        conventions(sides, "matched_sets", *(("whole_cases",) if power else ())),
        warnings(alpha, sides, power or outputs["power"]),
        values={"n_cases": found, "n_controls": round_up(found * controls)},
    )


@calculator(
    reference="Woodward M. Epidemiology: Study Design and Data Analysis. 3rd ed. 2014, section 8",
    formula="n1 = D (z_a sqrt((1+k) p(1-p)) + z_b sqrt(p1(1-p1) + k p0(1-p0)))^2 / (p1-p0)^2, "
    "p = (k p1 + p0)/(1+k), D the design effect",
)
def cohort_risk_ratio(
    *,
    p0: Annotated[Probability, Field(description="Risk of the unexposed. 非暴露组发病率")],
    p1: Annotated[Probability, Field(description="Risk of the exposed. 暴露组发病率")]
    | None = None,
    risk_ratio: Positive | None = None,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: Annotated[Count, Field(description="Number of exposed.")] | None = None,
    ratio: Annotated[Ratio, Field(description="Exposed : unexposed. 暴露与非暴露之比")] = 1.0,
    design_effect: DesignEffect = 1.0,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of subjects of a cohort study to detect a relative risk, or the power of a number."""
    if (p1 is None) == (risk_ratio is None):
        raise BadDesign("give either p1 or risk_ratio", "p1")
    if p1 is None:
        assert risk_ratio is not None
        p1 = p0 * risk_ratio
        if not p1 < 1:
            raise BadDesign(f"this risk ratio makes the risk of the exposed {p1:.4g}", "risk_ratio")
    if p1 == p0:
        raise BadDesign("both risks are equal: there is no ratio to detect", "p1")
    known = given_sizes(power, n1, None, ratio)
    mean = (ratio * p1 + p0) / (1 + ratio)
    null, own = (1 + ratio) * mean * (1 - mean), p1 * (1 - p1) + ratio * p0 * (1 - p0)
    made = plan((Border(abs(p1 - p0), math.sqrt(null), math.sqrt(own)),), alpha / sides)
    outputs = carried_out(_inflated(made, design_effect), power, known, ratio, dropout)
    pair = known or (outputs["n1"], outputs["n2"])
    said = ["test_pooled"]
    said += ["design_effect"] if design_effect > 1 else []
    said += ["round_up"] if power else []
    return Outcome(
        outputs | {"p1": p1, "risk_ratio": p1 / p0},
        sentence_key(power is not None),
        conventions(sides, *said, dropout=dropout if power else 0.0),
        warnings(alpha, sides, power or outputs["power"], expected((pair[0], p1), (pair[1], p0))),
        values={"n1": pair[0], "n2": pair[1]},
    )


def _exposed_cases(odds_ratio: float, p0: float) -> float:
    if odds_ratio == 1:
        raise BadDesign("an odds ratio of 1 is no effect to detect", "odds_ratio")
    p1 = odds_ratio * p0 / (1 + p0 * (odds_ratio - 1))
    if not 0 < p1 < 1:
        raise BadDesign(f"this odds ratio makes the exposure of cases {p1:.4g}", "odds_ratio")
    return p1


def _moments(chances: list[float], odds_ratio: float, controls: int) -> tuple[float, float]:
    """Mean and variance a set of the exposed cases, over sets with 1 … M exposed."""
    mean = variance = 0.0
    for m, chance in enumerate(chances, start=1):
        rest = controls - m + 1
        mean += chance * m * odds_ratio / (m * odds_ratio + rest)
        variance += chance * m * odds_ratio * rest / (m * odds_ratio + rest) ** 2
    return mean, variance


def _inflated(made: Plan, effect: float) -> Plan:
    return Plan(lambda power: bounded(made.size(power) * effect), lambda n: made.reach(n / effect))


def _sets(made: Plan, power: float | None, known: float | None, controls: float) -> dict[str, Any]:
    """Outputs with whole cases, each with its controls."""
    if power is None:
        assert known is not None
        return {"power": made.reach(known)}
    raw = made.size(power)
    n = round_up(raw)
    paired = round_up(n * controls)
    return {
        "n_cases": n,
        "n_cases_raw": raw,
        "n_controls": paired,
        "n_total": n + paired,
        "power_achieved": made.reach(n),
    }

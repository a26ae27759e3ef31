"""Cox regression: a comparison of two groups, a covariate beside others, an interaction."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.errors import BadDesign
from design.quantities import Aim, Alpha, Count, Dropout, Power, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import checked_size, one_arm_sizes, power_or_size, round_up, two_arm_sizes
from design.survival import quantities as q

LogMargin = Annotated[
    float,
    Field(gt=0, le=5, description="Margin of the log hazard ratio, above 0. 对数风险比的界值"),
]
Allotted = Annotated[
    float, Field(ge=0.01, le=0.99, description="Share of patients in the treatment group.")
]
EventShare = Annotated[
    float, Field(ge=1e-6, le=1, description="Share of patients with the event. 事件发生比例")
]
Spread = Annotated[float, Field(ge=1e-6, le=1e6, description="Variance of the covariate. 方差")]
Squared = Annotated[
    float,
    Field(ge=0, le=0.999, description="R2 of the covariate on the others. 与其他协变量的 R²"),
]
Cell = Annotated[
    float, Field(ge=1e-6, le=1, description="Share of patients with both values of the pair.")
]
Total = Annotated[int, Field(ge=2, le=10_000_000, description="Patients in all. 总例数")]


@calculator(
    reference="Chow SC, Shao J, Wang H. Sample Size Calculations in Clinical Research. 2nd ed. "
    "2008, section 7.3; Schoenfeld DA. Biometrics 1983;39:499-503",
    formula="n = (z_a + z_b)^2 / (p1 p2 pE (log HR -+ margin)^2); equivalence with z of 1 - beta/2 "
    "and (margin - |log HR|)^2",
)
def cox_groups(
    *,
    hr: q.HazardRatio,
    event_share: EventShare,
    aim: Aim = "equality",
    margin_log: LogMargin | None = None,
    better: q.Better = "lower",
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n_total: Total | None = None,
    share_treatment: Allotted = 0.5,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Patients of a comparison of two groups by Cox regression, or the power of a number.

    The margin is on the scale of the log hazard ratio and is tested at ``alpha / sides``
    (equivalence: two one-sided tests).
    """
    distance = _distance(math.log(hr), aim, margin_log, better)
    z_alpha = -float(special.ndtri(alpha / sides))
    unit = share_treatment * (1 - share_treatment) * event_share * distance**2
    said = [sides_key(sides)]
    said += [*([] if aim == "equality" else [f"aim_{aim}"]), "events_variance"]
    values = {
        "margin_hr": math.exp(margin_log or 0.0),
        "each": alpha / sides,
    }
    power_or_size(power, n_total=n_total)
    if power is None:
        assert n_total is not None
        reached = float(special.ndtr(math.sqrt(n_total * unit) - z_alpha))
        if aim == "equivalence":
            reached = max(2 * reached - 1, 0.0)
        warnings = ("low_power",) if reached < 0.8 else ()
        return Outcome({"power": reached}, f"power_{aim}", tuple(said), warnings, values)
    z_beta = float(special.ndtri((1 + power) / 2 if aim == "equivalence" else power))
    raw = checked_size(max(z_alpha + z_beta, 0.0) ** 2 / unit)
    ratio = share_treatment / (1 - share_treatment)
    outputs = two_arm_sizes(raw * share_treatment, ratio, dropout)
    outputs |= {
        "n_total_rounded_once": round_up(raw),
        "n_total_raw": raw,
        "events": round_up(raw * event_share),
        "events_raw": raw * event_share,
    }
    said += ["round_up", *(["dropout"] if dropout else [])]
    warnings = ("few_events",) if outputs["events"] < 20 else ()
    return Outcome(outputs, f"size_{aim}", tuple(said), warnings, values)


@calculator(
    reference="Hsieh FY, Lavori PW. Control Clin Trials 2000;21:552-560 (any covariate); Latouche "
    "A, Porcher R, Chevret S. Stat Med 2004;23:3263-3274 and Schoenfeld DA. Biometrics "
    "1983;39:499-503 (a binary one: variance p(1-p))",
    formula="n = (z_a + z_b)^2 / (log(HR)^2 var psi (1 - R2))",
)
def cox_covariate(
    *,
    hr: q.HazardRatio,
    event_share: EventShare,
    variance: Spread | None = None,
    prevalence: q.Share | None = None,
    r_squared: Squared = 0.0,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n: Count | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Patients for the effect of a covariate beside others, or the power of a number.

    ``hr`` is the hazard ratio of one unit of the covariate. Give its ``variance``, or for a
    binary one its ``prevalence``.
    """
    if (variance is None) == (prevalence is None):
        raise BadDesign("give either the variance or, for a binary one, the prevalence", "variance")
    if prevalence is not None:
        variance = prevalence * (1 - prevalence)
    assert variance is not None
    if hr == 1:
        raise BadDesign("hr is 1: there is no effect to detect", "hr")
    unit = math.log(hr) ** 2 * variance * event_share * (1 - r_squared)
    said = (
        sides_key(sides),
        "binary_covariate" if prevalence is not None else "continuous_covariate",
        *(("inflated_by_r2",) if r_squared else ()),
    )
    values = {"variance": variance}
    return _one_size(unit, alpha / sides, power, n, dropout, event_share, said, values)


@calculator(
    reference="Schmoor C, Sauerbrei W, Schumacher M. Stat Med 2000;19:441-452",
    formula="n = (z_a + z_b)^2 (1/p00 + 1/p01 + 1/p10 + 1/p11) / (log(theta)^2 psi)",
)
def cox_interaction(
    *,
    hr_ratio: q.HazardRatio,
    p00: Cell,
    p01: Cell,
    p10: Cell,
    p11: Cell,
    event_share: EventShare,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n: Count | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Patients for the interaction of two binary covariates (treatment and subgroup), or power.

    ``hr_ratio`` is the hazard ratio in one subgroup divided by that in the other. ``p10`` is the
    share of patients with the first covariate 1 and the second 0, and so on.
    """
    cells = (p00, p01, p10, p11)
    if abs(sum(cells) - 1) > 1e-4:
        raise BadDesign(f"p00, p01, p10 and p11 add up to {sum(cells):g}, not 1", "p11")
    if hr_ratio == 1:
        raise BadDesign("hr_ratio is 1: there is no interaction to detect", "hr_ratio")
    unit = math.log(hr_ratio) ** 2 * event_share / sum(1 / cell for cell in cells)
    said = (sides_key(sides),)
    return _one_size(unit, alpha / sides, power, n, dropout, event_share, said, {})


def _one_size(
    unit: float,
    alpha: float,
    power: float | None,
    n: int | None,
    dropout: float,
    event_share: float,
    said: tuple[str, ...],
    values: dict[str, float],
) -> Outcome:
    """Size or power when z squared grows by ``unit`` with every patient."""
    power_or_size(power, n=n)
    z_alpha = -float(special.ndtri(alpha))
    if power is None:
        assert n is not None
        outputs = {"power": float(special.ndtr(math.sqrt(n * unit) - z_alpha))}
        warnings = ("low_power",) if outputs["power"] < 0.8 else ()
        return Outcome(outputs, "power", said, warnings, values)
    raw = checked_size(max(z_alpha + float(special.ndtri(power)), 0.0) ** 2 / unit)
    sizes = one_arm_sizes(raw, dropout)
    sizes |= {"events": round_up(raw * event_share), "events_raw": raw * event_share}
    said += ("round_up_one", *(("dropout",) if dropout else ()))
    warnings = ("few_events",) if sizes["events"] < 20 else ()
    return Outcome(sizes, "size", said, warnings, values)


def _distance(log_hr: float, aim: str, margin: float | None, better: str) -> float:
    """How far the assumed log hazard ratio lies from H0, above 0."""
    if aim == "equality":
        if margin is not None:
            raise BadDesign("equality has no margin; set aim or leave margin_log out", "margin_log")
        if log_hr == 0:
            raise BadDesign("hr is 1: there is no difference to detect", "hr")
        return abs(log_hr)
    if margin is None:
        raise BadDesign(f"{aim} needs a margin", "margin_log")
    gain = -log_hr if better == "lower" else log_hr
    distance = {
        "noninferiority": gain + margin,
        "superiority": gain - margin,
        "equivalence": margin - abs(log_hr),
    }[aim]
    if distance <= 0:
        raise BadDesign(
            f"the assumed log hazard ratio {log_hr:.4g} lies outside the margin {margin:g} for "
            f"{aim}, so H1 would be false; widen the margin or change hr or better",
            "margin_log",
        )
    return distance

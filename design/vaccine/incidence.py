"""Precision of the relative efficacy, and a composite of incidence and severity."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.errors import BadDesign
from design.quantities import Alpha, Count, Dropout, Level, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import checked_size, power_or_size, two_arm_sizes
from design.vaccine import quantities as q

Scale = Annotated[
    Literal["log", "ratio"],
    Field(description="Whether half_width is of log(p1/p2) or of the ratio p1/p2 itself."),
]
HalfWidth = Annotated[
    float, Field(ge=0.001, le=5, description="Half the width of the confidence interval. 半宽")
]
Severity = Annotated[
    float, Field(ge=0, le=1e4, description="Mean severity score of the cases. 病例严重程度均分")
]
Spread = Annotated[
    float, Field(ge=0, le=1e4, description="SD of the severity score of the cases. 标准差")
]
_MOST = 1e8


@calculator(
    reference="Chow SC, Shao J, Wang H. Sample Size Calculations in Clinical Research. 2nd ed. "
    "2008, section 15.6 (reduction in disease incidence)",
    formula="n2 = z^2 ((1-p1)/(k p1) + (1-p2)/p2) / d^2, d the half-width of log(p1/p2); on the "
    "scale of the ratio that variance times (p1/p2)^2",
)
def vaccine_relative_efficacy(
    *,
    p1: q.Incidence,
    p2: q.Incidence,
    half_width: HalfWidth,
    level: Level = 0.95,
    ratio: Ratio = 1.0,
    scale: Scale = "log",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Persons for a confidence interval of the relative efficacy p1/p2 of a given width.

    ``p1`` is the incidence with the vaccine, ``p2`` without.
    """
    z = float(special.ndtri((1 + level) / 2))
    variance = (1 - p1) / (ratio * p1) + (1 - p2) / p2
    if scale == "ratio":
        variance *= (p1 / p2) ** 2
    n2 = z * z * variance / half_width**2
    if not 1e-9 < n2 <= _MOST:
        raise BadDesign(
            f"this level and half_width ask for {n2:.3g} persons in the control group, not for a "
            f"number up to {_MOST:g}",
            "half_width",
        )
    outputs = two_arm_sizes(n2 * ratio, ratio, dropout)
    said: tuple[str, ...] = (f"width_{scale}", "round_up")
    said += ("allocation",) if ratio != 1 else ()
    said += ("dropout",) if dropout else ()
    events = min(outputs["n1"] * p1, outputs["n2"] * p2)
    warnings = ("few_cases",) if events < 10 else ()
    values = {"efficacy": 1 - p1 / p2}
    return Outcome(outputs, "size", said, warnings, values)


@calculator(
    reference="Chang MN, Guess HA, Heyse JF. Stat Med 1994;13:1807-1814; Chow SC, Shao J, Wang H. "
    "Sample Size Calculations in Clinical Research. 2nd ed. 2008, section 15.6",
    formula="n2 = (z_a sqrt((1+1/k) V0) + z_b sqrt(V1/k + V2))^2 / (m1 p1 - m2 p2)^2, "
    "Vi = pi(si^2 + mi^2(1-pi)), V0 with p, m, s^2 averages of both groups",
)
def vaccine_composite(
    *,
    p1: q.Incidence,
    p2: q.Incidence,
    severity1: Severity,
    severity2: Severity,
    sd1: Spread,
    sd2: Spread,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: Count | None = None,
    ratio: Ratio = 1.0,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Persons for a burden of illness: the severity of the cases, 0 for those without disease.

    ``p`` are incidences and ``severity`` mean scores of the cases; group 1 has the vaccine.
    """
    difference = abs(severity1 * p1 - severity2 * p2)
    if difference == 0:
        raise BadDesign("the burden of both groups is equal: nothing to detect", "severity1")
    power_or_size(power, n1=n1)
    p, mean = (p1 + p2) / 2, (severity1 + severity2) / 2
    spread = (sd1**2 + sd2**2) / 2
    null = math.sqrt((1 + 1 / ratio) * p * (spread + mean**2 * (1 - p)))
    own = [
        share * (sd**2 + severity**2 * (1 - share))
        for share, severity, sd in ((p1, severity1, sd1), (p2, severity2, sd2))
    ]
    true = math.sqrt(own[0] / ratio + own[1])
    if true == 0 or null == 0:
        raise BadDesign("the burden has no variance: give severities or SDs above 0", "sd1")
    z_alpha = -float(special.ndtri(alpha / sides))
    said: tuple[str, ...] = (sides_key(sides), "burden")
    said += ("allocation",) if ratio != 1 else ()
    values = {"burden1": severity1 * p1, "burden2": severity2 * p2}
    if power is None:
        assert n1 is not None
        z = (difference * math.sqrt(n1 / ratio) - z_alpha * null) / true
        outputs: dict[str, Any] = {"power": float(special.ndtr(z))}
        warnings = ("low_power",) if outputs["power"] < 0.8 else ()
        return Outcome(outputs, "power", said, warnings, values | {"n2": n1 / ratio})
    n2 = (max(z_alpha * null + float(special.ndtri(power)) * true, 0.0) / difference) ** 2
    checked_size(n2, what="persons")
    outputs = two_arm_sizes(n2 * ratio, ratio, dropout)
    said += ("round_up", *(("dropout",) if dropout else ()))
    return Outcome(outputs, "size", said, values=values)

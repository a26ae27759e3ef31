"""Area under the ROC curve: of one test, and of two."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.diagnostic.enrolment import LARGEST
from design.errors import BadDesign
from design.quantities import Alpha, Count, Dropout, Level, Power, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import power_or_size, round_up, with_dropout
from design.widths import width_or_size

_BINORMAL = 1.414  # square root of 2, as Obuchowski and McClish print it

Auc = Annotated[float, Field(gt=0.5, lt=1, description="Area under the ROC curve. AUC")]
ControlRatio = Annotated[
    float, Field(gt=0.01, le=100, description="Controls a case. 对照与病例之比")
]
Variance = Annotated[
    Literal["hanley_mcneil", "obuchowski"],
    Field(
        description="Variance of the area: Hanley-McNeil (exponential) or Obuchowski (binormal)."
    ),
]


def variance_of(auc: float, ratio: float, method: str) -> float:
    """Variance of the estimated area times the number of cases, large samples."""
    if method == "obuchowski":
        a = _BINORMAL * float(special.ndtri(auc))
        return 0.0099 * math.exp(-a * a / 2) * ((5 * a * a + 8) + (a * a + 8) / ratio)
    over_controls, over_cases = _covariances(auc)
    return over_cases + over_controls / ratio


def _covariances(auc: float) -> tuple[float, float]:
    """Q1 and Q2 less the squared area: two cases share a control, two controls share a case."""
    return auc / (2 - auc) - auc**2, 2 * auc**2 / (1 + auc) - auc**2


def standard_error(auc: float, cases: float, controls: float) -> float:
    """Of Hanley and McNeil, with the terms of small samples."""
    over_controls, over_cases = _covariances(auc)
    total = auc * (1 - auc) + (cases - 1) * over_controls + (controls - 1) * over_cases
    return math.sqrt(total / (cases * controls))


@calculator(
    reference="Hanley JA, McNeil BJ. Radiology 1982;143:29-36; Obuchowski NA, McClish DK. Stat Med "
    "1997;16:1529-1542; Obuchowski NA, Lieber ML, Wians FH. Clin Chem 2004;50:1118-1125",
    formula="n_cases = ((z_a sqrt(V0) + z_b sqrt(V1)) / (AUC1 - AUC0))^2, n_controls = k n_cases; "
    "V = Q2 - A^2 + (Q1 - A^2)/k, Q1 = A/(2-A), Q2 = 2A^2/(1+A); binormal: V = 0.0099 exp(-a^2/2) "
    "(5a^2 + 8 + (a^2+8)/k), a = 1.414 z_A",
)
def diagnostic_auc(
    *,
    auc: Auc,
    auc0: Annotated[float, Field(ge=0.5, lt=1, description="Area under H0. 零假设 AUC")] = 0.5,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n_cases: Count | None = None,
    n_controls: Count | None = None,
    ratio: ControlRatio = 1.0,
    variance: Variance = "hanley_mcneil",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Cases and controls to show that an area exceeds ``auc0``, or the power of both numbers.

    ``n_controls`` left out is ``ratio`` times ``n_cases``.
    """
    if auc - auc0 < 1e-6:
        raise BadDesign(f"auc {auc:g} does not exceed auc0 {auc0:g}", "auc")
    power_or_size(power, n_cases=n_cases)
    if n_controls is not None:
        if n_cases is None:
            raise BadDesign("n_controls needs n_cases; for the sample size give ratio", "n_cases")
        ratio = n_controls / n_cases
    z_alpha = float(special.ndtri(1 - alpha / sides))
    null, own = (math.sqrt(variance_of(x, ratio, variance)) for x in (auc0, auc))
    said = [sides_key(sides), variance]
    values = {"controls": (n_cases or 0) * ratio}
    if power is None:
        assert n_cases is not None
        z = ((auc - auc0) * math.sqrt(n_cases) - z_alpha * null) / own
        return Outcome({"power": float(special.ndtr(z))}, "power", tuple(said), values=values)
    raw = ((z_alpha * null + float(special.ndtri(power)) * own) / (auc - auc0)) ** 2
    return _sizes(raw, ratio, dropout, said, values)


@calculator(
    reference="Hanley JA, McNeil BJ. Radiology 1982;143:29-36 and 1983;148:839-843; Obuchowski NA, "
    "McClish DK. Stat Med 1997;16:1529-1542",
    formula="n_cases = (z_a sqrt(2 V1 (1-r)) + z_b sqrt(V1 + V2 - 2 r sqrt(V1 V2)))^2 / "
    "(A1 - A2)^2; r = 0 for two groups of persons",
)
def diagnostic_auc_compare(
    *,
    auc1: Auc,
    auc2: Auc,
    correlation: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            description="Of the two estimated areas when both tests are done on every person; 0 "
            "for separate persons. 两 AUC 的相关",
        ),
    ] = 0.0,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n_cases: Count | None = None,
    ratio: ControlRatio = 1.0,
    variance: Variance = "hanley_mcneil",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Cases and controls (of each test, if separate) to tell two areas apart, or the power."""
    if abs(auc1 - auc2) < 1e-6:
        raise BadDesign("auc1 and auc2 are equal: there is no difference to detect", "auc2")
    power_or_size(power, n_cases=n_cases)
    z_alpha = float(special.ndtri(1 - alpha / sides))
    v1, v2 = (variance_of(x, ratio, variance) for x in (auc1, auc2))
    null = math.sqrt(2 * v1 * (1 - correlation))
    own = math.sqrt(v1 + v2 - 2 * correlation * math.sqrt(v1 * v2))
    paired = correlation > 0
    said = [sides_key(sides), variance]
    said.append("paired_areas" if paired else "separate_areas")
    values = {"controls": (n_cases or 0) * ratio}
    difference = abs(auc1 - auc2)
    if power is None:
        assert n_cases is not None
        z = (difference * math.sqrt(n_cases) - z_alpha * null) / own
        return Outcome({"power": float(special.ndtr(z))}, "power", tuple(said), values=values)
    raw = ((z_alpha * null + float(special.ndtri(power)) * own) / difference) ** 2
    return _sizes(raw, ratio, dropout, said, values, 1 if paired else 2)


@calculator(
    reference="Hanley JA, McNeil BJ. Radiology 1982;143:29-36",
    formula="half width z SE, SE^2 = (A(1-A) + (n1-1)(Q1-A^2) + (n2-1)(Q2-A^2)) / (n1 n2), n1 = n "
    "prevalence",
)
def diagnostic_auc_precision(
    *,
    auc: Auc,
    prevalence: Annotated[
        float, Field(ge=1e-6, le=0.999999, description="Share of cases among all persons. 病例比例")
    ] = 0.5,
    ci_width: Annotated[
        float, Field(ge=1e-6, lt=1, description="Full width of the interval. 区间全宽")
    ]
    | None = None,
    n: Count | None = None,
    level: Level = 0.95,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Persons to estimate an area with an interval of a width, or the interval of a number."""
    width_or_size(ci_width, n)
    z = float(special.ndtri(0.5 + level / 2))

    def width_of(total: float) -> float:
        return 2 * z * standard_error(auc, total * prevalence, total * (1 - prevalence))

    if ci_width is None:
        assert n is not None
        if min(n * prevalence, n * (1 - prevalence)) < 1:
            raise BadDesign(f"{n} persons leave no case or no control", "n")
        found = width_of(n)
        outputs: dict[str, Any] = {
            "lower": max(0.0, auc - found / 2),
            "upper": min(1.0, auc + found / 2),
            "ci_width": found,
        }
        return Outcome(outputs, "interval", ("hanley_mcneil",))
    low, high = 1 / min(prevalence, 1 - prevalence), 2 / min(prevalence, 1 - prevalence)
    while width_of(high) > ci_width:
        low, high = high, high * 2
        if high > LARGEST:
            raise BadDesign("more than 100 million persons would be needed", "ci_width")
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if width_of(middle) > ci_width else (low, middle)
    outputs = {"n": round_up(high), "n_raw": high, "n_total": round_up(high)}
    outputs |= {
        "n_cases": round_up(high * prevalence),
        "n_controls": round_up(high * (1 - prevalence)),
    }
    if dropout:
        outputs |= with_dropout("n", outputs["n"], dropout)
    said = ("hanley_mcneil", *(("dropout",) if dropout else ()))
    crossing = auc + ci_width / 2 > 1
    return Outcome(outputs, "size", said, ("interval_crosses",) if crossing else ())


def _sizes(
    raw: float,
    ratio: float,
    dropout: float,
    said: list[str],
    values: dict[str, Any],
    samples: int = 1,
) -> Outcome:
    """Cases and controls, both rounded up, and all persons of ``samples`` such samples."""
    if raw * max(1.0, ratio) > LARGEST:
        raise BadDesign("more than 100 million persons would be needed")
    outputs: dict[str, Any] = {
        "n_cases": round_up(raw),
        "n_controls": round_up(raw * ratio),
        "n_cases_raw": raw,
        "n_controls_raw": raw * ratio,
    }
    outputs["n_total"] = samples * (outputs["n_cases"] + outputs["n_controls"])
    if dropout:
        outputs |= with_dropout("n_total", outputs["n_total"], dropout)
        said.append("dropout")
    few = min(outputs["n_cases"], outputs["n_controls"]) < 10
    warned = ("few_persons",) if few else ()
    return Outcome(outputs, "size", (*said, "round_up"), warned, values)

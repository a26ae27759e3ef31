"""Likelihood ratios and predictive values."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field
from scipy import special

from design.diagnostic.enrolment import LARGEST, Sensitivity, Specificity
from design.errors import BadDesign
from design.quantities import Level, Share
from design.registry import calculator
from design.result import Outcome
from design.sizes import round_up


@calculator(
    reference="Simel DL, Samsa GP, Matchar DB. J Clin Epidemiol 1991;44:763-770, formula 10",
    formula="ln LR -/+ z sqrt((1-p1)/(p1 n1) + (1-p2)/(p2 n2)); LR+: p1 = Se, p2 = 1 - Sp; LR-: "
    "p1 = 1 - Se, p2 = Sp",
)
def diagnostic_likelihood_ratio(
    *,
    sensitivity: Sensitivity,
    specificity: Specificity,
    kind: Annotated[
        Literal["positive", "negative"], Field(description="LR+ or LR-. 阳性或阴性似然比")
    ] = "positive",
    prevalence: Annotated[
        float, Field(ge=1e-6, le=0.999999, description="Share of diseased in the study. 患者比例")
    ] = 0.5,
    limit: Annotated[
        float,
        Field(ge=1e-9, description="Lower limit wanted of LR+, upper of LR-. 期望的置信限"),
    ]
    | None = None,
    ci_width: Annotated[float, Field(ge=1e-6, description="Full width of the interval. 区间全宽")]
    | None = None,
    n: Annotated[float, Field(gt=0, le=1e9, description="All persons, for the interval. 总例数")]
    | None = None,
    level: Level = 0.95,
) -> Outcome:
    """Persons for the confidence interval of a likelihood ratio, or the interval of a number.

    Give one of ``limit``, ``ci_width`` and ``n``.
    """
    if sum(x is not None for x in (limit, ci_width, n)) != 1:
        raise BadDesign("give exactly one of limit, ci_width and n", "limit")
    positive = kind == "positive"
    p1 = sensitivity if positive else 1 - sensitivity
    p2 = 1 - specificity if positive else specificity
    ratio = p1 / p2
    z = float(special.ndtri(0.5 + level / 2))
    one = (1 - p1) / (p1 * prevalence) + (1 - p2) / (p2 * (1 - prevalence))
    values: dict[str, Any] = {
        "name_zh": "阳性似然比" if positive else "阴性似然比",
        "name_en": "LR+" if positive else "LR-",
    }
    if n is not None:
        half = z * math.sqrt(one / n)
        if math.log(ratio) + half > 700:
            raise BadDesign(f"{n:g} persons are too few for an interval", "n")
        outputs: dict[str, Any] = {
            "lr": ratio,
            "lower": ratio * math.exp(-half),
            "upper": ratio * math.exp(half),
            "ci_width": 2 * ratio * math.sinh(half),
        }
        return Outcome(outputs, "interval", ("log_interval",), values=values)
    if limit is not None:
        good = limit < ratio if positive else limit > ratio
        if not good:
            raise BadDesign(
                f"the {values['name_en']} is {ratio:.4g}; the limit {limit:g} must lie "
                f"{'below' if positive else 'above'} it",
                "limit",
            )
        half = abs(math.log(ratio / limit))
    else:
        assert ci_width is not None
        half = math.asinh(ci_width / (2 * ratio))
    raw = one * (z / half) ** 2 if half > 1e-9 else math.inf
    if raw > LARGEST:
        raise BadDesign("more than 100 million persons would be needed; allow a wider interval")
    diseased, healthy = raw * prevalence, raw * (1 - prevalence)
    outputs = {
        "lr": ratio,
        "n_diseased": round_up(diseased),
        "n_healthy": round_up(healthy),
        "n_diseased_raw": diseased,
        "n_healthy_raw": healthy,
        "n_raw": raw,
    }
    outputs["n_total"] = outputs["n_diseased"] + outputs["n_healthy"]
    values |= {"lowest": ratio * math.exp(-half), "highest": ratio * math.exp(half)}
    return Outcome(outputs, "size", ("log_interval", "round_up"), values=values)


@calculator(
    reference="Bayes' theorem; Zhou XH, Obuchowski NA, McClish DK. Statistical Methods in "
    "Diagnostic Medicine. 2nd ed. 2011, chapter 2",
    formula="PPV = Se p / (Se p + (1-Sp)(1-p)), NPV = Sp (1-p) / (Sp (1-p) + (1-Se) p)",
)
def predictive_values(*, sensitivity: Share, specificity: Share, prevalence: Share) -> Outcome:
    """Predictive values and likelihood ratios of a test at a prevalence."""
    true_positive = sensitivity * prevalence
    false_positive = (1 - specificity) * (1 - prevalence)
    true_negative = specificity * (1 - prevalence)
    false_negative = (1 - sensitivity) * prevalence
    positive, negative = true_positive + false_positive, true_negative + false_negative
    if positive == 0 or negative == 0:
        raise BadDesign(
            "the test is positive (or negative) in nobody: a predictive value does not exist",
            "sensitivity",
        )
    outputs: dict[str, float] = {
        "ppv": true_positive / positive,
        "npv": true_negative / negative,
        "apparent_prevalence": positive,
    }
    if specificity < 1:
        outputs["lr_positive"] = sensitivity / (1 - specificity)
    if specificity > 0:
        outputs["lr_negative"] = (1 - sensitivity) / specificity
    return Outcome(outputs, "values", ("at_prevalence",))

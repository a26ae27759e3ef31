"""Precision of a risk ratio and of an odds ratio."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field

from design.errors import BadDesign
from design.precision.common import Fold, Size, Width, limits, phrase, size_for_width, z_of
from design.quantities import Dropout, Level, Probability, Ratio
from design.registry import calculator
from design.result import Outcome
from design.sizes import two_arm_sizes

Measure = Annotated[
    Literal["risk_ratio", "odds_ratio"],
    Field(description="Risk ratio (interval of Katz) or odds ratio (interval of Woolf). 效应指标"),
]


@calculator(
    reference="Katz D, Baptista J, Azen SP, Pike MC. Biometrics 1978;34:469-74 (risk ratio); Woolf "
    "B. Ann Hum Genet 1955;19:251-3 (odds ratio)",
    formula="ln(ratio) +- z SE; SE^2 = (1-p1)/(n1 p1) + (1-p2)/(n2 p2) (risk ratio), 1/(n1 p1) + "
    "1/(n1 (1-p1)) + the same of group 2 (odds ratio); ln(upper/lower) = 2 z SE",
)
def ratio_precision(
    *,
    p1: Probability,
    p2: Probability,
    measure: Measure = "risk_ratio",
    fold: Fold | None = None,
    ci_width: Width | None = None,
    n1: Size | None = None,
    n2: Size | None = None,
    ratio: Ratio = 1.0,
    level: Level = 0.95,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to estimate a risk or odds ratio with a precision, or its interval.

    Give ``fold`` (upper limit / lower limit) or ``ci_width`` (upper minus lower) for the number of
    patients, ``n1`` (and ``n2``) for the interval.
    """
    if sum(value is not None for value in (fold, ci_width, n1)) != 1:
        raise BadDesign(
            "give one of fold, ci_width (for the sample size) and n1 (for the interval)", "fold"
        )
    estimate = p1 / p2 if measure == "risk_ratio" else p1 * (1 - p2) / (p2 * (1 - p1))
    z = z_of(level)

    def log_half(a: float, b: float) -> float:
        return z * math.sqrt(_log_variance(p1, a, p2, b, measure))

    keys: tuple[str, ...] = (f"interval_{measure}",)
    said: dict[str, Any] = phrase("measure", measure, {})
    if n1 is not None:
        second = n2 if n2 is not None else n1 / ratio
        half = log_half(n1, second)
        if half > 300:
            raise BadDesign("so few patients leave no interval that means anything", "n1")
        found = limits(estimate * math.exp(-half), estimate * math.exp(half))
        outputs = {"estimate": estimate, **found, "fold": math.exp(2 * half)}
        return Outcome(outputs, "interval", keys, values={**said, "n2": second})
    if n2 is not None:
        raise BadDesign("n2 is given without n1", "n1")
    # upper - lower = 2 estimate sinh(half)
    wanted = math.log(fold) / 2 if fold else math.asinh((ci_width or 0) / (2 * estimate))
    raw = size_for_width(lambda n: log_half(n, n / ratio), wanted, low=max(1.0, ratio))
    outputs = two_arm_sizes(raw, ratio, dropout) | {"estimate": estimate}
    said |= phrase("aim", "fold" if fold else "width", {"fold": fold, "ci_width": ci_width})
    keys = (*keys, "round_up", *(("dropout",) if dropout else ()))
    return Outcome(outputs, "size", keys, values=said)


def _log_variance(p1: float, n1: float, p2: float, n2: float, measure: str) -> float:
    if measure == "risk_ratio":
        return (1 - p1) / (n1 * p1) + (1 - p2) / (n2 * p2)
    return 1 / (n1 * p1 * (1 - p1)) + 1 / (n2 * p2 * (1 - p2))

"""Precision of a proportion: prevalence, incidence proportion, response rate."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from design.errors import BadDesign
from design.precision.common import (
    HalfWidth,
    Population,
    RelativeError,
    Size,
    Width,
    aim_phrase,
    corrected,
    expanded,
    limits,
    population_keys,
    size_for_width,
    z_of,
)
from design.precision.intervals import proportion_interval
from design.quantities import Dropout, Level, Probability
from design.registry import calculator
from design.result import Outcome
from design.sizes import one_arm_sizes
from design.widths import half_width, width_or_size

Interval = Annotated[
    Literal["wald", "wilson", "exact", "agresti_coull"],
    Field(
        description="Interval: Wald (the textbook formula), Wilson's score, exact "
        "(Clopper-Pearson), or Agresti-Coull. 置信区间方法"
    ),
]
Accuracy = Annotated[
    float, Field(gt=0, le=1, description="Of the test that finds cases; 1 is perfect. 检测准确度")
]
_FEW = 5  # expected events (or nonevents) below which Wald's interval is not to be trusted


@calculator(
    reference="Cochran WG. Sampling Techniques. 3rd ed. 1977, chapter 4 (Wald, finite population); "
    "Wilson EB. J Am Stat Assoc 1927;22:209-12; Clopper CJ, Pearson ES. Biometrika 1934;26:404-13; "
    "Agresti A, Coull BA. Am Stat 1998;52:119-26; Humphry RW et al. Prev Vet Med 2004;65:173-88 "
    "(imperfect test)",
    formula="Wald: n = z^2 p (1-p) / half width^2, finite population n / (1 + (n - 1) / N); the "
    "others: smallest n with upper - lower <= width; imperfect test: q (1-q) / (se + sp - 1)^2 for "
    "p (1-p), q = se p + (1-sp)(1-p)",
)
def proportion_precision(
    *,
    p: Probability,
    abs_error: HalfWidth | None = None,
    ci_width: Width | None = None,
    rel_error: RelativeError | None = None,
    n: Size | None = None,
    level: Level = 0.95,
    interval: Interval = "wald",
    population: Population | None = None,
    sensitivity: Accuracy = 1.0,
    specificity: Accuracy = 1.0,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to estimate a proportion with a precision, or the interval of a number.

    Give one of ``abs_error``, ``ci_width`` and ``rel_error`` for the number of patients, ``n`` for
    the interval. ``p`` is the true proportion where the test is imperfect.
    """
    half = half_width(abs_error=abs_error, ci_width=ci_width, rel_error=rel_error, estimate=p)
    width_or_size(half, n)
    if half is not None and half >= 0.5:
        raise BadDesign(
            "the interval asked for is as wide as 0 to 1: ask for a narrower one", "ci_width"
        )
    perfect = sensitivity == specificity == 1
    if not perfect and interval != "wald":
        raise BadDesign("an imperfect test is allowed for with the Wald interval only", "interval")
    youden = sensitivity + specificity - 1
    if youden <= 0:
        raise BadDesign(
            "sensitivity and specificity add up to 1 or less: the test says nothing", "sensitivity"
        )
    apparent = sensitivity * p + (1 - specificity) * (1 - p)
    z = z_of(level)

    def limits_of(size: float) -> tuple[float, float]:
        if perfect:
            return proportion_interval(p, size, z, interval)
        half = z * (apparent * (1 - apparent) / size) ** 0.5 / youden
        return p - half, p + half

    keys: tuple[str, ...] = (f"interval_{interval}", *population_keys(population))
    keys = (*keys, *(() if perfect else ("imperfect_test",)))
    if n is not None:
        lower, upper = limits_of(expanded(n, population))
        return Outcome(
            limits(lower, upper), "interval", keys, _warned(interval, p, n, lower, upper)
        )
    assert half is not None
    raw = _size(limits_of, half, interval, z, apparent, youden)
    outputs: dict[str, Any] = one_arm_sizes(corrected(raw, population), dropout)
    lower, upper = limits_of(raw)
    keys = (*keys, "round_up_one", *(("dropout",) if dropout else ()))
    warned = _warned(interval, p, outputs["n"], lower, upper)
    return Outcome(outputs, "size", keys, warned, aim_phrase(half, rel_error, ci_width))


def _size(
    limits_of: Any, half: float, interval: str, z: float, apparent: float, youden: float
) -> float:
    if interval == "wald":
        return max(1.0, z**2 * apparent * (1 - apparent) / (half * youden) ** 2)

    def width_of(size: float) -> float:
        lower, upper = limits_of(size)
        return float(upper - lower)

    return size_for_width(width_of, 2 * half, low=1.0)


def _warned(interval: str, p: float, n: float, lower: float, upper: float) -> tuple[str, ...]:
    few = interval == "wald" and n * min(p, 1 - p) < _FEW
    outside = lower < 0 or upper > 1
    return tuple(key for key, holds in (("few_events_wald", few), ("outside", outside)) if holds)

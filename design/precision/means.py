"""Precision of a mean and of a difference of means."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field
from scipy import special

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
    phrase,
    population_keys,
    size_for_width,
    z_of,
)
from design.quantities import Dropout, Level, Ratio
from design.registry import calculator
from design.result import Outcome
from design.sizes import one_arm_sizes, two_arm_sizes
from design.widths import half_width, width_or_size

Mean = Annotated[float, Field(ge=-1e9, le=1e9, description="Expected (or found) mean. 均数")]
Difference = Annotated[float, Field(ge=-1e9, le=1e9, description="Expected difference. 均数差")]
Sd = Annotated[float, Field(ge=1e-9, le=1e9, description="Standard deviation. 标准差")]
TOrZ = Annotated[
    Literal["t", "z"],
    Field(description="Quantile of t, or of the normal with the standard deviation known."),
]
Variance = Annotated[
    Literal["equal", "unequal", "known"],
    Field(
        description="Common variance (t), unequal ones (Welch), or known ones (normal quantile). "
        "Unset: equal for one sd, unequal for two."
    ),
]
Assurance = Annotated[
    float,
    Field(
        ge=0.5,
        lt=1,
        description="Probability that the interval found is no wider than planned (0.5: the median "
        "width); unset: the width at the expected standard deviation. 达到该宽度的概率",
    ),
]


@calculator(
    reference="Kupper LL, Hafner KB. How appropriate are popular sample size formulas? Am Stat "
    "1989;43:101-5; Cochran WG. Sampling Techniques. 3rd ed. 1977, section 4.6",
    formula="smallest n with t_(n-1) sd / sqrt(n) <= half width; z: n = (z sd / half width)^2; "
    "finite population n / (1 + (n - 1) / N)",
)
def mean_precision(
    *,
    sd: Sd,
    mean: Mean | None = None,
    abs_error: HalfWidth | None = None,
    ci_width: Width | None = None,
    rel_error: RelativeError | None = None,
    n: Size | None = None,
    level: Level = 0.95,
    quantile: TOrZ = "t",
    assurance: Assurance | None = None,
    population: Population | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to estimate a mean with a precision, or the interval of a number.

    Give one of ``abs_error``, ``ci_width`` and ``rel_error`` (with ``mean``) for the number of
    patients, ``n`` for the width, and the limits when ``mean`` is given too.
    """
    half = half_width(abs_error=abs_error, ci_width=ci_width, rel_error=rel_error, estimate=mean)
    width_or_size(half, n)
    if assurance is not None and quantile == "z":
        raise BadDesign("assurance needs the t quantile: z takes the sd as known", "assurance")

    def half_of(size: float) -> float:
        return _mean_half(sd, size, level, quantile, assurance)

    least = 2.0 if quantile == "t" else 1.0
    keys = (f"{quantile}_quantile", *(("assured",) if assurance else ()))
    keys = (*keys, *population_keys(population))
    if n is not None:
        if n < least:
            raise BadDesign(f"n must be at least {least:g}", "n")
        found = half_of(expanded(n, population))
        outputs: dict[str, Any] = {"half_width": found, "ci_width": 2 * found}
        if mean is not None:
            outputs |= limits(mean - found, mean + found)
        return Outcome(outputs, "width" if mean is None else "interval", keys)
    assert half is not None
    raw = corrected(size_for_width(half_of, half, low=least), population)
    outputs = one_arm_sizes(raw, dropout)
    values = aim_phrase(half, rel_error, ci_width)
    keys = (*keys, "round_up_one", *(("dropout",) if dropout else ()))
    return Outcome(outputs, "size", keys, values=values)


def _mean_half(sd: float, n: float, level: float, quantile: str, assurance: float | None) -> float:
    if quantile == "z":
        return z_of(level) * sd / math.sqrt(n)
    return _t_half(n - 1, level, assurance) * sd / math.sqrt(n)


def _t_half(df: float, level: float, assurance: float | None) -> float:
    """Quantile of t, times how much larger than expected the SD may turn out with an assurance."""
    z_of(level)  # refuses a level too near 1
    t = float(-special.stdtrit(df, (1 - level) / 2))
    if assurance is None:
        return t
    return t * math.sqrt(special.chdtri(df, 1 - assurance) / df)


@calculator(
    reference="Kupper LL, Hafner KB. Am Stat 1989;43:101-5; Satterthwaite FE. Biometrics Bull "
    "1946;2:110-4 (unequal variances)",
    formula="smallest n1 with t_df sqrt(sd1^2/n1 + sd2^2/n2) <= half width, n1 = k n2",
)
def mean_difference_precision(
    *,
    sd: Sd | None = None,
    sd1: Sd | None = None,
    sd2: Sd | None = None,
    difference: Difference | None = None,
    abs_error: HalfWidth | None = None,
    ci_width: Width | None = None,
    rel_error: RelativeError | None = None,
    n1: Size | None = None,
    n2: Size | None = None,
    ratio: Ratio = 1.0,
    level: Level = 0.95,
    variance: Variance | None = None,
    assurance: Assurance | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to estimate a difference of means with a precision, or the interval.

    Give one of ``abs_error``, ``ci_width`` and ``rel_error`` (with ``difference``) for the number
    of patients, ``n1`` (and ``n2``) for the width.
    """
    first, second = _spreads(sd, sd1, sd2)
    used = variance or ("equal" if first == second else "unequal")
    half = half_width(
        abs_error=abs_error, ci_width=ci_width, rel_error=rel_error, estimate=difference
    )
    width_or_size(half, n1, "n1")
    least = 1.0 if used == "known" else 2.0
    spread = phrase("sd", "one_sd" if sd else "two_sds", {"sd": sd, "sd1": first, "sd2": second})

    def half_of(a: float, b: float) -> float:
        return _difference_half(first, second, a, b, level, used, assurance)

    if assurance is not None and used != "equal":
        raise BadDesign("assurance is calculated for equal variances only", "assurance")
    keys: tuple[str, ...] = (f"{used}_variance", *(("assured",) if assurance else ()))
    if n1 is not None:
        b = n2 if n2 is not None else n1 / ratio
        if min(n1, b) < least:
            raise BadDesign(f"each group needs at least {least:g} patients", "n1")
        found = half_of(n1, b)
        outputs: dict[str, Any] = {"half_width": found, "ci_width": 2 * found}
        values: dict[str, Any] = {**spread, "n2": b}
        if difference is not None:
            outputs |= limits(difference - found, difference + found)
        return Outcome(outputs, "width" if difference is None else "interval", keys, values=values)
    if n2 is not None:
        raise BadDesign("n2 is given without n1", "n1")
    assert half is not None
    low = max(least, least * ratio)
    raw = size_for_width(lambda n: half_of(n, n / ratio), half, low=low)
    outputs = two_arm_sizes(raw, ratio, dropout)
    values = {**spread, **aim_phrase(half, rel_error, ci_width)}
    keys = (*keys, "round_up", *(("dropout",) if dropout else ()))
    return Outcome(outputs, "size", keys, values=values)


def _difference_half(
    sd1: float,
    sd2: float,
    n1: float,
    n2: float,
    level: float,
    variance: str,
    assurance: float | None,
) -> float:
    first, second = sd1**2 / n1, sd2**2 / n2
    error = math.sqrt(first + second)
    if variance == "known":
        return z_of(level) * error
    if variance == "unequal":
        df = (first + second) ** 2 / (first**2 / (n1 - 1) + second**2 / (n2 - 1))
    else:
        df = n1 + n2 - 2
        pooled = ((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / df
        error = math.sqrt(pooled * (1 / n1 + 1 / n2))
    return _t_half(df, level, assurance) * error


def _spreads(sd: float | None, sd1: float | None, sd2: float | None) -> tuple[float, float]:
    if sd is not None:
        if sd1 is not None or sd2 is not None:
            raise BadDesign("give either sd for both groups, or sd1 and sd2", "sd")
        return sd, sd
    if sd1 is None or sd2 is None:
        raise BadDesign("give sd (both groups alike), or both sd1 and sd2", "sd")
    return sd1, sd2

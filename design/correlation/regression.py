"""Linear regression: multiple R2 or its increase, and a single slope: sample size and power."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.correlation.common import (
    SampleSize,
    alpha_phrase,
    refuse_few,
    warnings_for,
)
from design.errors import BadDesign
from design.noncentral import t_above, t_critical
from design.quantities import Alpha, Dropout, Power, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import one_arm_sizes, power_or_size
from design.solving import smallest_size

F2 = Annotated[
    float, Field(ge=1e-9, le=1e4, description="Cohen's f2: R2 gained / (1 - R2). 效应量 f²")
]
R2 = Annotated[float, Field(ge=0, lt=1, description="Share of variance explained. 决定系数 R²")]
Predictors = Annotated[
    int, Field(ge=1, le=10_000, description="Predictors (coefficients). 自变量数")
]
Slope = Annotated[float, Field(ge=-1e9, le=1e9, description="Expected slope. 回归系数")]
Sd = Annotated[float, Field(ge=1e-9, le=1e9, description="Standard deviation. 标准差")]


@calculator(
    reference="Cohen J. Statistical Power Analysis for the Behavioral Sciences. 2nd ed. 1988, "
    "chapter 9",
    formula="P(F_(u,v) > F_alpha | noncentrality f2 (u + v + 1)) = power; u predictors tested, v = "
    "n - all predictors - 1; f2 = (R2 - R2 of the others) / (1 - R2)",
)
def multiple_regression(
    *,
    tested: Predictors,
    predictors: Predictors | None = None,
    f2: F2 | None = None,
    r2: R2 | None = None,
    r2_others: R2 | None = None,
    alpha: Alpha = 0.05,
    power: Power | None = None,
    n: SampleSize | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients for the F test of predictors in a linear regression, or its power.

    ``tested`` of all ``predictors`` (the same number when not given) are tested together. The
    effect is ``f2``, or ``r2`` of the whole model and ``r2_others`` without those tested. Give
    ``power`` for the number of patients, ``n`` for the power.
    """
    count = tested if predictors is None else predictors
    if count < tested:
        raise BadDesign(f"{tested} predictors are tested of {count} in all", "predictors")
    effect = _f2(f2, r2, r2_others)
    power_or_size(power, n=n)

    def power_of(v: float) -> float:
        critical = special.fdtri(tested, v, 1 - alpha)
        return float(1 - special.ncfdtr(tested, v, effect * (tested + v + 1), critical))

    said: tuple[str, ...] = ("omnibus", "f_test", "noncentrality_cohen")
    values = {"predictors": count}
    if power is None:
        assert n is not None
        refuse_few(n, count + 2)
        found = power_of(n - count - 1)
        warned = warnings_for(alpha / 2, found)
        return Outcome({"power": found, "f2": effect}, "power", said, warned, values)
    v = smallest_size(power_of, power, low=1.0, field="f2")
    outputs = one_arm_sizes(v + count + 1, dropout)
    outputs |= {
        "v_raw": v,
        "power_achieved": power_of(outputs["n"] - count - 1),
        "f2": effect,
    }
    said = (*said, "round_up_one", *(("dropout",) if dropout else ()))
    return Outcome(outputs, "size", said, warnings_for(alpha / 2, power), values)


def _f2(f2: float | None, r2: float | None, others: float | None) -> float:
    if f2 is not None:
        if r2 is not None or others is not None:
            raise BadDesign("give either f2, or r2 (and r2_others)", "f2")
        return f2
    if r2 is None:
        raise BadDesign("give f2, or r2 of the whole model", "f2")
    gained = r2 - (others or 0.0)
    if gained <= 0:
        raise BadDesign(
            f"r2 {r2:g} is not above r2_others {others or 0:g}: nothing is gained", "r2"
        )
    return gained / (1 - r2)


@calculator(
    reference="Dupont WD, Plummer WD. Power and sample size calculations for studies involving "
    "linear regression. Control Clin Trials 1998;19:589-601",
    formula="P(|T_(n-2)| > t_a | noncentrality slope sd_x sqrt(n) / sd_residual) = power",
)
def regression_slope(
    *,
    slope: Slope,
    sd_x: Sd,
    sd_residual: Sd | None = None,
    sd_y: Sd | None = None,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n: SampleSize | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to test the slope of a simple linear regression, or its power.

    The spread is ``sd_residual`` about the line, or ``sd_y`` of the outcome. Give ``power`` for
    the number of patients, ``n`` for the power.
    """
    if slope == 0:
        raise BadDesign("the slope is 0: there is nothing to detect", "slope")
    residual = _residual(slope, sd_x, sd_residual, sd_y)
    power_or_size(power, n=n)
    level = alpha / sides
    unit = abs(slope) * sd_x / residual

    def power_of(size: float) -> float:
        critical = t_critical(level, size - 2)
        shift = unit * size**0.5
        wrong = t_above(critical, size - 2, -shift) if sides == 2 else 0.0
        return min(1.0, t_above(critical, size - 2, shift) + wrong)

    said: tuple[str, ...] = (sides_key(sides), "slope_t")
    shared: dict[str, Any] = {"sd_residual": residual}
    values = {**shared, **alpha_phrase(alpha, sides)}
    if power is None:
        assert n is not None
        refuse_few(n, 3)
        found = power_of(n)
        return Outcome(
            {"power": found, **shared}, "power", said, warnings_for(level, found), values
        )
    raw = smallest_size(power_of, power, low=3.0, field="slope")
    outputs = one_arm_sizes(raw, dropout)
    outputs |= {"power_achieved": power_of(outputs["n"]), **shared}
    said = (*said, "round_up_one", *(("dropout",) if dropout else ()))
    return Outcome(outputs, "size", said, warnings_for(level, power), values)


def _residual(slope: float, sd_x: float, residual: float | None, sd_y: float | None) -> float:
    if (residual is None) == (sd_y is None):
        raise BadDesign("give either sd_residual or sd_y", "sd_residual")
    if residual is not None:
        return residual
    assert sd_y is not None
    explained = abs(slope) * sd_x
    if explained >= sd_y:
        raise BadDesign(
            f"slope times sd_x is {explained:g}, not below sd_y {sd_y:g}: the line would explain "
            "more than there is",
            "sd_y",
        )
    return float((sd_y - explained) ** 0.5 * (sd_y + explained) ** 0.5)

"""Precision of a correlation coefficient."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from design.errors import BadDesign
from design.precision.common import (
    HalfWidth,
    Size,
    Width,
    aim_phrase,
    limits,
    size_for_width,
    z_of,
)
from design.quantities import Dropout, Level
from design.registry import calculator
from design.result import Outcome
from design.sizes import one_arm_sizes
from design.widths import half_width, width_or_size

Coefficient = Annotated[float, Field(gt=-1, lt=1, description="Correlation coefficient. 相关系数")]
Kind = Annotated[
    Literal["pearson", "spearman", "kendall"],
    Field(description="Which coefficient. 相关系数类型"),
]


@calculator(
    reference="Fisher RA. Metron 1921;1:3-32; Bonett DG, Wright TA. Sample size requirements for "
    "estimating Pearson, Kendall and Spearman correlations. Psychometrika 2000;65:23-8",
    formula="tanh(atanh(r) +- z c / sqrt(n - b)); pearson c = 1, b = 3; spearman c^2 = 1 + r^2/2, "
    "b = 3; kendall c^2 = 0.437, b = 4",
)
def correlation_precision(
    *,
    r: Coefficient,
    ci_width: Width | None = None,
    abs_error: HalfWidth | None = None,
    n: Size | None = None,
    level: Level = 0.95,
    coefficient: Kind = "pearson",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to estimate a correlation with a precision, or the interval of a number.

    Give ``ci_width`` (or ``abs_error``, half of it) for the number of patients, ``n`` for the
    interval.
    """
    half = half_width(abs_error=abs_error, ci_width=ci_width, rel_error=None, estimate=None)
    width_or_size(half, n)
    spread = {"pearson": 1.0, "spearman": (1 + r**2 / 2) ** 0.5, "kendall": 0.437**0.5}[coefficient]
    lost = 4 if coefficient == "kendall" else 3
    z = z_of(level)

    def limits_of(size: float) -> tuple[float, float]:
        room = z * spread / (size - lost) ** 0.5
        return math.tanh(math.atanh(r) - room), math.tanh(math.atanh(r) + room)

    keys: tuple[str, ...] = ("fisher_interval", f"coefficient_{coefficient}")
    if n is not None:
        if n < lost + 1:
            raise BadDesign(f"n must be at least {lost + 1}", "n")
        return Outcome(limits(*limits_of(n)), "interval", keys)
    assert half is not None
    if half >= 1:
        raise BadDesign("the interval asked for is as wide as -1 to 1", "ci_width")

    def width_of(size: float) -> float:
        lower, upper = limits_of(size)
        return upper - lower

    raw = size_for_width(width_of, 2 * half, low=lost + 1.0)
    keys = (*keys, "round_up_one", *(("dropout",) if dropout else ()))
    outputs = one_arm_sizes(raw, dropout)
    return Outcome(outputs, "size", keys, values=aim_phrase(half, None, ci_width))

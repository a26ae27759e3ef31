"""Precision of a difference of two proportions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from design.errors import BadDesign
from design.precision.common import (
    HalfWidth,
    RelativeError,
    Size,
    Width,
    aim_phrase,
    limits,
    size_for_width,
    z_of,
)
from design.precision.intervals import difference_interval
from design.quantities import Dropout, Level, Probability, Ratio
from design.registry import calculator
from design.result import Outcome
from design.sizes import two_arm_sizes
from design.widths import half_width, width_or_size

Interval = Annotated[
    Literal["newcombe", "agresti_caffo", "wald"],
    Field(description="Interval: Newcombe's method 10, Agresti-Caffo, or Wald. 置信区间方法"),
]


@calculator(
    reference="Newcombe RG. Stat Med 1998;17:873-90; Agresti A, Caffo B. Am Stat 2000;54:280-8",
    formula="smallest n1 with upper - lower <= width, n1 = k n2; Wald: n1 = z^2 (p1(1-p1) + k "
    "p2(1-p2)) / half width^2",
)
def proportion_difference_precision(
    *,
    p1: Probability,
    p2: Probability,
    abs_error: HalfWidth | None = None,
    ci_width: Width | None = None,
    rel_error: RelativeError | None = None,
    n1: Size | None = None,
    n2: Size | None = None,
    ratio: Ratio = 1.0,
    level: Level = 0.95,
    interval: Interval = "newcombe",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to estimate a difference of proportions with a precision, or the interval.

    Give one of ``abs_error``, ``ci_width`` and ``rel_error`` for the number of patients, ``n1``
    (and ``n2``) for the interval.
    """
    half = half_width(abs_error=abs_error, ci_width=ci_width, rel_error=rel_error, estimate=p1 - p2)
    width_or_size(half, n1, "n1")
    z = z_of(level)
    keys: tuple[str, ...] = (f"interval_{interval}",)
    if n1 is not None:
        second = n2 if n2 is not None else n1 / ratio
        found = limits(*difference_interval(p1, n1, p2, second, z, interval))
        return Outcome(found, "interval", keys, values={"n2": second})
    if n2 is not None:
        raise BadDesign("n2 is given without n1", "n1")
    assert half is not None
    if half >= 1:
        raise BadDesign("the interval asked for is as wide as -1 to 1", "ci_width")

    def width_of(n: float) -> float:
        lower, upper = difference_interval(p1, n, p2, n / ratio, z, interval)
        return upper - lower

    if interval == "wald":
        raw = max(1.0, ratio, z**2 * (p1 * (1 - p1) + ratio * p2 * (1 - p2)) / half**2)
    else:
        raw = size_for_width(width_of, 2 * half, low=max(1.0, ratio))
    outputs: dict[str, Any] = two_arm_sizes(raw, ratio, dropout)
    keys = (*keys, "round_up", *(("dropout",) if dropout else ()))
    return Outcome(outputs, "size", keys, values=aim_phrase(half, rel_error, ci_width))

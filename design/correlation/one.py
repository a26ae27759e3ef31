"""Test of one correlation coefficient: sample size and power."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.correlation.common import (
    Coefficient,
    SampleSize,
    alpha_phrase,
    refuse_few,
    warnings_for,
)
from design.errors import BadDesign
from design.quantities import Alpha, Dropout, Power, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import one_arm_sizes, power_or_size
from design.solving import smallest_size

Test = Annotated[
    Literal["t", "fisher"],
    Field(
        description="t test of a correlation of 0, its power by Fisher's z with the bias term; or "
        "the test of Fisher's z itself. Unset: t against 0, fisher against another value."
    ),
]


@calculator(
    reference="Cohen J. Statistical Power Analysis for the Behavioral Sciences. 2nd ed. 1988, "
    "chapter 3; Fisher RA. Metron 1921;1:3-32",
    formula="t: power = P(Z > (atanh(rc) - atanh(r) - r/(2(n-1))) sqrt(n-3)), rc = t_a / "
    "sqrt(t_a^2 + n - 2); fisher: n = ((z_a + z_b) / (atanh(r) - atanh(r0)))^2 + 3",
)
def correlation(
    *,
    r: Coefficient,
    r0: Coefficient = 0.0,
    test: Test | None = None,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n: SampleSize | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to test a Pearson correlation against ``r0``, or the power of a number.

    Give ``power`` for the number of patients, ``n`` for the power.
    """
    if r == r0:
        raise BadDesign("r equals r0: there is nothing to detect", "r")
    used = test or ("t" if r0 == 0 else "fisher")
    if used == "t" and r0 != 0:
        raise BadDesign("the t test is of a correlation of 0; use test fisher", "test")
    power_or_size(power, n=n)
    level = alpha / sides

    def power_of(size: float) -> float:
        if used == "fisher":
            return fisher_power(r, r0, size, level)
        return t_power(abs(r), size, level, sides)

    said = (sides_key(sides), f"correlation_{used}")
    if power is None:
        assert n is not None
        refuse_few(n, 4)
        found = power_of(n)
        warned = warnings_for(level, found)
        return Outcome({"power": found}, "power", said, warned, alpha_phrase(alpha, sides))
    raw = smallest_size(power_of, power, low=4.0, field="r")
    outputs = one_arm_sizes(raw, dropout)
    outputs["power_achieved"] = power_of(outputs["n"])
    said = (*said, "round_up_one", *(("dropout",) if dropout else ()))
    return Outcome(outputs, "size", said, warnings_for(level, power), alpha_phrase(alpha, sides))


def fisher_power(r: float, r0: float, n: float, level: float) -> float:
    """Power of the test of Fisher's z, rejection in the wrong direction left out."""
    shift = abs(math.atanh(r) - math.atanh(r0)) * (n - 3) ** 0.5
    return float(special.ndtr(shift + special.ndtri(level)))


def t_power(r: float, n: float, level: float, sides: int) -> float:
    """Power of the t test of a correlation of 0, both directions counted when two-sided."""
    t = float(-special.stdtrit(n - 2, level))
    critical = math.asinh(t / (n - 2) ** 0.5)  # atanh of t / sqrt(t^2 + n - 2)
    expected = math.atanh(r) + r / (2 * (n - 1))
    root = (n - 3) ** 0.5
    power = float(special.ndtr((expected - critical) * root))
    if sides == 2:
        power += float(special.ndtr((-expected - critical) * root))
    return power

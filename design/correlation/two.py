"""Comparison of the correlations of two independent groups: sample size and power."""

from __future__ import annotations

import math

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
from design.quantities import Alpha, Dropout, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import power_or_size, two_arm_sizes
from design.solving import smallest_size


@calculator(
    reference="Cohen J. Statistical Power Analysis for the Behavioral Sciences. 2nd ed. 1988, "
    "chapter 4",
    formula="power = P(Z > z_a - |atanh(r1) - atanh(r2)| / sqrt(1/(n1-3) + 1/(n2-3)))",
)
def two_correlations(
    *,
    r1: Coefficient,
    r2: Coefficient,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: SampleSize | None = None,
    n2: SampleSize | None = None,
    ratio: Ratio = 1.0,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to compare two independent correlations, or the power of a number.

    Give ``power`` for the number of patients; ``n1`` and ``n2`` (or ``ratio``) for the power.
    """
    if r1 == r2:
        raise BadDesign("r1 and r2 are equal: there is nothing to detect", "r2")
    power_or_size(power, n1=n1)
    critical = float(-special.ndtri(alpha / sides))
    q = abs(math.atanh(r1) - math.atanh(r2))

    values = alpha_phrase(alpha, sides)

    def power_of(first: float, second: float) -> float:
        error = (1 / (first - 3) + 1 / (second - 3)) ** 0.5
        return float(special.ndtr(q / error - critical))

    said: tuple[str, ...] = (sides_key(sides), "correlation_fisher")
    if power is None:
        assert n1 is not None
        second = n2 if n2 is not None else n1 / ratio
        if n2 is not None and ratio != 1 and abs(n1 / n2 - ratio) > 1e-6 * ratio:
            raise BadDesign(
                f"n1 / n2 is {n1 / n2:g} and ratio is {ratio:g}; leave one out", "ratio"
            )
        refuse_few(n1, 4, "n1")
        refuse_few(second, 4, "n2")
        found = power_of(n1, second)
        warned = warnings_for(alpha / sides, found)
        return Outcome({"power": found, "q": q}, "power", said, warned, {**values, "n2": second})
    if n2 is not None:
        raise BadDesign("n2 is given with power; give power alone, or n1 with n2", "n2")
    low = max(4.0, 4.0 * ratio)
    raw = smallest_size(lambda n: power_of(n, n / ratio), power, low=low, field="r2")
    outputs = two_arm_sizes(raw, ratio, dropout)
    outputs |= {"power_achieved": power_of(outputs["n1"], outputs["n2"]), "q": q}
    said = (*said, "round_up", *(("dropout",) if dropout else ()))
    return Outcome(outputs, "size", said, warnings_for(alpha / sides, power), values)

"""Nonparametric test of independence of two measurements (Kendall's tau): size and power."""

from __future__ import annotations

from scipy import special

from design.conventions import sides_key
from design.correlation.common import (
    SampleSize,
    alpha_phrase,
    warnings_for,
)
from design.errors import BadDesign
from design.quantities import Alpha, Dropout, Power, Probability, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import one_arm_sizes, power_or_size
from design.solving import smallest_size


@calculator(
    reference="Noether GE. J Am Stat Assoc 1987;82:645-7; Chow SC, Shao J, Wang H. Sample Size "
    "Calculations in Clinical Research. 2nd ed. 2008, section 14.4",
    formula="n = 4 (z_a/3 + z_b sqrt(2 p2 - 1 - (2 p1 - 1)^2))^2 / (2 p1 - 1)^2; without p2, "
    "Noether: n = (z_a + z_b)^2 / (9 (p1 - 1/2)^2)",
)
def nonparametric_independence(
    *,
    p1: Probability,
    p2: Probability | None = None,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n: SampleSize | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to test that two measurements are independent, or its power.

    ``p1`` is the probability that two patients are ordered alike by both measurements (Kendall's
    tau is 2 p1 - 1), ``p2`` that a patient is ordered so with each of two others, or against both.
    """
    if p1 == 0.5:
        raise BadDesign("p1 is 1/2: there is nothing to detect", "p1")
    power_or_size(power, n=n)
    level = alpha / sides
    critical = float(-special.ndtri(level))
    tau = 2 * p1 - 1
    if p2 is None:
        spread = 1 / 3
    else:
        variance = 2 * p2 - 1 - tau**2
        if variance <= 0:
            raise BadDesign(
                f"2 p2 - 1 - (2 p1 - 1)^2 is {variance:g}; it must be above 0, so p2 above "
                f"{(1 + tau**2) / 2:g}",
                "p2",
            )
        spread = variance**0.5

    def power_of(size: float) -> float:
        return float(special.ndtr((abs(tau) * size**0.5 / 2 - critical / 3) / spread))

    said: tuple[str, ...] = (sides_key(sides), "kendall_null" if p2 is None else "kendall_both")
    values = {"tau": tau}
    phrases = alpha_phrase(alpha, sides)
    if power is None:
        assert n is not None
        found = power_of(n)
        warned = warnings_for(level, found)
        return Outcome({"power": found, **values}, "power", said, warned, phrases)
    raw = smallest_size(power_of, power, low=1.0, field="p1")
    outputs = one_arm_sizes(raw, dropout)
    outputs |= {"power_achieved": power_of(outputs["n"]), **values}
    said = (*said, "round_up_one", *(("dropout",) if dropout else ()))
    return Outcome(outputs, "size", said, warnings_for(level, power), phrases)

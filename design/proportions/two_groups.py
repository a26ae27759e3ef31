"""Comparison of two independent proportions: sample size and power."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.quantities import Alpha, Count, Dropout, Power, Probability, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import two_arm_sizes

Test = Annotated[
    Literal["unpooled", "pooled"],
    Field(description="Variance of the z test: of each group, or of both together under H0."),
]


@calculator(
    reference="Chow SC, Shao J, Wang H. Sample Size Calculations in Clinical Research. 2nd ed. "
    "2008, section 4.2; Fleiss JL. Statistical Methods for Rates and Proportions. 2nd ed. 1981 "
    "(pooled)",
    formula="n2 = (z_a + z_b)^2 (p1(1-p1)/k + p2(1-p2)) / (p1-p2)^2, n1 = k n2 (unpooled)",
)
def two_proportions(
    *,
    p1: Probability,
    p2: Probability,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: Count | None = None,
    ratio: Ratio = 1.0,
    test: Test = "unpooled",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients for a difference of two proportions, or the power of a number.

    Give ``power`` for the number of patients, ``n1`` for the power.
    """
    if p1 == p2:
        raise BadDesign("p1 and p2 are equal: there is no difference to detect", "p2")
    if (power is None) == (n1 is None):
        raise BadDesign("give either power (for the sample size) or n1 (for the power)", "power")
    z_alpha = float(special.ndtri(1 - alpha / sides))
    difference = abs(p1 - p2)
    own = (p1 * (1 - p1) + ratio * p2 * (1 - p2)) ** 0.5
    null = own
    if test == "pooled":
        mean = (ratio * p1 + p2) / (ratio + 1)
        null = ((1 + ratio) * mean * (1 - mean)) ** 0.5
    said = ("two_sided" if sides == 2 else "one_sided", f"{test}_variance")
    if power is None:
        assert n1 is not None
        z = (difference * n1**0.5 - z_alpha * null) / own
        outputs = {"power": float(special.ndtr(z))}
        return Outcome(outputs, "power", said, values={"n2": n1 / ratio})
    raw = ((z_alpha * null + float(special.ndtri(power)) * own) / difference) ** 2
    outputs = two_arm_sizes(raw, ratio, dropout)
    return Outcome(outputs, "size", (*said, "round_up", *(("dropout",) if dropout else ())))

"""Comparison of the means of two independent groups: sample size and power."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from design.errors import BadDesign
from design.means.asked import asked_of_means
from design.means.hypotheses import Hypothesis
from design.means.inputs import given_arms, spreads
from design.means.sizing import two_arms
from design.means.types import (
    Better,
    BothTails,
    Difference,
    EquivalencePower,
    Margin,
    Mean,
    Size,
    Spread,
    TotalSize,
)
from design.quantities import Aim, Alpha, Dropout, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome

Test = Annotated[
    Literal["t", "welch", "z"],
    Field(
        description="t test with a common variance, Welch's t test for unequal ones, or z test "
        "with the standard deviations taken as known."
    ),
]


@calculator(
    reference="Chow SC, Shao J, Wang H. Sample Size Calculations in Clinical Research. 2nd ed. "
    "2008, section 3.2 (z); Julious SA. Sample sizes for clinical trials with normal data. Stat "
    "Med 2004;23:1921-86 (noncentral t); Satterthwaite FE. Biometrics Bull 1946;2:110-4 (Welch)",
    formula="z: n2 = (z_a + z_b)^2 (sd1^2/k + sd2^2) / effect^2, n1 = k n2; t: smallest n with "
    "P(T > t_a | noncentrality effect / SE, df) = power; effect = d (equality), d + margin "
    "(noninferiority), d - margin (superiority), margin - |d| with beta/2 (equivalence)",
)
def two_means(
    *,
    mean1: Mean | None = None,
    mean2: Mean | None = None,
    difference: Difference | None = None,
    sd: Spread | None = None,
    sd1: Spread | None = None,
    sd2: Spread | None = None,
    test: Test = "t",
    aim: Aim = "equality",
    margin: Margin | None = None,
    better: Better = "higher",
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: Size | None = None,
    n2: Size | None = None,
    n_total: TotalSize | None = None,
    ratio: Ratio = 1.0,
    both_tails: BothTails | None = None,
    equivalence_power: EquivalencePower | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to compare two means, or the power of a number.

    Give the means (or their difference) and the standard deviation; ``power`` for the number of
    patients, ``n1`` (and ``n2``) or ``n_total`` for the power.
    """
    spread = spreads(sd, sd1, sd2)
    if test == "t" and spread[0] != spread[1]:
        raise BadDesign("the t test assumes one standard deviation; use test welch, or z", "test")
    asked = asked_of_means(
        {"mean1": mean1, "mean2": mean2},
        difference,
        {"sd": sd, "sd1": sd1, "sd2": sd2},
        test=test,
        aim=aim,
        margin=margin,
        better=better,
        alpha=alpha,
        sides=sides,
        both_tails=both_tails,
        equivalence_power=equivalence_power,
    )
    least = 1.0 if test == "z" else 2.0
    return two_arms(
        asked,
        lambda a, b: two_group_power(asked.hypothesis, a, b, spread, test),
        power,
        given_arms(power, n1, n2, n_total, ratio, least),
        ratio=ratio,
        dropout=dropout,
        least=least,
        rounding=("allocation", "round_up") if ratio != 1 else ("round_up",),
    )


def two_group_power(
    asked: Hypothesis, n1: float, n2: float, spread: tuple[float, float], test: str
) -> float:
    """Power of a comparison of two groups with these sizes and standard deviations."""
    first, second = spread[0] ** 2 / n1, spread[1] ** 2 / n2
    df: float | None = None
    if test == "t":
        df = n1 + n2 - 2
    elif test == "welch":
        df = (first + second) ** 2 / (first**2 / (n1 - 1) + second**2 / (n2 - 1))
    return asked.power((first + second) ** 0.5, df)

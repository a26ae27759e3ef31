"""Group sequential sample size and power for one or two proportions."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from design.errors import BadDesign
from design.quantities import Count, Dropout, Power, Probability, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.sequential.fixed import rate_size
from design.sequential.inputs import (
    AlphaOrNot,
    Binding,
    Boundary,
    Futility,
    FutilityBounds,
    FutilityShape,
    Looks,
    Shape,
    Spent,
    Timing,
)
from design.sequential.means import Groups
from design.sequential.options import default_alpha
from design.sequential.patients import Arms, outcome_of_patients
from design.sequential.sizing import sized

Difference = Annotated[
    float,
    Field(gt=-1, lt=1, description="p1 - p2 under the null hypothesis, e.g. minus the margin."),
]
Test = Annotated[
    Literal["pooled", "unpooled"],
    Field(description="Variance of the z test of two groups: pooled under H0, or of each group."),
]


@calculator(
    reference="Jennison C, Turnbull BW. Group Sequential Methods with Applications to Clinical "
    "Trials. 2000, chapters 2-4 and 12; Fleiss JL. Statistical Methods for Rates and Proportions. "
    "2nd ed. 1981 (pooled variance)",
    formula="max n = n_fixed * (drift / (z_a + z_b))^2; n_fixed = ((z_a s0 + z_b s1) / "
    "(p1 - p2 - null))^2",
)
def group_sequential_proportions(
    *,
    p1: Probability,
    p2: Probability,
    null: Difference = 0.0,
    groups: Groups = 2,
    test: Test = "pooled",
    ratio: Ratio = 1.0,
    looks: Looks | None = None,
    timing: Timing | None = None,
    alpha: AlphaOrNot | None = None,
    sides: Sides = 1,
    power: Power | None = None,
    max_n: Count | None = None,
    boundary: Boundary = "obrien_fleming",
    shape: Shape | None = None,
    alpha_spent: Spent | None = None,
    futility: Futility = "none",
    futility_shape: FutilityShape | None = None,
    futility_bounds: FutilityBounds | None = None,
    beta_spent: Spent | None = None,
    binding: Binding = False,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Largest and expected number of patients for two proportions, or one against a target.

    With one group ``p2`` is the target. ``null`` is the difference under the null hypothesis: 0,
    or minus the margin for non-inferiority of a rate of success. Give ``power`` for the size,
    ``max_n`` (all arms) for the power.
    """
    effect = p1 - p2 - null
    if abs(effect) < 1e-12:
        raise BadDesign("p1 - p2 equals null: there is nothing to detect", "p2")
    if groups == 1 and (ratio != 1 or null != 0):
        raise BadDesign("ratio and null are for two groups; with one, p2 is the target", "groups")
    if test == "pooled" and null != 0:
        raise BadDesign(
            "the pooled variance is for a null difference of 0: use test unpooled with a margin",
            "test",
        )
    own = p1 * (1 - p1) + ratio * p2 * (1 - p2)
    mean = (ratio * p1 + p2) / (1 + ratio)
    under_null = (1 + ratio) * mean * (1 - mean) if test == "pooled" else own
    if groups == 1:
        own, under_null = p1 * (1 - p1), p2 * (1 - p2)
    arms = Arms(groups, ratio, dropout)
    level = default_alpha(alpha, sides)

    def fixed(reached: float) -> float:
        return rate_size(effect, under_null, own, alpha=level, sides=sides, power=reached)

    plan = sized(
        lambda reached: fixed(reached) * arms.per_first,
        power,
        max_n,
        looks=looks,
        timing=timing,
        alpha=alpha,
        sides=sides,
        boundary=boundary,
        shape=shape,
        alpha_spent=alpha_spent,
        futility=futility,
        futility_shape=futility_shape,
        futility_bounds=futility_bounds,
        beta_spent=beta_spent,
        binding=binding,
    )
    return outcome_of_patients(
        plan,
        arms,
        fixed=fixed(plan.options.power),
        given=max_n,
        difference=(p1 - p2, null),
        bound=lambda z, n: z * math.sqrt(under_null / n),
        keys=("target_null" if groups == 1 else f"{test}_null", "inflation"),
        centre=p2 if groups == 1 else null,
    )

"""Group sequential sample size and power for one or two means."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.quantities import Count, Dropout, Positive, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.sequential.fixed import mean_size
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
from design.sequential.options import default_alpha
from design.sequential.patients import Arms, outcome_of_patients
from design.sequential.sizing import sized

Number = Annotated[float, Field(description="A value on the scale of the outcome.")]
Groups = Annotated[Literal[1, 2], Field(description="Number of arms. 组数")]


@calculator(
    reference="Jennison C, Turnbull BW. Group Sequential Methods with Applications to Clinical "
    "Trials. 2000, chapters 2-4; Wassmer G, Brannath W. Group Sequential and Confirmatory Adaptive "
    "Designs in Clinical Trials. 2016, chapter 5 (inflation of the fixed t test)",
    formula="max n = n_fixed * (drift / (z_a + z_b))^2; n_fixed of the z test, or of the "
    "noncentral t test",
)
def group_sequential_means(
    *,
    difference: Number,
    sd: Positive,
    null: Number = 0.0,
    sd2: Positive | None = None,
    groups: Groups = 2,
    ratio: Ratio = 1.0,
    t_test: Annotated[bool, Field(description="Fixed size by the t distribution. t 校正")] = False,
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
    """Largest and expected number of patients for a mean or a difference of two means.

    ``difference`` is that of the means (the mean itself with one group), ``null`` its value under
    the null hypothesis. Give ``power`` for the size, ``max_n`` (all arms) for the power.
    """
    effect = difference - null
    if effect == 0:
        raise BadDesign("difference equals null: there is nothing to detect", "difference")
    if groups == 1 and (ratio != 1 or sd2 is not None):
        raise BadDesign("ratio and sd2 are for two groups", "groups")
    if t_test and sd2 is not None and sd2 != sd:
        raise BadDesign("the t test here is for a common sd; leave out sd2 or t_test", "sd2")
    other = sd if sd2 is None else sd2
    variance = sd**2 if groups == 1 else sd**2 + ratio * other**2
    arms = Arms(groups, ratio, dropout)
    level = default_alpha(alpha, sides)

    def fixed(reached: float) -> float:
        return mean_size(
            effect,
            variance,
            alpha=level,
            sides=sides,
            power=reached,
            lost=groups,
            per_n=arms.per_first,
            t_test=t_test,
        )

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

    def bound(z: float, n: float) -> float:
        return _quantile(z, n * arms.per_first - groups, t_test) * math.sqrt(variance / n)

    return outcome_of_patients(
        plan,
        arms,
        fixed=fixed(plan.options.power),
        given=max_n,
        difference=(difference, null),
        bound=bound,
        keys=("inflation", *(("t_test",) if t_test else ())),
    )


def _quantile(z: float, freedom: float, t_test: bool) -> float:
    """The z bound, or the t quantile of the same nominal level."""
    if not t_test or freedom < 1 or z > 8:
        return z
    return -float(special.stdtrit(freedom, special.ndtr(-z)))

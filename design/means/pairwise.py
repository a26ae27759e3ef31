"""Pairwise comparisons of the means of several groups with the Bonferroni correction."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from design.errors import BadDesign
from design.means.hypotheses import hypothesis
from design.means.inputs import expected_difference, given_arms, spreads
from design.means.phrases import (
    common_phrases,
    dropout_phrase,
    phrase,
    test_conventions,
    warnings_for,
)
from design.means.sizing import size_two_arms
from design.means.two_groups import Test, two_group_power
from design.means.types import BothTails, Difference, Mean, Size, Spread
from design.quantities import Alpha, Dropout, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome

Groups = Annotated[int, Field(ge=2, le=1000, description="Groups in the study. 组数")]
Comparisons = Annotated[
    int,
    Field(
        ge=1,
        le=500_000,
        description="Pairwise comparisons that share alpha. Unset: all pairs of the groups. "
        "比较次数",
    ),
]


@calculator(
    reference="Chow SC, Shao J, Wang H. Sample Size Calculations in Clinical Research. 2nd ed. "
    "2008, section 3.4.1",
    formula="n = 2 (z_(a/tau) + z_b)^2 sd^2 / d^2 per group, a = alpha/sides, tau comparisons",
)
def pairwise_means(
    *,
    mean1: Mean | None = None,
    mean2: Mean | None = None,
    difference: Difference | None = None,
    sd: Spread | None = None,
    sd1: Spread | None = None,
    sd2: Spread | None = None,
    groups: Groups | None = None,
    comparisons: Comparisons | None = None,
    test: Test = "t",
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: Size | None = None,
    ratio: Ratio = 1.0,
    both_tails: BothTails | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients per group to detect a difference between two of several groups.

    ``difference`` is the smallest one that is to be detected between any two groups; each
    comparison is tested at alpha divided by the number of ``comparisons``. The t test uses the
    variance of the two groups compared only. Give ``power``, or ``n1`` for the power.
    """
    count = _comparisons(groups, comparisons)
    spread = spreads(sd, sd1, sd2)
    if test == "t" and spread[0] != spread[1]:
        raise BadDesign("the t test assumes one standard deviation; use test welch, or z", "test")
    counted = both_tails if both_tails is not None else test != "z"
    asked = hypothesis(
        "equality",
        expected_difference(difference, mean1, mean2),
        None,
        level=alpha / sides / count,
        both_tails=counted and sides == 2,
    )
    least = 1.0 if test == "z" else 2.0
    arms = given_arms(power, n1, None, None, ratio, least)
    values = {
        "mean1": mean1,
        "mean2": mean2,
        "difference": difference,
        "sd": sd,
        "sd1": sd1,
        "sd2": sd2,
        "alpha": alpha,
        "sides": sides,
    }
    said: dict[str, Any] = common_phrases(values) | phrase("test", f"{test}_test", {})
    shared = {"comparisons": count, "alpha_each": alpha / count}
    keys = test_conventions(test=test, aim="equality", sides=sides, both_tails=counted, exact=False)
    keys = (*keys, "bonferroni")
    if arms is not None:
        found = two_group_power(asked, *arms, spread, test)
        warned = warnings_for(level=alpha / sides, power=found, smallest=min(arms), test=test)
        said |= {"n1": arms[0], "n2": arms[1]}
        return Outcome({"power": found, **shared}, "power", keys, warned, said)
    assert power is not None
    outputs = size_two_arms(
        lambda a, b: two_group_power(asked, a, b, spread, test),
        power,
        ratio=ratio,
        dropout=dropout,
        least=least,
    )
    if groups is not None and ratio == 1:
        for name in [name for name in outputs if name.startswith("n_total")]:
            outputs[name] = outputs[name.replace("n_total", "n_per_arm")] * groups
    smallest = min(outputs["n1"], outputs["n2"])
    warned = warnings_for(level=alpha / sides, power=power, smallest=smallest, test=test)
    said |= dropout_phrase(outputs, dropout, "n1")
    keys = (*keys, "round_up", *(("dropout",) if dropout else ()))
    return Outcome(outputs | shared, "size", keys, warned, said)


def _comparisons(groups: int | None, comparisons: int | None) -> int:
    pairs = groups * (groups - 1) // 2 if groups is not None else None
    if comparisons is None:
        if pairs is None:
            raise BadDesign("give groups (all pairs) or comparisons (how many)", "comparisons")
        return pairs
    if pairs is not None and comparisons > pairs:
        raise BadDesign(f"{groups} groups have only {pairs} pairs to compare", "comparisons")
    return comparisons

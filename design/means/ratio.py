"""Ratio of two means of a lognormal outcome: sample size and power on the log scale."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import Field

from design.conventions import sides_key
from design.errors import BadDesign
from design.means.hypotheses import hypothesis
from design.means.inputs import given_arms, refuse_given
from design.means.phrases import dropout_phrase, phrase, test_conventions, warnings_for
from design.means.sizing import size_two_arms
from design.means.two_groups import two_group_power
from design.means.types import (
    Better,
    BothTails,
    EquivalencePower,
    Size,
    Spread,
    TotalSize,
    ZOrT,
)
from design.quantities import Aim, Alpha, Dropout, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome

MeansRatio = Annotated[
    float,
    Field(
        ge=1e-6, le=1e6, description="Expected ratio of the means, treatment / control. 均数之比"
    ),
]
RatioMargin = Annotated[
    float,
    Field(
        ge=1e-6,
        le=1e6,
        description="Margin on the ratio: below 1 where higher is better (0.8), above where lower "
        "is; for equivalence either, its reciprocal being the other. 比值界值",
    ),
]
Cv = Annotated[
    float,
    Field(ge=1e-6, le=100, description="Coefficient of variation between patients. 变异系数"),
]


@calculator(
    reference="Julious SA. Sample sizes for clinical trials with normal data. Stat Med "
    "2004;23:1921-86; Diletti E, Hauschke D, Steinijans VW. Int J Clin Pharmacol Ther Toxicol "
    "1991;29:1-8 (log scale)",
    formula="two_means of the logarithms: difference = ln(ratio), sd = sqrt(ln(1 + CV^2))",
)
def ratio_of_means(
    *,
    means_ratio: MeansRatio,
    cv: Cv | None = None,
    sd_log: Spread | None = None,
    test: ZOrT = "t",
    aim: Aim = "equality",
    margin_ratio: RatioMargin | None = None,
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
    """Number of patients of two parallel groups to compare the means of a lognormal outcome.

    The spread is the coefficient of variation ``cv``, or ``sd_log`` of the natural logarithms; it
    is the same in both groups. Give ``power``, or ``n1`` or ``n_total`` for the power.
    """
    spread = _log_sd(cv, sd_log)
    counted = both_tails if both_tails is not None else test == "t"
    exact = (equivalence_power or ("exact" if test == "t" else "split")) == "exact"
    if aim == "equality" and means_ratio == 1:
        raise BadDesign("the expected ratio is 1: there is nothing to detect", "means_ratio")
    asked = hypothesis(
        aim,
        math.log(means_ratio),
        _log_margin(aim, margin_ratio, better),
        level=alpha / sides,
        better=better,
        both_tails=counted and sides == 2,
        exact=exact,
    )
    least = 2.0 if test == "t" else 1.0
    arms = given_arms(power, n1, n2, n_total, ratio, least)
    said: dict[str, Any] = (
        phrase("aim", f"ratio_{aim}", {"margin_ratio": margin_ratio})
        | phrase("alpha", sides_key(sides), {"alpha": alpha})
        | phrase("test", f"{test}_test", {})
        | phrase("sd", "cv" if cv is not None else "sd_log", {"cv": cv, "sd_log": sd_log})
        | {"level": asked.level}
    )
    keys = test_conventions(test=test, aim=aim, sides=sides, both_tails=counted, exact=exact)
    keys = (*keys, "log_scale")
    shared = {"sd_log": spread, "log_ratio": math.log(means_ratio)}
    if arms is not None:
        found = two_group_power(asked, *arms, (spread, spread), test)
        warned = warnings_for(level=asked.level, power=found, smallest=min(arms), test=test)
        said |= {"n1": arms[0], "n2": arms[1]}
        return Outcome({"power": found, **shared}, "power", keys, warned, said)
    assert power is not None
    outputs = size_two_arms(
        lambda a, b: two_group_power(asked, a, b, (spread, spread), test),
        power,
        ratio=ratio,
        dropout=dropout,
        least=least,
    )
    smallest = min(outputs["n1"], outputs["n2"])
    warned = warnings_for(level=asked.level, power=power, smallest=smallest, test=test)
    said |= dropout_phrase(outputs, dropout, "n_total")
    keys = (*keys, "round_up", *(("dropout",) if dropout else ()))
    return Outcome(outputs | shared, "size", keys, warned, said)


def _log_sd(cv: float | None, sd_log: float | None) -> float:
    if sd_log is not None:
        refuse_given("sd_log already says the spread", {"cv": cv})
        return sd_log
    if cv is None:
        raise BadDesign("give cv, or sd_log of the natural logarithms", "cv")
    return math.sqrt(math.log1p(cv**2))


def _log_margin(aim: str, margin: float | None, better: str) -> float | None:
    """The margin as a positive distance on the log scale."""
    if margin is None:
        return None
    if margin == 1:
        raise BadDesign("a margin of 1 on the ratio is no margin", "margin_ratio")
    upward = (aim == "superiority") == (better == "higher")
    if aim in {"superiority", "noninferiority"} and (margin > 1) != upward:
        side = "above" if upward else "below"
        raise BadDesign(
            f"for {aim} with {better} values better, the margin on the ratio lies {side} 1",
            "margin_ratio",
        )
    return abs(math.log(margin))

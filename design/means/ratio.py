"""Ratio of two means of a lognormal outcome: sample size and power on the log scale."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from design.conventions import sides_key
from design.errors import BadDesign
from design.means.asked import asked
from design.means.inputs import given_arms, refuse_given
from design.means.phrases import phrase
from design.means.sizing import two_arms
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
    if aim == "equality" and means_ratio == 1:
        raise BadDesign("the expected ratio is 1: there is nothing to detect", "means_ratio")
    log_ratio = math.log(means_ratio)
    question = asked(
        log_ratio,
        test=test,
        aim=aim,
        margin=_log_margin(aim, margin_ratio, better),
        better=better,
        alpha=alpha,
        sides=sides,
        both_tails=both_tails,
        equivalence_power=equivalence_power,
    ).with_more(
        "log_scale",
        **phrase("aim", f"ratio_{aim}", {"margin_ratio": margin_ratio}),
        **phrase("alpha", sides_key(sides), {"alpha": alpha}),
        **phrase("sd", "cv" if cv is not None else "sd_log", {"cv": cv, "sd_log": sd_log}),
    )
    least = 2.0 if test == "t" else 1.0
    return two_arms(
        question,
        lambda a, b: two_group_power(question.hypothesis, a, b, (spread, spread), test),
        power,
        given_arms(power, n1, n2, n_total, ratio, least),
        ratio=ratio,
        dropout=dropout,
        least=least,
        found={"sd_log": spread, "log_ratio": log_ratio},
    )


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

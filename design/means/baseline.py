"""Two groups measured before and after: analysis of covariance, change, repeated measures."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from design.conventions import sides_key
from design.errors import BadDesign
from design.means.asked import Asked, asked_of_means
from design.means.hypotheses import hypothesis
from design.means.inputs import given_arms
from design.means.phrases import phrase
from design.means.sizing import two_arms
from design.means.types import (
    Better,
    BothTails,
    Correlation,
    Difference,
    EquivalencePower,
    Margin,
    Mean,
    Size,
    Spread,
    TotalSize,
    ZOrT,
)
from design.quantities import Aim, Alpha, Dropout, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome

Analysis = Annotated[
    Literal["ancova", "change", "post"],
    Field(
        description="Follow-up adjusted for baseline (analysis of covariance), change from "
        "baseline, or follow-up alone. 分析方法"
    ),
]
Measures = Annotated[int, Field(ge=1, le=1000, description="Measurements averaged. 测量次数")]
Times = Annotated[
    list[Annotated[float, Field(ge=-1e6, le=1e6)]],
    Field(min_length=2, max_length=1000, description="Times of the measurements. 测量时间"),
]


@calculator(
    reference="Frison L, Pocock SJ. Repeated measures in clinical trials: analysis using mean "
    "summary statistics and its implications for design. Stat Med 1992;11:1685-704; Borm GF, "
    "Fransen J, Lemmens WA. J Clin Epidemiol 2007;60:1234-8",
    formula="two_means with sd^2 times: post (1+(r-1)q1)/r; change post + (1+(p-1)q0)/p - 2 q; "
    "ancova post - p q^2/(1+(p-1)q0); p, r measurements before and after, q their correlation; "
    "ancova by t: SE^2 times 1 + 1/(N-4) for chance imbalance of the baseline, df = N - 3",
)
def baseline_adjusted_means(
    *,
    mean1: Mean | None = None,
    mean2: Mean | None = None,
    difference: Difference | None = None,
    sd: Spread,
    correlation: Correlation,
    analysis: Analysis = "ancova",
    baseline_measures: Measures = 1,
    followup_measures: Measures = 1,
    correlation_baseline: Correlation | None = None,
    correlation_followup: Correlation | None = None,
    test: ZOrT = "t",
    aim: Aim = "equality",
    margin: Margin | None = None,
    better: Better = "higher",
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: Size | None = None,
    n_total: TotalSize | None = None,
    ratio: Ratio = 1.0,
    both_tails: BothTails | None = None,
    equivalence_power: EquivalencePower | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to compare two groups measured before and after, or its power.

    ``sd`` is of one measurement, ``correlation`` of one before with one after treatment. Several
    measurements are averaged; theirs are ``correlation_baseline`` and ``correlation_followup``,
    the same as ``correlation`` unless given. Give ``power``, or ``n1`` or ``n_total``.
    """
    factor = variance_factor(
        analysis,
        baseline_measures,
        followup_measures,
        correlation,
        correlation if correlation_baseline is None else correlation_baseline,
        correlation if correlation_followup is None else correlation_followup,
    )
    asked = asked_of_means(
        {"mean1": mean1, "mean2": mean2},
        difference,
        {"sd": sd},
        test=test,
        aim=aim,
        margin=margin,
        better=better,
        alpha=alpha,
        sides=sides,
        both_tails=both_tails,
        equivalence_power=equivalence_power,
    )
    measured = "repeated" if max(baseline_measures, followup_measures) > 1 else "single"
    asked = asked.with_more(
        f"analysis_{analysis}",
        f"{measured}_measures",
        *(("chance_imbalance",) if test == "t" and analysis == "ancova" else ()),
        **phrase("analysis", analysis, {}),
    )
    least = 1.0 if test == "z" else 3.0 if analysis == "ancova" else 2.0

    def power_of(first: float, second: float) -> float:
        variance = sd**2 * factor * (1 / first + 1 / second)
        total = first + second
        if test == "t" and analysis == "ancova":
            return asked.power((variance * (1 + 1 / (total - 4))) ** 0.5, total - 3)
        return asked.power(variance**0.5, total - 2)

    return two_arms(
        asked,
        power_of,
        power,
        given_arms(power, n1, None, n_total, ratio, least),
        ratio=ratio,
        dropout=dropout,
        least=least,
        found={"variance_factor": factor, "sd_analysed": sd * factor**0.5},
        warned=("change_wasteful",) if analysis == "change" and correlation < 0.5 else (),
    )


def variance_factor(
    analysis: str, before: int, after: int, between: float, baseline: float, followup: float
) -> float:
    """Variance of the summary of a patient, as a multiple of that of one measurement.

    Args:
        analysis: ``post``, ``change`` or ``ancova``.
        before: Measurements before treatment.
        after: Measurements after.
        between: Correlation of one before with one after.
        baseline: Correlation of two before.
        followup: Correlation of two after.

    Raises:
        BadDesign: No outcome can have these correlations together.
    """
    post = (1 + (after - 1) * followup) / after
    pre = (1 + (before - 1) * baseline) / before
    if pre <= 0 or post <= 0 or between**2 >= pre * post:
        raise BadDesign(
            "these correlations cannot hold together: that between baseline and follow-up is too "
            "strong, or one among repeated measurements too negative",
            "correlation",
        )
    if analysis == "post":
        return post
    if analysis == "change":
        return post + pre - 2 * between
    return post - between**2 / pre


@calculator(
    reference="Diggle PJ, Heagerty P, Liang KY, Zeger SL. Analysis of Longitudinal Data. 2nd ed. "
    "2002, section 2.4",
    formula="n = 2 (z_a + z_b)^2 sd^2 (1 - correlation) / (sum (t - mean t)^2 d^2) per group",
)
def difference_of_slopes(
    *,
    difference: Difference,
    sd: Spread,
    correlation: Correlation,
    times: Times,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: Size | None = None,
    n_total: TotalSize | None = None,
    ratio: Ratio = 1.0,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to detect a difference between the slopes of two groups, or its power.

    Each patient is measured at ``times``; ``sd`` is of one measurement about the line of its group,
    any two of a patient have the same ``correlation``. ``difference`` is per unit of time.
    """
    middle = sum(times) / len(times)
    spread_of_times = sum((time - middle) ** 2 for time in times)
    if spread_of_times == 0:
        raise BadDesign("all times are the same: no slope can be estimated", "times")
    if correlation <= -1 / (len(times) - 1):
        raise BadDesign(
            f"{len(times)} measurements cannot all be correlated by {correlation:g}", "correlation"
        )
    question = hypothesis("equality", difference, None, level=alpha / sides)
    asked = Asked(
        question,
        "z",
        (sides_key(sides), "z_test", "compound_symmetry"),
        phrase("alpha", sides_key(sides), {"alpha": alpha}) | {"visits": len(times)},
    )
    unit = sd * ((1 - correlation) / spread_of_times) ** 0.5
    return two_arms(
        asked,
        lambda a, b: question.power(unit * (1 / a + 1 / b) ** 0.5, None),
        power,
        given_arms(power, n1, None, n_total, ratio),
        ratio=ratio,
        dropout=dropout,
        least=1.0,
        found={"sd_slope": unit},
    )

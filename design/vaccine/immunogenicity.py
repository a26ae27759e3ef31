"""Geometric mean titres: two vaccines, and the consistency of lots."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import special

from design.counts.normal import solve
from design.errors import BadDesign
from design.quantities import Alpha, Count, Dropout, Power, Ratio
from design.registry import calculator
from design.result import Outcome
from design.sizes import one_arm_sizes, power_or_size, two_arm_sizes
from design.vaccine import quantities as q

Goal = Annotated[
    Literal["noninferiority", "superiority", "equivalence"],
    Field(description="noninferiority (margin below 1), superiority, equivalence. 检验目的"),
]
Base = Annotated[
    Literal["log10", "log2", "ln"], Field(description="Logarithm that sd is of. sd 所用的对数")
]
LotRatios = Annotated[
    list[q.MeanRatio],
    Field(min_length=2, max_length=10, description="True geometric means of the lots, relative."),
]
_BASES = {"log10": 10.0, "log2": 2.0, "ln": math.e}
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(96)
_FAR = 8.5


@calculator(
    reference="Nauta J. Statistics in Clinical Vaccine Trials. 2011, chapter 5; WHO TRS 1004 "
    "annex 9 (2017), margins of 0.5 or 0.67; power from the noncentral t distribution",
    formula="t test of the log titres: ncp = (log ratio - log margin) / (sd sqrt(1/n1 + 1/n2))",
)
def immunogenicity_gmt(
    *,
    sd: q.LogSd,
    margin: q.RatioMargin = 0.67,
    true_ratio: q.MeanRatio = 1.0,
    log_scale: Base = "log10",
    aim: Goal = "noninferiority",
    alpha: Alpha = 0.025,
    power: Power | None = None,
    n1: Annotated[Count, Field(ge=2)] | None = None,
    ratio: Ratio = 1.0,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Persons to show a ratio of geometric mean titres above a margin, or within one and 1/margin.

    ``alpha`` is one-sided (0.025: the 95% confidence interval is compared with the margin).
    """
    base = math.log(_BASES[log_scale])
    low = math.log(margin) / base
    true = math.log(true_ratio) / base
    _refuse_margin(aim, margin, true_ratio)
    power_or_size(power, n1=n1)

    def reached(size: float) -> float:
        spread = sd * math.sqrt((1 + ratio) / size)
        freedom = size + size / ratio - 2
        if freedom < 0.5:
            return 0.0
        critical = float(special.stdtrit(freedom, 1 - alpha))
        found = _beyond(critical, freedom, (true - low) / spread)
        if aim == "equivalence":
            found += _beyond(critical, freedom, (-low - true) / spread) - 1
        return max(found, 0.0)

    said: tuple[str, ...] = (f"titre_{aim}", "log_t_test")
    said += ("allocation",) if ratio != 1 else ()
    values = {"upper_margin": 1 / margin}
    if power is None:
        assert n1 is not None
        outputs: dict[str, Any] = {"power": reached(n1)}
        warnings = ("low_power",) if outputs["power"] < 0.8 else ()
        return Outcome(outputs, f"power_{aim}", said, warnings, values | {"n2": n1 / ratio})
    outputs = two_arm_sizes(solve(reached, power), ratio, dropout)
    outputs["power_achieved"] = reached(outputs["n1"])
    said += ("round_up", *(("dropout",) if dropout else ()))
    warnings = ("few_persons",) if min(outputs["n1"], outputs["n2"]) < 10 else ()
    return Outcome(outputs, f"size_{aim}", said, warnings, values)


@calculator(
    reference="Cheuvart B, Bollaerts A. Drug Inf J 1999;33; Nauta J. J Biopharm Stat "
    "2006;16:443-452; probability of the range of normal means: Harter HL. Ann Math Stat "
    "1960;31:1122-1147",
    formula="all pairs within the margin: range of the lot means below log(margin) - z_a sd "
    "sqrt(2/n)",
)
def lot_consistency(
    *,
    sd: q.LogSd,
    margin: Annotated[q.RatioMargin, Field(gt=1)] = 1.5,
    log_scale: Base = "log10",
    lots: Annotated[int, Field(ge=2, le=10, description="Number of lots. 批次数")] = 3,
    true_ratios: LotRatios | None = None,
    alpha: Alpha = 0.025,
    power: Power | None = None,
    n_per_lot: Annotated[Count, Field(ge=2)] | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Persons a lot so that all pairs of lots are equivalent, or the power of a number.

    Every two-sided 1 - 2 ``alpha`` interval of a ratio of geometric means must lie within 1/margin
    and margin. The power is exact for a known SD, all pairs together.
    """
    base = math.log(_BASES[log_scale])
    limit = math.log(margin) / base
    means = np.log(np.array(true_ratios or [1.0] * lots)) / base
    if len(means) != lots:
        raise BadDesign(f"true_ratios has {len(means)} values for {lots} lots", "true_ratios")
    if float(np.ptp(means)) >= limit:
        raise BadDesign(
            f"the assumed lots differ by {math.exp(base * float(np.ptp(means))):.3g}, not within "
            f"the margin {margin:g}, so the lots would not be consistent",
            "true_ratios",
        )
    power_or_size(power, n_per_lot=n_per_lot)
    z = -float(special.ndtri(alpha))

    def reached(size: float) -> float:
        error = sd / math.sqrt(size)
        width = limit / error - z * math.sqrt(2)
        return range_probability(width, means / error) if width > 0 else 0.0

    pairs = lots * (lots - 1) // 2
    values = {"pairs": pairs, "lower_margin": 1 / margin, "confidence": 1 - 2 * alpha}
    said: tuple[str, ...] = ("all_pairs",)
    if power is None:
        assert n_per_lot is not None
        outputs: dict[str, Any] = {"power": reached(n_per_lot)}
        warnings = ("low_power",) if outputs["power"] < 0.8 else ()
        return Outcome(outputs, "power", said, warnings, values)
    raw = solve(reached, power)
    outputs = one_arm_sizes(raw, dropout, "n_per_lot")
    outputs["n_total"] = lots * outputs["n_per_lot"]
    if dropout:
        outputs["n_total_with_dropout"] = lots * outputs["n_per_lot_with_dropout"]
    outputs["power_achieved"] = reached(outputs["n_per_lot"])
    said += ("round_up", *(("dropout",) if dropout else ()))
    warnings = ("few_persons",) if outputs["n_per_lot"] < 10 else ()
    return Outcome(outputs, "size", said, warnings, values)


def range_probability(width: float, means: NDArray[np.float64]) -> float:
    """Probability that the range of independent normal values of unit variance is below a width.

    Args:
        width: Above 0.
        means: Of the values.
    """
    total = 0.0
    for index, mean in enumerate(means):  # the smallest is this one, the others lie above it
        others = np.delete(means, index)
        low, high = mean - _FAR, mean + _FAR
        at = low + (high - low) * (_NODES + 1) / 2
        density = np.exp(-((at - mean) ** 2) / 2) / math.sqrt(2 * math.pi)
        inside = special.ndtr(at[:, None] + width - others) - special.ndtr(at[:, None] - others)
        total += float(np.sum(_WEIGHTS * density * np.prod(inside, axis=1))) * (high - low) / 2
    return float(min(total, 1.0))


def _beyond(critical: float, freedom: float, shift: float) -> float:
    """Probability of a noncentral t above a critical value."""
    if shift > 37:  # beyond what the noncentral t is computed for; the probability is 1
        return 1.0
    found = float(special.nctdtr(freedom, shift, critical))
    return 1 - found if math.isfinite(found) else float(special.ndtr(shift - critical))


def _refuse_margin(aim: str, margin: float, true: float) -> None:
    if aim in ("noninferiority", "equivalence") and margin >= 1:
        raise BadDesign(f"for {aim} the margin is a ratio below 1, such as 0.67", "margin")
    if aim == "superiority" and margin < 1:
        raise BadDesign("for superiority the margin is a ratio from 1", "margin")
    if true <= margin or (aim == "equivalence" and true >= 1 / margin):
        raise BadDesign(
            f"the assumed ratio {true:g} lies outside the margin {margin:g}, so H1 would be false; "
            "change margin or true_ratio",
            "margin",
        )

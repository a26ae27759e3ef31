"""Confidence intervals of the difference, ratio and odds ratio of two independent proportions."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.proportions.constrained import Measure, score_z
from design.proportions.counts import Events, Group, events, whole
from design.proportions.intervals_one import interval
from design.proportions.normal import quantile
from design.quantities import Level, Share
from design.registry import calculator
from design.result import Outcome
from design.solving import root

_FAR = 23.0  # log of the largest ratio that a limit is searched up to, about 1e10
Pair = tuple[float, float]


@calculator(
    reference="Newcombe RG. Stat Med 1998;17:873 (methods 10 and 11); Miettinen O, Nurminen M. "
    "Stat Med 1985;4:213; Farrington CP, Manning G. Stat Med 1990;9:1447; Agresti A, Caffo B. "
    "Am Stat 2000;54:280",
    formula="newcombe: p1-p2 -+ sqrt of summed squares of the Wilson distances; "
    "miettinen_nurminen: all d with |score z at d| <= z, variance at the rates constrained to d "
    "times N/(N-1); farrington_manning the same without N/(N-1); agresti_caffo: Wald with one "
    "event and one non-event added to each group",
)
def risk_difference_ci(
    *,
    n1: Group,
    n2: Group,
    x1: Events | None = None,
    x2: Events | None = None,
    p1: Share | None = None,
    p2: Share | None = None,
    level: Level = 0.95,
    method: Annotated[
        Literal[
            "newcombe", "newcombe_continuity", "miettinen_nurminen", "farrington_manning",
            "agresti_caffo", "wald",
        ],
        Field(description="How the interval is built. 区间方法"),
    ] = "newcombe",
) -> Outcome:  # fmt: skip
    """Confidence interval of p1 - p2; give events ``x1``, ``x2`` or, when planning, rates."""
    x = (events(x1, p1, n1, "x1"), events(x2, p2, n2, "x2"))
    n = (float(n1), float(n2))
    estimate = x[0] / n1 - x[1] / n2
    if method.startswith("newcombe"):
        base = "wilson_continuity" if method.endswith("continuity") else "wilson"
        lower, upper = _squared_and_added(x, n, level, base)
    elif method in ("wald", "agresti_caffo"):
        added = 1 if method == "agresti_caffo" else 0
        lower, upper = _wald(
            (x[0] + added, x[1] + added), (n[0] + 2 * added, n[1] + 2 * added), level
        )
    else:
        lower, upper = _by_score("difference", x, n, level, method == "miettinen_nurminen")
    few = min(*x, n[0] - x[0], n[1] - x[1]) < 5
    return Outcome(
        {"estimate": estimate, "lower": lower, "upper": upper, "ci_width": upper - lower},
        "interval",
        (f"ci_{method}",),
        ("wald_interval",) if method == "wald" and few else (),
        values={"x1": x[0], "x2": x[1]},
    )


@calculator(
    reference="Katz D et al. Biometrics 1978;34:469; Koopman PAR. Biometrics 1984;40:513; "
    "Miettinen O, Nurminen M. Stat Med 1985;4:213",
    formula="katz: ln(p1/p2) +- z sqrt((1-p1)/x1 + (1-p2)/x2); koopman: all R with |score z| <= z, "
    "variance at the rates constrained to p1 = R p2; miettinen_nurminen the same times N/(N-1)",
)
def risk_ratio_ci(
    *,
    x1: Events,
    n1: Group,
    x2: Events,
    n2: Group,
    level: Level = 0.95,
    method: Annotated[
        Literal["koopman", "miettinen_nurminen", "katz"],
        Field(description="How the interval is built. 区间方法"),
    ] = "koopman",
) -> Outcome:
    """Confidence interval of the risk ratio p1/p2."""
    x, n = _checked(x1, n1, x2, n2)
    if x[1] == 0:
        raise BadDesign("no events in group 2: the risk ratio has no upper limit", "x2")
    if method == "katz":
        if x[0] == 0:
            raise BadDesign("katz needs events in both groups; take method=koopman", "method")
        error = math.sqrt(max(0.0, 1 / x[0] - 1 / n[0] + 1 / x[1] - 1 / n[1]))
        lower, upper = _around(math.log(x[0] / n[0] * n[1] / x[1]), error, level)
    else:
        lower, upper = _by_score("ratio", x, n, level, method == "miettinen_nurminen")
    estimate = x[0] / n[0] * n[1] / x[1]
    return _ratio_outcome(estimate, lower, upper, method)


@calculator(
    reference="Woolf B. Ann Hum Genet 1955;19:251; Gart JJ. Biometrika 1966 (half added to each "
    "cell); Miettinen O, Nurminen M. Stat Med 1985;4:213; Cornfield J. 1956 (exact, conditional)",
    formula="woolf: ln OR +- z sqrt(1/a + 1/b + 1/c + 1/d), gart with 1/2 added to each cell; "
    "score: all OR with |score z| <= z, miettinen_nurminen the same with N/(N-1); exact: all OR "
    "at which each tail of the noncentral hypergeometric distribution is at least (1-level)/2",
)
def odds_ratio_ci(
    *,
    x1: Events,
    n1: Group,
    x2: Events,
    n2: Group,
    level: Level = 0.95,
    method: Annotated[
        Literal["woolf", "gart", "score", "miettinen_nurminen", "exact"],
        Field(description="How the interval is built. 区间方法"),
    ] = "woolf",
) -> Outcome:
    """Confidence interval of the odds ratio."""
    x, n = _checked(x1, n1, x2, n2)
    cells = (x[0], n[0] - x[0], x[1], n[1] - x[1])
    if (cells[1] == 0 or cells[2] == 0) and method != "gart":
        raise BadDesign(
            "with no non-events in group 1 or no events in group 2 the odds ratio has no "
            "upper limit; method=gart adds 1/2 to each cell",
            "method",
        )
    if method in ("woolf", "gart"):
        if method == "gart":
            cells = (cells[0] + 0.5, cells[1] + 0.5, cells[2] + 0.5, cells[3] + 0.5)
        if min(cells) == 0:
            raise BadDesign("woolf needs a count in every cell; take method=gart", "method")
        log = math.log(cells[0]) - math.log(cells[1]) - math.log(cells[2]) + math.log(cells[3])
        lower, upper = _around(log, math.sqrt(sum(1 / cell for cell in cells)), level)
    elif method == "exact":
        lower, upper = _exact_odds(x, n, level)
    else:
        lower, upper = _by_score("odds_ratio", x, n, level, method == "miettinen_nurminen")
    estimate = cells[0] * cells[3] / (cells[1] * cells[2])
    return _ratio_outcome(estimate, lower, upper, method)


def _checked(x1: float, n1: int, x2: float, n2: int) -> tuple[Pair, Pair]:
    return (events(x1, None, n1, "x1"), events(x2, None, n2, "x2")), (float(n1), float(n2))


def _ratio_outcome(estimate: float, lower: float, upper: float, method: str) -> Outcome:
    outputs = {"estimate": estimate, "lower": lower, "upper": upper}
    return Outcome(outputs, "interval", (f"ci_{method}",))


def _around(log: float, error: float, level: float) -> Pair:
    half = quantile((1 + level) / 2) * error
    try:
        return math.exp(log - half), math.exp(log + half)
    except OverflowError:
        raise BadDesign("the limits are beyond what a number can hold", "level") from None


def _squared_and_added(x: Pair, n: Pair, level: float, base: str) -> Pair:
    p1, p2 = x[0] / n[0], x[1] / n[1]
    l1, u1 = interval(x[0], n[0], level, base)
    l2, u2 = interval(x[1], n[1], level, base)
    gap = p1 - p2
    return gap - math.hypot(p1 - l1, u2 - p2), gap + math.hypot(u1 - p1, p2 - l2)


def _wald(x: Pair, n: Pair, level: float) -> Pair:
    p1, p2 = x[0] / n[0], x[1] / n[1]
    half = quantile((1 + level) / 2) * math.sqrt(p1 * (1 - p1) / n[0] + p2 * (1 - p2) / n[1])
    return max(-1.0, p1 - p2 - half), min(1.0, p1 - p2 + half)


def _by_score(measure: Measure, x: Pair, n: Pair, level: float, corrected: bool) -> Pair:
    """Values at which the score statistic reaches z; it falls as the value rises."""
    z = quantile((1 + level) / 2)
    ratio = measure != "difference"
    low, high = (-_FAR, _FAR) if ratio else (-1 + 1e-12, 1 - 1e-12)

    def statistic(at: float) -> float:
        found = score_z(measure, x, n, math.exp(at) if ratio else at, corrected=corrected)
        return max(-1e6, min(1e6, found))

    def limit(target: float) -> float:
        if statistic(low) <= target:
            return low
        if statistic(high) >= target:
            return high
        return root(lambda at: statistic(at) - target, low, high, xtol=1e-12)

    lower, upper = limit(z), limit(-z)
    if not ratio:
        return (-1.0 if lower == low else lower), (1.0 if upper == high else upper)
    if upper == high:
        raise BadDesign("these counts leave the ratio without an upper limit", "x2")
    return 0.0 if lower == low else math.exp(lower), math.exp(upper)


def _exact_odds(x: Pair, n: Pair, level: float) -> Pair:
    seen = whole(x[0], "x1", "exact")
    total = seen + whole(x[1], "x2", "exact")
    n1, n2 = int(n[0]), int(n[1])
    if total > 100_000:
        raise BadDesign("exact is enumerated up to 100000 events; take method=score", "method")
    support = np.arange(max(0, total - n2), min(n1, total) + 1)
    log = -(
        special.gammaln(support + 1) + special.gammaln(n1 - support + 1)
        + special.gammaln(total - support + 1) + special.gammaln(n2 - total + support + 1)
    )  # fmt: skip

    def upper_tail(at: float, least: int) -> float:
        weight = log + support * at
        chance = np.exp(weight - weight.max())
        return float(chance[support >= least].sum() / chance.sum())

    tail = (1 - level) / 2
    wide = 60.0
    lower = 0.0
    if seen > support[0]:
        lower = math.exp(root(lambda at: upper_tail(at, seen) - tail, -wide, wide))
    if seen == support[-1]:
        raise BadDesign("these counts leave the odds ratio without an upper limit", "x1")
    upper = math.exp(root(lambda at: 1 - upper_tail(at, seen + 1) - tail, -wide, wide))
    return lower, upper

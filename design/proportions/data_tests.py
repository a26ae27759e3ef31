"""Tests of observed counts: two independent proportions, and pairs."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.proportions import fisher
from design.proportions.constrained import Measure, refuse_null, score_z
from design.proportions.counts import Cell, Events, Group, events, whole
from design.proportions.normal import below
from design.registry import calculator
from design.result import Outcome

Alternative = Annotated[
    Literal["two_sided", "greater", "less"],
    Field(description="two_sided, or whether group 1 is greater or less. 备择假设方向"),
]


@calculator(
    reference="Farrington CP, Manning G. Stat Med 1990;9:1447 (score); Miettinen O, Nurminen M. "
    "Stat Med 1985;4:213; Fisher RA. Statistical Methods for Research Workers. 1934",
    formula="z = (p1 - p2 - null) / sqrt(r1(1-r1)/n1 + r2(1-r2)/n2), r the maximum-likelihood "
    "rates under the null value; with N/(N-1) for miettinen_nurminen; the pooled z, that is the "
    "chi-square test, when the null is no difference",
)
def two_proportions_test(
    *,
    x1: Events,
    n1: Group,
    x2: Events,
    n2: Group,
    null: Annotated[
        float,
        Field(description="Value under H0: a difference (0), or a ratio (1) by measure. 零假设值"),
    ]
    | None = None,
    measure: Annotated[
        Measure, Field(description="Scale of the null value. 效应指标")
    ] = "difference",
    test: Annotated[
        Literal["score", "miettinen_nurminen", "unpooled", "continuity", "fisher"],
        Field(description="Statistic; fisher and continuity only for no difference. 检验方法"),
    ] = "score",
    alternative: Alternative = "two_sided",
) -> Outcome:
    """Test of two observed proportions against a difference, ratio or odds ratio.

    A non-inferiority test is ``null=-margin`` with ``alternative=greater``.
    """
    x = (events(x1, None, n1, "x1"), events(x2, None, n2, "x2"))
    n = (float(n1), float(n2))
    at = (0.0 if measure == "difference" else 1.0) if null is None else null
    refuse_null(measure, at)
    plain = at == (0.0 if measure == "difference" else 1.0)
    if not plain and test in ("fisher", "continuity"):
        raise BadDesign(f"test={test} has no other null than no difference", "test")
    found = {"estimate": x[0] / n[0] - x[1] / n[1]}
    if test == "fisher":
        given = whole(x[0], "x1", "fisher"), n1, whole(x[1], "x2", "fisher"), n2
        if sum(x) > 10 * fisher.MOST:
            raise BadDesign("fisher is enumerated up to 30000 events; take test=score", "test")
        found["p_value"] = fisher.p_value(*given, alternative)
        said = ("z_fisher", f"p_{alternative}")
        return Outcome(found, "fisher", said, values={"x1": x[0], "x2": x[1]})
    z = _statistic(test, measure, x, n, at)
    if math.isinf(z):
        raise BadDesign("no variance is left under this null value, so there is no z", "null")
    found |= {"z": z, "p_value": tail(z, alternative), "null": at}
    low = min(sum(x), sum(n) - sum(x)) * min(n) / sum(n)
    return Outcome(
        found,
        "z",
        (f"z_{test}", f"p_{alternative}"),
        ("few_expected",) if low < 5 else (),
        values={"x1": x[0], "x2": x[1]},
    )


def _statistic(
    test: str, measure: Measure, x: tuple[float, float], n: tuple[float, float], at: float
) -> float:
    p1, p2 = x[0] / n[0], x[1] / n[1]
    if test == "unpooled":
        if measure != "difference":
            raise BadDesign("test=unpooled is for a difference", "test")
        error = math.sqrt(p1 * (1 - p1) / n[0] + p2 * (1 - p2) / n[1])
        gap = p1 - p2 - at
        return gap / error if error else math.copysign(math.inf, gap) if gap else 0.0
    z = score_z(measure, x, n, at, corrected=test == "miettinen_nurminen")
    if test == "continuity" and z:
        gap = abs(p1 - p2)
        z *= max(0.0, gap - (1 / n[0] + 1 / n[1]) / 2) / gap
    return z


def tail(z: float, alternative: str) -> float:
    """P value of a normal statistic."""
    if alternative == "two_sided":
        return min(1.0, 2 * below(-abs(z)))
    return below(-z) if alternative == "greater" else below(z)


@calculator(
    reference="McNemar Q. Psychometrika 1947;12:153; Fagerland MW, Lydersen S, Laake P. BMC Med "
    "Res Methodol 2013;13:91 (mid-p)",
    formula="z = (b-c)/sqrt(b+c), with continuity (|b-c|-1)/sqrt(b+c); exact: binomial test of b "
    "out of b+c at 1/2; mid_p: less half the chance of the table seen on each side",
)
def mcnemar_test(
    *,
    b: Annotated[Cell, Field(description="Pairs with the event the first time only. 仅第一次阳性")],
    c: Annotated[
        Cell, Field(description="Pairs with the event the second time only. 仅第二次阳性")
    ],
    test: Annotated[
        Literal["asymptotic", "continuity", "exact", "mid_p"],
        Field(description="Statistic. 检验方法"),
    ] = "asymptotic",
) -> Outcome:
    """McNemar's test of paired counts, two-sided."""
    total = b + c
    if total == 0:
        raise BadDesign("no pair changes, so there is nothing to test", "b")
    few = ("few_discordant",) if total < 10 and test in ("asymptotic", "continuity") else ()
    if test in ("exact", "mid_p"):
        fewer = float(special.bdtr(min(b, c), total, 0.5))
        p = min(1.0, 2 * fewer)
        if test == "mid_p":
            log = special.gammaln(total + 1) - special.gammaln(b + 1) - special.gammaln(c + 1)
            p = min(1.0, 2 * fewer - float(np.exp(log - total * math.log(2))))
        return Outcome({"p_value": p}, "exact", (f"mcnemar_test_{test}",))
    gap = abs(b - c) if test == "asymptotic" else max(0, abs(b - c) - 1)
    z = math.copysign(gap / math.sqrt(total), b - c)
    outputs = {"z": z, "chi_square": z * z, "p_value": tail(z, "two_sided")}
    return Outcome(outputs, "z", (f"mcnemar_test_{test}",), few)

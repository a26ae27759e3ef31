"""Proportions of more than two groups: pairwise comparisons, chi-square, trend over doses."""

from __future__ import annotations

import itertools
import math
from typing import Annotated, Any

from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.errors import BadDesign
from design.proportions.normal import Border, Plan, bounded, plan
from design.proportions.sizing import (
    carried_out,
    conventions,
    expected,
    given_size,
    given_sizes,
    sentence_key,
    warnings,
)
from design.quantities import Alpha, Count, Dropout, Power, Probability, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import round_up, with_dropout

Rates = Annotated[
    list[Probability], Field(min_length=2, max_length=50, description="Rate of each group. 各组率")
]
Weights = Annotated[
    list[Annotated[float, Field(gt=0)]],
    Field(min_length=2, max_length=50, description="Relative sizes of the groups. 各组例数之比"),
]


@calculator(
    reference="Chow SC, Shao J, Wang H. Sample Size Calculations in Clinical Research. 2nd ed. "
    "2008, section 4.2 with alpha divided by the number of comparisons",
    formula="n2 = (p1(1-p1)/k + p2(1-p2)) ((z(1 - alpha/(sides m)) + z_b) / (p1-p2))^2",
)
def pairwise_proportions(
    *,
    p1: Probability,
    p2: Probability,
    comparisons: Annotated[
        int, Field(ge=1, le=1000, description="Number m of comparisons made. 比较次数")
    ],
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: Count | None = None,
    ratio: Ratio = 1.0,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients for one of several comparisons of proportions, Bonferroni corrected."""
    if p1 == p2:
        raise BadDesign("p1 and p2 are equal: there is no difference to detect", "p2")
    known = given_sizes(power, n1, None, ratio)
    own = math.sqrt(p1 * (1 - p1) + ratio * p2 * (1 - p2))
    made = plan((Border(abs(p1 - p2), own, own),), alpha / sides / comparisons)
    outputs = carried_out(made, power, known, ratio, dropout)
    outputs["alpha_each"] = alpha / comparisons
    pair = known or (outputs["n1"], outputs["n2"])
    rounded = ("round_up",) if power else ()
    return Outcome(
        outputs,
        sentence_key(power is not None),
        conventions(
            sides, "bonferroni", "test_unpooled", *rounded, ratio=ratio,
            dropout=dropout if power else 0.0,
        ),
        warnings(alpha, sides, power or outputs["power"], expected((pair[0], p1), (pair[1], p2))),
        values={"n1": pair[0], "n2": pair[1]},
    )  # fmt: skip


@calculator(
    reference="Lachin JM. Biometrics 1977;33:315; Cohen J. Statistical Power Analysis. 2nd ed. "
    "1988, chapter 7",
    formula="power = P(chi2(df, N w^2) > chi2(1-alpha, df)), w^2 = sum f_i (p_i - p)^2 / (p(1-p)), "
    "df = groups - 1",
)
def chi_square_proportions(
    *,
    proportions: Rates,
    alpha: Alpha = 0.05,
    power: Power | None = None,
    n: Annotated[Count, Field(description="Patients in all groups together.")] | None = None,
    weights: Weights | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients for the chi-square test of several proportions, or the power."""
    known = given_size(power, n)
    shares = _shares(proportions, weights)
    mean = sum(f * p for f, p in zip(shares, proportions, strict=True))
    w2 = sum(f * (p - mean) ** 2 for f, p in zip(shares, proportions, strict=True))
    w2 /= mean * (1 - mean)
    if w2 < 1e-14:
        raise BadDesign("all proportions are equal: there is nothing to detect", "proportions")
    df = len(proportions) - 1
    cut = float(special.chdtri(df, alpha))

    def reach(size: float) -> float:
        return float(1 - special.chndtr(cut, df, size * w2))

    def size(wanted: float) -> float:
        if wanted <= alpha:
            raise BadDesign("a power at or below alpha needs no patients; ask for more", "power")
        return bounded(float(special.chndtrinc(cut, df, 1 - wanted)) / w2)

    outputs, groups = _over_groups(Plan(size, reach), shares, power, known, dropout)
    cells = expected(*zip(groups, [mean] * len(groups), strict=True))
    return Outcome(
        outputs | {"effect_w": math.sqrt(w2)},
        sentence_key(power is not None),
        (
            "omnibus",
            "chi_square",
            *(("groups_round_up",) if power else ()),
            *_dropped(power, dropout),
        ),
        warnings(alpha, 2, power or outputs["power"], cells),
        values={"n_total": sum(groups), "groups": len(groups), "rates": proportions},
    )


@calculator(
    reference="Nam J. Biometrics 1987;43:701",
    formula="N = (z_a sqrt(p(1-p) sum f_i c_i^2) + z_b sqrt(sum f_i p_i(1-p_i) c_i^2))^2 / A^2, "
    "c_i = x_i - mean x, A = sum f_i p_i c_i; with continuity N/4 (1 + sqrt(1 + 2D/(A N)))^2, "
    "D the step between doses",
)
def trend_proportions(
    *,
    proportions: Rates,
    doses: Annotated[
        list[float],
        Field(min_length=2, max_length=50, description="Score of each group, rising. 剂量或评分"),
    ]
    | None = None,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n: Annotated[Count, Field(description="Patients in all groups together.")] | None = None,
    weights: Weights | None = None,
    continuity: Annotated[bool, Field(description="Continuity correction. 连续性校正")] = False,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients for the Cochran-Armitage test of a trend, or the power of a number."""
    known = given_size(power, n)
    scores = doses or [float(i) for i in range(len(proportions))]
    if len(scores) != len(proportions):
        raise BadDesign(f"{len(proportions)} proportions but {len(scores)} doses", "doses")
    steps = [after - before for before, after in itertools.pairwise(scores)]
    if min(steps) <= 0:
        raise BadDesign("the doses must rise from group to group", "doses")
    shares = _shares(proportions, weights)
    centre = sum(f * x for f, x in zip(shares, scores, strict=True))
    spread = [x - centre for x in scores]
    mean = sum(f * p for f, p in zip(shares, proportions, strict=True))
    every = list(zip(shares, proportions, spread, strict=True))
    slope = abs(sum(f * p * c for f, p, c in every))
    null = math.sqrt(mean * (1 - mean) * sum(f * c * c for f, _, c in every))
    own = math.sqrt(sum(f * p * (1 - p) * c * c for f, p, c in every))
    if slope < 1e-9 * null:
        raise BadDesign("these proportions have no linear trend to detect", "proportions")
    made = plan((Border(slope, null, own),), alpha / sides)
    if continuity:
        made = with_continuity(made, 2 * sum(steps) / len(steps) / slope)
    outputs, groups = _over_groups(made, shares, power, known, dropout)
    rounded = ("groups_round_up",) if power else ()
    return Outcome(
        outputs,
        sentence_key(power is not None),
        (
            sides_key(sides), "trend",
            "trend_corrected" if continuity else "trend_plain", *rounded,
            *_dropped(power, dropout),
        ),
        warnings(alpha, sides, power or outputs["power"]),
        values={"n_total": sum(groups), "groups": len(groups), "rates": proportions},
    )  # fmt: skip


def with_continuity(made: Plan, lift: float) -> Plan:
    """A plan whose statistic is reduced by a constant, written as patients added."""

    def lifted(power: float) -> float:
        n = made.size(power)
        return (math.sqrt(n) + math.sqrt(n + lift)) ** 2 / 4

    def reach(n: float) -> float:
        return made.reach(max(0.0, 4 * n - lift) ** 2 / (16 * n))

    return Plan(lifted, reach)


def _shares(proportions: list[float], weights: list[float] | None) -> list[float]:
    if weights is None:
        return [1 / len(proportions)] * len(proportions)
    if len(weights) != len(proportions):
        raise BadDesign(f"{len(proportions)} proportions but {len(weights)} weights", "weights")
    return [weight / sum(weights) for weight in weights]


def _over_groups(
    made: Plan, shares: list[float], power: float | None, known: float | None, dropout: float
) -> tuple[dict[str, Any], list[int]]:
    """Outputs of a plan in the total n, each group rounded up; and the sizes of the groups."""
    if power is None:
        assert known is not None
        return {"power": made.reach(known)}, [max(1, round(known * share)) for share in shares]
    raw = made.size(power)
    groups = [round_up(raw * share) for share in shares]
    total = sum(groups)
    outputs: dict[str, Any] = {"n_total": total, "n_total_raw": raw, "n_groups": groups}
    if len(set(shares)) == 1:
        outputs |= {"n_per_group": groups[0], "n_per_group_raw": raw * shares[0]}
        if dropout:
            outputs |= with_dropout("n_per_group", groups[0], dropout)
    if dropout:
        outputs |= with_dropout("n_total", total, dropout)
        outputs["n_total_with_dropout"] = sum(
            with_dropout("n", group, dropout)["n_with_dropout"] for group in groups
        )
        outputs["n_total_dropout_added"] = sum(
            with_dropout("n", group, dropout)["n_dropout_added"] for group in groups
        )
    return outputs | {"power_achieved": made.reach(total)}, groups


def _dropped(power: float | None, dropout: float) -> tuple[str, ...]:
    return ("dropout",) if power and dropout else ()

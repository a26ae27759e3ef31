"""Comparison of two independent proportions: sample size and power."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from design.errors import BadDesign
from design.proportions import fisher
from design.proportions.constrained import constrained
from design.proportions.margins import (
    BetaSplit,
    Better,
    borders,
    distances,
    refuse_hollow_margin,
)
from design.proportions.normal import Border, Plan, below, plan, quantile
from design.proportions.sizing import (
    carried_out,
    conventions,
    counted_sizes,
    expected,
    given_sizes,
    sentence_key,
    warnings,
)
from design.quantities import Aim, Alpha, Count, Dropout, Power, Probability, Ratio, Sides
from design.registry import calculator
from design.result import Outcome

Test = Annotated[
    Literal["unpooled", "pooled", "continuity", "fisher", "arcsine", "score", "farrington_manning"],
    Field(
        description="z test with the variance of each group or pooled under H0, pooled with "
        "continuity correction, Fisher's exact test, arcsine; score or farrington_manning: "
        "variance at the rates constrained to the border of H0. 检验方法"
    ),
]
Margin = Annotated[
    float, Field(gt=-1, lt=1, description="Difference of proportions that is of no matter. 界值")
]
_OF_MARGINS = ("unpooled", "farrington_manning")


@calculator(
    reference="Chow SC, Shao J, Wang H. Sample Size Calculations in Clinical Research. 2nd ed. "
    "2008, section 4.2 (unpooled, margins); Fleiss JL. Statistical Methods for Rates and "
    "Proportions. 2nd ed. 1981 (pooled); Casagrande JT, Pike MC, Smith PG. Biometrics 1978;34:483 "
    "(continuity); Farrington CP, Manning G. Stat Med 1990;9:1447 (farrington_manning); Cohen J. "
    "Statistical Power Analysis. 2nd ed. 1988 (arcsine); fisher: enumeration of all tables",
    formula="n1 = (z_a s0 + z_b s1)^2 / (|p1-p2| or distance to the margin)^2, "
    "s1^2 = p1(1-p1) + k p2(1-p2), s0 = s1 (unpooled), (1+k) p(1-p) at the common rate (pooled) or "
    "at the rates constrained to the margin (farrington_manning); "
    "continuity: n1/4 (1 + sqrt(1 + 2(1+k)/(n1 |p1-p2|)))^2; "
    "arcsine: (z_a + z_b)^2 (1+k) / (2 asin sqrt p1 - 2 asin sqrt p2)^2",
)
def two_proportions(
    *,
    p1: Probability,
    p2: Probability,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: Count | None = None,
    ratio: Ratio = 1.0,
    test: Test = "unpooled",
    dropout: Dropout = 0.0,
    aim: Aim = "equality",
    margin: Margin | None = None,
    better: Better = "higher",
    beta_split: BetaSplit = "exact",
    n2: Count | None = None,
) -> Outcome:
    """Number of patients for a difference of two proportions, or the power of a number.

    Give ``power`` for the number of patients, ``n1`` for the power. Non-inferiority, superiority
    by a margin and equivalence take a ``margin`` and the test ``unpooled`` or
    ``farrington_manning``; each one-sided test is made at alpha/sides.
    """
    known = given_sizes(power, n1, n2, ratio)
    test = "farrington_manning" if test == "score" else test
    if aim == "equality":
        if p1 == p2:
            raise BadDesign("p1 and p2 are equal: there is no difference to detect", "p2")
        if test == "farrington_manning":
            test = "pooled"  # what the constrained rates are without a margin
    elif test not in _OF_MARGINS:
        raise BadDesign(f"aim={aim} takes test={' or '.join(_OF_MARGINS)}, not {test}", "test")
    asked = _Question(
        p1, p2, alpha, sides, known[0] / known[1] if known else ratio, test, aim,
        borders(aim, margin, better), better, beta_split,
    )  # fmt: skip
    if test == "fisher":
        outputs = _fisher(asked, power, known, dropout)
    else:
        outputs = carried_out(_PLANS.get(test, _z_plan)(asked), power, known, ratio, dropout)
    return _said(asked, outputs, power, known, dropout)


@dataclass(frozen=True, slots=True)
class _Question:
    p1: float
    p2: float
    alpha: float
    sides: int
    ratio: float
    test: str
    aim: str
    margins: tuple[float, ...]
    better: str
    split: str

    @property
    def own(self) -> float:
        return _spread(self.p1, self.p2, self.ratio)

    def null(self, border: float) -> float:
        """Deviation at the rates that the border allows."""
        rates = constrained("difference", self.p1, self.p2, border, 1 / self.ratio)
        return _spread(*rates, self.ratio)


def _spread(p1: float, p2: float, ratio: float) -> float:
    return math.sqrt(p1 * (1 - p1) + ratio * p2 * (1 - p2))


def _z_plan(asked: _Question) -> Plan:
    effect = asked.p1 - asked.p2
    gaps = distances(asked.aim, effect, asked.margins, asked.better, f"difference {effect:.4g}")
    if asked.aim == "noninferiority":
        refuse_hollow_margin(abs(asked.margins[0]), asked.p2, asked.better)
    own = asked.own
    nulls = [own if asked.test == "unpooled" else asked.null(at) for at in asked.margins]
    parts = tuple(Border(gap, null, own) for gap, null in zip(gaps, nulls, strict=True))
    return plan(parts, asked.alpha / asked.sides, asked.split)


def _lift(asked: _Question) -> float:
    return 2 * (1 + asked.ratio) / abs(asked.p1 - asked.p2)


def _continuity_plan(asked: _Question) -> Plan:
    """The pooled test with the correction turned into patients (Casagrande, Pike and Smith)."""
    pooled = plan(
        (Border(abs(asked.p1 - asked.p2), asked.null(0.0), asked.own),), asked.alpha / asked.sides
    )
    lift = _lift(asked)

    def without(n: float) -> float:
        return max(0.0, 4 * n - lift) ** 2 / (16 * n)

    return Plan(lambda power: _lifted(pooled.size(power), lift), lambda n: pooled.reach(without(n)))


def _lifted(n: float, lift: float) -> float:
    return (math.sqrt(n) + math.sqrt(n + lift)) ** 2 / 4


def _arcsine_plan(asked: _Question) -> Plan:
    h = abs(arcsine_effect(asked.p1, asked.p2))
    spread = math.sqrt(1 + asked.ratio)
    one = plan((Border(h, spread, spread),), asked.alpha / asked.sides)
    z = quantile(1 - asked.alpha / 2)

    def reach(n: float) -> float:
        wrong = below(-h * math.sqrt(n) / spread - z) if asked.sides == 2 else 0.0
        return one.reach(n) + wrong

    return Plan(one.size, reach)


def arcsine_effect(p1: float, p2: float) -> float:
    """Cohen's h."""
    return 2 * math.asin(math.sqrt(p1)) - 2 * math.asin(math.sqrt(p2))


_PLANS: dict[str, Callable[[_Question], Plan]] = {
    "continuity": _continuity_plan,
    "arcsine": _arcsine_plan,
}


def _fisher(
    asked: _Question, power: float | None, known: tuple[float, float] | None, dropout: float
) -> dict[str, Any]:
    def reach(n1: int, n2: int) -> float:
        return fisher.power(asked.p1, asked.p2, n1, n2, asked.alpha, asked.sides)

    if power is None:
        assert known is not None
        n1, n2 = round(known[0]), round(known[1])
        if max(n1, n2) > fisher.MOST or min(n1, n2) < 1:
            raise BadDesign(
                f"Fisher's exact test is enumerated from 1 to {fisher.MOST} patients an arm", "n1"
            )
        return {"power": reach(n1, n2)}
    n1, n2 = fisher.size(
        asked.p1, asked.p2, asked.ratio, asked.alpha, asked.sides, power,
        _continuity_plan(asked).size(power),
    )  # fmt: skip
    return counted_sizes(n1, n2, dropout) | {"power_achieved": reach(n1, n2)}


def _said(
    asked: _Question,
    outputs: dict[str, Any],
    power: float | None,
    known: tuple[float, float] | None,
    dropout: float,
) -> Outcome:
    solved = power is not None
    n1, n2 = known or (outputs["n1"], outputs["n2"])
    said = [f"test_{asked.test}"]
    if asked.aim == "equivalence":
        said += ["each_test", f"beta_split_{asked.split}"] if solved else ["each_test"]
    elif asked.aim != "equality":
        said.append(f"margin_{asked.better}")
    if solved:
        said.append("searched" if asked.test == "fisher" else "round_up")
    cells = () if asked.test == "fisher" else expected((n1, asked.p1), (n2, asked.p2))
    return Outcome(
        outputs,
        sentence_key(solved, asked.aim),
        conventions(asked.sides, *said, ratio=asked.ratio, dropout=dropout if solved else 0.0),
        warnings(asked.alpha, asked.sides, power or outputs["power"], cells),
        values={"n1": n1, "n2": n2, "ratio": asked.ratio, "margin": asked.margins[-1]},
    )

"""Comparison of two proportions by their odds ratio or risk ratio: sample size and power."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from design.errors import BadDesign
from design.proportions.constrained import constrained
from design.proportions.margins import BetaSplit, Better, distances, log_borders
from design.proportions.normal import Border, Plan, plan
from design.proportions.sizing import (
    carried_out,
    conventions,
    expected,
    given_sizes,
    sentence_key,
    warnings,
)
from design.quantities import Aim, Alpha, Count, Dropout, Positive, Power, Probability, Ratio, Sides
from design.registry import calculator
from design.result import Outcome

RatioMargin = Annotated[
    float,
    Field(gt=0, description="Margin as a ratio: 0.8 or 1.25, the same by symmetry. 界值（比值）"),
]
Test = Annotated[
    Literal["log", "score"],
    Field(
        description="log: z test of the log ratio with the variance of the assumed rates; score: "
        "with that of the rates constrained to the border of H0. 检验方法"
    ),
]


@calculator(
    reference="Chow SC, Shao J, Wang H. Sample Size Calculations in Clinical Research. 2nd ed. "
    "2008, section 4.6 (log); Miettinen O, Nurminen M. Stat Med 1985;4:213 (score)",
    formula="n1 = ((z_a s0 + z_b s1) / (ln OR - ln margin))^2, s1^2 = 1/(p1(1-p1)) + "
    "k/(p2(1-p2)), s0 = s1 (log) or at the rates constrained to the margin (score)",
)
def odds_ratio(
    *,
    p2: Probability,
    p1: Probability | None = None,
    odds_ratio: Positive | None = None,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: Count | None = None,
    n2: Count | None = None,
    ratio: Ratio = 1.0,
    test: Test = "log",
    aim: Aim = "equality",
    margin: RatioMargin | None = None,
    better: Better = "higher",
    beta_split: BetaSplit = "exact",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to compare two groups by their odds ratio, or the power of a number.

    Give ``p2`` of the control group and either ``p1`` or ``odds_ratio``.
    """
    if (p1 is None) == (odds_ratio is None):
        raise BadDesign("give either p1 or odds_ratio", "p1")
    if p1 is None:
        assert odds_ratio is not None
        odds = odds_ratio * p2 / (1 - p2)
        p1 = _inside(odds / (1 + odds), "odds_ratio")
    effect = math.log(p1 / (1 - p1)) - math.log(p2 / (1 - p2))
    asked = _Ratio(p1, p2, effect, "odds_ratio", alpha / sides, aim, margin, better, beta_split)
    return asked.outcome(
        sides, alpha, power, given_sizes(power, n1, n2, ratio), ratio, test, dropout
    )


@calculator(
    reference="Farrington CP, Manning G. Stat Med 1990;9:1447 (score); Katz D et al. Biometrics "
    "1978;34:469 (log)",
    formula="score: n1 = ((z_a s0 + z_b s1) / (p1 - R p2))^2, s1^2 = p1(1-p1) + k R^2 p2(1-p2), "
    "s0 the same at the rates constrained to p1 = R p2; log: n1 = ((z_a + z_b) s / "
    "(ln(p1/p2) - ln R))^2, s^2 = (1-p1)/p1 + k (1-p2)/p2",
)
def risk_ratio(
    *,
    p2: Probability,
    p1: Probability | None = None,
    risk_ratio: Positive | None = None,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: Count | None = None,
    n2: Count | None = None,
    ratio: Ratio = 1.0,
    test: Test = "score",
    aim: Aim = "equality",
    margin: RatioMargin | None = None,
    better: Better = "higher",
    beta_split: BetaSplit = "exact",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to compare two groups by their risk ratio, or the power of a number.

    Give ``p2`` of the control group and either ``p1`` or ``risk_ratio``.
    """
    if (p1 is None) == (risk_ratio is None):
        raise BadDesign("give either p1 or risk_ratio", "p1")
    if p1 is None:
        assert risk_ratio is not None
        p1 = _inside(p2 * risk_ratio, "risk_ratio")
    effect = math.log(p1 / p2)
    asked = _Ratio(p1, p2, effect, "ratio", alpha / sides, aim, margin, better, beta_split)
    return asked.outcome(
        sides, alpha, power, given_sizes(power, n1, n2, ratio), ratio, test, dropout
    )


def _inside(p1: float, field: str) -> float:
    if not 0 < p1 < 1:
        raise BadDesign(
            f"this {field} makes the rate of group 1 {p1:.4g}, not within 0 and 1", field
        )
    return p1


class _Ratio:
    """A ratio of two rates with the borders of its null hypothesis."""

    def __init__(
        self, p1: float, p2: float, effect: float, measure: Literal["ratio", "odds_ratio"],
        alpha: float, aim: str, margin: float | None, better: str, split: str,
    ) -> None:  # fmt: skip
        if aim == "equality" and p1 == p2:
            raise BadDesign("both rates are equal: there is no ratio to detect", "p1")
        self.p1, self.p2, self.effect, self.measure = p1, p2, effect, measure
        self.alpha, self.aim, self.better, self.split = alpha, aim, better, split
        self.margins = log_borders(aim, margin, better)
        self.gaps = distances(
            aim,
            effect,
            self.margins,
            better,
            f"log ratio {effect:.4g} (ratio {math.exp(effect):.4g})",
        )

    def plan(self, ratio: float, test: str) -> Plan:
        """Sizes and power at an allocation n1/n2."""
        parts = tuple(
            self._border(gap, border, ratio, test)
            for gap, border in zip(self.gaps, self.margins, strict=True)
        )
        return plan(parts, self.alpha, self.split)

    def _border(self, gap: float, border: float, ratio: float, test: str) -> Border:
        null = math.exp(border)
        if test == "score" and self.measure == "ratio":
            rates = constrained("ratio", self.p1, self.p2, null, 1 / ratio)
            return Border(
                abs(self.p1 - null * self.p2),
                _linear(*rates, null, ratio),
                _linear(self.p1, self.p2, null, ratio),
            )
        own = self._log_spread(self.p1, self.p2, ratio)
        if test == "log":
            return Border(gap, own, own)
        rates = constrained("odds_ratio", self.p1, self.p2, null, 1 / ratio)
        return Border(gap, self._log_spread(*rates, ratio), own)

    def _log_spread(self, p1: float, p2: float, ratio: float) -> float:
        if self.measure == "ratio":
            return math.sqrt((1 - p1) / p1 + ratio * (1 - p2) / p2)
        return math.sqrt(1 / (p1 * (1 - p1)) + ratio / (p2 * (1 - p2)))

    def outcome(
        self, sides: int, alpha: float, power: float | None,
        known: tuple[float, float] | None, ratio: float, test: str, dropout: float,
    ) -> Outcome:  # fmt: skip
        """The outputs with what is said of them."""
        weight = known[0] / known[1] if known else ratio
        outputs = carried_out(self.plan(weight, test), power, known, ratio, dropout)
        outputs |= {"p1": self.p1, self._name: math.exp(self.effect)}
        n1, n2 = known or (outputs["n1"], outputs["n2"])
        said = [f"ratio_{test}"]
        if self.aim == "equivalence":
            said += ["each_test", f"beta_split_{self.split}"] if power else ["each_test"]
        elif self.aim != "equality":
            said.append(f"margin_{self.better}")
        if power:
            said.append("round_up")
        return Outcome(
            outputs,
            sentence_key(power is not None, self.aim),
            conventions(sides, *said, ratio=weight, dropout=dropout if power else 0.0),
            warnings(
                alpha, sides, power or outputs["power"], expected((n1, self.p1), (n2, self.p2))
            ),
            values={
                "n1": n1,
                "n2": n2,
                "ratio": weight,
                "margin": math.exp(self.margins[0]),
                "margin_upper": math.exp(self.margins[-1]),
            },
        )

    @property
    def _name(self) -> str:
        return "odds_ratio" if self.measure == "odds_ratio" else "risk_ratio"


def _linear(p1: float, p2: float, null: float, ratio: float) -> float:
    """Deviation of p1 - null p2, scaled to group 1."""
    return math.sqrt(p1 * (1 - p1) + ratio * null**2 * p2 * (1 - p2))

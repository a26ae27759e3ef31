"""One proportion against a fixed value, such as the target value of a single-arm trial."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field

from design.errors import BadDesign
from design.proportions import binomial
from design.proportions.margins import Better, borders, distances
from design.proportions.normal import Border, Plan, below, plan, quantile
from design.proportions.sizing import (
    carried_out_once,
    conventions,
    expected,
    given_size,
    sentence_key,
    warnings,
)
from design.proportions.two_groups import arcsine_effect
from design.quantities import Alpha, Count, Dropout, Power, Probability, Sides
from design.registry import calculator
from design.result import Outcome

Test = Annotated[
    Literal["score", "wald", "null", "continuity", "exact", "arcsine"],
    Field(
        description="z test with the variance at p0 for alpha and at p for beta (score), at p for "
        "both (wald), at p0 for both (null), score with continuity correction, exact binomial "
        "test, arcsine. 检验方法"
    ),
]
Rounding = Annotated[
    Literal["up", "nearest"],
    Field(description="Rounding of n and of n with drop-out; guidances use both. 取整方式"),
]
SingleAim = Annotated[
    Literal["equality", "superiority", "noninferiority"],
    Field(description="What is to be shown; all but equality need a margin. 检验目的"),
]
Margin = Annotated[
    float, Field(gt=-1, lt=1, description="Difference from p0 that is of no matter. 界值")
]


@calculator(
    reference="Chow SC, Shao J, Wang H. Sample Size Calculations in Clinical Research. 2nd ed. "
    "2008, section 4.1 (wald); Fleiss JL, Levin B, Paik MC. Statistical Methods for Rates and "
    "Proportions. 3rd ed. 2003, section 2.4 (score, continuity); A'Hern RP. Stat Med 2001;20:859 "
    "(exact); Cohen J. Statistical Power Analysis. 2nd ed. 1988 (arcsine)",
    formula="n = ((z_a sqrt(p0(1-p0)) + z_b sqrt(p(1-p))) / (p - p0))^2 (score); "
    "(z_a + z_b)^2 p(1-p) / (p - p0 - margin)^2 (wald); exact: the smallest n with "
    "P(X >= c | p) >= power, c the smallest with P(X >= c | p0) <= alpha/sides",
)
def one_proportion(
    *,
    p: Probability,
    p0: Probability,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n: Count | None = None,
    test: Test = "score",
    aim: SingleAim = "equality",
    margin: Margin | None = None,
    better: Better = "higher",
    dropout: Dropout = 0.0,
    rounding: Rounding = "up",
) -> Outcome:
    """Number of patients to show that a proportion differs from a fixed value, or the power.

    This is the single-arm design with a target value (performance goal): ``p0`` is the target,
    ``p`` the expected rate. With a margin the target moves to ``p0 - margin``
    (non-inferiority) or ``p0 + margin`` (superiority).
    """
    known = given_size(power, n)
    border = p0 + borders(aim, margin, better)[0]
    if not 0 < border < 1:
        raise BadDesign(
            f"p0 and the margin put the border at {border:.4g}, not in 0 to 1", "margin"
        )
    if aim == "equality":
        if p == p0:
            raise BadDesign("p and p0 are equal: there is no difference to detect", "p")
    else:
        distances(aim, p - p0, (border - p0,), better, f"difference {p - p0:.4g}")
    if test == "exact":
        outputs = binomial.outputs(p, border, alpha / sides, power, known, dropout)
    else:
        made = _PLANS[test](p, border, alpha, sides)
        outputs = carried_out_once(made, power, known, dropout)
    if power is not None and rounding == "nearest" and test != "exact":
        outputs = _to_nearest(outputs, dropout)
        outputs["power_achieved"] = made.reach(outputs["n"])
    size = outputs["n"] if known is None else known
    said = [f"one_{test}"]
    if aim != "equality":
        said.append(f"margin_{better}")
    if power is not None:
        said.append("first_exact" if test == "exact" else f"one_round_{rounding}")
    alerts = list(
        warnings(
            alpha, sides, power or outputs["power"],
            () if test == "exact" else expected((size, border)),
        )
    )  # fmt: skip
    if outputs.get("n_stable", size) > size:
        alerts.append("sawtooth")
    return Outcome(
        outputs,
        sentence_key(power is not None, aim) + ("_exact" if test == "exact" else ""),
        conventions(sides, *said, dropout=dropout if power else 0.0),
        tuple(alerts),
        values={"n": size, "border": border, "margin": abs(margin or 0)},
    )


def _to_nearest(outputs: dict[str, Any], dropout: float) -> dict[str, Any]:
    """Rounded to the nearest instead of up, and the drop-out alike."""
    n = max(1, math.floor(outputs["n_raw"] + 0.5))
    found = outputs | {"n": n}
    if dropout:
        found |= {
            "n_with_dropout": math.floor(n / (1 - dropout) + 0.5),
            "n_dropout_added": math.floor(n * (1 + dropout) + 0.5),
        }
    return found


def _z_plan(p: float, border: float, alpha: float, sides: int, null: float, own: float) -> Plan:
    part = Border(abs(p - border), math.sqrt(null), math.sqrt(own))
    return plan((part,), alpha / sides)


def _score(p: float, border: float, alpha: float, sides: int) -> Plan:
    return _z_plan(p, border, alpha, sides, border * (1 - border), p * (1 - p))


def _wald(p: float, border: float, alpha: float, sides: int) -> Plan:
    return _z_plan(p, border, alpha, sides, p * (1 - p), p * (1 - p))


def _null(p: float, border: float, alpha: float, sides: int) -> Plan:
    return _z_plan(p, border, alpha, sides, border * (1 - border), border * (1 - border))


def _continuity(p: float, border: float, alpha: float, sides: int) -> Plan:
    plain = _score(p, border, alpha, sides)
    gap = abs(p - border)

    def lifted(power: float) -> float:
        n = plain.size(power)
        return n / 4 * (1 + math.sqrt(1 + 2 / (n * gap))) ** 2

    def reach(n: float) -> float:
        return plain.reach(max(0.0, 4 * n - 2 / gap) ** 2 / (16 * n))

    return Plan(lifted, reach)


def _arcsine(p: float, border: float, alpha: float, sides: int) -> Plan:
    h = abs(arcsine_effect(p, border))
    one = plan((Border(h, 1.0, 1.0),), alpha / sides)

    def reach(n: float) -> float:
        wrong = below(-h * math.sqrt(n) - quantile(1 - alpha / 2)) if sides == 2 else 0.0
        return one.reach(n) + wrong

    return Plan(one.size, reach)


_PLANS = {
    "score": _score,
    "wald": _wald,
    "null": _null,
    "continuity": _continuity,
    "arcsine": _arcsine,
}


@calculator(
    reference="Chow SC, Shao J, Wang H. Sample Size Calculations in Clinical Research. 2nd ed. "
    "2008, section 4.1.3 (wald); exact: two one-sided binomial tests, Schuirmann DJ. J "
    "Pharmacokinet Biopharm 1987;15:657",
    formula="n = p(1-p) (z_a + z_b')^2 / (half width - |p - middle|)^2; exact: power = "
    "P(c1 <= X <= c2 | p), c1 and c2 the counts at which both binomial tests reject",
)
def one_proportion_equivalence(
    *,
    p: Probability,
    lower: Probability,
    upper: Probability,
    alpha: Alpha = 0.05,
    power: Power | None = None,
    n: Count | None = None,
    test: Annotated[
        Literal["wald", "exact"], Field(description="Normal or exact binomial tests. 检验方法")
    ] = "exact",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients to show that a proportion lies between two limits, or the power.

    Two one-sided tests at ``alpha`` each.
    """
    known = given_size(power, n)
    if lower >= upper:
        raise BadDesign(f"lower {lower:g} is not below upper {upper:g}", "lower")
    if not lower < p < upper:
        raise BadDesign(
            f"the assumed rate {p:g} is not between the limits {lower:g} and {upper:g}: "
            "equivalence is false under these assumptions and no number of patients can show it",
            "p",
        )
    if test == "exact":
        outputs = binomial.equivalence_outputs(p, lower, upper, alpha, power, known, dropout)
    else:
        own = math.sqrt(p * (1 - p))
        pair = (Border(p - lower, own, own), Border(upper - p, own, own))
        outputs = carried_out_once(plan(pair, alpha), power, known, dropout)
    size = outputs["n"] if known is None else known
    said = [f"one_{test}", "each_test"]
    if power is not None:
        said.append("first_exact" if test == "exact" else "one_round_up")
    return Outcome(
        outputs,
        sentence_key(power is not None),
        conventions(1, *said, dropout=dropout if power else 0.0),
        warnings(alpha / 2, 1, power or outputs["power"]),
        values={"n": size},
    )

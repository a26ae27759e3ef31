"""Wilcoxon-Mann-Whitney test of two independent groups: sample size and power."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scipy import special

from design.conventions import sides_key
from design.errors import BadDesign
from design.means.efficiency import EFFICIENCY, Shape, overstated
from design.means.hypotheses import hypothesis
from design.means.inputs import given_arms, refuse_given
from design.means.phrases import dropout_phrase, phrase, warnings_for
from design.means.sizing import size_two_arms
from design.means.two_groups import two_group_power
from design.means.types import Difference, Size, Spread, TotalSize
from design.quantities import Alpha, Dropout, Power, Probability, Ratio, Sides
from design.registry import calculator
from design.result import Outcome


@calculator(
    reference="Noether GE. Sample size determination for some common nonparametric tests. J Am "
    "Stat Assoc 1987;82:645-7; Chow SC, Shao J, Wang H. 2nd ed. 2008, section 14.3; Lehmann EL. "
    "Nonparametrics. 1975 (efficiency)",
    formula="Noether: N = (z_a + z_b)^2 / (12 c (1-c) (p1 - 1/2)^2), c = n1/N; Chow: n2 = (z_a "
    "sqrt(k(k+1)/12) + z_b sqrt(k^2 (p2-p1^2) + k (p3-p1^2)))^2 / (k^2 (1/2-p1)^2); or n of the t "
    "test / efficiency",
)
def rank_sum(
    *,
    p1: Probability | None = None,
    p2: Probability | None = None,
    p3: Probability | None = None,
    difference: Difference | None = None,
    sd: Spread | None = None,
    shape: Shape = "normal",
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: Size | None = None,
    n2: Size | None = None,
    n_total: TotalSize | None = None,
    ratio: Ratio = 1.0,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients for the Wilcoxon rank sum (Mann-Whitney) test, or its power.

    The effect is ``p1``, the probability that a patient of one group exceeds one of the other
    (Noether); with ``p2`` and ``p3``, that one exceeds two of the other group and that two exceed
    one (Chow, variance under the alternative); or ``difference`` and ``sd`` (``shape`` says the
    distribution), by the efficiency against the t test.
    """
    basis, power_at = _effect(p1, p2, p3, difference, sd, shape, alpha / sides, sides)
    least = 2.0 if basis == "efficiency" else 1.0
    arms = given_arms(power, n1, n2, n_total, ratio, least)
    said: dict[str, Any] = phrase("alpha", sides_key(sides), {"alpha": alpha})
    stated = {"p1": p1, "p2": p2, "p3": p3, "difference": difference, "sd": sd}
    said |= phrase("effect", f"rank_{basis}", stated)
    keys: tuple[str, ...] = (sides_key(sides), f"rank_{basis}")
    shared: dict[str, Any] = {}
    if basis == "efficiency":
        shared["efficiency"] = EFFICIENCY[shape]
    test = "t" if basis == "efficiency" else "z"
    odd = ("impossible_together",) if p1 and max(p2 or 0.0, p3 or 0.0) > p1 else ()
    if difference is not None and sd is not None and overstated(shape, difference, sd):
        odd = ("efficiency_overstated",)
    if arms is not None:
        found = power_at(*arms)
        warned = warnings_for(level=alpha / sides, power=found, smallest=min(arms), test=test)
        warned = (*warned, *odd)
        said |= {"n1": arms[0], "n2": arms[1]}
        return Outcome({"power": found, **shared}, "power", keys, warned, said)
    assert power is not None
    outputs = size_two_arms(power_at, power, ratio=ratio, dropout=dropout, least=least)
    smallest = min(outputs["n1"], outputs["n2"])
    warned = warnings_for(level=alpha / sides, power=power, smallest=smallest, test=test)
    warned = (*warned, *odd)
    said |= dropout_phrase(outputs, dropout, "n_total")
    keys = (*keys, "round_up", *(("dropout",) if dropout else ()))
    return Outcome(outputs | shared, "size", keys, warned, said)


def _effect(
    p1: float | None,
    p2: float | None,
    p3: float | None,
    difference: float | None,
    sd: float | None,
    shape: str,
    level: float,
    sides: int,
) -> tuple[str, Callable[[float, float], float]]:
    """The basis of the calculation and the power of two sizes."""
    critical = float(-special.ndtri(level))
    if p1 is None:
        refuse_given("they go with p1", {"p2": p2, "p3": p3})
        if difference is None or sd is None:
            raise BadDesign("give p1 (with or without p2 and p3), or difference with sd", "p1")
        asked = hypothesis("equality", difference, None, level=level, both_tails=sides == 2)
        gain = EFFICIENCY[shape]
        assert sd is not None
        spread = (sd, sd)
        return "efficiency", lambda a, b: two_group_power(
            asked, max(a * gain, 1.5), max(b * gain, 1.5), spread, "t"
        )
    refuse_given("p1 already says the effect", {"difference": difference, "sd": sd})
    if p1 == 0.5:
        raise BadDesign("p1 is 1/2: there is nothing to detect", "p1")
    shift = abs(p1 - 0.5)
    if p2 is None and p3 is None:
        return "noether", lambda a, b: float(
            special.ndtr(shift * (12 * a * b / (a + b)) ** 0.5 - critical)
        )
    if p2 is None or p3 is None:
        raise BadDesign("give both p2 and p3, or neither", "p2")
    for name, value in (("p2", p2), ("p3", p3)):
        if value < p1**2:
            raise BadDesign(
                f"{name} = {value:g} is below p1^2 = {p1**2:g}: two such events together cannot be "
                "less probable than if they were independent",
                name,
            )

    def power_at(a: float, b: float) -> float:
        k = a / b
        null = (k * (k + 1) / 12) ** 0.5
        other = (k**2 * (p2 - p1**2) + k * (p3 - p1**2)) ** 0.5
        room = k * shift * b**0.5 - critical * null
        if other == 0:
            return float(room >= 0)
        return float(special.ndtr(room / other))

    return "chow", power_at

"""Wilcoxon signed rank test of one group or of pairs: sample size and power."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.errors import BadDesign
from design.means.efficiency import EFFICIENCY, Shape, overstated
from design.means.hypotheses import hypothesis
from design.means.inputs import refuse_given
from design.means.phrases import dropout_phrase, phrase, warnings_for
from design.means.sizing import size_one_arm
from design.means.types import Difference, Size, Spread
from design.quantities import Alpha, Dropout, Power, Probability, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import power_or_size

SumPositive = Annotated[
    float,
    Field(gt=0, lt=1, description="P(z1 + z2 > 0) of two independent differences (Noether)."),
]


@calculator(
    reference="Noether GE. J Am Stat Assoc 1987;82:645-7; Chow SC, Shao J, Wang H. 2nd ed. 2008, "
    "section 14.2; Lehmann EL. Nonparametrics. 1975 (efficiency)",
    formula="Noether: n = (z_a + z_b)^2 / (3 (p - 1/2)^2); Chow: n = (z_a/sqrt(12) + z_b sqrt(p3 + "
    "4 p4 - 4 p2^2))^2 / (1/4 - p2)^2; or n of the one-sample t test / efficiency",
)
def signed_rank(
    *,
    difference: Difference | None = None,
    sd: Spread | None = None,
    shape: Shape = "normal",
    p_sum: SumPositive | None = None,
    p2: Probability | None = None,
    p3: Probability | None = None,
    p4: Probability | None = None,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n: Size | None = None,
    dropout: Dropout = 0.0,
) -> Outcome:
    """Number of patients (or pairs) for the Wilcoxon signed rank test, or its power.

    The effect is ``difference`` and ``sd`` of the differences with the ``shape`` of their
    distribution; or ``p_sum``, the probability that two differences have a positive sum; or Chow's
    p2 = P(|zi| >= |zj|, zi > 0), p3 = P(|zi| >= |zj1|, |zi| >= |zj2|, zi > 0) and
    p4 = P(|zj1| >= |zi| >= |zj2|, zj1 > 0, zi > 0).
    """
    basis, power_of = _effect(difference, sd, shape, p_sum, (p2, p3, p4), alpha / sides, sides)
    said: dict[str, Any] = phrase("alpha", sides_key(sides), {"alpha": alpha})
    stated = {"difference": difference, "sd": sd, "p_sum": p_sum, "p2": p2, "p3": p3, "p4": p4}
    said |= phrase("effect", f"signed_{basis}", stated)
    keys: tuple[str, ...] = (sides_key(sides), f"signed_{basis}")
    shared: dict[str, Any] = {"efficiency": EFFICIENCY[shape]} if basis == "efficiency" else {}
    odd: tuple[str, ...] = ()
    if difference is not None and sd is not None and overstated(shape, difference, sd):
        odd = ("efficiency_overstated",)
    power_or_size(power, n=n)
    least = 2.0 if basis == "efficiency" else 1.0
    test = "t" if basis == "efficiency" else "z"
    if power is None:
        assert n is not None
        if n < least:
            raise BadDesign(f"n must be at least {least:g}", "n")
        found = power_of(n)
        warned = warnings_for(level=alpha / sides, power=found, smallest=n, test=test)
        return Outcome({"power": found, **shared}, "power", keys, (*warned, *odd), said)
    outputs = size_one_arm(power_of, power, dropout=dropout, least=least)
    warned = warnings_for(level=alpha / sides, power=power, smallest=outputs["n"], test=test)
    said |= dropout_phrase(outputs, dropout, "n")
    keys = (*keys, "round_up_one", *(("dropout",) if dropout else ()))
    return Outcome(outputs | shared, "size", keys, (*warned, *odd), said)


def _effect(
    difference: float | None,
    sd: float | None,
    shape: str,
    p_sum: float | None,
    chow: tuple[float | None, float | None, float | None],
    level: float,
    sides: int,
) -> tuple[str, Callable[[float], float]]:
    """The basis of the calculation and the power of a size."""
    critical = float(-special.ndtri(level))
    names = dict(zip(("p2", "p3", "p4"), chow, strict=True))
    if difference is not None or sd is not None:
        refuse_given("difference and sd already say the effect", {"p_sum": p_sum, **names})
        if difference is None or sd is None:
            raise BadDesign("difference and sd go together", "sd")
        asked = hypothesis("equality", difference, None, level=level, both_tails=sides == 2)
        spread, gain = sd, EFFICIENCY[shape]

        def by_efficiency(n: float) -> float:
            worth = max(n * gain, 1.5)
            return asked.power(spread / worth**0.5, worth - 1)

        return "efficiency", by_efficiency
    if p_sum is not None:
        refuse_given("p_sum already says the effect", names)
        if p_sum == 0.5:
            raise BadDesign("p_sum is 1/2: there is nothing to detect", "p_sum")
        shift = abs(p_sum - 0.5)
        return "noether", lambda n: float(special.ndtr(shift * (3 * n) ** 0.5 - critical))
    p2, p3, p4 = chow
    if p2 is None or p3 is None or p4 is None:
        raise BadDesign("give difference with sd, or p_sum, or p2 with p3 and p4", "difference")
    return "chow", _chow(p2, p3, p4, critical)


def _chow(p2: float, p3: float, p4: float, critical: float) -> Callable[[float], float]:
    if p2 == 0.25:
        raise BadDesign("p2 is 1/4: there is nothing to detect", "p2")
    variance = p3 + 4 * p4 - 4 * p2**2
    if variance <= 0:
        raise BadDesign(
            f"p3 + 4 p4 - 4 p2^2 is {variance:g}: no distribution has these probabilities", "p4"
        )
    shift = abs(0.25 - p2)
    return lambda n: float(special.ndtr((shift * n**0.5 - critical / 12**0.5) / variance**0.5))

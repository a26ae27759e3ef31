"""The smallest difference that a given number of patients can detect."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from design.conventions import sides_key
from design.errors import BadDesign
from design.means.hypotheses import Hypothesis
from design.means.phrases import phrase, test_conventions, warnings_for
from design.means.types import BothTails, Size, Spread, ZOrT
from design.quantities import Alpha, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.solving import root

Groups = Annotated[
    Literal["two", "one"],
    Field(description="Two groups, or one (a mean against a value, or differences of pairs)."),
]


@calculator(
    reference="Julious SA. Sample sizes for clinical trials with normal data. Stat Med "
    "2004;23:1921-86",
    formula="two_means or one_mean solved for the difference: P(T > t_a | noncentrality d / SE, "
    "df) = power",
)
def detectable_difference(
    *,
    sd: Spread,
    n1: Size,
    n2: Size | None = None,
    groups: Groups = "two",
    ratio: Ratio = 1.0,
    test: ZOrT = "t",
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power = 0.8,
    both_tails: BothTails | None = None,
) -> Outcome:
    """The difference of means that a number of patients detects with a power.

    ``n1`` (and ``n2``) are the patients with an outcome; with one group, ``n1`` alone, and ``sd``
    is of the differences when they are of pairs.
    """
    second = _second(n1, n2, groups, ratio)
    sizes = [n1] if second is None else [n1, second]
    if test == "t" and min(sizes) < 2:
        raise BadDesign("the t test needs at least 2 patients in each group", "n1")
    level = alpha / sides
    if power <= alpha:
        raise BadDesign(f"power {power:g} is not above alpha {alpha:g}: no test is needed", "power")
    counted = both_tails if both_tails is not None else test == "t"
    error = sd * sum(1 / size for size in sizes) ** 0.5
    df = sum(sizes) - len(sizes) if test == "t" else None

    def missing(standard_errors: float) -> float:
        asked = Hypothesis("equality", standard_errors, 0.0, level, counted and sides == 2)
        return asked.power(1.0, df) - power

    found = error * _root(missing)
    outputs = {"difference": found, "d": found / sd}
    said: dict[str, Any] = phrase("test", f"{test}_test", {}) | phrase(
        "alpha", sides_key(sides), {"alpha": alpha}
    )
    keys = test_conventions(test=test, aim="equality", sides=sides, both_tails=counted, exact=False)
    warned = warnings_for(level=level, power=power, smallest=min(sizes), test=test)
    return Outcome(outputs, groups, keys, warned, {**said, "n2": second})


def _second(n1: float, n2: float | None, groups: str, ratio: float) -> float | None:
    if groups == "one":
        if n2 is not None:
            raise BadDesign("n2 is given for one group", "n2")
        return None
    if n2 is not None and ratio != 1 and abs(n1 / n2 - ratio) > 1e-6 * ratio:
        raise BadDesign(f"n1 / n2 is {n1 / n2:g} and ratio is {ratio:g}; leave one out", "ratio")
    return n2 if n2 is not None else n1 / ratio


def _root(missing: Any) -> float:
    """Where an increasing function of the noncentrality crosses 0."""
    above = 1.0
    while missing(above) < 0:
        above *= 2
        if above > 1e12:
            raise BadDesign("no difference is detected at so small an alpha", "alpha")
    return root(missing, 0.0, above, xtol=1e-12, rtol=1e-13)

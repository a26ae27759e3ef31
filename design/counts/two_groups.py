"""Rates of events in two groups: Poisson and negative binomial."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from design.conventions import sides_key
from design.counts import exact, normal
from design.counts import quantities as q
from design.counts.hypotheses import Hypothesis, hypothesis
from design.counts.variances import Rates
from design.errors import BadDesign
from design.quantities import Aim, Alpha, Dropout, Power, Ratio, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import power_or_size, round_up, two_arm_sizes

PoissonTest = Annotated[
    Literal["alternative", "score", "reference", "difference", "difference_score", "sqrt", "exact"],
    Field(
        description="alternative, score, reference: log rate ratio with the variance under H0 as "
        "under H1, restricted to H0, or from the control rate; difference, difference_score: of "
        "the rates (equality); sqrt: of the square roots; exact: conditional binomial. 检验方法"
    ),
]
NullVariance = Annotated[
    Literal["reference", "alternative", "pooled", "score"],
    Field(
        description="Variance under H0: reference (control rate, Zhu-Lakkis 1), alternative (2), "
        "pooled (events in all fixed, 3), score (restricted maximum likelihood). 零假设方差"
    ),
]
_DIFFERENCES = ("difference", "difference_score")


@calculator(
    reference="Zhu H. Stat Biopharm Res 2017;9:107-115 (ratio); Stucke K, Kieser M. Biom J "
    "2013;55:203-216 (difference); Gu K, Ng HKT, Tang ML, Schucany WR. Biom J 2008;50:283-298 "
    "(sqrt); Przyborowski J, Wilenski H. Biometrika 1940;31:313-323 (exact)",
    formula="n1 = (z_a sqrt(V0) + z_b sqrt(V1))^2 / log(rate1/rate2/R)^2, "
    "V1 = (1/rate1 + k/rate2) / exposure, k = n1/n2",
)
def two_poisson_rates(
    *,
    rate1: q.EventRate,
    rate2: q.EventRate,
    exposure: q.Exposure = 1.0,
    aim: Aim = "equality",
    margin: q.RatioMargin | None = None,
    lower: q.RatioMargin | None = None,
    upper: q.RatioMargin | None = None,
    better: q.Better = "lower",
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: q.Patients | None = None,
    n2: q.Patients | None = None,
    ratio: Ratio = 1.0,
    dispersion: q.OverDispersion = 1.0,
    test: PoissonTest = "alternative",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Patients for two Poisson rates, or the power of a number of patients.

    Margins are of the rate ratio; a margin is tested at ``alpha / sides``. For the power give
    ``n1``, and ``n2`` where the arms differ.
    """
    aimed = hypothesis(rate1 / rate2, aim, margin, lower, upper, better, alpha, sides)
    if test in _DIFFERENCES and aim != "equality":
        raise BadDesign("a difference of rates is tested for equality; use a ratio test", "test")
    if test == "exact" and dispersion != 1:
        raise BadDesign("the exact test is for Poisson counts, dispersion 1", "dispersion")
    n1, ratio = _allocation(power, n1, n2, ratio)
    rates = Rates(rate1, rate2, exposure, 1 / ratio, scale=dispersion)
    said: tuple[str, ...] = ("poisson_exact" if test == "exact" else f"null_{test}",)
    if dispersion != 1:
        said += ("quasi_poisson",)
    return _answer(rates, aimed, aim, test, power, n1, ratio, dropout, sides, said)


@calculator(
    reference="Zhu H, Lakkis H. Stat Med 2014;33:376-387; Zhu H. Stat Biopharm Res "
    "2017;9:107-115 (non-inferiority, equivalence)",
    formula="n1 = (z_a sqrt(V0) + z_b sqrt(V1))^2 / log(rate1/rate2/R)^2, "
    "V1 = (1/rate1 + k/rate2) / exposure + dispersion (1 + k), k = n1/n2",
)
def two_negative_binomial_rates(
    *,
    rate1: q.EventRate,
    rate2: q.EventRate,
    dispersion: q.Dispersion,
    exposure: q.Exposure = 1.0,
    aim: Aim = "equality",
    margin: q.RatioMargin | None = None,
    lower: q.RatioMargin | None = None,
    upper: q.RatioMargin | None = None,
    better: q.Better = "lower",
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n1: q.Patients | None = None,
    n2: q.Patients | None = None,
    ratio: Ratio = 1.0,
    variance: NullVariance = "pooled",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Patients for two negative binomial rates (relapses, exacerbations), or the power.

    The dispersion k is the same in both groups: variance ``mu + k mu^2``. Margins are of the rate
    ratio; a margin is tested at ``alpha / sides``.
    """
    aimed = hypothesis(rate1 / rate2, aim, margin, lower, upper, better, alpha, sides)
    n1, ratio = _allocation(power, n1, n2, ratio)
    rates = Rates(rate1, rate2, exposure, 1 / ratio, dispersion)
    said = (f"null_{variance}", "negative_binomial")
    return _answer(rates, aimed, aim, variance, power, n1, ratio, dropout, sides, said)


def _answer(
    rates: Rates,
    aimed: Hypothesis,
    aim: str,
    test: str,
    wanted: float | None,
    n1: float | None,
    ratio: float,
    dropout: float,
    sides: int,
    said: tuple[str, ...],
) -> Outcome:
    if aim != "equality":
        said = (f"aim_{aim}", *said)
    said = (sides_key(sides), *said)
    said += ("allocation",) if ratio != 1 else ()
    values: dict[str, Any] = {
        "rate_ratio": rates.treated / rates.control,
        "limits": [aimed.above, aimed.below],
        "each": aimed.alpha,
    }
    if wanted is None:
        assert n1 is not None
        reached = _power(rates, aimed, n1, test)
        outputs: dict[str, Any] = {"power": reached}
        values |= {"n1": n1, "n2": n1 / ratio}
        warnings = _warnings(rates, n1, n1 / ratio, test, reached)
        return Outcome(outputs, f"power_{aim}", said, warnings, values)
    if test == "exact":
        guess = normal.size(rates, aimed, wanted, "alternative")
        raw = float(exact.smallest(lambda n: _power(rates, aimed, n, test), wanted, guess))
        said += ("exact_search",)
    else:
        raw = normal.size(rates, aimed, wanted, test)
    outputs = two_arm_sizes(raw, ratio, dropout)
    outputs["power_achieved"] = _power(rates, aimed, round_up(raw), test)
    said += ("round_up", *(("dropout",) if dropout else ()))
    warnings = _warnings(rates, outputs["n1"], outputs["n2"], test, 1.0)
    return Outcome(outputs, f"size_{aim}", said, warnings, values)


def _power(rates: Rates, aimed: Hypothesis, n1: float, test: str) -> float:
    """With the arms in the ratio of the design."""
    if test != "exact":
        return normal.power(rates, aimed, n1, test)
    mean1 = n1 * rates.exposure * rates.treated
    mean2 = n1 * rates.balance * rates.exposure * rates.control
    return exact.power(mean1, mean2, 1 / (1 + rates.balance), aimed)


def _allocation(
    power: float | None, n1: float | None, n2: float | None, ratio: float
) -> tuple[float | None, float]:
    power_or_size(power, n1=n1)
    if n2 is None:
        return n1, ratio
    if n1 is None:
        raise BadDesign("n2 needs n1 beside it", "n1")
    if ratio not in (1.0, n1 / n2):
        raise BadDesign("n1, n2 and ratio do not agree; leave ratio out", "ratio")
    if not 0.01 <= n1 / n2 <= 100:
        raise BadDesign("n1 and n2 differ by more than 100 times", "n2")
    return n1, n1 / n2


def _warnings(rates: Rates, n1: float, n2: float, test: str, reached: float) -> tuple[str, ...]:
    found = []
    events = (n1 * rates.treated * rates.exposure, n2 * rates.control * rates.exposure)
    if test != "exact" and min(events) < 10:
        found.append("few_counts")
    if min(n1, n2) < 10 and rates.dispersion:
        found.append("few_patients")
    if reached < 0.8:
        found.append("low_power")
    return tuple(found)

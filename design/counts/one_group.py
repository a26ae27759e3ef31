"""A Poisson rate in one group against a given rate."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.counts import quantities as q
from design.counts.exact import smallest
from design.errors import BadDesign
from design.quantities import Alpha, Dropout, Power, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import checked_size, one_arm_sizes, power_or_size, round_up

Test = Annotated[
    Literal["exact", "score", "sqrt"],
    Field(description="exact Poisson, score (variance at rate0), or of square roots. 检验方法"),
]
_MOST_EVENTS = 1e7


@calculator(
    reference="Mathews P. Sample Size Calculations. 2010, chapter 5 (score, square root); exact: "
    "the Poisson distribution, both rates",
    formula="n = (z_a sqrt(rate0) + z_b sqrt(rate1))^2 / (t (rate1 - rate0)^2) (score); "
    "(z_a + z_b)^2 / (4 t (sqrt(rate1) - sqrt(rate0))^2) (sqrt)",
)
def one_poisson_rate(
    *,
    rate: q.EventRate,
    rate0: q.EventRate,
    exposure: q.Exposure = 1.0,
    alpha: Alpha = 0.05,
    sides: Sides = 2,
    power: Power | None = None,
    n: q.Patients | None = None,
    test: Test = "exact",
    dropout: Dropout = 0.0,
) -> Outcome:
    """Patients to show that a rate differs from ``rate0``, or the power of a number."""
    if rate == rate0:
        raise BadDesign("rate equals rate0: there is no difference to detect", "rate")
    power_or_size(power, n=n)
    level = alpha / sides
    said = (sides_key(sides), f"one_rate_{test}")

    def reached(patients: float) -> float:
        return _power(rate, rate0, patients * exposure, level, test)[0]

    if power is None:
        assert n is not None
        outputs: dict[str, Any] = {"power": reached(n)}
        warnings = ("low_power",) if outputs["power"] < 0.8 else ()
        return Outcome(outputs, "power", said, warnings)
    z = (-float(special.ndtri(level)), float(special.ndtri(power)))
    if test == "sqrt":
        raw = (sum(z) / (2 * (math.sqrt(rate) - math.sqrt(rate0)))) ** 2 / exposure
    else:
        raw = ((z[0] * rate0**0.5 + z[1] * rate**0.5) / (rate - rate0)) ** 2 / exposure
    if sum(z) <= 0 or z[0] * rate0**0.5 + z[1] * rate**0.5 <= 0:
        raise BadDesign("no patients are needed for a power that is not above alpha", "power")
    checked_size(raw)
    if test == "exact":
        raw = float(smallest(reached, power, raw))
    outputs = one_arm_sizes(raw, dropout)
    person_time = outputs["n"] * exposure
    outputs["power_achieved"], critical = _power(rate, rate0, person_time, level, test)
    if critical is not None:
        outputs["critical_events"] = critical
    said += ("round_up_one", *(("dropout",) if dropout else ()))
    warnings = ("few_counts",) if test != "exact" and rate0 * person_time < 10 else ()
    return Outcome(outputs, "size", said, warnings, {"size": round_up(raw)})


def _power(
    rate: float, rate0: float, time: float, level: float, test: str
) -> tuple[float, int | None]:
    """Power, and for the exact test the number of events at which H0 is rejected."""
    z_alpha = -float(special.ndtri(level))
    if test == "sqrt":
        effect = 2 * abs(math.sqrt(rate) - math.sqrt(rate0)) * math.sqrt(time)
        return float(special.ndtr(effect - z_alpha)), None
    if test == "score":
        z = (abs(rate - rate0) * math.sqrt(time) - z_alpha * math.sqrt(rate0)) / math.sqrt(rate)
        return float(special.ndtr(z)), None
    mean0, mean = rate0 * time, rate * time
    if max(mean0, mean) > _MOST_EVENTS:
        raise BadDesign(
            f"the exact test is for up to {_MOST_EVENTS:g} events; use test score", "test"
        )
    spread = math.ceil(-float(special.ndtri(level)) * math.sqrt(mean0)) + 40
    if rate > rate0:
        low, high = max(math.floor(mean0), 0), math.ceil(mean0) + 2 * spread
        fewest = _first(lambda x: bool(special.pdtrc(x - 1, mean0) <= level), max(low, 1), high)
        return float(special.pdtrc(fewest - 1, mean)), fewest
    if special.pdtr(0, mean0) > level:
        return 0.0, None
    most = _first(lambda x: bool(special.pdtr(x, mean0) > level), 0, math.ceil(mean0) + spread) - 1
    return float(special.pdtr(most, mean)), most


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The first whole number from ``low`` at which what holds from some number on does."""
    while not holds(high):
        high *= 2
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low

"""Power and size of tests of a rate ratio by normal approximations."""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy import special

from design.counts.hypotheses import Hypothesis
from design.counts.variances import Rates
from design.errors import BadDesign
from design.sizes import checked_size
from design.solving import root

_MOST = 1e8
_LEAST = 1e-6


def power(rates: Rates, aim: Hypothesis, n1: float, test: str) -> float:
    """Power with ``n1`` patients in the treatment group.

    Args:
        rates: Of both groups.
        aim: What is to be rejected.
        n1: Patients in the treatment group.
        test: Kind of null variance of the log ratio, ``sqrt`` for the square-root test, or
            ``difference`` (equality of the rates only).
    """
    z_alpha = -float(special.ndtri(aim.alpha))
    tails = 0.0
    for null, sign in ((aim.above, 1.0), (aim.below, -1.0)):
        if null is not None:
            effect, under_null, under_true = _one_test(rates, null, test)
            z = (sign * effect * math.sqrt(n1) - z_alpha * under_null) / under_true
            tails += float(special.ndtr(-z))
    return max(1 - tails, 0.0)


def size(rates: Rates, aim: Hypothesis, wanted: float, test: str) -> float:
    """Patients of the treatment group, not rounded."""
    if not aim.both:
        null = aim.above if aim.above is not None else aim.below
        assert null is not None
        effect, under_null, under_true = _one_test(rates, null, test)
        z_alpha, z_beta = -float(special.ndtri(aim.alpha)), float(special.ndtri(wanted))
        return checked_size((max(z_alpha * under_null + z_beta * under_true, 0.0) / effect) ** 2)
    return solve(lambda n1: power(rates, aim, n1, test), wanted)


def solve(reached: Callable[[float], float], wanted: float) -> float:
    """The smallest size at which an increasing power is reached."""
    high = 1.0
    while reached(high) < wanted:
        high = checked_size(2 * high, _MOST)
    low = high / 2
    while reached(low) >= wanted:
        low /= 2
        if low < _LEAST:
            raise BadDesign("no patients are needed for a power that is not above alpha", "power")
    return root(lambda n: reached(n) - wanted, low, high, xtol=1e-10)


def _one_test(rates: Rates, null: float, test: str) -> tuple[float, float, float]:
    """Effect and standard errors under H0 and H1, of one patient in the treatment group."""
    if test == "sqrt":
        effect = 2 * (math.sqrt(rates.treated) - math.sqrt(null * rates.control))
        error = math.sqrt(rates.scale * (1 + null / rates.balance) / rates.exposure)
        return effect, error, error
    if test in ("difference", "difference_score"):
        factor = rates.scale / rates.exposure
        true = math.sqrt(factor * (rates.treated + rates.control / rates.balance))
        under = true
        if test == "difference_score":
            mean = (rates.treated + rates.balance * rates.control) / (1 + rates.balance)
            under = math.sqrt(factor * mean * (1 + 1 / rates.balance))
        return rates.treated - rates.control, under, true
    effect = math.log(rates.treated / rates.control) - math.log(null)
    return effect, math.sqrt(rates.null(null, test)), math.sqrt(rates.alternative())

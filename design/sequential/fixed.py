"""Raw sizes of designs without interim looks, which a sequential design inflates."""

from __future__ import annotations

import math

from scipy import special

from design.errors import BadDesign
from design.sequential.plan import fixed_drift
from design.solving import root

_MOST = 1e9


def mean_size(
    effect: float,
    variance: float,
    *,
    alpha: float,
    sides: int,
    power: float,
    lost: int,
    per_n: float,
    t_test: bool,
) -> float:
    """Size n (not rounded) at which a mean or difference of means is shown.

    Args:
        effect: Distance from the null value.
        variance: Variance of the estimate times n.
        alpha: Type I error.
        sides: 1 or 2.
        power: Power to reach.
        lost: Degrees of freedom lost: ``per_n * n - lost`` are left.
        per_n: Observations for each n.
        t_test: Whether the variance is estimated (noncentral t).
    """
    normal = variance * (fixed_drift(alpha, sides, power) / effect) ** 2
    if not t_test:
        return normal
    distance = abs(effect) / math.sqrt(variance)

    def lacking(n: float) -> float:
        return _t_power(distance * math.sqrt(n), per_n * n - lost, alpha, sides) - power

    low = (lost + 0.1) / per_n
    if lacking(low) >= 0:
        return low
    high = max(2 * normal, 10 * low)
    while lacking(high) < 0 and high < _MOST:
        high *= 2
    if lacking(high) < 0:
        raise BadDesign(f"more than {_MOST:.0e} patients would be needed: the effect is too small")
    return root(lacking, low, high, xtol=1e-9, rtol=1e-12)


def _t_power(noncentrality: float, freedom: float, alpha: float, sides: int) -> float:
    critical = float(special.stdtrit(freedom, 1 - alpha / sides))
    missed = float(special.nctdtr(freedom, noncentrality, critical))
    if sides == 2:
        missed -= float(special.nctdtr(freedom, noncentrality, -critical))
    # nctdtr gives up far in the tail, where the power is 1 for any purpose.
    return 1.0 if math.isnan(missed) else 1 - missed


def rate_size(
    effect: float, null_variance: float, variance: float, *, alpha: float, sides: int, power: float
) -> float:
    """Size n (not rounded) at which a rate or difference of rates is shown by a z test.

    ``null_variance`` and ``variance`` are those of the estimate times n, under the null hypothesis
    (in the test) and under the assumed rates.
    """
    z_alpha = -float(special.ndtri(alpha / sides))
    z_beta = float(special.ndtri(power))
    needed = z_alpha * math.sqrt(null_variance) + z_beta * math.sqrt(variance)
    if needed <= 0:
        raise BadDesign("this power is reached with no patients: ask for more", "power")
    return (needed / effect) ** 2


def event_number(
    hr: float,
    null_hr: float,
    ratio: float,
    formula: str,
    *,
    alpha: float,
    sides: int,
    power: float,
) -> float:
    """Events (not rounded) of the log-rank test, by Schoenfeld 1981 or Freedman 1982."""
    z = fixed_drift(alpha, sides, power)
    if formula == "freedman":
        return float((z * (1 + ratio * hr) / (1 - hr)) ** 2 / ratio)
    distance = math.log(hr) - math.log(null_hr)
    return float((z * (1 + ratio) / distance) ** 2 / ratio)

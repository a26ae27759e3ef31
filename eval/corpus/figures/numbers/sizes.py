"""Sample sizes of two-arm trials with equal arms; ``alpha`` is two-sided unless said otherwise."""

from __future__ import annotations

import math
from statistics import NormalDist

_NORMAL = NormalDist()


def proportions_power(p1: float, p2: float, n: int, alpha: float = 0.05) -> float:
    """Power of the uncorrected chi-square test (pooled variance) with ``n`` in each arm."""
    pooled, apart = (p1 + p2) / 2, abs(p1 - p2)
    null = math.sqrt(2 * pooled * (1 - pooled))
    spread = math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    z = _NORMAL.inv_cdf(1 - alpha / 2)
    return _NORMAL.cdf((apart * math.sqrt(n) - z * null) / spread)


def proportions_size(p1: float, p2: float, power: float, alpha: float = 0.05) -> int:
    """Patients an arm for two proportions, pooled variance."""
    pooled = (p1 + p2) / 2
    null = math.sqrt(2 * pooled * (1 - pooled))
    spread = math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    za, zb = _NORMAL.inv_cdf(1 - alpha / 2), _NORMAL.inv_cdf(power)
    return math.ceil(((za * null + zb * spread) / (p1 - p2)) ** 2)


def noninferior_proportions_size(
    p_test: float, p_control: float, margin: float, power: float, alpha: float = 0.025
) -> int:
    """Patients an arm to show that the difference lies above -``margin``; one-sided ``alpha``."""
    z = _NORMAL.inv_cdf(1 - alpha) + _NORMAL.inv_cdf(power)
    spread = p_test * (1 - p_test) + p_control * (1 - p_control)
    return math.ceil(z**2 * spread / (p_test - p_control + margin) ** 2)


def noninferior_means_size(
    difference: float, margin: float, sd: float, power: float, alpha: float = 0.025
) -> int:
    """Patients an arm to show that a mean difference lies above -``margin``; one-sided, z."""
    z = _NORMAL.inv_cdf(1 - alpha) + _NORMAL.inv_cdf(power)
    return math.ceil(2 * z**2 * sd**2 / (difference + margin) ** 2)


def events_needed(hazard_ratio: float, power: float, alpha: float = 0.05) -> int:
    """Events of a 1:1 log-rank comparison (Schoenfeld 1983)."""
    z = _NORMAL.inv_cdf(1 - alpha / 2) + _NORMAL.inv_cdf(power)
    return math.ceil(4 * z**2 / math.log(hazard_ratio) ** 2)


def with_dropout(n: int, dropout: float) -> int:
    """How many to enrol so that ``n`` remain."""
    return math.ceil(round(n / (1 - dropout), 9))


def design_effect(size: float, icc: float, cv: float = 0.0) -> float:
    """By how much clusters of ``size`` enlarge a trial (Eldridge 2006)."""
    return 1 + ((cv**2 + 1) * size - 1) * icc

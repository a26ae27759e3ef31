"""Maximum-likelihood estimates of two proportions under a fixed difference, ratio or odds ratio,
and the score statistics built on them (Miettinen & Nurminen 1985; Farrington & Manning 1990).

``weight`` is n2/n1 throughout.
"""

from __future__ import annotations

import math
from typing import Literal

from design.errors import BadDesign

Measure = Literal["difference", "ratio", "odds_ratio"]
_TINY = 1e-12


def constrained(
    measure: Measure, p1: float, p2: float, null: float, weight: float
) -> tuple[float, float]:
    """Estimates of both rates given that their difference, ratio or odds ratio is ``null``."""
    if measure == "difference":
        return _at_difference(p1, p2, null, weight)
    return (_at_ratio if measure == "ratio" else _at_odds_ratio)(p1, p2, null, weight)


def score_z(
    measure: Measure,
    x: tuple[float, float],
    n: tuple[float, float],
    null: float,
    *,
    corrected: bool = False,
) -> float:
    """Score statistic of the hypothesis that the measure is ``null``; above 0 when it is larger.

    Args:
        corrected: Variance times N/(N-1) (Miettinen & Nurminen), otherwise as it is
            (Farrington & Manning, Mee, Koopman).
    """
    p1, p2 = x[0] / n[0], x[1] / n[1]
    r1, r2 = constrained(measure, p1, p2, null, n[1] / n[0])
    v1, v2 = r1 * (1 - r1), r2 * (1 - r2)
    factor = 1.0
    if corrected:
        total = n[0] + n[1]
        factor = total / (total - 1)
    if measure == "odds_ratio":
        if min(v1, v2) < _TINY:
            return 0.0
        spread = math.sqrt(1 / (n[0] * v1) + 1 / (n[1] * v2))
        return n[0] * (p1 - r1) * spread / math.sqrt(factor)
    slope = 1.0 if measure == "difference" else null
    gap = p1 - p2 - null if measure == "difference" else p1 - null * p2
    variance = (v1 / n[0] + slope**2 * v2 / n[1]) * factor
    if variance < _TINY**2:
        return 0.0 if abs(gap) < _TINY else math.copysign(math.inf, gap)
    return gap / math.sqrt(variance)


def _at_difference(p1: float, p2: float, null: float, weight: float) -> tuple[float, float]:
    """The root of the cubic likelihood equation that lies within both ranges."""
    if abs(null) < _TINY:
        mean = (p1 + weight * p2) / (1 + weight)
        return mean, mean
    a = 1 + weight
    b = -(1 + weight + p1 + weight * p2 + null * (weight + 2))
    c = null**2 + null * (2 * p1 + weight + 1) + p1 + weight * p2
    d = -p1 * null * (1 + null)
    v = (b / (3 * a)) ** 3 - b * c / (6 * a**2) + d / (2 * a)
    u = math.copysign(math.sqrt(max((b / (3 * a)) ** 2 - c / (3 * a), 0.0)), v)
    cosine = min(1.0, max(-1.0, v / u**3)) if u else 1.0
    r1 = 2 * u * math.cos((math.pi + math.acos(cosine)) / 3) - b / (3 * a)
    r1 = min(1.0, 1 + null, max(0.0, null, r1))
    return r1, r1 - null


def _at_ratio(p1: float, p2: float, null: float, weight: float) -> tuple[float, float]:
    a = 1 + weight
    b = -(null * (1 + weight * p2) + weight + p1)
    c = null * (p1 + weight * p2)
    r1 = (-b - math.sqrt(max(b * b - 4 * a * c, 0.0))) / (2 * a)
    r1 = min(1.0, null, max(0.0, r1))
    return r1, min(1.0, r1 / null)


def _at_odds_ratio(p1: float, p2: float, null: float, weight: float) -> tuple[float, float]:
    events = p1 + weight * p2
    if abs(null - 1) < _TINY:
        return events / (1 + weight), events / (1 + weight)
    a = weight * (null - 1)
    b = null + weight - events * (null - 1)
    root = math.sqrt(max(b * b + 4 * a * events, 0.0))
    r2 = 2 * events / (b + root)  # stable for both signs of a
    r2 = min(1.0, max(0.0, r2))
    return r2 * null / (1 + r2 * (null - 1)), r2


def refuse_null(measure: Measure, null: float) -> None:
    """Raise when ``null`` is no value of the measure.

    Raises:
        BadDesign: A difference must lie between -1 and 1, a ratio above 0.
    """
    if measure == "difference" and not -1 < null < 1:
        raise BadDesign(f"a difference of two proportions lies between -1 and 1, not {null:g}")
    if measure != "difference" and null <= 0:
        raise BadDesign(f"a ratio is above 0, not {null:g}")

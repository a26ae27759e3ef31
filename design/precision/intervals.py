"""Confidence intervals of a proportion and of a difference of proportions, of real-valued counts.

A planned sample has no whole number of events, so the counts are ``n p`` as they are.
"""

from __future__ import annotations

from scipy import special


def proportion_interval(p: float, n: float, z: float, interval: str) -> tuple[float, float]:
    """Limits of a proportion.

    Args:
        p: Proportion found or expected, from 0 to 1.
        n: Patients.
        z: Two-sided normal quantile of the confidence level.
        interval: ``wald``, ``wilson``, ``exact`` (Clopper-Pearson) or ``agresti_coull``.
    """
    if interval == "wald":
        half = z * (p * (1 - p) / n) ** 0.5
        return p - half, p + half
    if interval == "exact":
        return _exact(p * n, n, float(special.ndtr(-z)))
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    if interval == "agresti_coull":
        half = z * (middle * (1 - middle) / (n + z**2)) ** 0.5
        return middle - half, middle + half
    half = z / (1 + z**2 / n) * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def _exact(events: float, n: float, tail: float) -> tuple[float, float]:
    lower = float(special.betaincinv(events, n - events + 1, tail)) if events > 0 else 0.0
    upper = float(special.betainccinv(events + 1, n - events, tail)) if events < n else 1.0
    return lower, upper


def difference_interval(
    p1: float, n1: float, p2: float, n2: float, z: float, interval: str
) -> tuple[float, float]:
    """Limits of p1 - p2.

    Args:
        p1: Proportion of group 1.
        n1: Patients of group 1.
        p2: Proportion of group 2.
        n2: Patients of group 2.
        z: Two-sided normal quantile of the confidence level.
        interval: ``newcombe`` (method 10), ``agresti_caffo`` or ``wald``.
    """
    difference = p1 - p2
    if interval == "newcombe":
        low1, high1 = proportion_interval(p1, n1, z, "wilson")
        low2, high2 = proportion_interval(p2, n2, z, "wilson")
        down = ((p1 - low1) ** 2 + (high2 - p2) ** 2) ** 0.5
        up = ((high1 - p1) ** 2 + (p2 - low2) ** 2) ** 0.5
        return difference - down, difference + up
    if interval == "agresti_caffo":
        p1, n1 = (p1 * n1 + 1) / (n1 + 2), n1 + 2
        p2, n2 = (p2 * n2 + 1) / (n2 + 2), n2 + 2
        difference = p1 - p2
    half = z * (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) ** 0.5
    return difference - half, difference + half

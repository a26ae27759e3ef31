"""Sizes and power of z tests, for any effect whose estimate is normal.

An effect is given by its distance from the border of the null hypothesis and by two standard
deviations, both scaled so that the standard error at ``n`` is ``sd / sqrt(n)``: ``null`` for the
critical value, ``own`` for the truth assumed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy import special

from design.errors import BadDesign
from design.solving import root

MOST = 1e8  # patients in a group, beyond which no trial is planned


def quantile(probability: float) -> float:
    """Quantile of the standard normal distribution."""
    return float(special.ndtri(probability))


def below(z: float) -> float:
    """Standard normal probability below ``z``."""
    return float(special.ndtr(z))


@dataclass(frozen=True, slots=True)
class Border:
    """One border of the null hypothesis: how far the truth is from it, and both deviations."""

    distance: float
    null: float
    own: float

    def size(self, alpha: float, power: float) -> float:
        """Raw n of a one-sided test at ``alpha``.

        Raises:
            BadDesign: The power is reached without patients, or beyond all reach.
        """
        sum_z = quantile(1 - alpha) * self.null + quantile(power) * self.own
        if sum_z <= 0:
            raise BadDesign(
                f"a power of {power:g} is no more than chance at this alpha; ask for a higher one",
                "power",
            )
        return bounded((sum_z / self.distance) ** 2)

    def power(self, alpha: float, n: float) -> float:
        """Power of a one-sided test at ``alpha`` with n patients."""
        z = (self.distance * math.sqrt(n) - quantile(1 - alpha) * self.null) / self.own
        return below(z)


def bounded(n: float) -> float:
    """The size unless it is beyond all trials.

    Raises:
        BadDesign: It is.
    """
    if not n < MOST:
        raise BadDesign(
            "the effect is so close to the border of the null hypothesis that more than "
            f"{MOST:.0e} patients would be needed; check the rates and the margin"
        )
    return n


def both_power(borders: tuple[Border, Border], alpha: float, n: float) -> float:
    """Power of two one-sided tests at ``alpha`` each: both must reject."""
    return max(0.0, sum(border.power(alpha, n) for border in borders) - 1)


def both_size(borders: tuple[Border, Border], alpha: float, power: float, split: str) -> float:
    """Raw n of two one-sided tests.

    Args:
        split: ``exact`` solves for the power of both tests together; ``half`` takes
            z(1 - beta/2) against the nearer border and ``whole`` z(1 - beta), as textbooks do.
    """
    nearer = min(borders, key=lambda border: border.distance / border.own)
    if split == "half":
        return nearer.size(alpha, (1 + power) / 2)
    if split == "whole":
        return nearer.size(alpha, power)
    upper = max(border.size(alpha, (1 + power) / 2) for border in borders)
    if both_power(borders, alpha, upper) < power:  # rounding at the very root
        return upper
    return root(lambda n: both_power(borders, alpha, n) - power, 1e-9, upper, xtol=1e-10)


@dataclass(frozen=True, slots=True)
class Plan:
    """A test of an assumed effect: the raw size for a power, and the power of a size."""

    size: Callable[[float], float]
    reach: Callable[[float], float]


def plan(borders: tuple[Border, ...], alpha: float, split: str = "exact") -> Plan:
    """The plan of a one-sided test at ``alpha``, or of two when there are two borders."""
    if len(borders) == 1:
        return Plan(
            lambda power: borders[0].size(alpha, power), lambda n: borders[0].power(alpha, n)
        )
    pair = (borders[0], borders[1])
    return Plan(
        lambda power: both_size(pair, alpha, power, split), lambda n: both_power(pair, alpha, n)
    )

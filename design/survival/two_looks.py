"""One interim analysis and a final one, with the Lan-DeMets spending of the O'Brien-Fleming type.

For designs with more looks, other spending or futility bounds see the group sequential designs.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from design.errors import BadDesign
from design.solving import root

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)
_SMALLEST = 1e-6
_FAR = 8.5  # standard deviations: the normal density ends there


def spent(alpha: float, fraction: float) -> float:
    """One-sided alpha spent by a fraction of the information."""
    return float(2 * special.ndtr(special.ndtri(alpha / 2) / math.sqrt(fraction)))


def bounds(alpha: float, fraction: float) -> tuple[float, float]:
    """The z values to exceed at the interim and at the final analysis.

    Args:
        alpha: One-sided.
        fraction: Information at the interim, of that at the end.

    Example:
        >>> [round(bound, 3) for bound in bounds(0.025, 0.8)]
        [2.25, 2.025]
    """
    if alpha < _SMALLEST:
        raise BadDesign(
            f"one-sided alpha below {_SMALLEST:g} cannot be spent on two looks", "alpha"
        )
    first = min(-float(special.ndtri(spent(alpha, fraction))), _FAR)

    def excess(last: float) -> float:
        return crossing((first, last), (0.0, 0.0), fraction) - alpha

    return first, root(excess, -special.ndtri(alpha) - 1e-6, 10.0)


def crossing(limits: tuple[float, float], means: tuple[float, float], fraction: float) -> float:
    """Probability that z exceeds its limit at the first look or, if not, at the second.

    Args:
        limits: Of both looks.
        means: Expected z of both looks.
        fraction: Ratio of the variances of the score, the squared correlation of both z.
    """
    fraction = min(fraction, 1 - 1e-9)
    correlation = math.sqrt(fraction)
    rest = math.sqrt(1 - fraction)
    top = limits[0] - means[0]
    if top <= -_FAR:
        return 1.0
    low, high = -_FAR, min(top, _FAR)
    at = low + (high - low) * (_NODES + 1) / 2
    density = np.exp(-at * at / 2) / math.sqrt(2 * math.pi)
    stays = special.ndtr((limits[1] - means[1] - correlation * at) / rest)
    return 1 - float(np.sum(_WEIGHTS * density * stays)) * (high - low) / 2

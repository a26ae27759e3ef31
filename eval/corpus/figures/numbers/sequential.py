"""Group sequential boundaries by numerical integration (Armitage, McPherson and Rowe 1969).

All levels are one-sided. Looks are given as information fractions; the last one is 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_NORMAL = NormalDist()
_STEP, _DEEP = 0.02, 10.0  # of the grid for the score statistic, in units of its spread at the end


def crossing(looks: Sequence[float], bounds: Sequence[float], drift: float = 0.0) -> list[float]:
    """The chance to cross the upper bound first at each look.

    ``drift`` is the mean of the final Z statistic.
    """
    found = []
    grid, density, last = np.zeros(0), np.zeros(0), 0.0
    for look, bound in zip(looks, bounds, strict=True):
        spread = math.sqrt(look - last)
        edge = bound * math.sqrt(look)  # Z to score: S = Z √t
        if last == 0.0:
            found.append(1 - _NORMAL.cdf((edge - drift * look) / spread))
        else:
            away = (edge - grid - drift * (look - last)) / spread
            found.append(float(np.sum(_weights(grid) * density * (1 - _cdf(away)))))
        below = _grid(look, edge, drift)
        if last == 0.0:
            density = _pdf((below - drift * look) / spread) / spread
        else:
            steps = (below[:, None] - grid[None, :] - drift * (look - last)) / spread
            density = (_pdf(steps) / spread) @ (_weights(grid) * density)
        grid, last = below, look
    return found


def _grid(look: float, edge: float, drift: float) -> Floats:
    low = drift * look - _DEEP * math.sqrt(look)
    count = max(int((edge - low) / (_STEP * 4 * math.sqrt(look))), 50)
    return np.linspace(low, edge, 2 * count + 1)


def _weights(grid: Floats) -> Floats:
    """Simpson's rule."""
    weights = np.ones(len(grid))
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    found: Floats = weights * (grid[1] - grid[0]) / 3
    return found


def _pdf(z: Floats) -> Floats:
    found: Floats = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    return found


def _cdf(z: Floats) -> Floats:
    return np.array([_NORMAL.cdf(value) for value in z])


def solve(error: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where a falling function reaches ``target``, by halving."""
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if error(middle) > target else (low, middle)
    return (low + high) / 2


def obrien_fleming(looks: Sequence[float], alpha: float) -> list[float]:
    """Classical bounds C / √t."""

    def bounds(c: float) -> list[float]:
        return [c / math.sqrt(t) for t in looks]

    c = solve(lambda c: sum(crossing(looks, bounds(c))), alpha, 1.5, 4.0)
    return bounds(c)


def pocock(looks: Sequence[float], alpha: float) -> list[float]:
    """The same bound at every look."""
    c = solve(lambda c: sum(crossing(looks, [c] * len(looks))), alpha, 1.5, 4.0)
    return [c] * len(looks)


def haybittle_peto(looks: Sequence[float], alpha: float, early: float = 3.0) -> list[float]:
    """``early`` at every interim look, and the last bound that keeps ``alpha``."""
    before = [early] * (len(looks) - 1)
    last = solve(lambda c: sum(crossing(looks, [*before, c])), alpha, 1.5, 4.0)
    return [*before, last]


def spent_obrien_fleming(t: float, alpha: float) -> float:
    """Lan and DeMets' spending function of O'Brien and Fleming's type."""
    return 2 - 2 * _NORMAL.cdf(_NORMAL.inv_cdf(1 - alpha / 2) / math.sqrt(t)) if t > 0 else 0.0


def spent_pocock(t: float, alpha: float) -> float:
    """Lan and DeMets' spending function of Pocock's type."""
    return alpha * math.log(1 + (math.e - 1) * t)


def spending_bounds(
    looks: Sequence[float], alpha: float, spent: Callable[[float, float], float]
) -> list[float]:
    """Bounds that spend ``spent(t, alpha)`` up to each look."""
    bounds: list[float] = []
    for number, look in enumerate(looks):
        share = spent(look, alpha) - (spent(looks[number - 1], alpha) if number else 0.0)
        so_far = looks[: number + 1]

        def error(c: float, so_far: Sequence[float] = so_far) -> float:
            return crossing(so_far, [*bounds, c])[-1]

        bounds.append(solve(error, share, 1.0, 8.0))
    return bounds

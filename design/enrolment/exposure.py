"""For how long a site recruits: from its start, spread over a period, to the day looked at."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_YEAR = 12
_AT_ONCE = 1e-9  # months; a window so narrow cannot be divided
# Gauss-Legendre points on each piece between two turns of the season: exact for what is smooth.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)


def exposures(
    at: float, start_from: float, start_to: float, season: Sequence[float] = (), month: int = 1
) -> tuple[Floats, Floats]:
    """Months of recruitment by a time, over the possible starts of a site.

    Args:
        at: The time looked at, in months from the start of the trial.
        start_from: Earliest start of a site, in months.
        start_to: Latest; starts are uniform in between.
        season: Twelve multipliers of the rate, January first; none for a constant rate.
        month: Calendar month in which the trial starts, 1 to 12.

    Returns:
        Months of exposure weighted by the season, shape (k,), and their probabilities, shape (k,),
        which add up to 1. A site that has not started has 0.
    """
    if start_to - start_from < _AT_ONCE:
        whole = max(0.0, _recruiting(start_from, at, season, month))
        return np.array([whole]), np.array([1.0])
    last = min(at, start_to)
    waiting = (start_to - max(last, start_from)) / (start_to - start_from)
    values, weights = [np.zeros(1)], [np.array([waiting])]
    if last > start_from:
        edges = [start_from, *range(int(start_from) + 1, int(np.ceil(last))), last]
        if not season:
            edges = [start_from, last]
        for low, high in itertools.pairwise(edges):
            starts = low + (high - low) * (_NODES + 1) / 2
            values.append(np.array([_recruiting(u, at, season, month) for u in starts]))
            weights.append(_WEIGHTS * (high - low) / 2 / (start_to - start_from))
    return np.concatenate(values), np.concatenate(weights)


def _recruiting(start: float, end: float, season: Sequence[float], month: int) -> float:
    """Months from start to end, each counted by its multiplier."""
    if end <= start:
        return 0.0
    if not season:
        return end - start
    return _season_sum(end, season, month) - _season_sum(start, season, month)


def _season_sum(time: float, season: Sequence[float], month: int) -> float:
    """Sum of the multipliers from 0 to a time, the last month in part."""
    whole = int(time)
    turned = [season[(month - 1 + k) % _YEAR] for k in range(_YEAR)]
    full = sum(turned) * (whole // _YEAR) + sum(turned[: whole % _YEAR])
    return full + turned[whole % _YEAR] * (time - whole)

"""The Poisson-gamma model of enrolment (Anisimov and Fedorov 2007).

A site starts at a time uniform in a window and then enrols by a Poisson process; its rate is drawn
from a gamma distribution, so that sites differ. The number of a site is a mixture of negative
binomials over its start; the number of the trial their convolution, worked out exactly by a fast
Fourier transform.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from design.enrolment.exposure import exposures

Floats = NDArray[np.float64]
_SPREAD = 14  # standard deviations kept above the mean
_MOST = 1 << 20  # patients
# Below it sites are alike: the logarithm of a complex number near 1 has no digits left for more.
_ALIKE = 1e-9
_NEGLIGIBLE = -60.0  # logarithm of what adds nothing to a probability


@dataclass(frozen=True, slots=True)
class SiteGroup:
    """Sites that are alike.

    Attributes:
        sites: How many.
        rate: Mean of patients enrolled a site and month.
        variance: Variance of that rate between sites; 0 when all recruit alike.
        kept: Share of the enrolled that counts: without screening failures and drop-out.
        start_from: Earliest start, in months from the start of the trial.
        start_to: Latest start.
    """

    sites: int
    rate: float
    variance: float = 0.0
    kept: float = 1.0
    start_from: float = 0.0
    start_to: float = 0.0


# A group with its months of recruitment and their probabilities.
_Part = tuple[SiteGroup, Floats, Floats]


@dataclass(frozen=True, slots=True)
class Season:
    """Twelve multipliers of the rate, January first, and the calendar month of the start."""

    multipliers: tuple[float, ...] = ()
    month: int = 1


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Distribution of the number enrolled: probability of 0, 1, 2 …; mean and variance exact."""

    probabilities: Floats
    mean: float
    variance: float

    def at_least(self, target: int) -> float:
        """P(N >= target)."""
        if target <= 0:
            return 1.0
        return float(min(1.0, max(0.0, self.probabilities[target:].sum())))

    def quantile(self, share: float) -> int:
        """The smallest n with P(N <= n) >= share."""
        return int(np.searchsorted(np.cumsum(self.probabilities), share - 1e-12))


def moments(groups: Sequence[SiteGroup], at: float, season: Season) -> tuple[float, float]:
    """Mean and variance of the number enrolled by a time."""
    mean = variance = 0.0
    for group in groups:
        months, weights = _exposures(group, at, season)
        first, second = float(weights @ months), float(weights @ months**2)
        own = group.rate * group.kept * first
        spread = group.kept**2 * (
            group.variance * second + group.rate**2 * max(0.0, second - first**2)
        )
        mean += group.sites * own
        variance += group.sites * (own + spread)
    return mean, variance


def enrolled(groups: Sequence[SiteGroup], at: float, season: Season | None = None) -> Enrolled:
    """The number enrolled by a time.

    Raises:
        OverflowError: More than a million patients would have to be told apart.
    """
    season = season or Season()
    mean, variance = moments(groups, at, season)
    size = 1 << max(6, math.ceil(math.log2(mean + _SPREAD * math.sqrt(variance) + 32)))
    if size > _MOST:
        raise OverflowError("too many patients")
    parts = [(group, *_exposures(group, at, season)) for group in groups]
    known = _not_negligible(parts, size)
    z = np.exp(-2j * np.pi * np.arange(known) / size)
    log_total = np.zeros(known, dtype=complex)
    for group, months, weights in parts:
        log_total += group.sites * np.log(_generating(group, months, weights, z))
    transform = np.zeros(size // 2 + 1, dtype=complex)
    transform[:known] = np.exp(log_total)
    probabilities = np.clip(np.fft.irfft(transform, size), 0.0, None)
    return Enrolled(probabilities, mean, variance)


def _exposures(group: SiteGroup, at: float, season: Season) -> tuple[Floats, Floats]:
    return exposures(at, group.start_from, group.start_to, season.multipliers, season.month)


def _not_negligible(parts: Sequence[_Part], size: int) -> int:
    """How many points of the transform, from the first, are above ``exp(_NEGLIGIBLE)``.

    With many sites these are few of all. The bound of the others falls along the points.
    """
    low, high = 0, size // 2 + 1
    while high - low > 1:
        middle = (low + high) // 2
        if _bound(parts, 2 * math.pi * middle / size) < _NEGLIGIBLE:
            high = middle
        else:
            low = middle
    return high


def _bound(parts: Sequence[_Part], angle: float) -> float:
    """Logarithm that the generating function's does not exceed; falls from angle 0 to pi."""
    gap = 1 - math.cos(angle)
    total = 0.0
    for group, months, weights in parts:
        mean = group.rate * group.kept * months
        if group.variance > _ALIKE * group.rate**2:
            shape = group.rate**2 / group.variance
            part = mean / shape
            each = np.exp(-shape / 2 * np.log1p(2 * part * (1 + part) * gap))
        else:
            each = np.exp(-mean * gap)
        total += group.sites * math.log(max(float(weights @ each), 1e-300))
    return total


def _generating(
    group: SiteGroup, months: Floats, weights: Floats, z: NDArray[np.complex128]
) -> NDArray[np.complex128]:
    """Generating function of the number of one site, at points z."""
    total = np.zeros(len(z), dtype=complex)
    for time, weight in zip(months, weights, strict=True):
        mean = group.rate * group.kept * time
        if group.variance > _ALIKE * group.rate**2:
            shape = group.rate**2 / group.variance
            total += weight * np.exp(-shape * np.log1p(mean / shape * (1 - z)))
        else:
            total += weight * np.exp(mean * (z - 1))
    return total

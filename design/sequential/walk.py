"""A test statistic watched at several looks: the probabilities of leaving between its bounds.

The B-value ``B(t) = Z(t) sqrt(t)`` is a Brownian motion with mean ``drift * t`` in the information
time ``t``. What is left of its density after a look lives between the bounds; it is carried to
the next look by integrating against the normal increment, with Gauss-Legendre nodes dense enough
for that increment (Armitage, McPherson, Rowe 1969; Jennison & Turnbull 2000, chapter 19).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Array = npt.NDArray[np.float64]

_REACH = 8.5  # standard deviations from the mean beyond which nothing is left (1e-17)
_PANEL = 4.0  # width of a panel in standard deviations of the increments on either side of it
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)  # error of a panel below 1e-12
_BLOCK = 64  # nodes carried forward together
_ROOT_2PI = math.sqrt(2 * math.pi)


@dataclass(frozen=True, slots=True)
class Walk:
    """What is left of a trial's B-value after the looks so far.

    Attributes:
        drift: Mean of the statistic at information time 1.
        time: Information time of the last look, 0 at the start.
        places: Values of the B-value, shape (nodes,).
        masses: Probability at each of them, shape (nodes,); the sum is that of going on.
    """

    drift: float
    time: float
    places: Array
    masses: Array

    @classmethod
    def start(cls, drift: float = 0.0) -> Walk:
        """A trial without looks so far."""
        return cls(drift, 0.0, np.zeros(1), np.ones(1))

    def above(self, z: float, time: float) -> float:
        """Probability of going on until ``time`` and then standing above ``z`` (a z value)."""
        return float(self.masses @ special.ndtr(self._distance(z, time)))

    def below(self, z: float, time: float) -> float:
        """Probability of going on until ``time`` and then standing below ``z`` (a z value)."""
        return float(self.masses @ special.ndtr(-self._distance(z, time)))

    def go_on(self, lower: float, upper: float, time: float, then: float) -> Walk:
        """After the look at ``time`` between two z bounds; ``then`` is the time of the next."""
        root, mean = math.sqrt(time), self.drift * time
        low = max(lower * root, mean - _REACH * root)
        high = min(upper * root, mean + _REACH * root)
        if not low < high:
            return Walk(self.drift, time, np.zeros(0), np.zeros(0))
        gap = time - self.time
        finest = math.sqrt(min(gap, then - time) if then > time else gap)
        places, weights = _nodes(low, high, finest)
        return Walk(self.drift, time, places, weights * self._density(places, gap))

    def _density(self, places: Array, gap: float) -> Array:
        """Density of the B-value after ``gap`` more time at ascending ``places``."""
        sd, shift = math.sqrt(gap), self.drift * gap
        found = np.empty(len(places))
        for start in range(0, len(places), _BLOCK):
            # Between close looks the value hardly moves: distant nodes add nothing to a block.
            block = places[start : start + _BLOCK] - shift
            first, last = np.searchsorted(
                self.places, (block[0] - _REACH * sd, block[-1] + _REACH * sd)
            )
            steps = (block[:, None] - self.places[None, first:last]) / sd
            found[start : start + _BLOCK] = np.exp(-0.5 * steps * steps) @ self.masses[first:last]
        return found / (_ROOT_2PI * sd)

    def _distance(self, z: float, time: float) -> Array:
        gap = time - self.time
        reached: Array = self.places + self.drift * gap - z * math.sqrt(time)
        return reached / math.sqrt(gap)


def _nodes(low: float, high: float, finest: float) -> tuple[Array, Array]:
    """Gauss-Legendre nodes and weights in panels from ``low`` to ``high``."""
    panels = max(1, math.ceil((high - low) / (_PANEL * finest)))
    half = (high - low) / (2 * panels)
    middles = low + half * (2 * np.arange(panels) + 1)
    return (middles[:, None] + half * _NODES).ravel(), np.tile(half * _WEIGHTS, panels)


@dataclass(frozen=True, slots=True)
class Exits:
    """Probability of leaving at each look, above and below; shape (looks,) each."""

    above: Array
    below: Array

    @property
    def stopping(self) -> Array:
        """Probability of stopping at each look; all that is left stops at the last."""
        stops = self.above + self.below
        stops[-1] = 1.0 - stops[:-1].sum()
        return stops


def exits(
    timing: Sequence[float],
    upper: Sequence[float],
    lower: Sequence[float] | None = None,
    drift: float = 0.0,
) -> Exits:
    """Probabilities of first leaving above ``upper`` or below ``lower`` (z values) at each look.

    ``timing`` are information times in ascending order, of which 1 is that of ``drift``.
    """
    lower = [-math.inf] * len(timing) if lower is None else lower
    walk, above, below = Walk.start(drift), [], []
    for look, time in enumerate(timing):
        above.append(walk.above(upper[look], time))
        below.append(walk.below(lower[look], time))
        if look + 1 < len(timing):
            walk = walk.go_on(lower[look], upper[look], time, timing[look + 1])
    return Exits(np.array(above), np.array(below))

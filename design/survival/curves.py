"""Survival curves of one shape or of pieces, and integrals over their events."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import special

from design.errors import BadDesign
from design.survival.hazards import Hazard
from design.survival.score import cumulative

Floats = NDArray[np.float64]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_LONGEST_STEP = 0.5  # of the cumulative hazard, so that exp(-u) is nearly a polynomial


@dataclass(frozen=True, slots=True)
class Curve:
    """A survival curve: cumulative hazard ``base(t / scale) ** shape`` or piecewise linear.

    Attributes:
        pieces: Hazard of a piecewise exponential curve, or ``None`` for Weibull.
        shape: Weibull shape; 1 is exponential.
        scale: Weibull scale: the time at which the cumulative hazard is 1.
    """

    pieces: Hazard | None = None
    shape: float = 1.0
    scale: float = 1.0

    @classmethod
    def weibull(cls, median: float, shape: float) -> Curve:
        """With a median and a shape."""
        return cls(shape=shape, scale=median / math.log(2) ** (1 / shape))

    def times(self, factor: Hazard) -> Curve:
        """Under a hazard ratio; one that changes over time is for pieces only."""
        if self.pieces is not None:
            return Curve(self.pieces.times_pieces(factor))
        if len(factor.rates) > 1:
            raise BadDesign("a hazard ratio that changes over time needs shape 1", "shape")
        return Curve(shape=self.shape, scale=self.scale * factor.rates[0] ** (-1 / self.shape))

    def cumulative(self, times: Floats) -> Floats:
        """Cumulative hazard."""
        if self.pieces is not None:
            return cumulative(self.pieces, times)
        return np.asarray((times / self.scale) ** self.shape)

    def inverse(self, hazards: Floats) -> Floats:
        """The times of cumulative hazards."""
        if self.pieces is None:
            return np.asarray(self.scale * hazards ** (1 / self.shape))
        starts = np.array(self.pieces.starts)
        at = cumulative(self.pieces, starts)
        piece = np.searchsorted(at, hazards, side="right") - 1
        return np.asarray(
            starts[piece] + (hazards - at[piece]) / np.array(self.pieces.rates)[piece]
        )

    def survival(self, time: float) -> float:
        """Share without the event at a time."""
        return float(np.exp(-self.cumulative(np.array([time])))[0])

    def restricted_mean(self, times: Floats) -> Floats:
        """Area under the curve up to each time."""
        if self.pieces is None:
            x = (times / self.scale) ** self.shape
            whole = self.scale * special.gamma(1 + 1 / self.shape)
            return np.asarray(whole * special.gammainc(1 / self.shape, x))
        area = np.zeros(times.shape)
        for (start, end), rate in zip(
            pairwise((*self.pieces.starts, math.inf)), self.pieces.rates, strict=True
        ):
            left = math.exp(-self.pieces.cumulative(start))
            length = np.clip(times, start, end) - start
            area += left * -np.expm1(-rate * length) / rate
        return area

    def over_events(
        self, value: Callable[[Floats], Floats], end: float, kinks: Sequence[float] = ()
    ) -> float:
        """Integral of ``value(t)`` over the cumulative hazard from 0 to ``end``."""
        marks = {0.0, end, *(k for k in kinks if 0 < k < end)}
        if self.pieces is not None:
            marks |= {s for s in self.pieces.starts if 0 < s < end}
        edges = self.cumulative(np.array(sorted(marks)))
        total = 0.0
        bounds = edges.tolist()
        if self.pieces is None:  # the times are a root of the cumulative hazard, steep at 0
            bounds[1:1] = [bounds[1] * 2.0**-power for power in range(40, 0, -1)]
        for low, high in pairwise(bounds):
            parts = min(max(1, math.ceil((high - low) / _LONGEST_STEP)), 200)
            for first, last in pairwise(np.linspace(low, high, parts + 1).tolist()):
                at = first + (last - first) * (_NODES + 1) / 2
                values = value(np.minimum(self.inverse(at), end))
                total += float(np.sum(_WEIGHTS * values)) * (last - first) / 2
        return total

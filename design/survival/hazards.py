"""Hazards that are constant or change at given times, and what a median or a share means as one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from design.errors import BadDesign


@dataclass(frozen=True, slots=True)
class Hazard:
    """A piecewise constant hazard, per unit of time.

    Attributes:
        rates: The hazard in each piece; the last piece never ends.
        starts: When each piece begins, the first at 0.

    Example:
        >>> Hazard.constant(0.05).rates
        (0.05,)
        >>> Hazard((0.05, 0.03), (0.0, 6.0)).at(7)
        0.03
    """

    rates: tuple[float, ...]
    starts: tuple[float, ...] = (0.0,)

    def __post_init__(self) -> None:
        if len(self.rates) != len(self.starts) or not self.rates:
            raise BadDesign(
                f"{len(self.rates)} hazards need as many start times, {len(self.starts)} are given"
            )
        if self.starts[0] != 0 or any(b <= a for a, b in pairwise(self.starts)):
            raise BadDesign("the start times of the hazards must begin at 0 and rise")
        if any(not math.isfinite(rate) or rate < 0 for rate in self.rates):
            raise BadDesign("a hazard must be a number from 0")

    @classmethod
    def constant(cls, rate: float) -> Hazard:
        """The hazard of an exponential distribution."""
        return cls((float(rate),))

    @classmethod
    def pieces(cls, rates: Sequence[float], ends: Sequence[float] = ()) -> Hazard:
        """From the hazards and the times at which one gives way to the next."""
        return cls(tuple(map(float, rates)), (0.0, *map(float, ends)))

    def at(self, time: float) -> float:
        """The hazard at a time."""
        return next(
            r for r, s in zip(reversed(self.rates), reversed(self.starts), strict=True) if s <= time
        )

    def times(self, factor: float) -> Hazard:
        """The hazard multiplied by a hazard ratio."""
        return Hazard(tuple(rate * factor for rate in self.rates), self.starts)

    def times_pieces(self, factor: Hazard) -> Hazard:
        """The hazard multiplied by a hazard ratio that itself changes over time."""
        starts = joined_starts(self, factor)
        return Hazard(tuple(self.at(s) * factor.at(s) for s in starts), starts)

    def cumulative(self, time: float) -> float:
        """The hazard added up from 0 to a time."""
        ends = (*self.starts[1:], math.inf)
        return sum(
            rate * (min(time, end) - start)
            for rate, start, end in zip(self.rates, self.starts, ends, strict=True)
            if time > start and rate > 0
        )

    def survival(self, time: float) -> float:
        """Share without the event at a time, were nobody lost."""
        return math.exp(-self.cumulative(time))

    def median(self) -> float:
        """The time at which half have had the event; infinite when half never have it."""
        left = math.log(2)
        ends = (*self.starts[1:], math.inf)
        for rate, start, end in zip(self.rates, self.starts, ends, strict=True):
            if rate > 0 and rate * (end - start) >= left:
                return start + left / rate
            left -= rate * (end - start) if rate > 0 else 0.0
        return math.inf


def joined_starts(*hazards: Hazard) -> tuple[float, ...]:
    """All times at which any of the hazards changes, in order."""
    return tuple(sorted({start for hazard in hazards for start in hazard.starts}))


def hazard_of_median(median: float) -> float:
    """Hazard of the exponential distribution with a median."""
    return math.log(2) / median


def hazard_of_survival(survival: float, time: float) -> float:
    """Hazard of the exponential distribution with a share without the event at a time.

    A drop-out of 5% a year, time in months, is ``hazard_of_survival(0.95, 12)``.
    """
    return -math.log(survival) / time

"""Patients enrolled, events and drop-outs expected by a calendar time.

Patients enter by piecewise constant rates (or a truncated exponential one), have the event by a
piecewise constant hazard and are lost by another, all independent: Lachin JM, Foulkes MA,
Biometrics 1986;42:507-519. Times are in one unit throughout, months as a rule; rates and hazards
are per that unit; expected numbers are not rounded.

Example: 10 patients a month for 12 months, half to each arm, medians 8 and 12 months::

    accrual = Accrual((10.0,), (12.0,))
    arms = [Arm(0.5, Hazard.constant(0.0578)), Arm(0.5, Hazard.constant(0.0866))]
    expected_events(accrual, arms, 24)     # events by month 24
    time_of_events(accrual, arms, 80)      # the month of the 80th event
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from design.errors import BadDesign
from design.solving import root
from design.survival.accrual import Accrual
from design.survival.hazards import Hazard, joined_starts

__all__ = [
    "Accrual",
    "Arm",
    "arm_dropouts",
    "arm_events",
    "enrolled",
    "expected_events",
    "final_events",
    "time_of_events",
]

_NO_LOSS = Hazard.constant(0.0)
_LONGEST = 1e6  # of the search for a calendar time, in units of time


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm, or one arm within a stratum.

    Attributes:
        share: Of all patients that enter, those of this arm.
        hazard: Of the event.
        dropout: Hazard of being lost without the event.
        followup: Longest time a patient is followed, when it is limited.
    """

    share: float
    hazard: Hazard
    dropout: Hazard = field(default=_NO_LOSS)
    followup: float = math.inf

    def event_probability(self, time: float) -> float:
        """Probability that the event is seen within a time since entry."""
        return _seen(self.hazard, self.dropout, min(time, self.followup))[0]

    def at_risk(self, time: float) -> float:
        """Probability of being followed without the event at a time since entry."""
        if time > self.followup:
            return 0.0
        return self.hazard.survival(time) * self.dropout.survival(time)


def enrolled(accrual: Accrual, time: float) -> float:
    """Patients expected to be enrolled by a calendar time."""
    return accrual.enrolled(time)


def expected_events(accrual: Accrual, arms: Sequence[Arm], time: float) -> float:
    """Events expected in all arms by a calendar time."""
    return sum(arm_events(accrual, arm, time) for arm in arms)


def arm_events(accrual: Accrual, arm: Arm, time: float) -> float:
    """Events expected in one arm by a calendar time."""
    return arm.share * _accrued(accrual, arm.hazard, arm.dropout, arm.followup, time)


def arm_dropouts(accrual: Accrual, arm: Arm, time: float) -> float:
    """Patients of one arm expected to be lost without the event by a calendar time."""
    return arm.share * _accrued(accrual, arm.dropout, arm.hazard, arm.followup, time)


def final_events(accrual: Accrual, arms: Sequence[Arm]) -> float:
    """Events that would be seen if every patient were followed to the end."""
    return sum(arm.share * accrual.patients * arm.event_probability(math.inf) for arm in arms)


def time_of_events(accrual: Accrual, arms: Sequence[Arm], target: float) -> float:
    """The calendar time at which a number of events is expected.

    Raises:
        BadDesign: The patients can never have so many events; the message says how many.
    """
    most = final_events(accrual, arms)
    if target >= most * (1 - 1e-9):
        raise BadDesign(
            f"{target:g} events are never reached: {accrual.patients:.4g} patients have "
            f"{most:.4g} at most; enrol more patients or lower the number of events",
            "events",
        )
    high = accrual.duration
    while expected_events(accrual, arms, high) < target:
        high *= 2
        if high > _LONGEST:
            raise BadDesign(f"{target:g} events take longer than {_LONGEST:g} units of time")
    return root(lambda time: expected_events(accrual, arms, time) - target, 0.0, high, xtol=1e-10)


def _accrued(
    accrual: Accrual, hazard: Hazard, other: Hazard, followup: float, time: float
) -> float:
    """Patients who leave by ``hazard`` and not by ``other``, were all of them in one arm."""
    if time <= 0:
        return 0.0
    if accrual.decay:
        kinks = [*joined_starts(hazard, other)[1:], followup]
        return accrual.weighted(
            lambda age: _seen(hazard, other, min(age, followup))[0], time, kinks
        )

    def summed(age: float) -> float:
        if age <= 0:
            return 0.0
        reached, area = _seen(hazard, other, min(age, followup))
        return area + reached * max(age - followup, 0.0)

    edges = [0.0, *np.cumsum(accrual.durations).tolist()]
    return sum(
        rate * (summed(time - start) - summed(time - end))
        for rate, (start, end) in zip(accrual.rates, pairwise(edges), strict=True)
        if time > start
    )


def _seen(hazard: Hazard, other: Hazard, time: float) -> tuple[float, float]:
    """Probability of leaving by ``hazard`` before ``other`` within a time, and its integral.

    The integral over entry times is what makes the expected number under a constant rate. It is
    infinite at an infinite time.
    """
    probability = area = 0.0
    left = 1.0
    starts = joined_starts(hazard, other)
    for start, end in pairwise((*starts, math.inf)):
        if start >= time:
            break
        length = min(time, end) - start
        rate, total = hazard.at(start), hazard.at(start) + other.at(start)
        area += probability * length if probability else 0.0
        if total == 0:
            continue
        gone = -math.expm1(-total * length)
        probability += left * rate / total * gone
        area += left * rate * _bend(total, length)
        left *= 1 - gone
    return probability, area


def _bend(rate: float, length: float) -> float:
    """``(length - (1 - exp(-rate length)) / rate) / rate`` without cancellation."""
    x = rate * length
    if x < 1e-3:
        return length * length / 2 * (1 - x / 3 * (1 - x / 4 * (1 - x / 5)))
    if math.isinf(length):
        return math.inf
    return (length + math.expm1(-x) / rate) / rate

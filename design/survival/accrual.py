"""How patients come in over calendar time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from design.errors import BadDesign

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_STEEPEST = 20.0  # change of the log accrual rate within a period


@dataclass(frozen=True, slots=True)
class Accrual:
    """How patients come in.

    Attributes:
        rates: Patients a unit of time in each period.
        durations: How long each period lasts.
        decay: Exponent of a rate that falls within each period (rises when negative) as
            ``exp(-decay * time)``, truncated at its end; the period enrols ``rate * duration``
            all the same. 0 is a constant rate.
    """

    rates: tuple[float, ...]
    durations: tuple[float, ...]
    decay: float = 0.0

    def __post_init__(self) -> None:
        if len(self.rates) != len(self.durations) or not self.rates:
            raise BadDesign(
                f"{len(self.rates)} accrual rates need as many durations, "
                f"{len(self.durations)} are given",
                "accrual_rates",
            )
        if any(d <= 0 or not math.isfinite(d) for d in self.durations):
            raise BadDesign("every accrual period must last longer than 0", "accrual_durations")
        if any(r < 0 or not math.isfinite(r) for r in self.rates) or not any(self.rates):
            raise BadDesign("accrual rates must be 0 or more, and not all 0", "accrual_rates")
        if abs(self.decay) * max(self.durations) > _STEEPEST:
            raise BadDesign(
                f"accrual that changes by exp({_STEEPEST:g}) within a period is no accrual; use a "
                "smaller decay",
                "accrual_decay",
            )

    @property
    def duration(self) -> float:
        """When the last patient enters."""
        return sum(self.durations)

    @property
    def patients(self) -> float:
        """All patients, once accrual has ended."""
        return sum(r * d for r, d in zip(self.rates, self.durations, strict=True))

    def times(self, factor: float) -> Accrual:
        """The same pattern at ``factor`` times the rates."""
        return Accrual(tuple(rate * factor for rate in self.rates), self.durations, self.decay)

    def until(self, end: float) -> Accrual:
        """The same rates, cut off at ``end`` or with the last period drawn out to it."""
        rates: list[float] = []
        durations: list[float] = []
        start = 0.0
        for rate, duration in zip(self.rates, self.durations, strict=True):
            if start >= end:
                break
            rates.append(rate)
            durations.append(min(duration, end - start))
            start += duration
        if start < end:
            durations[-1] += end - start
        return Accrual(tuple(rates), tuple(durations), self.decay)

    def enrolled(self, time: float) -> float:
        """Patients enrolled by a calendar time."""
        total = 0.0
        for rate, start, end in self._periods():
            if time >= end:
                total += rate * (end - start)
            elif time > start:
                total += rate * (end - start) * self._share(time - start, end - start)
        return total

    def weighted(
        self, value: Callable[[float], float], time: float, kinks: Sequence[float]
    ) -> float:
        """The sum over patients of ``value(time since entry)`` at a calendar time.

        Args:
            value: A function that is smooth but at ``kinks``, for times from 0.
            time: Calendar time.
            kinks: Times since entry at which ``value`` bends.
        """
        total = 0.0
        for rate, start, end in self._periods():
            oldest, youngest = time - start, max(time - end, 0.0)
            if oldest <= 0 or rate == 0:
                continue
            inner = [kink for kink in kinks if youngest < kink < oldest]
            for low, high in pairwise([youngest, *sorted(inner), oldest]):
                ages = low + (high - low) * (_NODES + 1) / 2
                entry = self._density(oldest - ages, end - start)
                values = np.array([value(float(age)) for age in ages])
                total += rate * float(np.sum(_WEIGHTS * entry * values)) * (high - low) / 2
        return total

    def _periods(self) -> list[tuple[float, float, float]]:
        edges = [0.0, *np.cumsum(self.durations).tolist()]
        return [
            (rate, start, end)
            for rate, (start, end) in zip(self.rates, pairwise(edges), strict=True)
        ]

    def _share(self, elapsed: float, duration: float) -> float:
        """Share of a period's patients that are in after part of it."""
        if abs(self.decay * duration) < 1e-9:
            return elapsed / duration
        return math.expm1(-self.decay * elapsed) / math.expm1(-self.decay * duration)

    def _density(self, since: NDArray[np.float64], duration: float) -> NDArray[np.float64]:
        """Rate within a period relative to its mean."""
        if abs(self.decay * duration) < 1e-9:
            return np.ones_like(since)
        scale = -self.decay * duration / math.expm1(-self.decay * duration)
        return np.asarray(scale * np.exp(-self.decay * since))

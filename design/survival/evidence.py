"""What a log-rank test can show by a calendar time, by the variance that is taken for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from scipy import special

from design.errors import BadDesign
from design.solving import root
from design.survival.events import Accrual, arm_events, expected_events, time_of_events
from design.survival.hazards import Hazard
from design.survival.plan import Stratum, all_arms
from design.survival.score import score
from design.survival.two_looks import bounds, crossing

Variance = Literal["lachin_foulkes", "schoenfeld", "freedman", "bernstein_lagakos", "score"]
_LEAST, _MOST = 1e-12, 1e9  # patients, relative to the pattern given


@dataclass(frozen=True, slots=True)
class Effect:
    """The hazard ratio assumed, that under H0, and the allocation treatment : control."""

    ratio: Hazard
    null: float
    allocation: float

    @property
    def hazard_ratio(self) -> float:
        """The one hazard ratio; only for proportional hazards."""
        return self.ratio.rates[0]

    @property
    def proportional(self) -> bool:
        """Whether there is one hazard ratio for all times."""
        return len(self.ratio.rates) == 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """An effect with its standard errors; power is ``Phi((effect - z null) / alternative)``.

    Attributes:
        effect: How far the effect is from H0, above 0.
        null: Standard error under H0.
        alternative: Standard error under H1.
        first: At the interim analysis: the expected z, and the share of the final information.
    """

    effect: float
    null: float
    alternative: float
    first: tuple[float, float] | None = None

    def power(self, alpha: float, interim: float | None = None, times: float = 1.0) -> float:
        """Power at one-sided ``alpha`` with ``times`` as many patients."""
        grown = math.sqrt(times)
        if self.first is None:
            z = (self.effect * grown + special.ndtri(alpha) * self.null) / self.alternative
            return float(special.ndtr(z))
        assert interim is not None
        z_first, fraction = self.first
        means = (z_first * grown, self.effect / self.alternative * grown)
        return crossing(bounds(alpha, interim), means, fraction)

    def needed(self, alpha: float, power: float, interim: float | None = None) -> float:
        """How many times as many patients reach a power: 0 if alpha does, infinite if none do."""
        z = -special.ndtri(alpha) * self.null + special.ndtri(power) * self.alternative
        plain = float((max(z, 0.0) / self.effect) ** 2)
        if self.first is None:
            return plain
        low = high = max(plain, 1e-9)
        while self.power(alpha, interim, low) > power:
            low /= 2
            if low < _LEAST:
                return 0.0
        while self.power(alpha, interim, high) < power:
            high *= 2
            if high > _MOST:
                return math.inf

        def lacking(times: float) -> float:
            return self.power(alpha, interim, times) - power

        return root(lacking, low, high)


def gather(
    accrual: Accrual,
    groups: Sequence[Stratum],
    time: float,
    effect: Effect,
    variance: Variance,
    interim: float | None = None,
) -> Evidence:
    """The evidence at a calendar time.

    Raises:
        BadDesign: The variance does not fit the hypotheses (Schoenfeld, Freedman and the score
            are for H0 of 1, all but the score for proportional hazards).
    """
    _refuse_unfit(effect, variance, interim, len(groups))
    if variance == "score":
        return _by_score(accrual, groups, time, interim)
    distance = abs(math.log(effect.hazard_ratio / effect.null))
    if variance == "lachin_foulkes":
        k, hr, null = effect.allocation, effect.hazard_ratio, effect.null
        mean = (1 + hr * k) / (1 + null * k)  # control hazard under H0, as many events in all
        under_null = _error(accrual, groups, time, mean, mean * null / hr)
        return Evidence(distance, under_null, _error(accrual, groups, time))
    if variance == "bernstein_lagakos":
        under_null = _error(accrual, groups, time, 1.0, effect.null / effect.hazard_ratio)
        return Evidence(distance, under_null, _error(accrual, groups, time))
    events = expected_events(accrual, all_arms(groups), time)
    k = effect.allocation
    if variance == "freedman":
        distance = abs(effect.hazard_ratio - 1) / (effect.hazard_ratio + 1 / k)
        error = math.sqrt(k / events)
    else:
        error = (1 + k) / math.sqrt(k * events)
    first = None if interim is None else (distance / error * math.sqrt(interim), interim)
    return Evidence(distance, error, error, first)


def _by_score(
    accrual: Accrual, groups: Sequence[Stratum], time: float, interim: float | None
) -> Evidence:
    mean, variance = score(accrual, groups, time)
    if variance < 1e-12:
        raise BadDesign("no events are expected: lengthen the follow-up or check the hazards")
    if abs(mean) < 1e-9 * variance:
        raise BadDesign("the hazard ratios average to 1: there is no difference to detect", "hr")
    error = 1 / math.sqrt(variance)
    if interim is None:
        return Evidence(abs(mean) / variance, error, error)
    arms = all_arms(groups)
    events = interim * expected_events(accrual, arms, time)
    mean_first, variance_first = score(accrual, groups, time_of_events(accrual, arms, events))
    z_first = math.copysign(1, mean) * mean_first / math.sqrt(variance_first)
    return Evidence(abs(mean) / variance, error, error, (z_first, variance_first / variance))


def _error(
    accrual: Accrual,
    groups: Sequence[Stratum],
    time: float,
    control_factor: float = 1.0,
    treated_factor: float = 1.0,
) -> float:
    """Standard error of the stratified log hazard ratio from the events expected in each arm.

    The factors change the hazards for H0.
    """
    information = 0.0
    for treated, control in groups:
        events = [
            arm_events(accrual, replace(arm, hazard=arm.hazard.times(factor)), time)
            for arm, factor in ((treated, treated_factor), (control, control_factor))
        ]
        if min(events) > 0:
            information += 1 / (1 / events[0] + 1 / events[1])
    if information <= 0:
        raise BadDesign("no events are expected: lengthen the follow-up or check the hazards")
    return 1 / math.sqrt(information)


def _refuse_unfit(effect: Effect, variance: Variance, interim: float | None, layers: int) -> None:
    if not effect.proportional and variance != "score":
        raise BadDesign(
            f"a hazard ratio that changes over time needs variance score, not {variance}",
            "variance",
        )
    if effect.null != 1 and variance in ("schoenfeld", "freedman", "score"):
        raise BadDesign(
            f"variance {variance} is for a null hazard ratio of 1; use lachin_foulkes", "variance"
        )
    if variance == "freedman" and layers > 1:
        raise BadDesign("Freedman's formula knows no strata; use lachin_foulkes", "variance")
    if interim is not None and variance not in ("schoenfeld", "score"):
        raise BadDesign(
            "an interim analysis needs variance schoenfeld or score; for other designs use the "
            "group sequential methods",
            "interim",
        )

"""What is sought of a log-rank trial: its size, accrual, follow-up or power."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from design.errors import BadDesign
from design.sizes import checked_size, round_up, two_arm_sizes
from design.solving import root
from design.survival.events import (
    Accrual,
    arm_events,
    expected_events,
    final_events,
    time_of_events,
)
from design.survival.evidence import Effect, Evidence, Variance, gather
from design.survival.plan import Stratum, Timing, all_arms
from design.survival.two_looks import bounds

_LONGEST = 1e5  # of a search for accrual or follow-up, in units of time


@dataclass(frozen=True, slots=True)
class Trial:
    """All that is fixed of a trial; alpha is one-sided."""

    pattern: Accrual
    groups: list[Stratum]
    effect: Effect
    variance: Variance
    alpha: float
    interim: float | None

    def evidence(self, accrual: Accrual, time: float) -> Evidence:
        """What the test can show at a calendar time."""
        return gather(accrual, self.groups, time, self.effect, self.variance, self.interim)

    def power(self, accrual: Accrual, time: float) -> float:
        """Power of the analysis at a calendar time."""
        return self.evidence(accrual, time).power(self.alpha, self.interim)


def _rate(
    trial: Trial, when: Timing, power: float | None, n: int | None, absolute: bool
) -> dict[str, Any]:
    """Scale the accrual rates."""
    duration, followup = _both(when)
    time = duration + followup
    assert power is not None
    if n is not None:
        raise BadDesign("give n_total (for the power) or power (for n_total), not both", "n_total")
    evidence = trial.evidence(trial.pattern, time)
    times = evidence.needed(trial.alpha, power, trial.interim)
    checked_size(times * trial.pattern.patients)
    outputs = _described(trial, trial.pattern.times(times), time)
    reached = outputs["n_total"] / outputs["n_total_raw"] * times
    return outputs | {"power_achieved": evidence.power(trial.alpha, trial.interim, reached)}


def _power(
    trial: Trial, when: Timing, power: float | None, n: int | None, absolute: bool
) -> dict[str, Any]:
    """Power of a trial with all else given."""
    duration, followup = _both(when)
    if n is None and not absolute:
        raise BadDesign("for the power give accrual_rate or n_total", "n_total")
    accrual = trial.pattern if n is None else trial.pattern.times(n / trial.pattern.patients)
    time = duration + followup
    outputs = _described(trial, accrual, time)
    return outputs | {"power": trial.power(accrual, time)}


def _accrual(
    trial: Trial, when: Timing, power: float | None, n: int | None, absolute: bool
) -> dict[str, Any]:
    """Draw accrual out at the given rates; the follow-up after it is given."""
    assert when.followup is not None and power is not None
    followup = when.followup

    def lacking(duration: float) -> float:
        accrual = trial.pattern.until(duration)
        return trial.power(accrual, duration + followup) - power

    duration = _search(lacking, 1e-2, "accrual")
    accrual = trial.pattern.until(duration)
    outputs = _described(trial, accrual, duration + followup)
    whole = round_up(accrual.patients)
    longer = duration + (whole - accrual.patients) / accrual.rates[-1]
    return outputs | {"accrual_duration_rounded": longer, "n_total_rounded_once": whole}


def _followup(
    trial: Trial, when: Timing, power: float | None, n: int | None, absolute: bool
) -> dict[str, Any]:
    """Follow the patients longer; accrual is given."""
    assert when.accrual is not None and power is not None
    duration = when.accrual
    reached = trial.power(trial.pattern, duration)
    if reached >= power:
        raise BadDesign(
            f"the power is {reached:.4f} when accrual ends, without any follow-up; shorten accrual",
            "accrual_duration",
        )

    def lacking(followup: float) -> float:
        return trial.power(trial.pattern, duration + followup) - power

    followup = _search(lacking, 0.0, "followup")
    outputs = _described(trial, trial.pattern, duration + followup)
    whole = min(outputs["events"], _most(trial))
    last = time_of_events(trial.pattern, all_arms(trial.groups), whole) - duration
    return outputs | {"min_followup_rounded": last}


SOLVERS: dict[str, Callable[..., dict[str, Any]]] = {
    "rate": _rate,
    "power": _power,
    "accrual": _accrual,
    "followup": _followup,
}


def _most(trial: Trial) -> float:
    """Just below the events that all patients could have."""
    return final_events(trial.pattern, all_arms(trial.groups)) * (1 - 1e-6)


def _search(lacking: Callable[[float], float], low: float, what: str) -> float:
    if lacking(low) >= 0:
        return low
    high = max(2 * low, 1.0)
    while (short := lacking(high)) < 0:
        high *= 2
        if high > _LONGEST:
            raise BadDesign(
                f"no {what} reaches the power: it stays {-short:.3g} below; enrol faster, or "
                "assume another effect",
                "power",
            )
    return root(lacking, low, high, xtol=1e-9)


def _described(trial: Trial, accrual: Accrual, time: float) -> dict[str, Any]:
    """Patients, events and times of a trial."""
    k = trial.effect.allocation
    events = expected_events(accrual, all_arms(trial.groups), time)
    outputs: dict[str, Any] = two_arm_sizes(accrual.patients * k / (1 + k), k)
    outputs |= {
        "n_total_rounded_once": round_up(accrual.patients),
        "events": round_up(events),
        "events_raw": events,
        "events_treatment": sum(arm_events(accrual, pair[0], time) for pair in trial.groups),
        "events_control": sum(arm_events(accrual, pair[1], time) for pair in trial.groups),
        "accrual_duration": accrual.duration,
        "min_followup": round(time - accrual.duration, 10),
        "study_duration": time,
        "accrual_rates": list(accrual.rates),
    }
    evidence = trial.evidence(accrual, time)
    if trial.variance == "score":
        outputs["average_hr"] = math.exp(-evidence.effect)
    if trial.interim is not None:
        arms = all_arms(trial.groups)
        outputs["interim_time"] = time_of_events(accrual, arms, trial.interim * events)
        outputs["z_bounds"] = list(bounds(trial.alpha, trial.interim))
    return outputs


def _both(when: Timing) -> tuple[float, float]:
    if when.accrual is None or when.followup is None:
        raise BadDesign(
            "give two of accrual_duration, min_followup and study_duration", "accrual_duration"
        )
    return when.accrual, when.followup


def what_is_sought(solve: str | None, power: float | None, when: Timing, periods: bool) -> str:
    """``rate``, ``accrual``, ``followup`` or ``power``: what is asked for, else what is not given.

    Raises:
        BadDesign: What is asked for is given, or too little else is.
    """
    if solve is not None:
        if (power is None) != (solve == "power"):
            raise BadDesign(f"solve {solve} does not go with power {power}", "solve")
        found = solve
    elif power is None:
        found = "power"
    elif when.followup is None:
        found = "followup"
    elif when.accrual is None and not periods:
        found = "accrual"
    else:
        found = "rate"
    if found == "accrual" and when.followup is None:
        raise BadDesign("to find the accrual give min_followup", "min_followup")
    if found == "followup" and when.accrual is None and not periods:
        raise BadDesign("to find the follow-up give accrual_duration", "accrual_duration")
    return found

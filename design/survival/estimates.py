"""Variance of survival at a time and of restricted mean survival time, by Kaplan-Meier.

Of one patient: divide by the patients of the arm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from design.errors import BadDesign
from design.survival.curves import Curve, Floats
from design.survival.events import Accrual
from design.survival.hazards import Hazard
from design.survival.score import cumulative, enrolled_many

_RARE = 1e-6


def followed(accrual: Accrual, loss: Hazard, study: float) -> Callable[[Floats], Floats]:
    """Probability that a patient is followed to a time since entry, were there no events."""

    def share(times: Floats) -> Floats:
        entered = enrolled_many(accrual, np.maximum(study - times, 0.0)) / accrual.patients
        return np.asarray(entered * np.exp(-cumulative(loss, times)))

    return share


def kinks(accrual: Accrual, loss: Hazard, study: float) -> list[float]:
    """Times since entry at which :func:`followed` bends."""
    return [*(study - np.cumsum((0.0, *accrual.durations))).tolist(), *loss.starts]


def survival_variance(
    curve: Curve, share: Callable[[Floats], Floats], time: float, bends: Sequence[float]
) -> float:
    """Greenwood's variance of the survival at a time."""
    left = curve.survival(time)
    return left * left * hazard_variance(curve, share, time, bends)


def hazard_variance(
    curve: Curve, share: Callable[[Floats], Floats], time: float, bends: Sequence[float]
) -> float:
    """Variance of the cumulative hazard at a time."""
    return _checked(curve.over_events(lambda t: 1 / _live(curve, share, t), time, bends), time)


def mean_variance(
    curve: Curve, share: Callable[[Floats], Floats], time: float, bends: Sequence[float]
) -> float:
    """Variance of the mean survival time restricted to a time."""
    whole = curve.restricted_mean(np.array([time]))[0]

    def value(times: Floats) -> Floats:
        rest = whole - curve.restricted_mean(times)
        return np.asarray(rest**2 / _live(curve, share, times))

    return _checked(curve.over_events(value, time, bends), time)


def refuse_unseen(curve: Curve, share: Callable[[Floats], Floats], time: float) -> None:
    """Whether anyone is at risk at a time.

    Raises:
        BadDesign: Fewer than one in a million are.
    """
    if float(_live(curve, share, np.array([time]))[0]) < _RARE:
        raise BadDesign(
            f"hardly anyone is still at risk at {time:g}; lengthen the follow-up or take an "
            "earlier time",
            "time",
        )


def _live(curve: Curve, share: Callable[[Floats], Floats], times: Floats) -> Floats:
    return np.asarray(np.exp(-curve.cumulative(times)) * share(times))


def _checked(variance: float, time: float) -> float:
    if not variance > 0:
        raise BadDesign(f"no events are expected by {time:g}; take a later time", "time")
    return variance

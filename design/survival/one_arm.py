"""A single arm against a historical survival curve."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.errors import BadDesign
from design.quantities import Alpha, Dropout, Power, Sides
from design.registry import calculator
from design.result import Outcome
from design.sizes import checked_size, one_arm_sizes, power_or_size, round_up
from design.solving import root
from design.survival import quantities as q
from design.survival.curves import Curve, Floats
from design.survival.difference import Shape
from design.survival.estimates import (
    followed,
    hazard_variance,
    kinks,
    refuse_unseen,
    survival_variance,
)
from design.survival.events import Accrual
from design.survival.hazards import Hazard
from design.survival.plan import loss_hazard

Test = Annotated[
    Literal["logrank", "exponential", "milestone", "milestone_loglog"],
    Field(
        description="logrank: one-sample log-rank; exponential: exact test of the mean time "
        "(chi-square); milestone, milestone_loglog: survival at time, on its own or the log-log "
        "scale. 检验方法"
    ),
]
Patients = Annotated[int, Field(ge=2, le=10_000_000, description="Patients. 例数")]
_MOST = 1e7


@calculator(
    reference="Wu J. Pharm Stat 2015;14:26-33 (one-sample log-rank); Epstein B, Sobel M. J Am Stat "
    "Assoc 1953;48:486-502 and Lawless JF. Statistical Models and Methods for Lifetime Data. 2003 "
    "(exponential); Brookmeyer R, Crowley J. Biometrics 1982;38:29-41 and Nagashima K et al. Pharm "
    "Stat 2021;20:499-511 (survival at a time)",
    formula="logrank: n = (sqrt(v0) z_a + s z_b)^2 / (v1 - v0)^2, v0 = E(expected), v1 = P(event), "
    "s^2 = Var(O - E); exponential: 2 d mean / mean0 is chi-square with 2d degrees of freedom",
)
def one_arm_survival(
    *,
    median0: q.Median | None = None,
    survival0: q.Survival | None = None,
    time: q.Duration | None = None,
    median: q.Median | None = None,
    survival: q.Survival | None = None,
    hr: q.HazardRatio | None = None,
    shape: Shape = 1.0,
    test: Test = "logrank",
    alpha: Alpha = 0.05,
    sides: Sides = 1,
    power: Power | None = None,
    n: Patients | None = None,
    accrual_duration: q.Duration,
    min_followup: q.Followup,
    dropout_hazard: q.Loss | None = None,
    dropout: Dropout = 0.0,
    dropout_time: q.Duration = 12.0,
    time_unit: q.TimeUnit = "month",
) -> Outcome:
    """Patients of a single arm that improves on a historical curve, or the power of a number.

    The historical curve is given by ``median0`` or by ``survival0`` at ``time``; the assumed one
    by ``median``, ``survival`` at ``time``, or ``hr`` (proportional hazards, the same shape).
    """
    power_or_size(power, n=n)
    old = _curve(median0, survival0, time, shape, "0")
    ratio = _ratio(old, median, survival, hr, time, shape)
    if ratio >= 1:
        raise BadDesign(
            f"the assumed curve is not better than the historical one (hazard ratio {ratio:.4g}); "
            "a single arm is to improve on it",
            "hr",
        )
    if not ratio >= 0.01:
        raise BadDesign(f"a hazard ratio of {ratio:.3g} is below 0.01; check the medians", "hr")
    new = old.times(Hazard.constant(ratio))
    accrual, study = Accrual((1.0,), (accrual_duration,)), accrual_duration + min_followup
    loss = loss_hazard(dropout_hazard, dropout, dropout_time)
    share, bends = followed(accrual, loss, study), kinks(accrual, loss, study)
    z_alpha = -float(special.ndtri(alpha / sides))
    happens = new.over_events(lambda t: np.exp(-new.cumulative(t)) * share(t), study, bends)
    if happens <= 1e-9:
        raise BadDesign("no events are expected; lengthen the follow-up", "min_followup")
    if test == "exponential" and shape != 1:
        raise BadDesign("the exponential test is for shape 1", "shape")
    if test.startswith("milestone"):
        if time is None:
            raise BadDesign("the milestone test needs time", "time")
        if time >= study:
            raise BadDesign(f"the study ends at {study:g}; nobody is followed to {time:g}", "time")

    def reached(size: float) -> float:
        if test == "exponential":
            return _chi_square(size * happens, ratio, alpha / sides)
        return float(special.ndtr((distance * math.sqrt(size) - z_alpha * null) / true))

    null = true = distance = 1.0
    if test == "logrank":
        distance, null, true = _log_rank(old, new, ratio, share, study, bends)
    elif test.startswith("milestone"):
        assert time is not None
        refuse_unseen(new, share, time)
        estimate = survival_variance if test == "milestone" else hazard_variance
        null = true = math.sqrt(estimate(new, share, time, bends))
        if test == "milestone":
            distance = new.survival(time) - old.survival(time)
        else:  # the log of the cumulative hazard, by the delta method
            spread = true / -math.log(new.survival(time))
            distance, null, true = -math.log(ratio), spread, spread
    values = {
        "old_median": float(old.inverse(np.array([math.log(2)]))[0]),
        "new_median": float(new.inverse(np.array([math.log(2)]))[0]),
    }
    said: tuple[str, ...] = (sides_key(sides), f"one_arm_{test}")
    said += ("loss_within",) if any(loss.rates) else ()
    warnings: tuple[str, ...] = ("wide_one_sided",) if sides == 1 and alpha > 0.05 else ()
    outputs: dict[str, Any] = {"hr": ratio, "event_probability": happens}
    if power is None:
        assert n is not None
        outputs |= {"power": reached(n), "events_raw": n * happens, "events": round_up(n * happens)}
        warnings += ("low_power",) if outputs["power"] < 0.8 else ()
        return Outcome(outputs, "power", said, warnings, values)
    if test == "exponential":
        needed = _events(ratio, alpha / sides, power)
        raw = needed / happens
        outputs |= {"events": needed, "events_raw": float(needed)}
    else:
        raw = (max(z_alpha * null + float(special.ndtri(power)) * true, 0.0) / distance) ** 2
        outputs |= {"events": round_up(raw * happens), "events_raw": raw * happens}
    checked_size(raw)
    outputs |= one_arm_sizes(raw)
    outputs["power_achieved"] = reached(outputs["n"])
    warnings += ("few_events",) if outputs["events"] < 20 and test != "exponential" else ()
    return Outcome(outputs, "size", (*said, "round_up_one"), warnings, values)


def _log_rank(
    old: Curve, new: Curve, ratio: float, share: Any, study: float, bends: list[float]
) -> tuple[float, float, float]:
    """Mean of E - O, and standard deviations under H0 and H1, of one patient."""

    def live(times: Floats) -> Floats:
        return np.asarray(np.exp(-new.cumulative(times)) * share(times))

    v1 = new.over_events(live, study, bends)
    v01 = new.over_events(lambda t: live(t) * old.cumulative(t), study, bends)
    v0, v00 = v1 / ratio, v01 / ratio
    variance = v1 - 2 * v01 + 2 * v00 - (v1 - v0) ** 2
    return v0 - v1, math.sqrt(v0), math.sqrt(max(variance, 1e-300))


def _chi_square(events: float, ratio: float, alpha: float) -> float:
    """Power of the exact test of an exponential mean with a number of events."""
    critical = special.gammainccinv(events, alpha)
    return float(special.gammaincc(events, critical * ratio))


def _events(ratio: float, alpha: float, power: float) -> int:
    """The fewest events that reach a power."""
    high = 1
    while _chi_square(high, ratio, alpha) < power:
        high *= 2
        if high > _MOST:
            raise BadDesign(f"more than {_MOST:g} events would be needed", "hr")
    if high == 1:
        return 1
    return round_up(root(lambda d: _chi_square(d, ratio, alpha) - power, high / 2, high))


def _curve(
    median: float | None, survival: float | None, time: float | None, shape: float, mark: str
) -> Curve:
    if (median is None) == (survival is None):
        raise BadDesign(f"give either median{mark} or survival{mark} with time", f"median{mark}")
    if median is not None:
        return Curve.weibull(median, shape)
    if time is None:
        raise BadDesign(f"survival{mark} needs time", "time")
    assert survival is not None
    return Curve(shape=shape, scale=time * (-math.log(survival)) ** (-1 / shape))


def _ratio(
    old: Curve,
    median: float | None,
    survival: float | None,
    hr: float | None,
    time: float | None,
    shape: float,
) -> float:
    """Hazard ratio of the assumed curve to the historical one."""
    if sum(value is not None for value in (median, survival, hr)) != 1:
        raise BadDesign("give the assumed curve by one of median, survival with time, or hr", "hr")
    if hr is not None:
        return hr
    new = _curve(median, survival, time, shape, "")
    return float((old.scale / new.scale) ** shape)

"""Precision of a rate (events per person-time) and of a ratio of two rates."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.precision.common import (
    Fold,
    HalfWidth,
    RelativeError,
    Width,
    aim_phrase,
    limits,
    size_for_width,
    z_of,
)
from design.quantities import Level, Ratio
from design.registry import calculator
from design.result import Outcome
from design.sizes import round_up
from design.widths import half_width

Rate = Annotated[
    float, Field(ge=1e-9, le=1e6, description="Events per unit of person-time. 单位人时事件率")
]
Events = Annotated[float, Field(ge=0, le=1e7, description="Events. 事件数")]
PersonTime = Annotated[float, Field(ge=1e-6, le=1e12, description="Person-time. 总人时")]
FollowUp = Annotated[
    float,
    Field(
        ge=1e-6, le=1e6, description="Mean follow-up of a patient, for their number. 人均随访时间"
    ),
]
Interval = Annotated[
    Literal["exact", "score", "vs", "wald"],
    Field(
        description="Interval of a Poisson count: exact (Garwood), score, variance stabilising "
        "(square root), or Wald. 置信区间方法"
    ),
]

_FEWEST = 0.001  # an expected number of events below this is a slip of the decimal point


@calculator(
    reference="Garwood F. Biometrika 1936;28:437-42 (exact); Barker L. Am Stat 2002;56:85-9 "
    "(score, variance stabilising)",
    formula="smallest number of events x with (U(x) - L(x)) rate / x <= width; exact limits "
    "chi2_(2x)/2 and chi2_(2x+2)/2; person-time = x / rate",
)
def rate_precision(
    *,
    rate: Rate | None = None,
    events: Events | None = None,
    person_time: PersonTime | None = None,
    abs_error: HalfWidth | None = None,
    ci_width: Width | None = None,
    rel_error: RelativeError | None = None,
    level: Level = 0.95,
    interval: Interval = "exact",
    followup: FollowUp | None = None,
) -> Outcome:
    """Events and person-time to estimate a rate with a precision, or the interval of a rate.

    Give ``rate`` with one of ``abs_error``, ``ci_width`` and ``rel_error`` for the number of events
    and the person-time (patients, with ``followup``); two of ``rate``, ``events`` and
    ``person_time`` for the interval.
    """
    half = half_width(abs_error=abs_error, ci_width=ci_width, rel_error=rel_error, estimate=rate)
    z = z_of(level)
    keys: tuple[str, ...] = (f"poisson_{interval}",)
    if half is None:
        count, time = _seen(rate, events, person_time)
        if 0 < count < _FEWEST:
            raise BadDesign(f"{count:g} events: give 0, or a number above {_FEWEST:g}", "events")
        if count == 0 and interval == "wald":
            raise BadDesign("the Wald interval of 0 events has no width; use exact", "interval")
        lower, upper = count_limits(count, z, interval)
        outputs: dict[str, Any] = {"rate": count / time, **limits(lower / time, upper / time)}
        values = {"events": count, "person_time": time, **outputs}
        return Outcome(outputs, "interval", keys, values=values)
    if rate is None or events is not None or person_time is not None:
        raise BadDesign(
            "with a width asked for, give rate, and neither events nor person_time", "rate"
        )

    def width_of(count: float) -> float:
        lower, upper = count_limits(count, z, interval)
        return (upper - lower) / count * rate

    raw = size_for_width(width_of, 2 * half, low=1.0)
    outputs = {
        "events": round_up(raw),
        "events_raw": raw,
        "person_time": round_up(raw) / rate,
        "person_time_raw": raw / rate,
    }
    if followup is not None:
        patients = raw / rate / followup
        outputs |= {"n": max(1, round_up(patients)), "n_raw": patients}
    said = aim_phrase(half, rel_error, ci_width)
    return Outcome(outputs, "size", (*keys, "events_up"), values=said | outputs)


def count_limits(count: float, z: float, interval: str) -> tuple[float, float]:
    """Limits of the mean of a Poisson count."""
    if interval == "exact":
        tail = float(special.ndtr(-z))
        lower = float(special.gammaincinv(count, tail)) if count > 0 else 0.0
        return lower, float(special.gammainccinv(count + 1, tail))
    if interval == "score":
        half = z * (count + z**2 / 4) ** 0.5
        return max(0.0, count + z**2 / 2 - half), count + z**2 / 2 + half
    if interval == "vs":
        return max(0.0, count**0.5 - z / 2) ** 2, (count**0.5 + z / 2) ** 2
    return count - z * count**0.5, count + z * count**0.5


def _seen(
    rate: float | None, events: float | None, person_time: float | None
) -> tuple[float, float]:
    given = [value for value in (rate, events, person_time) if value is not None]
    if len(given) != 2:
        raise BadDesign(
            "give rate with a width, or two of rate, events and person_time for the interval",
            "rate",
        )
    if events is None:
        assert rate is not None and person_time is not None
        return rate * person_time, person_time
    if person_time is None:
        assert rate is not None
        if events == 0:
            raise BadDesign("0 events say nothing of the person-time; give person_time", "events")
        return events, events / rate
    return events, person_time


@calculator(
    reference="Rothman KJ, Greenland S. Planning study size based on precision rather than power. "
    "Epidemiology 2018;29:599-603",
    formula="upper/lower = exp(2 z sqrt(1/(rate1 t1) + 1/(rate2 t2))), t1 = k t2",
)
def rate_ratio_precision(
    *,
    rate1: Rate,
    rate2: Rate,
    fold: Fold | None = None,
    person_time1: PersonTime | None = None,
    ratio: Ratio = 1.0,
    level: Level = 0.95,
) -> Outcome:
    """Person-time to estimate a ratio of two rates with a precision, or its interval.

    Give ``fold`` (upper limit / lower limit) for the person-time of the two groups,
    ``person_time1`` for the interval; ``ratio`` is person-time of group 1 to that of group 2.
    """
    if (fold is None) == (person_time1 is None):
        raise BadDesign("give either fold (for the person-time) or person_time1", "fold")
    z = z_of(level)
    unit = 1 / rate1 + ratio / rate2  # variance of the logarithm, times person-time of group 1
    estimate = rate1 / rate2
    if fold is not None:
        time = unit * (2 * z / math.log(fold)) ** 2
        sized = {
            "person_time1": time,
            "person_time2": time / ratio,
            "events1": time * rate1,
            "events2": time / ratio * rate2,
            "estimate": estimate,
        }
        return Outcome(sized, "size", ("log_rates",))
    assert person_time1 is not None
    half = z * (unit / person_time1) ** 0.5
    if half > 300:
        raise BadDesign(
            "so little person-time leaves no interval that means anything", "person_time1"
        )
    found = limits(estimate * math.exp(-half), estimate * math.exp(half))
    outputs = {"estimate": estimate, **found, "fold": math.exp(2 * half)}
    return Outcome(
        outputs, "interval", ("log_rates",), values={"person_time2": person_time1 / ratio}
    )

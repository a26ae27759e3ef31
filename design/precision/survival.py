"""Precision of a median survival time under exponential survival."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.precision.common import Fold, Width, limits, phrase, size_for_width, z_of
from design.quantities import Level
from design.registry import calculator
from design.result import Outcome
from design.sizes import round_up

Time = Annotated[float, Field(ge=1e-6, le=1e6, description="Expected median. 中位生存时间")]
Events = Annotated[float, Field(ge=1, le=1e7, description="Events. 事件数")]
Observed = Annotated[
    float,
    Field(
        ge=1e-6, le=1, description="Share of patients with an event by the analysis. 事件发生比例"
    ),
]
Interval = Annotated[
    Literal["exact", "log"],
    Field(description="Exact (chi-square of the total time) or normal on the log scale."),
]


@calculator(
    reference="Epstein B, Sobel M. Life testing. J Am Stat Assoc 1953;48:486-502; Lawless JF. "
    "Statistical Models and Methods for Lifetime Data. 2nd ed. 2003, section 4.1",
    formula="exact: 2 d median / chi2_(2d); log: median exp(+- z / sqrt(d)); patients = d / share "
    "with an event",
)
def median_survival_precision(
    *,
    median: Time,
    fold: Fold | None = None,
    ci_width: Width | None = None,
    events: Events | None = None,
    event_share: Observed | None = None,
    level: Level = 0.95,
    interval: Interval = "exact",
) -> Outcome:
    """Events to estimate a median survival time with a precision, or the interval of a number.

    Survival is exponential. Give ``fold`` (upper limit / lower limit) or ``ci_width`` for the
    number of events, and of patients with ``event_share``; ``events`` for the interval.
    """
    if sum(value is not None for value in (fold, ci_width, events)) != 1:
        raise BadDesign(
            "give one of fold, ci_width (for the events) and events (for the interval)", "fold"
        )
    z = z_of(level)
    keys: tuple[str, ...] = ("exponential", f"interval_median_{interval}")
    if events is not None:
        lower, upper = _factors(events, z, interval)
        outputs: dict[str, Any] = limits(median * lower, median * upper)
        return Outcome(outputs | {"fold": upper / lower}, "interval", keys)

    def width_of(count: float) -> float:
        lower, upper = _factors(count, z, interval)
        return upper / lower if fold else median * (upper - lower)

    raw = size_for_width(width_of, fold or ci_width or 0.0, low=1.0)
    outputs = {"events": round_up(raw), "events_raw": raw}
    if event_share is not None:
        outputs |= {"n": round_up(raw / event_share), "n_raw": raw / event_share}
    said: dict[str, Any] = phrase(
        "aim", "fold" if fold else "width", {"fold": fold, "ci_width": ci_width}
    )
    if event_share is not None:
        said |= phrase("patients", "patients", {"event_share": event_share, "n": outputs["n"]})
    else:
        said |= {"patients_zh": "", "patients_en": ""}
    return Outcome(outputs, "size", (*keys, "events_up"), values=said | outputs)


def _factors(events: float, z: float, interval: str) -> tuple[float, float]:
    """Limits as multiples of the median."""
    if interval == "log":
        return math.exp(-z / events**0.5), math.exp(z / events**0.5)
    tail = float(special.ndtr(-z))
    lower = events / float(special.gammainccinv(events, tail))
    least = float(special.gammaincinv(events, tail))
    if least == 0:
        raise BadDesign("so few events leave no upper limit at this level", "level")
    return lower, events / least

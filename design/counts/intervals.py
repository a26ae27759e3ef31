"""Confidence intervals of a rate and of a ratio of rates."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field
from scipy import special

from design.counts import quantities as q
from design.errors import BadDesign
from design.quantities import Level
from design.registry import calculator
from design.result import Outcome

RateMethod = Annotated[
    Literal["exact", "score", "log", "sqrt"],
    Field(description="exact (Garwood), score, log (Wald of the log), sqrt. 区间方法"),
]
RatioMethod = Annotated[
    Literal["exact", "score", "log"],
    Field(description="exact (conditional binomial), score (the same, normal), log (Wald)."),
]


@calculator(
    reference="Garwood F. Biometrika 1936;28:437-442 (exact); Rothman KJ, Greenland S. Modern "
    "Epidemiology (log); Barker L. Am Stat 2002;56:85-89 (score, sqrt)",
    formula="exact: chi2(a/2; 2x) / (2T) to chi2(1 - a/2; 2x + 2) / (2T)",
)
def poisson_rate_interval(
    *,
    events: q.EventCount,
    person_time: q.PersonTime,
    level: Level = 0.95,
    method: RateMethod = "exact",
) -> Outcome:
    """A rate of events and its confidence interval."""
    tail = (1 - level) / 2
    z = -float(special.ndtri(tail))
    if method == "exact":
        low = float(special.gammaincinv(events, tail)) if events else 0.0
        high = float(special.gammainccinv(events + 1, tail))
    elif method == "score":
        half = z * math.sqrt(events + z * z / 4)
        low, high = max(events + z * z / 2 - half, 0.0), events + z * z / 2 + half
    elif method == "sqrt":
        root = math.sqrt(events)
        low, high = max(root - z / 2, 0.0) ** 2, (root + z / 2) ** 2
    else:
        if not events:
            raise BadDesign("without events the log interval does not exist; use exact", "method")
        low, high = (events * math.exp(side * z / math.sqrt(events)) for side in (-1, 1))
    outputs = {
        "rate": events / person_time,
        "lower": low / person_time,
        "upper": high / person_time,
    }
    return Outcome(outputs, "interval", (f"rate_{method}",))


@calculator(
    reference="Przyborowski J, Wilenski H. Biometrika 1940;31:313-323 and Clopper CJ, Pearson ES. "
    "Biometrika 1934;26:404-413 (exact); Graham PL, Mengersen K, Morton AP. Stat Med "
    "2003;22:2071-2083 (score); Rothman KJ, Greenland S. Modern Epidemiology (log)",
    formula="p_L / (1 - p_L) T2 / T1 with the limits of the binomial share of events in group 1; "
    "log: ratio exp(-+ z sqrt(1/x1 + 1/x2))",
)
def rate_ratio_interval(
    *,
    events1: q.EventCount,
    person_time1: q.PersonTime,
    events2: q.EventCount,
    person_time2: q.PersonTime,
    level: Level = 0.95,
    method: RatioMethod = "exact",
) -> Outcome:
    """Ratio of two rates (group 1 : group 2), its interval, and the rate reduction 1 - ratio."""
    if events2 == 0:
        raise BadDesign("without events in group 2 there is no finite rate ratio", "events2")
    if events1 == 0 and method == "log":
        raise BadDesign("without events the log interval does not exist; use exact", "method")
    tail = (1 - level) / 2
    z = -float(special.ndtri(tail))
    times = person_time2 / person_time1
    found = events1 / events2 * times
    if method == "log":
        spread = z * math.sqrt(1 / events1 + 1 / events2)
        bounds = [found * math.exp(side * spread) for side in (-1, 1)]
    else:
        shares = share_limits(events1, events1 + events2, tail, method)
        bounds = [odds(share) * times for share in shares]
    outputs: dict[str, Any] = {"rate_ratio": found, "lower": bounds[0], "upper": bounds[1]}
    outputs |= {
        "reduction": 1 - found,
        "reduction_lower": 1 - bounds[1],
        "reduction_upper": 1 - bounds[0],
    }
    return Outcome(outputs, "interval", (f"ratio_{method}",))


def odds(share: float) -> float:
    """``share / (1 - share)``.

    Raises:
        BadDesign: The share is 1, as the limit of an interval at a level next to 1.
    """
    if share >= 1:
        raise BadDesign("the interval has no finite limit at this level; lower it", "level")
    return share / (1 - share)


def share_limits(x: int, n: int, tail: float, method: str) -> tuple[float, float]:
    """Limits of a binomial share: Clopper-Pearson (``exact``) or Wilson (``score``).

    Args:
        x: Successes.
        n: Trials.
        tail: Probability beyond each limit.
        method: ``exact`` or ``score``.
    """
    if method == "exact":
        low = float(special.betaincinv(x, n - x + 1, tail)) if x else 0.0
        high = float(special.betaincinv(x + 1, n - x, 1 - tail)) if x < n else 1.0
        return low, high
    z = -float(special.ndtri(tail))
    middle = (x + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(x * (n - x) / n + z * z / 4)
    return max(middle - half, 0.0), min(middle + half, 1.0)

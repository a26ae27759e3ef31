"""When a number of patients is reached, by the model of enrolment."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from design.enrolment.model import Enrolled, Season, SiteGroup, enrolled, moments
from design.errors import BadDesign
from design.solving import root

LONGEST = 600.0  # months


def checked_enrolled(groups: Sequence[SiteGroup], time: float, season: Season) -> Enrolled:
    """The number enrolled by a time.

    Raises:
        BadDesign: Too many patients to be told apart.
    """
    try:
        return enrolled(groups, time, season)
    except OverflowError:
        raise BadDesign(
            "more than a million patients: check rate, sites and time", "rate"
        ) from None


def time_of(groups: Sequence[SiteGroup], target: int, share: float, season: Season) -> float:
    """Months t with P(N(t) >= target) = share.

    Raises:
        BadDesign: Not within 600 months.
    """
    return _crossing(
        lambda t: probability_of(groups, t, target, season) - share, groups, target, season
    )


def probability_of(groups: Sequence[SiteGroup], time: float, target: int, season: Season) -> float:
    """P(N(time) >= target); far beyond the target it is 1 without the convolution."""
    mean, variance = moments(groups, time, season)
    if mean - 10 * math.sqrt(variance) > target and mean > 4 * target:
        return 1.0
    return checked_enrolled(groups, time, season).at_least(target)


def mean_time(groups: Sequence[SiteGroup], target: int, season: Season) -> float:
    """Months until the expected number is the target."""
    return _crossing(lambda t: moments(groups, t, season)[0] - target, groups, target, season)


def _crossing(
    above: Callable[[float], float], groups: Sequence[SiteGroup], target: int, season: Season
) -> float:
    low, high = 1e-6, 1.0
    while above(high) < 0:
        if high >= LONGEST:
            raise BadDesign(
                f"{target} patients are not reached within {LONGEST:g} months", "target"
            )
        low, high = high, min(LONGEST, high * 1.5)
    return root(above, low, high, xtol=1e-4)

"""Searching a number, as the smallest size that reaches a target: bounded, told when in vain."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

from scipy import optimize

from design.errors import BadDesign, NoSolution

LARGEST = 1e7  # per arm; no trial is larger, and the search ends there


def smallest_size(
    reached: Callable[[float], float], target: float, *, low: float, field: str = "power"
) -> float:
    """The smallest size, not rounded, at which an increasing function reaches a target.

    Args:
        reached: Power (or another increasing measure) of a size.
        target: What is to be reached.
        low: The smallest size the method allows; handed out when it is enough.
        field: The input to name when no size is enough.

    Raises:
        BadDesign: More than ten million would be needed.
    """
    if reached(low) >= target:
        return low
    below, above = low, 2 * low
    while reached(above) < target:
        below, above = above, 2 * above
        if below > LARGEST:
            raise BadDesign(
                "more than 10 million would be needed: the effect is too small for its spread, "
                "or the demand too high",
                field,
            )
    return root(lambda n: reached(n) - target, below, above, xtol=1e-10, rtol=1e-14)


def root(
    function: Callable[[float], float],
    low: float,
    high: float,
    *,
    xtol: float = 2e-12,
    rtol: float = 4 * sys.float_info.epsilon,
) -> float:
    """Where a continuous function is 0, by Brent's method.

    Args:
        function: Of one sign at ``low`` and of the other at ``high``.
        low: Where the search begins.
        high: Where it ends.
        xtol: How near, absolutely.
        rtol: How near, relative to the root.

    Raises:
        NoSolution: The signs are the same, a value is no number, or the search does not settle.
    """

    def value(x: float) -> float:
        found = float(function(x))
        if math.isnan(found):
            raise NoSolution(f"no number at {x:g}")
        return found

    ends = {low: value(low), high: value(high)}
    if 0 not in ends.values() and (ends[low] < 0) == (ends[high] < 0):
        raise NoSolution(f"the same sign at {low:g} and {high:g}")
    found, told = optimize.brentq(
        lambda x: ends[x] if x in ends else value(x),
        low,
        high,
        xtol=xtol,
        rtol=rtol,
        full_output=True,
        disp=False,
    )
    if not told.converged:
        raise NoSolution(f"no root between {low:g} and {high:g}")
    return float(found)

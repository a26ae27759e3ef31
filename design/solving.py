"""Searching the smallest size that reaches a target: bracketed, bounded, and told when in vain."""

from __future__ import annotations

from collections.abc import Callable

from scipy import optimize

from design.errors import BadDesign

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
    return float(
        optimize.brentq(lambda n: reached(n) - target, below, above, xtol=1e-10, rtol=1e-14)
    )

"""The smallest balanced study with enough power."""

from __future__ import annotations

from collections.abc import Callable

from design.errors import BadDesign


def smallest_balanced(
    power_of: Callable[[int], float], target: float, first: int, step: int, limit: int
) -> tuple[int, float]:
    """The smallest n (``first`` plus a multiple of ``step``) whose power reaches the target.

    Power is taken to grow with n; doubling finds an upper end, halving the smallest n.

    Raises:
        BadDesign: Not even ``limit`` subjects reach the target.
    """
    low, high = 0, 0
    reached = power_of(first)
    if reached >= target:
        return first, reached
    while reached < target:
        low, high = high, max(1, 2 * high)
        if first + high * step > limit:
            raise BadDesign(
                f"more than {limit} subjects would be needed for a power of {target:g}; "
                "the true difference lies too near a margin, or the variability is too large",
                "power",
            )
        reached = power_of(first + high * step)
    while high - low > 1:
        middle = (low + high) // 2
        found = power_of(first + middle * step)
        if found >= target:
            high, reached = middle, found
        else:
            low = middle
    return first + high * step, reached

"""The smallest balanced study with enough power."""

from __future__ import annotations

from collections.abc import Callable

from design.errors import BadDesign


def smallest_balanced(
    power_of: Callable[[int], float],
    target: float,
    first: int,
    step: int,
    limit: int,
    near: int | None = None,
) -> tuple[int, float]:
    """The smallest n (``first`` plus a multiple of ``step``) whose power reaches the target.

    Power is taken to grow with n. Steps that double find the two ends from ``near``, a number
    thought to be close (``first`` if there is none); halving finds the smallest n between them.

    Raises:
        BadDesign: Not even ``limit`` subjects reach the target.
    """
    start = first if near is None else near
    found = {start: power_of(start)}

    def enough(n: int) -> bool:
        if n not in found:
            found[n] = power_of(n)
        return found[n] >= target

    low, high, stride = first - step, start, step
    if enough(start):
        while high > first and enough(max(first, high - stride)):
            high, stride = max(first, high - stride), 2 * stride
        low = max(low, high - stride)
    while not enough(high):
        low, high, stride = high, high + stride, 2 * stride
        if high > limit:
            raise BadDesign(
                f"more than {limit} subjects would be needed for a power of {target:g}; "
                "the true difference lies too near a margin, or the variability is too large",
                "power",
            )
    while high - low > step:
        middle = low + (high - low) // (2 * step) * step
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high, found[high]

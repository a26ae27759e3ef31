"""The smallest size of an exact test, whose power goes up and down as n grows."""

from __future__ import annotations

from collections.abc import Callable

STEADY = 5  # sizes in a row that must hold the power


def smallest_steady(holds: Callable[[int], bool], start: int) -> int:
    """The smallest n that holds with all sizes from it up to one at which five in a row do.

    Args:
        holds: Whether a size reaches the power; it raises beyond its own limit.
        start: A guess.
    """
    known: dict[int, bool] = {}

    def held(n: int) -> bool:
        if n not in known:
            known[n] = holds(n)
        return known[n]

    n = max(1, start)
    while not all(held(n + step) for step in range(STEADY)):
        n += 1
    while n > 1 and held(n - 1):
        n -= 1
    return n

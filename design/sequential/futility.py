"""Futility bounds by beta spending: bounds and drift are found together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import special

from design.errors import BadDesign
from design.sequential.boundaries import efficacy, next_bound
from design.sequential.options import Options
from design.sequential.walk import Walk
from design.solving import root

_LOWEST = -40.0


@dataclass(frozen=True, slots=True)
class BothBounds:
    """Bounds of a one-sided design that can end for futility.

    Attributes:
        upper: z bounds for efficacy.
        lower: z bounds for futility; the last is the last of ``upper``.
        drift: Mean of the final statistic for which the error was spent.
    """

    upper: list[float]
    lower: list[float]
    drift: float


def beta_spending(options: Options) -> BothBounds:
    """Bounds and the drift at which the errors add up to 1 - power.

    Non-binding: the efficacy bounds keep alpha even if futility is ignored. Binding: they count
    on it, and alpha and beta are spent side by side.

    Raises:
        BadDesign: The shapes leave no room between the bounds.
    """
    if options.binding and options.alpha_spent is None:
        raise BadDesign(
            "binding beta spending needs an alpha spending function as boundary "
            "(lan_demets_obf, …), not a classical shape",
            "boundary",
        )
    upper = None if options.binding else efficacy(options)
    beta = 1 - options.power
    fixed = float(special.ndtri(1 - options.alpha) + special.ndtri(options.power))
    low, high = 0.3 * fixed, 1.5 * fixed
    while _spread(options, low, upper)[2] < beta:
        low /= 2
    while _spread(options, high, upper)[2] > beta:
        high *= 1.5
    drift = root(lambda d: _spread(options, d, upper)[2] - beta, low, high, xtol=1e-10, rtol=1e-11)
    above, below, _ = _spread(options, drift, upper)
    for look, (a, b) in enumerate(zip(below[:-1], above[:-1], strict=True), start=1):
        if b - a < 1e-6:
            raise BadDesign(
                f"the futility bound meets the efficacy bound at analysis {look}: spend beta later",
                "futility",
            )
    return BothBounds(above, below, drift)


def _spread(
    options: Options, drift: float, upper: Sequence[float] | None
) -> tuple[list[float], list[float], float]:
    """Bounds for a drift and the error of the second kind they have; too small when it is large."""
    assert options.beta_spent is not None
    timing, last = options.timing, len(options.timing) - 1
    null, true = Walk.start(), Walk.start(drift)
    above: list[float] = []
    below: list[float] = []
    missed = used = 0.0
    for look, time in enumerate(timing):
        if upper is None:
            assert options.alpha_spent is not None
            bound = next_bound(null, time, options.alpha_spent[look] - used)
            used = options.alpha_spent[look]
        else:
            bound = upper[look]
        floor = bound
        if look < last:
            floor = min(bound, _floor(true, time, options.beta_spent[look] - missed))
        missed += true.below(floor, time)
        above.append(bound)
        below.append(floor)
        if look < last:
            then = timing[look + 1]
            true = true.go_on(floor, bound, time, then)
            if upper is None:
                null = null.go_on(floor, bound, time, then)
    return above, below, missed


def _floor(walk: Walk, time: float, error: float) -> float:
    """The z bound below which a trial ends at ``time`` with probability ``error``."""
    mean = walk.drift * math.sqrt(time)
    if error <= 1e-14:
        return _LOWEST
    if error >= walk.below(-_LOWEST + mean, time):
        return -_LOWEST
    low = mean + float(special.ndtri(error)) - 1e-9
    return root(lambda z: walk.below(z, time) - error, low, -_LOWEST + mean, xtol=1e-12, rtol=1e-13)

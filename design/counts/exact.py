"""Exact conditional test of two Poisson rates: given all events, those of one group are binomial.

Przyborowski J, Wilenski H. Biometrika 1940;31:313-323. The power is over the Poisson distribution
of all events.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from design.counts.hypotheses import Hypothesis
from design.errors import BadDesign

_MOST_EVENTS = 5e5
_FAR = 9.0  # standard deviations of the Poisson distribution that are summed over
_MOST = 10_000_000


def power(mean1: float, mean2: float, share: float, aim: Hypothesis) -> float:
    """Power of the exact test.

    Args:
        mean1: Events expected in the treatment group.
        mean2: Events expected in the control group.
        share: Of the person-time, that of the treatment group.
        aim: What is to be rejected.
    """
    total = mean1 + mean2
    if total > _MOST_EVENTS:
        raise BadDesign(f"the exact test is for up to {_MOST_EVENTS:g} events; use another test")
    spread = _FAR * math.sqrt(total) + 30
    counts = np.arange(max(0, math.floor(total - spread)), math.ceil(total + spread) + 1)
    density = np.exp(-total + counts * math.log(total) - special.gammaln(counts + 1))
    true = mean1 / total
    lowest = np.zeros(len(counts)) if aim.above is None else least(counts, aim.above, share, aim)
    highest = counts.astype(float) if aim.below is None else most(counts, aim.below, share, aim)
    reach = _below(highest, counts, true) - _below(lowest - 1, counts, true)
    return float(np.sum(density * np.maximum(reach, 0.0)))


def most(
    counts: NDArray[np.int64], null: float, share: float, aim: Hypothesis
) -> NDArray[np.float64]:
    """For each number of all events the most of the treatment group that reject; -1: none."""
    return largest(counts, _null_share(null, share), aim.alpha)


def least(
    counts: NDArray[np.int64], null: float, share: float, aim: Hypothesis
) -> NDArray[np.float64]:
    """For each number of all events the fewest of the treatment group that reject."""
    return counts - largest(counts, 1 - _null_share(null, share), aim.alpha)


def largest(counts: NDArray[np.int64], p: float, alpha: float) -> NDArray[np.float64]:
    """The largest x with ``P(X <= x) <= alpha`` for X binomial of ``counts`` and p; -1: none."""
    n = counts.astype(float)
    with np.errstate(all="ignore"):
        guess = np.floor(np.nan_to_num(special.bdtrik(alpha, np.maximum(n, 1), p), nan=-1.0))
    guess = np.clip(guess, -1, n)
    for _ in range(4):  # bdtrik interpolates: step to the exact integer
        guess = np.where(_below(guess, counts, p) > alpha, guess - 1, guess)
    for _ in range(4):
        more = np.minimum(guess + 1, n)
        guess = np.where(_below(more, counts, p) <= alpha, more, guess)
    return np.asarray(np.maximum(guess, -1.0))


def smallest(reached: Callable[[int], float], wanted: float, start: float) -> int:
    """The smallest whole size by bisection, from a first guess; the power is nearly monotone."""
    high = max(1, math.ceil(start))
    while reached(high) < wanted:
        high *= 2
        if high > _MOST:
            raise BadDesign(f"more than {_MOST:g} patients would be needed")
    low = 0
    while high - low > 1:  # reached(high) holds, reached(low) does not
        middle = (low + high) // 2
        if reached(middle) >= wanted:
            high = middle
        else:
            low = middle
    return high


def _null_share(null: float, share: float) -> float:
    """Probability that an event is one of the treatment group, under a rate ratio."""
    return null * share / (null * share + 1 - share)


def _below(x: NDArray[np.float64], counts: NDArray[np.int64], p: float) -> NDArray[np.float64]:
    """Binomial distribution function, 0 below 0."""
    inside = special.bdtr(np.maximum(x, 0), counts, p)
    return np.asarray(np.where(x < 0, 0.0, np.where(x >= counts, 1.0, inside)))

"""Fisher's exact test: p value, exact power by enumeration, and the search for a size."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from design.errors import BadDesign
from design.proportions.search import smallest_steady
from design.sizes import round_up

MOST = 3000  # patients in the larger arm, beyond which enumeration is too slow
_TIE = 1 + 1e-7  # tables as likely as the one seen, but for floating point
_SKIPPED = 1e-13  # chance of a total that is not enumerated

Array = NDArray[Any]


def p_value(x1: int, n1: int, x2: int, n2: int, alternative: str) -> float:
    """P value; two-sided adds all tables that are no more likely than the one seen."""
    support, chance = _conditional(n1, n2, x1 + x2)
    seen = chance[x1 - support[0]]
    if alternative == "greater":
        chosen = support >= x1
    elif alternative == "less":
        chosen = support <= x1
    else:
        chosen = chance <= seen * _TIE
    return min(1.0, float(chance[chosen].sum()))


def power(p1: float, p2: float, n1: int, n2: int, alpha: float, sides: int) -> float:
    """Exact power: the chance of all tables that the test rejects.

    Totals of events that practically never occur are left out (their chance is below 1e-13 each).
    """
    log1, log2 = _log_binomial(n1, p1), _log_binomial(n2, p2)
    found = 0.0
    for total in _likely_totals(log1, log2):
        support, chance = _conditional(n1, n2, total)
        if sides == 1:
            tail = chance[::-1].cumsum()[::-1] if p1 > p2 else chance.cumsum()
            rejected = tail <= alpha
        else:
            rejected = _two_sided(chance, alpha)
        if rejected.any():
            x = support[rejected]
            found += float(np.exp(log1[x] + log2[total - x]).sum())
    return min(found, 1.0)


def size(
    p1: float, p2: float, ratio: float, alpha: float, sides: int, wanted: float, start: float
) -> tuple[int, int]:
    """The smallest n1 and n2 that hold the power, and hold it at the next sizes too.

    Args:
        start: A guess of n1, that of the continuity-corrected formula.

    Raises:
        BadDesign: More than ``MOST`` patients an arm would be needed.
    """
    most = int(min(MOST, MOST / ratio))

    def holds(n2: int) -> bool:
        if n2 > most:
            raise BadDesign(
                f"Fisher's exact test is enumerated up to {MOST} patients an arm, and more are "
                "needed here; take test=continuity, which comes close to it",
                "test",
            )
        return power(p1, p2, _first_arm(n2, ratio), n2, alpha, sides) >= wanted

    n2 = smallest_steady(holds, round_up(start / ratio))
    return _first_arm(n2, ratio), n2


def _first_arm(n2: int, ratio: float) -> int:
    return round_up(n2 * ratio)


def _two_sided(chance: Array, alpha: float) -> Array:
    """Tables rejected at alpha by the sum of all that are no more likely."""
    order = np.argsort(chance, kind="stable")
    ranked = chance[order]
    last = np.searchsorted(ranked, ranked * _TIE, side="right") - 1
    rejected = np.zeros(len(chance), dtype=bool)
    rejected[order] = ranked.cumsum()[last] <= alpha
    return rejected


def _conditional(n1: int, n2: int, total: int) -> tuple[Array, Array]:
    """Events in group 1 given all events, under the null hypothesis: values and chances."""
    support = np.arange(max(0, total - n2), min(n1, total) + 1)
    log = _log_choose(n1, support) + _log_choose(n2, total - support)
    chance = np.exp(log - log.max())
    return support, chance / chance.sum()


def _likely_totals(log1: Array, log2: Array) -> list[int]:
    chance = np.convolve(np.exp(log1), np.exp(log2))
    return [int(total) for total in np.flatnonzero(chance > _SKIPPED)]


def _log_binomial(n: int, p: float) -> Array:
    x = np.arange(n + 1)
    return np.asarray(_log_choose(n, x) + x * math.log(p) + (n - x) * math.log1p(-p))


def _log_choose(n: int, x: Array) -> Array:
    return np.asarray(special.gammaln(n + 1) - special.gammaln(x + 1) - special.gammaln(n - x + 1))

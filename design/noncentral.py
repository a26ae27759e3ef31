"""Tail probabilities of the noncentral t distribution, and of two of one estimate together."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

_POINTS = 240  # of the Gauss-Legendre rule
_NORMAL_FROM = 1e7  # degrees of freedom from which t is the normal, to more than seven digits
_SCIPY_UP_TO = 50.0  # noncentrality
_SURE = 9.0  # standard errors beyond which a normal probability is 0 or 1
_BOTH_NORMAL_FROM = 1e5  # the same for two tails together, where six digits are enough


def t_critical(level: float, df: float | None) -> float:
    """Upper quantile of t, or of the normal when there are no degrees of freedom (``None``)."""
    if df is None:
        return float(-special.ndtri(level))
    return float(-special.stdtrit(df, level))


def t_above(critical: float, df: float | None, shift: float) -> float:
    """P(T > critical) of a noncentral t with the noncentrality ``shift``; ``None``: normal."""
    if math.isinf(critical):
        return 0.0 if critical > 0 else 1.0
    if df is None or df > _NORMAL_FROM:
        return float(special.ndtr(shift - critical))
    if abs(shift) <= _SCIPY_UP_TO:
        found = float(special.nctdtr(df, -shift, -critical))
        if not math.isnan(found):
            return found
    # SciPy is slow, or gives up, far out: the estimated SD is integrated over where the test
    # neither surely rejects nor surely does not.
    low, high = (max(0.0, (shift + off) / critical) for off in (-_SURE, _SURE))
    surely = float(special.gammainc(df / 2, df / 2 * low**2))
    between = _over_spread(df, lambda ratio: special.ndtr(shift - critical * ratio), low, high)
    return min(1.0, surely + between)


def both_above(upper: float, lower: float, critical: float, df: float | None) -> float:
    """P(both one-sided tests of equivalence reject), as Owen's Q gives it.

    Args:
        upper: Distance from the true difference to the upper margin, in standard errors.
        lower: Distance to the lower margin.
        critical: Quantile that each test must pass.
        df: Degrees of freedom of the t tests; ``None`` for z tests.
    """
    if upper + lower <= 0 or math.isinf(critical):
        return 0.0
    if df is None or df > _BOTH_NORMAL_FROM:
        return max(0.0, float(special.ndtr(upper - critical) - special.ndtr(critical - lower)))
    widest = (upper + lower) / (2 * critical)  # of the estimated SD / the true one
    return _over_spread(
        df,
        lambda ratio: (
            special.ndtr(upper - critical * ratio) - special.ndtr(critical * ratio - lower)
        ),
        0.0,
        widest,
    )


def _over_spread(
    df: float,
    inside: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    low: float,
    high: float,
) -> float:
    """A function of the estimated SD / the true one, integrated over its density."""
    start = max(low, math.sqrt(2 * float(special.gammaincinv(df / 2, 1e-15)) / df))
    end = min(high, math.sqrt(2 * float(special.gammainccinv(df / 2, 1e-15)) / df))
    if end <= start:
        return 0.0
    nodes, weights = _rule()
    ratio: NDArray[np.float64] = start + (end - start) * (nodes + 1) / 2
    log_density = (
        math.log(2)
        + df / 2 * math.log(df / 2)
        - special.gammaln(df / 2)
        + (df - 1) * np.log(ratio)
        - df * ratio**2 / 2
    )
    total = float(np.sum(weights * np.exp(log_density) * inside(ratio)))
    return min(1.0, max(0.0, total * float(end - start) / 2))


@cache
def _rule() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nodes and weights from -1 to 1; they take a tenth of a second, so not at import."""
    nodes, weights = np.polynomial.legendre.leggauss(_POINTS)
    return nodes, weights

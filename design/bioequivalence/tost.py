"""Power of two one-sided t tests: exact by Owen's Q, and two approximations."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from scipy import special

from design.errors import BadDesign

PowerMethod = Annotated[
    Literal["exact", "noncentral", "shifted"],
    Field(
        description="exact: Owen's Q; noncentral, shifted: approximations by the noncentral or "
        "the shifted central t distribution. 把握度算法"
    ),
]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_TAIL = 1e-16
_PANELS = 2000


def tost_power(
    alpha: float,
    lower: float,
    upper: float,
    difference: float,
    se: float,
    df: float,
    method: str = "exact",
) -> float:
    """Probability that the interval of level 1 - 2 alpha lies between the margins.

    Args:
        alpha: Level of each test.
        lower: Lower margin on the scale of the analysis; ``-inf`` for one test only.
        upper: Upper margin; ``inf`` for one test only.
        difference: True difference.
        se: Standard error of the estimated difference.
        df: Degrees of freedom of the residual.
        method: ``exact``, ``noncentral`` or ``shifted``.

    Source: Owen DB. Biometrika 1965;52:437-446; Phillips KF. J Pharmacokinet Biopharm
    1990;18:137-144.
    """
    t = float(special.stdtrit(df, 1 - alpha))
    above = (difference - lower) / se
    below = (upper - difference) / se
    if method == "exact":
        power = both_reject(t, above, below, df)
    elif method == "noncentral":
        power = float(special.nctdtr(df, -below, -t) - special.nctdtr(df, above, t))
    else:
        power = float(special.stdtr(df, below - t) - special.stdtr(df, t - above))
    if math.isnan(power):
        raise BadDesign("the approximation fails for these inputs; use method exact", "method")
    return min(max(power, 0.0), 1.0)


def both_reject(t: float, above: float, below: float, df: float) -> float:
    """Probability that (d + above)/s > t and (below - d)/s > t, by a difference of Owen's Qs.

    d is standard normal, s^2 an independent chi-squared variable over its ``df``. The inner
    probability is averaged over the standard deviation that is estimated.

    Given the ratio x / sqrt(df) of the estimated to the true standard deviation, the difference
    is normal; x has a chi distribution. The interval is wider than the margins beyond the end of
    the integral.
    """
    end = (above + below) * math.sqrt(df) / (2 * t) if t > 0 else math.inf
    start = math.sqrt(2 * float(special.gammaincinv(df / 2, _TAIL)))
    end = min(end, math.sqrt(2 * float(special.gammainccinv(df / 2, _TAIL))))
    if not end > start:
        return 0.0
    slope = t / math.sqrt(df)
    panels = min(_PANELS, 6 + math.ceil((end - start) * max(1.0, slope)))
    edges = np.linspace(start, end, panels + 1)
    half = (edges[1:] - edges[:-1])[:, None] / 2
    x = (edges[1:] + edges[:-1])[:, None] / 2 + half * _NODES
    density = np.exp(
        (df - 1) * np.log(x) - x * x / 2 - (df / 2 - 1) * math.log(2) - special.gammaln(df / 2)
    )
    inside = special.ndtr(below - slope * x) - special.ndtr(slope * x - above)
    return float(np.sum(half * _WEIGHTS * density * inside))


def log_sd(cv: float) -> float:
    """Standard deviation on the log scale of a coefficient of variation."""
    return math.sqrt(math.log1p(cv * cv))


def cv_of(log_variance: float) -> float:
    """Coefficient of variation of a variance on the log scale.

    Raises:
        BadDesign: The variance is too large for a coefficient of variation to make sense.
    """
    if log_variance > 50:
        raise BadDesign(f"a variance of {log_variance:.3g} on the log scale is no CV of a study")
    return math.sqrt(math.expm1(log_variance))

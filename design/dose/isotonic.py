"""The dose to recommend from the data of all doses, by isotonic regression, as BOIN does it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
_PSEUDO = 0.05  # cases added to those with and those without DLT


def isotonic(rate: Floats, weight: Floats) -> Floats:
    """Weighted isotonic regression along the last axis, by the max-min formula.

    Args:
        rate: Rates, of shape (…, doses).
        weight: Weights of the same shape, 0 for what is to be left out.

    Returns:
        Non-decreasing fits of the same shape; nan where the weight is 0.
    """
    doses = rate.shape[-1]
    sums = np.cumsum(np.where(weight > 0, rate, 0.0) * weight, axis=-1)
    totals = np.cumsum(weight, axis=-1)
    fit = np.full(rate.shape, np.nan)
    for i in range(doses):
        lows = []
        for j in range(i + 1):
            before = (sums[..., j - 1], totals[..., j - 1]) if j else (0.0, 0.0)
            with np.errstate(invalid="ignore", divide="ignore"):
                means = [
                    (sums[..., k] - before[0]) / (totals[..., k] - before[1])
                    for k in range(i, doses)
                ]
            lows.append(np.min(means, axis=0))
        fit[..., i] = np.where(weight[..., i] > 0, np.max(lows, axis=0), np.nan)
    return fit


def estimates(n: Numbers, y: Numbers, use: NDArray[np.bool_] | None = None) -> Floats:
    """Isotonic estimates of the DLT rates; nan for doses not treated or not to be used."""
    rate = (y + _PSEUDO) / (n + 2 * _PSEUDO)
    variance = (y + _PSEUDO) * (n - y + _PSEUDO) / ((n + 2 * _PSEUDO) ** 2 * (n + 2 * _PSEUDO + 1))
    used = n > 0 if use is None else use & (n > 0)
    return isotonic(rate, np.where(used, 1 / variance, 0.0))


def eliminated(
    n: Numbers, y: Numbers, target: float, cutoff: float, eliminate_from: int
) -> NDArray[np.bool_]:
    """Doses too toxic to recommend, and all above them."""
    excess = special.betaincc(y + 1, n - y + 1, target)
    too_toxic = (n >= eliminate_from) & (excess > cutoff)
    return np.asarray(np.logical_or.accumulate(too_toxic, axis=-1))


def select(n: Numbers, y: Numbers, target: float, out: NDArray[np.bool_]) -> Numbers:
    """Index of the dose whose isotonic estimate is closest to the target, -1 for none.

    Of equally close ones: the highest when they are below the target, else the lowest.
    """
    fit = estimates(n, y, ~out)
    # a rising speck breaks ties within a pool: upwards below the target, downwards above it
    fit = fit + np.arange(n.shape[-1]) * 1e-10
    distance = np.where(np.isnan(fit), np.inf, np.abs(fit - target))
    best = np.argmin(distance, axis=-1)
    none = np.isinf(np.min(distance, axis=-1)) | out[..., 0]
    return np.asarray(np.where(none, -1, best))

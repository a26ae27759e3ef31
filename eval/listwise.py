"""Fit a linear model so that what is wanted wins a softmax over its list (ListNet)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bound = tuple[float | None, float | None]


def fit_lists(
    lists: Sequence[tuple[npt.NDArray[np.floating[Any]], npt.NDArray[np.bool_]]],
    bounds: Sequence[Bound],
    penalty: float,
) -> Floats:
    """Weights that put what is wanted first, every list counting the same.

    Source: Cao et al. 2007, Learning to rank: from pairwise approach to listwise approach.

    Args:
        lists: Each with the features of its members, shape ``(members, F)``, and which of them
            are wanted, shape ``(members,)``; at least one is.
        bounds: Least and greatest weight of each feature.
        penalty: Times the squared weights, added to the mean negative log-likelihood.

    Returns:
        Weights, shape ``(F,)``.
    """
    from scipy.optimize import minimize

    values = np.concatenate([members for members, _ in lists]).astype(np.float64)
    target = np.concatenate([wanted / wanted.sum() for _, wanted in lists])
    sizes = np.array([len(wanted) for _, wanted in lists])
    starts = np.cumsum(sizes) - sizes

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = values @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, starts), sizes)
        powers = np.exp(scores)
        sums = np.repeat(np.add.reduceat(powers, starts), sizes)
        value = -float((target * (scores - np.log(sums))).sum()) / len(lists)
        slope = values.T @ (powers / sums - target) / len(lists)
        return value + penalty * float(weights @ weights), slope + 2 * penalty * weights

    start = np.zeros(len(bounds))
    found: Floats = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found

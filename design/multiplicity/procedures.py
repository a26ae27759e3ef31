"""Adjusted P values that keep the family-wise error: stepwise procedures and graphs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_NOTHING = 1e-12  # a weight below it is dust of the arithmetic


def bonferroni(p: Array) -> Array:
    """Each P value times their number."""
    return np.minimum(1.0, p * len(p))


def sidak(p: Array) -> Array:
    """1 - (1 - p)^m, for independent tests."""
    adjusted: Array = -np.expm1(len(p) * np.log1p(-p))
    return adjusted


def holm(p: Array) -> Array:
    """Step-down from the smallest (Holm 1979)."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return _back(np.minimum(1.0, stepped), order)


def hochberg(p: Array) -> Array:
    """Step-up from the largest (Hochberg 1988)."""
    order = np.argsort(-p, kind="stable")
    stepped = np.minimum.accumulate(p[order] * np.arange(1, len(p) + 1))
    return _back(np.minimum(1.0, stepped), order)


def hommel(p: Array) -> Array:
    """Closed testing with Simes's test of every intersection (Hommel 1988).

    Of all sets of a size that hold a hypothesis, the one with the largest others has the largest
    Simes P value; the adjusted value is the largest over the sizes.
    """
    order = np.argsort(p, kind="stable")
    ordered, count = p[order], len(p)
    adjusted = np.zeros(count)
    for place in range(count):
        others = np.delete(ordered, place)
        for size in range(1, count + 1):
            held = np.sort(np.append(others[count - size :], ordered[place]))
            simes = float(np.min(held * size / np.arange(1, size + 1)))
            adjusted[place] = max(adjusted[place], simes)
    return _back(np.minimum(1.0, adjusted), order)


def graph(p: Array, weights: Array, transitions: Array) -> Array:
    """Sequentially rejective graph (Bretz, Maurer, Brannath & Posch 2009).

    Args:
        p: P values, shape (m,).
        weights: Shares of alpha at the start, shape (m,), sum at most 1.
        transitions: Share of the weight of row i that goes to j when i is rejected, shape (m, m),
            rows sum to at most 1, diagonal 0.
    """
    weight, moves, left = weights.copy(), transitions.copy(), list(range(len(p)))
    adjusted, highest = np.ones(len(p)), 0.0
    while left:
        ratios = [p[i] / weight[i] if weight[i] > _NOTHING else np.inf for i in left]
        first = left[int(np.argmin(ratios))]
        if weight[first] <= _NOTHING:
            break
        highest = max(highest, min(1.0, p[first] / weight[first]))
        adjusted[first] = highest
        left.remove(first)
        weight, moves = _without(first, left, weight, moves)
    return adjusted


def chain(count: int) -> Array:
    """Transitions of a sequence: all that a hypothesis has goes to the next."""
    return np.eye(count, k=1)


def _without(gone: int, left: Sequence[int], weight: Array, moves: Array) -> tuple[Array, Array]:
    """Weights and transitions after a hypothesis is rejected."""
    lighter, shorter = weight.copy(), np.zeros_like(moves)
    for i in left:
        lighter[i] += weight[gone] * moves[gone, i]
        loop = moves[i, gone] * moves[gone, i]
        for j in left:
            if i != j and loop < 1 - _NOTHING:
                shorter[i, j] = (moves[i, j] + moves[i, gone] * moves[gone, j]) / (1 - loop)
    lighter[gone] = 0.0
    return lighter, shorter


def _back(values: Array, order: npt.NDArray[np.intp]) -> Array:
    placed = np.empty_like(values)
    placed[order] = values
    return placed

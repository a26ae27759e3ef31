"""Error probabilities of Fisher's product of stagewise P values, by integration.

``S_k = sum of w_j (-ln p_j)`` grows by exponential steps; a stage rejects when it reaches
``-ln c_k`` and goes on when it does not and the P value of the stage is at most ``alpha0``. The
density that goes on is smooth in pieces, kept as Chebyshev series.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.polynomial import chebyshev
from scipy import special

from design.errors import BadDesign
from design.solving import root

Array = npt.NDArray[np.float64]

_DEGREE = 40
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)
_PLACES = chebyshev.chebpts1(_DEGREE + 1)
_WIDEST = 12.0  # of a piece in means of a step, for series of this degree
_JUMPS = 2000  # enough for weights of 1/4 to 4 and levels of 1e-9
_LEAST = 1e-300


@dataclass(frozen=True, slots=True)
class _Piece:
    """Density between ``low`` and ``high`` as a Chebyshev series over the piece."""

    low: float
    high: float
    series: Array

    def __call__(self, x: Array) -> Array:
        scaled = (2 * x - self.low - self.high) / (self.high - self.low)
        return np.asarray(chebyshev.chebval(scaled, self.series), dtype=np.float64)


def exit_levels(
    critical: Sequence[float], weights: Sequence[float], alpha0: Sequence[float]
) -> list[float]:
    """Probability of rejecting first at each stage under the null hypothesis.

    Args:
        critical: Critical values of the products, one a stage.
        weights: Exponents of the P values, one a stage.
        alpha0: Largest P value with which a stage goes on, one a stage but the last.
    """
    bounds = [-math.log(max(c, _LEAST)) for c in critical]
    found = [math.exp(-bounds[0] / weights[0])]
    pieces = _first(bounds[0], weights[0], -math.log(alpha0[0])) if len(bounds) > 1 else []
    for stage in range(1, len(bounds)):
        found.append(sum(_rejected(p, bounds[stage], weights[stage]) for p in pieces))
        if stage + 1 < len(bounds):
            shift = -weights[stage] * math.log(alpha0[stage])
            pieces = _carried(pieces, bounds[stage], weights[stage], shift)
    return found


def product_level(critical: float, weights: Sequence[float]) -> float:
    """Probability that the product of all stages is at most ``critical``.

    The sum of exponential steps is the time a chain takes through as many states; it is followed
    at the jumps of a Poisson process that is fast enough for each (uniformisation).
    """
    staying = _staying(tuple(weights))
    jumps = -math.log(critical) / min(weights)
    counts = np.arange(len(staying))
    chances = np.exp(special.xlogy(counts, jumps) - jumps - special.gammaln(counts + 1))
    return float(chances @ staying)


@functools.lru_cache(maxsize=64)
def _staying(weights: tuple[float, ...]) -> Array:
    """Probability that the chain is not through after 0, 1, 2, … jumps, shape (_JUMPS,)."""
    passing = min(weights) / np.array(weights)
    state = np.zeros(len(weights))
    state[0] = 1.0
    found = np.empty(_JUMPS)
    for count in range(_JUMPS):
        found[count] = state.sum()
        moved = state * passing
        state -= moved
        state[1:] += moved[:-1]
    return found


def critical_value(level: float, weights: Sequence[float]) -> float:
    """The value that the product of all stages does not exceed with probability ``level``."""
    plain = float(special.gammainccinv(len(weights), level))  # the sum with weights of 1
    low, high = min(weights) * plain, max(weights) * plain
    if high - low < 1e-12:
        return math.exp(-high)
    bound = root(
        lambda b: product_level(math.exp(-b), weights) - level, low, high, xtol=1e-13, rtol=1e-14
    )
    return math.exp(-bound)


def critical_values(
    alpha: float, weights: Sequence[float], alpha0: Sequence[float], full_last: bool
) -> tuple[list[float], list[float]]:
    """Critical values of all stages, and the level that each would have alone.

    Every stage has the same level alone; with ``full_last`` (Bauer & Köhne) the last has alpha and
    the others share what stopping for futility saves.
    """
    stages = len(weights)
    if stages == 1:
        return [alpha], [alpha]
    last = critical_value(alpha, weights) if full_last else None
    if last is not None and min(alpha0) >= 1:
        levels = [product_level(last, weights[: k + 1]) for k in range(stages)]
        return [last] * stages, levels

    def values(level: float) -> list[float]:
        early = [critical_value(level, weights[: k + 1]) for k in range(stages)]
        return early if last is None else [*early[:-1], last]

    def excess(level: float) -> float:
        return sum(exit_levels(values(level), weights, alpha0)) - alpha

    low = alpha * 1e-3
    if excess(low) >= 0:
        raise BadDesign("these futility limits leave no level for the early stages", "alpha0")
    level = root(excess, low, alpha, xtol=1e-15, rtol=1e-12)
    alone = [level] * stages if last is None else [*([level] * (stages - 1)), alpha]
    return values(level), alone


def _first(bound: float, weight: float, wait: float) -> list[_Piece]:
    low = weight * wait
    if low >= bound:
        return []
    return _fitted(low, bound, weight, lambda x: np.exp(-x / weight) / weight)


def _rejected(piece: _Piece, bound: float, weight: float) -> float:
    """Probability that a sum in a piece reaches the bound with the next step."""
    total = 0.0
    for low, high in ((piece.low, min(piece.high, bound)), (max(piece.low, bound), piece.high)):
        if low < high:
            half = (high - low) / 2
            y = low + half * (_NODES + 1)
            steps = np.maximum(bound - y, 0.0) / weight
            total += half * float(_WEIGHTS @ (piece(y) * np.exp(-steps)))
    return total


def _carried(pieces: list[_Piece], bound: float, weight: float, shift: float) -> list[_Piece]:
    """Density that goes on below ``bound`` after a step of at least ``shift``."""
    if not pieces:
        return []

    def density(x: Array) -> Array:
        total = np.zeros_like(x)
        for piece in pieces:
            half = np.maximum(np.minimum(piece.high, x - shift) - piece.low, 0.0) / 2
            y = piece.low + half[:, None] * (_NODES + 1)
            kernel = np.exp(-(x[:, None] - y) / weight) / weight
            total += half * ((piece(y) * kernel) @ _WEIGHTS)
        return total

    breaks = sorted({pieces[0].low, *(piece.high for piece in pieces)})
    ends = [b + shift for b in breaks if b + shift < bound]
    found: list[_Piece] = []
    for low, high in zip(ends, [*ends[1:], bound], strict=True):
        if high - low > 1e-12:
            found.extend(_fitted(low, high, weight, density))
    return found


def _fitted(
    low: float, high: float, weight: float, density: Callable[[Array], Array]
) -> list[_Piece]:
    parts = max(1, math.ceil((high - low) / (_WIDEST * min(1.0, weight))))
    edges = np.linspace(low, high, parts + 1)
    found = []
    for left, right in itertools.pairwise(float(edge) for edge in edges):
        x = left + (right - left) * (_PLACES + 1) / 2
        series = np.asarray(chebyshev.chebfit(_PLACES, density(x), _DEGREE), dtype=np.float64)
        found.append(_Piece(left, right, series))
    return found

"""Simon's two-stage designs, by exact binomial probabilities (Simon 1989)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Simon:
    """Stop with ``r1`` or fewer responses among ``n1``; no good with ``r`` or fewer among ``n``."""

    r1: int
    n1: int
    r: int
    n: int

    def stops(self, p: float) -> float:
        """The chance to stop after the first stage (PET)."""
        return float(_binomial(self.n1, p)[: self.r1 + 1].sum())

    def expected(self, p: float) -> float:
        """The expected number of patients (EN)."""
        return self.n1 + (1 - self.stops(p)) * (self.n - self.n1)

    def succeeds(self, p: float) -> float:
        """The chance to call the treatment worth going on with."""
        first, second = _binomial(self.n1, p), _binomial(self.n - self.n1, p)
        tail = _tail(second)
        need = np.clip(self.r + 1 - np.arange(self.n1 + 1), 0, len(tail) - 1)
        gone_on = np.arange(self.n1 + 1) > self.r1
        return float((first * tail[need] * gone_on).sum())


def search(p0: float, p1: float, alpha: float, beta: float, largest: int) -> tuple[Simon, Simon]:
    """The optimal and the minimax design with at most ``largest`` patients."""
    found: list[Simon] = []
    for n in range(2, largest + 1):
        for n1 in range(1, n):
            found += _designs(n1, n, p0, p1, alpha, beta)
    if not found:
        raise ValueError(f"no design with at most {largest} patients")
    optimal = min(found, key=lambda d: d.expected(p0))
    minimax = min(found, key=lambda d: (d.n, d.expected(p0)))
    return optimal, minimax


def _designs(n1: int, n: int, p0: float, p1: float, alpha: float, beta: float) -> list[Simon]:
    """For each ``r1`` the design with the smallest ``r`` that keeps both errors."""
    found = []
    reach0, reach1 = _reached(n1, n, p0), _reached(n1, n, p1)
    for r1 in range(n1):
        if _binomial(n1, p1)[: r1 + 1].sum() > beta:
            break
        # reach[r1, r]: goes on after r1 and ends above r.
        good = np.flatnonzero((reach0[r1] <= alpha) & (reach1[r1] >= 1 - beta))
        good = good[good >= r1]
        if len(good):
            found.append(Simon(r1, n1, int(good[0]), n))
    return found


def _reached(n1: int, n: int, p: float) -> Floats:
    first, tail = _binomial(n1, p), _tail(_binomial(n - n1, p))
    need = np.clip(np.arange(1, n + 1)[None, :] - np.arange(n1 + 1)[:, None], 0, len(tail) - 1)
    joint = first[:, None] * tail[need]
    summed = np.cumsum(joint[::-1], axis=0)[::-1]
    return np.vstack([summed[1:], np.zeros(n)])


def _binomial(n: int, p: float) -> Floats:
    found = np.zeros(n + 1)
    found[0] = (1 - p) ** n
    for k in range(n):
        found[k + 1] = found[k] * (n - k) / (k + 1) * p / (1 - p)
    return found


def _tail(chances: Floats) -> Floats:
    """P(at least k), with 0 for one more than can be."""
    tail: Floats = np.append(np.cumsum(chances[::-1])[::-1], 0.0)
    return tail

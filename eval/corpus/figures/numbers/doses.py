"""Dose escalation: boundaries of BOIN (Liu and Yuan 2015) and chances of the 3+3 rule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import comb, log

_TOXIC = 0.95  # posterior probability above which a dose is given up
_FEWEST = 3  # patients before a dose may be given up


def boin_boundaries(target: float) -> tuple[float, float]:
    """λe and λd with the default φ1 = 0.6 φ and φ2 = 1.4 φ."""
    low, high = 0.6 * target, 1.4 * target
    up = log((1 - low) / (1 - target)) / log(target * (1 - low) / (low * (1 - target)))
    down = log((1 - target) / (1 - high)) / log(high * (1 - target) / (target * (1 - high)))
    return up, down


@dataclass(frozen=True, slots=True)
class BoinRow:
    """What BOIN does with ``n`` patients: up to, from and from how many with a DLT."""

    n: int
    escalate: int
    deescalate: int
    eliminate: int | None


def boin_row(n: int, target: float) -> BoinRow:
    """The decisions for ``n`` patients at a dose."""
    up, down = boin_boundaries(target)
    toxic = next((y for y in range(n + 1) if too_toxic(y, n, target)), None)
    return BoinRow(n, math.floor(up * n), math.ceil(down * n), toxic)


def too_toxic(events: int, n: int, target: float) -> bool:
    """Whether the rate exceeds the target with more than 0.95 (uniform prior)."""
    return n >= _FEWEST and beta_above(events + 1, n - events + 1, target) > _TOXIC


def beta_above(a: int, b: int, x: float) -> float:
    """P(X > x) for X with a Beta distribution of whole parameters."""
    trials = a + b - 1
    return sum(comb(trials, j) * x**j * (1 - x) ** (trials - j) for j in range(a))


def three_plus_three_escalates(rate: float) -> float:
    """The chance that 3+3 goes on from a dose with this DLT rate."""
    none = (1 - rate) ** 3
    return none + 3 * rate * (1 - rate) ** 2 * none

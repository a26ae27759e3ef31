"""A two-stage rule for one arm, and what it does at a true response rate: exact binomial sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rule:
    """A two-stage rule in Simon's notation.

    Attributes:
        r1: Stop for futility after stage 1 with ``r1`` responses or fewer; -1 never stops.
        n1: Patients of stage 1.
        r: The treatment is not promising with ``r`` responses or fewer in all.
        n: Patients of both stages.
        e1: Stop for efficacy after stage 1 with ``e1`` responses or more; ``None`` never stops.
    """

    r1: int
    n1: int
    r: int
    n: int
    e1: int | None = None

    @property
    def label(self) -> str:
        """``r1/n1 r/n``, as tables print it."""
        return f"{self.r1}/{self.n1} {self.r}/{self.n}"

    def stop_for_futility(self, p: float) -> float:
        """Probability of stopping for futility after stage 1."""
        return at_most(self.r1, self.n1, p)

    def stop_for_efficacy(self, p: float) -> float:
        """Probability of stopping for efficacy after stage 1."""
        return 0.0 if self.e1 is None else more_than(self.e1 - 1, self.n1, p)

    def stop_early(self, p: float) -> float:
        """Probability of early termination."""
        return self.stop_for_futility(p) + self.stop_for_efficacy(p)

    def expected_n(self, p: float) -> float:
        """Expected number of patients."""
        return self.n1 + (1 - self.stop_early(p)) * (self.n - self.n1)

    def declare(self, p: float) -> float:
        """Probability that the treatment is declared promising: alpha at p0, power at p1."""
        last = self.n1 if self.e1 is None else self.e1 - 1
        first = np.arange(self.r1 + 1, last + 1)
        if not first.size:
            return self.stop_for_efficacy(p)
        second = survival(self.r - first, self.n - self.n1, p)
        return float(mass(first, self.n1, p) @ second) + self.stop_for_efficacy(p)


def mass(x: Any, n: int, p: float) -> Floats:
    """Binomial probabilities of ``x`` successes in ``n``."""
    x = np.asarray(x, dtype=np.float64)
    log_choose = special.gammaln(n + 1) - special.gammaln(x + 1) - special.gammaln(n - x + 1)
    return np.asarray(np.exp(log_choose + special.xlogy(x, p) + special.xlog1py(n - x, -p)))


def survival(x: Any, n: int, p: float) -> Floats:
    """Binomial probabilities of more than ``x`` successes in ``n``; any whole ``x``."""
    x = np.asarray(x, dtype=np.float64)
    inside = special.bdtrc(np.clip(x, 0, max(n - 1, 0)), n, p) if n else np.zeros_like(x)
    return np.asarray(np.where(x < 0, 1.0, np.where(x >= n, 0.0, inside)))


def more_than(x: int, n: int, p: float) -> float:
    """Probability of more than ``x`` successes in ``n``."""
    return float(survival(x, n, p))


def at_most(x: int, n: int, p: float) -> float:
    """Probability of ``x`` successes or fewer in ``n``."""
    if x < 0:
        return 0.0
    return 1.0 if x >= n else float(special.bdtr(x, n, p))

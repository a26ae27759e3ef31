"""Search for two-stage rules that stop for futility only: optimal, minimax and admissible.

The search is exhaustive. Three bounds, none of which can lose a design, make it fast:

- The randomised one-stage test of n patients is the most powerful one of level alpha
  (Neyman-Pearson), so no two-stage rule of n patients meets the power where it does not.
- ``r1`` is a candidate only while stopping at it loses no more than beta under p1. Hence the
  chance of stopping under p0 has a ceiling for each n1, and with it the expected number of
  patients a floor: beyond some n no rule can beat the best one found.
- Rules of n patients are tried in the order of their expected number, which does not depend on r.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import special

from design.errors import BadDesign
from design.single_arm.two_stage_rule import Floats, Rule, mass, survival

MAX_N = 600
_MOST_TRIED = 150_000  # rules; some seconds
_DUST = 1e-12  # a design that meets a rate exactly is not lost to floating point


@dataclass(frozen=True, slots=True)
class Goal:
    """What a rule must meet: level ``alpha`` at ``p0``, power ``1 - beta`` at ``p1``."""

    p0: float
    p1: float
    alpha: float
    beta: float


def frontier(goal: Goal, most: int | None = None) -> list[Rule]:
    """For each n at which fewer patients are expected than at any smaller n, the best rule.

    The first is the minimax rule, the last the optimal one (of ``most`` patients or fewer, when
    given).

    Raises:
        BadDesign: No rule of ``MAX_N`` patients (or ``most``) or fewer meets the goal, or the
            optimal one may lie beyond.
    """
    first = _smallest_n(goal)
    stage = _Stages(goal)
    found: list[Rule] = []
    least = float("inf")
    n = first
    last = MAX_N if most is None else min(most, MAX_N)
    while n <= min(last, stage.last_n(least)):
        best = next(stage.rules(n, least), None)
        if best is not None:
            found.append(best)
            least = best.expected_n(goal.p0)
        n += 1
    if not found:
        raise BadDesign(
            f"no two-stage design of {last} patients or fewer tells p0 = {goal.p0:g} from "
            f"p1 = {goal.p1:g} at these error rates; take p1 further from p0, or larger rates",
            "p1" if most is None else "max_n",
        )
    if most is None and stage.last_n(least) > MAX_N:
        raise BadDesign(
            f"the optimal design may need more than {MAX_N} patients, where the search ends; "
            f"with max_n = {MAX_N} or less the best one within it is given",
            "max_n",
        )
    return found


def admissible(rules: Sequence[Rule], p0: float) -> list[tuple[Rule, float, float]]:
    """The rules on the lower convex hull of (n, expected n), with their weights (Jung 2004).

    Returns:
        Rule and the interval of weights w within which it minimises
        ``w * n + (1 - w) * expected n``; from minimax (w to 1) to optimal (w from 0).
    """
    hull: list[tuple[float, float, Rule]] = []
    for rule in rules:
        point = (float(rule.n), rule.expected_n(p0), rule)
        while len(hull) > 1 and _turns_up(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    edges = [1.0]
    for (n_a, en_a, _), (n_b, en_b, _) in pairwise(hull):
        gain = (en_a - en_b) / (n_b - n_a)
        edges.append(gain / (1 + gain))
    edges.append(0.0)
    return [(rule, edges[i + 1], edges[i]) for i, (_, _, rule) in enumerate(hull)]


def _turns_up(
    a: tuple[float, float, Rule], b: tuple[float, float, Rule], c: tuple[float, float, Rule]
) -> bool:
    """Whether b lies on or above the line from a to c."""
    return (b[1] - a[1]) * (c[0] - a[0]) >= (c[1] - a[1]) * (b[0] - a[0])


def _smallest_n(goal: Goal) -> int:
    """The first n at which the most powerful randomised test of one stage has the power."""
    for n in range(2, MAX_N + 1):
        x = np.arange(n + 1)
        null, alternative = survival(x - 1, n, goal.p0), survival(x - 1, n, goal.p1)
        first = int(np.argmax(null <= goal.alpha)) if null[-1] <= goal.alpha else n + 1
        level = float(null[first]) if first <= n else 0.0
        power = float(alternative[first]) if first <= n else 0.0
        at = mass([first - 1], n, goal.p0)[0], mass([first - 1], n, goal.p1)[0]
        if power + (goal.alpha - level) / at[0] * at[1] >= 1 - goal.beta - _DUST:
            return n
    raise BadDesign(
        f"no design of {MAX_N} patients or fewer tells p0 = {goal.p0:g} from "
        f"p1 = {goal.p1:g} at these error rates; take p1 further from p0, or larger rates",
        "p1",
    )


class _Stages:
    """Candidates (r1, n1) of stage 1, and tables of both stages' probabilities."""

    def __init__(self, goal: Goal) -> None:
        self.goal = goal
        self.tried = 0
        self._mass: dict[int, tuple[Floats, Floats]] = {}
        self._survival: dict[int, tuple[Floats, Floats]] = {}
        n1s, r1s, stops, ceilings = [], [], [], []
        for n1 in range(1, MAX_N):
            r1 = np.arange(n1)
            lost = special.bdtr(r1.astype(float), n1, goal.p1)
            r1 = r1[lost <= goal.beta + _DUST]
            stop = special.bdtr(r1.astype(float), n1, goal.p0)
            n1s.append(np.full(r1.size, n1))
            r1s.append(r1)
            stops.append(stop)
            ceilings.append(float(stop[-1]) if r1.size else 0.0)
        self.n1 = np.concatenate(n1s)
        self.r1 = np.concatenate(r1s)
        self.stop = np.concatenate(stops)
        self.ceiling = np.array(ceilings)

    def last_n(self, least: float) -> float:
        """No rule of more patients can have a smaller expected number than ``least``."""
        if least == float("inf"):
            return least
        n1 = np.arange(1, self.ceiling.size + 1)
        early = n1 < least
        bound = n1 + (least - n1) / np.maximum(1 - self.ceiling, _DUST)
        return float(np.max(bound[early], initial=0.0))

    def rules(self, n: int, least: float) -> Iterator[Rule]:
        """Rules of n patients that meet the goal, those with fewest expected first."""
        inside = int(np.searchsorted(self.n1, n))
        expected = self.n1[:inside] + (1 - self.stop[:inside]) * (n - self.n1[:inside])
        better = np.flatnonzero(expected < least - 1e-9)
        top = self._top(n)
        for i in better[np.argsort(expected[better], kind="stable")]:
            self.tried += 1
            if self.tried > _MOST_TRIED:
                raise BadDesign(
                    "the search for a two-stage design takes too long with these rates: so close "
                    "to 0 or 1, or at such a low power, nearly every rule must be tried",
                    "power",
                )
            r1, n1 = int(self.r1[i]), int(self.n1[i])
            r = self._final(r1, n1, n, top)
            if r is not None:
                yield Rule(r1, n1, r, n)

    def _top(self, n: int) -> int:
        """The largest r with which one stage of n patients has the power."""
        power = survival(np.arange(n), n, self.goal.p1)
        return int(np.count_nonzero(power >= 1 - self.goal.beta - _DUST)) - 1

    def _final(self, r1: int, n1: int, n: int, top: int) -> int | None:
        """The largest r with the power, if it keeps the level."""
        null_1, alternative_1 = self._first(n1)
        null_2, alternative_2 = self._second(n - n1)
        null_1, alternative_1 = null_1[r1 + 1 :], alternative_1[r1 + 1 :]
        # of x1 = r1 + 1 … n1, stage 2 needs more than r - x1: a run of the table, backwards
        shift = MAX_N - (r1 + 1)
        for r in range(top, r1, -1):
            window = slice(r + shift - null_1.size + 1, r + shift + 1)
            level = float(null_1 @ null_2[window][::-1])
            if level > self.goal.alpha + _DUST:
                return None
            power = float(alternative_1 @ alternative_2[window][::-1])
            if power >= 1 - self.goal.beta - _DUST:
                return r
        return None

    def _first(self, n1: int) -> tuple[Floats, Floats]:
        if n1 not in self._mass:
            x = np.arange(n1 + 1)
            self._mass[n1] = mass(x, n1, self.goal.p0), mass(x, n1, self.goal.p1)
        return self._mass[n1]

    def _second(self, n2: int) -> tuple[Floats, Floats]:
        if n2 not in self._survival:
            x = np.arange(-MAX_N, MAX_N + 1)  # P(X > x) from x = -MAX_N on
            self._survival[n2] = survival(x, n2, self.goal.p0), survival(x, n2, self.goal.p1)
        return self._survival[n2]

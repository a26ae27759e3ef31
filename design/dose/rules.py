"""What to do after n patients with y DLT at a dose: the rules of the interval designs.

A rule is three thresholds for each n, because all designs here get stricter as y grows: escalate
with at most so many DLT, de-escalate and eliminate with at least so many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, log

import numpy as np
from scipy import special

from design.dose.inputs import checked_interval, checked_limits
from design.errors import BadDesign

ESCALATE, STAY, DEESCALATE, ELIMINATE = "escalate", "stay", "de-escalate", "eliminate"
_DUST = 1e-9


@dataclass(frozen=True, slots=True)
class Settings:
    """What tells one interval design from another.

    Attributes:
        design: ``boin``, ``mtpi2``, ``keyboard`` or ``i3+3``.
        target: Target rate of DLT.
        p_saf: BOIN: rate that calls for escalation.
        p_tox: BOIN: rate that calls for de-escalation.
        epsilon1: The others: how far below the target is still on target.
        epsilon2: The others: how far above the target is still on target.
        cutoff: Eliminate when P(rate > target | data), prior Beta(1, 1), is above this.
        eliminate_from: Patients at a dose before it can be eliminated.
    """

    design: str
    target: float
    p_saf: float | None = None
    p_tox: float | None = None
    epsilon1: float = 0.05
    epsilon2: float = 0.05
    cutoff: float = 0.95
    eliminate_from: int = 3


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The rule for one n; ``None`` where no number of DLT leads there."""

    n: int
    escalate_at_most: int | None
    deescalate_at_least: int | None
    eliminate_at_least: int | None

    def decision(self, y: int) -> str:
        """``escalate``, ``stay``, ``de-escalate`` or ``eliminate`` (and de-escalate)."""
        if self.eliminate_at_least is not None and y >= self.eliminate_at_least:
            return ELIMINATE
        if self.deescalate_at_least is not None and y >= self.deescalate_at_least:
            return DEESCALATE
        if self.escalate_at_most is not None and y <= self.escalate_at_most:
            return ESCALATE
        return STAY


def boin_lambdas(target: float, p_saf: float, p_tox: float) -> tuple[float, float]:
    """Observed rates at which BOIN escalates (at most) and de-escalates (at least)."""
    low = log((1 - p_saf) / (1 - target)) / log(target * (1 - p_saf) / (p_saf * (1 - target)))
    high = log((1 - target) / (1 - p_tox)) / log(p_tox * (1 - target) / (target * (1 - p_tox)))
    return low, high


def excess_probability(y: int, n: int, target: float) -> float:
    """P(rate > target | y of n), prior Beta(1, 1)."""
    return float(special.betaincc(y + 1, n - y + 1, target))


def thresholds(settings: Settings, max_n: int) -> list[Thresholds]:
    """The rule for 1 … ``max_n`` patients.

    Raises:
        BadDesign: The settings do not fit each other.
    """
    verdict = _VERDICTS[settings.design](settings)
    return [_one(settings, verdict, n) for n in range(1, max_n + 1)]


def threshold(settings: Settings, n: int) -> Thresholds:
    """The rule for ``n`` patients.

    Raises:
        BadDesign: The settings do not fit each other.
    """
    return _one(settings, _VERDICTS[settings.design](settings), n)


def _one(settings: Settings, verdict: Callable[[int, int], str], n: int) -> Thresholds:
    said = [verdict(y, n) for y in range(n + 1)]
    escalate = [y for y in range(n + 1) if said[y] == ESCALATE]
    deescalate = [y for y in range(n + 1) if said[y] == DEESCALATE]
    eliminate = [
        y
        for y in range(1, n + 1)
        if n >= settings.eliminate_from
        and excess_probability(y, n, settings.target) > settings.cutoff
    ]
    first = [rule[0] for rule in (deescalate, eliminate) if rule]
    return Thresholds(
        n=n,
        escalate_at_most=max(escalate, default=None),
        deescalate_at_least=min(first, default=None),
        eliminate_at_least=min(eliminate, default=None),
    )


def _boin(settings: Settings) -> Callable[[int, int], str]:
    limits = checked_limits(settings.target, settings.p_saf, settings.p_tox)
    low, high = boin_lambdas(settings.target, *limits)

    def verdict(y: int, n: int) -> str:
        if y <= floor(low * n + _DUST):
            return ESCALATE
        return DEESCALATE if y >= ceil(high * n - _DUST) else STAY

    return verdict


def _i3(settings: Settings) -> Callable[[int, int], str]:
    low, high = checked_interval(settings.target, settings.epsilon1, settings.epsilon2)

    def verdict(y: int, n: int) -> str:
        if y / n < low - _DUST:
            return ESCALATE
        if y / n <= high + _DUST:
            return STAY
        # one DLT less would be below the interval: n is too small to tell, so stay
        return STAY if (y - 1) / n < low - _DUST else DEESCALATE

    return verdict


def _mtpi2(settings: Settings) -> Callable[[int, int], str]:
    return _largest_density(settings, ends=True)


def _keyboard(settings: Settings) -> Callable[[int, int], str]:
    return _largest_density(settings, ends=False)


def _largest_density(settings: Settings, *, ends: bool) -> Callable[[int, int], str]:
    """The interval with the largest posterior probability per length decides.

    Intervals as long as the one on target lie side by side; ``ends``: the shorter ones left over
    at 0 and 1 count too (mTPI-2) or not (keyboard).
    """
    low, high = checked_interval(settings.target, settings.epsilon1, settings.epsilon2)
    width = high - low
    below = [low - k * width for k in range(floor(low / width + _DUST) + 1)][::-1]
    above = [high + k * width for k in range(floor((1 - high) / width + _DUST) + 1)]
    if ends:
        below = [0.0, *below] if below[0] > _DUST else below
        above = [*above, 1.0] if above[-1] < 1 - _DUST else above
    if min(len(below), len(above)) < 2:
        raise BadDesign(
            f"no key of width {width:g} fits beside the target key, so the keyboard design could "
            "never move both ways; take smaller epsilon1 and epsilon2",
            "epsilon1",
        )
    cuts = np.clip(np.array(below + above), 0.0, 1.0)
    target_at = len(below) - 1

    def verdict(y: int, n: int) -> str:
        mass = np.diff(special.betainc(y + 1, n - y + 1, cuts)) / np.diff(cuts)
        best = int(np.argmax(mass))
        if best == target_at:
            return STAY
        return ESCALATE if best < target_at else DEESCALATE

    return verdict


_VERDICTS: dict[str, Callable[[Settings], Callable[[int, int], str]]] = {
    "boin": _boin,
    "mtpi2": _mtpi2,
    "keyboard": _keyboard,
    "i3+3": _i3,
}

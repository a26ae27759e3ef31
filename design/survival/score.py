"""Mean and variance of the log-rank score when hazards need not be proportional.

Integrals over the time since entry of the patients at risk at the analysis: Lakatos E, Biometrics
1988;44:229-241; Yung G, Liu Y, Biometrics 2020;76:939-950.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from design.survival.events import Accrual, Arm
from design.survival.hazards import Hazard, joined_starts
from design.survival.plan import Stratum

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_NOBODY = 1e-200  # patients at risk, below which their shares cannot be told
_GONE = 60.0  # cumulative hazard after which nobody is left
Floats = NDArray[np.float64]


def score(accrual: Accrual, groups: Sequence[Stratum], time: float) -> tuple[float, float]:
    """Mean and variance of the stratified log-rank score at a calendar time.

    The mean is negative when the treatment has fewer events than expected under H0. ``mean /
    variance`` is an average log hazard ratio, ``mean / sqrt(variance)`` the expected z.
    """
    mean = variance = 0.0
    for treated, control in groups:
        at, weight = _nodes(accrual, treated, control, time)
        entered = enrolled_many(accrual, time - at)
        y1, y2 = (arm.share * entered * _at_risk(arm, at) for arm in (treated, control))
        both = y1 + y2
        live = both > _NOBODY
        y1, y2, step = y1[live], y2[live], weight[live]
        share1, share2 = y1 / both[live], y2 / both[live]
        h1, h2 = (_hazard(arm.hazard, at[live]) for arm in (treated, control))
        mean += float(np.sum(step * share1 * y2 * (h1 - h2)))
        variance += float(np.sum(step * share1 * share2 * (y1 * h1 + y2 * h2)))
    return mean, variance


def _nodes(accrual: Accrual, treated: Arm, control: Arm, time: float) -> tuple[Floats, Floats]:
    """Gauss-Legendre nodes and weights between the times at which something bends."""
    longest = min(time, max(treated.followup, control.followup))
    bends = [
        *joined_starts(treated.hazard, control.hazard, treated.dropout, control.dropout),
        *(time - np.cumsum((0.0, *accrual.durations))),
        treated.followup,
        control.followup,
    ]
    edges = sorted({0.0, longest, *(float(b) for b in bends if 0 < b < longest)})
    at, weight = [], []
    for start, end in pairwise(edges):
        leaving = [arm.hazard.at(start) + arm.dropout.at(start) for arm in (treated, control)]
        for low, high in pairwise(_panels(start, end, max(leaving), min(leaving))):
            at.append(low + (high - low) * (_NODES + 1) / 2)
            weight.append(_WEIGHTS * (high - low) / 2)
    return np.concatenate(at), np.concatenate(weight)


def _panels(start: float, end: float, fast: float, slow: float) -> list[float]:
    """Edges within which patients at risk fall by no more than the quadrature can follow."""
    edges, step = [start], 1 / fast
    while edges[-1] < end and slow * (edges[-1] - start) < _GONE:
        edges.append(min(edges[-1] + step, end))
        step = min(2 * step, 4 / slow)
    return edges


def enrolled_many(accrual: Accrual, times: Floats) -> Floats:
    """Patients enrolled by many calendar times."""
    if accrual.decay:
        return np.array([accrual.enrolled(float(time)) for time in times])
    ends = np.cumsum((0.0, *accrual.durations))
    patients = np.cumsum((0.0, *np.multiply(accrual.rates, accrual.durations)))
    return np.asarray(np.interp(times, ends, patients))


def _at_risk(arm: Arm, times: Floats) -> Floats:
    left = np.exp(-cumulative(arm.hazard, times) - cumulative(arm.dropout, times))
    return np.asarray(np.where(times <= arm.followup, left, 0.0))


def cumulative(hazard: Hazard, times: Floats) -> Floats:
    """Cumulative hazard at many times."""
    ends = np.array([*hazard.starts[1:], np.inf])
    starts = np.array(hazard.starts)
    lengths = np.clip(times[:, None], starts, ends) - starts
    return np.asarray(lengths @ np.array(hazard.rates))


def _hazard(hazard: Hazard, times: Floats) -> Floats:
    piece = np.searchsorted(np.array(hazard.starts), times, side="right") - 1
    return np.asarray(np.array(hazard.rates)[piece])

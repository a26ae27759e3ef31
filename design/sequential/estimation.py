"""P value, estimate and confidence interval after a group sequential trial."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from pydantic import Field
from scipy import special

from design.errors import BadDesign
from design.quantities import Level, Positive, Sides
from design.registry import calculator
from design.result import Outcome
from design.sequential.inputs import Times, ZValues
from design.sequential.options import information_fractions
from design.sequential.walk import exits
from design.solving import root

_FURTHEST = 60.0


@calculator(
    reference="Tsiatis AA, Rosner GL, Mehta CR. Biometrics 1984;40:797-803 (stagewise ordering); "
    "Jennison C, Turnbull BW. Group Sequential Methods with Applications to Clinical Trials. 2000, "
    "chapters 8 and 9 (repeated confidence intervals)",
    formula="p(theta) = sum_{j<k} P_theta(exit above at j) + P_theta(reach k, Z_k >= z); limits "
    "where p = (1 - level) / 2 and (1 + level) / 2, estimate where p = 1/2; repeated interval "
    "(z -+ c_k) SE",
)
def group_sequential_estimate(
    *,
    z: Annotated[
        float, Field(ge=-30, le=30, description="z of the analysis that ended the trial.")
    ],
    timing: Times,
    upper: ZValues,
    lower: ZValues | None = None,
    sides: Sides = 1,
    level: Level = 0.95,
    standard_error: Positive | None = None,
) -> Outcome:
    """Adjusted inference at the analysis that ended a trial.

    ``timing`` and ``upper`` (and ``lower``, binding futility bounds of a one-sided test) are those
    of the analyses held, the last being the one that ended it. ``standard_error`` of the estimate
    at that analysis puts the results on the scale of the effect.
    """
    if len(upper) != len(timing):
        raise BadDesign(f"{len(timing)} analyses, but upper has {len(upper)} bounds", "upper")
    if lower is not None and (sides == 2 or len(lower) != len(timing)):
        raise BadDesign("lower needs sides 1 and one bound an analysis", "lower")
    if sides == 2 and min(upper) <= 0:
        raise BadDesign("with sides 2 the bounds must be above 0", "upper")
    if lower is not None and any(a >= b for a, b in zip(lower[:-1], upper, strict=False)):
        raise BadDesign("a lower bound reaches the upper bound of an earlier analysis", "lower")
    times = information_fractions(len(timing), timing, whole=False)
    before = list(upper[:-1])
    floors = [-c for c in before] if sides == 2 else list(lower[:-1]) if lower else None

    def extreme(drift: float) -> float:
        return _extreme(times, before, floors, z, drift)

    tail = (1 - level) / 2
    scale = 1 / math.sqrt(times[-1])
    limits = [_root(extreme, p, z * scale) for p in (tail, 0.5, 1 - tail)]
    if any(limit is None for limit in limits):
        raise BadDesign(
            "the result is so close to an earlier bound that an estimate lies beyond any drift "
            f"up to {_FURTHEST:g}: check z, timing and upper",
            "z",
        )
    low, middle, high = (float(limit) for limit in limits if limit is not None)
    p_upper = extreme(0.0)
    bound = upper[-1]
    crossed = (abs(z) if sides == 2 else z) >= bound
    outputs: dict[str, Any] = {
        "look": len(times),
        "crossed": crossed,
        "p_one_sided": p_upper,
        "p_two_sided": min(1.0, 2 * min(p_upper, 1 - p_upper)),
        "naive_p_one_sided": float(special.ndtr(-z)),
        "median_unbiased": middle,
        "lower": low,
        "upper": high,
        "naive": z * scale,
        "repeated_lower": (z - bound) * scale,
        "repeated_upper": (z + bound) * scale,
    }
    if standard_error is not None:
        unit = standard_error / scale
        outputs |= {
            "effect": middle * unit,
            "effect_lower": low * unit,
            "effect_upper": high * unit,
            "effect_naive": z * standard_error,
            "effect_repeated_lower": (z - bound) * standard_error,
            "effect_repeated_upper": (z + bound) * standard_error,
        }
    counted = lower is None and sides == 1
    return Outcome(
        outputs,
        "drift" if standard_error is None else "effect",
        (
            "stagewise",
            *(("futility_ignored",) if counted else ()),
            *(() if standard_error else ("drift_scale",)),
        ),
        () if crossed or (lower is not None and z <= lower[-1]) else ("not_crossed",),
    )


def _extreme(
    times: Sequence[float],
    before: list[float],
    floors: list[float] | None,
    z: float,
    drift: float,
) -> float:
    """Probability of a result at least as large as ``z`` at the last of ``times``."""
    below = None if floors is None else [*floors, -math.inf]
    return float(exits(times, [*before, z], below, drift).above.sum())


def _root(extreme: Callable[[float], float], p: float, near: float) -> float | None:
    """The drift at which a result as large has probability ``p``; it grows with the drift."""
    width = 4.0
    low, high = near - width, near + width
    while extreme(low) > p:
        low -= width
        if low < -_FURTHEST:
            return None
    while extreme(high) < p:
        high += width
        if high > _FURTHEST:
            return None
    return root(lambda d: extreme(d) - p, low, high, xtol=1e-10)

"""Conditional and predictive power at an interim analysis."""

from __future__ import annotations

import itertools
import math
from typing import Annotated, Any

from pydantic import Field
from scipy import special

from design.conventions import sides_key
from design.errors import BadDesign
from design.quantities import Positive, Power, Sides
from design.registry import calculator
from design.result import Outcome
from design.sequential import saying
from design.sequential.inputs import AlphaOrNot, Drift, ZValues
from design.sequential.options import default_alpha
from design.sequential.plan import fixed_drift
from design.sequential.walk import exits

Z = Annotated[float, Field(ge=-30, le=30, description="Interim z, positive in favour. 期中 Z 值")]
Fraction = Annotated[
    float, Field(ge=0.001, le=0.999, description="Information fraction of the interim. 信息比")
]
FinalBound = Annotated[
    float, Field(ge=-10, le=10, description="Final z bound; that of alpha when left out.")
]


@calculator(
    reference="Lan KKG, Wittes J. Biometrics 1988;44:579-85; Lan KKG, Simon R, Halperin M. "
    "Sequential Analysis 1982;1:207-19; Proschan MA, Lan KKG, Wittes JT. Statistical Monitoring of "
    "Clinical Trials. 2006, chapter 3",
    formula="CP(theta) = Phi((B + theta (1 - t) - c) / sqrt(1 - t)), B = z sqrt(t); trend "
    "theta = B / t",
)
def conditional_power(
    *,
    z: Z,
    fraction: Fraction,
    alpha: AlphaOrNot | None = None,
    sides: Sides = 1,
    final_bound: FinalBound | None = None,
    drift: Drift | None = None,
    power: Power | None = None,
    further_timing: Annotated[
        list[float], Field(max_length=19, description="Information of the later interim analyses.")
    ]
    | None = None,
    further_bounds: ZValues | None = None,
) -> Outcome:
    """Probability of crossing the final bound given an interim z, under several effects.

    The planned effect is given as ``drift`` or as the ``power`` of the design (drift
    z_a + z_b). With ``further_timing`` and ``further_bounds`` crossing a later interim bound
    counts as well.
    """
    if drift is not None and power is not None:
        raise BadDesign("give drift or power for the planned effect, not both", "power")
    bound = _final(alpha, sides, final_bound)
    times, bounds = list(further_timing or ()), list(further_bounds or ())
    if len(times) != len(bounds):
        raise BadDesign(
            f"further_timing has {len(times)} values, further_bounds {len(bounds)}",
            "further_bounds",
        )
    ahead = [fraction, *times, 1.0]
    if any(b - a < 0.0005 for a, b in itertools.pairwise(ahead)):
        raise BadDesign("further_timing must ascend between fraction and 1", "further_timing")
    reached = z * math.sqrt(fraction)
    trend = reached / fraction

    def power_under(theta: float) -> float:
        return _crossing(reached, fraction, [*times, 1.0], [*bounds, bound], theta)

    outputs: dict[str, Any] = {
        "b_value": reached,
        "final_bound_used": bound,
        "drift_trend": trend,
        "cp_trend": power_under(trend),
        "cp_null": power_under(0.0),
    }
    if power is not None:
        drift = fixed_drift(default_alpha(alpha, sides), sides, power)
    if drift is not None:
        outputs |= {"drift_design": drift, "cp_design": power_under(drift)}
    return Outcome(
        outputs,
        "trend" if drift is None else "planned",
        (sides_key(sides), "upward"),
        values={
            "alpha": default_alpha(alpha, sides),
            **{f"{k}_shown": saying.percent(v) for k, v in outputs.items() if k.startswith("cp_")},
        },
    )


@calculator(
    reference="Spiegelhalter DJ, Freedman LS, Blackburn PR. Control Clin Trials 1986;7:8-17; "
    "Jennison C, Turnbull BW. Group Sequential Methods with Applications to Clinical Trials. 2000, "
    "section 10.3",
    formula="posterior of the drift N(m, v) from prior and B; PP = Phi((B + m (1 - t) - c) / "
    "sqrt((1 - t) + v (1 - t)^2)); flat prior: Phi((z - c sqrt(t)) / sqrt(1 - t))",
)
def predictive_power(
    *,
    z: Z,
    fraction: Fraction,
    alpha: AlphaOrNot | None = None,
    sides: Sides = 1,
    final_bound: FinalBound | None = None,
    prior_drift: Drift | None = None,
    prior_sd: Positive | None = None,
) -> Outcome:
    """Conditional power averaged over what the interim and a prior say of the effect.

    The prior of the drift (mean of the final z) is flat, or normal with ``prior_drift`` and
    ``prior_sd``.
    """
    if (prior_drift is None) != (prior_sd is None):
        raise BadDesign("a normal prior needs both prior_drift and prior_sd", "prior_sd")
    bound = _final(alpha, sides, final_bound)
    reached = z * math.sqrt(fraction)
    precision = fraction if prior_sd is None else fraction + prior_sd**-2
    mean = reached / precision
    if prior_sd is not None and prior_drift is not None:
        mean = (reached + prior_drift * prior_sd**-2) / precision
    left = 1 - fraction
    spread = math.sqrt(left + left**2 / precision)
    found = float(special.ndtr((reached + mean * left - bound) / spread))
    outputs = {
        "predictive_power": found,
        "final_bound_used": bound,
        "posterior_drift": mean,
        "posterior_sd": precision**-0.5,
    }
    return Outcome(
        outputs,
        "flat" if prior_sd is None else "normal",
        (sides_key(sides), "upward"),
        values={"alpha": default_alpha(alpha, sides), "shown": saying.percent(found)},
    )


def _final(alpha: float | None, sides: int, given: float | None) -> float:
    if given is not None:
        return given
    return -float(special.ndtri(default_alpha(alpha, sides) / sides))


def _crossing(
    reached: float, fraction: float, times: list[float], bounds: list[float], drift: float
) -> float:
    """Probability of crossing any of the bounds ahead from a B-value: a walk that starts anew."""
    gaps = [time - fraction for time in times]
    anew = [
        (bound * math.sqrt(time) - reached) / math.sqrt(gap)
        for bound, time, gap in zip(bounds, times, gaps, strict=True)
    ]
    return float(exits(gaps, anew, None, drift).above.sum())

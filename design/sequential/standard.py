"""Bounds of a group sequential design, and exit probabilities of given bounds."""

from __future__ import annotations

import numpy as np
from scipy import special

from design.errors import BadDesign
from design.quantities import Positive, Power, Sides
from design.registry import calculator
from design.result import Outcome
from design.sequential import saying
from design.sequential.inputs import (
    AlphaOrNot,
    Binding,
    Boundary,
    Drift,
    Futility,
    FutilityBounds,
    FutilityShape,
    Looks,
    Shape,
    Spent,
    Times,
    Timing,
    ZValues,
)
from design.sequential.options import information_fractions, options
from design.sequential.plan import characteristics, solve
from design.sequential.walk import exits
from design.sizes import round_up
from design.solving import root


@calculator(
    reference="Jennison C, Turnbull BW. Group Sequential Methods with Applications to Clinical "
    "Trials. 2000, chapters 2, 4, 7 and 19; O'Brien PC, Fleming TR. Biometrics 1979;35:549-56; "
    "Pocock SJ. Biometrika 1977;64:191-9; Wang SK, Tsiatis AA. Biometrics 1987;43:193-9; "
    "Lan KKG, DeMets DL. Biometrika 1983;70:659-63; Kim K, DeMets DL. Biometrika 1987;74:149-54; "
    "Hwang IK, Shih WJ, DeCani JS. Stat Med 1990;9:1439-45; "
    "Pampallona S, Tsiatis AA, Kim K. Drug Inf J 2001;35:1113-21 (beta spending)",
    formula="Z_k sqrt(t_k) Brownian with drift; P0(Z_j < c_j for j < k, Z_k >= c_k) = alpha spent "
    "at look k; Wang-Tsiatis c_k = C t_k^(Delta - 1/2), O'Brien-Fleming Delta 0, Pocock Delta 1/2",
)
def group_sequential(
    *,
    looks: Looks | None = None,
    timing: Timing | None = None,
    alpha: AlphaOrNot | None = None,
    sides: Sides = 1,
    power: Power = 0.8,
    boundary: Boundary = "obrien_fleming",
    shape: Shape | None = None,
    alpha_spent: Spent | None = None,
    futility: Futility = "none",
    futility_shape: FutilityShape | None = None,
    futility_bounds: FutilityBounds | None = None,
    beta_spent: Spent | None = None,
    binding: Binding = False,
    n_fixed: Positive | None = None,
) -> Outcome:
    """Bounds, error spent, drift, inflation factor and expected size of a sequential design.

    ``n_fixed`` (raw size or events of the design without interim looks) gives sizes by look.
    """
    plan = solve(
        options(
            looks=looks,
            timing=timing,
            alpha=alpha,
            sides=sides,
            power=power,
            boundary=boundary,
            shape=shape,
            alpha_spent=alpha_spent,
            futility=futility,
            futility_shape=futility_shape,
            futility_bounds=futility_bounds,
            beta_spent=beta_spent,
            binding=binding,
        )
    )
    outputs = characteristics(plan)
    said = saying.plan_conventions(plan)
    if n_fixed is not None:
        largest = n_fixed * plan.inflation
        outputs |= {
            "max_n": round_up(largest),
            "max_n_raw": largest,
            "n_looks_raw": [largest * time for time in plan.options.timing],
            "expected_n_h0": largest * outputs["expected_fraction_h0"],
            "expected_n_half": largest * outputs["expected_fraction_half"],
            "expected_n_h1": largest * outputs["expected_fraction_h1"],
        }
        said = (*said, "inflation")
    return Outcome(
        outputs,
        "both" if plan.lower is not None else "bounds",
        said,
        saying.plan_warnings(plan),
        values=saying.plan_values(plan) | saying.listed("p", outputs["nominal_p"], ".3g"),
    )


@calculator(
    reference="Armitage P, McPherson CK, Rowe BC. J R Stat Soc A 1969;132:235-44; Jennison C, "
    "Turnbull BW. Group Sequential Methods with Applications to Clinical Trials. 2000, chapter 19",
    formula="P(exit at look k) by recursive integration of the density left between the bounds, "
    "E Z_k = drift sqrt(t_k)",
)
def group_sequential_probabilities(
    *,
    upper: ZValues,
    lower: ZValues | None = None,
    timing: Times | None = None,
    sides: Sides = 1,
    drift: Drift | None = None,
    power: Power | None = None,
) -> Outcome:
    """Exit probabilities of given bounds under a drift, or the drift that gives a power.

    ``lower`` are futility bounds of a one-sided test; with ``sides`` 2 the upper bounds are
    mirrored.
    """
    if drift is not None and power is not None:
        raise BadDesign(
            "give drift (for probabilities) or power (for the drift), not both", "power"
        )
    if sides == 2 and lower is not None:
        raise BadDesign("with sides 2 the lower bounds are those above, mirrored", "lower")
    if sides == 2 and min(upper) < 0:
        raise BadDesign("with sides 2 the bounds must not be below 0", "upper")
    if timing is not None and len(timing) != len(upper):
        raise BadDesign(f"{len(upper)} bounds, but timing has {len(timing)} values", "timing")
    if lower is not None and len(lower) != len(upper):
        raise BadDesign(f"{len(upper)} upper bounds, but lower has {len(lower)} values", "lower")
    if lower is not None and any(a > b for a, b in zip(lower, upper, strict=True)):
        raise BadDesign("a lower bound exceeds the upper bound of its analysis", "lower")
    times = information_fractions(len(upper), timing, whole=False)
    below = [-z for z in upper] if sides == 2 else lower

    def crossing(theta: float) -> list[float]:
        found = exits(times, upper, below, theta)
        both = found.above + found.below if sides == 2 else found.above
        return [float(p) for p in np.cumsum(both)]

    theta = 0.0 if drift is None else drift
    if power is not None:
        null = crossing(0.0)[-1]
        if null >= power:
            raise BadDesign(f"the bounds are crossed with {null:.4g} without any effect", "power")
        high = 4.0
        while crossing(high)[-1] < power:
            high *= 2
        theta = root(lambda d: crossing(d)[-1] - power, 0.0, high, xtol=1e-10)
    found, reached = exits(times, upper, below, theta), crossing(theta)
    stops = found.stopping
    outputs = {
        "drift": theta,
        "cum_exit": reached,
        "cum_alpha": crossing(0.0),
        "exit_upper": [float(p) for p in found.above],
        "exit_lower": [float(p) for p in found.below],
        "stop": [float(p) for p in stops],
        "power": reached[-1],
        "nominal_p": [sides * float(special.ndtr(-z)) for z in upper],
        "expected_time": float(stops @ np.array(times)),
    }
    return Outcome(
        outputs,
        "exit",
        ("both_exits",) if sides == 2 else ("upward",),
        values=saying.listed("z", upper, "g") | saying.listed("exit", reached, ".5f"),
    )

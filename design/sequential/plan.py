"""A solved group sequential design and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from design.errors import BadDesign
from design.sequential.boundaries import HIGHEST, efficacy
from design.sequential.futility import beta_spending
from design.sequential.options import Options
from design.sequential.walk import Exits, exits
from design.solving import root


@dataclass(frozen=True, slots=True)
class Plan:
    """Bounds of a design and the drift at which it has its power.

    Attributes:
        options: What was asked for.
        upper: z bounds for efficacy; mirrored below with ``sides`` 2.
        lower: z bounds for futility, the last equal to the last of ``upper``; ``None`` without.
        drift: Mean of the final statistic that gives the power.
    """

    options: Options
    upper: list[float]
    lower: list[float] | None
    drift: float

    def exits(self, drift: float) -> Exits:
        """Probabilities of stopping at each look, with the futility bound obeyed."""
        below = [-z for z in self.upper] if self.options.sides == 2 else self.lower
        return exits(self.options.timing, self.upper, below, drift)

    def rejecting(self, drift: float) -> list[float]:
        """Probability of rejecting in favour of treatment up to each look."""
        return [float(p) for p in np.cumsum(self.exits(drift).above)]

    def expected_fraction(self, drift: float) -> float:
        """Expected information at the end, as a fraction of the largest."""
        return float(self.exits(drift).stopping @ np.array(self.options.timing))

    @property
    def fixed_drift(self) -> float:
        """Mean of the statistic that gives a design without interim looks the power."""
        return fixed_drift(self.options.alpha, self.options.sides, self.options.power)

    @property
    def inflation(self) -> float:
        """Largest information against that of a design without interim looks."""
        return (self.drift / self.fixed_drift) ** 2


def fixed_drift(alpha: float, sides: int, power: float) -> float:
    """z(alpha) + z(beta), alpha halved with two sides."""
    return float(-special.ndtri(alpha / sides) + special.ndtri(power))


def solve(options: Options) -> Plan:
    """Bounds that keep alpha and the drift that reaches the power.

    Raises:
        BadDesign: There are none of this kind.
    """
    if options.beta_spent is not None:
        both = beta_spending(options)
        return Plan(options, both.upper, both.lower, both.drift)
    given = options.futility_z
    upper = efficacy(options, given if options.binding else None)
    lower = None
    if given is not None:
        lower = _below(given, upper)
    plan = Plan(options, upper, lower, 0.0)
    high = 2 * plan.fixed_drift + 1
    while plan.rejecting(high)[-1] < options.power:
        high *= 2
    drift = root(lambda d: plan.rejecting(d)[-1] - options.power, 0.0, high, xtol=1e-10, rtol=1e-11)
    return Plan(options, upper, lower, drift)


def _below(given: tuple[float, ...], upper: list[float]) -> list[float]:
    """Given futility bounds with the final efficacy bound, all below the efficacy bounds."""
    for look, (low, high) in enumerate(zip(given, upper, strict=False), start=1):
        if not low < high:
            raise BadDesign(
                f"futility_bounds: {low:g} at analysis {look} is not below the efficacy bound "
                f"{high:.4g}",
                "futility_bounds",
            )
    if upper[-1] <= -HIGHEST:
        raise BadDesign("these binding futility bounds leave less than alpha", "futility_bounds")
    return [*given, upper[-1]]


def characteristics(plan: Plan) -> dict[str, Any]:
    """Outputs that every group sequential method has: bounds, probabilities, expected size."""
    options, inflation = plan.options, plan.inflation
    null, true = plan.exits(0.0), plan.exits(plan.drift)
    used = Plan(options, plan.upper, plan.lower if options.binding else None, 0.0).rejecting(0.0)
    used = [options.sides * p for p in used]
    outputs: dict[str, Any] = {
        "alpha": options.alpha,
        "timing": list(options.timing),
        "z_bounds": list(plan.upper),
        "nominal_p": [options.sides * float(special.ndtr(-z)) for z in plan.upper],
        "cum_alpha": used,
    }
    if max(plan.upper) - min(plan.upper) < 1e-9:
        outputs["z_bound"] = plan.upper[0]
    if plan.lower is not None:
        outputs |= {
            "futility_z": plan.lower[:-1],
            "futility_p": [float(special.ndtr(-z)) for z in plan.lower[:-1]],
            "futility_stop_h0": [float(p) for p in null.below[:-1]],
            "futility_stop_h1": [float(p) for p in true.below[:-1]],
            "alpha_if_futility_obeyed": float(null.above.sum()),
        }
    if options.beta_spent is not None:
        outputs["cum_beta"] = [float(p) for p in np.cumsum(true.below)]
    return outputs | {
        "cum_power": plan.rejecting(plan.drift),
        "stop_h0": [float(p) for p in null.stopping],
        "stop_h1": [float(p) for p in true.stopping],
        "drift": plan.drift,
        "inflation_factor": inflation,
        "expected_fraction_h0": plan.expected_fraction(0.0),
        "expected_fraction_half": plan.expected_fraction(plan.drift / 2),
        "expected_fraction_h1": plan.expected_fraction(plan.drift),
        "asn_h0": inflation * plan.expected_fraction(0.0),
        "asn_half": inflation * plan.expected_fraction(plan.drift / 2),
        "asn_h1": inflation * plan.expected_fraction(plan.drift),
    }

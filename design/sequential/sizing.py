"""Largest size of a sequential design for a power, or its power at a given largest size."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from design.errors import BadDesign
from design.sequential.options import Options, default_alpha, options
from design.sequential.plan import Plan, solve
from design.sizes import round_up, with_dropout
from design.solving import root

_HIGHEST = 1 - 1e-9
FixedSize = Callable[[float], float]


def sized(fixed: FixedSize, power: float | None, given: float | None, **asked: Any) -> Plan:
    """The plan that reaches ``power``, or the one whose largest size is ``given``.

    Args:
        fixed: Raw total size of the design without interim looks, by power.
        power: Power to reach.
        given: Largest total size there is.
        asked: The other inputs of :func:`design.sequential.options.options`.

    Raises:
        BadDesign: Both or neither is given, or the size is too small for a power worth naming.
    """
    if (power is None) == (given is None):
        raise BadDesign("give either power (for the size) or the largest size (for the power)")
    if power is not None:
        return solve(_options(power, asked))
    assert given is not None
    level = default_alpha(asked["alpha"], asked["sides"])

    def excess(reached: float) -> float:
        plan = solve(_options(reached, asked))
        return fixed(reached) * plan.inflation - given

    low = min(max(0.1, 2 * level), 0.5 + level)
    if excess(low) > 0:
        raise BadDesign(f"with {given:g} in all the power is below {low:.2g}", "power")
    if excess(_HIGHEST) < 0:
        return solve(_options(_HIGHEST, asked))
    reached = root(excess, low, _HIGHEST, xtol=1e-10, rtol=1e-10)
    return solve(_options(reached, asked))


def _options(power: float, asked: dict[str, Any]) -> Options:
    return options(power=power, **asked)


def size_outputs(
    plan: Plan, n1_raw: float, ratio: float, groups: int, dropout: float
) -> dict[str, Any]:
    """Largest and interim numbers of patients; ``n1_raw`` is the raw largest size of arm 1."""
    arms = {"n1": n1_raw} | ({"n2": n1_raw / ratio} if groups == 2 else {})
    sizes = {name: round_up(raw) for name, raw in arms.items()}
    outputs: dict[str, Any] = {"max_n": sum(sizes.values()), "max_n_raw": sum(arms.values())}
    if groups == 2:
        outputs |= sizes | {f"{name}_raw": raw for name, raw in arms.items()}
        if ratio == 1:
            outputs["max_n_per_arm"] = sizes["n1"]
    times = plan.options.timing
    outputs |= {
        "n_looks": [
            *(math.floor(outputs["max_n_raw"] * t + 0.5) for t in times[:-1]),
            outputs["max_n"],
        ],
        "n_looks_raw": [outputs["max_n_raw"] * t for t in times],
        **expected(plan, outputs["max_n_raw"], "expected_n"),
    }
    if dropout:
        for name in ("n1", "n2") if groups == 2 else ("max_n",):
            outputs |= with_dropout(name, outputs[name], dropout)
        if groups == 2:
            for suffix in ("with_dropout", "dropout_added"):
                outputs[f"max_n_{suffix}"] = outputs[f"n1_{suffix}"] + outputs[f"n2_{suffix}"]
    return outputs


def expected(plan: Plan, largest: float, name: str) -> dict[str, float]:
    """Expected size without effect, with half of it and with the effect assumed."""
    return {
        f"{name}_h0": largest * plan.expected_fraction(0.0),
        f"{name}_half": largest * plan.expected_fraction(plan.drift / 2),
        f"{name}_h1": largest * plan.expected_fraction(plan.drift),
    }

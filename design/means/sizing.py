"""From the power of a size to the size: the common end of the calculators for means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from design.sizes import one_arm_sizes, two_arm_sizes
from design.solving import smallest_size


def size_two_arms(
    power_of: Callable[[float, float], float],
    power: float,
    *,
    ratio: float,
    dropout: float,
    least: float,
) -> dict[str, Any]:
    """Outputs of a two-arm design that reaches a power.

    Args:
        power_of: Power of the sizes of the two arms.
        power: To be reached.
        ratio: n1/n2.
        dropout: Share without an outcome.
        least: The smallest arm the test allows.
    """
    low = max(least, least * ratio)
    raw = smallest_size(lambda n: power_of(n, n / ratio), power, low=low, field="difference")
    outputs = two_arm_sizes(raw, ratio, dropout)
    outputs["power_achieved"] = power_of(outputs["n1"], outputs["n2"])
    return outputs


def size_one_arm(
    power_of: Callable[[float], float],
    power: float,
    *,
    dropout: float,
    least: float,
    name: str = "n",
) -> dict[str, Any]:
    """Outputs of a design with one group that reaches a power."""
    raw = smallest_size(power_of, power, low=least, field="difference")
    outputs = one_arm_sizes(raw, dropout, name)
    outputs["power_achieved"] = power_of(outputs[name])
    return outputs

"""From the power of a size to the size: the common end of the calculators for means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from design.means.asked import Asked
from design.means.phrases import dropout_phrase
from design.result import Outcome
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


def two_arms(
    asked: Asked,
    power_of: Callable[[float, float], float],
    power: float | None,
    arms: tuple[float, float] | None,
    *,
    ratio: float,
    dropout: float,
    least: float,
    found: Mapping[str, Any] | None = None,
    rounding: tuple[str, ...] = ("round_up",),
    warned: tuple[str, ...] = (),
) -> Outcome:
    """The power of given arms, or the arms that reach a power.

    Args:
        asked: The question.
        power_of: Power of the sizes of the two arms.
        power: To be reached; with it, ``arms`` is not given.
        arms: Sizes of both arms, as :func:`design.means.inputs.given_arms` reads them.
        ratio: n1/n2.
        dropout: Share without an outcome.
        least: The smallest arm the test allows.
        found: Further outputs.
        rounding: Conventions of a size.
        warned: Further warnings on a size.
    """
    more = found or {}
    if arms is not None:
        reached = power_of(*arms)
        said = {**asked.said, "n1": arms[0], "n2": arms[1]}
        warnings = asked.warnings(reached, min(arms))
        return Outcome({"power": reached, **more}, "power", asked.keys, warnings, said)
    assert power is not None
    outputs = size_two_arms(power_of, power, ratio=ratio, dropout=dropout, least=least)
    keys = (*asked.keys, *rounding, *(("dropout",) if dropout else ()))
    warnings = (*asked.warnings(power, min(outputs["n1"], outputs["n2"])), *warned)
    said = {**asked.said, **dropout_phrase(outputs, dropout, "n_total")}
    return Outcome(outputs | dict(more), "size", keys, warnings, said)

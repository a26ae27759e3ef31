"""Inputs that cannot be, named with the asker's own numbers; no number of patients follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.inputs import ParsedInputs

_SHARES = (
    "treatment_rate", "control_rate", "p0", "p1", "accuracy", "prevalence", "event_rate",
    "target_toxicity", "icc", "dropout",
)  # fmt: skip
_POSITIVE = (
    "sd", "cv", "hazard_ratio", "margin", "treatment_median", "control_median", "accrual",
    "cluster_size", "total_n", "group_n", "sites", "monthly", "precision",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What cannot be: a key of ``messages.toml``, ``contradictions``, and the numbers in it.

    ``name`` is the key of the input in ``messages.toml``, ``values``, where the phrase has one.
    """

    key: str
    values: dict[str, str] = field(default_factory=dict)
    name: str | None = None


def contradictions(inputs: ParsedInputs) -> tuple[Contradiction, ...]:
    """Everything in the inputs that cannot be.

    Example:
        >>> from assistant.inputs import parse_inputs
        >>> [c.key for c in contradictions(parse_inputs("等效设计:预期率差20%,等效界值5%"))]
        ['outside_margin']
    """
    return (
        *_out_of_range(inputs),
        *_errors(inputs),
        *_against_margin(inputs),
        *_no_effect(inputs),
        *_ratios(inputs),
    )


def _out_of_range(inputs: ParsedInputs) -> Iterator[Contradiction]:
    counted = {"treatment_rate", "control_rate"} if inputs.endpoint == "count" else set()
    for key in _SHARES:
        if key in counted:
            continue
        value = getattr(inputs, key)
        if value is not None and not 0 <= value <= 1:
            yield Contradiction("not_a_share", {"value": percent(value)}, key)
    for key in _POSITIVE:
        value = getattr(inputs, key)
        if value is not None and value <= 0:
            yield Contradiction("not_positive", {"value": plain(value)}, key)
    if inputs.dropout == 1:
        yield Contradiction("all_lost", {"value": percent(1)})


def _errors(inputs: ParsedInputs) -> Iterator[Contradiction]:
    alpha, power = inputs.alpha, inputs.power
    for key, value in (("alpha", alpha), ("power", power)):
        if value is not None and not 0 < value < 1:
            yield Contradiction("not_between", {"value": plain(value)}, key)
    if alpha is not None and power is not None and 0 < power <= alpha < 1:
        yield Contradiction("power_below_alpha", {"power": percent(power), "alpha": plain(alpha)})


def _against_margin(inputs: ParsedInputs) -> Iterator[Contradiction]:
    """An expected difference that lies outside the margin: no number of patients would show it."""
    margin = inputs.margin
    if margin is None or margin <= 0:
        return
    if inputs.hazard_ratio is not None and inputs.aim == "noninferiority":
        if margin > 1 and inputs.hazard_ratio >= margin:
            values = {"expected": plain(inputs.hazard_ratio), "margin": plain(margin)}
            yield Contradiction("ratio_outside_margin", values)
        return
    found = _difference(inputs)
    if found is None:
        return
    difference, is_rate = found
    show = percent if is_rate else plain
    limit = margin / 100 if is_rate and margin > 1 else margin
    values = {"expected": show(abs(difference)), "margin": show(limit)}
    if inputs.aim == "equivalence" and abs(difference) >= limit:
        yield Contradiction("outside_margin", values)
    if inputs.aim == "noninferiority" and _worse_by(inputs, difference) >= limit:
        yield Contradiction("worse_than_margin", values)


def _difference(inputs: ParsedInputs) -> tuple[float, bool] | None:
    """Treatment less control, and whether it is a difference of rates."""
    if inputs.treatment_rate is not None and inputs.control_rate is not None:
        return round(inputs.treatment_rate - inputs.control_rate, 10), True
    if inputs.rate_difference is not None:
        return inputs.rate_difference, True
    if inputs.mean_difference is not None:
        return inputs.mean_difference, False
    return None


def _worse_by(inputs: ParsedInputs, difference: float) -> float:
    """By how much the treatment is worse; 0 where the question does not tell which way is worse."""
    both_named = inputs.arms_named and inputs.treatment_rate is not None
    told = both_named or inputs.rate_difference is not None
    if told and inputs.better is not None:
        return difference if inputs.better == "lower" else -difference
    return -difference if difference < 0 and not both_named and inputs.better != "lower" else 0.0


def _no_effect(inputs: ParsedInputs) -> Iterator[Contradiction]:
    if inputs.aim in {"noninferiority", "equivalence", "bioequivalence"}:
        return
    rates = inputs.treatment_rate, inputs.control_rate
    if None not in rates and rates[0] == rates[1]:
        yield Contradiction("no_difference", {"value": percent(rates[0] or 0.0)})
    if inputs.hazard_ratio == 1 or inputs.mean_difference == 0 or inputs.rate_difference == 0:
        yield Contradiction("no_effect")
    if inputs.p0 is not None and inputs.p1 is not None and inputs.p1 <= inputs.p0:
        yield Contradiction("p1_not_above", {"p0": percent(inputs.p0), "p1": percent(inputs.p1)})


def _ratios(inputs: ParsedInputs) -> Iterator[Contradiction]:
    """A ratio outside its limits, or one that says the opposite of what is to be shown."""
    if inputs.gmr is not None and inputs.limits is not None:
        low, high = inputs.limits
        if not low < inputs.gmr < high:
            values = {"expected": plain(inputs.gmr), "low": percent(low), "high": percent(high)}
            yield Contradiction("ratio_outside_limits", values)
    worse = inputs.hazard_ratio is not None and inputs.hazard_ratio > 1
    if worse and inputs.prolongs and inputs.aim not in {"noninferiority", "equivalence"}:
        yield Contradiction("ratio_against_aim", {"expected": plain(inputs.hazard_ratio or 0.0)})


def percent(share: float) -> str:
    """A share as written: 0.2 is 20%."""
    return f"{plain(round(share * 100, 6))}%"


def plain(number: float) -> str:
    """A number without trailing zeros."""
    return f"{number:g}"

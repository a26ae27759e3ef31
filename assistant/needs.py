"""Which inputs a computation lacks: exactly those, never one that was given."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from assistant.inputs import ParsedInputs
from assistant.inputs.by_name import has_sides

_OWN_QUANTITY = {"boundaries", "escalation", "enrolment", "conditional", "randomisation"}
_NO_TEST = {"correlation", "reliability"}  # one group, whatever its design is called
_LIMITED = {"mean", "proportion", "survival", "unknown", "count"}
_WITH_LOOKS = {"mean", "proportion"}
_SIZES = {"sample_size", "events"}
_FILE = Path(__file__).with_name("needs.toml")


def missing_inputs(inputs: ParsedInputs) -> tuple[str, ...]:
    """Keys of the inputs to ask for (``messages.toml``, ``inputs``), in the order of asking.

    Example:
        >>> from assistant.inputs import parse_inputs
        >>> missing_inputs(parse_inputs("两组率65%对85%，双侧0.05，算样本量"))
        ('power',)
    """
    wanted = (key for need in _needed(inputs) for key in _asked_as(need, inputs))
    return tuple(dict.fromkeys(key for key in wanted if not _GIVEN[key](inputs)))


def defaults_taken(inputs: ParsedInputs) -> tuple[str, ...]:
    """Keys of conventions that hold because nothing was said (allocation, drop-out)."""
    if inputs.quantity in _OWN_QUANTITY:
        return ()
    keys = ["dropout"] if _one_arm(inputs) else list(needs_table()["defaults"]["keys"])
    return tuple(key for key in keys if not _GIVEN[key](inputs))


def family(inputs: ParsedInputs) -> str:
    """The family of the computation, a key of ``needs.toml``."""
    if inputs.design == "simon":
        return "simon"
    if inputs.quantity == "enrolment":
        return "enrolment_sites" if inputs.sites_wanted else "enrolment"
    if inputs.design == "boin":
        return "escalation"
    if inputs.quantity in _OWN_QUANTITY:
        return inputs.quantity
    if inputs.aim == "bioequivalence":
        return "bioequivalence"
    if inputs.endpoint == "elsewhere" and inputs.by_name is not None:
        return "by_name"
    if inputs.endpoint in {*_NO_TEST, "elsewhere"}:
        return str(inputs.endpoint)
    if inputs.endpoint == "precision":
        return "precision_mean" if inputs.sd is not None else "precision_proportion"
    if inputs.design == "diagnostic" or inputs.endpoint == "diagnostic":
        return "diagnostic"
    kind = inputs.endpoint or "unknown"
    return f"single_{kind}" if inputs.design == "single_arm" and kind != "count" else kind


def _needed(inputs: ParsedInputs) -> list[str]:
    table = needs_table()
    chosen = family(inputs)
    needed = list(table[chosen])
    if inputs.aim in {"noninferiority", "equivalence"} and chosen in _LIMITED:
        needed[1:1] = table["also"]["limits"]
    if chosen == "enrolment" and inputs.horizon is not None:
        needed.remove("target_n")  # how many by then
    if inputs.design == "cluster":
        needed += table["also"]["cluster"]
    if chosen == "by_name" and not has_sides(inputs.by_name or ""):
        needed.remove("sides")
    if chosen in _WITH_LOOKS and (inputs.looks or 0) > 1 and inputs.quantity in _SIZES:
        needed.append("spending")
    if inputs.quantity == "power":
        needed = [key for key in needed if key != "power"] + ["total_n"]
        if chosen == "survival":
            needed = _of_events(needed, inputs)
    if inputs.quantity == "events":
        needed = _without_times(needed)
    if chosen == "diagnostic" and inputs.p0 is not None:
        needed += ["sides", "power"]
    return needed


def _without_times(needed: list[str]) -> list[str]:
    return [key for key in needed if key not in {"control_survival", "accrual", "follow_up"}]


def _of_events(needed: list[str], inputs: ParsedInputs) -> list[str]:
    """The power of a trial with so many events hangs on those alone."""
    if inputs.events is None:
        return needed
    return [key for key in _without_times(needed) if key != "total_n"]


def _asked_as(need: str, inputs: ParsedInputs) -> tuple[str, ...]:
    """A need as it is asked for: of two rates only the one that is not there."""
    if need == "rates":
        return _rates_asked(inputs)
    timed = inputs.survival_time is not None and inputs.hazard_ratio is None
    if need == "hazard_ratio" and timed:
        return _rates_asked(inputs)
    if need == "difference" and inputs.aim == "noninferiority" and inputs.mean_difference:
        return ("direction",)
    if need == "design" and inputs.endpoint is not None and _effect(inputs):
        return ()  # two arms, to be shown different, unless another design is named
    return (need,)


def _rates_asked(inputs: ParsedInputs) -> tuple[str, ...]:
    known = inputs.treatment_rate, inputs.control_rate
    if inputs.unclear_change is not None and inputs.treatment_rate is None:
        return ("control_rate", "difference_kind")
    if inputs.rate_difference is not None and inputs.treatment_rate is None:
        return ("control_rate",) if inputs.control_rate is None else ("direction",)
    if inputs.p1 is not None or known != (None, None):
        return _which_arm(inputs) + _rates_left(inputs)
    return ("rates",)


def _rates_left(inputs: ParsedInputs) -> tuple[str, ...]:
    return ("treatment_rate", "control_rate") if inputs.p1 is None else ("control_rate",)


def _which_arm(inputs: ParsedInputs) -> tuple[str, ...]:
    """Where it matters which of two different rates is the treatment's: against a margin, and
    with unequal arms."""
    rates = inputs.treatment_rate, inputs.control_rate
    different = None not in rates and rates[0] != rates[1]
    unequal = inputs.ratio is not None and inputs.ratio[0] != inputs.ratio[1]
    matters = inputs.aim == "noninferiority" or unequal
    if not (different and matters):
        return ()
    if not inputs.arms_named:
        return ("arms",)
    return ("direction",) if inputs.aim == "noninferiority" else ()


def _one_arm(inputs: ParsedInputs) -> bool:
    return family(inputs).startswith(
        ("single", "simon", "diagnostic", "bioequivalence", "precision", "by_name", *_NO_TEST)
    )


def _effect(i: ParsedInputs) -> bool:
    differences = (i.mean_difference, i.rate_difference, i.hazard_ratio)
    return (
        _hazard_known(i)
        or any(d is not None for d in differences)
        or None
        not in (
            i.treatment_rate,
            i.control_rate,
        )
    )


def _survival_known(i: ParsedInputs) -> bool:
    rate = i.survival_time is not None and i.control_rate is not None
    return i.control_median is not None or i.event_rate is not None or rate


def _hazard_known(i: ParsedInputs) -> bool:
    return i.hazard_ratio is not None or None not in (i.treatment_median, i.control_median)


def _numbers_known(i: ParsedInputs) -> bool:
    arms = i.treatment_n is not None and i.control_n is not None
    return i.total_n is not None or i.group_n is not None or arms


def _half_width(i: ParsedInputs) -> bool:
    return i.precision is not None


_GIVEN: dict[str, Callable[[ParsedInputs], bool]] = {
    "design": lambda i: i.design is not None or i.aim is not None,
    "endpoint": lambda i: i.endpoint is not None,
    "effect": _effect,
    "variability": lambda i: i.sd is not None or i.control_rate is not None,
    "difference": lambda i: i.mean_difference is not None,
    "sd": lambda i: i.sd is not None,
    "rates": lambda i: None not in (i.treatment_rate, i.control_rate),
    "treatment_rate": lambda i: i.treatment_rate is not None,
    "control_rate": lambda i: i.control_rate is not None,
    "difference_kind": lambda i: i.unclear_change is None,
    "event_rates": lambda i: None not in (i.treatment_rate, i.control_rate),
    "arms": lambda i: i.arms_named,
    "direction": lambda i: i.better is not None,
    "hazard_ratio": _hazard_known,
    "control_survival": _survival_known,
    "accrual": lambda i: i.accrual is not None or i.event_rate is not None,
    "follow_up": lambda i: i.follow_up is not None or i.event_rate is not None,
    "margin": lambda i: i.margin is not None,
    "p0": lambda i: i.p0 is not None,
    "p1": lambda i: i.p1 is not None or i.treatment_rate is not None,
    "expected_rate": lambda i: i.p1 is not None,
    "accuracy": lambda i: i.accuracy is not None,
    "precision": lambda i: i.precision is not None or i.p0 is not None,
    "half_width": _half_width,
    "level": lambda i: i.level is not None or i.alpha is not None,
    "cv": lambda i: i.cv is not None,
    "icc": lambda i: i.icc is not None,
    "null_icc": lambda i: i.null_icc is not None,
    "raters": lambda i: i.raters is not None,
    "correlation": lambda i: i.correlation is not None,
    "cluster_size": lambda i: i.cluster_size is not None,
    "looks": lambda i: i.looks is not None or bool(i.fractions),
    "information": lambda i: i.equal_spacing or bool(i.fractions),
    "spending": lambda i: i.spending is not None,
    "target_toxicity": lambda i: i.target_toxicity is not None,
    "target_n": lambda i: i.target_n is not None or i.total_n is not None,
    "sites": lambda i: i.sites is not None,
    "site_rate": lambda i: i.monthly is not None,
    "start_up": lambda i: i.start_up is not None,
    "horizon": lambda i: i.horizon is not None,
    "z": lambda i: i.z is not None,
    "fraction": lambda i: bool(i.fractions),
    "alpha": lambda i: i.alpha is not None or (i.level is not None and i.endpoint == "diagnostic"),
    "sides": lambda i: i.sides is not None,
    "power": lambda i: i.power is not None,
    "total_n": _numbers_known,
    "ratio": lambda i: i.ratio is not None,
    "dropout": lambda i: i.dropout is not None,
    "elsewhere_values": lambda _: False,  # what the commands take
    "seed": lambda _: False,  # lists are never drawn in a conversation
}


@cache
def needs_table() -> dict[str, Any]:
    """What each kind of computation needs."""
    with _FILE.open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)["needs"]
    return table

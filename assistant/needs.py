"""Which inputs a computation lacks: exactly those, never one that was given."""

from __future__ import annotations

from collections.abc import Callable

from assistant.inputs import ParsedInputs, needs_table

_OWN_QUANTITY = {"boundaries", "escalation", "enrolment"}


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
    """The family of the computation, a key of ``inputs.toml``, ``needs``."""
    if inputs.design == "simon":
        return "simon"
    if inputs.design == "boin":
        return "escalation"
    if inputs.quantity in _OWN_QUANTITY:
        return inputs.quantity
    if inputs.aim == "bioequivalence":
        return "bioequivalence"
    if inputs.design == "diagnostic" or inputs.endpoint == "diagnostic":
        return "diagnostic"
    kind = inputs.endpoint or "unknown"
    return f"single_{kind}" if inputs.design == "single_arm" and kind != "count" else kind


def _needed(inputs: ParsedInputs) -> list[str]:
    table = needs_table()
    chosen = family(inputs)
    needed = list(table[chosen])
    if inputs.aim in {"noninferiority", "equivalence"} and chosen in {
        "mean", "proportion", "survival", "unknown", "count"
    }:  # fmt: skip
        needed[1:1] = table["also"]["limits"]
    if inputs.design == "cluster":
        needed += table["also"]["cluster"]
    if inputs.quantity == "power":
        needed = [key for key in needed if key != "power"] + ["total_n"]
    if inputs.quantity == "events":
        needed = [k for k in needed if k not in {"control_survival", "accrual", "follow_up"}]
    if chosen == "diagnostic" and inputs.p0 is not None:
        needed += ["sides", "power"]
    return needed


def _asked_as(need: str, inputs: ParsedInputs) -> tuple[str, ...]:
    """A need as it is asked for: of two rates only the one that is not there."""
    if need == "rates":
        known = inputs.treatment_rate, inputs.control_rate
        if inputs.rate_difference is not None and known == (None, None):
            return ("control_rate",)
        if inputs.p1 is not None or known != (None, None):
            return _direction(inputs) + _rates_left(inputs)
        return ("rates",)
    if need == "difference" and inputs.aim in {"noninferiority", "equivalence"}:
        return ("difference",)
    return (need,)


def _rates_left(inputs: ParsedInputs) -> tuple[str, ...]:
    return ("treatment_rate", "control_rate") if inputs.p1 is None else ("control_rate",)


def _direction(inputs: ParsedInputs) -> tuple[str, ...]:
    """In a non-inferiority trial with different rates it matters which arm has which."""
    rates = inputs.treatment_rate, inputs.control_rate
    different = None not in rates and rates[0] != rates[1]
    if inputs.aim == "noninferiority" and different and not inputs.arms_named:
        return ("arms",)
    return ()


def _one_arm(inputs: ParsedInputs) -> bool:
    return family(inputs).startswith(("single", "simon", "diagnostic", "bioequivalence"))


def _effect(i: ParsedInputs) -> bool:
    differences = (i.mean_difference, i.rate_difference, i.hazard_ratio)
    return any(d is not None for d in differences) or None not in (
        i.treatment_rate,
        i.control_rate,
    )


def _survival_known(i: ParsedInputs) -> bool:
    return i.control_median is not None or i.event_rate is not None


def _hazard_known(i: ParsedInputs) -> bool:
    return i.hazard_ratio is not None or None not in (i.treatment_median, i.control_median)


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
    "event_rates": lambda i: None not in (i.treatment_rate, i.control_rate),
    "arms": lambda i: i.arms_named,
    "hazard_ratio": _hazard_known,
    "control_survival": _survival_known,
    "accrual": lambda i: i.accrual is not None or i.event_rate is not None,
    "follow_up": lambda i: i.follow_up is not None or i.event_rate is not None,
    "margin": lambda i: i.margin is not None,
    "p0": lambda i: i.p0 is not None,
    "p1": lambda i: i.p1 is not None or i.treatment_rate is not None,
    "accuracy": lambda i: i.accuracy is not None,
    "precision": lambda i: i.precision is not None or i.p0 is not None,
    "cv": lambda i: i.cv is not None,
    "icc": lambda i: i.icc is not None,
    "cluster_size": lambda i: i.cluster_size is not None,
    "looks": lambda i: i.looks is not None or bool(i.fractions),
    "information": lambda i: i.equal_spacing or bool(i.fractions),
    "spending": lambda i: i.spending is not None,
    "target_toxicity": lambda i: i.target_toxicity is not None,
    "target_n": lambda i: i.target_n is not None or i.total_n is not None,
    "sites": lambda i: i.sites is not None,
    "site_rate": lambda i: i.monthly is not None,
    "start_up": lambda i: i.start_up is not None,
    "alpha": lambda i: i.alpha is not None,
    "sides": lambda i: i.sides is not None,
    "power": lambda i: i.power is not None,
    "total_n": lambda i: i.total_n is not None or i.group_n is not None,
    "ratio": lambda i: i.ratio is not None,
    "dropout": lambda i: i.dropout is not None,
}

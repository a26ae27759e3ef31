"""Read the inputs of a design computation from a question (``inputs.toml``)."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

from assistant.inputs.by_name import named_values, told_in_full
from assistant.inputs.effects import (
    count_effect,
    mean_effect,
    rate_effect,
    settled_rates,
    survival_effect,
)
from assistant.inputs.model import ParsedInputs
from assistant.inputs.named import analyses, better_direction, error_rates, limits, named_numbers
from assistant.inputs.reader import Reader, as_share, captured, rules
from assistant.inputs.special import (
    diagnostic,
    enrolment,
    numbers_of_patients,
    patients_treated,
    precise,
)
from assistant.inputs.unread import unread_numbers
from assistant.surface import surface

# What a follow-up changes stands behind this; it goes before what was said earlier.
CHANGED = re.compile(r"[,，;；]\s*(?:改为[:：]|now with:)\s*")
_FIELDS = frozenset(field.name for field in fields(ParsedInputs))
# What a new value of one input makes void.
_INSTEAD = {
    "treatment_rate": ("rate_difference", "relative_change", "unclear_change", "relative_risk"),
    "rate_difference": ("treatment_rate", "unclear_change", "relative_change"),
    "hazard_ratio": ("treatment_median",),
    "total_n": ("group_n", "treatment_n", "control_n"),
    "group_n": ("total_n", "treatment_n", "control_n"),
}


def parse_inputs(text: str) -> ParsedInputs:
    """Read the inputs of a design computation.

    Example:
        >>> given = parse_inputs("两组率65%对85%，双侧0.05，把握度80%，2:1，失访10%")
        >>> given.treatment_rate, given.control_rate, given.alpha, given.sides, given.power
        (0.65, 0.85, 0.05, 2, 0.8)
        >>> given.ratio, given.dropout
        ((2, 1), 0.1)
    """
    said, *changes = CHANGED.split(surface(text))
    read = Reader(said)
    values = _values(read)
    unread = list(unread_numbers(read.text, read.used))
    for change in changes:
        read = Reader(change)
        new = {k: v for k, v in _values(read, values).items() if _told(v)}
        unread += unread_numbers(read.text, read.used)
        if "named" in new:
            new["named"] = (values.get("named") or {}) | new["named"]
        for key, gone in _INSTEAD.items():
            if key in new:
                values |= {name: None for name in gone if name not in new}
        values |= new
    values |= settled_rates(values)
    values["unread"] = tuple(dict.fromkeys(unread))
    values |= _by_name(values)
    values["quantity"] = values["quantity"] or "sample_size"
    values["endpoint"] = _endpoint(values)
    return ParsedInputs(**{key: value for key, value in values.items() if key in _FIELDS})


def _by_name(values: dict[str, Any]) -> dict[str, Any]:
    """A design of its own, where nothing of the question would be passed over."""
    named = values.get("named")
    apart = values["ratio"] not in {None, (1, 1)} or values["raters"] not in {None, 2.0}
    if not named or values["unread"] or values["unheeded"] or apart:
        return {}
    told = told_in_full(values["elsewhere"], named)
    return {} if told is None else {"by_name": told[0], "named_inputs": tuple(told[1].items())}


def _told(value: Any) -> bool:
    return value is not None and value not in ((), {}) and value is not False


def _values(read: Reader, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """Everything one text tells; ``before`` is what was told earlier, as a context."""
    values: dict[str, Any] = dict.fromkeys(_FIELDS)
    known = before or values
    values["fractions"] = ()
    for name in ("quantity", "aim", "better", "design"):
        table = "direction" if name == "better" else name
        values[name] = read.kind(table)
    if values["aim"] == "bioequivalence":
        values["design"] = "crossover"
    values["better"] = better_direction(read)
    if values["quantity"] == "events" and read.said("quantity", "sample_size"):
        values["quantity"] = "sample_size"  # patients are told with their events
    if values["quantity"] == "boundaries" and read.said("words", "patients_asked"):
        values["quantity"] = "sample_size"  # 「OBF界值」 is then a condition of the design
    values["named_endpoint"] = read.kind("endpoint")
    values["prolongs"] = read.said("words", "prolongs")
    context = {key: values[key] or known.get(key) for key in ("quantity", "aim", "design")}
    values |= error_rates(read) | analyses(read, context["quantity"])
    values |= named_numbers(read, context)
    values |= limits(read, context["aim"])
    endpoint = _kind_of(read, values, context, known)
    if endpoint == "mean" and values.get("margin_as_written") is not None:
        values["margin"] = values["margin_as_written"]  # 0.4% of HbA1c is 0.4 of its unit
    values["named_endpoint"] = endpoint or values["named_endpoint"]
    if endpoint == "elsewhere":
        values["elsewhere"] = read.kind("elsewhere") or known.get("elsewhere")
        values["named"] = named_values(read, values["elsewhere"], values)
    if context["quantity"] in {"enrolment"}:
        values |= enrolment(read)
    elif context["quantity"] == "escalation" or context["design"] == "boin":
        values |= patients_treated(read)
    elif context["quantity"] not in {"boundaries", "conditional", "randomisation"}:
        values |= _effect(read, endpoint, values, context)
    if context["quantity"] == "power":
        values |= numbers_of_patients(read)
    values["unheeded"] = tuple(key for key in rules()["unheeded"] if read.said("unheeded", key))
    return values


def _kind_of(
    read: Reader, values: dict[str, Any], context: dict[str, Any], known: dict[str, Any]
) -> str | None:
    """What kind of effect the numbers are to be read as."""
    elsewhere = read.kind("elsewhere") or known.get("elsewhere")
    if elsewhere and context["quantity"] in {None, "sample_size", "power"}:
        return "elsewhere"
    if read.said("endpoint", "correlation"):
        return "correlation"
    cluster = context["design"] == "cluster"
    if values["null_icc"] is not None:
        return "reliability"
    if values["icc"] is not None and not cluster and read.said("reliability", "wanted"):
        return "reliability"
    if context["design"] == "diagnostic" or read.said("endpoint", "diagnostic"):
        return "diagnostic"
    if context["quantity"] in {None, "sample_size"} and (
        read.said("precise", "wanted") or _estimate(read, values, context)
    ):
        return "precision"
    if values["sd"] is not None or known.get("sd") is not None:
        return "mean"
    if values["survival_time"] is not None:
        return "survival"
    ratio = next(read.free("numbers", "hazard_ratio"), None) or values.get("hazard_ratio")
    if context["quantity"] == "events" and ratio:
        return "survival"
    shares = any("%" in match.group() for match in read.free("tokens", "rate"))
    if values["dispersion"] is not None or (read.said("words", "counted") and not shares):
        return "count"
    if next(read.free("numbers", "hazard_ratio"), None):
        return "survival"
    if values["named_endpoint"] == "mean" and shares and read.said("endpoint", "proportion"):
        return "proportion"  # a rate of patients below a limit: 「HbA1c达标率60%对75%」
    if known.get("named_endpoint"):
        return str(known["named_endpoint"])
    named: str | None = values["named_endpoint"]
    return named


def _estimate(read: Reader, values: dict[str, Any], context: dict[str, Any]) -> bool:
    """An estimate by its wording: a level of confidence, and nothing of a test."""
    tested = values["power"] is not None or context["aim"] or context["design"]
    return not tested and values["level"] is not None and read.said("precise", "estimated")


def _effect(
    read: Reader, endpoint: str | None, values: dict[str, Any], context: dict[str, Any]
) -> dict[str, Any]:
    if endpoint == "diagnostic":
        return diagnostic(read)
    if endpoint in {"correlation", "reliability", "elsewhere"}:
        return {}
    if endpoint == "precision":
        return precise(read, values)
    if context["aim"] == "bioequivalence":
        return {}
    found: dict[str, Any] = {}
    if endpoint == "count":
        return count_effect(read)
    if context["design"] in {"single_arm", "simon"} and endpoint != "mean":
        found["p0"] = read.share("values", "p0")
        found["p1"] = read.share("values", "p1")
        moved = read.first("pairs", "from_to") if found["p0"] is None else None
        if moved:
            found["p0"], found["p1"] = map(as_share, captured(moved))
        if None not in found.values() or context["design"] == "simon":
            return found
    if endpoint == "survival":
        found["event_rate"] = read.share("values", "event_rate")
        found |= survival_effect(read)
        if values["survival_time"] is None and found.get("hazard_ratio") is not None:
            return found
    if endpoint == "mean" and values["mean_difference"] is not None:
        return found
    if endpoint == "mean":
        return found | mean_effect(read, values.get("margin"))
    found |= rate_effect(read, context["aim"], values["better"])
    if endpoint not in {"survival", "proportion"} and not _any_rate(found):
        found |= mean_effect(read, values.get("margin"))
    return found


def _any_rate(found: dict[str, Any]) -> bool:
    keys = ("treatment_rate", "control_rate", "rate_difference", "unclear_change")
    return any(found.get(key) is not None for key in keys)


def _endpoint(values: dict[str, Any]) -> str | None:
    """The type of the endpoint: told by its inputs, else by its name."""
    named: str | None = values.get("named_endpoint")
    if named in {"diagnostic", "precision", "correlation", "reliability", "count", "elsewhere"}:
        return named
    if values.get("hazard_ratio") is not None or values.get("control_median") is not None:
        return "survival"
    if values.get("survival_time") is not None:
        return "survival"
    for pair in (("treatment_rate", "control_rate"), ("p0", "p1")):
        if all(values.get(key) is not None for key in pair):
            return "proportion"
    if values.get("sd") is not None:
        return "mean"
    if values.get("p0") is not None and named is None:
        return "proportion"  # a target value in per cent
    if any(values.get(key) is not None for key in ("rate_difference", "unclear_change")):
        return "proportion"
    return named or ("mean" if values.get("mean_difference") is not None else None)

"""Read the inputs of a design computation from a question (``inputs.toml``)."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any, Literal

from assistant.inputs.effects import (
    count_effect,
    mean_effect,
    rate_effect,
    settled_rates,
    survival_effect,
)
from assistant.inputs.model import ParsedInputs
from assistant.inputs.reader import (
    Reader,
    as_limit,
    as_number,
    as_share,
    captured,
    in_months,
    patterns,
)
from assistant.surface import surface

# What a follow-up changes stands behind this; it goes before what was said earlier.
CHANGED = re.compile(r"[,，;；]?\s*(?:改为[:：]|now with:)\s*")
_LARGEST_ALPHA = 0.5  # 「α，80%」 is no alpha
_LARGEST_SHARE = 0.2  # of 「单侧…」 and 「…单侧」 without the name of alpha
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
    values = _values(Reader(said))
    for change in changes:
        new = {k: v for k, v in _values(Reader(change), values).items() if _told(v)}
        for key, gone in _INSTEAD.items():
            if key in new:
                values |= {name: None for name in gone if name not in new}
        values |= new
    values |= settled_rates(values)
    values["quantity"] = values["quantity"] or "sample_size"
    values["endpoint"] = _endpoint(values)
    return ParsedInputs(**{key: value for key, value in values.items() if key in _FIELDS})


def _told(value: Any) -> bool:
    return value is not None and value != () and value is not False


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
    values["better"] = _better(read)
    if values["quantity"] == "events" and read.said("quantity", "sample_size"):
        values["quantity"] = "sample_size"  # patients are told with their events
    values["named_endpoint"] = read.kind("endpoint")
    values["prolongs"] = read.said("words", "prolongs")
    context = {key: values[key] or known.get(key) for key in ("quantity", "aim", "design")}
    values |= _errors(read) | _looks(read, context["quantity"])
    values |= _named_numbers(read, context)
    values |= _limits(read, context["aim"])
    endpoint = _kind_of(read, values, context, known)
    values["named_endpoint"] = endpoint or values["named_endpoint"]
    if endpoint == "elsewhere":
        values["elsewhere"] = read.kind("elsewhere") or known.get("elsewhere")
    if context["quantity"] in {"enrolment"}:
        values |= _enrolment(read)
    elif context["quantity"] == "escalation" or context["design"] == "boin":
        values |= _patients_treated(read)
    elif context["quantity"] not in {"boundaries", "conditional", "randomisation"}:
        values |= _effect(read, endpoint, values, context)
    if context["quantity"] == "power":
        values |= _numbers_of_patients(read)
    return values


def _errors(read: Reader) -> dict[str, Any]:
    """Power, alpha, sides, level of confidence, drop-out, allocation."""
    power = read.share("values", "power")
    beta = read.share("values", "beta")
    if power is None and beta is not None:
        power = round(1 - beta, 10)
    found: dict[str, Any] = {"power": power, "dropout": read.share("values", "dropout")}
    found["sides"] = _sides(read)
    half = read.share("values", "alpha_half", most=0.5)
    if half is not None:
        found |= {"alpha": round(2 * half, 10), "sides": 2}
    else:
        found["alpha"] = read.share("values", "alpha", most=_LARGEST_ALPHA)
        if found["alpha"] is None:
            found["alpha"] = read.share("values", "alpha_by_side", most=_LARGEST_SHARE)
        if found["alpha"] is None:
            found["alpha"] = read.share("values", "alpha_any")
    found["level"] = read.share("values", "level", least=0.5)
    found["ratio"] = _ratio(read)
    return found


def _named_numbers(read: Reader, context: dict[str, Any]) -> dict[str, Any]:
    """What is told by a name of its own."""
    found: dict[str, Any] = {}
    for key in ("cv", "prevalence"):
        found[key] = read.share("values", key)
    found["target_toxicity"] = read.share("values", "target_toxicity")
    if found["target_toxicity"] is None and (
        context["design"] == "boin" or context["quantity"] == "escalation"
    ):
        found["target_toxicity"] = read.share("values", "target_alone")
    gmr = read.first("numbers", "gmr")
    found["gmr"] = as_limit(captured(gmr)[0]) if gmr else None
    found |= _reliability(read, context["design"])
    found |= _means_with_sd(read)
    keys = ("sd", "cluster_size", "dispersion", "correlation", "events", "z", "shape")
    for key in keys:
        if key not in found:
            found[key] = read.number("numbers", key)
    if context["quantity"] in {"enrolment"}:
        found["events"] = None
    variance = read.number("numbers", "variance")
    if found["sd"] is None and variance is not None:
        found["sd"] = variance**0.5 if variance > 0 else variance
    found["relative_risk"] = read.number("numbers", "relative_risk")
    found["odds_ratio"] = read.number("numbers", "odds_ratio")
    if context["design"] == "cluster":
        found["raters"] = None
        if found["cluster_size"] is None:
            found["cluster_size"] = read.number("numbers", "cluster_any")
    if context["quantity"] != "enrolment":
        found["survival_time"] = _survival_time(read)
        for key in ("follow_up", "accrual"):
            found[key] = read.months("times", key)
    if context["aim"] == "bioequivalence":
        found["be_design"] = read.kind("be_design")
    if context["design"] == "simon":
        found["criterion"] = next(
            (key for key in ("minimax", "optimal") if read.said("words", key)), None
        )
    return found


def _means_with_sd(read: Reader) -> dict[str, Any]:
    """「10±4 和 12±4」: means and standard deviations of two arms."""
    match = read.first("pairs", "mean_sd")
    if match is None:
        return {}
    first, sd, second, other = map(float, captured(match))
    found: dict[str, Any] = {"mean_difference": round(first - second, 10), "sd": sd}
    return found if sd == other else found | {"sd_control": other}


def _reliability(read: Reader, design: str | None) -> dict[str, Any]:
    """Intraclass correlation: of clusters, or of ratings with a null value."""
    pair = read.first("pairs", "icc")
    if pair:
        low, high = map(as_limit, captured(pair))
        found: dict[str, Any] = {"null_icc": low, "icc": high}
    else:
        match = read.first("values", "icc")
        found = {"icc": as_limit(captured(match)[0]) if match else None}
        if found["icc"] is not None and design != "cluster":
            null = read.first("reliability", "null")
            found["null_icc"] = as_limit(captured(null)[0]) if null else None
    found["raters"] = read.number("numbers", "raters")
    return found


def _survival_time(read: Reader) -> float | None:
    match = read.first("times", "survival_time")
    return in_months(*captured(match)[-2:]) if match else None


def _limits(read: Reader, aim: str | None) -> dict[str, Any]:
    limited = aim in {"noninferiority", "equivalence", "bioequivalence"}
    if not limited and not read.said("margins", "superiority_margin"):
        return {}
    if aim == "bioequivalence":
        limits = read.first("pairs", "limits")
        if limits:
            low, high = captured(limits)
            return {"limits": (float(low) / 100, float(high) / 100)}
    for key in ("margin", "delta_is_margin"):
        match = read.first("margins", key)
        if match:
            value = as_limit(captured(match)[0])
            return {"margin": -value if value < 0 else value}
    return {}


def _kind_of(
    read: Reader, values: dict[str, Any], context: dict[str, Any], known: dict[str, Any]
) -> str | None:
    """What kind of effect the numbers are to be read as."""
    if read.kind("elsewhere") and context["quantity"] in {None, "sample_size", "power"}:
        return "elsewhere"
    if read.said("endpoint", "correlation"):
        return "correlation"
    if values["null_icc"] is not None if "null_icc" in values else False:
        return "reliability"
    if values.get("icc") is not None and context["design"] != "cluster":
        if read.said("reliability", "wanted"):
            return "reliability"
    if context["design"] == "diagnostic" or read.said("endpoint", "diagnostic"):
        return "diagnostic"
    if read.said("precise", "wanted") and context["quantity"] == "sample_size" or (
        read.said("precise", "wanted") and context["quantity"] is None
    ):
        return "precision"
    if values["sd"] is not None or known.get("sd") is not None:
        return "mean"
    if values["survival_time"] is not None if "survival_time" in values else False:
        return "survival"
    shares = any("%" in match.group() for match in read.free("tokens", "rate"))
    if values["dispersion"] is not None or (read.said("words", "counted") and not shares):
        return "count"
    if next(read.free("numbers", "hazard_ratio"), None):
        return "survival"
    if known.get("named_endpoint"):
        return str(known["named_endpoint"])
    named: str | None = values["named_endpoint"]
    return named


def _effect(
    read: Reader, endpoint: str | None, values: dict[str, Any], context: dict[str, Any]
) -> dict[str, Any]:
    if endpoint == "diagnostic":
        return _diagnostic(read)
    if endpoint in {"correlation", "reliability", "elsewhere"}:
        return {}
    if endpoint == "precision":
        return _precise(read, values)
    if context["aim"] == "bioequivalence":
        return {}
    found: dict[str, Any] = {}
    if endpoint == "count":
        return count_effect(read)
    if context["design"] in {"single_arm", "simon"} and endpoint != "mean":
        found["p0"] = read.share("values", "p0")
        found["p1"] = read.share("values", "p1")
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


def _diagnostic(read: Reader) -> dict[str, Any]:
    found: dict[str, Any] = {
        "precision": _half_width(read, share=True),
        "prevalence": read.share("values", "prevalence"),
        "p0": read.share("values", "diagnostic_p0"),
        "accuracy": read.share("values", "accuracy"),
    }
    if found["accuracy"] is None:
        found["accuracy"] = read.share("values", "diagnostic_expected")
    for key in ("sensitivity", "specificity"):
        if read.said("words", key):
            found["measure"] = key
            break
    return {key: value for key, value in found.items() if value is not None}


def _precise(read: Reader, values: dict[str, Any]) -> dict[str, Any]:
    mean = values["sd"] is not None
    found: dict[str, Any] = {"precision": _half_width(read, share=not mean)}
    if not mean:
        found["p1"] = values["prevalence"]
        if found["p1"] is None:
            found["p1"] = read.share("values", "p1")
        if found["p1"] is None:
            token = read.first("tokens", "rate")
            found["p1"] = as_share(captured(token)[0]) if token else None
    return found


def _half_width(read: Reader, *, share: bool) -> float | None:
    half = read.first("precision", "half")
    whole = None if half else read.first("precision", "whole")
    match = half or whole
    if match is None:
        return None
    written = captured(match)[0]
    value = as_share(written) if share else as_number(written)
    return value if half else round(value / 2, 10)


def _enrolment(read: Reader) -> dict[str, Any]:
    found: dict[str, Any] = {"monthly": read.number("numbers", "monthly")}
    if found["monthly"] is None:
        found["monthly"] = read.number("numbers", "monthly_single")
    found["sites"] = read.number("numbers", "sites")
    if found["sites"] is None and read.said("words", "single_site"):
        found["sites"] = 1.0
    found["start_up"] = read.months("times", "start_up")
    if found["start_up"] is None and read.said("words", "all_started"):
        found["start_up"] = 0.0
    found["horizon"] = read.months("times", "horizon")
    found["sites_wanted"] = read.said("words", "sites_wanted")
    found["target_n"] = read.number("target", "patients")
    return found


def _patients_treated(read: Reader) -> dict[str, Any]:
    toxic = read.number("numbers", "toxic")
    treated = read.number("numbers", "treated")
    return {"treated": treated, "toxic": toxic}


def _numbers_of_patients(read: Reader) -> dict[str, Any]:
    found: dict[str, Any] = {"group_n": read.number("numbers", "group_n")}
    if found["group_n"] is None:
        found["total_n"] = read.number("numbers", "total_n")
        values = sorted(read.free("numbers", "arm_n"), key=lambda match: match.start())
        from assistant.inputs.arms import bind

        arms = bind(read, values)
        if arms.treatment and arms.control:
            found["treatment_n"] = as_number(captured(read.take(arms.treatment))[0])
            found["control_n"] = as_number(captured(read.take(arms.control))[0])
        elif found["total_n"] is None and len(values) == 1:
            found["total_n"] = as_number(captured(read.take(values[0]))[0])
    return found


def _sides(read: Reader) -> Literal[1, 2] | None:
    two, one = read.said("words", "two_sided"), read.said("words", "one_sided")
    if two == one:
        return None
    return 2 if two else 1


def _ratio(read: Reader) -> tuple[int, int] | None:
    match = read.first("ratio", "ratio")
    if match is None:
        return (1, 1) if read.said("words", "equal_allocation") else None
    first, second = map(int, captured(match))
    return (second, first) if read.said("ratio", "control_first") else (first, second)


def _better(read: Reader) -> str | None:
    """Whether more of what is counted is better; unknown when the words speak for both."""
    for key in ("higher", "lower"):
        if read.said("words", f"{key}_is_better"):
            return key
    said = [key for key in ("higher", "lower") if read.said("direction", key)]
    return said[0] if len(said) == 1 else None


def _looks(read: Reader, quantity: str | None) -> dict[str, Any]:
    total = read.first("looks", "total")
    interim = None if total else read.first("looks", "interim")
    looks = int(captured(total)[0]) if total else None
    if interim:
        looks = int(captured(interim)[0]) + 1
    found: dict[str, Any] = {"looks": looks, "spending": read.kind("spending")}
    found["equal_spacing"] = quantity == "boundaries" and read.said("words", "equal_spacing")
    fraction = read.first("words", "fraction")
    listed = next(iter(captured(fraction)), "") if fraction else ""
    shares = [as_share(f) for f in re.findall(r"0?\.\d+|1(?:\.0)?(?!\d)|\d+%", listed)]
    if shares and quantity == "boundaries" and shares[-1] < 1 and read.said("words", "final_too"):
        shares.append(1.0)
    found["fractions"] = tuple(shares)
    return found


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
    if any(values.get(key) is not None for key in ("rate_difference", "unclear_change")):
        return "proportion"
    return named or ("mean" if values.get("mean_difference") is not None else None)


__all__ = ["CHANGED", "parse_inputs", "patterns"]

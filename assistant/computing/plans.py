"""Which calculators a question needs, by the family of its inputs.

The first call of a plan answers; the others give the same by other methods in use, so that a reader
sees which number belongs to which method.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.inputs import ParsedInputs
from assistant.needs import family

_MONTHS_A_YEAR = 12.0


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a calculator; inputs that are ``None`` are left to its defaults."""

    method: str
    inputs: Mapping[str, Any]


def plan(given: ParsedInputs) -> tuple[Call, ...]:
    """The calls that answer a request; empty when no calculator fits.

    Example:
        >>> from assistant.inputs import parse_inputs
        >>> calls = plan(parse_inputs("两组率65%对85%，双侧0.05，把握度80%，每组多少例"))
        >>> [call.inputs["test"] for call in calls]
        ['unpooled', 'pooled', 'continuity', 'fisher']
    """
    find = _DESIGNS.get(given.design or "") if family(given) in _OF_DESIGNS else None
    find = find or _FAMILIES.get(family(given))
    calls = find(given) if find else []
    return tuple(
        Call(call.method, {k: v for k, v in call.inputs.items() if v is not None}) for call in calls
    )


def _proportion(given: ParsedInputs) -> list[Call]:
    rates = {"p1": _treatment_rate(given), "p2": given.control_rate}
    if _has_looks(given):
        return _sequential("group_sequential_proportions", given, rates)
    common = _errors(given) | _arms(given) | _aim(given) | rates
    equality = common["aim"] == "equality"
    if common["aim"] != "equality" and common["margin"] > 1:
        common["margin"] /= 100  # 「界值10」 beside rates in per cent
    tests = ["unpooled", "pooled", "continuity", "fisher"] if equality else ["unpooled"]
    if not equality and given.better is not None:
        tests.append("score")  # its variance depends on which side is the worse one
    return [Call("two_proportions", common | {"test": test}) for test in tests]


def _mean(given: ParsedInputs) -> list[Call]:
    effect = {"difference": _mean_difference(given), "sd": given.sd}
    if given.sd_control is not None:
        effect = effect | {"sd": None, "sd1": given.sd, "sd2": given.sd_control}
    if _has_looks(given):
        return _sequential("group_sequential_means", given, effect)
    common = _errors(given) | _arms(given) | _aim(given) | effect
    return [Call("two_means", common | {"test": test}) for test in ("t", "z")]


def _paired(given: ParsedInputs) -> list[Call]:
    if family(given) != "mean":
        return []
    common = _errors(given) | _aim(given)
    common |= {"difference": given.mean_difference, "sd_difference": given.sd}
    return [Call("paired_means", common | {"dropout": given.dropout, "n_pairs": _total(given)})]


def _crossover(given: ParsedInputs) -> list[Call]:
    if family(given) != "mean":
        return []
    common = _errors(given) | _aim(given)
    common |= {"difference": given.mean_difference, "sd_within": given.sd}
    return [Call("crossover_means", common | {"dropout": given.dropout, "n_total": _total(given)})]


def _survival(given: ParsedInputs) -> list[Call]:
    common = _errors(given) | {"hr": _hazard_ratio(given), "ratio": _ratio(given)}
    common["dropout"] = given.dropout
    if given.aim == "noninferiority":
        common |= {"null_hr": given.margin}
    if given.quantity == "power" and given.events is not None:
        return _by_events(common | {"events": int(given.events)})
    if given.quantity == "events":
        if _has_looks(given):
            return _sequential("group_sequential_survival", given, {"hr": common["hr"]})
        return _by_events(common | {"dropout": None})
    if given.event_rate is not None and given.accrual is None:
        share = given.event_rate
        both = {"event_probability_treatment": share, "event_probability_control": share}
        return _by_events(common | both)
    times = {"accrual_duration": given.accrual, "min_followup": given.follow_up}
    if given.control_median is not None:
        times["median_control"] = given.control_median
    elif given.survival_time is not None:
        times |= {"survival_control": given.control_rate, "survival_time": given.survival_time}
    if given.quantity == "power":
        times["n_total"] = _everybody(given)
    return [Call("logrank", common | times)]


def _by_events(common: dict[str, Any]) -> list[Call]:
    formulas = ("schoenfeld", "freedman") if common.get("null_hr") is None else ("schoenfeld",)
    return [Call("logrank_events", common | {"formula": formula}) for formula in formulas]


def _hazard_ratio(given: ParsedInputs) -> float | None:
    """As given, or from medians or from survival rates at one time (exponential survival)."""
    if given.hazard_ratio is not None:
        return given.hazard_ratio
    if given.control_median and given.treatment_median:
        return round(given.control_median / given.treatment_median, 6)
    treatment, control = given.treatment_rate or 0.0, given.control_rate or 0.0
    if not (0 < treatment < 1 and 0 < control < 1):
        return None
    return round(math.log(treatment) / math.log(control), 6)


def _count(given: ParsedInputs) -> list[Call]:
    """Exposure in the unit of time of the rates."""
    common = _errors(given) | _arms(given) | _aim(given)
    common |= {"rate1": _treatment_rate(given), "rate2": given.control_rate}
    if given.follow_up is not None:
        common["exposure"] = round(given.follow_up / (given.rate_unit or _MONTHS_A_YEAR), 6)
    if given.dispersion is not None:
        common["dispersion"] = given.dispersion
        return [Call("two_negative_binomial_rates", common)]
    return [Call("two_poisson_rates", common)]


def _single_proportion(given: ParsedInputs) -> list[Call]:
    """A target value: exact binomial first, the normal approximation beside it."""
    p1 = given.p1 if given.p1 is not None else given.treatment_rate
    approximate = _errors(given) | {"p": p1, "p0": given.p0, "dropout": given.dropout}
    n = _total(given)
    if n is not None:
        return [
            Call("one_proportion", approximate | {"n": n, "test": test})
            for test in ("exact", "score")
        ]
    alpha = given.alpha / (given.sides or 1) if given.alpha else None
    one_sided = {"p0": given.p0, "p1": p1, "alpha": alpha, "power": given.power}
    if p1 is not None and given.p0 is not None and p1 < given.p0:
        return [Call("one_proportion", approximate)]
    return [
        Call("single_stage_exact", one_sided | {"dropout": given.dropout}),
        Call("one_proportion", approximate),
    ]


def _single_mean(given: ParsedInputs) -> list[Call]:
    common = _errors(given) | _aim(given) | {"n": _total(given), "dropout": given.dropout}
    return [Call("one_mean", common | {"difference": given.mean_difference, "sd": given.sd})]


def _simon(given: ParsedInputs) -> list[Call]:
    rates = {"p0": given.p0, "p1": given.p1 if given.p1 is not None else given.treatment_rate}
    common = rates | {"alpha": given.alpha, "power": given.power, "dropout": given.dropout}
    both = ["optimal", "minimax"]
    first = given.criterion or "optimal"
    return [
        Call("simon_two_stage", common | {"criterion": criterion})
        for criterion in sorted(both, key=lambda name: name != first)
    ]


def _escalation(given: ParsedInputs) -> list[Call]:
    target = {"target": given.target_toxicity}
    boundaries = Call("boin_boundaries", target)
    if given.treated is None or given.toxic is None:
        return [boundaries]
    seen = {"n": int(given.treated), "dlt": int(given.toxic)}
    return [Call("dose_decision", target | seen), boundaries]


def _boundaries(given: ParsedInputs) -> list[Call]:
    """Exact boundaries for equal spacing; error spending first where the spacing is not equal."""
    common: dict[str, Any] = {"alpha": given.alpha, "sides": given.sides} | _looks(given)
    return [Call("group_sequential", common | kind) for kind in _kinds(given)]


def _kinds(given: ParsedInputs) -> list[dict[str, Any]]:
    kind = given.spending or "obrien_fleming"
    if kind == "hwang_shih_decani":
        return [{"boundary": kind, "shape": given.shape}]
    if kind not in _SPENT:
        return [{"boundary": kind}]
    pair = [{"boundary": kind}, {"boundary": _SPENT[kind]}]
    uneven = bool(given.fractions) and kind in {"obrien_fleming", "pocock"}
    return pair[::-1] if uneven else pair


_SPENT = {
    "obrien_fleming": "lan_demets_obf",
    "pocock": "lan_demets_pocock",
    "lan_demets_obf": "obrien_fleming",
    "lan_demets_pocock": "pocock",
}


def _looks(given: ParsedInputs) -> dict[str, Any]:
    if given.fractions:
        shares = list(given.fractions)
        return {"timing": shares if shares[-1] == 1 else [*shares, 1.0]}
    return {"looks": given.looks}


def _has_looks(given: ParsedInputs) -> bool:
    looks = given.looks is not None and given.looks > 1
    return given.quantity != "power" and given.spending is not None and (
        looks or bool(given.fractions)
    )


def _sequential(method: str, given: ParsedInputs, effect: Mapping[str, Any]) -> list[Call]:
    """A sample size with interim analyses; superiority only."""
    if given.margin is not None:
        return []
    common = _errors(given) | _looks(given) | dict(effect)
    common |= {"ratio": _ratio(given), "dropout": given.dropout} | _kinds(given)[0]
    if method == "group_sequential_survival":
        common["dropout"] = None
    return [Call(method, common)]


def _bioequivalence(given: ParsedInputs) -> list[Call]:
    low, high = given.limits or (None, None)
    common = {
        "cv": given.cv,
        "theta0": given.gmr,
        "theta1": low,
        "theta2": high,
        "alpha": given.alpha,
        "power": None if given.quantity == "power" else given.power,
        "n": _everybody(given) if given.quantity == "power" else None,
        "dropout": given.dropout,
    }
    named = given.be_design
    designs = [named] if named else ["2x2", "2x2x4"]
    return [Call("be_tost", common | {"design": design}) for design in designs]


def _diagnostic(given: ParsedInputs) -> list[Call]:
    measure = given.measure or "sensitivity"
    if given.p0 is not None:
        common = _errors(given) | {"expected": given.accuracy, "target": given.p0}
        common |= {"prevalence": given.prevalence, "dropout": given.dropout, "measure": measure}
        return [Call("diagnostic_target", common | {"n": _total(given)})]
    common = {measure: given.accuracy, "error": given.precision, "level": _level(given)}
    common |= {"prevalence": given.prevalence, "dropout": given.dropout}
    return [Call("diagnostic_precision", common)]


def _precision_proportion(given: ParsedInputs) -> list[Call]:
    common = {"p": given.p1, "abs_error": given.precision, "level": _level(given)}
    common |= {"dropout": given.dropout}
    return [
        Call("proportion_precision", common | {"interval": interval})
        for interval in ("wald", "wilson")
    ]


def _precision_mean(given: ParsedInputs) -> list[Call]:
    common = {"sd": given.sd, "abs_error": given.precision, "level": _level(given)}
    return [Call("mean_precision", common | {"dropout": given.dropout})]


def _level(given: ParsedInputs) -> float | None:
    if given.level is not None:
        return given.level
    return round(1 - given.alpha, 10) if given.alpha else None


def _cluster(given: ParsedInputs) -> list[Call]:
    common = _errors(given) | {"icc": given.icc, "dropout": given.dropout}
    common["m"] = given.cluster_size
    if family(given) == "mean":
        effect = {"difference": given.mean_difference, "sd": given.sd}
        return [Call("cluster_means", common | effect)]
    if family(given) != "proportion":
        return []
    rates = {"p1": _treatment_rate(given), "p2": given.control_rate}
    return [Call("cluster_proportions", common | rates)]


def _correlation(given: ParsedInputs) -> list[Call]:
    common = _errors(given) | {"r": given.correlation, "n": _total(given)}
    return [Call("correlation", common | {"dropout": given.dropout})]


def _reliability(given: ParsedInputs) -> list[Call]:
    common = _errors(given) | {"icc0": given.null_icc, "icc1": given.icc, "n": _total(given)}
    common |= {"raters": int(given.raters) if given.raters else None, "dropout": given.dropout}
    return [Call("icc_test", common)]


def _conditional(given: ParsedInputs) -> list[Call]:
    fraction = given.fractions[0] if given.fractions else None
    common = {"z": given.z, "fraction": fraction, "alpha": given.alpha, "sides": given.sides}
    return [
        Call("conditional_power", common | {"power": given.power}),
        Call("predictive_power", common),
    ]


def _enrolment(given: ParsedInputs) -> list[Call]:
    common = {
        "rate": given.monthly,
        "start_to": given.start_up,
        "dropout": given.dropout,
        "target": int(given.target_n or given.total_n or 0) or None,
    }
    if family(given) == "enrolment_sites":
        return [Call("enrolment_sites", common | {"time": given.horizon})]
    common["sites"] = int(given.sites) if given.sites else None
    if given.horizon is not None:
        by_then = Call("enrolment_by_time", common | {"time": given.horizon})
        return [by_then, Call("enrolment_time", common)]
    return [Call("enrolment_time", common)]


def _errors(given: ParsedInputs) -> dict[str, Any]:
    power = None if given.quantity == "power" else given.power
    return {"alpha": given.alpha, "sides": given.sides, "power": power}


def _arms(given: ParsedInputs) -> dict[str, Any]:
    """Allocation, drop-out, and the numbers of the arms when the power is asked for."""
    common: dict[str, Any] = {"ratio": _ratio(given), "dropout": given.dropout}
    if given.quantity != "power":
        return common
    common["dropout"] = None  # a number that is there is the number analysed
    if given.treatment_n is not None and given.control_n is not None:
        return common | {"n1": int(given.treatment_n), "n2": int(given.control_n), "ratio": None}
    if given.group_n is not None:
        return common | {"n1": int(given.group_n), "n2": int(given.group_n), "ratio": None}
    if given.total_n is None:
        return common
    share = _ratio(given) / (1 + _ratio(given))
    n1 = round(given.total_n * share)
    return common | {"n1": n1, "n2": int(given.total_n) - n1, "ratio": None}


def _aim(given: ParsedInputs) -> dict[str, Any]:
    """Superiority in everyday words is a test of equality, unless a margin is given."""
    aim = given.aim if given.margin is not None else "equality"
    if aim == "equality" or aim is None:
        return {"aim": "equality"}
    better = given.better
    if aim == "superiority" and given.treatment_rate is not None and given.control_rate is not None:
        # What is to be shown superior has the better rate.
        better = "higher" if given.treatment_rate > given.control_rate else "lower"
    return {"aim": aim, "margin": abs(given.margin or 0), "better": better}


def _mean_difference(given: ParsedInputs) -> float | None:
    """Against a superiority margin the difference is in favour of the treatment."""
    if given.mean_difference is None or given.aim != "superiority" or given.margin is None:
        return given.mean_difference
    return -abs(given.mean_difference) if given.better == "lower" else abs(given.mean_difference)


def _ratio(given: ParsedInputs) -> float:
    return given.ratio[0] / given.ratio[1] if given.ratio else 1.0


def _total(given: ParsedInputs) -> int | None:
    if given.quantity != "power":
        return None
    return int(given.total_n or given.group_n or 0) or None


def _everybody(given: ParsedInputs) -> int | None:
    """All patients of a two-arm trial."""
    if given.treatment_n is not None and given.control_n is not None:
        return int(given.treatment_n + given.control_n)
    if given.group_n is not None:
        return 2 * int(given.group_n)
    return int(given.total_n) if given.total_n is not None else None


def _treatment_rate(given: ParsedInputs) -> float | None:
    return given.treatment_rate if given.treatment_rate is not None else given.p1


_FAMILIES: dict[str, Callable[[ParsedInputs], list[Call]]] = {
    "proportion": _proportion,
    "mean": _mean,
    "survival": _survival,
    "count": _count,
    "single_proportion": _single_proportion,
    "single_mean": _single_mean,
    "simon": _simon,
    "escalation": _escalation,
    "boundaries": _boundaries,
    "bioequivalence": _bioequivalence,
    "diagnostic": _diagnostic,
    "enrolment": _enrolment,
    "enrolment_sites": _enrolment,
    "correlation": _correlation,
    "reliability": _reliability,
    "precision_mean": _precision_mean,
    "precision_proportion": _precision_proportion,
    "conditional": _conditional,
}
# Designs that take another method than their family, and the families that they do so for.
_DESIGNS: dict[str, Callable[[ParsedInputs], list[Call]]] = {
    "paired": _paired,
    "crossover": _crossover,
    "cluster": _cluster,
}
_OF_DESIGNS = frozenset({"mean", "proportion", "survival", "count", "unknown"})

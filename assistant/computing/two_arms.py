"""Calls for the comparison of two arms."""

from __future__ import annotations

import math
from typing import Any

from assistant.computing.common import (
    Call,
    all_patients,
    allocation,
    arms,
    error_rates,
    everybody,
    hypothesis,
    treatment_rate,
)
from assistant.computing.interim import has_looks, sequential
from assistant.inputs import ParsedInputs
from assistant.needs import family

_MONTHS_A_YEAR = 12.0


def proportion(given: ParsedInputs) -> list[Call]:
    """Two rates."""
    rates = {"p1": treatment_rate(given), "p2": given.control_rate}
    if has_looks(given):
        return sequential("group_sequential_proportions", given, rates)
    common = error_rates(given) | arms(given) | hypothesis(given) | rates
    equality = common["aim"] == "equality"
    if common["aim"] != "equality" and common["margin"] > 1:
        common["margin"] /= 100  # 「界值10」 beside rates in per cent
    tests = ["unpooled", "pooled", "continuity", "fisher"] if equality else ["unpooled"]
    if not equality and given.better is not None:
        tests.append("score")  # its variance depends on which side is the worse one
    return [Call("two_proportions", common | {"test": test}) for test in tests]


def mean(given: ParsedInputs) -> list[Call]:
    """Two means."""
    effect = {"difference": _mean_difference(given), "sd": given.sd}
    if given.sd_control is not None:
        effect = effect | {"sd": None, "sd1": given.sd, "sd2": given.sd_control}
    if has_looks(given):
        return sequential("group_sequential_means", given, effect)
    common = error_rates(given) | arms(given) | hypothesis(given) | effect
    first = "t" if given.sd_control is None else "welch"
    return [Call("two_means", common | {"test": test}) for test in (first, "z")]


def _mean_difference(given: ParsedInputs) -> float | None:
    """Against a superiority margin the difference is in favour of the treatment."""
    if given.mean_difference is None or given.aim != "superiority" or given.margin is None:
        return given.mean_difference
    return -abs(given.mean_difference) if given.better == "lower" else abs(given.mean_difference)


def paired(given: ParsedInputs) -> list[Call]:
    """Paired means."""
    if family(given) != "mean":
        return []
    common = error_rates(given) | hypothesis(given)
    common |= {"difference": given.mean_difference, "sd_difference": given.sd}
    return [
        Call("paired_means", common | {"dropout": given.dropout, "n_pairs": all_patients(given)})
    ]


def crossover(given: ParsedInputs) -> list[Call]:
    """Means in a 2x2 crossover."""
    if family(given) != "mean":
        return []
    common = error_rates(given) | hypothesis(given)
    common |= {"difference": given.mean_difference, "sd_within": given.sd}
    return [
        Call("crossover_means", common | {"dropout": given.dropout, "n_total": all_patients(given)})
    ]


def survival(given: ParsedInputs) -> list[Call]:
    """Two survival curves: events, or patients with accrual and follow-up."""
    common = error_rates(given) | {"hr": _hazard_ratio(given), "ratio": allocation(given)}
    common["dropout"] = given.dropout
    if given.aim == "noninferiority":
        common |= {"null_hr": given.margin}
    if given.quantity == "power" and given.events is not None:
        return _by_events(common | {"events": int(given.events)})
    if given.quantity == "events":
        if has_looks(given):
            return sequential("group_sequential_survival", given, {"hr": common["hr"]})
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
        times["n_total"] = everybody(given)
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


def count(given: ParsedInputs) -> list[Call]:
    """Exposure in the unit of time of the rates."""
    common = error_rates(given) | arms(given) | hypothesis(given)
    common |= {"rate1": treatment_rate(given), "rate2": given.control_rate}
    if given.follow_up is not None:
        common["exposure"] = round(given.follow_up / (given.rate_unit or _MONTHS_A_YEAR), 6)
    if given.dispersion is not None:
        common["dispersion"] = given.dispersion
        return [Call("two_negative_binomial_rates", common)]
    return [Call("two_poisson_rates", common)]


def cluster(given: ParsedInputs) -> list[Call]:
    """Rates or means of clusters."""
    common = error_rates(given) | {"icc": given.icc, "dropout": given.dropout}
    common["m"] = given.cluster_size
    if family(given) == "mean":
        effect = {"difference": given.mean_difference, "sd": given.sd}
        return [Call("cluster_means", common | effect)]
    if family(given) != "proportion":
        return []
    rates = {"p1": treatment_rate(given), "p2": given.control_rate}
    return [Call("cluster_proportions", common | rates)]

"""Which calculators a question needs, by the family of its inputs.

The first call of a plan answers; the others give the same by other methods in use, so that a reader
sees which number belongs to which method.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.inputs import ParsedInputs
from assistant.needs import family

_MONTHS_A_YEAR = 12


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
    find = _DESIGNS.get(given.design or "") or _FAMILIES.get(family(given))
    calls = find(given) if find else []
    return tuple(
        Call(call.method, {k: v for k, v in call.inputs.items() if v is not None}) for call in calls
    )


def _proportion(given: ParsedInputs) -> list[Call]:
    rates = {"p1": _treatment_rate(given), "p2": given.control_rate}
    common = _errors(given) | _arms(given) | _aim(given) | rates
    equality = common["aim"] == "equality"
    tests = ["unpooled", "pooled", "continuity", "fisher"] if equality else ["unpooled", "score"]
    return [Call("two_proportions", common | {"test": test}) for test in tests]


def _mean(given: ParsedInputs) -> list[Call]:
    common = _errors(given) | _arms(given) | _aim(given)
    common |= {"difference": given.mean_difference, "sd": given.sd}
    return [Call("two_means", common | {"test": test}) for test in ("t", "z")]


def _paired(given: ParsedInputs) -> list[Call]:
    common = _errors(given) | _aim(given)
    common |= {"difference": given.mean_difference, "sd_difference": given.sd}
    return [Call("paired_means", common | {"dropout": given.dropout, "n_pairs": _total(given)})]


def _crossover(given: ParsedInputs) -> list[Call]:
    if family(given) != "mean":
        return _FAMILIES[family(given)](given)
    common = _errors(given) | _aim(given)
    common |= {"difference": given.mean_difference, "sd_within": given.sd}
    return [Call("crossover_means", common | {"dropout": given.dropout, "n_total": _total(given)})]


def _survival(given: ParsedInputs) -> list[Call]:
    ratio = given.hazard_ratio
    if ratio is None and given.control_median and given.treatment_median:
        ratio = given.control_median / given.treatment_median
    common = _errors(given) | {"hr": ratio, "ratio": _ratio(given), "dropout": given.dropout}
    if given.aim == "noninferiority":
        common |= {"null_hr": given.margin}
    if given.quantity == "power":
        common |= {"events": _total(given)}
    elif given.quantity != "events" and given.control_median is not None and given.accrual:
        times = {
            "median_control": given.control_median,
            "accrual_duration": given.accrual,
            "min_followup": given.follow_up,
        }
        return [Call("logrank", common | times)]
    elif given.quantity != "events":
        share = {
            "event_probability_treatment": given.event_rate,
            "event_probability_control": given.event_rate,
        }
        common |= share
    return [
        Call("logrank_events", common | {"formula": formula})
        for formula in ("schoenfeld", "freedman")
    ]


def _count(given: ParsedInputs) -> list[Call]:
    """Rates a year, follow-up in months."""
    common = _errors(given) | _arms(given) | _aim(given)
    common |= {"rate1": _treatment_rate(given), "rate2": given.control_rate}
    if given.follow_up is not None:
        common["exposure"] = given.follow_up / _MONTHS_A_YEAR
    return [Call("two_poisson_rates", common)]


def _single_proportion(given: ParsedInputs) -> list[Call]:
    """A target value: exact binomial first, the normal approximation beside it."""
    alpha = given.alpha / (given.sides or 1) if given.alpha else None
    rates = {"p0": given.p0, "p1": given.p1 if given.p1 is not None else given.treatment_rate}
    one_sided = rates | {"alpha": alpha, "power": given.power, "dropout": given.dropout}
    approximate = _errors(given) | {"p": rates["p1"], "p0": given.p0, "dropout": given.dropout}
    return [
        Call("single_stage_exact", one_sided),
        Call("one_proportion", approximate | {"n": _total(given)}),
    ]


def _single_mean(given: ParsedInputs) -> list[Call]:
    common = _errors(given) | _aim(given) | {"n": _total(given), "dropout": given.dropout}
    return [Call("one_mean", common | {"difference": given.mean_difference, "sd": given.sd})]


def _simon(given: ParsedInputs) -> list[Call]:
    rates = {"p0": given.p0, "p1": given.p1 if given.p1 is not None else given.treatment_rate}
    common = rates | {"alpha": given.alpha, "power": given.power, "dropout": given.dropout}
    return [
        Call("simon_two_stage", common | {"criterion": criterion})
        for criterion in ("optimal", "minimax")
    ]


def _escalation(given: ParsedInputs) -> list[Call]:
    calls = [Call("boin_boundaries", {"target": given.target_toxicity})]
    if given.treated is not None and given.toxic is not None:
        seen = {"n": int(given.treated), "dlt": int(given.toxic)}
        calls.append(Call("dose_decision", {"target": given.target_toxicity} | seen))
    return calls


def _boundaries(given: ParsedInputs) -> list[Call]:
    """Exact boundaries for equal spacing; error spending first where the spacing is not equal."""
    common: dict[str, Any] = {"alpha": given.alpha, "sides": given.sides}
    kind = given.spending or "obrien_fleming"
    exact, spent = kind, "lan_demets_obf" if kind == "obrien_fleming" else "lan_demets_pocock"
    if given.fractions:
        return [
            Call("group_sequential", common | {"timing": list(given.fractions), "boundary": name})
            for name in (spent, exact)
        ]
    return [
        Call("group_sequential", common | {"looks": given.looks, "boundary": name})
        for name in (exact, spent)
    ]


def _bioequivalence(given: ParsedInputs) -> list[Call]:
    low, high = given.limits or (None, None)
    common = {
        "cv": given.cv,
        "theta0": given.gmr,
        "theta1": low,
        "theta2": high,
        "alpha": given.alpha,
        "power": given.power,
        "dropout": given.dropout,
    }
    return [Call("be_tost", common | {"design": design}) for design in ("2x2", "2x2x4")]


def _diagnostic(given: ParsedInputs) -> list[Call]:
    if given.p0 is not None:
        common = _errors(given) | {"expected": given.accuracy, "target": given.p0}
        common |= {"prevalence": given.prevalence, "dropout": given.dropout}
        return [Call("diagnostic_target", common)]
    level = 1 - given.alpha if given.alpha else None
    common = {"sensitivity": given.accuracy, "error": given.precision, "level": level}
    common |= {"prevalence": given.prevalence, "dropout": given.dropout}
    return [Call("diagnostic_precision", common)]


def _cluster(given: ParsedInputs) -> list[Call]:
    common = _errors(given) | {"icc": given.icc, "cluster_size": given.cluster_size}
    common |= {"dropout": given.dropout}
    if family(given) == "mean":
        effect = {"difference": given.mean_difference, "sd": given.sd}
        return [Call("cluster_two_means", common | effect)]
    rates = {"p1": _treatment_rate(given), "p2": given.control_rate}
    return [Call("cluster_two_proportions", common | rates)]


def _enrolment(given: ParsedInputs) -> list[Call]:
    common = {
        "sites": int(given.sites) if given.sites else None,
        "rate": given.monthly,
        "start_to": given.start_up,
        "dropout": given.dropout,
        "target": int(given.target_n or given.total_n or 0) or None,
    }
    if given.horizon is not None:
        return [Call("enrolment_by_time", common | {"time": given.horizon})]
    return [Call("enrolment_time", common)]


def _errors(given: ParsedInputs) -> dict[str, Any]:
    power = None if given.quantity == "power" else given.power
    return {"alpha": given.alpha, "sides": given.sides, "power": power}


def _arms(given: ParsedInputs) -> dict[str, Any]:
    """Allocation, drop-out, and the number of arm 1 when the power is asked for."""
    ratio = _ratio(given)
    n1 = None
    if given.quantity == "power":
        share = ratio / (1 + ratio)
        n1 = given.group_n if given.group_n else given.total_n and given.total_n * share
    return {"ratio": ratio, "dropout": given.dropout, "n1": int(n1) if n1 else None}


def _aim(given: ParsedInputs) -> dict[str, Any]:
    """Superiority in everyday words is a test of equality, unless a margin is given."""
    aim = given.aim if given.margin is not None else "equality"
    if aim == "equality" or aim is None:
        return {"aim": "equality"}
    return {"aim": aim, "margin": abs(given.margin or 0), "better": given.better}


def _ratio(given: ParsedInputs) -> float:
    return given.ratio[0] / given.ratio[1] if given.ratio else 1.0


def _total(given: ParsedInputs) -> int | None:
    if given.quantity != "power":
        return None
    return int(given.total_n or given.group_n or 0) or None


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
}
# Designs that take another method than their family.
_DESIGNS: dict[str, Callable[[ParsedInputs], list[Call]]] = {
    "paired": _paired,
    "crossover": _crossover,
    "cluster": _cluster,
}

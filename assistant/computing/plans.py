"""Which calculators a question needs, by the family of its inputs.

The first call of a plan answers; the others give the same by other methods in use, so that a reader
sees which number belongs to which method.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.computing.common import Call, all_patients, error_rates, everybody, hypothesis, level
from assistant.computing.interim import boundary_kinds, timing
from assistant.computing.two_arms import (
    cluster,
    count,
    crossover,
    mean,
    paired,
    proportion,
    survival,
)
from assistant.inputs import ParsedInputs
from assistant.inputs.by_name import has_sides
from assistant.needs import family


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


def _single_proportion(given: ParsedInputs) -> list[Call]:
    """A target value: exact binomial first, the normal approximation beside it."""
    p1 = given.p1 if given.p1 is not None else given.treatment_rate
    approximate = error_rates(given) | {"p": p1, "p0": given.p0, "dropout": given.dropout}
    n = all_patients(given)
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
    common = (
        error_rates(given)
        | hypothesis(given)
        | {"n": all_patients(given), "dropout": given.dropout}
    )
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
    common: dict[str, Any] = {"alpha": given.alpha, "sides": given.sides} | timing(given)
    return [Call("group_sequential", common | kind) for kind in boundary_kinds(given)]


def _bioequivalence(given: ParsedInputs) -> list[Call]:
    low, high = given.limits or (None, None)
    common = {
        "cv": given.cv,
        "theta0": given.gmr,
        "theta1": low,
        "theta2": high,
        "alpha": given.alpha,
        "power": None if given.quantity == "power" else given.power,
        "n": everybody(given) if given.quantity == "power" else None,
        "dropout": given.dropout,
    }
    named = given.be_design
    designs = [named] if named else ["2x2", "2x2x4"]
    return [Call("be_tost", common | {"design": design}) for design in designs]


def _diagnostic(given: ParsedInputs) -> list[Call]:
    measure = given.measure or "sensitivity"
    if given.p0 is not None:
        common = error_rates(given) | {"expected": given.accuracy, "target": given.p0}
        common |= {"prevalence": given.prevalence, "dropout": given.dropout, "measure": measure}
        return [Call("diagnostic_target", common | {"n": all_patients(given)})]
    common = {measure: given.accuracy, "abs_error": given.precision, "level": level(given)}
    common |= {"prevalence": given.prevalence, "dropout": given.dropout}
    return [Call("diagnostic_precision", common)]


def _precision_proportion(given: ParsedInputs) -> list[Call]:
    common = {"p": given.p1, "abs_error": given.precision, "level": level(given)}
    common |= {"dropout": given.dropout}
    return [
        Call("proportion_precision", common | {"interval": interval})
        for interval in ("wald", "wilson")
    ]


def _precision_mean(given: ParsedInputs) -> list[Call]:
    common = {"sd": given.sd, "abs_error": given.precision, "level": level(given)}
    return [Call("mean_precision", common | {"dropout": given.dropout})]


def _correlation(given: ParsedInputs) -> list[Call]:
    common = error_rates(given) | {"r": given.correlation, "n": all_patients(given)}
    return [Call("correlation", common | {"dropout": given.dropout})]


def _reliability(given: ParsedInputs) -> list[Call]:
    common = error_rates(given) | {
        "icc0": given.null_icc,
        "icc1": given.icc,
        "n": all_patients(given),
    }
    common |= {"raters": int(given.raters) if given.raters else None, "dropout": given.dropout}
    return [Call("icc_test", common)]


def _by_name(given: ParsedInputs) -> list[Call]:
    """A design of its own; a power is not asked for in words."""
    if given.quantity == "power" or given.by_name is None:
        return []
    rates = error_rates(given)
    if not has_sides(given.by_name):
        rates["sides"] = None
    named = {k: list(v) if isinstance(v, tuple) else v for k, v in given.named_inputs}
    common = rates | named
    if given.dropout is not None:
        common["dropout"] = given.dropout
    return [Call(given.by_name, common)]


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
    if given.horizon is not None and given.monthly is None:
        return [Call("enrolment_rate", common | {"time": given.horizon})]
    if given.horizon is not None:
        by_then = Call("enrolment_by_time", common | {"time": given.horizon})
        return [by_then, Call("enrolment_time", common)]
    return [Call("enrolment_time", common)]


_FAMILIES: dict[str, Callable[[ParsedInputs], list[Call]]] = {
    "proportion": proportion,
    "mean": mean,
    "survival": survival,
    "count": count,
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
    "by_name": _by_name,
}
# Designs that take another method than their family, and the families that they do so for.
_DESIGNS: dict[str, Callable[[ParsedInputs], list[Call]]] = {
    "paired": paired,
    "crossover": crossover,
    "cluster": cluster,
}
_OF_DESIGNS = frozenset({"mean", "proportion", "survival", "count", "unknown"})

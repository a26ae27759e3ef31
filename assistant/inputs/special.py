"""What questions of their own kind tell: diagnostic measures, precision, enrolment, power."""

from __future__ import annotations

from typing import Any

from assistant.inputs.arms import bind
from assistant.inputs.reader import Reader, as_number, as_share, captured


def diagnostic(read: Reader) -> dict[str, Any]:
    """Sensitivity or specificity, expected and target, or its precision."""
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


def precise(read: Reader, values: dict[str, Any]) -> dict[str, Any]:
    """An estimate with a half-width."""
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


def enrolment(read: Reader) -> dict[str, Any]:
    """Sites, rates and times of enrolment."""
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


def patients_treated(read: Reader) -> dict[str, Any]:
    """Patients at a dose, and those with a toxicity."""
    toxic = read.number("numbers", "toxic")
    treated = read.number("numbers", "treated")
    return {"treated": treated, "toxic": toxic}


def numbers_of_patients(read: Reader) -> dict[str, Any]:
    """Numbers that the power is asked for."""
    found: dict[str, Any] = {"group_n": read.number("numbers", "group_n")}
    if found["group_n"] is None:
        found["total_n"] = read.number("numbers", "total_n")
        values = sorted(read.free("numbers", "arm_n"), key=lambda match: match.start())
        arms = bind(read, values)
        if arms.treatment and arms.control:
            found["treatment_n"] = as_number(captured(read.take(arms.treatment))[0])
            found["control_n"] = as_number(captured(read.take(arms.control))[0])
        elif found["total_n"] is None and len(values) == 1:
            found["total_n"] = as_number(captured(read.take(values[0]))[0])
    return found

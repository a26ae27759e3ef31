"""What the calls of several families share: the call itself, error rates, arms, hypothesis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.inputs import ParsedInputs


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a calculator; inputs that are ``None`` are left to its defaults."""

    method: str
    inputs: Mapping[str, Any]


def error_rates(given: ParsedInputs) -> dict[str, Any]:
    """Alpha, sides and power; no power where that is asked for."""
    power = None if given.quantity == "power" else given.power
    return {"alpha": given.alpha, "sides": given.sides, "power": power}


def arms(given: ParsedInputs) -> dict[str, Any]:
    """Allocation, drop-out, and the numbers of the arms when the power is asked for."""
    common: dict[str, Any] = {"ratio": allocation(given), "dropout": given.dropout}
    if given.quantity != "power":
        return common
    common["dropout"] = None  # a number that is there is the number analysed
    if given.treatment_n is not None and given.control_n is not None:
        return common | {"n1": int(given.treatment_n), "n2": int(given.control_n), "ratio": None}
    if given.group_n is not None:
        return common | {"n1": int(given.group_n), "n2": int(given.group_n), "ratio": None}
    if given.total_n is None:
        return common
    share = allocation(given) / (1 + allocation(given))
    n1 = round(given.total_n * share)
    return common | {"n1": n1, "n2": int(given.total_n) - n1, "ratio": None}


def hypothesis(given: ParsedInputs) -> dict[str, Any]:
    """Superiority in everyday words is a test of equality, unless a margin is given."""
    aim = given.aim if given.margin is not None else "equality"
    if aim == "equality" or aim is None:
        return {"aim": "equality"}
    better = given.better
    if aim == "superiority" and given.treatment_rate is not None and given.control_rate is not None:
        # What is to be shown superior has the better rate.
        better = "higher" if given.treatment_rate > given.control_rate else "lower"
    return {"aim": aim, "margin": abs(given.margin or 0), "better": better}


def allocation(given: ParsedInputs) -> float:
    """Treatment over control."""
    return given.ratio[0] / given.ratio[1] if given.ratio else 1.0


def all_patients(given: ParsedInputs) -> int | None:
    """The number that the power of one group is asked for."""
    if given.quantity != "power":
        return None
    return int(given.total_n or given.group_n or 0) or None


def everybody(given: ParsedInputs) -> int | None:
    """All patients of a two-arm trial."""
    if given.treatment_n is not None and given.control_n is not None:
        return int(given.treatment_n + given.control_n)
    if given.group_n is not None:
        return 2 * int(given.group_n)
    return int(given.total_n) if given.total_n is not None else None


def treatment_rate(given: ParsedInputs) -> float | None:
    """The expected rate of the treatment, whatever it was called."""
    return given.treatment_rate if given.treatment_rate is not None else given.p1


def level(given: ParsedInputs) -> float | None:
    """The confidence level, or 1 - alpha."""
    if given.level is not None:
        return given.level
    return round(1 - given.alpha, 10) if given.alpha else None

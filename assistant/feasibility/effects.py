"""A design with a smaller effect than assumed, by the names of its inputs (``effects.toml``)."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from design import BadDesign, Result, calculate

_FILE = Path(__file__).with_name("effects.toml")


def smaller_effect(
    method: str, inputs: Mapping[str, Any], share: float
) -> tuple[str, dict[str, Any]] | None:
    """The inputs with only a share of the effect, and the input that was changed.

    In a non-inferiority design the true difference is made less favourable by the rest of the
    share, taken of the margin. ``None`` where what the effect is cannot be told.

    >>> smaller_effect("two_proportions", {"p1": 0.8, "p2": 0.6}, 0.5)
    ('p1', {'p1': 0.7, 'p2': 0.6})
    """
    rules = _rules()
    given = {name: value for name, value in inputs.items() if value is not None}
    if by_margin(given):
        return _worse(given, 1 - share)
    if method in rules["not_for"]["methods"] or given.get("aim") in rules["not_for"]["aims"]:
        return None
    for pair in rules["pairs"]:
        moved: Any = given.get(pair["move"])
        fixed: Any = given.get(pair["toward"])
        if _number(moved) and _number(fixed):
            return pair["move"], given | {pair["move"]: _round(fixed + share * (moved - fixed))}
    for name in rules["scaled"]["names"]:
        if _number(given.get(name)) and given[name]:
            return name, given | {name: _round(given[name] * share)}
    for name in rules["ratios"]["names"]:
        if _number(given.get(name)) and given[name] > 0:
            return name, given | {name: _round(math.exp(share * math.log(given[name])))}
    return None


def by_margin(inputs: Mapping[str, Any]) -> bool:
    """Whether what is to be shown is non-inferiority by a margin: not the size of an effect."""
    return inputs.get("aim") == "noninferiority" and _number(inputs.get("margin"))


def _worse(given: dict[str, Any], share: float) -> tuple[str, dict[str, Any]] | None:
    """The true difference less favourable by a share of the margin."""
    name = next((n for n in _rules()["differences"]["names"] if _number(given.get(n))), None)
    if name is None:
        return None
    off = share * abs(given["margin"]) * (1 if given.get("better") == "lower" else -1)
    return name, given | {name: _round(given[name] + off)}


def patients(result: Result, named: str | None = None) -> tuple[int, int] | None:
    """Patients to enrol and patients to evaluate, when the outputs tell.

    Args:
        result: A calculation.
        named: The output that is the number to enrol, as the synopsis says.

    Raises:
        BadDesign: There is no such output, or it is no number of patients.
    """
    rules = _rules()["patients"]
    outputs = result.outputs
    if named is not None and not _whole(outputs.get(named)):
        known = ", ".join(name for name, value in outputs.items() if _whole(value))
        raise BadDesign(f"{result.method} has no number of patients {named}; it has {known}")
    enrolled: str | None = named or next(
        (n for n in rules["enrolled"] if _whole(outputs.get(n))), None
    )
    if enrolled is None:
        return None
    evaluable: str = next((n for n in rules["evaluable"] if _whole(outputs.get(n))), enrolled)
    most: Any = outputs[enrolled]
    analysed: Any = outputs[evaluable]
    return int(most), min(int(most), int(analysed))


def patient_outputs() -> tuple[str, ...]:
    """Names of outputs that are a number of patients to enrol, the first that is there counts."""
    return tuple(_rules()["patients"]["enrolled"])


def power_of(result: Result, inputs: Mapping[str, Any]) -> Result | None:
    """The power of a design of the size found, under other assumptions; ``None`` where the method
    does not tell it."""
    rules = _rules()["patients"]
    for name in rules["sizes"]:
        size: Any = result.outputs.get(name)
        if name in result.inputs and _whole(size):
            given = {k: v for k, v in inputs.items() if k not in {"power", "dropout", "solve"}}
            try:
                found = calculate(result.method, given | {name: int(size)})
            except BadDesign:
                continue
            if power(found) is not None:
                return found
    return None


def power(result: Result) -> float | None:
    """The power a result tells, if it does."""
    for name in _rules()["patients"]["power"]:
        value = result.outputs.get(name)
        if isinstance(value, float):
            return value
    return None


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _whole(value: Any) -> bool:
    return _number(value) and float(value).is_integer() and value >= 1


def _round(value: float) -> float:
    return float(f"{value:.6g}")


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))

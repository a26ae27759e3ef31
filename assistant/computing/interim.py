"""Interim analyses: their timing and boundaries, and sample sizes with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.computing.common import Call, allocation, error_rates
from assistant.inputs import ParsedInputs

_SPENT = {
    "obrien_fleming": "lan_demets_obf",
    "pocock": "lan_demets_pocock",
    "lan_demets_obf": "obrien_fleming",
    "lan_demets_pocock": "pocock",
}


def boundary_kinds(given: ParsedInputs) -> list[dict[str, Any]]:
    """The boundary asked for, and the one of the other way to get it."""
    kind = given.spending or "obrien_fleming"
    if kind == "hwang_shih_decani":
        return [{"boundary": kind, "shape": given.shape}]
    if kind not in _SPENT:
        return [{"boundary": kind}]
    pair: list[dict[str, Any]] = [{"boundary": kind}, {"boundary": _SPENT[kind]}]
    uneven = bool(given.fractions) and kind in {"obrien_fleming", "pocock"}
    return pair[::-1] if uneven else pair


def timing(given: ParsedInputs) -> dict[str, Any]:
    """Information fractions up to 1, or the number of looks."""
    if given.fractions:
        shares = list(given.fractions)
        return {"timing": shares if shares[-1] == 1 else [*shares, 1.0]}
    return {"looks": given.looks}


def has_looks(given: ParsedInputs) -> bool:
    """Whether a sample size with interim analyses is asked for."""
    looks = given.looks is not None and given.looks > 1
    return (
        given.quantity != "power"
        and given.spending is not None
        and (looks or bool(given.fractions))
    )


def sequential(method: str, given: ParsedInputs, effect: Mapping[str, Any]) -> list[Call]:
    """A sample size with interim analyses; superiority only."""
    if given.margin is not None:
        return []
    common = error_rates(given) | timing(given) | dict(effect)
    common |= {"ratio": allocation(given), "dropout": given.dropout} | boundary_kinds(given)[0]
    if method == "group_sequential_survival":
        common["dropout"] = None
    return [Call(method, common)]

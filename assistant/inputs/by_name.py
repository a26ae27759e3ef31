"""Designs of their own whose inputs are told by name: kappa, AUC, vaccine efficacy, several groups.

Which of them are read, and how each input is written, stands in ``inputs.toml`` under ``by_name``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.inputs.reader import Reader, as_number, as_share, captured, rules

_LISTS = frozenset({"means", "proportions", "shares"})


def named_values(read: Reader, kind: str | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Inputs of the designs of a kind that a text tells, by ``method.input``."""
    found: dict[str, Any] = {}
    for design in rules()["by_name"].get(kind or "", ()):
        method = design["method"]
        for name in design["read"]:
            match = read.first(method, name) if _fits(read, design) else None
            if match:
                found[f"{method}.{name}"] = _value(name, captured(match)[0])
        for source, name in design["from"].items():
            if values.get(source) is not None:
                value = values[source]
                found[f"{method}.{name}"] = (value,) if name in _LISTS else value
    return found


def told_in_full(kind: str | None, named: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The design all of whose needs are told, with its inputs."""
    for design in rules()["by_name"].get(kind or "", ()):
        own = {
            key.partition(".")[2]: value
            for key, value in named.items()
            if key.startswith(design["method"] + ".")
        }
        if all(any(name in own for name in need.split("|")) for need in design["needs"]):
            return design["method"], own
    return None


def has_sides(method: str) -> bool:
    """Whether a design is tested on one side or two."""
    every = (design for designs in rules()["by_name"].values() for design in designs)
    return all(design.get("sides", True) for design in every if design["method"] == method)


def _fits(read: Reader, design: Mapping[str, Any]) -> bool:
    said, unless = design.get("said"), design.get("unless")
    if said and not re.search(said, read.text):
        return False
    return not (unless and re.search(unless, read.text))


def _value(name: str, written: str) -> Any:
    if name not in _LISTS:
        return as_share(written)
    each = as_share if name == "proportions" else as_number
    return tuple(each(one) for one in re.findall(r"\d+(?:\.\d+)?%?|\.\d+", written))

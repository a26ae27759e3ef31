"""The calculator that a row means although no rule names it: by the words of its name.

A guess is made only when the row has every word of the calculator's name, the calculator tells most
words of the row, its inputs are those of the row, and it has the output; the report says that it is
a guess.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from design.registry import Method, methods
from design.verification.rules import Rule
from design.verification.spellings import words
from design.verification.strange import strange

_LEAST_SHARE = 0.5  # of the words of a name that the calculator must tell


def nearest(name: str) -> list[Rule]:
    """The calculators whose words tell a name, the nearest first, each with what the name sets."""
    table = _table()
    told = [table["same"].get(word, word) for word in words(name)]
    if any(word in table["traps"] for word in told):
        return []
    content = {word for word in told if word not in table["idle"]}
    scored = sorted(
        ((_nearness(content, each), each.name) for each in methods().values()), reverse=True
    )
    return [
        Rule(gold=name, method=method, set=_settings(set(told), methods()[method]))
        for score, method in scored
        if score > 0 and not strange(name, method)
    ]


def _nearness(content: set[str], method: Method) -> float:
    same = _table()["same"]
    own = {same.get(word, word) for word in words(method.name)} - set(_table()["idle"])
    about = {same.get(word, word) for word in [method.family, *words(method.title.en)]}
    choices = {
        same.get(word, word)
        for field in method.inputs.model_fields.values()
        for choice in _choices(field.annotation)
        for word in words(choice)
    }
    if not own or not own <= content:
        return 0.0
    share = len(content & (own | about | choices)) / len(content)
    return share + len(own) if share >= _LEAST_SHARE else 0.0


def _settings(told: set[str], method: Method) -> dict[str, Any]:
    """Inputs that the name says: one-sided, the aim, the test."""
    table = _table()
    fields = method.inputs.model_fields
    found: dict[str, Any] = {}
    for word in told:
        for field, value in table["says"].get(word, {}).items():
            if field in fields:
                found[field] = value
    for name, field in fields.items():
        for choice in _choices(field.annotation):
            if set(words(choice)) <= told:
                found.setdefault(name, choice)
    return found


def _choices(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return [choice for choice in get_args(annotation) if isinstance(choice, str)]
    return [choice for part in get_args(annotation) for choice in _choices(part)]


@cache
def _table() -> Mapping[str, Any]:
    path = Path(__file__).with_name("names.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))

"""Things that a number tells apart: 访视3, week 24, dose level 2.

A row on visit 4 does not answer a question on visit 3, however many words they share. The patterns
are in ``designators.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from retrieval.normalise import fold

_RULES = Path(__file__).with_name("designators.toml")
_NUMBER = r"(?P<n>-?\d{1,3}(?!\d)[a-z]?)"
_BARE = re.compile(r"[a-z]{0,2}(?P<n>-?\d{1,3}[a-z]?)")
Designator = tuple[str, str]
"""What is told apart, and its number: ``("visit", "3")``."""


def designators(text: str) -> frozenset[Designator]:
    """The numbered things a text names.

    >>> sorted(designators("访视3的窗口期是第57天前后几天？"))
    [('day', '57'), ('visit', '3')]
    """
    folded = fold(text)
    return frozenset(
        (name, match["n"])
        for name, patterns, _ in _rules()
        for pattern in patterns
        for match in pattern.finditer(folded)
    )


def row_designators(header: Sequence[str], cells: Sequence[str]) -> frozenset[Designator]:
    """The numbered things a table's row is about: those it names, and numbers under their head.

    >>> sorted(row_designators(("Visit", "Window"), ("3", "±5 days")))
    [('visit', '3')]
    """
    found = set(designators(" | ".join(cells)))
    for head, cell in zip(header, cells, strict=False):
        bare = _BARE.fullmatch(fold(cell).strip())
        if bare:
            found |= {
                (name, bare["n"])
                for name, _, column in _rules()
                if column.search(fold(head).strip())
            }
    return frozenset(found)


def agreement(asked: frozenset[Designator], said: frozenset[Designator]) -> float:
    """How a text fits what was asked: 1 when it names it, -1 when it names others only, else 0."""
    if asked & said:
        return 1.0
    kinds = {name for name, _ in asked}
    return -1.0 if any(name in kinds for name, _ in said) else 0.0


@cache
def _rules() -> tuple[tuple[str, tuple[re.Pattern[str], ...], re.Pattern[str]], ...]:
    with _RULES.open("rb") as file:
        rules = tomllib.load(file)
    # ASCII: a Latin word that touches a Chinese character ends there.
    return tuple(
        (
            name,
            tuple(re.compile(one.replace("{n}", _NUMBER), re.ASCII) for one in rule["patterns"]),
            re.compile(rule["column"], re.ASCII),
        )
        for name, rule in rules.items()
    )

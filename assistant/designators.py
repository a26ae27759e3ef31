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
from typing import Any

from retrieval.normalise import fold

_RULES = Path(__file__).with_name("designators.toml")
# A minus sign is one only where no number stands before it: 3-4 is a span. V3.0 is no visit 3.
_NUMBER = r"(?P<n>(?:(?<!\d)-)?\d{1,3}(?!\d)(?!\.\d)[a-z]?)"
_SPAN_BEFORE = re.compile(
    r"(?<![\d.])(\d{1,3})\s*(?P<between>[-–~～至]|to|[、,，/]|和|或|and|or)\s*$"
)
_SPAN_AFTER = re.compile(r"\s*(?P<between>[-–~～至]|to|[、,，/]|和|或|and|or)\s*(\d{1,3})(?![\d.])")
_LISTED = frozenset("、,，/和或") | {"and", "or"}
_LONGEST_SPAN = 60
_REACH = 8  # characters
_OPEN_BEFORE = re.compile(r"(?:[≥>≤<]|大于|小于|不低于|不高于|至少|at least|up to)\s*$")
_OPEN_AFTER = re.compile(r"\s*(?:及|或|and|or)?\s*(?:以上|以下|以内|or (?:higher|more|above|less))")
_ANY = "*"
# A number alone in its cell, perhaps with its window: 240 (±14).
_BARE = re.compile(r"[a-z]{0,2}(?P<n>-?\d{1,3}[a-z]?)(?:\s*[(±].*)?")
Designator = tuple[str, str]
"""What is told apart, and its number: ``("visit", "3")``."""


def designators(text: str) -> frozenset[Designator]:
    """The numbered things a text names.

    >>> sorted(designators("访视3的窗口期是第57天前后几天？"))
    [('day', '57'), ('visit', '3')]
    """
    folded = fold(text)
    return frozenset(
        (name, number)
        for name, patterns, _ in _rules()
        for pattern in patterns
        for match in pattern.finditer(folded)
        for number in _numbers(folded, match)
    )


def designator_spans(text: str) -> list[tuple[str, int, int]]:
    """Kind, start and end of each numbered thing in a text in half width with Arabic numerals.

    >>> designator_spans("访视3的窗口期")
    [('visit', 0, 3)]
    """
    lowered = text.lower()
    if len(lowered) != len(text):
        return []
    found = {
        (name, match.start(), match.end())
        for name, patterns, _ in _rules()
        for pattern in patterns
        for match in pattern.finditer(lowered)
    }
    return sorted(found, key=lambda span: (span[1], span[1] - span[2]))


def _numbers(folded: str, match: re.Match[str]) -> set[str]:
    """The number that was found, with those of the span or list it ends: 3-4级, grades 3 and 4.

    An open span (≥3级) may mean any: it neither fits nor contradicts.
    """
    start, end = match.span("n")
    before, after = folded[max(0, start - _REACH) : start], folded[end : end + _REACH]
    found = {match["n"]}
    if _OPEN_BEFORE.search(before) or _OPEN_AFTER.match(folded[match.end() :]):
        found.add(_ANY)
    if not match["n"].isdigit():
        return found
    for beside in (_SPAN_BEFORE.search(before), _SPAN_AFTER.match(after)):
        if beside is None:
            continue
        other = next(part for part in beside.groups() if part and part.isdigit())
        low, high = sorted((int(match["n"]), int(other)))
        if beside["between"] in _LISTED:
            found.add(other)
        elif high - low <= _LONGEST_SPAN:
            found |= {str(number) for number in range(low, high + 1)}
    return found


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


def column_designators(header: Sequence[Sequence[str]]) -> tuple[frozenset[Designator], ...]:
    """The numbered things that each column of a table is about, by its header rows.

    A header row may name once what its numbers count: ``Visit | 1 | 2 | 3``.

    >>> [sorted(found) for found in column_designators([("Visit", "1", "2")])]
    [[], [('visit', '1')], [('visit', '2')]]
    """
    if not header:
        return ()
    found: list[set[Designator]] = [set() for _ in header[0]]
    for row in header:
        for column, cell in enumerate(row):
            found[column] |= designators(cell)
            if column:
                found[column] |= row_designators((row[0],), (cell,))
    return tuple(map(frozenset, found))


def asked_kinds(text: str) -> frozenset[str]:
    """What kinds of numbers a question asks for: 「第几天」 asks for a day.

    >>> sorted(asked_kinds("第8次访视在第几天？"))
    ['day']
    """
    folded = fold(text)
    return frozenset(name for name, ask in _asks() if ask.search(folded))


def names_kind(label: str, kinds: frozenset[str]) -> bool:
    """Whether the label of a row is a name of one of the kinds: ``Days``, 「研究日」."""
    folded = fold(label).strip()
    return any(name in kinds and column.search(folded) for name, _, column in _rules())


def agreement(
    asked: frozenset[Designator],
    said: frozenset[Designator],
    beside: frozenset[Designator] = frozenset(),
) -> float:
    """How a text fits what was asked.

    Args:
        asked: What the question names.
        said: What the text itself deals with.
        beside: What else it holds something on: the columns of a row.

    Returns:
        1 when it names all that was asked, as far as it names things of that kind; -1 when it
        names others of a kind instead; else 0.
    """
    met = False
    for kind in {kind for kind, _ in asked}:
        wanted = {number for name, number in asked if name == kind}
        there = {number for name, number in said if name == kind}
        if wanted & there or wanted & {number for name, number in beside if name == kind}:
            met = True
        elif there and _ANY not in there:
            return -1.0
    return float(met)


@cache
def _asks() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile(rule["ask"])) for name, rule in _table().items() if "ask" in rule
    )


@cache
def _table() -> dict[str, Any]:
    with _RULES.open("rb") as file:
        return tomllib.load(file)


@cache
def _rules() -> tuple[tuple[str, tuple[re.Pattern[str], ...], re.Pattern[str]], ...]:
    # ASCII: a Latin word that touches a Chinese character ends there.
    return tuple(
        (
            name,
            tuple(re.compile(one.replace("{n}", _NUMBER), re.ASCII) for one in rule["patterns"]),
            re.compile(rule["column"], re.ASCII),
        )
        for name, rule in _table().items()
    )

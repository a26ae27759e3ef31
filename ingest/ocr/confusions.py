"""Repair what recognition commonly takes for something else, or mark it as doubtful.

The table is ``confusions.toml`` beside this module. A dose or a phase that was read wrongly is
worse than one that was not read: what is repaired and what is doubtful travels with the block.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from ingest.ocr.base import Character, TextLine

_DIGITS = frozenset("0123456789")
_SIGNS = frozenset("ⅠⅡⅢⅣⅤⅥ±≥≤<>＜＞≠×−")
SURE = 0.9  # digits below are doubtful; most wrong digits lie there (see eval.bench_ocr)


@dataclass(frozen=True, slots=True)
class Checked:
    """A line after the table was applied.

    Attributes:
        line: With what was repaired; a repaired character has the confidence it was read with.
        repaired: Indexes of characters put by the table.
        doubtful: Indexes of digits, signs and letters inside numbers that may be wrong; a digit or
            sign that was put by the table is one, for the repair may be wrong.
    """

    line: TextLine
    repaired: frozenset[int]
    doubtful: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Repair:
    find: re.Pattern[str]
    put: str


@dataclass(frozen=True, slots=True)
class _Doubt:
    find: re.Pattern[str]
    unless_sure: bool


def check(line: TextLine) -> Checked:
    """Apply the table to ``line`` and look at the confidence of its digits and signs."""
    characters = list(line.characters)
    repaired: set[int] = set()
    repairs, doubts = _table()
    for repair in repairs:
        text = "".join(c.text for c in characters)
        for match in reversed(list(repair.find.finditer(text))):
            start, end = match.span()
            put = match.expand(repair.put)
            new = _spread(put, characters[start:end])
            if len(put) == end - start:
                changed = {start + n for n, c in enumerate(put) if c != match[0][n]}
            else:
                changed = set(range(start, start + len(put)))
            grown = len(put) - (end - start)
            repaired = {n + grown if n >= end else n for n in repaired if not start <= n < end}
            repaired |= changed
            characters[start:end] = new
    text = "".join(c.text for c in characters)
    doubtful = {
        n
        for n, c in enumerate(characters)
        if (c.confidence < SURE or n in repaired) and (c.text in _DIGITS or c.text in _SIGNS)
    }
    for doubt in doubts:
        for match in doubt.find.finditer(text):
            places = range(*match.span())
            sure = all(characters[n].confidence >= SURE for n in places)
            if not (doubt.unless_sure and sure):
                doubtful |= set(places)
    kept = TextLine(line.quad, tuple(characters))
    return Checked(kept, frozenset(repaired), frozenset(doubtful))


def is_digit(character: str) -> bool:
    """Whether ``character`` is one of 0 to 9."""
    return character in _DIGITS


def _spread(text: str, old: list[Character]) -> list[Character]:
    """``text`` in the place of ``old``; what is put is as confident as the weakest of it."""
    if len(text) == len(old):
        return [replace(c, text=new) for c, new in zip(old, text, strict=True)]
    x0, x1 = old[0].x0, old[-1].x1
    confidence = min(c.confidence for c in old)
    step = (x1 - x0) / max(len(text), 1)
    return [
        Character(c, x0 + n * step, x0 + (n + 1) * step, confidence) for n, c in enumerate(text)
    ]


@cache
def _table() -> tuple[tuple[_Repair, ...], tuple[_Doubt, ...]]:
    table = tomllib.loads((resources.files("ingest.ocr") / "confusions.toml").read_text("utf-8"))
    repairs = tuple(_Repair(re.compile(entry["find"]), entry["put"]) for entry in table["repair"])
    doubts = tuple(
        _Doubt(re.compile(entry["find"]), entry.get("unless_sure", False))
        for entry in table["doubt"]
    )
    return repairs, doubts

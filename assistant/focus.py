"""What exactly is asked for: 「随机分层因素有哪些」 asks for the factors, not for the trial.

A sentence that names the trial but not the factors is about the right thing and answers nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from assistant.units import Unit
from retrieval.normalise import fold

_RULES = Path(__file__).with_name("questions.toml")


def focus_of(text: str, units: Sequence[Unit]) -> tuple[Unit, ...]:
    """The words of a part of a question that say what is asked for; empty when none does.

    In Chinese the word right before the interrogative (终点是什么) or right after it (哪些资料),
    in English those between the interrogative and the next preposition or verb.

    Args:
        text: The part.
        units: Its content words.
    """
    folded = fold(text)
    places = [
        (start, start + len(unit.text), unit)
        for unit in units
        if unit.telling and (start := folded.find(unit.text)) >= 0
    ]
    for pattern in _before():
        for match in pattern.finditer(folded):
            before = _up_to(match.start(), places)
            if before:
                return before
    for pattern in _after():
        for match in pattern.finditer(folded):
            first, last = match.span("what")
            near = [u for start, end, u in places if first <= start and end <= last]
            if near:
                return tuple(near)
    return ()


def _up_to(place: int, places: Sequence[tuple[int, int, Unit]]) -> tuple[Unit, ...]:
    """The words that end at a place or reach over it, with those right before them."""
    found: list[Unit] = []
    for start, end, unit in sorted(places, key=lambda p: -p[0]):
        if start < place <= end:
            found.insert(0, unit)
            place = start
    return tuple(found)


@cache
def _before() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p) for p in _rules()["before"])


@cache
def _after() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p) for p in _rules()["after"])


@cache
def _rules() -> dict[str, list[str]]:
    with _RULES.open("rb") as file:
        rules: dict[str, list[str]] = tomllib.load(file)["focus"]
    return rules

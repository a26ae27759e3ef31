"""Which side of a number a text means: at least 18, less than 100, within 60 days."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).with_name("comparators.toml")
_RANGE = re.compile(r"\s*(?:~|-|–|—|至|到|to|through)\s*")
_BETWEEN = re.compile(r"\s*(?:and|,|和|与)\s*")
_INTERVAL = re.compile(r"\s*[,;]\s*")
_BETWEEN_LEAD = re.compile(r"(?:between|介于|在)\s*$")
_INTERVAL_LEAD = re.compile(r"(?:\bci|置信区间|可信区间|confidence interval)\s*[为是:(\[,]*\s*$")


@dataclass(frozen=True, slots=True)
class Bound:
    """What is said of a number.

    Attributes:
        side: ``ge``, ``gt``, ``le``, ``lt``, ``about``, ``from`` and ``to`` for the ends of a
            range, or empty.
        time: ``before`` or ``after`` for a span of time counted from an event, or empty.
    """

    side: str = ""
    time: str = ""


@cache
def table() -> dict[str, Any]:
    """``comparators.toml``."""
    return tomllib.loads(_TABLE.read_text("utf-8"))


def bounds(text: str, start: int, end: int) -> Bound:
    """What stands right before and after the number at ``start`` to ``end``."""
    before, after = text[max(0, start - 40) : start], text[end : end + 24]
    side = _first(_prefix("before_number"), before) or _first(_suffix("after_unit"), after)
    time = _first(_prefix("side_before_number"), before) or _first(
        _suffix("side_after_unit"), after
    )
    return Bound(side, time)


def is_range(text: str, end: int, start: int, first: int) -> bool:
    """Whether the numbers before ``end`` and after ``start`` are the ends of a range.

    Args:
        text: The text.
        end: Where the first number ends.
        start: Where the second begins.
        first: Where the first begins.
    """
    between, lead = text[end:start], text[max(0, first - 24) : first]
    if _RANGE.fullmatch(between):
        return True
    if _BETWEEN_LEAD.search(lead) and _BETWEEN.fullmatch(between):
        return True
    return bool(_INTERVAL_LEAD.search(lead) and _INTERVAL.fullmatch(between))


def written(side: str, language: str) -> str:
    """A bound in words, for messages."""
    names: dict[str, dict[str, str]] = table()["names"]
    return names.get(side, {}).get(language, "")


def masked(text: str) -> str:
    """The text without comparators: the 不 of 不超过 negates nothing."""
    return _anywhere().sub(lambda m: " " * len(m.group(0)), text)


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.lastgroup or "" if match else ""


@cache
def _prefix(section: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_groups(section)})\s*(?:为|是|of|an?|the|additional)?\s*(?:-\s*)?$")


@cache
def _suffix(section: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*[(]?(?:含)?(?:{_groups(section)})")


def _groups(section: str) -> str:
    """The words of a section, the longest first whatever their group."""
    words = [(word, name) for name, group in table()[section].items() for word in group]
    forms: dict[str, list[str]] = {}
    for word, name in sorted(words, key=lambda pair: -len(pair[0])):
        forms.setdefault(name, []).append(_bounded(word))
    return "|".join(f"(?P<{name}>{'|'.join(found)})" for name, found in forms.items())


def _bounded(word: str) -> str:
    escaped = re.escape(word).replace(r"\ ", r"\s+")
    if not word[0].isascii() or not word[0].isalpha():
        # 不 ahead would turn 超过 into 不超过, which is in the table itself.
        return rf"(?<![不未]){escaped}" if not word[0].isascii() else rf"(?<![<>]){escaped}"
    return rf"(?<![a-z])(?<!not )(?<!no ){escaped}(?![a-z])"


@cache
def _anywhere() -> re.Pattern[str]:
    words = [word for group in table()["before_number"].values() for word in group]
    words = [word for word in words if re.match(r"[不未]|no |not |at (?:least|most)", word)]
    longest = sorted(words, key=len, reverse=True)
    return re.compile("|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest))

"""Look up reviewed patterns in a question; each number of it gives one input only."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from assistant.inputs.shares import in_per_cent

_FILE = Path(__file__).with_name("inputs.toml")
_MONTHS = {"月": 1.0, "年": 12.0, "周": 12 / 52, "天": 12 / 365, "日": 12 / 365}
_ENGLISH_MONTHS = {"m": 1.0, "y": 12.0, "w": 12 / 52, "d": 12 / 365}


class Reader:
    """Looks patterns of ``inputs.toml`` up in one surfaced text.

    A number that one pattern has taken is not taken by another: the 0.025 of an alpha is no rate.
    """

    def __init__(self, text: str) -> None:
        self.asked = text
        for old, new in rules()["normal"]["forms"]:
            text = re.sub(old, new, text, flags=re.ASCII)
        self.text = in_per_cent(text)
        self.used = bytearray(len(self.text))

    def said(self, table: str, key: str) -> bool:
        """Whether any pattern of a key occurs, whatever its numbers are used for."""
        return any(one.search(self.text) for one in patterns(table, key))

    def worded(self, table: str, key: str) -> bool:
        """Whether a key occurs in the text as it was asked, units as they were written."""
        return any(one.search(self.asked) for one in patterns(table, key))

    def kind(self, table: str) -> str | None:
        """The first key of a table whose patterns occur."""
        return next((key for key in rules()[table] if self.said(table, key)), None)

    def free(self, table: str, key: str) -> Iterator[re.Match[str]]:
        """Matches of a key whose captured numbers are not taken yet, by pattern."""
        for pattern in patterns(table, key):
            for match in pattern.finditer(self.text):
                if not any(any(self.used[a:b]) for a, b in _groups(match)):
                    yield match

    def take(self, match: re.Match[str]) -> re.Match[str]:
        """Mark the numbers of a match as taken."""
        for start, end in _groups(match):
            self.used[start:end] = b"\1" * (end - start)
        return match

    def first(self, table: str, key: str) -> re.Match[str] | None:
        """The first free match of a key, taken."""
        match = next(self.free(table, key), None)
        return self.take(match) if match else None

    def number(self, table: str, key: str) -> float | None:
        """A number as it stands; a per cent sign behind it is its unit."""
        match = self.first(table, key)
        return as_number(captured(match)[0]) if match else None

    def share(self, table: str, key: str, least: float = -9, most: float = 9e9) -> float | None:
        """A probability within bounds, as a share."""
        for match in self.free(table, key):
            value = as_share(captured(match)[0])
            if least <= value <= most:
                self.take(match)
                return value
        return None

    def months(self, table: str, key: str) -> float | None:
        """A time in months; a pattern ends with its number and unit."""
        match = self.first(table, key)
        if match is None:
            return None
        number, unit = captured(match)[-2:]
        return in_months(number, unit)


def captured(match: re.Match[str]) -> list[str]:
    """The groups that took part in a match."""
    return [group for group in match.groups() if group is not None]


def _groups(match: re.Match[str]) -> list[tuple[int, int]]:
    return [match.span(i) for i in range(1, len(match.groups()) + 1) if match.group(i)]


def as_number(written: str) -> float:
    """A number without the per cent sign behind it."""
    return float(written.removesuffix("%"))


def as_share(written: str) -> float:
    """A probability as a share: 80%, 0.8 and (for 把握度80) a plain 80 are 0.8."""
    if written.endswith("%"):
        return round(float(written[:-1]) / 100, 10)
    value = float(written)
    return round(value / 100, 10) if 1 < value <= 100 else value


def as_limit(written: str) -> float:
    """A difference or limit: 10% is 0.1, a plain number is what it is."""
    return as_share(written) if written.endswith("%") else float(written)


def in_months(number: str, unit: str) -> float:
    """A time in months; a week is 12/52 of one."""
    scale = _MONTHS.get(unit) or _ENGLISH_MONTHS[unit[0]]
    return round(float(number) * scale, 6)


@cache
def rules() -> dict[str, Any]:
    """Everything in ``inputs.toml``."""
    with _FILE.open("rb") as file:
        return tomllib.load(file)


@cache
def patterns(table: str, key: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of a key, blanks filled."""
    return tuple(re.compile(filled(pattern), re.ASCII) for pattern in rules()[table][key])


def filled(pattern: str) -> str:
    """A pattern with the words and numbers that its blanks stand for."""
    for _ in range(3):  # blanks may hold blanks
        for blank, meaning in rules()["blanks"].items():
            pattern = pattern.replace(f"{{{blank}}}", meaning)
    return pattern

"""Dates of a text in ISO 8601, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_MONTH = "|".join(f"{name}|{name[:3]}\\.?" for name in _MONTHS) + r"|sept\.?"
_YEAR = r"((?:19|20)\d{2})"
_FORMS = (
    re.compile(rf"(?<!\d){_YEAR}\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*[日号]"),
    re.compile(rf"(?<![\d.]){_YEAR}[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?![\d.])"),
)
_MONTH_OF_YEAR = (
    re.compile(rf"(?<!\d){_YEAR}\s*年\s*(\d{{1,2}})\s*月(?!\s*\d)"),
    re.compile(rf"(?<![\d-]){_YEAR}-(0[1-9]|1[0-2])(?![\d-])"),
)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+{_YEAR}\b")
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})\s*,?\s+{_YEAR}\b")
_MONTH_AND_YEAR = re.compile(rf"\b({_MONTH})\s*,?\s+{_YEAR}\b")
_YEAR_ALONE = re.compile(rf"(?<![\d.,/]){_YEAR}\s*年(?!\s*\d)|\b(?:in|since|from|until)\s+{_YEAR}\b")
_DAY_OF_YEAR = re.compile(r"(?<![\d年])(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")

Span = tuple[int, int, str]


def find_dates(text: str) -> list[Span]:
    """Start, end and ISO form of every date in a text with Arabic digits, in lower case.

    A date without a day is ``2019-07``, without a month ``2019``, without a year ``--07-01``.

    >>> [iso for _, _, iso in find_dates("2019年7月1日 and july 1, 2019, 1 july 2019, 2019-07-01")]
    ['2019-07-01', '2019-07-01', '2019-07-01', '2019-07-01']
    """
    found: list[Span] = []
    for span in _candidates(text):
        if not any(start < span[1] and span[0] < end for start, end, _ in found):
            found.append(span)
    return sorted(found)


def less_precise(iso: str) -> list[str]:
    """A date and what it says with less: ``2019-07-01`` also says ``2019-07`` and ``2019``."""
    if iso.startswith("--"):
        return [iso]
    parts = iso.split("-")
    said = ["-".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return [*said, f"--{parts[1]}-{parts[2]}"] if len(parts) == 3 else said


def _candidates(text: str) -> Iterator[Span]:
    """The most precise forms first: what they take is not read again."""
    for form in _FORMS:
        for match in form.finditer(text):
            yield from _day(match, *map(int, match.groups()))
    for match in _MONTH_FIRST.finditer(text):
        yield from _day(match, int(match[3]), _month(match[1]), int(match[2]))
    for match in _DAY_FIRST.finditer(text):
        yield from _day(match, int(match[3]), _month(match[2]), int(match[1]))
    for form in _MONTH_OF_YEAR:
        for match in form.finditer(text):
            if 1 <= int(match[2]) <= 12:
                yield match.start(), match.end(), f"{match[1]}-{int(match[2]):02}"
    for match in _MONTH_AND_YEAR.finditer(text):
        yield match.start(), match.end(), f"{match[2]}-{_month(match[1]):02}"
    for match in _DAY_OF_YEAR.finditer(text):
        if 1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 31:
            yield match.start(), match.end(), f"--{int(match[1]):02}-{int(match[2]):02}"
    for match in _YEAR_ALONE.finditer(text):
        yield match.start(), match.end(), match[1] or match[2]


def _day(match: re.Match[str], year: int, month: int, day: int) -> Iterator[Span]:
    if 1 <= month <= 12 and 1 <= day <= 31:
        yield match.start(), match.end(), f"{year}-{month:02}-{day:02}"


def _month(name: str) -> int:
    return next(
        number for number, month in enumerate(_MONTHS, start=1) if month.startswith(name[:3])
    )

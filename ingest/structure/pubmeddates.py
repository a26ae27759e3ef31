"""Dates of PubMed: parts in elements, months as names, seasons and ranges."""

from __future__ import annotations

import re
from datetime import date

from ingest.structure.jatsxml import Element

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"\b(\d{4})\b")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})", re.I)


def date_of(element: Element) -> tuple[str | None, bool]:
    """ISO date as far as it is known (``2018-04``), and whether the day is.

    Of a range in ``MedlineDate`` (``2018 Nov-Dec``) the beginning is taken.
    """
    text = {
        name: (element.findtext(name) or "").strip()
        for name in ("Year", "Month", "Day", "MedlineDate")
    }
    year = _YEAR.search(text["Year"] or text["MedlineDate"])
    if year is None:
        return None, False
    month = _month(text["Month"] or text["MedlineDate"])
    if month is None:
        return year.group(1), False
    try:
        return date(int(year.group(1)), month, int(text["Day"] or 0)).isoformat(), True
    except ValueError:
        return f"{year.group(1)}-{month:02d}", False


def first_day(when: str) -> str:
    """The first day of a year or month; a day stays."""
    return f"{when}-01-01"[:10] if len(when) == 4 else f"{when}-01"[:10]


def _month(text: str) -> int | None:
    if text.isascii() and text.isdigit():
        return int(text) if 1 <= int(text) <= 12 else None
    named = _MONTH.search(text)
    return _MONTHS.index(named.group(1).lower()) + 1 if named else None

"""Values of spreadsheet cells as text: dates in ISO form, numbers without binary noise."""

from __future__ import annotations

import datetime
import re

_PERCENT = re.compile(r"0(?:\.(0+))?\s*%")
_LITERAL = re.compile(r"\"[^\"]*\"|\\.|_.|\[[^\]]*\]")


def cell_text(value: object, number_format: str | None = None) -> str:
    """Return the text of a cell's value; ``number_format`` matters for percentages."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return _moment(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    if isinstance(value, (int, float)):
        return _number(value, number_format or "")
    return " ".join(str(value).split())


def _moment(value: datetime.datetime) -> str:
    """The date; with the time unless it is midnight, which exports add to plain dates."""
    if value.time() == datetime.time(0):
        return value.date().isoformat()
    return value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")


def _number(value: float, number_format: str) -> str:
    percent = _PERCENT.search(_LITERAL.sub("", number_format))
    if percent is not None:
        return f"{value * 100:.{len(percent.group(1) or '')}f}%"
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    # Spreadsheets keep 15 significant digits; the rest is binary noise (0.1 + 0.2).
    return format(value, ".15g")

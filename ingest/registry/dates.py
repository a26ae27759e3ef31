"""Dates as registries write them, with the precision they have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_PATTERNS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"(?P<y>\d{4})(?:[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?)?(?:[T\s]\d.*)?$",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})$",
        r"(?P<y>\d{4})\s*年(?:\s*(?P<m>\d{1,2})\s*月(?:\s*(?P<d>\d{1,2})\s*日)?)?$",
        r"(?P<name>[a-z]{3,9})\.?\s+(?:(?P<d>\d{1,2})\s*,\s*)?(?P<y>\d{4})$",
        r"(?P<d>\d{1,2})\s+(?P<name>[a-z]{3,9})\.?\s+(?P<y>\d{4})$",
        r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})(?:\s\d.*)?$",
    )
)


@dataclass(frozen=True, slots=True)
class RegistryDate:
    """A date as written and as understood.

    Attributes:
        text: Verbatim.
        path: Where the field stands.
        iso: ``2015``, ``2015-10`` or ``2015-10-03``, as far as it is known; ``None`` if unreadable.
        kind: ``actual`` or ``anticipated`` where the registry says so.
    """

    text: str
    path: str
    iso: str | None
    kind: Literal["actual", "anticipated"] | None = None

    @property
    def precision(self) -> Literal["day", "month", "year"] | None:
        """How exact the date is."""
        if self.iso is None:
            return None
        return "day" if len(self.iso) == 10 else "month" if len(self.iso) == 7 else "year"

    @property
    def day(self) -> str | None:
        """The ISO date if it is known to the day."""
        return self.iso if self.precision == "day" else None


def read_date(
    text: str, path: str, kind: Literal["actual", "anticipated"] | None = None
) -> RegistryDate:
    """Read a date; ``3/10/2015`` is the third of October, as the WHO portal writes it."""
    return RegistryDate(text, path, _iso(text.strip()), kind)


def _iso(text: str) -> str | None:
    for pattern in _PATTERNS:
        match = pattern.match(text)
        if match is None:
            continue
        parts = match.groupdict()
        name = parts.get("name")
        month = _MONTHS.get(name[:3].lower()) if name else int(parts["m"]) if parts["m"] else None
        if name and month is None:
            return None
        year, day = int(parts["y"]), int(parts["d"]) if parts["d"] else None
        if month is not None and month > 12 and day is not None and "/" in text[:3]:
            month, day = day, month
        return _checked(year, month, day)
    return None


def _checked(year: int, month: int | None, day: int | None) -> str | None:
    try:
        whole = date(year, month or 1, day or 1).isoformat()
    except ValueError:
        return None
    return whole if day else whole[:7] if month else whole[:4]

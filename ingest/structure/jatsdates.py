"""Dates of JATS: parts in elements, ``iso-8601-date``, seasons; and which one is the issue date."""

from __future__ import annotations

import re
from datetime import date

from ingest.structure.jatsxml import Element

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:T|$)")
# The electronic edition is the first that anybody could read; then paper, then the collection.
_ORDER = ("electronic", "print", "collection", "other")
_NOT_ISSUED = frozenset(
    ["pmc-release", "nihms-submitted", "received", "accepted", "rev-recd", "rev-request",
     "retracted", "retraction", "corrected", "correction", "preprint", "submitted"]
)  # fmt: skip


def date_of(element: Element) -> tuple[str | None, bool]:
    """The date of a ``pub-date`` or ``date``: ISO ``2012-10-13``, ``2012-10`` or ``2012``.

    The second value tells whether day, month and year are all known.
    """
    iso = _ISO.match(element.get("iso-8601-date", "").strip())
    parts = iso.groups() if iso else _parts(element)
    year, month, day = (int(part) if part else None for part in parts)
    if year is None:
        return None, False
    if month is None or not 1 <= month <= 12:
        return f"{year:04d}", False
    try:
        return date(year, month, day or 0).isoformat(), True
    except ValueError:
        return f"{year:04d}-{month:02d}", False


def issued(article_meta: Element) -> tuple[str | None, str | None]:
    """When the article was published, and a warning when the day is not known.

    A complete date goes before an incomplete one, electronic before print. Of an incomplete date
    the first day stands in, because the rest of Xinglin compares days.
    """
    found = [
        (not complete, _ORDER.index(_edition(item)), value)
        for item in article_meta.iterchildren("pub-date")
        if not _kinds(item) & _NOT_ISSUED
        for value, complete in [date_of(item)]
        if value is not None
    ]
    if not found:
        return None, None
    incomplete, _, value = min(found, key=lambda entry: entry[:2])
    if not incomplete:
        return value, None
    full = f"{value}-01-01"[:10] if len(value) == 4 else f"{value}-01"
    return full, f"published {value}, the day is not stated; {full} stands for it"


def _parts(element: Element) -> tuple[str | None, str | None, str | None]:
    """Year, month and day as digits."""
    text = {name: "".join(item.itertext()).strip()
            for name in ("year", "month", "day", "string-date")
            if (item := element.find(name)) is not None}  # fmt: skip
    year = re.search(r"\b(\d{4})", text.get("year") or text.get("string-date", ""))
    month = text.get("month", "")
    if month[:3].lower() in _MONTHS:
        month = str(_MONTHS.index(month[:3].lower()) + 1)
    day = text.get("day", "")
    known = [value if value.isascii() and value.isdigit() else None for value in (month, day)]
    return (year.group(1) if year else None), known[0], known[1]


def _kinds(element: Element) -> set[str]:
    return {element.get("pub-type", ""), element.get("date-type", "")}


def _edition(element: Element) -> str:
    names = " ".join([*_kinds(element), element.get("publication-format", "")]).lower()
    if re.search(r"\bepub|electronic|\bepreprint|online", names):
        return "electronic"
    if re.search(r"\bppub|print", names):
        return "print"
    return "collection" if "collection" in names else "other"

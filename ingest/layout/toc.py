"""Find the lines of a table of contents."""

from __future__ import annotations

import re

from ingest.layout.numbering import is_toc_entry, is_toc_title
from ingest.layout.shapes import Line

_PAGE_AT_END = re.compile(r"\s(\d{1,4})$")
_MIN_ENTRIES = 3


def toc_range(lines: list[Line], goes_on: bool) -> tuple[int, int] | None:
    """Start and end (exclusive) of the table of contents in a column, or None.

    Args:
        lines: Lines of a column from top to bottom.
        goes_on: The page before ended in a table of contents.
    """
    entries = [i for i, line in enumerate(lines) if is_toc_entry(line.text)]
    titles = [i for i, line in enumerate(lines) if is_toc_title(line.text)]
    if len(entries) < _MIN_ENTRIES and (titles or goes_on):
        first = titles[0] + 1 if titles else 0
        entries = sorted({*entries, *_right_aligned(lines, first)})
    if not entries or len(entries) < (1 if goes_on else _MIN_ENTRIES):
        return None
    start, end = entries[0], entries[-1] + 1
    # A page that merely holds three leaders among other text is a form, not a contents list.
    if len(entries) < 0.3 * (end - start):
        return None
    if goes_on:
        start = 0 if start <= 2 else start
    else:
        start = min([start, *(t for t in titles if start - t <= 3)])
    return start, end


def _right_aligned(lines: list[Line], first: int) -> list[int]:
    """Lines that end in a page number at the right edge, if the numbers never fall."""
    found = []
    last = 0
    right = max((line.x1 for line in lines[first:]), default=0.0)
    for index in range(first, len(lines)):
        match = _PAGE_AT_END.search(lines[index].text)
        if match is None or lines[index].x1 < right - 6:
            continue
        number = int(match.group(1))
        if number < last:
            return []
        last = number
        found.append(index)
    return found if len(found) >= max(_MIN_ENTRIES, 0.5 * (len(lines) - first)) else []

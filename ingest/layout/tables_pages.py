"""Follow a table over the end of a page.

Each page keeps its own part, so that what is quoted is found on its page; the part gets the header
and the caption of the first one, whether the file repeats them or not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.layout.tables_ruled import RawTable, Row
from ingest.model import Table
from ingest.tables import header_row_count

_OUTER = 24.0  # points by which the outer edges of the parts may differ
_NUMBER = re.compile(r"[\dA-Z一二三四五六七八九十]+(?:[.:：\-–\s]+\d+)*")
_USUAL = re.compile(
    r"(?:term|abbreviation|acronym|definition|class|grade|event|parameter|visit|item|name|code"
    r"|description|category|objective|endpoint|criteria|section|version|document|dose|arm|group"
    r"|scale|score|stage|step|variable|analyte|test|assessment|procedure|activity)s?(?:\(s\))?"
    r"|序号|编号|名称|项目|指标|参数|定义|缩写|缩略语|全称|说明|内容|描述|分级|等级|类别|访视",
    re.IGNORECASE,
)
_CONTINUED = re.compile(r"续|\(?\bcont(?:inued|\.|['’]d|d\b|\))|（续）|接上[页表]", re.IGNORECASE)


@dataclass(slots=True)
class _Part:
    """What the next part of a table needs to know of the ones before."""

    page: int
    head: list[Row]
    sure: bool
    caption: str | None
    edges: list[tuple[float, float]]
    ruled: bool


class OpenTable:
    """Remembers the table that may go on at the top of the next page."""

    def __init__(self) -> None:
        self._part: _Part | None = None
        self._closed = False

    def close(self) -> None:
        """Something else follows; only a part that repeats the header can go on with it."""
        self._closed = True

    def may_go_on(self, page: int) -> bool:
        """Whether a table stands at the end of the page before ``page``."""
        return self._part is not None and self._part.page == page - 1 and not self._closed

    def finish(
        self, raw: RawTable, caption: str | None, page: int, first: bool
    ) -> tuple[Table, bool]:
        """The table of one page, and whether it continues the one before.

        Args:
            raw: What the page shows.
            caption: The caption on this page.
            page: Its number.
            first: Nothing but the caption, or the part before, stands above it on the page.
        """
        part = self._part
        caption = caption or raw.caption
        rows = self._rows_going_on(raw, caption, page, first)
        if part is not None and rows is not None:
            caption = part.caption or caption
            repeated, body = _without_head(rows, part.head)
            # A header that is only guessed must not be put where the page shows none.
            head = part.head if part.sure or repeated else []
            self._part = replace(part, page=page, caption=caption)
            self._closed = False
            return _table([*head, *body], len(head), caption), True
        heads = raw.heads if raw.sure else max(raw.heads, _guessed_heads(raw.rows))
        self._part = _Part(page, raw.rows[:heads], raw.sure, caption, raw.edges, raw.ruled)
        self._closed = False
        return _table(raw.rows, heads, caption), False

    def _rows_going_on(
        self, raw: RawTable, caption: str | None, page: int, first: bool
    ) -> list[Row] | None:
        """The rows in the columns of the table before, if they go on with it."""
        part = self._part
        if part is None or page - part.page > 1:
            return None
        same_head = (
            page > part.page and part.sure and _same_start(raw.rows[: len(part.head)], part.head)
        )
        if not (same_head or (first and not self._closed)):
            return None
        return _fitted(raw, part) if _may_go_on(part, raw, caption) else None


def is_continued(caption: str) -> bool:
    """Whether a caption says that its table began on an earlier page."""
    return _CONTINUED.search(caption) is not None


def caption_number(caption: str) -> str | None:
    """The number in a caption: ``3``, ``5.1-1``, ``二``."""
    match = _NUMBER.search(re.sub(r"^\D*?(?:table|表)\s*", "", caption, flags=re.IGNORECASE))
    return re.sub(r"\s+", "", match.group()) if match else None


def _table(rows: list[Row], heads: int, caption: str | None) -> Table:
    """A table without the columns that hold nothing at all."""
    used = [column for column in range(len(rows[0])) if any(row[column] for row in rows)]
    return Table(tuple(tuple(row[c] for c in used) for row in rows), heads, caption)


def _guessed_heads(rows: list[Row]) -> int:
    """1 if the words of the first row look like names of columns, else 0."""
    if any(cell.endswith((":", "：")) for cell in rows[0]):
        return 0
    if len(rows[0]) <= 2 and not _names_columns(rows):
        return 0
    for column, cell in enumerate(rows[0]):
        below = [row[column] for row in rows[1:] if row[column]]
        # A date over dates is a value like them.
        if cell[:1].isdigit() and 2 * sum(text[:1].isdigit() for text in below) > len(below):
            return 0
    return header_row_count(rows)


def _names_columns(rows: list[Row]) -> bool:
    """Whether two columns have a first row of usual names, or of words over numbers."""
    if any(_USUAL.fullmatch(cell) for cell in rows[0]):
        return True
    for column, cell in enumerate(rows[0]):
        below = [row[column] for row in rows[1:] if row[column]]
        numbers = sum(1 for text in below if re.match(r"[<>≤≥±~+-]?\s?\d", text))
        if cell and not cell[0].isdigit() and len(below) > 1 and numbers == len(below):
            return True
    return False


def _may_go_on(part: _Part, raw: RawTable, caption: str | None) -> bool:
    if caption is not None:
        same = part.caption is not None and caption_number(caption) == caption_number(part.caption)
        if not same and not (is_continued(caption) and part.caption is None):
            return False
    own = raw.rows[: raw.heads]
    # A table with another header of its own is another table.
    return not (raw.sure and part.sure and own and not _same_start(own, part.head))


def _fitted(raw: RawTable, part: _Part) -> list[Row] | None:
    """The rows in the columns of the part before; None if they do not fit them."""
    edges = part.edges
    # The edges of the text stand inside those that are drawn.
    outer = _OUTER if raw.ruled == part.ruled else 2 * _OUTER
    if abs(raw.edges[0][0] - edges[0][0]) > outer:
        return None
    if raw.ruled and part.ruled and abs(raw.edges[-1][1] - edges[-1][1]) > _OUTER:
        return None
    places = []
    for x0, x1 in raw.edges:
        overlaps = [min(x1, b) - max(x0, a) for a, b in edges]
        best = max(range(len(edges)), key=lambda n: overlaps[n])
        # Most of the narrower of the two must be shared.
        if overlaps[best] < 0.5 * min(x1 - x0, edges[best][1] - edges[best][0]):
            return None
        places.append(best)
    rows = []
    for row in raw.rows:
        fitted = [""] * len(edges)
        for place, cell in zip(places, row, strict=True):
            if cell and fitted[place] and cell != fitted[place]:
                return None
            fitted[place] = fitted[place] or cell
        rows.append(tuple(fitted))
    return rows


def _without_head(rows: list[Row], head: list[Row]) -> tuple[bool, list[Row]]:
    """Whether the page repeats the header, and the rows below it."""
    count = 0
    while count < min(len(rows), len(head)) and _key(rows[count]) == _key(head[count]):
        count += 1
    if count == 0 and head and len(rows) > 1 and _key(rows[0]) == _key(head[-1]):
        count = 1
    return count > 0, rows[count:]


def _same_start(own: list[Row], head: list[Row]) -> bool:
    keys = {_key(row) for row in head}
    return any(_key(row) in keys for row in own)


def _key(row: Row) -> str:
    return re.sub(r"\W+", "", "".join(row)).lower()

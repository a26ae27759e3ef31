"""Rows of tables as evidence: a row is read under the headers of its columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.designators import Designator, agreement, column_designators, row_designators
from ingest.model import Block, Table
from retrieval.lexicon import HAS_CJK

_UNIT = re.compile(
    r"[（(\[](?P<bracketed>[^（()）\[\]]{1,12})[)）\]]\s*$|[,，/]\s*(?P<after>[^\s,，/\d]{1,10})\s*$"
)


_TIME = re.compile(r"\b(?:days?|weeks?|months?|hours?)\b|[天周月]$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CitedTable:
    """What an answer shows of a table: its caption, its header and the rows that are quoted.

    Every row has one cell for each column; ``header`` is empty for a table without one.
    """

    caption: str | None
    header: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table as evidence.

    Attributes:
        label: Its first cell that is not empty.
        above: Caption and header cells.
        spelled: The cells with the units of their columns.
        about: The numbered things that the row itself is about (visit 3).
        columns: Those that the columns are about in which it holds something.
    """

    label: str
    above: str
    spelled: str
    about: frozenset[Designator]
    columns: frozenset[Designator]

    def agreement(self, asked: frozenset[Designator]) -> float:
        """Whether the row deals with the numbered thing asked about: 1, or -1 for another."""
        return agreement(asked, self.about, self.columns)


@dataclass(frozen=True, slots=True)
class TableLines:
    """Where the lines of a table stand in its block's text.

    Attributes:
        above: Caption and header cells, which every row is read under.
        body: Offset of each row in the text, with its number in ``table.rows``; a single header
            is none, of several each is one.
        table: The cells.
        first: Offset of the first row below the header.
        columns: The numbered things (visit 3) that each column is about.
    """

    above: str
    body: Mapping[int, int]
    table: Table
    first: int
    columns: tuple[frozenset[Designator], ...] = ()

    def row(self, offset: int) -> Row:
        """The row whose line begins at ``offset``."""
        number = self.body[offset]
        cells = self.table.rows[number]
        header = [self.header_of(column) for column in range(len(cells))]
        about = row_designators(header, cells)
        if number < self.table.header_rows:
            about |= row_designators([cells[0]] * len(cells), cells)
        filled = zip(self.columns, cells, strict=False)
        return Row(
            label=next((cell for cell in cells if cell), ""),
            above=self.above,
            spelled=self.spelled(number),
            about=about,
            columns=frozenset().union(*(found for found, cell in filled if cell)),
        )

    def header_of(self, column: int) -> str:
        """The words above a column, header rows from top to bottom."""
        rows = self.table.rows[: self.table.header_rows]
        return " ".join(dict.fromkeys(row[column] for row in rows if row[column]))

    def spelled(self, number: int) -> str:
        """A row as it is read: each cell with the unit that its column's header gives.

        ``±3`` under 「窗口期（天）」 is ``±3天``; so is one in the row 「窗口期（天）」.
        """
        cells = self.table.rows[number]
        label = unit_of(cells[0]) or _label_unit(cells[0])
        return " | ".join(
            f"{cell}{unit_of(self.header_of(column)) or (label if column else '')}"
            if cell and cell[-1].isdigit()
            else cell
            for column, cell in enumerate(cells)
        )

    def is_head(self, offset: int) -> bool:
        """Whether a line is no row of its own: the caption, or the only header."""
        return offset not in self.body and offset < self.first


def _label_unit(label: str) -> str:
    """The unit of a row of days or weeks."""
    match = _TIME.search(label)
    return f" {match.group()}" if match else ""


def unit_of(header: str) -> str:
    """The unit in a column's header: that in brackets at its end, or after a comma or slash.

    >>> unit_of("允许窗口（天）"), unit_of("Dose, mg"), unit_of("Visit window")
    ('天', ' mg', '')
    """
    match = _UNIT.search(header)
    if match is None:
        return ""
    unit = match["bracketed"] or match["after"]
    return unit if HAS_CJK.search(unit) else f" {unit}"


def table_lines(block: Block) -> TableLines | None:
    """Map the text of a table block to its rows; ``None`` when it is written in another way.

    Text is :func:`ingest.tables.table_text`, perhaps followed by lines of notes.
    """
    table = block.table
    if table is None or not table.rows:
        return None
    offset = len(table.caption) + 1 if table.caption else 0
    if table.caption and not block.text.startswith(f"{table.caption}\n"):
        return None
    body: dict[int, int] = {}
    first = offset
    for number, row in enumerate(table.rows):
        line = " | ".join(row)
        end = offset + len(line)
        if not block.text.startswith(line, offset) or block.text[end : end + 1] not in {"", "\n"}:
            return None
        # Of several header rows each says something: visit, day, window.
        if number >= table.header_rows or (table.header_rows > 1 and row[0]):
            body[offset] = number
        offset = end + 1
        if number < table.header_rows:
            first = offset
    header = [" | ".join(row) for row in table.rows[: table.header_rows]]
    above = "\n".join([*([table.caption] if table.caption else []), *header])
    return TableLines(
        above, body, table, first, column_designators(table.rows[: table.header_rows])
    )


def cited_table(block: Block, start: int, end: int) -> CitedTable | None:
    """The rows of ``block`` that a quote of ``text[start:end]`` holds, under their header.

    ``None`` when the quote is no whole row.
    """
    lines = table_lines(block)
    if lines is None:
        return None
    rows = tuple(lines.table.rows[number] for at, number in lines.body.items() if start <= at < end)
    if not rows or start not in lines.body:
        return None
    header = tuple(row for row in lines.table.rows[: lines.table.header_rows] if row not in rows)
    return CitedTable(lines.table.caption, header, rows)

"""Tables of JATS: XHTML tables as they are, OASIS (CALS) tables rewritten as such.

CALS: OASIS Technical Resolution TR 9503:1995, the exchange table model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from lxml import etree

from ingest.model import Block, Locator, Table
from ingest.structure.htmltable import read_table
from ingest.structure.jatsxml import Element, children
from ingest.tables import make_table, split_rows, table_block

TextOf = Callable[[Element], str]
_MAX_COLUMNS, _MAX_ROWS, _MAX_HEADER = 200, 100_000, 3
_FIGURE = re.compile(r"[<>≤≥~±+−–-]?\s*\.?\d")


def tables_of(wrap: Element, text_of: TextOf) -> list[Table]:
    """The tables of a ``table-wrap``, in order, without captions; none for pictures only.

    A table of a single cell is a table too: nothing here lays out a page.
    """
    found: list[Table] = []
    for element in wrap.iter("table"):
        if next(element.iterancestors("table"), None) is not None:
            continue  # part of a cell
        groups = list(element.iter("tgroup"))
        for item in [_as_html(group) for group in groups] if groups else [element]:
            _mend_header(item)
            table = read_table(item, text_of)[0]
            if table is not None and table.header_rows == 0:
                table = replace(table, header_rows=_blank_corner_rows(table.rows))
            if table is None:
                table = make_table([[text_of(cell)] for cell in item.iter("td", "th")], 0)
            if table is not None:
                found.append(table)
    return found


def table_blocks(
    tables: list[Table], caption: str, notes: list[str], locator: Locator, flags: tuple[str, ...]
) -> list[Block]:
    """Blocks of one table-wrap: the caption on each part, the notes below the last row."""
    parts = [
        part
        for table in tables
        for _, part in split_rows(replace(table, caption=caption or table.caption))
    ]
    blocks = [table_block(part, locator, flags) for part in parts]
    if notes and blocks:
        blocks[-1] = replace(blocks[-1], text="\n".join([blocks[-1].text, *notes]))
    return blocks


def _mend_header(table: Element) -> None:
    """Give a header's first row the row spans it was written without.

    When the second row names just the columns below the spanning cells, a browser would show
    those names too far to the left.
    """
    head = table.find("thead")
    rows = [] if head is None else list(head.iterchildren("tr"))
    if len(rows) != 2 or any(_number(c.get("rowspan")) > 1 for c in rows[0].iter("td", "th")):
        return
    upper, lower = ([c for c in row if c.tag in {"td", "th"}] for row in rows)
    spanned = sum(_number(cell.get("colspan")) for cell in upper if _wide(cell))
    if spanned and len(lower) == spanned and not any(_wide(cell) for cell in lower):
        for cell in upper:
            if not _wide(cell):
                cell.set("rowspan", "2")


def _wide(cell: Element) -> bool:
    return _number(cell.get("colspan")) > 1


def _blank_corner_rows(rows: Sequence[Sequence[str]]) -> int:
    """Header rows of a table without ``thead``: those whose first cell is blank, and the next one
    when it names the columns."""
    count = 0
    while count < min(len(rows) - 1, _MAX_HEADER) and not rows[count][0]:
        count += 1
    named = [cell for cell in rows[count][1:] if cell]
    if count and count + 1 < len(rows) and named and not any(map(_FIGURE.match, named)):
        count += 1
    return count


def _as_html(group: Element) -> Element:
    """A CALS ``tgroup`` as an XHTML table; entries are moved, not copied."""
    table = etree.Element("table")
    names = _column_names(group)
    for part in children(group):
        if part.tag not in {"thead", "tbody", "tfoot"}:
            continue
        section = etree.SubElement(table, part.tag)
        taken: dict[int, int] = {}  # column: rows that an entry above still covers
        for row in part.iterchildren("row"):
            line = etree.SubElement(section, "tr")
            column, covered = 0, {at: left - 1 for at, left in taken.items() if left > 1}
            for entry in list(row.iterchildren("entry", "entrytbl")):
                while taken.get(column, 0) > 0:
                    column += 1
                start = names.get(entry.get("namest") or entry.get("colname") or "", column)
                for missing in range(column, min(start, _MAX_COLUMNS)):
                    if taken.get(missing, 0) <= 0:
                        etree.SubElement(line, "td")
                end = max(start, names.get(entry.get("nameend") or "", start))
                rows = _number(entry.get("morerows"), _MAX_ROWS) + 1
                if rows > 1:
                    covered.update(dict.fromkeys(range(start, end + 1), rows - 1))
                entry.tag = "td"
                entry.set("colspan", str(end - start + 1))
                entry.set("rowspan", str(rows))
                line.append(entry)
                column = end + 1
            taken = covered
    return table


def _column_names(group: Element) -> dict[str, int]:
    """Numbers, from 0, of the columns that ``colspec`` and ``spanspec`` name."""
    names: dict[str, int] = {}
    number = 0
    for spec in group.iterchildren("colspec"):
        number = _number(spec.get("colnum")) or number + 1
        if number <= _MAX_COLUMNS:
            names[spec.get("colname") or str(number)] = number - 1
    return names


def _number(value: str | None, most: int = _MAX_COLUMNS) -> int:
    text = (value or "").strip()[:9]
    return min(int(text), most) if text.isascii() and text.isdigit() else 0

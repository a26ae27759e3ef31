"""Word tables: merged cells filled in, nested tables flattened, header rows counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ingest.model import Table
from ingest.structure.docxpackage import Element, W, child, integer, is_on, value
from ingest.structure.docxruns import mark_is_deleted
from ingest.tables import guessed_header_rows, make_table
from ingest.text import squeeze

_MAX_SPAN = 200
CellText = Callable[[Element], str]


def read_table(element: Element, text_of: CellText) -> Table | None:
    """Return the table, or ``None`` when no cell holds text.

    ``text_of`` gives the text of a paragraph with the blanks at its ends; it is called once for
    each, in reading order, so that automatic numbers count on.
    """
    rows = list(table_rows(element))
    grid: list[dict[int, str]] = []
    spanning: dict[int, str] = {}
    merged_down: set[int] = set()
    for number, row in enumerate(rows):
        column = integer(value(row, "trPr/gridBefore"), 0) or 0
        cells: dict[int, str] = {}
        for cell in row_cells(row):
            width = min(max(integer(value(cell, "tcPr/gridSpan"), 1) or 1, 1), _MAX_SPAN)
            text = cell_text(cell, text_of)
            merge = child(cell, "tcPr/vMerge")
            if merge is not None and merge.get(f"{W}val", "continue") == "continue":
                text = spanning.get(column, text)
                merged_down.add(number)
            else:
                spanning[column] = text
            horizontal = child(cell, "tcPr/hMerge")
            if horizontal is not None and horizontal.get(f"{W}val", "continue") == "continue":
                text = cells.get(column - 1, text)
            for covered in range(column, column + width):
                cells[covered] = text
            column += width
        grid.append(cells)
    texts = [[cells.get(i, "") for i in range(max(cells, default=-1) + 1)] for cells in grid]
    return make_table(texts, _header_rows(rows, texts, merged_down))


def table_rows(element: Element) -> Iterator[Element]:
    """Rows of a table, also those in content controls, without deleted ones."""
    for item in element.iterchildren():
        if item.tag == f"{W}tr":
            if child(item, "trPr/del") is None:
                yield item
        elif item.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"}:
            yield from table_rows(item)


def row_cells(row: Element) -> Iterator[Element]:
    """Cells of a row, also those in content controls, without deleted ones."""
    for item in row.iterchildren():
        if item.tag == f"{W}tc":
            if child(item, "tcPr/cellDel") is None:
                yield item
        elif item.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}customXml"}:
            yield from row_cells(item)


def cell_text(cell: Element, text_of: CellText) -> str:
    """All text of a cell, that of tables inside it included."""
    parts: list[str] = []
    goes_on = False
    for item in cell.iterchildren():
        if item.tag == f"{W}p":
            text = text_of(item)
            if goes_on and parts:
                parts[-1] += text
            else:
                parts.append(text)
            goes_on = mark_is_deleted(item)
        elif item.tag == f"{W}tbl":
            goes_on = False
            for row in table_rows(item):
                parts.extend(cell_text(inner, text_of) for inner in row_cells(row))
        elif item.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"}:
            parts.append(cell_text(item, text_of))
    return " ".join(part for part in map(squeeze, parts) if part)


def deleted_parts(element: Element) -> int:
    """Number of tracked deletions of whole rows and cells of a table."""
    rows = sum(1 for row in element.iter(f"{W}tr") if child(row, "trPr/del") is not None)
    return rows + sum(1 for _ in element.iter(f"{W}cellDel"))


def only_cell(element: Element) -> Element | None:
    """The cell of a table that has just one: a frame around text."""
    rows = list(table_rows(element))
    cells = list(row_cells(rows[0])) if len(rows) == 1 else []
    return cells[0] if len(cells) == 1 else None


def _header_rows(rows: list[Element], texts: list[list[str]], merged_down: set[int]) -> int:
    """Rows marked to repeat on every page; else the first, with the rows its cells reach into."""
    marked = 0
    for row in rows:
        if not is_on(row, "trPr/tblHeader"):
            break
        marked += 1
    if marked and marked < len(rows):
        return marked
    if len(texts) > 2 and len(set(texts[0])) < len(texts[0]) and 1 in merged_down:
        shared = sum(1 for a, b in zip(texts[0], texts[1], strict=False) if a and a == b)
        if 0 < shared < len(texts[0]):
            return 2
    return guessed_header_rows(texts)

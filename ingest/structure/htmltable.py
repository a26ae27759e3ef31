"""HTML tables: spans filled in, header rows counted, layout tables told apart."""

from __future__ import annotations

from collections.abc import Callable

from lxml.html import HtmlElement

from ingest.model import Table
from ingest.tables import header_row_count, make_table

_MAX_SPAN = 200
VisibleText = Callable[[HtmlElement], str]


def read_table(element: HtmlElement, text_of: VisibleText) -> tuple[Table | None, bool]:
    """Return the table and whether it only lays out the page.

    A layout table (one cell, or a single row that holds other tables) is to be read as text. The
    text of a table nested in a cell becomes part of that cell.
    """
    rows = [row for row in element.iter("tr") if _owner(row) is element]
    cells = [[cell for cell in row if cell.tag in {"td", "th"}] for row in rows]
    count = sum(len(row) for row in cells)
    if count <= 1 or (len(rows) == 1 and element.find(".//table") is not None):
        return None, True
    header = _header_rows(rows, cells)
    texts = _expand(cells, text_of)
    if header == 0:
        header = header_row_count(texts)
    caption = element.find("caption")
    title = None if caption is None else " ".join(text_of(caption).split())
    return make_table(texts, header, title or None), False


def _owner(row: HtmlElement) -> HtmlElement | None:
    """The table a row belongs to."""
    for ancestor in row.iterancestors("table"):
        return ancestor
    return None


def _header_rows(rows: list[HtmlElement], cells: list[list[HtmlElement]]) -> int:
    """Leading rows in ``thead`` or made of ``th``, and the rows their spans reach into."""
    count = 0
    for row, items in zip(rows, cells, strict=True):
        parent = row.getparent()
        in_head = parent is not None and parent.tag == "thead"
        if not in_head and not (items and all(item.tag == "th" for item in items)):
            break
        count += 1
    if count == 0 and cells and len(rows) > 2:
        # Recognised tables have no th; cells of the first row that span rows name the columns,
        # unless they all do, which is a heading of groups of rows.
        spans = [_span(item, "rowspan") for item in cells[0]]
        if (
            len(spans) > 1
            and max(spans) > 1
            and any(_span(item, "colspan") > 1 for item in cells[0])
        ):
            count = min(max(spans), 4, len(rows) - 1)
    return count


def _expand(cells: list[list[HtmlElement]], text_of: VisibleText) -> list[list[str]]:
    """Repeat the text of a spanning cell in every place that it covers."""
    grid: list[dict[int, str]] = [{} for _ in cells]
    for number, row in enumerate(cells):
        column = 0
        for cell in row:
            while column in grid[number]:
                column += 1
            text = " ".join(text_of(cell).split())
            width = _span(cell, "colspan")
            height = _span(cell, "rowspan") or len(cells)
            for below in range(number, min(number + height, len(cells))):
                for right in range(column, column + width):
                    grid[below].setdefault(right, text)
            column += width
    return [[row.get(i, "") for i in range(max(row, default=-1) + 1)] for row in grid]


def _span(cell: HtmlElement, name: str) -> int:
    """A span as written; 0 rows means the rest of the table, nonsense means 1."""
    try:
        value = int(cell.get(name, "1").strip())
    except ValueError:
        return 1
    if value == 0 and name == "rowspan":
        return 0
    return max(1, min(value, _MAX_SPAN))

"""HTML tables: spans filled in, header rows counted, layout tables told apart."""

from __future__ import annotations

from collections.abc import Callable
from unicodedata import normalize

from lxml.html import HtmlElement

from ingest.errors import BadInput
from ingest.model import Table
from ingest.tables import header_row_count, make_table

_MAX_COLUMNS = 200
_MAX_FILLED = 1_000_000
VisibleText = Callable[[HtmlElement], str]
IsShown = Callable[[HtmlElement], bool]


def read_table(
    element: HtmlElement, text_of: VisibleText, is_shown: IsShown = lambda _: True
) -> tuple[Table | None, bool]:
    """Return the table and whether it only lays out the page.

    A layout table (one cell, or a single row that holds other tables) is to be read as text. The
    text of a table nested in a cell becomes part of that cell. Rows that ``is_shown`` denies, or
    whose group it denies, are left out.

    Raises:
        BadInput: Spans cover more places than any real table has.
    """
    rows = [
        row
        for row in element.iter("tr")
        if _owner(row) is element and is_shown(row) and is_shown(row.getparent())
    ]
    cells = [[cell for cell in row if cell.tag in {"td", "th"}] for row in rows]
    count = sum(len(row) for row in cells)
    if count <= 1 or (len(rows) == 1 and element.find(".//table") is not None):
        return None, True
    header = _header_rows(rows, cells)
    texts = _expand(rows, cells, text_of)
    if header == 0:
        # A raised number is no word that could name a column.
        header = header_row_count([[normalize("NFKC", text) for text in row] for row in texts[:2]])
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
        spans = [_rows_of(item) for item in cells[0]]
        if len(spans) > 1 and max(spans) > 1 and any(_columns_of(item) > 1 for item in cells[0]):
            count = min(max(spans), 4, len(rows) - 1)
    return count


def _expand(
    rows: list[HtmlElement], cells: list[list[HtmlElement]], text_of: VisibleText
) -> list[list[str]]:
    """Repeat the text of a spanning cell in every place that it covers.

    A span ends with the group of rows (``thead``, ``tbody``) that its cell stands in.
    """
    ends = _group_ends(rows)
    grid: list[dict[int, str]] = [{} for _ in cells]
    left = _MAX_FILLED
    for number, row in enumerate(cells):
        column = 0
        for cell in row:
            while column in grid[number]:
                column += 1
            text = " ".join(text_of(cell).split())
            width = _columns_of(cell)
            below = min(number + (_rows_of(cell) or len(cells)), ends[number])
            left -= width * (below - number) - 1
            if left < 0:
                raise BadInput("the cells of a table span millions of places; save the file again")
            for place in range(number, below):
                for right in range(column, column + width):
                    grid[place].setdefault(right, text)
            column += width
    return [[row.get(i, "") for i in range(max(row, default=-1) + 1)] for row in grid]


def _group_ends(rows: list[HtmlElement]) -> list[int]:
    """For each row the number of the first row behind its group."""
    ends = [len(rows)] * len(rows)
    for number in range(len(rows) - 2, -1, -1):
        same = rows[number].getparent() is rows[number + 1].getparent()
        ends[number] = ends[number + 1] if same else number + 1
    return ends


def _rows_of(cell: HtmlElement) -> int:
    """Rows that a cell spans; 0 means the rest of its group, nonsense means 1."""
    rows = _whole(cell.get("rowspan"))
    return rows if rows >= 0 else 1


def _columns_of(cell: HtmlElement) -> int:
    return max(1, min(_whole(cell.get("colspan")), _MAX_COLUMNS))


def _whole(written: str | None) -> int:
    try:
        return int((written or "1").strip())
    except ValueError:
        return 1

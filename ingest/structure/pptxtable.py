"""Tables on slides (DrawingML, a:tbl): merged cells filled in, header row told."""

from __future__ import annotations

from collections import Counter

from ingest.model import Table
from ingest.structure.drawingtext import A, body_text
from ingest.structure.ooxml import Element
from ingest.tables import guessed_header_rows, make_table


def read_table(element: Element, left_out: Counter[str]) -> Table | None:
    """Return the table, or ``None`` when no cell holds text.

    The text of a merged cell is repeated in every place it covers. ``left_out`` counts by kind
    what was left out of the cells.
    """
    grid: list[list[str]] = []
    for row in element.iterchildren(f"{A}tr"):
        cells: list[str] = []
        for cell in row.iterchildren(f"{A}tc"):
            column = len(cells)
            above = grid[-1][column] if grid and column < len(grid[-1]) else ""
            if _is_on(cell, "vMerge"):
                cells.append(above)
            elif _is_on(cell, "hMerge"):
                cells.append(cells[-1] if cells else "")
            else:
                body = cell.find(f"{A}txBody")
                cells.append("" if body is None else body_text(body, left_out))
        grid.append(cells)
    properties = element.find(f"{A}tblPr")
    marked = properties is not None and _is_on(properties, "firstRow") and len(grid) > 1
    guessed = guessed_header_rows(grid)
    return make_table(grid, max(1, guessed) if marked else guessed)


def _is_on(element: Element, name: str) -> bool:
    return element.get(name) in {"1", "true"}

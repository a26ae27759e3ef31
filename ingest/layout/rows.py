"""Find tables among the lines of a column by the alignment of their cells.

Cautious on purpose: prose taken for a table is shredded, a table taken for prose is still read
line by line. At least two neighbouring lines must share at least two cell edges.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.layout.numbering import is_bare_mark, is_toc_entry
from ingest.layout.shapes import Cell, Line

_NEAR = 4.0  # points by which aligned edges may differ


@dataclass(slots=True)
class Run:
    """Lines ``start`` to ``end`` (exclusive) of a column that form a table."""

    start: int
    end: int


def merge_marks(line: Line) -> Line:
    """Join an enumerator set off by a tab to the text that follows it."""
    cells = line.cells
    if line.grid is None and len(cells) == 2 and is_bare_mark(cells[0].text):
        joined = Cell(f"{cells[0].text} {cells[1].text}", cells[0].x0, cells[1].x1)
        line.cells = [joined]
    return line


def find_tables(lines: list[Line]) -> list[Run]:
    """The tables among ``lines``, in order, not overlapping."""
    runs = []
    index = 0
    while index < len(lines):
        end = _ruled(lines, index) if lines[index].grid is not None else _extend(lines, index)
        if end is None:
            index += 1
        else:
            runs.append(Run(index, end))
            index = end
    return runs


def _ruled(lines: list[Line], start: int) -> int | None:
    """End of the ruled table that starts at line ``start``, or None if it has no rows."""
    end = start
    while end < len(lines) and lines[end].grid == lines[start].grid:
        end += 1
    rows = sum(len(line.cells) >= 2 for line in lines[start:end])
    return end if rows >= 2 else None


def _extend(lines: list[Line], start: int) -> int | None:
    """End of the table that starts at line ``start``, or None."""
    first = lines[start]
    if len(first.cells) < 2 or is_toc_entry(first.text):
        return None
    columns = list(first.cells)
    rows = 1
    end = start + 1
    index = end
    while index < len(lines):
        line, previous = lines[index], lines[index - 1]
        gap = line.y0 - previous.y1
        if line.grid is not None or gap > 2.5 * line.size or is_toc_entry(line.text):
            break
        if len(line.cells) >= 2:
            if _matches(line.cells, columns) < 2:
                break
            rows += 1
            columns.extend(cell for cell in line.cells if not _known(cell, columns))
            end = index + 1
        elif _continues(line, columns, gap):
            # Kept as part of the table only when it stands under an inner column, or when a
            # row follows.
            if not _near(line.x0, columns[0].x0):
                end = index + 1
        else:
            break
        index += 1
    return end if rows >= 2 else None


def _matches(cells: list[Cell], columns: list[Cell]) -> int:
    return sum(1 for cell in cells if _known(cell, columns))


def _known(cell: Cell, columns: list[Cell]) -> bool:
    return any(
        _near(cell.x0, column.x0)
        or _near(cell.x1, column.x1)
        or _near((cell.x0 + cell.x1) / 2, (column.x0 + column.x1) / 2)
        for column in columns
    )


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= _NEAR


def _continues(line: Line, columns: list[Cell], gap: float) -> bool:
    """Whether a line of one cell is the second line of a cell above."""
    if gap > 0.8 * line.size:
        return False
    cell = line.cells[0]
    ordered = sorted(columns, key=lambda column: column.x0)
    for column in ordered:
        if _near(cell.x0, column.x0) or _near((cell.x0 + cell.x1) / 2, (column.x0 + column.x1) / 2):
            following = [c.x0 for c in ordered if c.x0 > column.x0 + 2 * _NEAR]
            return not following or cell.x1 < following[0] - 2
    return False


def table_rows(lines: list[Line]) -> list[list[str]]:
    """Put the cells of a table's lines into columns; every row gets the same length."""
    columns = _columns(lines)
    rows = []
    for line in lines:
        row = [""] * len(columns)
        for cell in line.cells:
            place = max(
                range(len(columns)),
                key=lambda number: (
                    min(cell.x1, columns[number][1]) - max(cell.x0, columns[number][0])
                ),
            )
            row[place] = f"{row[place]} {cell.text}".strip()
        rows.append(row)
    return rows


def _columns(lines: list[Line]) -> list[tuple[float, float]]:
    """Horizontal extents of the columns, from the cells that do not span several."""
    cells = sorted((c for line in lines for c in line.cells), key=lambda c: c.x1 - c.x0)
    columns: list[tuple[float, float]] = []
    for cell in cells:
        touching = [c for c in columns if min(c[1], cell.x1) - max(c[0], cell.x0) > 0]
        if len(touching) > 1:
            continue  # spans columns that narrower cells keep apart
        if touching:
            columns.remove(touching[0])
            columns.append((min(cell.x0, touching[0][0]), max(cell.x1, touching[0][1])))
        else:
            columns.append((cell.x0, cell.x1))
    return sorted(columns)

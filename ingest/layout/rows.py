"""Find tables among the lines of a column by the alignment of their cells.

Cautious on purpose: prose taken for a table is shredded, a table taken for prose is still read
line by line. At least two neighbouring lines must share at least two cell edges.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.layout.numbering import is_bare_mark, is_toc_entry
from ingest.layout.shapes import Cell, Line
from ingest.layout.tables_ruled import RawTable
from ingest.layout.wrapped import mend_wrapped_rows
from ingest.text import squeeze

_NUMBERED = re.compile(r"\(\d{1,3}(?:\.\d{1,2})?\)")  # the number of a formula
_NEAR = 4.0  # points by which aligned edges may differ


@dataclass(slots=True)
class Run:
    """Lines ``start`` to ``end`` (exclusive) of a column that form a table.

    ``ruled`` runs stand between drawn rules, and may still turn out to be a box around text.
    """

    start: int
    end: int
    ruled: bool = False


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
        ruled = lines[index].grid is not None
        end = _ruled(lines, index) if ruled else _extend(lines, index)
        if end is None:
            index += 1
        else:
            runs.append(Run(index, end, ruled))
            index = end
    return runs


def _ruled(lines: list[Line], start: int) -> int:
    """End of the ruled area that starts at line ``start``."""
    end = start
    while end < len(lines) and lines[end].grid == lines[start].grid:
        end += 1
    return end


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


def rest_above(lines: list[Line], run: Run) -> bool:
    """Whether all lines above a run go on with an inner cell of the page before."""
    starts = sorted(cell.x0 for line in lines[run.start : run.end] for cell in line.cells)
    first = starts[0] if starts else 0.0
    inner = [x for x in starts if x > first + 6 * _NEAR]
    return not run.ruled and all(
        len(line.cells) == 1 and any(_near(line.x0, x) for x in inner)
        for line in lines[: run.start]
    )


def marked_items(lines: list[Line]) -> list[list[Line]] | None:
    """The lines of each item where a list with its marks set off looks like two columns."""
    columns = _columns(lines)
    if len(columns) != 2:
        return None
    marks = [line.cells[0].text for line in lines if line.cells[0].x1 <= columns[1][0]]
    if any(len(mark) > 2 or mark.isupper() for mark in marks):
        return None
    items: list[list[Line]] = []
    for line in lines:
        if line.cells[0].x1 <= columns[1][0] or not items:
            items.append([])
        items[-1].append(line)
    return items


def aligned_table(lines: list[Line]) -> RawTable | None:
    """Put the cells of a table's lines into columns; every row gets the same length.

    None for a formula, whose signs stand in columns by chance, and for names or addresses side by
    side.
    """
    columns = _columns(lines)
    if _is_formula(lines):
        return None
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
        rows.append(tuple(squeeze(cell) for cell in row))
    heavy = 0
    while heavy < len(lines) and lines[heavy].bold:
        heavy += 1
    heads = len(mend_wrapped_rows(rows[:heavy])) if heavy < len(lines) else 0
    mended = mend_wrapped_rows(rows)
    words = not any(character.isdigit() for row in mended for cell in row for character in cell)
    if len(mended) < 2 or (len(mended) == 2 and words):
        return None
    return RawTable(mended, heads, heads > 0, columns, ruled=False)


def _is_formula(lines: list[Line]) -> bool:
    texts = [cell.text for line in lines for cell in line.cells]
    if len(lines) > 4:
        return False
    single = sum(1 for text in texts if len(text) == 1)
    return 2 * single > len(texts) or any(_NUMBERED.fullmatch(text) for text in texts)


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

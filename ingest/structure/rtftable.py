"""Rows of RTF tables as a grid: cells end at positions on the page, not at numbered columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.model import Table
from ingest.tables import guessed_header_rows, make_table

_CLOSE = 60  # twips (1/1440 inch); edges nearer than this are one
_MAX_COLUMNS = 200


@dataclass(slots=True)
class CellShape:
    """What a row says of one cell: its right edge in twips and how it is merged."""

    edge: int
    above: bool = False
    left: bool = False
    shaded: bool = False


@dataclass(slots=True)
class RowShape:
    """What ``\\trowd`` and the words behind it say of a row."""

    cells: list[CellShape] = field(default_factory=list)
    is_header: bool = False

    @property
    def shaded(self) -> bool:
        """Whether any cell is filled with a colour."""
        return any(cell.shaded for cell in self.cells)


Row = tuple[Sequence[str], RowShape]


def assemble(rows: Sequence[Row]) -> Table | None:
    """Return the table of some rows, or ``None`` when no cell holds text.

    A cell that reaches over several columns, or that is merged with cells below or beside it,
    repeats its text in every place it covers.
    """
    edges = _edges(rows)
    grid: list[list[str]] = []
    for texts, shape in rows:
        line: list[str] = []
        for number, text in enumerate(texts):
            cell = shape.cells[number] if number < len(shape.cells) else None
            first = len(line)
            last = first + 1 if cell is None else max(first + 1, _column(edges, cell.edge))
            if cell is not None and cell.above and grid and first < len(grid[-1]):
                text = grid[-1][first]
            elif cell is not None and cell.left and line:
                text = line[-1]
            line += [text] * min(last - first, _MAX_COLUMNS)
        grid.append(line)
    marked = 0
    while marked < len(rows) and rows[marked][1].is_header:
        marked += 1
    return make_table(grid, marked if 0 < marked < len(grid) else guessed_header_rows(grid))


def _edges(rows: Sequence[Row]) -> list[int]:
    """Right edges of all columns, from the left; those that nearly agree count once."""
    edges: list[int] = []
    for edge in sorted({cell.edge for _, shape in rows for cell in shape.cells}):
        if not edges or edge - edges[-1] > _CLOSE:
            edges.append(edge)
    return edges


def _column(edges: Sequence[int], edge: int) -> int:
    """Number of columns that end at an edge or left of it."""
    return bisect_right(edges, edge + _CLOSE)

"""Tables in the cells of a sheet: found, given a header, cut into blocks that know their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.model import Block, Locator, Table
from ingest.tables import cell_range, header_row_count, make_table, split_rows, table_block

MAX_ROWS = 100_000
SparseRows = dict[int, dict[int, str]]


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of cells; ``numbers`` are the sheet rows of ``rows``, counted from 1."""

    left: int
    numbers: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def right(self) -> int:
        """Number of the last column, counted from 1."""
        return self.left + max(len(row) for row in self.rows) - 1


def find_regions(cells: SparseRows) -> list[Region]:
    """Split the filled cells of a sheet, ``{row: {column: text}}``, at blank rows and columns.

    A blank row inside a table does not end it: a part without a header of its own that keeps to
    the columns of the part above continues it.
    """
    regions: list[Region] = []
    for band in _runs(sorted(number for number, row in cells.items() if row)):
        columns = sorted({column for number in band for column in cells[number]})
        for run in _runs(columns):
            numbers = [n for n in band if any(c in cells[n] for c in run)]
            rows = tuple(tuple(cells[n].get(c, "") for c in run) for n in numbers)
            region = Region(run[0], tuple(numbers), rows)
            before = next((i for i, r in enumerate(regions) if _continues(r, region)), None)
            if before is None:
                regions.append(region)
            else:
                regions[before] = _joined(regions[before], region)
    return regions


def region_blocks(
    region: Region, *, sheet: str | None = None, flags: tuple[str, ...] = ()
) -> list[Block]:
    """Return table blocks of at most 40 body rows; a single column becomes paragraphs."""
    if len(region.rows[0]) == 1 and max(len(row) for row in region.rows) == 1 and sheet:
        return [
            Block("paragraph", text, Locator(sheet=sheet, cells=_name(number, region.left)),
                  flags=flags)
            for number, (text,) in zip(region.numbers, region.rows, strict=True)
        ]  # fmt: skip
    caption, skipped = _caption(region.rows)
    rows, numbers = region.rows[skipped:], region.numbers[skipped:]
    header = _header_rows(rows)
    table = make_table(rows, header, caption)
    if table is None:
        return []
    return [
        table_block(part, _locator(region, numbers, header, offset, part, sheet), flags)
        for offset, part in split_rows(table)
    ]


def _locator(
    region: Region, numbers: Sequence[int], header: int, offset: int, part: Table, sheet: str | None
) -> Locator:
    """The cells of the part's body rows; of the header when there is no body."""
    body = len(part.rows) - part.header_rows
    first = header + offset if body else 0
    last = first + max(body, 1) - 1
    cells = cell_range(numbers[first], region.left, numbers[last], region.right)
    return Locator(sheet=sheet, cells=cells)


def _runs(numbers: list[int]) -> list[list[int]]:
    """Split sorted numbers where one is missing."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _continues(above: Region, region: Region) -> bool:
    """Tell whether a region is more of the table that ends one blank row above it."""
    if above.numbers[-1] + 2 != region.numbers[0] or above.left > region.left:
        return False
    if region.right > above.right or len(above.rows[0]) < 2:
        return False
    caption, skipped = _caption(region.rows)
    return caption is None and _header_rows(region.rows[skipped:]) == 0 and len(region.rows) > 1


def _joined(above: Region, region: Region) -> Region:
    width = above.right - above.left + 1
    shift = ("",) * (region.left - above.left)
    rows = tuple((shift + row + ("",) * width)[:width] for row in region.rows)
    return Region(above.left, above.numbers + region.numbers, above.rows + rows)


def _caption(rows: Sequence[Sequence[str]]) -> tuple[str | None, int]:
    """A title above the table: leading rows with one text, alone or merged across the table."""
    lines: list[str] = []
    for row in rows[:3]:
        filled = [cell for cell in row if cell]
        if len(set(filled)) != 1 or len(row) < 2 or not row[0] or len(rows) - len(lines) < 2:
            break
        if len(filled) > 1 and len(filled) < len(row):
            break
        lines.append(filled[0])
    after = rows[len(lines)] if lines else ()
    if not lines or sum(1 for cell in after if cell) < 2:
        return None, 0
    return " ".join(lines), len(lines)


def _header_rows(rows: Sequence[Sequence[str]]) -> int:
    """One header row, or two when merged cells of the first repeat over the second."""
    if header_row_count(rows):
        return 1
    if len(rows) > 2 and len(set(rows[0])) < len(rows[0]) and header_row_count((rows[1], rows[2])):
        pairs = list(zip(rows[0], rows[1], strict=True))
        if all(rows[0]) and len(set(pairs)) == len(pairs):
            return 2
    return 0


def _name(row: int, column: int) -> str:
    return cell_range(row, column, row, column).split(":")[0]

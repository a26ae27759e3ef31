"""Tables in the cells of a sheet: given a header, cut into blocks that know their cells."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

from ingest.model import Block, Locator
from ingest.structure.gridheader import caption_rows, header_rows
from ingest.tables import ROWS_PER_BLOCK, cell_range, make_table, split_rows, table_block

MAX_ROWS = 100_000
HIDDEN_ROWS, HIDDEN_COLUMNS = "hidden_rows", "hidden_columns"
SparseRows = dict[int, dict[int, str]]
Rows = Sequence[tuple[str, ...]]
# A region with more cells than this, of which few are filled, is not put together as a whole.
_DENSE = 5_000_000
_FILLED = 0.05


class Window(Sequence[tuple[str, ...]]):
    """Rows of a sheet between two columns, put together only when they are asked for.

    A sheet with something in its first row and in its first column can have 17 billion cells.
    """

    def __init__(self, cells: SparseRows, numbers: Sequence[int], left: int, right: int) -> None:
        self.cells = cells
        self.numbers = numbers
        self.left, self.right = left, right

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> tuple[str, ...]: ...
    @overload
    def __getitem__(self, place: slice) -> Window: ...
    def __getitem__(self, place: int | slice) -> tuple[str, ...] | Window:
        if isinstance(place, slice):
            return Window(self.cells, self.numbers[place], self.left, self.right)
        row = self.cells[self.numbers[place]]
        return tuple(row.get(column, "") for column in range(self.left, self.right + 1))

    @property
    def is_sparse(self) -> bool:
        """Whether so few of many cells are filled that the rows must not stand in memory whole."""
        area = len(self.numbers) * (self.right - self.left + 1)
        if area <= _DENSE:
            return False
        return sum(len(self.cells[number]) for number in self.numbers) < area * _FILLED


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of cells; ``numbers`` are the sheet rows of ``rows``, counted from 1."""

    left: int
    numbers: tuple[int, ...]
    rows: Rows

    @property
    def right(self) -> int:
        """Number of the last column, counted from 1."""
        if isinstance(self.rows, Window):
            return self.rows.right
        return self.left + max(len(row) for row in self.rows) - 1


@dataclass(frozen=True, slots=True)
class Looks:
    """What a sheet says of its rows and columns beside their cells.

    Attributes:
        bold: Rows in bold type alone, as headers are written.
        hidden_rows: Rows that are hidden.
        hidden_columns: Columns that are hidden.
        narrow_columns: Columns too narrow for words, as those are that only part others.
        repeated: Columns of each row that hold the text of merged cells a second time.
    """

    bold: Collection[int] = frozenset()
    hidden_rows: Collection[int] = frozenset()
    hidden_columns: Collection[int] = frozenset()
    narrow_columns: Collection[int] = frozenset()
    repeated: Mapping[int, Collection[int]] = field(default_factory=dict)


PLAIN = Looks()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where blocks stand: the sheet, its columns and the flags they all carry."""

    sheet: str | None
    left: int
    right: int
    flags: tuple[str, ...]

    def locator(self, first: int, last: int) -> Locator:
        return Locator(sheet=self.sheet, cells=cell_range(first, self.left, last, self.right))


def region_blocks(
    region: Region, *, sheet: str | None = None, flags: tuple[str, ...] = (), looks: Looks = PLAIN
) -> list[Block]:
    """Return table blocks of at most 40 body rows; a single column becomes paragraphs.

    Hidden rows, and hidden columns beside the first one that can be seen, are blocks of their own
    with the flag ``hidden_rows`` or ``hidden_columns``.
    """
    if sheet and region.left == region.right:
        return list(_paragraphs(region, sheet, flags, looks))
    columns = range(region.left, region.right + 1)
    lines = [number for number in region.numbers if number in looks.hidden_rows]
    aside = [column for column in columns if column in looks.hidden_columns]
    window = region.rows
    split = isinstance(window, Window) and not window.is_sparse
    if lines and (len(lines) == len(region.numbers) or not split):
        flags, lines = (*flags, HIDDEN_ROWS), []
    if aside and (len(aside) == len(columns) or not split):
        flags, aside = (*flags, HIDDEN_COLUMNS), []
    place = _Place(sheet, region.left, region.right, flags)
    if isinstance(window, Window) and (lines or aside):
        return list(_partly_hidden(window, place, lines, aside, looks.repeated))
    caption, skipped = caption_rows(region.rows)
    rows, numbers = region.rows[skipped:], region.numbers[skipped:]
    return list(_tables(rows, numbers, header_rows(rows), caption, place))


def _paragraphs(
    region: Region, sheet: str, flags: tuple[str, ...], looks: Looks
) -> Iterator[Block]:
    if region.left in looks.hidden_columns:
        flags = (*flags, HIDDEN_COLUMNS)
    for number, (text,) in zip(region.numbers, region.rows, strict=True):
        more = (HIDDEN_ROWS,) if number in looks.hidden_rows else ()
        name = cell_range(number, region.left, number, region.left).split(":")[0]
        yield Block("paragraph", text, Locator(sheet=sheet, cells=name), flags=(*flags, *more))


def _partly_hidden(
    window: Window,
    place: _Place,
    lines: Sequence[int],
    aside: Sequence[int],
    repeated: Mapping[int, Collection[int]],
) -> Iterator[Block]:
    """What can be seen, then the hidden rows under the same header, then the hidden columns."""
    concealed, apart = set(lines), set(aside)
    seen = [column for column in range(window.left, window.right + 1) if column not in apart]
    shown = _filled(window, [n for n in window.numbers if n not in concealed], seen, {})
    caption, skipped = caption_rows(_picked(window, shown, seen))
    rows, numbers = _picked(window, shown[skipped:], seen), shown[skipped:]
    header = header_rows(rows)
    yield from _tables(rows, numbers, header, caption, place)
    head, title = numbers[:header], set(shown[:skipped])
    if below := _filled(window, lines, seen, repeated):
        hidden = replace(place, flags=(*place.flags, HIDDEN_ROWS))
        whole = [*head, *below]
        yield from _tables(_picked(window, whole, seen), whole, header, caption, hidden)
    body = [n for n in window.numbers if n not in title and n not in head]
    if beside := _filled(window, body, aside, repeated):
        flags = (HIDDEN_COLUMNS, *([HIDDEN_ROWS] if concealed & set(beside) else []))
        hidden = _Place(place.sheet, aside[0], aside[-1], (*place.flags, *flags))
        columns = [*seen[:1], *aside]
        above = _filled(window, head, aside, {})
        whole = [*above, *beside]
        yield from _tables(_picked(window, whole, columns), whole, len(above), caption, hidden)


def _filled(
    window: Window,
    numbers: Sequence[int],
    columns: Sequence[int],
    repeated: Mapping[int, Collection[int]],
) -> list[int]:
    """Those of some rows that say something of their own in some columns."""
    kept = []
    for number in numbers:
        row, copies = window.cells[number], repeated.get(number, ())
        if any(column in row and column not in copies for column in columns):
            kept.append(number)
    return kept


def _picked(
    window: Window, numbers: Sequence[int], columns: Sequence[int]
) -> list[tuple[str, ...]]:
    """Rows cut down to some columns."""
    return [tuple(window.cells[n].get(column, "") for column in columns) for n in numbers]


def _tables(
    rows: Rows, numbers: Sequence[int], header: int, caption: str | None, place: _Place
) -> Iterator[Block]:
    """Blocks of one table; ``numbers`` are the sheet rows of ``rows``."""
    if isinstance(rows, Window) and rows.is_sparse:
        yield from _sparse_tables(rows, header, caption, place)
        return
    table = make_table(rows, header, caption)
    if table is None:
        return
    for offset, part in split_rows(table):
        # The cells of the part's body rows; of the header when there is no body.
        body = len(part.rows) - part.header_rows
        first = header + offset if body else 0
        last = first + max(body, 1) - 1
        yield table_block(part, place.locator(numbers[first], numbers[last]), place.flags)


def _sparse_tables(
    window: Window, header: int, caption: str | None, place: _Place
) -> Iterator[Block]:
    """Parts of a table with few filled cells, each with the columns that it fills itself."""
    head, body = window.numbers[:header], window.numbers[header:]
    for start in range(0, len(body), ROWS_PER_BLOCK):
        part = body[start : start + ROWS_PER_BLOCK]
        columns = sorted(
            {c for n in part for c in window.cells[n] if place.left <= c <= place.right}
        )
        # A header may have nothing above these columns.
        above = _filled(window, head, columns, {})
        table = make_table(_picked(window, [*above, *part], columns), len(above), caption)
        if table is not None:
            yield table_block(table, place.locator(part[0], part[-1]), place.flags)

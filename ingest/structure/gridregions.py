"""Tables among the cells of a sheet: what stands together, across blank rows and columns too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.structure.grid import PLAIN, Looks, Region, SparseRows, Window
from ingest.structure.gridheader import caption_rows, header_rows, is_value
from ingest.tables import is_caption

_SAMPLE = 40  # rows of a table that are looked at to learn what its columns hold
_UNSETTLED = 8  # rows from which on the header of a table stays what it is
_MOSTLY = 0.8


@dataclass(slots=True)
class _Run:
    """Filled columns without a blank one between them, and the rows of a band that fill them."""

    left: int
    right: int
    numbers: list[int]


def find_regions(cells: SparseRows, looks: Looks = PLAIN) -> list[Region]:
    """Split the filled cells of a sheet, ``{row: {column: text}}``, at blank rows and columns.

    A blank row inside a table does not end it: a part without a header of its own that keeps to
    the columns of the part above continues it. Nor does a blank column between labels and the
    values in the same rows.
    """
    tables: list[_Table] = []
    ending: dict[int, list[_Table]] = defaultdict(list)
    for band in _sequences(sorted(number for number, row in cells.items() if row)):
        runs = _column_runs(cells, band)
        for above in ending.pop(band[0] - 2, []):
            if runs and _extended(above, runs, cells, band[0], looks):
                ending[above.numbers[-1]].append(above)
        for run in _across_blanks(cells, runs, looks):
            table = _Table(cells, run.left, run.right, list(run.numbers))
            ending[run.numbers[-1]].append(table)
            tables.append(table)
    return [table.region() for table in tables]


class _Table:
    """A table under way: its rows, and how many of the first ones are title and header."""

    def __init__(self, cells: SparseRows, left: int, right: int, numbers: list[int]) -> None:
        self.left, self.right, self.numbers = left, right, numbers
        self._cells = cells
        self._head: tuple[int, int] | None = None

    @property
    def head(self) -> tuple[int, int]:
        """Number of title rows and of header rows."""
        if self._head is None or len(self.numbers) < _UNSETTLED:
            rows = self.rows(0, _UNSETTLED)
            title = caption_rows(rows)[1]
            self._head = title, header_rows(rows[title:])
        return self._head

    def rows(self, start: int, stop: int | None = None) -> Window:
        """Some of the rows, by their place."""
        return Window(self._cells, self.numbers[start:stop], self.left, self.right)

    def last_rows(self) -> Window:
        """The last rows below the header."""
        body = sum(self.head)
        return self.rows(max(body, len(self.numbers) - _SAMPLE))

    def region(self) -> Region:
        """The table as it came to be."""
        numbers = tuple(self.numbers)
        return Region(self.left, numbers, Window(self._cells, numbers, self.left, self.right))


def _extended(above: _Table, runs: list[_Run], cells: SparseRows, first: int, looks: Looks) -> bool:
    """Take the runs that continue a table out of ``runs`` and into it; tells whether any did."""
    if above.left == above.right:
        return False
    inside = [run for run in runs if above.left <= run.left and run.right <= above.right]
    taken: list[_Run] = []
    if len(inside) > 1 and _continues(above, _whole(cells, inside), looks, parted=True):
        taken = inside
    for run in inside if not taken else ():
        if run.numbers[0] == first and _continues(above, _whole(cells, [run]), looks):
            taken.append(run)
    if taken:
        above.numbers += _whole(cells, taken).numbers
        runs[:] = [run for run in runs if run not in taken]
    return bool(taken)


def _whole(cells: SparseRows, runs: Sequence[_Run]) -> _Table:
    """Runs beside each other as one table."""
    numbers = sorted({number for run in runs for number in run.numbers})
    return _Table(cells, runs[0].left, runs[-1].right, numbers)


def _sequences(numbers: Iterable[int]) -> list[list[int]]:
    """Split sorted numbers where one is missing."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _column_runs(cells: SparseRows, band: Sequence[int]) -> list[_Run]:
    """The columns of a band, split at blank ones."""
    columns = sorted({column for number in band for column in cells[number]})
    runs = [_Run(run[0], run[-1], []) for run in _sequences(columns)]
    of_column = {column: run for run in runs for column in range(run.left, run.right + 1)}
    for number in band:
        for column in sorted(cells[number]):
            filled = of_column[column].numbers
            if not filled or filled[-1] != number:
                filled.append(number)
    return runs


def _across_blanks(cells: SparseRows, runs: Sequence[_Run], looks: Looks) -> list[_Run]:
    """Join what one blank column parts: labels, values without any, and remarks on rows."""
    joined: list[_Run] = []
    for run in runs:
        before = joined[-1] if joined else None
        is_next = before is not None and before.right + 2 == run.left
        if before is not None and is_next and _belong(cells, before, run, looks):
            numbers = sorted({*before.numbers, *run.numbers})
            joined[-1] = _Run(before.left, run.right, numbers)
        else:
            joined.append(run)
    return joined


def _belong(cells: SparseRows, left: _Run, right: _Run, looks: Looks) -> bool:
    """Tell whether two runs of columns are one table whose rows go on across the gap."""
    if len(right.numbers) < 2 or len(left.numbers) < 2:
        return False
    first = cells[left.numbers[0]].get(left.left), cells[right.numbers[0]].get(right.left)
    if first[0] == first[1]:
        return False  # two tables of one kind, side by side
    if right.left == right.right and left.left != left.right:
        return left.numbers[0] == right.numbers[0] and set(right.numbers) <= set(left.numbers)
    # Labels often stand under an empty corner, as high as the header.
    top = min(left.numbers[0], right.numbers[0])
    if any(number > top + 1 for number in set(left.numbers) ^ set(right.numbers)):
        return False
    if left.left == left.right:
        return True
    if left.right + 1 not in looks.narrow_columns:
        return False
    body = [cells[number].get(right.left, "") for number in right.numbers[1 : _SAMPLE + 1]]
    return _holds_values(body) and not _counts_up(body)


def _counts_up(cells: Sequence[str]) -> bool:
    """Tell whether cells number their rows, as only a table of its own does."""
    numbers = [int(cell) for cell in cells if cell.isascii() and cell.isdigit() and len(cell) < 9]
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    return len(numbers) == len(cells) and steps <= {1}


def _continues(above: _Table, part: _Table, looks: Looks, *, parted: bool = False) -> bool:
    """Tell whether what stands one blank row below a table is more of it.

    ``parted`` says that blank columns run through the part.
    """
    title, header = part.head
    if title and is_caption(" ".join(part.rows(0, 1)[0]).strip()):
        return False
    row = part.rows(title, title + 1)[0]
    if not header and not title and not parted and len(part.numbers) > 1:
        return True
    if sum(map(bool, row)) < 2:
        return False  # a remark below the table
    if len(above.numbers) == 1:
        # Tables with a blank row between all rows.
        pair = (above.rows(0, 1)[0], _widened(row, above, part))
        return header_rows(pair) == 1 and any(map(is_value, row)) and above.left == part.left
    if not above.head[1]:
        return False
    if _agrees(above, row, part.left):
        return True
    return bool(header) and not title and not parted and not _is_header(above, row, part, looks)


def _widened(row: Sequence[str], above: _Table, part: _Table) -> tuple[str, ...]:
    """A row of a part in the columns of the table above."""
    before, after = part.left - above.left, above.right - part.right
    return (*[""] * before, *row, *[""] * after)


def _is_header(above: _Table, row: Sequence[str], part: _Table, looks: Looks) -> bool:
    """Tell whether a row of words below a table names the columns of another one.

    It does not when the header above is set in bold and this row is not, or when it repeats what
    stands in the same column above; names of columns are not found among their values.
    """
    title, depth = above.head
    line = _widened(row, above, part)
    if sum(map(bool, row)) * 2 < above.right - above.left + 1 or above.left != part.left:
        return True
    names = above.numbers[title : title + depth]
    below = above.numbers[title + depth :]
    if all(n in looks.bold for n in names) and not all(n in looks.bold for n in below):
        return part.numbers[0] in looks.bold
    if any(_shares(line, head) for head in above.rows(title, title + depth)):
        return True
    return not any(_shares(line, other) for other in above.last_rows())


def _shares(row: Sequence[str], other: Sequence[str]) -> bool:
    return any(cell and cell == beside for cell, beside in zip(row, other, strict=True))


def _agrees(above: _Table, row: Sequence[str], left: int) -> bool:
    """Tell whether a row holds values where the table above does, and nowhere words instead."""
    body = above.last_rows()
    agreed = False
    for column, cell in enumerate(row, start=left - above.left):
        if any(map(str.isalnum, cell)) and _holds_values([line[column] for line in body]):
            if not is_value(cell):
                return False
            agreed = True
    return agreed


def _holds_values(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(map(is_value, filled)) >= len(filled) * _MOSTLY

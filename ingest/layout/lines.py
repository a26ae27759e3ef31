"""Gather segments into visual lines, and lines into cells where the gaps are wide."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from statistics import median

from ingest.layout.grids import Grid
from ingest.layout.shapes import Cell, Line, Segment, is_wide, union

# A gap wider than this many font sizes separates two cells; justified text stays below it.
CELL_GAP = 1.3
_SUPERSCRIPT = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_NOTE_MARK = re.compile(r"[a-z\d*†‡§¶#,]{1,5}")
_POWER = re.compile(r"[+\-−–]?\d{1,3}")


def build_lines(segments: list[Segment], grids: list[Grid]) -> list[Line]:
    """Turn the segments of one column into its lines, from top to bottom.

    Segments belong to one line when they overlap by half in height, so raised and lowered
    characters stay with theirs. A ruled table (``grids``) is read cell by cell.
    """
    if not segments:
        return []
    left, right = min(s.x0 for s in segments), max(s.x1 for s in segments)
    inside: dict[int, list[Segment]] = {}
    free: list[Segment] = []
    for segment in segments:
        number = next((n for n, grid in enumerate(grids) if grid.holds(segment)), None)
        (free if number is None else inside.setdefault(number, [])).append(segment)
    placed = [(line.y0 + line.y1, [line]) for line in map(_line, rows_of(free))]
    for number, members in inside.items():
        placed.append((2 * grids[number].y0, _grid_lines(grids[number], members)))
    lines = [line for _, group in sorted(placed, key=lambda p: p[0]) for line in group]
    for line in lines:
        line.left, line.right = left, right
    return lines


def _grid_lines(grid: Grid, segments: list[Segment]) -> list[Line]:
    """The lines of a ruled table's cells, cell after cell."""
    lines: list[Line] = []
    for slot, members in sorted(grid.lattice.place(segments).items()):
        for row in rows_of(members):
            line = _line(row)
            line.grid, line.slot = grid.number, slot
            if lines and lines[-1].slot == slot and _is_note_mark(lines[-1], line):
                line.cells[-1].text += lines.pop().text
            lines.append(line)
    return lines


def _is_note_mark(above: Line, line: Line) -> bool:
    """Whether ``above`` is a raised letter or two that belong to the end of ``line``."""
    return (
        above.size <= 0.95 * line.size
        and _NOTE_MARK.fullmatch(above.text) is not None
        and above.x0 >= line.x1 - 0.5 * line.size
        and line.y0 - above.y1 < 0.5 * line.size
    )


def rows_of(segments: list[Segment]) -> list[list[Segment]]:
    """Group segments that stand side by side, from top to bottom."""
    if not segments:
        return []
    usual = median(s.y1 - s.y0 for s in segments)
    # Large segments make the rows; small ones (superscripts) then find the row they touch.
    large = [s for s in segments if s.y1 - s.y0 >= 0.8 * usual]
    small = [s for s in segments if s.y1 - s.y0 < 0.8 * usual]
    rows: list[_Row] = []
    tops: list[tuple[float, int]] = []
    for segment in [*sorted(large, key=_centre), *sorted(small, key=_centre)]:
        row = _find_row(rows, tops, segment)
        if row is None:
            insort(tops, (segment.y0, len(rows)))
            rows.append(_Row(segment))
        else:
            row.members.append(segment)
    rows.sort(key=lambda row: row.y0 + row.y1)
    return [sorted(row.members, key=lambda s: s.x0) for row in rows]


class _Row:
    """A row under construction; its height is that of its first, large member."""

    __slots__ = ("members", "y0", "y1")

    def __init__(self, segment: Segment) -> None:
        self.y0, self.y1 = segment.y0, segment.y1
        self.members = [segment]


def _find_row(rows: list[_Row], tops: list[tuple[float, int]], segment: Segment) -> _Row | None:
    best, best_overlap = None, 0.0
    height = segment.y1 - segment.y0
    start = bisect_left(tops, (segment.y0 - 60.0, 0))
    for top, number in tops[start:]:
        if top >= segment.y1:
            break
        row = rows[number]
        overlap = min(row.y1, segment.y1) - max(row.y0, segment.y0)
        share = overlap / max(min(height, row.y1 - row.y0), 0.1)
        if share > 0.5 and share > best_overlap:
            best, best_overlap = row, share
    return best


def _centre(segment: Segment) -> float:
    return segment.y0 + segment.y1


def _line(row: list[Segment]) -> Line:
    cells = [Cell(row[0].text, row[0].x0, row[0].x1)]
    previous = row[0]
    weights: dict[float, int] = {}
    heavy = 0
    for segment in row:
        weights[segment.size] = weights.get(segment.size, 0) + len(segment.text)
        heavy += len(segment.text) if segment.bold else 0
        if segment is row[0]:
            continue
        cell = cells[-1]
        gap = segment.x0 - cell.x1
        if gap > CELL_GAP * max(min(previous.size, segment.size), 4.0):
            cells.append(Cell(segment.text, segment.x0, segment.x1))
        else:
            if _is_power(previous, segment):
                cell.text += segment.text.translate(_SUPERSCRIPT)
            else:
                cell.text += (" " if _spaced(previous, segment, gap) else "") + segment.text
            cell.x1 = max(cell.x1, segment.x1)
        previous = segment
    total = sum(weights.values())
    size = max(weights, key=lambda key: weights[key])
    x0s, y0s, x1s, y1s = union((s.x0, s.y0, s.x1, s.y1) for s in row)
    shown = union(s.shown for s in row)
    line = Line(cells, x0s, y0s, x1s, y1s, size, heavy >= 0.85 * total, shown)
    line.guessed = any(segment.guessed for segment in row)
    return line


def _is_power(before: Segment, after: Segment) -> bool:
    """Whether ``after`` is a raised number behind a number, which must not read as one (10⁷)."""
    return (
        after.size < 0.85 * before.size
        and after.y1 < before.y1 - 0.15 * before.size
        and before.text[-1].isdigit()
        and _POWER.fullmatch(after.text) is not None
    )


def _spaced(before: Segment, after: Segment, gap: float) -> bool:
    """Whether two segments of one line are separate words."""
    size = min(before.size, after.size)
    if is_wide(before.text[-1]) or is_wide(after.text[0]):
        return (after.spaced and gap > 0.2 * size) or gap > 0.8 * size
    return (after.spaced and gap > 0.05 * size) or gap > 0.2 * size

"""The cells of a ruled table, from the lines drawn around them.

The rules of a grid cut its area into the smallest boxes; boxes that no rule parts belong to one
cell, which so may span rows and columns.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.layout.shapes import Rule, Segment

_SAME = 3.5  # points between rules that stand for one edge
_SHARE = 0.5  # of a box's side that rules must cover to close it
_GAP = 8.0  # points of the side above or below a cell that may lack its rule
_OVER = 3.0  # points by which a text must stick out of a cell to be cut at its edge
_FRAME = 300.0  # points; a cell over the whole width that is higher frames text
_MAX_BOXES = 6000  # more are a drawing on squared paper


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell's place: rows ``row0`` to ``row1`` and columns likewise, both ends included."""

    row0: int
    row1: int
    column0: int
    column1: int


@dataclass(slots=True)
class Lattice:
    """Edges of a ruled area and the cells between them.

    Attributes:
        xs, ys: Edges of columns and rows, rising; one more than there are columns or rows.
        slots: The cells by number, from top to bottom and left to right.
        owners: For each row and column the number of the cell that covers it.
        heads: Rows above the rule that closes the header; 0 if no rule tells.
    """

    xs: list[float]
    ys: list[float]
    slots: list[Slot] = field(default_factory=list)
    owners: list[list[int]] = field(default_factory=list)
    heads: int = 0

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.xs) - 1

    def slot_at(self, x: float, y: float) -> int:
        """Number of the cell over a point; points outside belong to the nearest cell."""
        row = min(max(bisect_right(self.ys, y) - 1, 0), self.rows - 1)
        column = min(max(bisect_right(self.xs, x) - 1, 0), self.columns - 1)
        return self.owners[row][column]

    def is_frame(self, x: float, y: float) -> bool:
        """Whether a point lies in a cell as large as a page's text, which a frame goes around."""
        slot = self.slots[self.slot_at(x, y)]
        height = self.ys[slot.row1 + 1] - self.ys[slot.row0]
        return height > _FRAME and slot.column0 == 0 and slot.column1 == self.columns - 1

    def place(self, segments: list[Segment]) -> dict[int, list[Segment]]:
        """The segments of each cell, cut where one runs over the edge of its cell."""
        placed: dict[int, list[Segment]] = defaultdict(list)
        for segment in segments:
            for part in self._cut(segment):
                placed[self.slot_at(_middle_x(part), _middle_y(part))].append(part)
        return placed

    def _cut(self, segment: Segment) -> list[Segment]:
        y = _middle_y(segment)
        for x in self.xs[1:-1]:
            if not segment.x0 + _OVER < x < segment.x1 - _OVER or " " not in segment.text:
                continue
            if self.slot_at(x - 0.1, y) == self.slot_at(x + 0.1, y):
                continue
            left, right = _split(segment, x)
            return [left, *self._cut(right)]
        return [segment]


def make_lattice(x0: float, y0: float, x1: float, y1: float, rules: list[Rule]) -> Lattice | None:
    """The cells between ``rules`` in a rectangle; None if there are too many to be a table."""
    upright = [rule for rule in rules if rule.x0 == rule.x1]
    level = [rule for rule in rules if rule.x0 != rule.x1]
    xs = _edges([rule.x0 for rule in upright], x0, x1)
    ys = _edges([rule.y0 for rule in level], y0, y1)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows * columns > _MAX_BOXES or rows < 1 or columns < 1:
        return None
    walls = _walls([(r.x0, r.y0, r.y1) for r in upright], xs, ys)
    # What is underlined across a cell keeps its padding; a rule does not.
    floors = _walls([(r.y0, r.x0, r.x1) for r in level], ys, xs, _GAP)
    lattice = Lattice(xs, ys)
    lattice.owners = _joined(rows, columns, walls, floors)
    ends: dict[int, Slot] = {}
    for row, owners in enumerate(lattice.owners):
        for column, owner in enumerate(owners):
            slot = ends.setdefault(owner, Slot(row, row, column, column))
            ends[owner] = Slot(
                slot.row0, max(slot.row1, row),
                min(slot.column0, column), max(slot.column1, column),
            )  # fmt: skip
    lattice.slots = [ends[number] for number in range(len(ends))]
    return lattice


def _edges(values: list[float], first: float, last: float) -> list[float]:
    """Positions that stand for one edge drawn together; the outer ones always stand."""
    groups: list[list[float]] = []
    for value in sorted([*values, first, last]):
        if groups and value - groups[-1][0] <= _SAME:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _walls(
    rules: list[tuple[float, float, float]],
    across: list[float],
    along: list[float],
    gap: float = float("inf"),
) -> set[tuple[int, int]]:
    """Which sides of boxes are drawn: ``(edge, interval)`` numbers.

    ``rules`` are ``(position, start, end)``; positions lie on edges of ``across``, the ends on
    the axis ``along``. No more than ``gap`` of a side may stay open.
    """
    pieces: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for position, start, end in rules:
        above = bisect_right(across, position)
        near = [n for n in (above - 1, above) if 0 <= n < len(across)]
        pieces[min(near, key=lambda n: abs(across[n] - position))].append((start, end))
    drawn: set[tuple[int, int]] = set()
    for edge, spans in pieces.items():
        merged = _merge(spans)
        for number, (start, end) in enumerate(pairwise(along)):
            covered = sum(max(0.0, min(b, end) - max(a, start)) for a, b in merged)
            if covered >= _SHARE * (end - start) and end - start - covered <= gap:
                drawn.add((edge, number))
    return drawn


def _merge(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _joined(
    rows: int, columns: int, walls: set[tuple[int, int]], floors: set[tuple[int, int]]
) -> list[list[int]]:
    """Number the boxes so that those without a rule between them share a number."""
    owners = [[-1] * columns for _ in range(rows)]
    count = 0
    for row in range(rows):
        for column in range(columns):
            if owners[row][column] >= 0:
                continue
            open_boxes = [(row, column)]
            owners[row][column] = count
            while open_boxes:
                r, c = open_boxes.pop()
                for r2, c2, closed in (
                    (r, c + 1, (c + 1, r) in walls),
                    (r, c - 1, (c, r) in walls),
                    (r + 1, c, (r + 1, c) in floors),
                    (r - 1, c, (r, c) in floors),
                ):
                    inside = 0 <= r2 < rows and 0 <= c2 < columns
                    if inside and not closed and owners[r2][c2] < 0:
                        owners[r2][c2] = count
                        open_boxes.append((r2, c2))
            count += 1
    return owners


def _split(segment: Segment, x: float) -> tuple[Segment, Segment]:
    """Cut a segment at the blank nearest to ``x``; letters are taken to be equally wide."""
    text = segment.text
    step = (segment.x1 - segment.x0) / len(text)
    blanks = [n for n, character in enumerate(text) if character == " "]
    cut = min(blanks, key=lambda n: abs(segment.x0 + (n + 0.5) * step - x))
    edge = segment.x0 + (cut + 0.5) * step
    left = replace(segment, text=text[:cut], x1=min(edge, x))
    right = replace(segment, text=text[cut + 1 :], x0=max(edge, x))
    return left, right


def _middle_x(segment: Segment) -> float:
    return (segment.x0 + segment.x1) / 2


def _middle_y(segment: Segment) -> float:
    return (segment.y0 + segment.y1) / 2

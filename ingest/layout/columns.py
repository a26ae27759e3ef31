"""Reading order: find the gutters of text set in columns.

A page is cut at a gutter only where both sides look like running text. A table has gutters too,
but it is read row by row, so everything doubtful stays one column.
"""

from __future__ import annotations

from statistics import median

from ingest.layout.grids import Grid
from ingest.layout.lines import rows_of
from ingest.layout.shapes import Segment

_MIN_LINES = 5  # on each side of a gutter
_MIN_SHARE = 0.25  # of the width, for the narrower side
_MIN_FILL = 0.72  # of a column's width covered by its median line
_MIN_CHARACTERS = 14  # in the median line of a column; a wide character counts twice


def reading_order(
    segments: list[Segment], grids: list[Grid], depth: int = 0
) -> list[list[Segment]]:
    """Split segments into zones to be read one after the other.

    Args:
        segments: All segments of one reading direction on a page.
        grids: Ruled tables in the same frame, never cut.

    Returns:
        Groups of segments; within a group lines follow each other from top to bottom.
    """
    if depth > 2 or len(segments) < 2 * _MIN_LINES:
        return [segments] if segments else []
    best: list[_Band] = []
    best_height = 0.0
    for edge in _candidates(segments):
        bands = _bands(segments, edge, grids)
        height = sum(band.height for band in bands)
        if height > best_height:
            best, best_height = bands, height
    if not best:
        return [segments]
    zones: list[list[Segment]] = []
    rest = segments
    for band in best:
        above = [s for s in rest if _middle(s) < band.y0]
        if above:
            zones.append(above)
        for side in (band.left, band.right):
            zones.extend(reading_order(side, grids, depth + 1))
        taken = {id(s) for s in (*band.left, *band.right, *above)}
        rest = [s for s in rest if id(s) not in taken]
    if rest:
        zones.append(rest)
    return zones


class _Band:
    """A stretch of the page in which nothing crosses the gutter."""

    __slots__ = ("left", "right", "y0", "y1")

    def __init__(self, left: list[Segment], right: list[Segment]) -> None:
        self.left, self.right = left, right
        both = [*left, *right]
        self.y0 = min(s.y0 for s in both)
        self.y1 = max(s.y1 for s in both)

    @property
    def height(self) -> float:
        return self.y1 - self.y0


def _middle(segment: Segment) -> float:
    return (segment.y0 + segment.y1) / 2


def _candidates(segments: list[Segment]) -> list[float]:
    """Left edges that many segments share, inside the page: where a right column may start."""
    x0 = min(s.x0 for s in segments)
    x1 = max(s.x1 for s in segments)
    counts: dict[int, list[float]] = {}
    for segment in segments:
        if x0 + _MIN_SHARE * (x1 - x0) < segment.x0 < x1 - _MIN_SHARE * (x1 - x0):
            counts.setdefault(round(segment.x0 / 3), []).append(segment.x0)
    found = []
    for key, edges in counts.items():
        if len(edges) + len(counts.get(key + 1, [])) >= _MIN_LINES:
            found.append(min(edges))
    return found


def _bands(segments: list[Segment], edge: float, grids: list[Grid]) -> list[_Band]:
    """The stretches of the page where ``edge`` starts a right-hand column of running text."""
    size = median(s.size for s in segments)
    g0, g1 = edge - 0.8 * size, edge - 0.5
    crossing = sorted((s.y0, s.y1) for s in segments if s.x0 < g0 + 0.3 * size and s.x1 > g1)
    # A ruled table across the gutter parts the page as a full-width line does.
    crossing += [(g.y0, g.y1) for g in grids if g.x0 < g0 - 2 * size and g.x1 > g1 + 2 * size]
    crossing.sort()
    bands = []
    inside = [s for s in segments if not (s.x0 < g0 + 0.3 * size and s.x1 > g1)]
    top = float("-inf")
    for y0, y1 in [*crossing, (float("inf"), float("inf"))]:
        if y0 > top:
            members = [s for s in inside if top <= _middle(s) < y0]
            left = [s for s in members if s.x1 <= g1 + 0.5]
            right = [s for s in members if s.x0 >= g0]
            if is_running(left) and is_running(right) and _is_balanced(left, right):
                bands.append(_Band(left, right))
        top = max(top, y1)
    return bands


def is_running(segments: list[Segment]) -> bool:
    """Whether the segments are lines of text that fill their column."""
    if len(segments) < _MIN_LINES:
        return False
    rows = rows_of(segments)
    if len(rows) < _MIN_LINES:
        return False
    x0, x1 = min(s.x0 for s in segments), max(s.x1 for s in segments)
    fill = median(sum(s.x1 - s.x0 for s in row) for row in rows) / max(x1 - x0, 1.0)
    length = median(sum(_weight(s.text) for s in row) for row in rows)
    return fill >= _MIN_FILL and length >= _MIN_CHARACTERS


def _weight(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _is_balanced(left: list[Segment], right: list[Segment]) -> bool:
    widths = [max(s.x1 for s in side) - min(s.x0 for s in side) for side in (left, right)]
    return min(widths) >= 0.45 * max(widths)

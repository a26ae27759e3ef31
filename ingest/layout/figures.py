"""Find the figures of a page: pictures, and drawings made of lines and shapes.

Marks that lie close together are one figure. What is drawn around text (frames, shading, rules of
tables, underlines) is none; it is told by its straight, level and upright lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.layout.figures_marks import Marks
from ingest.layout.grids import find_grids
from ingest.layout.lines import build_lines, rows_of
from ingest.layout.shapes import Page, Rule, Segment, is_wide, union
from ingest.model import BBox
from ingest.text import join_lines, squeeze

_CELL = 6.0  # points; marks in neighbouring cells of this size belong together
_MIN_WIDE, _MIN_HIGH = 90.0, 45.0  # points; smaller pictures are logos, icons and formulas
_MIN_SHARE = 0.02  # of the page
_MAX_SHARE = 0.85  # of the page; a larger picture is the scan of the page itself
_MIN_SHAPES = 3  # curves, slanted lines or polygons that make a drawing
_MIN_BOXES = 3
_MIN_LINES = 3
_MANY_SHAPES = 15
_MIN_DRAWN = 0.04  # of the page, for a drawing
_APART = 24.0  # points between the parts of one drawing
_LONG_LINE = 56  # characters, wide ones counted twice; text in figures is set in shorter lines
_MOST_LONG = 3
_MOST_LABELS = 500  # a drawing with more is read line by line
_LAYER = 400  # characters over a picture that are the text layer of a scan


@dataclass(slots=True)
class Figure:
    """A figure where it stands on the displayed page, with the text inside it.

    ``look`` tells pictures from each other that stand in the same place of several pages.
    """

    bbox: BBox
    labels: str = ""
    raster: bool = False
    look: str = ""


def take_figures(page: Page, marks: Marks, groups: dict[int, list[Segment]]) -> list[Rule]:
    """Put the page's figures into ``page.figures`` and the text inside them out of ``groups``.

    Returns the rules that belong to no figure.
    """
    segments = [segment for members in groups.values() for segment in members]
    for box, raster in _areas(page, marks):
        inside = [segment for segment in segments if _holds(box, segment.shown)]
        if not raster and sum(_weight(s.text) > _LONG_LINE for s in inside) > _MOST_LONG:
            continue  # a frame around text, or a watermark
        if raster and sum(len(s.text) for s in inside) > _LAYER:
            continue  # a scan with its text layer, or a background
        page.figures.append(Figure(box, _labels(inside, groups), raster))
        taken = {id(segment) for segment in inside}
        for angle in groups:
            groups[angle] = [s for s in groups[angle] if id(s) not in taken]
    if not page.figures:
        return marks.rules
    for angle in [angle for angle, members in groups.items() if not members]:
        del groups[angle]
    return [
        rule
        for rule in marks.rules
        if not any(_holds(f.bbox, (rule.x0, rule.y0, rule.x1, rule.y1)) for f in page.figures)
    ]


def _areas(page: Page, marks: Marks) -> list[tuple[BBox, bool]]:
    """Rectangles of the figures, from top to bottom; True for those made of pictures."""
    found = [(box, True) for box in _picture_areas(page, marks.pictures)]
    drawn = len(marks.boxes) + len(marks.rules) >= _MIN_LINES or len(marks.shapes) >= _MANY_SHAPES
    if drawn and marks.shapes:
        found += [(box, False) for box in _drawn_areas(page, marks)]
    whole: list[tuple[BBox, bool]] = []
    for box, raster in sorted(found, key=lambda f: (f[0][1], f[0][0])):
        same = next((n for n, (other, _) in enumerate(whole) if _overlap(box, other) > 0.3), None)
        if same is None:
            whole.append((box, raster))
        else:
            whole[same] = (union([whole[same][0], box]), whole[same][1] and raster)
    return whole


def _picture_areas(page: Page, pictures: Sequence[BBox]) -> list[BBox]:
    """Pictures of a sensible size; strips of one picture are put together."""
    areas: list[BBox] = []
    for box in sorted(_clipped(page, pictures), key=lambda b: (b[1], b[0])):
        for number, area in enumerate(areas):
            beside = min(area[2], box[2]) - max(area[0], box[0]) > -2
            if beside and box[1] - area[3] < 2 and area[1] - box[3] < 2:
                areas[number] = union([area, box])
                break
        else:
            areas.append(box)
    return [box for box in areas if _is_sensible(page, box)]


def _clipped(page: Page, boxes: Iterable[BBox]) -> Iterable[BBox]:
    for x0, y0, x1, y1 in boxes:
        box = (max(x0, 0.0), max(y0, 0.0), min(x1, page.width), min(y1, page.height))
        if box[2] > box[0] and box[3] > box[1]:
            yield box


def _is_sensible(page: Page, box: BBox) -> bool:
    wide, high = box[2] - box[0], box[3] - box[1]
    share = wide * high / max(page.width * page.height, 1.0)
    return wide >= _MIN_WIDE and high >= _MIN_HIGH and _MIN_SHARE <= share <= _MAX_SHARE


def _drawn_areas(page: Page, marks: Marks) -> list[BBox]:
    """Rectangles around marks that hang together and are a drawing, not rules around text."""
    rows, columns = int(page.height / _CELL) + 1, int(page.width / _CELL) + 1
    drawn: NDArray[np.bool_] = np.zeros((rows, columns), dtype=bool)
    for box in marks.shapes:
        _fill(drawn, box)
    for x0, y0, x1, y1 in marks.boxes:
        for side in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            _fill(drawn, side)
    for rule in marks.rules:
        _fill(drawn, (rule.x0, rule.y0, rule.x1, rule.y1))
    grids = [(g.x0, g.y0, g.x1, g.y1) for g in find_grids(marks.rules)]
    parts = [part for part in _components(drawn) if not any(_overlap(part, g) > 0.5 for g in grids)]
    areas = []
    for box in _clipped(page, _near_parts(parts)):
        shapes = sum(1 for shape in marks.shapes if _holds(box, shape))
        boxes = sum(1 for frame in marks.boxes if _holds(box, frame))
        share = (box[2] - box[0]) * (box[3] - box[1]) / max(page.width * page.height, 1.0)
        lines = sum(1 for r in marks.rules if _holds(box, (r.x0, r.y0, r.x1, r.y1)))
        drawing = shapes >= _MIN_SHAPES or (shapes and boxes >= _MIN_BOXES)
        # A few large polygons alone are the letters of a watermark or a redaction.
        drawing = drawing and (boxes + lines >= _MIN_LINES or shapes >= _MANY_SHAPES)
        if drawing and share >= _MIN_DRAWN and _is_sensible(page, box):
            areas.append(box)
    return areas


def _near_parts(parts: list[BBox]) -> list[BBox]:
    """Parts of one drawing put together; lines alone (rules of the page) join nothing."""
    left = [part for part in parts if min(part[2] - part[0], part[3] - part[1]) > 3 * _CELL]
    whole: list[BBox] = []
    while left:
        area = left.pop()
        near = [part for part in left if _gap(area, part) <= _APART]
        if near:
            left = [part for part in left if part not in near]
            left.append(union([area, *near]))
        else:
            whole.append(area)
    return whole


def _gap(a: BBox, b: BBox) -> float:
    """White between two rectangles that stand above each other or side by side."""
    wide = max(a[0], b[0]) - min(a[2], b[2])
    high = max(a[1], b[1]) - min(a[3], b[3])
    return max(wide, high, 0.0) if min(wide, high) < 0 else max(wide, 0.0) + max(high, 0.0)


def _fill(drawn: NDArray[np.bool_], box: BBox) -> None:
    x0, y0, x1, y1 = (max(int(value / _CELL), 0) for value in box)
    drawn[y0 : y1 + 1, x0 : x1 + 1] = True


def _components(drawn: NDArray[np.bool_]) -> list[BBox]:
    """Rectangles around the cells that touch each other, corners and one cell between included."""
    left = {(int(row), int(column)) for row, column in np.argwhere(drawn)}
    steps = [(a, b) for a in range(-2, 3) for b in range(-2, 3)]
    boxes = []
    while left:
        open_cells = [left.pop()]
        x0 = x1 = open_cells[0][1]
        y0 = y1 = open_cells[0][0]
        while open_cells:
            row, column = open_cells.pop()
            x0, x1, y0, y1 = min(x0, column), max(x1, column), min(y0, row), max(y1, row)
            near = [(row + a, column + b) for a, b in steps]
            new = [cell for cell in near if cell in left]
            left.difference_update(new)
            open_cells += new
        boxes.append((x0 * _CELL, y0 * _CELL, (x1 + 1) * _CELL, (y1 + 1) * _CELL))
    return boxes


def _labels(inside: list[Segment], groups: dict[int, list[Segment]]) -> str:
    """The text inside a figure, one label a line."""
    labels: list[tuple[float, float, str]] = []
    known = {id(segment) for segment in inside}
    for members in groups.values():
        for label in _gathered([segment for segment in members if id(segment) in known]):
            text = squeeze(join_lines([line.text for line in build_lines(label, [])]))
            x0, y0, _, _ = union(segment.shown for segment in label)
            labels.append((round(y0 / _CELL), x0, text))
    return "\n".join(text for _, _, text in sorted(labels) if text)


def _gathered(segments: list[Segment]) -> list[list[Segment]]:
    """Segments of one label: side by side on a line, or one line below the other."""
    if len(segments) > _MOST_LABELS:
        return rows_of(segments)
    labels: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: (s.y0, s.x0)):
        near = [label for label in labels if any(_adjoins(segment, other) for other in label)]
        known = {id(label) for label in near}
        labels = [label for label in labels if id(label) not in known]
        labels.append([*(other for label in near for other in label), segment])
    return labels


def _adjoins(a: Segment, b: Segment) -> bool:
    size = max(a.size, b.size)
    wide = max(a.x0, b.x0) - min(a.x1, b.x1)
    high = max(a.y0, b.y0) - min(a.y1, b.y1)
    return (high < 0 and wide < 0.6 * size) or (wide < -0.5 * size and high < 0.35 * size)


def _weight(text: str) -> int:
    return sum(2 if is_wide(character) else 1 for character in text)


def _holds(box: BBox, item: BBox) -> bool:
    """Whether the middle of ``item`` lies in ``box``."""
    x, y = (item[0] + item[2]) / 2, (item[1] + item[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _overlap(a: BBox, b: BBox) -> float:
    """Shared area as a share of the smaller rectangle."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = [(x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in (a, b)]
    return wide * high / max(min(areas), 1.0)

"""What a page draws beside text, sorted by form."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Any

from pypdfium2 import raw

from ingest.layout.shapes import Rule
from ingest.model import BBox

_SHAPE = 3.0  # points; smaller marks are dots of a line
_MOST_MARKS = 20000


@dataclass(slots=True)
class Marks:
    """What a page draws beside text.

    Attributes:
        pictures: Rectangles of the pictures.
        shapes: Rectangles of curves, slanted lines and polygons.
        boxes: Upright rectangles.
        rules: Straight level and upright lines.
    """

    pictures: list[BBox] = field(default_factory=list)
    shapes: list[BBox] = field(default_factory=list)
    boxes: list[BBox] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def add_path(self, item: Any, box: BBox) -> bool:
        """Note a path by its form; ``box`` is its rectangle on the displayed page.

        Returns whether it is an upright rectangle.
        """
        x0, y0, x1, y1 = box
        if x1 - x0 < _SHAPE or y1 - y0 < _SHAPE:
            return False
        count = raw.FPDFPath_CountSegments(item)
        upright = count <= 6 and _is_upright(item, count)
        kind = self.boxes if upright else self.shapes
        if len(kind) < _MOST_MARKS:
            kind.append(box)
        return upright


def _is_upright(item: Any, count: int) -> bool:
    """Whether a path has level and upright sides only (in its own coordinates)."""
    previous: tuple[float, float] | None = None
    for number in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, number)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_BEZIERTO:
            return False
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (x.value, y.value)
        if previous is not None:
            across, down = abs(point[0] - previous[0]), abs(point[1] - previous[1])
            if min(across, down) > 1:
                return False
        previous = point
    return True

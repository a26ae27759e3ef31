"""Find the ruling lines of a page picture, which make a table of its cells."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.layout.shapes import Rule

_LEVEL = 0.35  # inches; no stroke of a letter is that long
_UPRIGHT = 0.25
_THICK = 0.035  # inches; what is thicker is a bar or a picture
_BLOCK = 0.15  # inches around a point that count for how dark it must be
_DARKER = 18  # grey values below its surroundings
_MOST = 1500  # rules; a page with more is a drawing


def find_rules(grey: NDArray[np.uint8], points: float) -> list[Rule]:
    """Level and upright rules of a page laid straight.

    Args:
        grey: The page in grey values.
        points: PDF points a pixel measures.

    Returns:
        Rules in points.
    """
    import cv2

    inch = 72 / points
    block = int(_BLOCK * inch) | 1
    dark = cv2.adaptiveThreshold(
        grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, max(block, 3), _DARKER
    )
    found = []
    for level in (True, False):
        length = max(int((_LEVEL if level else _UPRIGHT) * inch), 8)
        for x, y, wide, high in _runs(cv2, dark, length, level):
            if (high if level else wide) > _THICK * inch + 2:
                continue
            if level:
                middle = (y + high / 2) * points
                found.append(Rule(x * points, middle, (x + wide) * points, middle))
            else:
                middle = (x + wide / 2) * points
                found.append(Rule(middle, y * points, middle, (y + high) * points))
    return found if len(found) <= _MOST else []


def _runs(cv2: Any, dark: Any, length: int, level: bool) -> list[tuple[int, int, int, int]]:
    """Boxes of long straight runs of dark pixels; a line a little askew is one run."""
    along = cv2.getStructuringElement(cv2.MORPH_RECT, (length, 1) if level else (1, length))
    across = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
    # A dot of dirt or a broken print parts a line; bridge what is shorter than a letter's stroke.
    bridge = cv2.getStructuringElement(cv2.MORPH_RECT, (5, 1) if level else (1, 5))
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, bridge)
    runs = cv2.dilate(cv2.morphologyEx(closed, cv2.MORPH_OPEN, along), across)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    kept = boxes[1:count, :4]
    return [(int(x) + 1, int(y) + 1, int(w) - 2, int(h) - 2) for x, y, w, h in kept[: 4 * _MOST]]

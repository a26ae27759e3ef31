"""Lay a recognised page straight: how far it is askew, and in which direction each line runs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.model import BBox
from ingest.ocr.base import Quad, TextLine

_SKEW = 10.0  # degrees off the right angle that still count as a page laid askew
_STRAIGHT = 0.05  # degrees; less is left as it is


@dataclass(frozen=True, slots=True)
class Turn:
    """A small turn of the page about its middle that makes its lines level.

    Attributes:
        angle: Degrees clockwise by which the page is askew; 0 for one that lies straight.
        middle: Of the page, in whatever unit the turned points have.
    """

    angle: float
    middle: tuple[float, float]

    def straight(self, points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        """Points of the page as they lie once it is straight."""
        return self._turned(points, -self.angle)

    def askew(self, box: BBox) -> BBox:
        """The upright rectangle on the page as it is around ``box`` of the straight page."""
        if not self.angle:
            return box
        x0, y0, x1, y1 = box
        corners = self._turned([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], self.angle)
        return outline(corners)

    def scaled(self, factor: float) -> Turn:
        """The same turn in another unit."""
        return Turn(self.angle, (self.middle[0] * factor, self.middle[1] * factor))

    def image(self, grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The page picture turned straight, paper where nothing was."""
        if not self.angle:
            return grey
        import cv2

        matrix = cv2.getRotationMatrix2D(self.middle, self.angle, 1.0)
        size = (grey.shape[1], grey.shape[0])
        paper = int(np.percentile(grey, 90))
        turned = cv2.warpAffine(grey, matrix, size, flags=cv2.INTER_LINEAR, borderValue=paper)
        return np.asarray(turned, dtype=np.uint8)

    def _turned(
        self, points: Iterable[tuple[float, float]], angle: float
    ) -> list[tuple[float, float]]:
        cosine, sine = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        mx, my = self.middle
        return [
            (
                mx + (x - mx) * cosine - (y - my) * sine,
                my + (x - mx) * sine + (y - my) * cosine,
            )
            for x, y in points
        ]


def find_turn(lines: Sequence[TextLine], width: int, height: int) -> Turn:
    """How a page picture of that size is askew, told by the longer half of its lines."""
    middle = (width / 2, height / 2)
    offsets = []
    for line in lines:
        angle = direction(line)
        offset = (angle + 45) % 90 - 45
        if abs(offset) <= _SKEW:
            offsets.append((math.dist(line.quad[0], line.quad[1]), offset))
    if not offsets:
        return Turn(0.0, middle)
    offsets.sort(reverse=True)
    long = [offset for _, offset in offsets[: (len(offsets) + 1) // 2]]
    angle = float(np.median(long))
    return Turn(angle if abs(angle) >= _STRAIGHT else 0.0, middle)


def direction(line: TextLine) -> float:
    """Degrees clockwise in which ``line`` runs, 0 to 360."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = line.quad
    return math.degrees(math.atan2((by - ay) + (cy - dy), (bx - ax) + (cx - dx))) % 360


def quarter(line: TextLine) -> int:
    """The direction of ``line`` as 0, 90, 180 or 270."""
    return round(direction(line) / 90) % 4 * 90


def outline(points: Iterable[tuple[float, float]]) -> BBox:
    """The upright rectangle around ``points``."""
    xs, ys = zip(*points, strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


def part(quad: Quad, first: float, last: float) -> Quad:
    """What lies between two places along ``quad``, as parts of its length."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    return (
        (ax + (bx - ax) * first, ay + (by - ay) * first),
        (ax + (bx - ax) * last, ay + (by - ay) * last),
        (dx + (cx - dx) * last, dy + (cy - dy) * last),
        (dx + (cx - dx) * first, dy + (cy - dy) * first),
    )

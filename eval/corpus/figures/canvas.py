"""A small SVG canvas in the common style of the figures.

Text stays text (no outlines): it can be searched, copied and read by the loaders. Every label is
measured when it is set, so that :meth:`Canvas.faults` can tell labels that overlap, leave the
picture or are crossed by a line.
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]

FONTS = (
    "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','SimHei',sans-serif"
)
INK, MUTED, PALE, WHITE = "#1f2933", "#52606d", "#cbd2d9", "#ffffff"
SIZE, SMALL = 14.0, 12.5
_BOLD = ' font-weight="bold"'
_LEADING = 1.3
_HEAD = 9.0  # length of an arrow's head
_RISE = 0.36  # of the size, from the middle of a line down to its baseline
_WIDTHS = {"W": 1.0, "F": 1.0, "A": 0.92}
_NARROW, _WIDE = set("iljI.,:;'|!()[]{} ftr1-"), set("MWmw@%OQGNDH&—")


@dataclass(frozen=True, slots=True)
class Tone:
    """A colour for lines and text, and its tint for surfaces."""

    line: str
    fill: str


BLUE = Tone("#245f8f", "#e6f0f8")
GREEN = Tone("#2f6b43", "#e5f3e9")
AMBER = Tone("#8f5208", "#fcf0df")
RED = Tone("#9b2c2c", "#fbe9e9")
VIOLET = Tone("#5b4390", "#efeaf8")
GREY = Tone("#52606d", "#f1f3f5")
PLAIN = Tone("#52606d", WHITE)


@dataclass(frozen=True, slots=True)
class Rect:
    """An upright rectangle."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def centre(self) -> Point:
        """The middle."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    @property
    def top(self) -> Point:
        """The middle of the upper side."""
        return (self.x0 + self.x1) / 2, self.y0

    @property
    def bottom(self) -> Point:
        """The middle of the lower side."""
        return (self.x0 + self.x1) / 2, self.y1

    @property
    def left(self) -> Point:
        """The middle of the left side."""
        return self.x0, (self.y0 + self.y1) / 2

    @property
    def right(self) -> Point:
        """The middle of the right side."""
        return self.x1, (self.y0 + self.y1) / 2

    def overlaps(self, other: Rect) -> bool:
        """Whether the two share more than a hair."""
        return (
            min(self.x1, other.x1) - max(self.x0, other.x0) > 0.5
            and min(self.y1, other.y1) - max(self.y0, other.y0) > 0.5
        )

    def holds(self, other: Rect) -> bool:
        """Whether ``other`` lies inside."""
        return (
            self.x0 <= other.x0 and self.y0 <= other.y0
            and other.x1 <= self.x1 and other.y1 <= self.y1
        )  # fmt: skip


def width_of(words: str, size: float = SIZE, bold: bool = False) -> float:
    """The width of a line of text, estimated from the forms of its characters."""
    total = sum(_width(character) for character in words)
    return total * size * (1.04 if bold else 1.0)


def _width(character: str) -> float:
    wide = _WIDTHS.get(unicodedata.east_asian_width(character))
    if wide is not None:
        return wide
    if character in _NARROW:
        return 0.38 if character != "1" else 0.56
    return 0.8 if character in _WIDE else 0.6


class Canvas:
    """A picture being drawn, in user units of one CSS pixel."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._parts: list[str] = []
        self._labels: list[tuple[str, Rect]] = []
        self._strokes: list[tuple[Point, Point]] = []
        # Rounded: the loaders take a sharp frame with lines in it for a ruled table.
        self.rect(0.5, 0.5, width - 1, height - 1, PALE, WHITE, 10)

    # --- forms --------------------------------------------------------------------------------

    def rect(
        self, x: float, y: float, w: float, h: float,
        line: str, fill: str = "none", corner: float = 6, dash: str = "",
    ) -> Rect:  # fmt: skip
        """A rectangle with rounded corners."""
        self._parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(w)}" height="{_n(h)}" rx="{_n(corner)}" '
            f'fill="{fill}" stroke="{line}" stroke-width="1.3"{_dash(dash)}/>'
        )
        corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)]
        self._strokes += itertools.pairwise(corners)
        return Rect(x, y, x + w, y + h)

    def line(
        self, points: Sequence[Point], colour: str = MUTED, width: float = 1.5, dash: str = "",
        under: bool = False, corner: float = 5,
    ) -> None:  # fmt: skip
        """A line through ``points``; ``under``: labels may lie on it (they have a ground).

        Corners are rounded: the loaders take sharp level and upright lines for rules of a table.
        """
        self._parts.append(
            f'<path d="{_path(points, corner)}" fill="none" stroke="{colour}" '
            f'stroke-width="{_n(width)}" stroke-linejoin="round"{_dash(dash)}/>'
        )
        if not under:
            self._strokes += itertools.pairwise(points)

    def arrow(
        self, points: Sequence[Point], colour: str = MUTED, width: float = 1.5, dash: str = ""
    ) -> None:
        """A line with a head at its last point."""
        (x0, y0), (x1, y1) = points[-2:]
        length = math.hypot(x1 - x0, y1 - y0)
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        base = (x1 - ux * _HEAD, y1 - uy * _HEAD)
        self.line([*points[:-1], base], colour, width, dash)
        half = _HEAD * 0.45
        self.polygon(
            [(x1, y1), (base[0] - uy * half, base[1] + ux * half),
             (base[0] + uy * half, base[1] - ux * half)],
            colour, colour,
        )  # fmt: skip

    def dots(self, start: Point, end: Point, colour: str) -> None:
        """A dotted line; unlike a dashed one no loader takes it for a rule of a table."""
        count = max(int(math.dist(start, end) / 5), 1)
        for n in range(count + 1):
            x, y = (a + (b - a) * n / count for a, b in zip(start, end, strict=True))
            self.circle(x, y, 0.9, colour, colour)
        self._strokes.append((start, end))

    def polygon(self, points: Iterable[Point], line: str, fill: str) -> None:
        """A closed form."""
        points = list(points)
        self._strokes += itertools.pairwise([*points, points[0]])
        corners = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self._parts.append(
            f'<polygon points="{corners}" fill="{fill}" stroke="{line}" stroke-width="1.3" '
            'stroke-linejoin="round"/>'
        )

    def circle(self, x: float, y: float, r: float, line: str, fill: str) -> None:
        """A circle."""
        self._parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" fill="{fill}" stroke="{line}" '
            'stroke-width="1.3"/>'
        )

    # --- text ---------------------------------------------------------------------------------

    def text(
        self, x: float, y: float, words: str, size: float = SIZE, anchor: Anchor = "middle",
        colour: str = INK, bold: bool = False, ground: str | None = None,
    ) -> Rect:  # fmt: skip
        """A line of text whose middle height is ``y``; ``ground`` hides what lies behind it."""
        wide = width_of(words, size, bold)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        place = Rect(left, y - size * 0.52, left + wide, y + size * 0.52)
        if ground is not None:
            self._parts.append(
                f'<rect x="{_n(place.x0 - 3)}" y="{_n(place.y0 - 1)}" width="{_n(wide + 6)}" '
                f'height="{_n(size * 1.04 + 2)}" fill="{ground}"/>'
            )
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y + size * _RISE)}" font-size="{_n(size)}" '
            f'text-anchor="{anchor}" fill="{colour}"{_BOLD if bold else ""}>{escape(words)}</text>'
        )
        self._labels.append((words, place))
        return place

    def lines(
        self, x: float, y: float, words: str, size: float = SIZE, anchor: Anchor = "middle",
        colour: str = INK, head: bool = False,
    ) -> list[Rect]:  # fmt: skip
        """Lines of text around the middle height ``y``; with ``head`` the first one is bold."""
        rows = words.split("\n") if words else []
        step = size * _LEADING
        first = y - step * (len(rows) - 1) / 2
        return [
            self.text(x, first + step * n, row, size, anchor, colour, bold=head and n == 0)
            for n, row in enumerate(rows)
        ]

    def box(
        self, x: float, y: float, w: float, h: float, words: str, tone: Tone = BLUE,
        size: float = SIZE, head: bool = False, anchor: Anchor = "middle", dash: str = "",
        corner: float = 6,
    ) -> Rect:  # fmt: skip
        """A box with text in it; refuses text that does not fit."""
        place = self.rect(x, y, w, h, tone.line, tone.fill, corner, dash)
        at = {"start": x + 10, "middle": x + w / 2, "end": x + w - 10}[anchor]
        for row in self.lines(at, y + h / 2, words, size, anchor, head=head):
            if not Rect(x + 2, y + 2, x + w - 2, y + h - 2).holds(row):
                raise ValueError(f"does not fit its box of {w:.0f} by {h:.0f}: {words!r}")
        return place

    def diamond(
        self, x: float, y: float, w: float, h: float, words: str, tone: Tone = AMBER,
        size: float = SIZE,
    ) -> Rect:  # fmt: skip
        """A question of a decision tree: a box with pointed ends around the middle (x, y)."""
        tip = min(h / 2, 22.0)
        x0, x1, y0, y1 = x - w / 2, x + w / 2, y - h / 2, y + h / 2
        self.polygon(
            [(x0, y), (x0 + tip, y0), (x1 - tip, y0), (x1, y), (x1 - tip, y1), (x0 + tip, y1)],
            tone.line, tone.fill,
        )  # fmt: skip
        for row in self.lines(x, y, words, size):
            if row.x0 < x0 + tip * 0.5 or row.x1 > x1 - tip * 0.5:
                raise ValueError(f"does not fit its diamond of {w:.0f}: {words!r}")
        return Rect(x0, y0, x1, y1)

    # --- result -------------------------------------------------------------------------------

    def faults(self) -> list[str]:
        """Labels that overlap or are crossed by a line, and what leaves the picture."""
        found = []
        whole = Rect(2, 2, self.width - 2, self.height - 2)
        ends = [point for stroke in self._strokes for point in stroke]
        if not all(0 <= x <= self.width and 0 <= y <= self.height for x, y in ends):
            found.append("a line leaves the picture")
        for words, place in self._labels:
            if not whole.holds(place):
                found.append(f"leaves the picture: {words}")
            for start, end in self._strokes:
                if _crosses(start, end, place):
                    found.append(f"is crossed by a line: {words}")
                    break
        for (one, a), (other, b) in itertools.combinations(self._labels, 2):
            if a.overlaps(b):
                found.append(f"overlap: {one} / {other}")
        return found

    def svg(self, title: str, description: str) -> str:
        """The picture as an SVG document."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(self.width)}" '
            f'height="{_n(self.height)}" viewBox="0 0 {_n(self.width)} {_n(self.height)}" '
            f'role="img" font-family="{FONTS}">'
        )
        return "\n".join([
            head, f'<title xml:lang="zh">{escape(title)}</title>',
            f'<desc xml:lang="en">{escape(description)}</desc>', *self._parts, "</svg>", "",
        ])  # fmt: skip


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _path(points: Sequence[Point], corner: float) -> str:
    """A path through points, its corners rounded."""
    steps = [f"M{_n(points[0][0])} {_n(points[0][1])}"]
    for before, (x, y), after in zip(points, points[1:-1], points[2:], strict=False):
        radius = min(corner, math.dist(before, (x, y)) / 2, math.dist((x, y), after) / 2)
        if radius < 0.2:
            steps.append(f"L{_n(x)} {_n(y)}")
            continue
        (ax, ay), (bx, by) = _towards((x, y), before, radius), _towards((x, y), after, radius)
        steps.append(f"L{_n(ax)} {_n(ay)} Q{_n(x)} {_n(y)} {_n(bx)} {_n(by)}")
    steps.append(f"L{_n(points[-1][0])} {_n(points[-1][1])}")
    return " ".join(steps)


def _towards(start: Point, end: Point, by: float) -> Point:
    share = by / math.dist(start, end)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _dash(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""


def _crosses(start: Point, end: Point, place: Rect) -> bool:
    """Whether a line runs through the inner part of a rectangle (Liang and Barsky's clipping)."""
    inset = 2.0
    x0, y0, x1, y1 = place.x0 + inset, place.y0 + inset, place.x1 - inset, place.y1 - inset
    if x1 <= x0 or y1 <= y0:
        return False
    dx, dy = end[0] - start[0], end[1] - start[1]
    low, high = 0.0, 1.0
    for p, q in (
        (-dx, start[0] - x0), (dx, x1 - start[0]), (-dy, start[1] - y0), (dy, y1 - start[1]),
    ):  # fmt: skip
        if p == 0:
            if q < 0:
                return False
            continue
        t = q / p
        if p < 0:
            low = max(low, t)
        else:
            high = min(high, t)
    return low < high

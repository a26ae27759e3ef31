"""Axes of a chart on a :class:`~eval.corpus.figures.canvas.Canvas`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eval.corpus.figures.canvas import INK, MUTED, SMALL, Canvas, Point, Rect

_GRID = "#e4e7eb"


class Axes:
    """A plotting area with linear axes; ``x`` and ``y`` are the values at its ends."""

    def __init__(
        self, canvas: Canvas, area: Rect, x: tuple[float, float], y: tuple[float, float]
    ) -> None:
        self.canvas, self.area = canvas, area
        self._x, self._y = x, y

    def at(self, x: float, y: float) -> Point:
        """Where a value stands in the picture."""
        (x0, x1), (y0, y1) = self._x, self._y
        a = self.area
        return (
            a.x0 + (x - x0) / (x1 - x0) * (a.x1 - a.x0),
            a.y1 - (y - y0) / (y1 - y0) * (a.y1 - a.y0),
        )

    def frame(
        self, x_ticks: Iterable[tuple[float, str]], y_ticks: Iterable[tuple[float, str]],
        x_name: str, y_name: str, grid: bool = True,
    ) -> None:  # fmt: skip
        """Axes, level grid lines, ticks with their labels and names of the axes."""
        c, a = self.canvas, self.area
        for value, label in y_ticks:
            _, y = self.at(self._x[0], value)
            c.line([(a.x0 if grid else a.x0 - 5, y), (a.x1 if grid else a.x0, y)],
                   _GRID if grid else INK, 1, under=True)  # fmt: skip
            c.text(a.x0 - 8, y, label, SMALL, "end", MUTED)
        for value, label in x_ticks:
            x, _ = self.at(value, self._y[0])
            c.line([(x, a.y1), (x, a.y1 + 5)], INK, 1.2)
            c.text(x, a.y1 + 15, label, SMALL, colour=MUTED)
        c.line([(a.x0, a.y0), (a.x0, a.y1)], INK, 1.4, under=True)
        c.line([(a.x0, a.y1), (a.x1, a.y1)], INK, 1.4, under=True)
        c.text((a.x0 + a.x1) / 2, a.y1 + 36, x_name, SMALL, colour=INK)
        # Above the axis, level: turned labels are hard to read and to find.
        c.text(a.x0 - 40, a.y0 - 18, y_name, SMALL, "start", INK)

    def curve(
        self, values: Sequence[Point], colour: str, dash: str = "", corner: float = 0
    ) -> None:
        """A line through values; with a small ``corner`` steps are no rules of a table."""
        self.canvas.line([self.at(x, y) for x, y in values], colour, 2.2, dash, corner=corner)

    def level(self, y: float, colour: str, dash: str = "5 4") -> None:
        """A level line across the area."""
        self.canvas.line(
            [self.at(self._x[0], y), self.at(self._x[1], y)], colour, 1.3, dash, under=True
        )

    def mark(self, x: float, y: float, colour: str, r: float = 4) -> Point:
        """A dot; returns where it stands."""
        place = self.at(x, y)
        self.canvas.circle(*place, r, colour, colour)
        return place

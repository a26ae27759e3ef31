"""Find the areas of a page that drawn rules mark as tables."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.layout.shapes import Rule, Segment
from ingest.layout.tables_lattice import Lattice, make_lattice

_TOUCH = 4.5  # points between rules that are meant to meet
_INSIDE = 8.0  # points a rule keeps from the outer edges to divide the inside
_MAX_RULES = 4000  # a page with more is a drawing


@dataclass(slots=True)
class Grid:
    """A ruled area with at least one upright rule inside; all in one frame.

    ``number`` tells the grids of a page apart.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    lattice: Lattice
    number: int = 0

    def holds(self, item: Segment) -> bool:
        """Whether the middle of ``item`` lies in the area, in a cell and not in a framed page."""
        x, y = (item.x0 + item.x1) / 2, (item.y0 + item.y1) / 2
        return (
            self.y0 <= y <= self.y1
            and self.x0 - _TOUCH <= x <= self.x1 + _TOUCH
            and not self.lattice.is_frame(x, y)
        )


def find_grids(rules: list[Rule]) -> list[Grid]:
    """Gather rules that touch; keep the areas that upright and level rules divide.

    A frame around a text, a header underlined twice or a single box is no grid.
    """
    if len(rules) > _MAX_RULES:
        return []
    open_areas: list[_Area] = []
    closed: list[_Area] = []
    for rule in sorted(rules, key=lambda r: r.y0):
        area = _Area(rule)
        still_open = []
        for other in open_areas:
            if other.y1 < rule.y0 - _TOUCH:
                closed.append(other)
            elif other.touches(area):
                area.take(other)
            else:
                still_open.append(other)
        open_areas = [*still_open, area]
    grids = [area.grid() for area in [*closed, *open_areas]]
    return sorted((g for g in grids if g is not None), key=lambda g: (g.y0, g.x0))


class _Area:
    """The rectangle around rules that touch."""

    __slots__ = ("rules", "x0", "x1", "y0", "y1")

    def __init__(self, rule: Rule) -> None:
        self.x0, self.y0, self.x1, self.y1 = rule.x0, rule.y0, rule.x1, rule.y1
        self.rules = [rule]

    def touches(self, other: _Area) -> bool:
        return (
            self.x0 - _TOUCH <= other.x1
            and other.x0 <= self.x1 + _TOUCH
            and self.y0 - _TOUCH <= other.y1
            and other.y0 <= self.y1 + _TOUCH
        )

    def take(self, other: _Area) -> None:
        self.x0, self.y0 = min(self.x0, other.x0), min(self.y0, other.y0)
        self.x1, self.y1 = max(self.x1, other.x1), max(self.y1, other.y1)
        self.rules += other.rules

    def grid(self) -> Grid | None:
        upright = [r for r in self.rules if r.x0 == r.x1]
        levels = {round(r.y0 / _TOUCH) for r in self.rules if r.y0 == r.y1}
        inner = [r for r in upright if self.x0 + _INSIDE < r.x0 < self.x1 - _INSIDE]
        covered = sum(r.y1 - r.y0 for r in inner)
        if len(levels) < 2 or covered < 0.4 * (self.y1 - self.y0):
            return None
        lattice = make_lattice(self.x0, self.y0, self.x1, self.y1, self.rules)
        if lattice is None:
            return None
        return Grid(self.x0, self.y0, self.x1, self.y1, lattice)

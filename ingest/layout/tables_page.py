"""Bring the ruled tables of a page together with the text that stands in them.

A table may be printed sideways as a whole, or hold a few heads that run upwards in narrow columns.
Each ruled area goes to the reading direction of most of its text; what stands in it in another
direction joins its cells as one piece each.
"""

from __future__ import annotations

from collections import defaultdict

from ingest.layout.glyphs import turned
from ingest.layout.grids import Grid, find_grids
from ingest.layout.lines import build_lines
from ingest.layout.shapes import Page, Rule, Segment, union
from ingest.layout.tables_lattice import make_lattice
from ingest.layout.tables_open import open_tables
from ingest.model import BBox
from ingest.text import join_lines

_MARGIN = 0.12  # of the page height at the top and at the bottom
Groups = dict[int, list[Segment]]


def page_grids(page: Page, rules: list[Rule], groups: Groups) -> dict[int, list[Grid]]:
    """The ruled tables of each reading direction; notes their cells in ``page.grids``.

    Text of another direction inside a table is moved within ``groups`` to that of the table.
    """
    found: dict[int, list[Grid]] = {}
    for angle in sorted(groups, key=lambda a: -len(groups[a])):
        found[angle] = []
        drawn = _turn_rules(rules, angle)
        ruled = find_grids(drawn)
        opened = _open_grids(drawn, ruled, groups[angle])
        if angle == 0:
            # Between the rules of a page header its parts stand in columns too.
            low, high = _MARGIN * page.height, (1 - _MARGIN) * page.height
            opened = [grid for grid in opened if grid.y1 > low and grid.y0 < high]
        for grid in [*ruled, *opened]:
            if len(groups) > 1 and not _rules_over(grid, angle, groups):
                continue
            grid.number = len(page.grids)
            page.grids[grid.number] = grid.lattice
            found[angle].append(grid)
    if len(groups) > 1:
        for angle, grids in found.items():
            for grid in grids:
                _take_others(grid, angle, groups)
    return found


def _open_grids(rules: list[Rule], grids: list[Grid], segments: list[Segment]) -> list[Grid]:
    """The tables drawn with level rules only."""
    outside = [
        rule
        for rule in rules
        if not any(
            g.x0 - 2 <= (rule.x0 + rule.x1) / 2 <= g.x1 + 2 and g.y0 - 2 <= rule.y0 <= g.y1 + 2
            for g in grids
        )
    ]
    found: list[Grid] = []
    inside = [grid.holds for grid in grids]
    for made, head in open_tables(outside, segments, lambda s: any(holds(s) for holds in inside)):
        x0, x1 = min(r.x0 for r in made), max(r.x1 for r in made)
        y0, y1 = min(r.y0 for r in made), max(r.y1 for r in made)
        lattice = make_lattice(x0, y0, x1, y1, made)
        overlaps = any(y0 < g.y1 and g.y0 < y1 and x0 < g.x1 and g.x0 < x1 for g in found)
        if lattice is not None and not overlaps:
            if head is not None:
                lattice.heads = sum(1 for y in lattice.ys[1:] if y <= head + 1)
            found.append(Grid(x0, y0, x1, y1, lattice))
    return found


def _turn_rules(rules: list[Rule], angle: int) -> list[Rule]:
    """The rules in the frame of text that runs at ``angle``."""
    if angle == 0 or angle % 90:
        return rules if angle == 0 else []
    found = []
    for rule in rules:
        x0, y0, x1, y1 = _turn_box((rule.x0, rule.y0, rule.x1, rule.y1), angle)
        # Rounding must not make a rule slanted.
        found.append(Rule(x0, y0, x1, y0) if x1 - x0 > y1 - y0 else Rule(x0, y0, x0, y1))
    return found


def _turn_box(box: BBox, angle: int) -> BBox:
    (xa, ya), (xb, yb) = turned(box[0], box[1], angle), turned(box[2], box[3], angle)
    return (min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))


def _in_frame(segment: Segment, angle: int) -> Segment:
    """The segment with its rectangle in the frame of text at ``angle``."""
    x0, y0, x1, y1 = _turn_box(segment.shown, angle)
    return Segment(
        segment.text, x0, y0, x1, y1, segment.size, segment.bold, True, segment.guessed,
        segment.shown,
    )  # fmt: skip


def _rules_over(grid: Grid, angle: int, groups: Groups) -> bool:
    """Whether the text of most cells runs at ``angle``."""
    counts: dict[int, tuple[int, int]] = {}
    for other, segments in groups.items():
        if other % 90:
            continue
        held = [there for s in segments if grid.holds(there := _in_frame(s, angle))]
        cells = {
            grid.lattice.slot_at((s.x0 + s.x1) / 2, (s.y0 + s.y1) / 2)
            for s in held
        }  # fmt: skip
        counts[other] = len(cells), sum(len(s.text) for s in held)
    return counts.get(angle, (0, 0))[0] > 0 and counts[angle] == max(counts.values())


def _take_others(grid: Grid, angle: int, groups: Groups) -> None:
    for other, segments in groups.items():
        if other == angle or other % 90:
            continue
        cells: dict[int, list[Segment]] = defaultdict(list)
        for segment in segments:
            there = _in_frame(segment, angle)
            if grid.holds(there):
                middle = (there.x0 + there.x1) / 2, (there.y0 + there.y1) / 2
                cells[grid.lattice.slot_at(*middle)].append(segment)
        taken = {id(segment) for members in cells.values() for segment in members}
        segments[:] = [segment for segment in segments if id(segment) not in taken]
        groups[angle].extend(_as_one(members, angle) for members in cells.values())


def _as_one(members: list[Segment], angle: int) -> Segment:
    """The text of a cell in another direction as a single segment."""
    text = join_lines([line.text for line in build_lines(members, [])])
    shown = union(segment.shown for segment in members)
    whole = Segment(
        text, 0.0, 0.0, 0.0, 0.0, members[0].size, all(s.bold for s in members), True,
        any(s.guessed for s in members), shown,
    )  # fmt: skip
    return _in_frame(whole, angle)

"""Find tables drawn with level rules only, such as the three-line tables of journals.

Upright and further level rules are put where the text leaves its gaps, so that such a table is
read like a ruled one. At least two rules of the same width must enclose lines set in columns.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from ingest.layout.columns import is_running
from ingest.layout.lines import rows_of
from ingest.layout.numbering import is_caption, is_toc_entry
from ingest.layout.shapes import Rule, Segment
from ingest.layout.tables_bands import Piece, VisualRow, pieces_of, row_cuts

_FAR = 1e6  # below every page
_STEP = 2.2  # font sizes between the lines of a table
_WIDE = 100.0  # points; shorter rules underline words
_SAME = 5.0  # points by which the ends of a table's rules may differ
_GUTTER = 6.0  # points; a narrower gap does not part columns
_CROSSING = 0.12  # share of lines that may run across a gutter (headings, notes)
_MOST_RULES = 200  # a page with more is ruled paper
_MOST_HEAD = 7  # lines above the rule under the header


def open_tables(
    rules: list[Rule], segments: list[Segment], inside: Callable[[Segment], bool]
) -> list[tuple[list[Rule], float | None]]:
    """The rules of each table, with those put in where only gaps part the cells.

    With them comes the height at which the header ends, where three rules tell it.

    ``inside`` tells the segments that stand in ruled tables already.
    """
    free = [s for s in segments if not inside(s)]
    if not free:
        return []
    tables = []
    whole = _whole_rules(rules)
    wide = [rule for rule in whole if rule.x1 - rule.x0 >= _WIDE]
    if len(wide) > _MOST_RULES:
        return []
    for group in _stacks(wide):
        for stack in _tabular(group, free):
            made = _table_rules(stack, free, whole)
            if made:
                tables.append((made, stack[1].y0 if len(stack) == 3 else None))
    return tables


def _whole_rules(rules: list[Rule]) -> list[Rule]:
    """Level rules, those drawn cell by cell put together."""
    whole: list[Rule] = []
    for rule in sorted((r for r in rules if r.y0 == r.y1), key=lambda r: (round(r.y0), r.x0)):
        last = whole[-1] if whole else None
        if last is not None and abs(last.y0 - rule.y0) < 1.6 and rule.x0 - last.x1 < 6:
            whole[-1] = Rule(min(last.x0, rule.x0), last.y0, max(last.x1, rule.x1), last.y0)
        else:
            whole.append(rule)
    return whole


def _stacks(rules: list[Rule]) -> list[list[Rule]]:
    """Rules of one width, from top to bottom; double rules count once."""
    stacks: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.y0):
        for stack in stacks:
            first = stack[0]
            if abs(first.x0 - rule.x0) <= _SAME and abs(first.x1 - rule.x1) <= _SAME:
                if rule.y0 - stack[-1].y0 > 5:
                    stack.append(rule)
                break
        else:
            stacks.append([rule])
    return [stack for stack in stacks if len(stack) >= 2]


def _tabular(stack: list[Rule], segments: list[Segment]) -> list[list[Rule]]:
    """The runs of rules between which every band is set in columns."""
    runs: list[list[Rule]] = []
    run: list[Rule] = []
    heads: list[Piece] = []
    for above, below in pairwise(stack):
        rows = _rows_between(segments, above, below)
        if _in_columns(rows) or (run and _keeps_columns(rows, heads)):
            if not run:
                run, heads = [above], pieces_of(rows[0])
            run.append(below)
        elif run:
            runs.append(run)
            run = []
    if run:
        runs.append(_down_the_page(run, segments) if len(run) == 2 else run)
    return runs


def _keeps_columns(rows: list[VisualRow], heads: list[Piece]) -> bool:
    """Whether lines side by side at different heights keep to the columns of the header."""
    gaps = [(a[1], b[0]) for a, b in pairwise(heads)]
    taken: set[int] = set()
    for row in rows:
        if is_caption(" ".join(s.text for s in row)):
            return False
        gaps = [_narrowed(gap, pieces_of(row)) for gap in gaps]
        taken |= {sum(1 for gap in gaps if gap[1] <= a + 1) for a, _ in pieces_of(row)}
    return len(taken) > 1 and all(right - left >= _GUTTER for left, right in gaps)


def _down_the_page(run: list[Rule], segments: list[Segment]) -> list[Rule]:
    """A header between two rules whose rows run to the end of the page, where no rule closes it."""
    top, rule = run
    heads = pieces_of(next(iter(_rows_between(segments, top, rule)), []))
    gaps = [(a[1], b[0]) for a, b in pairwise(heads)]
    end = rule.y0
    for row in _rows_between(segments, rule, Rule(rule.x0, _FAR, rule.x1, _FAR)):
        y0, y1 = min(s.y0 for s in row), max(s.y1 for s in row)
        gaps = [_narrowed(gap, pieces_of(row)) for gap in gaps]
        crosses = any(right - left < _GUTTER for left, right in gaps)
        if crosses or y0 - end > _STEP * row[0].size or not _in_reach(row, rule):
            break
        end = y1
    closing = Rule(rule.x0, end + 1, rule.x1, end + 1)
    return [*run, closing] if heads and _in_columns(_rows_between(segments, rule, closing)) else run


def _narrowed(gap: Piece, pieces: list[Piece]) -> Piece:
    """What a line leaves free of the gap between two columns."""
    left, right = gap
    for start, end in pieces:
        if end <= left or start >= right:
            continue
        if start > left:
            right = min(right, start)
        elif end < right:
            left = max(left, end)
        else:
            return (left, left)
    return (left, right)


def _in_reach(row: VisualRow, rule: Rule) -> bool:
    return row[0].x0 > rule.x0 - _SAME and row[-1].x1 < rule.x1 + _SAME


def _rows_between(segments: list[Segment], above: Rule, below: Rule) -> list[VisualRow]:
    held = [
        s
        for s in segments
        if above.y0 < (s.y0 + s.y1) / 2 < below.y0
        and s.x1 > above.x0 - _SAME
        and s.x0 < above.x1 + _SAME
    ]
    return rows_of(held)


def _in_columns(rows: list[VisualRow]) -> bool:
    """Whether lines have wide gaps, or leave most of the width free."""
    for row in rows:
        text = " ".join(s.text for s in row)
        if is_toc_entry(text) or is_caption(text):
            return False
    parted = sum(1 for row in rows if len(pieces_of(row)) > 1)
    return bool(rows) and parted >= max(1, 0.2 * len(rows))


def _table_rules(
    stack: list[Rule], segments: list[Segment], rules: list[Rule]
) -> list[Rule] | None:
    bands = [_rows_between(segments, a, b) for a, b in pairwise(stack)]
    rows = [row for band in bands for row in band]
    if len(rows) < 2 or (len(stack) > 2 and len(bands[0]) > _MOST_HEAD and len(stack) < 5):
        return None
    x0, x1 = min(r.x0 for r in stack), max(r.x1 for r in stack)
    gutters = _gutters(rows, x0, x1)
    if not gutters or (len(stack) == 2 and not _is_surely_table(rows, gutters)):
        return None
    y0, y1 = stack[0].y0, stack[-1].y0
    made = [Rule(x0, r.y0, x1, r.y0) for r in stack]
    heights = [r.y0 for r in stack]
    few = len(bands) <= 4
    parting: list[Rule] = []
    for number, band in enumerate(bands):
        head = number == 0 and len(stack) > 2
        top, bottom = heights[number], heights[number + 1]
        cuts = _part_rules(rules, top, bottom, [x0, *gutters, x1]) if head else []
        parting += cuts
        if not head and few:
            cuts = [Rule(x0, y, x1, y) for y in row_cuts(band, [x0, *gutters])]
        made += cuts
    for gutter in gutters:
        # A head over several columns stands above the rule that gathers them.
        over = max((r.y0 for r in parting if r.x0 < gutter < r.x1), default=y0)
        made += _upright(gutter, over, y1, rows)
    made += [Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1)]
    return made


def _is_surely_table(rows: list[VisualRow], gutters: list[float]) -> bool:
    """Between two rules only: short lines in columns, not two columns of running text."""
    parted = sum(1 for row in rows if len(pieces_of(row)) > 1)
    if parted < 0.6 * len(rows) or len(rows) < 3:
        return False
    sides = [
        [s for row in rows for s in row if s.x1 <= gutters[0]],
        [s for row in rows for s in row if s.x0 >= gutters[0]],
    ]
    return not all(is_running(side) for side in sides)


def _gutters(rows: list[VisualRow], x0: float, x1: float) -> list[float]:
    """Where columns part: gaps that nearly all lines leave free, text on both sides."""
    pieces = [pieces_of(row) for row in rows]
    several = [row for row in pieces if len(row) > 1]
    edges = sorted({round(p[0]) for row in several for p in row[1:]})
    found: list[Piece] = []
    for edge in edges:
        left = max((p[1] for row in several for p in row if p[1] < edge + 1), default=x0)
        crossing = [
            row for row in pieces if any(p[0] < edge - _GUTTER and p[1] > edge - 1 for p in row)
        ]
        # Lines of one piece across are headings or notes; a line of several never crosses.
        broad = sum(1 for row in crossing if len(row) > 1)
        if len(crossing) > max(1, _CROSSING * len(pieces)) or broad > 0.05 * len(several):
            continue
        clear = [row for row in pieces if not any(row is other for other in crossing)]
        free = [p[1] for row in clear for p in row if p[1] < edge + 1]
        left = max(free, default=left)
        if edge - left >= _GUTTER and x0 < left and edge < x1:
            found.append((left, edge))
    kept: list[float] = []
    for start, end in found:
        if not kept or start > kept[-1] + 1:
            kept.append((start + end) / 2)
    return kept


def _part_rules(rules: list[Rule], top: float, bottom: float, edges: list[float]) -> list[Rule]:
    """Shorter rules inside the header, over whole columns: they part a head from those below."""
    x0, x1 = edges[0], edges[-1]
    found = []
    for rule in rules:
        inside = x0 - _SAME < rule.x0 and rule.x1 < x1 + _SAME
        if rule.y0 == rule.y1 and inside and top + 4 < rule.y0 < bottom - 4:
            start = max((e for e in edges if e <= rule.x0 + _GUTTER), default=x0)
            end = min((e for e in edges if e >= rule.x1 - _GUTTER), default=x1)
            found.append(Rule(start, rule.y0, end, rule.y0))
    return found


def _upright(x: float, y0: float, y1: float, rows: list[VisualRow]) -> list[Rule]:
    """An upright rule from ``y0`` to ``y1``, left out where a line runs across."""
    pieces: list[Rule] = []
    start = y0
    for row in rows:
        if any(a < x - 1 and b > x + 1 for a, b in pieces_of(row)):
            top, bottom = min(s.y0 for s in row), max(s.y1 for s in row)
            if top > start:
                pieces.append(Rule(x, start, x, top))
            start = max(start, bottom)
    if y1 > start:
        pieces.append(Rule(x, start, x, y1))
    return pieces

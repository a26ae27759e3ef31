"""Turn the lines of pages into blocks: headings, paragraphs, list items, tables."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from statistics import median

from ingest.layout.figures_blocks import Figures
from ingest.layout.headings import Headings
from ingest.layout.hyphens import Hyphens
from ingest.layout.numbering import mark_of
from ingest.layout.paragraphs import Pitches, flows_on, paragraphs
from ingest.layout.rows import aligned_table, find_tables, marked_items, merge_marks, rest_above
from ingest.layout.shapes import Line, Page, union
from ingest.layout.tables_around import caption_above, captions_below, captions_by_place, is_note
from ingest.layout.tables_pages import OpenTable
from ingest.layout.tables_ruled import RawTable, ruled_table
from ingest.layout.toc import toc_range
from ingest.model import BBox, Block, Locator
from ingest.tables import table_block
from ingest.text import join_lines, squeeze

_LEADERS = re.compile(r"(?:[.…·․]\s?){4,}")


class BlockBuilder:
    """Builds blocks page after page and remembers the heading that rules the next one."""

    def __init__(self) -> None:
        self.pitches = Pitches()
        self.headings = Headings()
        self.hyphens = Hyphens()
        self._pitches = self.pitches
        self._rights: dict[int, Counter[int]] = defaultdict(Counter)
        self._in_toc = False
        self._open_table = OpenTable()
        self._figures = Figures()

    def learn(self, pages: Iterable[Page]) -> None:
        """Measure font sizes, line distances and margins on ``pages`` before building them."""
        pages = list(pages)
        for page in pages:
            for column in page.columns:
                for line in column:
                    merge_marks(line)
                if len(page.columns) == 1 and len(column) >= 15:
                    self._rights[round(page.width)][round(median_right(column))] += 1
        self.pitches.learn(pages)
        self.headings.learn(pages)
        self.hyphens.learn(pages)
        self._figures.learn(pages)

    def build(self, page: Page) -> list[Block]:
        """The blocks of one page, furniture taken out before."""
        blocks: list[Block] = []
        open_group: list[Line] | None = None
        open_right = 0.0
        toc_seen = False
        self._pitches = self.pitches.on(page)
        for column in page.columns:
            right = self._right(page, column)
            found = toc_range(column, self._in_toc or toc_seen)
            pieces: list[tuple[list[Line], bool]] = [(column, False)]
            if found is not None:
                start, end = found
                pieces = [(column[:start], False), (column[start:end], True), (column[end:], False)]
                toc_seen = True
            for lines, is_toc in pieces:
                if not lines:
                    continue
                if is_toc:
                    blocks.append(self._toc(page, lines))
                    open_group = None
                    continue
                for group, raw in self._groups(page, lines, right, not blocks):
                    if raw is not None:
                        blocks.append(self._table(page, group, raw, blocks))
                        open_group = None
                        continue
                    if (
                        open_group is not None
                        and group[0].y0 < open_group[-1].y0
                        and blocks[-1].kind in {"paragraph", "list_item"}
                        and flows_on(open_group, group, open_right)
                    ):
                        group = [*open_group, *group]
                        blocks.pop()
                    blocks.append(self._text(page, group, blocks[-1].kind if blocks else ""))
                    open_group, open_right = group, right
                    if blocks[-1].kind == "heading":
                        self._open_table.close()
        self._in_toc = toc_seen
        return self._figures.put(page, captions_below(captions_by_place(blocks)))

    def _right(self, page: Page, column: list[Line]) -> float:
        """Where full lines of the column end."""
        right = max(line.x1 for line in column)
        known = self._rights.get(round(page.width))
        if len(page.columns) == 1 and known and not column[0].turned:
            right = max(right, float(median(known.elements())))
        return right

    def _groups(
        self, page: Page, lines: list[Line], right: float, first: bool
    ) -> Iterable[tuple[list[Line], RawTable | None]]:
        """The lines of each paragraph and, with their rows, of each table."""
        done = 0
        runs = find_tables(lines)
        if first and runs and self._open_table.may_go_on(page.number):
            runs[0].start = 0 if rest_above(lines, runs[0]) else runs[0].start
        for run in runs:
            held = lines[run.start : run.end]
            raw = self._raw_table(page, held) if run.ruled else aligned_table(held)
            items = marked_items(held) if not run.ruled else None
            if raw is None and items is None:
                continue  # a box around text, a formula
            for group in paragraphs(lines[done : run.start], self._pitches, right):
                yield group, None
            for item in items or []:
                yield item, None
            if items is None:
                yield held, raw
            done = run.end
        for group in paragraphs(lines[done:], self._pitches, right):
            yield group, None

    def _raw_table(self, page: Page, lines: list[Line]) -> RawTable | None:
        number = lines[0].grid
        lattice = None if number is None else page.grids.get(number)
        return None if lattice is None else ruled_table(lines, lattice, self._join_cell)

    def _join(self, lines: list[str]) -> str:
        return squeeze(join_lines(self.hyphens.keep(lines)))

    def _join_cell(self, lines: list[str]) -> str:
        return self._join(self.hyphens.mend(lines))

    def _text(self, page: Page, group: list[Line], after: str) -> Block:
        text = self._join([line.text for line in group])
        locator = self._locator(page, group)
        level = self.headings.level_of(text, group)
        if level is not None:
            self.headings.enter(text, level)
            locator = replace(locator, section=text)
            return Block("heading", text, locator, level=level, flags=_flags(group))
        if is_note(text, group[0].size, self.headings.body_size, after):
            return Block("footnote", text, locator, flags=_flags(group))
        mark = mark_of(text)
        is_item = mark is not None and mark.kind in {"bullet", "item", "number", "cn2"}
        return Block("list_item" if is_item else "paragraph", text, locator, flags=_flags(group))

    def _toc(self, page: Page, lines: list[Line]) -> Block:
        text = "\n".join(_LEADERS.sub(" … ", line.text) for line in lines)
        return Block(
            "paragraph", squeeze(text), self._locator(page, lines), flags=("toc", *_flags(lines))
        )

    def _table(self, page: Page, lines: list[Line], raw: RawTable, blocks: list[Block]) -> Block:
        locator = self._locator(page, lines)
        caption = None
        count = caption_above(blocks)
        if count:
            above = blocks[-count:]
            del blocks[-count:]
            caption = join_lines([block.text for block in above])
            boxes = [block.locator.bbox for block in above]
            locator = replace(
                locator, bbox=union(box for box in [*boxes, locator.bbox] if box is not None)
            )
        first = not blocks or blocks[-1].kind == "table"
        table, continued = self._open_table.finish(raw, caption, page.number, first)
        flags = ("continued", *_flags(lines)) if continued else _flags(lines)
        return table_block(table, locator, flags)

    def _locator(self, page: Page, lines: list[Line]) -> Locator:
        x0, y0, x1, y1 = union(line.shown for line in lines)
        bbox: BBox = (
            round(max(x0, 0.0), 1),
            round(max(y0, 0.0), 1),
            round(min(x1, page.width), 1),
            round(min(y1, page.height), 1),
        )
        return Locator(page=page.number, bbox=bbox, section=self.headings.section)


def _flags(lines: list[Line]) -> tuple[str, ...]:
    return ("low_confidence",) if any(line.guessed for line in lines) else ()


def median_right(lines: list[Line]) -> float:
    """Right edge of the longer half of the lines."""
    edges = sorted(line.x1 for line in lines)
    return median(edges[len(edges) // 2 :])

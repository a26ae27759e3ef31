"""Turn the lines of pages into blocks: headings, paragraphs, list items, tables."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from statistics import median

from ingest.layout.headings import Headings
from ingest.layout.hyphens import Hyphens
from ingest.layout.numbering import is_table_caption, mark_of
from ingest.layout.paragraphs import Pitches, flows_on, paragraphs
from ingest.layout.rows import find_tables, merge_marks, table_rows
from ingest.layout.shapes import Line, Page, union
from ingest.layout.toc import toc_range
from ingest.layout.wrapped import mend_wrapped_rows
from ingest.model import BBox, Block, Locator, Table
from ingest.tables import header_row_count, table_block
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
                for group, is_table in self._groups(lines, right):
                    if is_table:
                        blocks.append(self._table(page, group, blocks))
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
                    blocks.append(self._text(page, group))
                    open_group, open_right = group, right
        self._in_toc = toc_seen
        return blocks

    def _right(self, page: Page, column: list[Line]) -> float:
        """Where full lines of the column end."""
        right = max(line.x1 for line in column)
        known = self._rights.get(round(page.width))
        if len(page.columns) == 1 and known and not column[0].turned:
            right = max(right, float(median(known.elements())))
        return right

    def _groups(self, lines: list[Line], right: float) -> Iterable[tuple[list[Line], bool]]:
        done = 0
        for run in find_tables(lines):
            for group in paragraphs(lines[done : run.start], self._pitches, right):
                yield group, False
            yield lines[run.start : run.end], True
            done = run.end
        for group in paragraphs(lines[done:], self._pitches, right):
            yield group, False

    def _text(self, page: Page, group: list[Line]) -> Block:
        text = squeeze(join_lines(self.hyphens.keep([line.text for line in group])))
        locator = self._locator(page, group)
        level = self.headings.level_of(text, group)
        if level is not None:
            self.headings.enter(text, level)
            locator = replace(locator, section=text)
            return Block("heading", text, locator, level=level, flags=_flags(group))
        mark = mark_of(text)
        is_item = mark is not None and mark.kind in {"bullet", "item", "number", "cn2"}
        return Block("list_item" if is_item else "paragraph", text, locator, flags=_flags(group))

    def _toc(self, page: Page, lines: list[Line]) -> Block:
        text = "\n".join(_LEADERS.sub(" … ", line.text) for line in lines)
        return Block(
            "paragraph", squeeze(text), self._locator(page, lines), flags=("toc", *_flags(lines))
        )

    def _table(self, page: Page, lines: list[Line], blocks: list[Block]) -> Block:
        cells = [tuple(squeeze(cell) for cell in row) for row in table_rows(lines)]
        rows = mend_wrapped_rows(cells)
        locator = self._locator(page, lines)
        caption = None
        if blocks and blocks[-1].kind != "table" and is_table_caption(blocks[-1].text):
            above = blocks.pop()
            caption = above.text
            if above.locator.bbox is not None and locator.bbox is not None:
                locator = replace(locator, bbox=union([above.locator.bbox, locator.bbox]))
        table = Table(tuple(rows), header_row_count(rows), caption)
        return table_block(table, locator, _flags(lines))

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

"""Titles and header rows of tables in the cells of a sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from ingest.tables import header_row_count
from ingest.text import CJK

_VALUE = re.compile(rf"[^A-Za-z{CJK}]*\d[^A-Za-z{CJK}]*(?:[eE][+-]?\d+)?")
_MOST_HEADERS = 3
_SAMPLE = 20


def caption_rows(rows: Sequence[Sequence[str]]) -> tuple[str | None, int]:
    """A title above the table: leading rows with one text, alone or merged across the table."""
    lines: list[str] = []
    for row in rows[:3]:
        filled = [cell for cell in row if cell]
        if len(set(filled)) != 1 or len(row) < 2 or not row[0] or len(rows) - len(lines) < 2:
            break
        if len(filled) > 1 and len(filled) < len(row):
            break
        lines.append(filled[0])
    after = rows[len(lines)] if lines else ()
    if not lines or sum(1 for cell in after if cell) < 2:
        return None, 0
    return " ".join(lines), len(lines)


def header_rows(rows: Sequence[Sequence[str]]) -> int:
    """The number of rows that name the columns: more than one under heads of several columns."""
    if len(rows) > 2 and len(set(rows[0])) < len(rows[0]):
        # Merged cells of the first row repeat over the second.
        pairs = list(zip(rows[0], rows[1], strict=True))
        if all(rows[0]) and len(set(pairs)) == len(pairs) and header_row_count(rows[1:3]):
            return 2
        for depth in range(2, min(_MOST_HEADERS, len(rows) - 1) + 1):
            if _is_stacked(rows[:depth], rows[depth : depth + _SAMPLE]):
                return depth
    return header_row_count(rows)


def is_value(text: str) -> bool:
    """Tell whether a cell holds a number, with signs around it perhaps, and no words."""
    return _VALUE.fullmatch(text) is not None


def _is_stacked(head: Sequence[Sequence[str]], body: Sequence[Sequence[str]]) -> bool:
    """Tell whether rows name the columns together: heads of several columns above their own names.

    The columns below such heads must hold values, for a text table may begin in the same way.
    """
    tops = [_spread(row) for row in head[:-1]]
    names = list(zip(*tops, head[-1], strict=True))
    words = [cell for row in head for cell in row if cell]
    if sum(map(is_value, words)) * 5 > len(words) or len(set(names)) < len(names):
        return False
    if not all(map(any, names[1:])) or sum(map(bool, head[-1])) * 2 < len(names):
        return False
    heads = [(cell, len(list(group))) for cell, group in groupby(tops[0]) if cell]
    if len({cell for cell, _ in heads}) < len(heads):
        return False  # one that comes back names single columns
    wide = {cell for cell, width in heads if width > 1}
    below = [row[place] for row in body for place, cell in enumerate(tops[0]) if cell in wide]
    filled = [cell for cell in below if cell]
    return bool(filled) and sum(map(is_value, filled)) * 2 >= len(filled)


def _spread(row: Sequence[str]) -> list[str]:
    """A row of heads with each one repeated over the blank cells to its right."""
    spread: list[str] = []
    for cell in row:
        spread.append(cell or (spread[-1] if spread else ""))
    return spread

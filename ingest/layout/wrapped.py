"""Put the lines of a wrapped cell back together.

Lines of a table are read one by one; a sentence that fills three lines of its cell would become
three rows. A row continues the one above when what stands in its cells plainly goes on there.
Cautious on purpose: two rows merged into one lose data, two halves of a row are still found.
"""

from __future__ import annotations

import re

from ingest.layout.shapes import is_wide
from ingest.text import join_lines

_GOES_ON = re.compile(r"[a-z(]")
_OPEN_END = re.compile(r"[^.:;!?。：；！？]$")
_NUMBERS = re.compile(r"[\d\s.,%±<>≤≥=~–+/()-]*$")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_FULL = 0.8  # of the longest line of a column
_SHORT = 12  # halves of a wide character; shorter lines are labels
_SHORT_LATIN = 32
_LONG = 15  # characters; a shorter cell is a label or a value and complete in itself

Row = tuple[str, ...]


def mend_wrapped_rows(rows: list[Row]) -> list[Row]:
    """Join rows that only continue the sentences of the row above."""
    mended: list[Row] = []
    full = _full_lengths(rows)
    for number, row in enumerate(rows):
        if mended and (
            _continues(row, mended[-1]) or _hangs(row, rows[number - 1], mended[-1], full)
        ):
            pairs = zip(mended[-1], row, strict=True)
            mended[-1] = tuple(join_lines([above, below]) for above, below in pairs)
        else:
            mended.append(row)
    return mended


def _continues(row: Row, above: Row) -> bool:
    filled = [(cell, over) for cell, over in zip(row, above, strict=True) if cell]
    if not filled or not any(re.match("[a-z]", cell) for cell, _ in filled):
        return False
    return all(_cell_continues(cell, over) for cell, over in filled)


def _full_lengths(rows: list[Row]) -> list[int]:
    """Length of a full line in each column."""
    return [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]


def _width(text: str) -> int:
    return sum(2 if is_wide(character) else 1 for character in text)


def _hangs(row: Row, line: Row, above: Row, full: list[int]) -> bool:
    """Whether a sentence goes on below a full line, with nothing beside it."""
    filled = [column for column, cell in enumerate(row) if cell]
    if len(filled) != 1 or filled[0] == 0:
        return False
    column = filled[0]
    short = _SHORT if _CHINESE.search(line[column]) else _SHORT_LATIN
    return (
        _width(line[column]) >= max(_FULL * full[column], short)
        and _OPEN_END.search(above[column]) is not None
    )


def _cell_continues(cell: str, above: str) -> bool:
    if len(above) < _LONG or _NUMBERS.fullmatch(cell):
        return False
    return bool(_GOES_ON.match(cell)) or bool(_OPEN_END.search(above) and len(cell) >= _LONG)

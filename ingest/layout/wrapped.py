"""Put the lines of a wrapped cell back together.

Lines of a table are read one by one; a sentence that fills three lines of its cell would become
three rows. A row continues the one above when what stands in its cells plainly goes on there.
Cautious on purpose: two rows merged into one lose data, two halves of a row are still found.
"""

from __future__ import annotations

import re

from ingest.text import join_lines

_GOES_ON = re.compile(r"[a-z(]")
_OPEN_END = re.compile(r"[^.:;!?。：；！？]$")
_NUMBERS = re.compile(r"[\d\s.,%±<>≤≥=~–+/()-]*$")
_LONG = 15  # characters; a shorter cell is a label or a value and complete in itself

Row = tuple[str, ...]


def mend_wrapped_rows(rows: list[Row]) -> list[Row]:
    """Join rows that only continue the sentences of the row above."""
    mended: list[Row] = []
    for row in rows:
        if mended and _continues(row, mended[-1]):
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


def _cell_continues(cell: str, above: str) -> bool:
    if len(above) < _LONG or _NUMBERS.fullmatch(cell):
        return False
    return bool(_GOES_ON.match(cell)) or bool(_OPEN_END.search(above) and len(cell) >= _LONG)

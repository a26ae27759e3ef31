"""Tables as text: the one way a table is written for search, and how a long one is split."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.model import Block, Locator, Table

ROWS_PER_BLOCK = 40
_CAPTION = re.compile(
    r"^(?:附?表|续表|表格)\s*(?:[0-9０-９一二三四五六七八九十A-Z]|$|[:：\s])|^(?:Table|TABLE|Tab\.)\s*[0-9A-Z]"
)
_CAPTION_MAX = 120
# What stands in cells below names: numbers, ticks of a schedule, words for no value.
_VALUE = re.compile(r"[(（\[]?\s*[<>≤≥~±+−–-]?\s*\.?\d|(?:[x×√✓✔●○•+—–−/-]|NA|N/A|ND|NR|NE)$", re.I)
_NUMBER = re.compile(r"^[<>≤≥~±+-]?\s*\d[\d,.\s%±~–-]*$")


def table_text(table: Table) -> str:
    """Return the caption line, if any, and the rows, one a line, cells joined by ``" | "``."""
    lines = [table.caption] if table.caption else []
    lines.extend(" | ".join(row) for row in table.rows)
    return "\n".join(lines)


def notes_below(block: Block) -> str:
    """The lines of notes that follow the rows in a table block's text."""
    rows = table_text(block.table) if block.table else ""
    return block.text[len(rows) :].strip() if block.text.startswith(rows) else ""


def make_table(
    rows: Iterable[Sequence[str]], header_rows: int = 1, caption: str | None = None
) -> Table | None:
    """Build a table whose rows all have the same number of one-line cells.

    Short rows are padded at the right, empty rows and empty columns are left out. Returns
    ``None`` when no cell holds text.
    """
    clean = [[_one_line(cell) for cell in row] for row in rows]
    header_rows -= sum(1 for row in clean[:header_rows] if not any(row))
    clean = [row for row in clean if any(row)]
    if not clean:
        return None
    width = max(len(row) for row in clean)
    padded = [row + [""] * (width - len(row)) for row in clean]
    used = [column for column in range(width) if any(row[column] for row in padded)]
    return Table(
        rows=tuple(tuple(row[column] for column in used) for row in padded),
        header_rows=max(0, min(header_rows, len(padded))),
        caption=_one_line(caption) or None if caption else None,
    )


def table_block(table: Table, locator: Locator, flags: tuple[str, ...] = ()) -> Block:
    """Wrap a table in a block whose text is :func:`table_text`."""
    return Block("table", table_text(table), locator, table=table, flags=flags)


def split_rows(table: Table, size: int = ROWS_PER_BLOCK) -> list[tuple[int, Table]]:
    """Split a long table into parts of at most ``size`` body rows, each with the header rows.

    Returns ``(offset, part)`` pairs: ``offset`` is the number of the part's first body row among
    the body rows of the whole table, counted from 0.
    """
    header = table.rows[: table.header_rows]
    body = table.rows[table.header_rows :]
    if len(body) <= size:
        return [(0, table)]
    return [
        (start, replace(table, rows=header + body[start : start + size]))
        for start in range(0, len(body), size)
    ]


def header_row_count(rows: Sequence[Sequence[str]]) -> int:
    """Guess whether the first row names the columns: returns 1 or 0.

    It does when its cells are mostly filled, hold words rather than numbers and do not repeat.
    """
    if len(rows) < 2:
        return 0
    cells = [cell.strip() for cell in rows[0]]
    filled = [cell for cell in cells if cell]
    if not filled or len(filled) * 2 < len(cells):
        return 0
    words = sum(1 for cell in filled if not _NUMBER.match(cell))
    return int(words * 5 >= len(filled) * 4 and len(set(filled)) == len(filled))


def guessed_header_rows(rows: Sequence[Sequence[str]]) -> int:
    """Guess how many leading rows name the columns: 0, 1 or 2.

    As :func:`header_row_count`, but names may repeat (``n | % | n | %``) and may stand below names
    that several columns share, when there are values below them. Merged cells are filled in.
    """
    if _is_stacked(rows):
        return 2
    return header_row_count(rows) or int(_repeats_over_values(rows))


def _is_stacked(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the second row names columns below names that the first gives to groups."""
    if len(rows) < 3 or len(rows[0]) < 3 or len(rows[1]) != len(rows[0]):
        return False
    upper: list[str] = []
    for cell in rows[0]:
        upper.append(cell.strip() or (upper[-1] if upper else ""))
    lower = [cell.strip() for cell in rows[1]]
    shared = any(left == right for left, right in pairwise(upper) if left)
    # An empty corner alone is no sign: the row below may be the first of the values.
    if not shared and (upper[0] or lower[0]):
        return False
    pairs = [pair for pair in zip(upper, lower, strict=True) if pair != ("", "")]
    if len({*upper} - {""}) < 2 or len({*pairs}) < len(pairs):
        return False
    if shared and len({*lower} - {""}) < 2:
        return False  # a heading of rows
    below = [lower[column] for column in range(len(lower)) if lower[column] != upper[column]]
    return _are_words(upper) and _are_words(below) and _over_values(rows, 2)


def _repeats_over_values(rows: Sequence[Sequence[str]]) -> bool:
    cells = [cell.strip() for cell in rows[0]] if len(rows) > 1 else []
    filled = [cell for cell in cells if cell]
    if len(cells) < 3 or len(filled) * 2 < len(cells) or len({*filled}) < 2:
        return False
    return _are_words(filled) and _over_values(rows, 1)


def _are_words(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    words = sum(1 for cell in filled if not _VALUE.match(cell))
    return bool(filled) and words * 5 >= len(filled) * 4


def _over_values(rows: Sequence[Sequence[str]], first: int) -> bool:
    """Tell whether most columns behind the first hold values from a row on.

    Rows that say the same all over are headings of those below them.
    """
    body = [row for row in rows[first:] if len({*row} - {""}) > 1]
    good = named = 0
    for column in range(1, len(rows[0])):
        below = [row[column].strip() for row in body if column < len(row)]
        filled = [cell for cell in below if cell]
        named += bool(filled)
        good += bool(filled) and 2 * sum(1 for cell in filled if _VALUE.match(cell)) > len(filled)
    return named > 0 and good * 2 > named


def is_caption(text: str) -> bool:
    """Tell whether a paragraph standing before a table is its caption (表 1 …, Table 1 …)."""
    return len(text) <= _CAPTION_MAX and "\n" not in text and _CAPTION.match(text) is not None


def column_letters(number: int) -> str:
    """Return the spreadsheet name of a column counted from 1: 1 is ``A``, 27 is ``AA``."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_range(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """Return a range in A1 notation; all four numbers are counted from 1."""
    return f"{column_letters(first_column)}{first_row}:{column_letters(last_column)}{last_row}"


def _one_line(text: str | None) -> str:
    return " ".join(text.split()) if text else ""

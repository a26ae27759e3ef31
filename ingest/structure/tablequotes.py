"""Rows of CSV and TSV text whose quotation marks may be stray.

RFC 4180 lets a quoted cell hold line breaks. A single mark at the start of a cell, an inch or the
beginning of a citation, would so swallow all rows down to the next mark. A cell is therefore
believed to be quoted when its mark is closed before a separator or line end, and when what it holds
is no run of whole rows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

_BREAK = re.compile(r"\r\n|\r|\n")
_FIELD_LIMIT = 10_000_000
_MOST_LINES = 5_000  # that one row may take


def quoted_rows(text: str, delimiter: str) -> Iterator[tuple[list[str], bool]]:
    """Yield the cells of each row, and whether its quotation marks do not pair."""
    csv.field_size_limit(_FIELD_LIMIT)
    lines = _BREAK.split(text)
    if not lines[-1]:
        lines.pop()
    position = 0
    while position < len(lines):
        line = lines[position]
        if '"' not in line:
            yield (line.split(delimiter) if line else []), False
            position += 1
            continue
        end = _end_of_row(lines, position, delimiter)
        cells = _parsed("\n".join(lines[position:end]), delimiter)[0] if end else None
        if cells is None or _swallows(lines[position:end], len(cells), delimiter):
            yield _as_written(line, delimiter), True
            position += 1
        else:
            yield cells, False
            position = end


def _end_of_row(lines: list[str], start: int, delimiter: str) -> int:
    """The line behind the row that begins here; 0 when its quotation marks are stray."""
    cells, is_open = _parsed(lines[start], delimiter)
    if cells is not None:
        return start + 1
    for number in range(start + 1, min(start + _MOST_LINES, len(lines))):
        if not is_open:
            return 0
        at = _closing_mark(lines[number])
        if at is None:
            continue
        rest = lines[number][at + 1 :]
        if not rest:
            return number + 1
        if not rest.startswith(delimiter):
            return 0
        cells, is_open = _parsed(rest[1:], delimiter)
        if cells is not None:
            return number + 1
    return 0


def _closing_mark(line: str) -> int | None:
    """Where a cell that is open at the beginning of a line ends; two marks stand for one."""
    at = line.find('"')
    while at >= 0 and line[at + 1 : at + 2] == '"':
        at = line.find('"', at + 2)
    return at if at >= 0 else None


def _parsed(text: str, delimiter: str) -> tuple[list[str] | None, bool]:
    """The cells of one row, or whether a cell of it is still open."""
    try:
        rows = list(csv.reader([text], delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error as error:
        return None, "end of data" in str(error)
    return (rows[0] if rows else []), False


def _swallows(lines: list[str], width: int, delimiter: str) -> bool:
    """Whether a cell holds whole rows: each of its lines would be one by itself."""
    if len(lines) < 2 or any(len(line.split(delimiter)) != width for line in lines):
        return False
    # Words hold commas and semicolons; not so many in line after line.
    return delimiter in "\t|" or width + len(lines) > 5


def _as_written(line: str, delimiter: str) -> list[str]:
    """The cells of one line, in which a cell between two marks is quoted."""
    cells = (cell.strip(" ") for cell in line.split(delimiter))
    return [cell[1:-1] if re.fullmatch(r'"[^"]*"', cell) else cell for cell in cells]

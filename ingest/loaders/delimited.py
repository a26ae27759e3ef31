"""CSV and TSV files as tables."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from ingest.encoding import decode
from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.structure.grid import MAX_ROWS, Region, region_blocks

# Rarest in prose first: among equals the first wins.
_DELIMITERS = ("\t", "|", ";", ",")
_SAMPLE_ROWS = 60
_FIELD_LIMIT = 10_000_000


def load(source: Source) -> Loaded:
    """Read a delimited file as blocks of at most 40 rows, the header repeated in each.

    Cells are named as a spreadsheet would (``A2:F41``). Rows beyond the first 100,000 are left
    out with a warning. Raises :class:`BadInput` for an empty file or one that is no table.
    """
    text, _, warning = decode(source.data)
    warnings = [warning] if warning else []
    if not text.strip():
        raise BadInput("the file is empty (no rows in it); check the export or leave it out")
    delimiter = find_delimiter(text)
    rows, numbers, left_out = _read(text, delimiter)
    if left_out:
        warnings.append(
            f"{left_out} rows beyond the first {MAX_ROWS} were left out; split the file"
        )
    widths = Counter(len(row) for row in rows)
    usual = widths.most_common(1)[0][0]
    ragged = sum(count for width, count in widths.items() if width != usual)
    if ragged:
        warnings.append(f"{ragged} of {len(rows)} rows do not have {usual} cells like the others")
    width = max(widths)
    padded = tuple(row + ("",) * (width - len(row)) for row in rows)
    return Loaded(region_blocks(Region(1, numbers, padded)), warnings=warnings)


def find_delimiter(text: str) -> str:
    """Return the character that divides most rows of a sample into the same number of cells.

    A comma is returned when nothing divides the rows: the file is then a single column.
    """
    sample = text[:200_000]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        rows = list(islice(_reader(sample, delimiter), _SAMPLE_ROWS))
        widths = Counter(len(row) for row in rows if row)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        # Agreement first; among equals the delimiter that gives more cells.
        score = 0.0 if width < 2 else count / sum(widths.values()) + min(width, 50) / 1000
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_FIELD_LIMIT)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)


def _read(text: str, delimiter: str) -> tuple[list[tuple[str, ...]], tuple[int, ...], int]:
    """Return the filled rows, their numbers counted from 1, and how many were left out."""
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    left_out = 0
    try:
        for number, row in enumerate(_reader(text.replace("\x00", ""), delimiter), start=1):
            cells = tuple(" ".join(cell.split()) for cell in row)
            if not any(cells):
                continue
            if len(rows) >= MAX_ROWS:
                left_out += 1
                continue
            rows.append(cells)
            numbers.append(number)
    except csv.Error as error:
        raise BadInput(
            f"the table cannot be read after row {len(rows)} ({error}); "
            "check the quotes or export it again"
        ) from error
    if not rows:
        raise BadInput("the file has separators but no values; check the export or leave it out")
    return rows, tuple(numbers), left_out

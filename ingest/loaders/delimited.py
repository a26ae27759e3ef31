"""CSV and TSV files as tables."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from ingest.encoding import decode
from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.structure.grid import MAX_ROWS, Region, region_blocks
from ingest.structure.tablequotes import quoted_rows

# Rarest in prose first: among equals the first wins.
_DELIMITERS = ("\t", "|", ";", ",")
_SAMPLE_ROWS = 60


def load(source: Source) -> Loaded:
    """Read a delimited file as blocks of at most 40 rows, the header repeated in each.

    A quotation mark that nothing closes is a sign like any other, and warned of. Cells are named
    as a spreadsheet would (``A2:F41``). Rows beyond the first 100,000 are left out with a warning.
    Raises :class:`BadInput` for an empty file or one that is no table.
    """
    text, _, warning = decode(source.data)
    warnings = [warning] if warning else []
    if not text.strip():
        raise BadInput("the file is empty (no rows in it); check the export or leave it out")
    delimiter = find_delimiter(text)
    rows, numbers, left_out, unpaired = _read(text, delimiter)
    if unpaired:
        shown = ", ".join(str(number) for number in unpaired[:5])
        more = " …" if len(unpaired) > 5 else ""
        warnings.append(
            f"quotation marks that do not pair were read as written (row {shown}{more}); "
            "check them in the file"
        )
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
        rows = [row for row, _ in islice(quoted_rows(sample, delimiter), _SAMPLE_ROWS)]
        widths = Counter(len(row) for row in rows if row)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        # Agreement first; among equals the delimiter that gives more cells.
        score = 0.0 if width < 2 else count / sum(widths.values()) + min(width, 50) / 1000
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _read(
    text: str, delimiter: str
) -> tuple[list[tuple[str, ...]], tuple[int, ...], int, list[int]]:
    """The filled rows, their numbers counted from 1, how many were left out, rows in doubt."""
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    unpaired: list[int] = []
    left_out = 0
    records = quoted_rows(text.replace("\x00", ""), delimiter)
    for number, (row, doubtful) in enumerate(records, start=1):
        cells = tuple(" ".join(cell.split()) for cell in row)
        if not any(cells):
            continue
        if len(rows) >= MAX_ROWS:
            left_out += 1
            continue
        if doubtful:
            unpaired.append(number)
        rows.append(cells)
        numbers.append(number)
    if not rows:
        raise BadInput("the file has separators but no values; check the export or leave it out")
    return rows, tuple(numbers), left_out, unpaired

"""Turn the lines of a ruled table into its rows.

What stands in a cell is one text, however many lines it fills. A cell that spans rows or columns
is repeated in each of them, as in the tables of other formats, so that every row can be read by
itself; a heading across the whole table and a long text are written once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from ingest.layout.numbering import is_table_caption
from ingest.layout.shapes import Line
from ingest.layout.tables_lattice import Lattice
from ingest.layout.tables_parted import parted_row

_NARROW = 9.0  # points; no text stands in a column that is narrower
_REPEAT_MAX = 80  # characters; a longer text is not repeated in the rows it spans
_MOST_HEADS = 8
_MARK = re.compile(r"\(?[XxＸ×✓✔√●•]\)?(?:\s?[\d*†‡§¶#,a-z]{1,6}|\s?\([^)]{1,12}\))?")

Row = tuple[str, ...]


@dataclass(slots=True)
class RawTable:
    """A table as it stands on one page.

    Attributes:
        rows: All of the same length.
        heads: Leading rows that name the columns, as far as the page itself tells.
        sure: The heads are told by type or spans, not guessed from the words.
        edges: Left and right edge of each column, in the table's frame.
        caption: Where it stands in the table's first row.
        ruled: The edges are drawn, not those of the text.
    """

    rows: list[Row]
    heads: int
    sure: bool
    edges: list[tuple[float, float]]
    caption: str | None = None
    ruled: bool = True


def ruled_table(
    lines: list[Line], lattice: Lattice, join: Callable[[list[str]], str]
) -> RawTable | None:
    """The rows between the rules; None where no row has two filled cells.

    ``join`` puts the lines of a cell together.
    """
    by_slot: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.slot is not None:
            by_slot[line.slot].append(line)
    texts = {slot: join([line.text for line in held]) for slot, held in by_slot.items()}
    texts = {slot: text for slot, text in texts.items() if text}
    columns = _columns(lattice, texts)
    owners = _rows([[row[c] for c in columns] for row in lattice.owners], texts)
    caption = _take_caption(owners, texts)
    if not any(len({o for o in row if o in texts}) >= 2 for row in owners):
        return None
    bold = {slot for slot in texts if all(line.bold for line in by_slot[slot])}
    heads, sure = _heads(owners, texts, bold)
    closed = sum(
        1 for row in owners if all(lattice.slots[o].row1 < lattice.heads for o in row if o in texts)
    )
    if 0 < closed < len(owners):
        heads, sure = closed, True
    forms = sum(texts.get(row[0], "").endswith((":", "：")) for row in owners[:heads])
    if heads > 1 and 2 * forms > heads:
        heads, sure = 0, False  # a form: labels with their values
    rows = [_row(n, owners, texts, n < heads) for n in range(len(owners))]
    for number in range(len(owners) - 1, heads - 1, -1):
        parts = parted_row(owners[number], by_slot, join)
        if parts:
            rows[number : number + 1] = parts
    edges = [(lattice.xs[c], lattice.xs[c + 1]) for c in columns]
    return RawTable(rows, heads, sure, edges, caption)


def _take_caption(owners: list[list[int]], texts: dict[int, str]) -> str | None:
    """Remove a first row that is the caption, and return its text."""
    if len(owners) < 2:
        return None
    filled = {owner for owner in owners[0] if owner in texts}
    if len(filled) != 1 or not is_table_caption(texts[min(filled)]):
        return None
    del owners[0]
    return texts[min(filled)]


def _columns(lattice: Lattice, texts: dict[int, str]) -> list[int]:
    """The columns that hold something of their own.

    Rows drawn with slightly different widths leave slivers between their edges, and an edge that
    parts only empty cells is no column.
    """
    starts = {lattice.slots[slot].column0 for slot in texts}
    kept = []
    for column in range(lattice.columns):
        width = lattice.xs[column + 1] - lattice.xs[column]
        alone = column > 0 and any(row[column] != row[column - 1] for row in lattice.owners)
        if column in starts or ((alone or column == 0) and width >= _NARROW):
            kept.append(column)
    return _without_shifted(lattice, texts, kept)


def _without_shifted(lattice: Lattice, texts: dict[int, str], columns: list[int]) -> list[int]:
    """Drop the slivers where a text's cell merely starts earlier than those above and below."""
    kept: list[int] = []
    for column in columns:
        width = lattice.xs[column + 1] - lattice.xs[column]
        only = {row[column] for row in lattice.owners if row[column] in texts}
        if width < _NARROW and all(lattice.slots[slot].column1 > column for slot in only):
            continue
        kept.append(column)
    return kept


def _rows(owners: list[list[int]], texts: dict[int, str]) -> list[list[int]]:
    """The rows that hold something of their own, in the same sense."""
    kept: list[list[int]] = []
    for number, row in enumerate(owners):
        filled = {owner for owner in row if owner in texts}
        around = [set(kept[-1])] if kept else []
        around += [set(owners[number + 1])] if number + 1 < len(owners) else []
        if filled and not any(filled <= others for others in around):
            kept.append(row)
    return kept


def _row(number: int, owners: list[list[int]], texts: dict[int, str], head: bool) -> Row:
    row = owners[number]
    above = owners[number - 1] if number else []
    # A label and its value, or a heading, span columns only to fill the width.
    spread = head or len({owner for owner in row if owner in texts}) >= 3
    cells: list[str] = []
    seen: set[int] = set()
    for owner in row:
        text = texts.get(owner, "")
        again = owner in seen
        if (again and not spread) or ((again or owner in above) and len(text) > _REPEAT_MAX):
            text = ""
        cells.append(text)
        seen.add(owner)
    return tuple(cells)


def _heads(owners: list[list[int]], texts: dict[int, str], bold: set[int]) -> tuple[int, bool]:
    """Number of leading rows that name the columns, and whether that is sure."""
    count = len(owners)
    if count < 2:
        return 0, False
    filled = [{o for o in row if o in texts} for row in owners]
    heavy = [row <= bold for row in filled]
    heads = 0
    if not all(heavy):
        while heads < count and heavy[heads]:
            heads += 1
    spanned, ticked = _reach_of_spans(owners, texts), _before_marks(filled, texts)
    heads = min(max(heads, spanned, ticked), count - 1, _MOST_HEADS)
    # A heading over a group of rows belongs to the rows below it.
    if any(heavy[heads:]) and any(len(row) > 1 for row, b in zip(filled, heavy, strict=True) if b):
        again = {len(row) for row, dark in zip(filled[heads:], heavy[heads:], strict=True) if dark}
        while heads > max(spanned, ticked, 1) and len(filled[heads - 1]) in again:
            heads -= 1
    while heads > max(spanned, 1) and _is_sparse(owners[heads - 1], texts, heads <= ticked):
        heads -= 1
    if heads == 1 and len(filled[0]) == 1:
        return (2, True) if count > 2 and heavy[0] and heavy[1] else (0, False)
    return heads, heads > 0


def _is_sparse(row: list[int], texts: dict[int, str], ticked: bool) -> bool:
    """Whether a row that opens with text leaves half of its columns empty.

    Above the first tick of a schedule only a lone heading does.
    """
    filled = sum(1 for owner in row if owner in texts)
    alone = len({owner for owner in row if owner in texts}) == 1
    return row[0] in texts and (alone if ticked else 2 * filled <= len(row) or alone)


def _reach_of_spans(owners: list[list[int]], texts: dict[int, str]) -> int:
    """Rows named together because cells of the first one span several columns named below."""
    first = owners[0]
    filled = {owner for owner in first if owner in texts}
    spans = [[c for c, owner in enumerate(first) if owner == o] for o in filled]
    wide = [columns for columns in spans if len(columns) > 1]
    if len(filled) < 2 or not wide or any(texts[o].endswith((":", "：")) for o in filled):
        return 0
    reach = 1
    while reach < len(owners) and any(o in filled for o in owners[reach]):
        reach += 1
    reach = max(reach, 2)
    if reach >= min(6, len(owners)):
        return 0
    last = owners[reach - 1]
    for columns in wide:
        below = {last[c] for c in columns}
        outside = {owner for c, owner in enumerate(last) if c not in columns}
        if len(below) < 2 or below & outside:
            return 0
    return reach


def _before_marks(filled: list[set[int]], texts: dict[int, str]) -> int:
    """Rows above the first that is ticked off, in a schedule of activities."""
    marks = [sum(1 for o in row if _MARK.fullmatch(texts[o])) for row in filled]
    if sum(marks) < 6:
        return 0
    first = next(n for n, count in enumerate(marks) if count)
    return first if first <= _MOST_HEADS else 0

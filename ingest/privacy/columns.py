"""Tables: what a column's name says its cells are, and where a cell stands in the block's text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.model import Block, Table
from ingest.privacy.candidates import Candidate, Owner
from ingest.privacy.detectors import in_cell
from ingest.privacy.findings import FindingKind, Severity
from ingest.privacy.folding import fold
from ingest.privacy.lexicon import alternatives, words
from ingest.privacy.names import is_address, is_chinese_name, is_common_name, is_english_name
from ingest.tables import table_text

Cells = list[list[tuple[int, int]]]
_LONGEST_TITLE = 48
_COLUMN_KINDS: tuple[tuple[FindingKind, str, str], ...] = (
    ("resident_id", "resident_id", "labels"),
    ("passport", "passport", "labels"),
    ("permit", "permit", "labels"),
    ("medical_record", "medical_record", "labels"),
    ("bank_card", "bank_card", "labels"),
    ("mobile", "phone", "labels"),
    ("landline", "phone", "labels"),
    ("email", "email", "labels"),
    ("address", "address", "labels"),
    ("address", "address", "neutral_labels"),
)
_ALWAYS_PERSONAL = {"resident_id", "passport", "permit", "medical_record", "bank_card"}
_LEANING = {"name", "mobile"}
# Columns that list people in one table and groups, visits or variables in another.
_PERSON_COLUMN = re.compile(
    r"(?:name|patients?|subjects?|participants?|患者|病人|受试者|家属)$", re.IGNORECASE
)


def cell_places(block: Block) -> Cells | None:
    """Return the place of each cell in the block's text, row by row.

    ``None`` when the block is no table, or when its text does not hold the table's rows as
    :func:`ingest.tables.table_text` writes them; blanks around the borders may have been squeezed.
    """
    if block.table is None:
        return None
    text, caption = block.text, block.table.caption
    at = len(caption) + 1 if caption and text.startswith(caption + "\n") else 0
    places: Cells = []
    for row in block.table.rows:
        line: list[tuple[int, int]] = []
        for number, cell in enumerate(row):
            at = _past(text, at, "|" if number else "")
            if at < 0 or not text.startswith(cell, at):
                return None
            line.append((at, at + len(cell)))
            at += len(cell)
        at = _past(text, at, "\n")
        if at < 0:
            return None
        places.append(line)
    return places


def _past(text: str, at: int, mark: str) -> int:
    """Return the offset after blanks, ``mark`` and more blanks; -1 where another mark stands."""
    while text.startswith(" ", at):
        at += 1
    if mark == "\n" and at >= len(text):
        return at
    if not text.startswith(mark, at):
        return -1
    at += len(mark)
    while mark == "|" and text.startswith(" ", at):
        at += 1
    return at


def written_out(block: Block) -> Block:
    """Return a table block whose text holds its rows, so that both can be masked alike."""
    if block.table is None or cell_places(block) is not None:
        return block
    return replace(block, text=table_text(block.table))


def table_candidates(table: Table, places: Cells) -> Iterator[Candidate]:
    """Return what the names of columns and of rows say their cells hold.

    Offsets are those of the block's text. A first row is read as column names also where the
    loader saw no header: cells that do not look like what a name promises are left alone.
    """
    if not table.rows:
        return
    top = max(1, table.header_rows)
    owner = table_owner(table)
    titles = fold(" ".join(cell for row in table.rows[:top] for cell in row)).text
    of_records = words("table", "record_columns").search(titles) is not None
    for column in range(len(table.rows[0])):
        title = " ".join(dict.fromkeys(row[column] for row in table.rows[:top])).strip()
        below = [(row[column], places[top + at][column]) for at, row in enumerate(table.rows[top:])]
        yield from _listed(title, below, owner, "in a column named", of_records)
    for row, line in zip(table.rows, places, strict=True):
        beside = list(zip(row[1:], line[1:], strict=True))
        yield from _listed(row[0].strip(), beside, owner, "in a row named", of_records)


def table_owner(table: Table) -> Owner | None:
    """Tell from the names of its columns or rows whether a table lists patients or staff."""
    top = max(1, table.header_rows)
    for cells in (
        [cell for row in table.rows[:top] for cell in row],
        [row[0] for row in table.rows if row],
    ):
        titles = fold(" ".join(cells)).text
        if words("table", "patient_columns").search(titles):
            return "patient"
        if words("table", "public_columns").search(titles):
            return "public"
    return None


def _listed(
    title: str,
    cells: list[tuple[str, tuple[int, int]]],
    owner: Owner | None,
    how: str,
    of_records: bool,
) -> Iterator[Candidate]:
    if not 0 < len(title) <= _LONGEST_TITLE:
        return
    name = fold(title).text
    kinds = list(_kinds_of(name))
    person = _PERSON_COLUMN.match(name) is not None
    for text, (start, end) in cells:
        cell = fold(text).text.strip()
        kind = next((one for one in kinds if _holds(one, cell)), None)
        if kind is None and person and _is_person(cell, name.lower(), of_records):
            kind = "name"
        if kind is not None:
            says = "patient" if kind in _ALWAYS_PERSONAL else _owner_of(name) or owner
            leaning: Severity = "personal" if kind in _LEANING else "contact"
            yield Candidate(kind, start, end, says, f"{how} “{title}”", leaning)


def _kinds_of(title: str) -> Iterator[FindingKind]:
    for kind, section, key in _COLUMN_KINDS:
        if words(section, key).search(title):
            yield kind
    lists = ("patient_labels", "neutral_labels", "public_labels", "contact_labels")
    named = any(re.search(alternatives("name", key), title, re.IGNORECASE) for key in lists)
    if named:
        yield "name"


def _owner_of(title: str) -> Owner | None:
    if re.search(alternatives("name", "patient_labels"), title, re.IGNORECASE):
        return "patient"
    public = re.search(alternatives("name", "public_labels"), title, re.IGNORECASE)
    return "public" if public else None


def _is_person(cell: str, title: str, of_records: bool) -> bool:
    """Tell whether a cell of such a column is a name beyond doubt."""
    if is_common_name(cell):
        return True
    if "," in cell:
        return title != "name" and is_english_name(cell)
    return of_records and title == "name" and is_english_name(cell)


def _holds(kind: FindingKind, cell: str) -> bool:
    if kind == "name":
        return is_chinese_name(cell) or is_english_name(cell)
    return is_address(cell) if kind == "address" else in_cell(kind, cell)

"""Tables: what a column's name says its cells are, and where a cell stands in the block's text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.model import Block, Table
from ingest.privacy import triggers
from ingest.privacy.candidates import Candidate, Owner
from ingest.privacy.detectors import in_cell
from ingest.privacy.findings import FindingKind, Severity
from ingest.privacy.folding import fold
from ingest.privacy.lexicon import mentions, words
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
_NAME_LISTS = tuple(
    ("name", key) for key in ("patient_labels", "neutral_labels", "public_labels", "contact_labels")
)
_ALL_LISTS = (*((section, key) for _, section, key in _COLUMN_KINDS), *_NAME_LISTS)
_ALWAYS_PERSONAL = {"resident_id", "passport", "permit", "medical_record", "bank_card"}
_LEANING = {"name", "mobile"}
# Columns that list people in one table and groups, visits or variables in another.
_PERSON_COLUMN = re.compile(
    r"(?:name|patients?|subjects?|participants?|患者|病人|受试者|家属)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Title:
    """The name of a column or row, ``name`` where folded, and what it says its cells may hold."""

    text: str
    name: str
    number: int
    of: str
    kinds: tuple[FindingKind, ...]
    person: bool


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
    if mark == "|" and text.startswith(" | ", at) and not text.startswith(" ", at + 3):
        return at + 3  # as nearly everywhere
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


def telling_titles(table: Table) -> list[Title]:
    """Return the names of columns and of rows that say what their cells hold.

    A first row is read as column names also where the loader saw no header: cells that do not
    look like what a name promises are left alone.
    """
    top = max(1, table.header_rows)
    columns = zip(*table.rows[:top], strict=True)
    titles = [
        _title(" ".join(dict.fromkeys(cells)), at, "column") for at, cells in enumerate(columns)
    ]
    titles += [_title(row[0], at, "row") for at, row in enumerate(table.rows) if row]
    return [title for title in titles if title is not None]


def table_candidates(
    table: Table, titles: list[Title], places: Cells, owner: Owner | None
) -> Iterator[Candidate]:
    """Return what the names of columns and of rows say their cells hold.

    Offsets are those of the block's text.
    """
    if not titles:
        return
    top = max(1, table.header_rows)
    header = fold(" ".join(cell for row in table.rows[:top] for cell in row)).text
    of_records = words("table", "record_columns").search(header) is not None
    for title in titles:
        at = title.number
        if title.of == "column":
            cells = [(row[at], line[at]) for row, line in zip(table.rows, places, strict=True)]
            yield from _listed(title, cells[top:], owner, of_records)
        else:
            cells = list(zip(table.rows[at], places[at], strict=True))
            yield from _listed(title, cells[1:], owner, of_records)


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


def _title(written: str, number: int, of: str) -> Title | None:
    """Read a name; ``None`` where it says nothing of its cells."""
    text = written.strip()
    if not 0 < len(text) <= _LONGEST_TITLE:
        return None
    name = fold(text).text
    kinds = tuple(_kinds_of(name))
    person = _PERSON_COLUMN.match(name) is not None
    return Title(text, name, number, of, kinds, person) if kinds or person else None


def _kinds_of(title: str) -> Iterator[FindingKind]:
    plain = triggers.plain(title)
    if mentions(plain, *_ALL_LISTS):
        for kind, section, key in _COLUMN_KINDS:
            if words(section, key).search(title):
                yield kind
        if any(words(section, key).search(title) for section, key in _NAME_LISTS):
            yield "name"


def _listed(
    title: Title, cells: list[tuple[str, tuple[int, int]]], owner: Owner | None, of_records: bool
) -> Iterator[Candidate]:
    for text, (start, end) in cells:
        cell = fold(text).text.strip()
        kind = next((one for one in title.kinds if _holds(one, cell)), None)
        if kind is None and title.person and _is_person(cell, title.name.lower(), of_records):
            kind = "name"
        if kind is not None:
            says = "patient" if kind in _ALWAYS_PERSONAL else _owner_of(title.name) or owner
            leaning: Severity = "personal" if kind in _LEANING else "contact"
            why = f"in a {title.of} named “{title.text}”"
            yield Candidate(kind, start, end, says, why, leaning)


def _owner_of(title: str) -> Owner | None:
    if words("name", "patient_labels").search(title):
        return "patient"
    return "public" if words("name", "public_labels").search(title) else None


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

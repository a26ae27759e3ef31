"""Cohort tables (OMOP CDM, SDTM, ADaM and their like): described by figures, never row by row."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import chain, islice

from ingest.encoding import decode
from ingest.errors import BadInput
from ingest.loaders.base import Loaded, Source
from ingest.loaders.delimited import find_delimiter
from ingest.model import Block, Locator
from ingest.structure.headings import with_sections
from ingest.structure.tablecolumns import SMALLEST, Column, is_identifying, masked
from ingest.structure.tablereaders import MAX_ROWS, PARQUET, XPT, rows_of
from ingest.structure.tableshape import filled_table
from ingest.structure.tablestandards import READABLE, code_system, person_column, standard_of

_HEAD = 65_536
_MOST_COLUMNS = 2000
_MOST_READABLE = 2000


def recognise(name: str, data: bytes) -> str | None:
    """Name the standard of a table by its column names: ``OMOP PERSON``, ``SDTM DM``, …

    Returns ``SAS transport`` or ``Parquet`` for those files, whose columns only :func:`load`
    reads, ``cohort table`` for one with a person's number and traits such as age and sex, and
    ``None`` for anything else. ``data`` may be the beginning of the file.
    """
    if data.startswith(XPT):
        return "SAS transport"
    if data.startswith(PARQUET):
        return "Parquet"
    if b"\x00" in data[:1024] or data[:1] in {b"{", b"[", b"<"}:
        return None
    text = decode(data[:_HEAD])[0]
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=find_delimiter(text))
        rows = list(islice(reader, 2))
    except csv.Error:
        return None
    if not rows or len(rows[0]) < 2:
        return None
    return standard_of(rows[0], rows[1] if len(rows) > 1 else ())


def load(source: Source) -> Loaded:
    """Describe a table by its columns.

    Gives a data dictionary (columns, types, share missing, ranges without extremes,
    code systems) and the values that at least ten persons
    share. Tables on the design of a study (SDTM TA, TE, TV, TI, TS) are read in full. Raises
    :class:`BadInput` for a damaged or empty table.
    """
    labels: dict[str, str] = {}
    rows = rows_of(source.data, labels)
    header = [(name or "").strip().lstrip("\ufeff") for name in next(rows, [])]
    if not any(header):
        raise BadInput("the table has no column names; check the export or leave it out")
    if len(header) > _MOST_COLUMNS:
        raise BadInput(f"the table has more than {_MOST_COLUMNS} columns; split it")
    first = list(islice(rows, 1))
    standard = standard_of(header, first[0] if first else ()) or "table"
    if standard in READABLE:
        return _in_full(standard, header, [*first, *islice(rows, _MOST_READABLE)])
    who = person_column(header)
    columns = [Column(name) for name in header]
    persons: set[str] = set()
    ragged = total = 0
    for row in chain(first, rows):
        if total >= MAX_ROWS:
            break
        total += 1
        ragged += _take(columns, row, who, persons, total)
    people = len(persons) if who is not None else None
    blocks = _describe(standard, columns, labels, total, people)
    warnings = [
        "the rows of the table were not indexed: it is described by its columns, and numbers "
        f"below {SMALLEST} persons are not shown. No copy of the file is kept"
    ]
    if who is None:
        warnings.append("no column tells persons apart; rows were counted as persons")
    if ragged:
        warnings.append(f"{ragged} of {total} rows do not have {len(header)} cells like the header")
    if total >= MAX_ROWS:
        warnings.append(f"rows beyond the first {MAX_ROWS} were not counted; split the file")
    title = blocks[0].text
    return Loaded(
        with_sections(blocks), title, {"kind": "data"}, warnings=warnings, keep_original=False
    )


def _take(
    columns: list[Column], row: list[str], who: int | None, persons: set[str], number: int
) -> bool:
    """Count one row; tells whether it is shorter or longer than the header."""
    person = row[who] if who is not None and who < len(row) else f"row {number}"
    persons.add(person)
    for position, column in enumerate(columns):
        column.add(row[position] if position < len(row) else "", person)
    return len(row) != len(columns)


def _describe(
    standard: str, columns: list[Column], labels: dict[str, str], rows: int, people: int | None
) -> list[Block]:
    locator = Locator(path="/")
    counted = "" if people is None else f" about {masked(people)} persons"
    types = Counter(column.type for column in columns)
    kinds = ", ".join(f"{count} {name}" for name, count in types.most_common())
    blocks = [
        Block("heading", f"Data dictionary: {standard}", locator, 1),
        Block(
            "paragraph",
            f"{standard} with {masked(rows)} rows{counted} and {len(columns)} columns ({kinds}).",
            locator,
        ),
    ]
    lines = [["Column", "Label", "Type", "Missing", "Range", "Code system"]]
    lines.extend(
        [
            column.name,
            labels.get(column.name, ""),
            f"{column.type}, identifying" if is_identifying(column.name) else column.type,
            column.missing_share,
            column.range(),
            code_system(column.name),
        ]
        for column in columns
    )
    blocks.extend(filled_table(lines, f"Columns of {standard}", locator))
    levels = [
        [column.name, value, persons] for column in columns for value, persons in column.levels()
    ]
    if levels:
        blocks.append(Block("heading", "Values shared by ten or more persons", locator, 2))
        blocks.extend(
            filled_table(
                [["Column", "Value", "Persons"], *levels], f"Values in {standard}", locator
            )
        )
    return blocks


def _in_full(standard: str, header: list[str], body: list[list[str]]) -> Loaded:
    """A table that says nothing of persons, as it is."""
    warnings = []
    if len(body) > _MOST_READABLE:
        warnings.append(f"rows beyond the first {_MOST_READABLE} were left out; split the file")
    title = f"{standard} ({_MEANINGS.get(standard, 'table')})"
    blocks = [Block("heading", title, Locator(path="/"), 1)]
    blocks.extend(filled_table([header, *body[:_MOST_READABLE]], title, Locator(path="/")))
    return Loaded(with_sections(blocks), title, {"kind": "data"}, warnings=warnings)


_MEANINGS = {
    "SDTM TA": "trial arms",
    "SDTM TE": "trial elements",
    "SDTM TV": "trial visits",
    "SDTM TI": "trial inclusion and exclusion criteria",
    "SDTM TS": "trial summary",
    "SDTM TM": "trial disease milestones",
    "SDTM TD": "trial disease assessments",
    "SDTM TX": "trial sets",
    "OMOP CDM_SOURCE": "source of the database",
    "OMOP COHORT_DEFINITION": "cohort definitions",
    "OMOP VOCABULARY": "vocabularies",
}

"""Exports of the WHO portal (ICTRP): XML, CSV and JSON lines with the same columns.

Source: the portal's ``Trials_downloaded_from_ICTRP`` XML and the CSV of its search results; the
weekly full export, which has no header row, is not read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from ingest.encoding import decode
from ingest.loaders.base import Member, Source
from ingest.loaders.delimited import find_delimiter
from ingest.registry.chictr import json_members, read, text_of_leaf
from ingest.registry.collect import Entry, members_of
from ingest.registry.record import TrialRecord, Value
from ingest.registry.whofields import RowField, key_of, record_of
from ingest.registry.xmlrecords import xml_entries
from ingest.tables import column_letters

__all__ = ["csv_members", "json_members", "members", "read", "read_row"]
_FIELD_LIMIT = 10_000_000


def members(source: Source) -> Iterator[Member]:
    """Yield every record of an XML export under its registry number."""
    return members_of(lambda: xml_entries(source.data, ("Trial",)), _key, read)


def csv_members(source: Source) -> Iterator[Member]:
    """Yield every row of a CSV or TSV export under its registry number."""
    text = decode(source.data)[0].replace("\x00", "")
    delimiter = find_delimiter(text)
    return members_of(lambda: _rows(text, delimiter), key_of, read_row)


def read_row(entry: Entry) -> TrialRecord:
    """Read one row; the path of a value is the column's letters and name."""
    fields = (
        RowField(name, Value(text.strip(), f"{column_letters(number)} {name}"))
        for number, (name, text) in enumerate(entry.content, start=1)
        if text.strip()
    )
    return record_of(fields, entry.line)


def _rows(text: str, delimiter: str) -> Iterator[Entry]:
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] = []
    line = 1
    while True:
        begins = line
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield Entry(None, "", begins, f"the row cannot be read ({error})")
            line = reader.line_num + 1
            continue
        if row is None:
            return
        line = reader.line_num + 1
        if not any(cell.strip() for cell in row):
            continue
        if not header:
            header = row
        elif len(row) > len(header):
            yield Entry(None, "", begins, f"the row has {len(row)} cells, the header {len(header)}")
        else:
            yield Entry(tuple(zip(header, row, strict=False)), "", begins)


def _key(element: Any) -> tuple[str, str]:
    return key_of((leaf.tag, text_of_leaf(leaf)) for leaf in element.iterchildren("*"))

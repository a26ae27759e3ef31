"""Reads a gold file: one published number (or list of numbers) a row."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from design.errors import BadDesign

_NEEDED = ("id", "method", "inputs", "output", "expected", "tolerance")
_LONGEST_CELL = 1_000_000  # characters; the csv module's own limit is 131,072


@dataclass(frozen=True, slots=True)
class GoldRow:
    """One row of a gold file.

    Attributes:
        id: Its name in the file.
        method: The method as the file names it.
        inputs: As the file spells them.
        output: What ``expected`` is, several joined by ``;`` or ``,``.
        expected: The published number as text; several joined by ``;``.
        tolerance: Absolute, on every number.
        rounding_rule: How the source rounded.
        source: Where it was published.
        note: What the collector of the file says of it.
        fault: Why the row cannot be read; empty for a row that can.
    """

    id: str
    method: str
    inputs: dict[str, Any]
    output: str
    expected: str
    tolerance: float
    rounding_rule: str = ""
    source: str = ""
    note: str = ""
    fault: str = ""


def read_gold(path: Path) -> list[GoldRow]:
    """The rows of a gold file (CSV with a header, ``inputs`` as JSON).

    A row that is not well formed is kept with its ``fault``, so that it is told beside the others
    instead of hiding them.

    Raises:
        BadDesign: The file cannot be read, is no CSV, or lacks a column; the message names it.
    """
    text = _text(path)
    csv.field_size_limit(_LONGEST_CELL)
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(
        text.splitlines(keepends=True), delimiter=delimiter, skipinitialspace=True
    )
    reader.fieldnames = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    lacking = [name for name in _NEEDED if name not in reader.fieldnames]
    if lacking:
        raise BadDesign(f"{path} has no column {', '.join(lacking)}")
    try:
        return list(_rows(reader))
    except csv.Error as error:
        raise BadDesign(f"{path}, line {reader.line_num + 1}: {error}") from None


def _text(path: Path) -> str:
    """The text of a file in UTF-8, or in the encoding that Excel writes in China."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadDesign(f"{path} cannot be read: {error}") from None
    if b"\0" in raw:
        raise BadDesign(f"{path} is no CSV file: it holds zero bytes (save it as CSV UTF-8)")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadDesign(f"{path} is neither UTF-8 nor GB18030 text")


def _rows(reader: csv.DictReader[str]) -> Iterator[GoldRow]:
    for values in reader:
        row = _row(reader.line_num, values)
        if row.method or row.inputs or row.expected:
            yield row


def _row(line: int, values: dict[str, Any]) -> GoldRow:
    words = {
        name: (values.get(name) or "").strip()
        for name in GoldRow.__dataclass_fields__
        if name not in {"inputs", "tolerance", "fault"}
    }
    faults = [f"{name} is empty" for name in ("method", "output", "expected") if not words[name]]
    if None in values:
        faults.append("it has more cells than the header: a comma that is not in quotes?")
    inputs: Any = {}
    try:
        inputs = json.loads((values.get("inputs") or "").strip() or "{}")
    except (ValueError, RecursionError) as error:
        faults.append(f"inputs is not JSON ({error})")
    if not isinstance(inputs, dict):
        faults.append("inputs is not a JSON object")
        inputs = {}
    tolerance = 0.0
    try:
        tolerance = float((values.get("tolerance") or "").strip() or 0)
    except ValueError:
        faults.append(f"tolerance {values['tolerance']!r} is no number")
    if not (math.isfinite(tolerance) and tolerance >= 0):
        faults.append(f"tolerance {tolerance} is not a number from 0")
        tolerance = 0.0
    words["id"] = words["id"] or f"line {line}"
    fault = f"line {line}: {'; '.join(faults)}" if faults else ""
    return GoldRow(inputs=inputs, tolerance=tolerance, fault=fault, **words)

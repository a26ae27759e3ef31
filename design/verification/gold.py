"""Reads a gold file: one published number (or list of numbers) a row."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from design.errors import BadDesign

_NEEDED = ("id", "method", "inputs", "output", "expected", "tolerance")


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


def read_gold(path: Path) -> list[GoldRow]:
    """The rows of a gold file (CSV with a header, ``inputs`` as JSON).

    Raises:
        BadDesign: The file cannot be read, lacks a column, or a row is not well formed; the
            message names the file and the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadDesign(f"{path} cannot be read: {error}") from None
    reader = csv.DictReader(text.splitlines(keepends=True))
    lacking = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
    if lacking:
        raise BadDesign(f"{path} has no column {', '.join(lacking)}")
    return [_row(path, reader.line_num, values) for values in reader]


def _row(path: Path, line: int, values: dict[str, str | None]) -> GoldRow:
    given = {name: (values.get(name) or "").strip() for name in GoldRow.__dataclass_fields__}
    try:
        inputs = json.loads(given["inputs"] or "{}")
        tolerance = float(given["tolerance"] or 0)
    except ValueError as error:
        raise BadDesign(f"{path}, line {line}: {error}") from None
    if not isinstance(inputs, dict):
        raise BadDesign(f"{path}, line {line}: inputs is not a JSON object", "inputs")
    words = {k: v for k, v in given.items() if k not in {"inputs", "tolerance"}}
    return GoldRow(inputs=inputs, tolerance=tolerance, **words)

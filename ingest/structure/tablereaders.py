"""Rows of a table as text, from CSV, SAS transport (XPT) and Parquet files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest.encoding import decode
from ingest.errors import BadInput
from ingest.loaders.delimited import find_delimiter
from ingest.structure.tablequotes import quoted_rows

XPT = b"HEADER RECORD*******LIB"
PARQUET = b"PAR1"
MAX_ROWS = 5_000_000
_BATCH = 10_000
Rows = Iterator[list[str]]


def rows_of(data: bytes, labels: dict[str, str]) -> Rows:
    """Yield the header row, then every row as text; missing values are empty.

    ``labels`` receives the columns' labels where the format has them. Raises :class:`BadInput`
    for a damaged file or when the library for the format is not installed.
    """
    if data.startswith(XPT):
        return _xport(data, labels)
    if data.startswith(PARQUET):
        return _parquet(data)
    return _delimited(decode(data)[0])


def _delimited(text: str) -> Rows:
    rows = quoted_rows(text.replace("\x00", ""), find_delimiter(text))
    return (row for row, _ in rows if any(row))


@contextmanager
def _file(data: bytes, ending: str) -> Iterator[str]:
    """The bytes as a file, for libraries that read nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{ending}"
        path.write_bytes(data)
        yield str(path)


def _xport(data: bytes, labels: dict[str, str]) -> Rows:
    try:
        import pyreadstat
    except ImportError as error:
        raise BadInput(
            "SAS transport files need the package pyreadstat; install it or export CSV"
        ) from error
    with _file(data, ".xpt") as path:
        try:
            values, meta = pyreadstat.read_xport(path, output_format="dict")
        except Exception as error:
            raise BadInput(
                f"the SAS transport file is damaged ({type(error).__name__}); export it again"
            ) from error
    labels.update({k: v for k, v in meta.column_names_to_labels.items() if v})
    names = list(meta.column_names)
    yield names
    columns = [values[name] for name in names]
    yield from ([_cell(value) for value in row] for row in zip(*columns, strict=True))


def _parquet(data: bytes) -> Rows:
    try:
        import duckdb
    except ImportError as error:
        raise BadInput("Parquet files need the package duckdb; install it or export CSV") from error
    with _file(data, ".parquet") as path:
        connection = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "1GB"})
        try:
            # The path goes in as a parameter: nothing of the file becomes part of the query.
            found = connection.execute("SELECT * FROM read_parquet(?)", [path])
            yield [column[0] for column in found.description or []]
            while batch := found.fetchmany(_BATCH):
                yield from ([_cell(value) for value in row] for row in batch)
        except duckdb.Error as error:
            raise BadInput(
                f"the Parquet file is damaged ({type(error).__name__}); export it again"
            ) from error
        finally:
            connection.close()


def _cell(value: Any) -> str:
    return "" if value is None or value != value else str(value)

"""DuckDB as the funnel uses it: in memory, bounded, and silent about what the data hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from design.cohort.errors import BadCohort

THREADS = 2
MEMORY = "4GB"
_NAME = re.compile(r"[^\x00-\x1f]{1,200}")


def connect(threads: int = THREADS, memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """A connection that loads no extension and stays within threads and memory."""
    return duckdb.connect(
        ":memory:",
        config={
            "threads": threads,
            "memory_limit": memory,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        },
    )


@contextmanager
def quiet(what: str) -> Iterator[None]:
    """Turn an error of DuckDB into one sentence; its own text may hold values of patients.

    Raises:
        BadCohort: In place of any error of DuckDB.
    """
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise BadCohort(f"{what}: more than {MEMORY} of memory is needed") from None
    except duckdb.Error as error:
        kind = type(error).__name__.removesuffix("Exception")
        line = re.search(r"CSV Error on Line: (\d+)", str(error))
        where = f" at line {line[1]}" if line else ""
        raise BadCohort(f"{what} cannot be read{where} ({kind} error): check its format") from None


def scan(path: Path) -> str:
    """SQL that reads a Parquet or CSV file; a CSV's columns are all text.

    Raises:
        BadCohort: Another ending, or a name that DuckDB would take for a pattern.
    """
    if not path.is_file():
        raise BadCohort(f"{path} is missing")
    if re.search(r"[*?\[\]{}]", str(path)):
        raise BadCohort(f"{path}: rename it without any of * ? [ ] {{ }}")
    literal = "'" + str(path).replace("'", "''") + "'"
    ending = path.suffix.lower()
    if ending in {".parquet", ".pq"}:
        return f"read_parquet({literal})"
    if ending in {".csv", ".tsv", ".txt"}:
        return (
            f"read_csv({literal}, all_varchar=true, header=true, sample_size=20480, "
            f"delim={_delimiter(path)}, quote='\"', escape='\"', nullstr='')"
        )
    raise BadCohort(f"{path}: give a .parquet or .csv file")


def check_dates(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    column: str,
    kinds: dict[str, str],
    what: str,
) -> bool:
    """Whether all dates that are written can be read.

    Args:
        connection: Where the table can be read.
        source: SQL of the table.
        column: The column, as the table spells it.
        kinds: Types of the table's columns.
        what: How to call the table.

    Raises:
        BadCohort: None of them can be read.
    """
    if kinds[column] != "VARCHAR":
        return True
    name = quoted(column, kinds, what)
    with quiet(what):
        written, read = connection.execute(
            f"SELECT count(nullif(trim({name}), '')), count(TRY_CAST({name} AS DATE)) FROM {source}"
        ).fetchall()[0]
    if written and not read:
        raise BadCohort(
            f"{what}: no date in the column {column} can be read; write them as YYYY-MM-DD", column
        )
    return bool(written == read)


def _delimiter(path: Path) -> str:
    """What separates the columns: told by the header, which the rows may contradict."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline(100_000)
    except (OSError, UnicodeDecodeError):
        raise BadCohort(f"{path} is not a CSV in UTF-8; save it again as UTF-8") from None
    if not header.strip():
        raise BadCohort(f"{path} is empty: its first line must name the columns")
    counts = {sign: header.count(sign) for sign in (",", "\t", ";", "|")}
    best = max(counts, key=lambda sign: counts[sign])
    return "'\t'" if best == "\t" else f"'{best}'"


def columns(connection: duckdb.DuckDBPyConnection, source: str, what: str) -> dict[str, str]:
    """Names and types of the columns of something that can be read.

    Raises:
        BadCohort: It cannot be read.
    """
    with quiet(what):
        rows = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    return {str(row[0]): str(row[1]) for row in rows}


def quoted(name: str, known: Sequence[str] | dict[str, Any], what: str) -> str:
    """A column as SQL names it, after making sure that the table has it.

    Raises:
        BadCohort: There is no such column.
    """
    if name not in known or not _NAME.fullmatch(name):
        import difflib

        near = difflib.get_close_matches(name, list(known), n=3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise BadCohort(f"{what} has no column {name!r}{hint}", name)
    return '"' + name.replace('"', '""') + '"'

"""A CSV or Parquet table of one's own as a source, by a description of its columns.

Example of a description (YAML)::

    table: cohort.csv
    person: patient_id
    sex: {column: sex, male: [M], female: [F]}
    age: age
    site: hospital
    date: visit_date
    measurements:
      creatinine: {column: scr, unit: mg/dL, names: [血肌酐]}
    conditions:
      diabetes: {column: dm, yes: ["1"], no: ["0"], names: [糖尿病]}
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb

from design.cohort.description import Description, NumberColumn
from design.cohort.engine import check_dates, columns, connect, quiet, quoted, scan
from design.cohort.errors import BadCohort
from design.cohort.files import checked, load_mapping
from design.cohort.source import Source, empty_views
from design.cohort.texts import said
from design.cohort.vocabulary import CATEGORY, CONDITION, DRUG, MEASUREMENT, Entry, Vocabulary

_MISSING = ["", "na", "n/a", "nan", "null", "none", ".", "unknown", "缺失", "不详", "未知", "未查"]


def open_described(path: Path, threads: int = 2) -> Source:
    """Open the table a description names.

    Raises:
        BadCohort: The description or the table cannot be used.
    """
    given = checked(Description, load_mapping(path), str(path))
    table = Path(given.table)
    return open_table(given, table if table.is_absolute() else path.parent / table, threads)


def open_table(given: Description, table: Path, threads: int = 2) -> Source:
    """Open a table by its description.

    Raises:
        BadCohort: The table cannot be read or lacks a column.
    """
    connection = connect(threads)
    try:
        reader = _Reader(connection, given, table)
        vocabulary = reader.build()
    except BaseException:
        connection.close()
        raise
    notes = [said("source", "synthetic")] if given.synthetic else []
    notes += [said("source", "dates_unread", column=column) for column in reader.unread]
    if given.date is None:
        notes.append(said("source", "undated"))
    return Source(
        name=given.title or table.stem,
        connection=connection,
        vocabulary=vocabulary,
        held=frozenset(reader.held),
        undated=given.date is None,
        notes=tuple(notes),
        grouped_by=frozenset(name for name in (given.site, given.year, given.date) if name),
    )


class _Reader:
    """Makes the views of one table."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, given: Description, table: Path
    ) -> None:
        self.connection, self.given, self.table = connection, given, table
        self.what = f"table {table.name}"
        self.scan = scan(table)
        self.known = columns(connection, self.scan, self.what)
        self.held: set[str] = set()
        self.unread: list[str] = []
        self._check_header()

    def _check_header(self) -> None:
        """No described column may stand twice, and dates must be readable."""
        for name in self.known:
            if re.fullmatch(r".+_1", name) and name[:-2] in self.known and self._twice(name[:-2]):
                raise BadCohort(f"{self.what} has the column {name[:-2]!r} twice", name[:-2])
        days = [self.given.date, self.given.birth.column if self.given.birth else None]
        for day in [each for each in days if each is not None]:
            self._column(day)
            if not check_dates(self.connection, self.scan, day, self.known, self.what):
                self.unread.append(day)

    def _twice(self, name: str) -> bool:
        if self.table.suffix.lower() in {".parquet", ".pq"}:
            return False
        with self.table.open(encoding="utf-8-sig", newline="") as file:
            header = re.split(r"[,;\t|]", file.readline(100_000).strip())
        return [each.strip().strip('"') for each in header].count(name) > 1

    def build(self) -> Vocabulary:
        """Create all views; gives the vocabulary."""
        pid = f"nullif(trim(CAST({self._column(self.given.person)} AS VARCHAR)), '')"
        date = self.given.date
        day = (
            "CAST(NULL AS INTEGER)"
            if date is None
            else f"datediff('day', DATE '1970-01-01', TRY_CAST({self._column(date)} AS DATE))"
        )
        with quiet(self.what):
            self.connection.execute(
                f'CREATE TEMP TABLE raw AS SELECT {pid} AS "~pid", {day} AS "~day", * '
                f"FROM {self.scan} WHERE {pid} IS NOT NULL"
            )
            self._people()
            vocabulary = self._records()
            self.connection.execute("DROP TABLE raw")
        empty_views(self.connection, frozenset(self.held), "VARCHAR")
        return vocabulary

    def _column(self, name: str) -> str:
        return quoted(name, self.known, self.what)

    def _text(self, name: str) -> str:
        return f"lower(trim(CAST({self._column(name)} AS VARCHAR)))"

    def _people(self) -> None:
        given = self.given
        values: list[Any] = []
        sex = "CAST(NULL AS INTEGER)"
        if given.sex:
            text = self._text(given.sex.column)
            male, female = f"list_contains(?, {text})", f"list_contains(?, {text})"
            sex = f"CASE WHEN {male} THEN 0 WHEN {female} THEN 1 END"
            values += [_lower(given.sex.male), _lower(given.sex.female)]
        born = f"TRY_CAST({self._column(given.birth.column)} AS DATE)" if given.birth else "NULL"
        age = (
            f"TRY_CAST({self._column(given.age.column)} AS DOUBLE)"
            if given.age
            else "CAST(NULL AS DOUBLE)"
        )
        year = (
            f"TRY_CAST({self._column(given.year)} AS INTEGER)"
            if given.year
            else "CAST(NULL AS INTEGER)"
        )
        site = f"CAST({self._column(given.site)} AS VARCHAR)" if given.site else "NULL::VARCHAR"
        # Without dates, ages that differ between rows of a person leave the age unknown.
        one_age = (
            'arg_max(age, "~day")'
            if given.date
            else "CASE WHEN min(age) = max(age) THEN min(age) END"
        )
        self.connection.execute(
            "CREATE TEMP TABLE person_rec AS SELECT pid, "
            "CASE WHEN min(sex) = max(sex) THEN min(sex) END AS sex, "
            "year(min(born)) AS year, month(min(born)) AS month, day(min(born)) AS day, "
            f'{one_age} AS age, max("~day") FILTER (age IS NOT NULL) AS age_day, '
            "max(year) AS index_year, min(site) AS site "
            f'FROM (SELECT "~pid" AS pid, "~day", {sex} AS sex, CAST({born} AS DATE) AS born, '
            f"{age} AS age, {year} AS year, {site} AS site FROM raw) GROUP BY pid",
            values,
        )
        if given.date:
            self.connection.execute(
                'CREATE TEMP TABLE visit_rec AS SELECT "~pid" AS pid, "~day" AS day FROM raw '
                'WHERE "~day" IS NOT NULL'
            )
            self.held.add("visit_rec")

    def _records(self) -> Vocabulary:
        entries: dict[int, Entry] = {}
        units: dict[int, str] = {}
        with_uln: set[int] = set()
        parts: dict[str, list[tuple[str, list[Any]]]] = {}

        def enter(domain: str, key: str, column: str, names: list[str]) -> int:
            concept = len(entries) + 1
            entries[concept] = Entry(concept, domain, tuple(dict.fromkeys([key, *names, column])))
            return concept

        for key, number in self.given.measurements.items():
            concept = enter(MEASUREMENT, key, number.column, number.names)
            units[concept] = number.unit
            if number.uln:
                with_uln.add(concept)
            parts.setdefault("measurement_rec", []).append(self._numbers(concept, number))
        for domain, view, flags in (
            (CONDITION, "condition_rec", self.given.conditions),
            (DRUG, "drug_rec", self.given.drugs),
        ):
            for key, flag in flags.items():
                concept = enter(domain, key, flag.column, flag.names)
                last = ', "~day" AS last' if domain == DRUG else ""
                text, number_in = self._text(flag.column), self._number_in(flag.column)
                parts.setdefault(view, []).append(
                    (
                        f'SELECT "~pid" AS pid, ? AS concept, "~day" AS day{last} FROM raw '
                        f"WHERE list_contains(?, {text}) OR {number_in}",
                        [concept, _lower(flag.yes), _numbers(flag.yes)],
                    )
                )
                # Known nowhere: no row of the person says yes or no.
                parts.setdefault("unknown_rec", []).append(
                    (
                        f'SELECT "~pid" AS pid, ? AS concept FROM raw GROUP BY 1 HAVING NOT '
                        f"bool_or(coalesce(list_contains(?, {text}) OR {number_in}, false))",
                        [concept, _lower(flag.yes + flag.no), _numbers(flag.yes + flag.no)],
                    )
                )
        for key, words in self.given.categories.items():
            concept = enter(CATEGORY, key, words.column, words.names)
            text = self._text(words.column)
            parts.setdefault("category_rec", []).append(
                (
                    f'SELECT DISTINCT "~pid" AS pid, ? AS concept, {text} AS value FROM raw '
                    f"WHERE {text} IS NOT NULL AND NOT list_contains(?, {text})",
                    [concept, _lower(words.missing) + _MISSING],
                )
            )
        for view, selects in parts.items():
            query = " UNION ALL ".join(select for select, _ in selects)
            self.connection.execute(
                f"CREATE TEMP TABLE {view} AS {query}",
                [value for _, given in selects for value in given],
            )
            self.held.add(view)
        return Vocabulary(
            entries, units=units, undated=self.given.date is None, has_uln=frozenset(with_uln)
        )

    def _numbers(self, concept: int, number: NumberColumn) -> tuple[str, list[Any]]:
        text = self._text(number.column)
        value = f"TRY_CAST({self._column(number.column)} AS DOUBLE)"
        return (
            f'SELECT "~pid" AS pid, ? AS concept, "~day" AS day, CASE WHEN isfinite({value}) '
            f"THEN {value} END AS value, CAST(NULL AS BIGINT) AS unit_concept, ? AS unit, "
            f"CAST(? AS DOUBLE) AS high FROM raw WHERE {text} IS NOT NULL "
            f"AND NOT list_contains(?, {text})",
            [concept, number.unit, number.uln, _lower(number.missing) + _MISSING],
        )

    def _number_in(self, column: str) -> str:
        return f"coalesce(list_contains(?, TRY_CAST({self._column(column)} AS DOUBLE)), false)"


def _lower(values: list[str]) -> list[str]:
    return [value.strip().lower() for value in values]


def _numbers(values: list[str]) -> list[float]:
    """The codes that are numbers, so that 1 and 1.0 are the same."""
    found = []
    for value in values:
        try:
            found.append(float(value))
        except ValueError:
            continue
    return found

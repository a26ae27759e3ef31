"""The persons of a source on their index date, one row each, as arrays; ids stay in DuckDB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from design.cohort.engine import quiet
from design.cohort.errors import BadCohort
from design.cohort.rules import Index
from design.cohort.source import Source
from design.cohort.vocabulary import CONDITION, DRUG

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
_VIEW = {"last_visit": "visit_rec", "first_visit": "visit_rec",
         "first_diagnosis": "condition_rec", "first_drug": "drug_rec"}  # fmt: skip
_EPOCH = np.datetime64("1970-01-01", "D")
_NO_DAY = -10_000_000
_LONGEST = 366_000


@dataclass(frozen=True, slots=True)
class People:
    """Persons by row number, which the table ``base`` maps to the source's ids.

    Attributes:
        index: Day of the index date counted from 1970-01-01; NaN: none.
        age: Completed years on that day; NaN: not known.
        sex: 0 male, 1 female, -1 not known.
        site: Place in ``sites``; the last stands for no site.
        year: Calendar year of the index date; 0: none.
    """

    index: Floats
    age: Floats
    sex: Whole
    site: Whole
    sites: tuple[str | None, ...]
    year: Whole

    def __len__(self) -> int:
        return len(self.index)


def gather(source: Source, index: Index) -> People:
    """Find each person's index date and what is known of them then.

    Raises:
        BadCohort: The source has no records of the event, or no persons.
    """
    with quiet("the table of persons"):
        return _gather(source, index)


def _gather(source: Source, index: Index) -> People:
    connection = source.connection
    event, values = _event(source, index)
    connection.execute("DROP TABLE IF EXISTS base")
    connection.execute("DROP TABLE IF EXISTS site_codes")
    connection.execute(
        "CREATE TEMP TABLE site_codes AS "
        "SELECT site, row_number() OVER (ORDER BY site) - 1 AS code "
        "FROM (SELECT DISTINCT site FROM person_rec WHERE site IS NOT NULL)"
    )
    connection.execute(
        "CREATE TEMP TABLE base AS SELECT CAST(row_number() OVER () - 1 AS INTEGER) AS row, "
        "p.pid, p.sex, p.year, p.month, p.day, p.age, p.age_day, p.index_year, i.idx, s.code "
        f"FROM person_rec p LEFT JOIN ({event}) i USING (pid) "
        "LEFT JOIN site_codes s ON s.site = p.site WHERE p.pid IS NOT NULL",
        values,
    )
    count, different = connection.execute(
        "SELECT count(*), count(DISTINCT pid) FROM base"
    ).fetchall()[0]
    if count == 0:
        raise BadCohort(
            f"{source.name} holds no person: no row has an id (OMOP CDM: a whole number)"
        )
    if count != different:
        raise BadCohort(f"{source.name}: the table of persons has a person twice")
    names = [
        row[0] for row in connection.execute("SELECT site FROM site_codes ORDER BY code").fetchall()
    ]
    # Nulls become values here, since masked arrays are slow.
    found = connection.execute(
        f"SELECT coalesce(idx, {_NO_DAY}) AS idx, coalesce(sex, -1) AS sex, "
        "coalesce(year, 0) AS year, coalesce(month, 7) AS month, coalesce(day, 15) AS day, "
        "coalesce(age, 'nan'::DOUBLE) AS age, coalesce(age_day, idx, 0) AS age_day, "
        "coalesce(index_year, 0) AS index_year, coalesce(code, ?) AS code FROM base ORDER BY row",
        [len(names)],
    ).fetchnumpy()
    idx = np.asarray(found["idx"], np.int64)
    based = idx != _NO_DAY
    calendar = _Calendar.of(idx[based]) if based.any() else None
    year = np.asarray(found["index_year"], np.int64)
    if not source.undated:
        year = calendar.take(calendar.year, idx, based) if calendar else np.zeros(len(idx), int)
    return People(
        index=np.where(based, idx, np.nan),
        age=_ages(found, idx, based, calendar),
        sex=np.asarray(found["sex"], np.int64),
        site=np.asarray(found["code"], np.int64),
        sites=(*names, None),
        year=year,
    )


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Year, month and day of each day of a span, to be looked up by many."""

    first: int
    year: Whole
    month: Whole
    day: Whole

    @classmethod
    def of(cls, days: Whole) -> _Calendar:
        first, last = int(days.min()), int(days.max())
        if last - first > _LONGEST:
            raise BadCohort("the index dates lie more than 1,000 years apart: check the dates")
        span = _EPOCH + np.arange(first, last + 1).astype("timedelta64[D]")
        months = span.astype("datetime64[M]")
        return cls(
            first,
            span.astype("datetime64[Y]").astype(np.int64) + 1970,
            months.astype(np.int64) % 12 + 1,
            (span - months).astype(np.int64) + 1,
        )

    def take(self, part: Whole, idx: Whole, based: NDArray[np.bool_]) -> Whole:
        """A part of the date of each person; 0 without an index date."""
        places = np.where(based, idx - self.first, 0)
        return np.where(based, part[places], 0)


def _event(source: Source, index: Index) -> tuple[str, list[Any]]:
    """SQL of the index date by person, and its parameters."""
    if source.undated:
        if index.event not in {"last_visit", "first_visit"}:
            raise BadCohort(f"{source.name} has no dates: index {index.event} cannot be found")
        return "SELECT pid, 0 AS idx FROM person_rec", []
    if index.event == "date":
        day = (np.datetime64(index.on, "D") - _EPOCH).astype(int)
        within = (
            "AND pid IN (SELECT pid FROM period_rec WHERE day <= $day AND last >= $day) "
            if "period_rec" in source.held
            else ""
        )
        query = (
            "SELECT pid, $day AS idx FROM person_rec WHERE pid NOT IN "
            f"(SELECT pid FROM death_rec WHERE pid IS NOT NULL AND day < $day) {within}"
        )
        return query.replace("$day", str(int(day))), []
    view = _VIEW[index.event]
    if view not in source.held:
        raise BadCohort(
            f"{source.name} has no {view.removesuffix('_rec')} table for index {index.event}; "
            "use index event `date` with a day"
        )
    if index.event in {"first_diagnosis", "first_drug"}:
        domain = CONDITION if index.event == "first_diagnosis" else DRUG
        wanted = source.vocabulary.below(source.vocabulary.resolve(index.concepts, domain))
        return (
            f"SELECT pid, min(day) AS idx FROM {view} WHERE list_contains(?, concept) GROUP BY pid",
            [wanted],
        )
    which = "max" if index.event == "last_visit" else "min"
    return f"SELECT pid, {which}(day) AS idx FROM {view} GROUP BY pid", []


def _ages(
    found: dict[str, Any], idx: Whole, based: NDArray[np.bool_], calendar: _Calendar | None
) -> Floats:
    """Completed years. Without month or day of birth the middle is taken: July, the 15th."""
    ages = np.asarray(found["age"], np.float64)
    if not np.isnan(ages).all():
        # An age holds for the day it was recorded on.
        later = np.where(based, idx - np.asarray(found["age_day"], np.int64), 0)
        ages = np.floor(ages + later / 365.25 + 1e-9)
    year = np.asarray(found["year"], np.int64)
    born = (year > 0) & based
    if calendar is not None and born.any():
        month, day = np.asarray(found["month"], np.int64), np.asarray(found["day"], np.int64)
        now = calendar.take(calendar.month * 100 + calendar.day, idx, based)
        before = now < month * 100 + day
        ages = np.where(born, calendar.take(calendar.year, idx, based) - year - before, ages)
    return np.where((ages < 0) | (ages > 150), np.nan, ages)

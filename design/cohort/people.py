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
        "p.*, i.idx, s.code FROM person_rec p "
        f"LEFT JOIN ({event}) i USING (pid) LEFT JOIN site_codes s ON s.site = p.site "
        "WHERE p.pid IS NOT NULL",
        values,
    )
    count, different = connection.execute(
        "SELECT count(*), count(DISTINCT pid) FROM base"
    ).fetchall()[0]
    if count == 0:
        raise BadCohort(f"{source.name} holds no person")
    if count != different:
        raise BadCohort(f"{source.name}: the table of persons has a person twice")
    names = [
        row[0] for row in connection.execute("SELECT site FROM site_codes ORDER BY code").fetchall()
    ]
    found = connection.execute(
        "SELECT idx, sex, year, month, day, age, age_day, index_year, code FROM base ORDER BY row"
    ).fetchnumpy()
    idx = _floats(found["idx"])
    site = _floats(found["code"])
    site[np.isnan(site)] = len(names)
    sex = _floats(found["sex"])
    sex[np.isnan(sex)] = -1
    return People(
        index=idx,
        age=_ages(found, idx),
        sex=sex.astype(np.int64),
        site=site.astype(np.int64),
        sites=(*names, None),
        year=_years(idx, _floats(found["index_year"]), source.undated),
    )


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


def _floats(values: Any) -> Floats:
    """A column with NaN where it is null."""
    if isinstance(values, np.ma.MaskedArray):
        return np.asarray(np.ma.filled(values.astype(np.float64), np.nan))
    return np.asarray(values, dtype=np.float64).copy()


def _ages(found: dict[str, Any], idx: Floats) -> Floats:
    """Completed years. Without month or day of birth the middle is taken: July, the 15th."""
    given = _floats(found["age"])
    held = _floats(found["age_day"])
    shift = np.where(np.isnan(held) | np.isnan(idx), 0.0, (idx - held) / 365.25)
    ages = np.floor(given + shift + 1e-9)
    year = _floats(found["year"])
    born = ~np.isnan(year) & ~np.isnan(idx)
    if born.any():
        month = np.nan_to_num(_floats(found["month"]), nan=7.0)
        day = np.nan_to_num(_floats(found["day"]), nan=15.0)
        on = (_EPOCH + np.where(born, idx, 0).astype("timedelta64[D]")).astype("datetime64[D]")
        months = on.astype("datetime64[M]")
        this_year = months.astype("datetime64[Y]").astype(np.int64) + 1970
        this_month = months.astype(np.int64) % 12 + 1
        this_day = (on - months).astype(np.int64) + 1
        before = (this_month < month) | ((this_month == month) & (this_day < day))
        ages = np.where(born, this_year - year - before, ages)
    return np.where((ages < 0) | (ages > 150), np.nan, ages)


def _years(idx: Floats, given: Floats, undated: bool) -> Whole:
    if undated:
        return np.nan_to_num(given).astype(np.int64)
    days = np.nan_to_num(idx).astype("timedelta64[D]")
    years = (_EPOCH + days).astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(np.isnan(idx), 0, years)

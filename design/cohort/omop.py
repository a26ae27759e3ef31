"""A folder of OMOP CDM 5.4 tables as a source: Parquet or CSV, names in any case."""

from __future__ import annotations

from pathlib import Path

import duckdb

from design.cohort.engine import check_dates, columns, connect, quiet, scan
from design.cohort.errors import BadCohort
from design.cohort.source import Source, empty_views
from design.cohort.texts import said
from design.cohort.vocabulary import CONDITION, DRUG, MEASUREMENT, Entry, Vocabulary

_ENDINGS = (".parquet", ".pq", ".csv", ".tsv")
_ALL_CONCEPTS = 300_000  # a larger vocabulary is narrowed to what the tables use
_MALE, _FEMALE = 8507, 8532


def _day(column: str) -> str:
    return f"datediff('day', DATE '1970-01-01', TRY_CAST({column} AS DATE))"


def _whole(column: str) -> str:
    return f"TRY_CAST({column} AS BIGINT)"


# view: (table, columns it needs, columns it may have, SELECT list)
_VIEWS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], str]] = {
    "visit_rec": (
        "visit_occurrence",
        ("person_id", "visit_start_date"),
        (),
        f"{_whole('person_id')} AS pid, {_day('visit_start_date')} AS day",
    ),
    "period_rec": (
        "observation_period",
        ("person_id", "observation_period_start_date", "observation_period_end_date"),
        (),
        f"{_whole('person_id')} AS pid, {_day('observation_period_start_date')} AS day, "
        f"{_day('observation_period_end_date')} AS last",
    ),
    "death_rec": (
        "death",
        ("person_id", "death_date"),
        (),
        f"{_whole('person_id')} AS pid, {_day('death_date')} AS day",
    ),
    "condition_rec": (
        "condition_occurrence",
        ("person_id", "condition_concept_id", "condition_start_date"),
        (),
        f"{_whole('person_id')} AS pid, {_whole('condition_concept_id')} AS concept, "
        f"{_day('condition_start_date')} AS day",
    ),
    "drug_rec": (
        "drug_exposure",
        ("person_id", "drug_concept_id", "drug_exposure_start_date"),
        ("drug_exposure_end_date", "days_supply"),
        f"{_whole('person_id')} AS pid, {_whole('drug_concept_id')} AS concept, "
        f"{_day('drug_exposure_start_date')} AS day, "
        f"greatest({_day('drug_exposure_start_date')}, coalesce({_day('drug_exposure_end_date')}, "
        f"{_day('drug_exposure_start_date')} + greatest({_whole('days_supply')}, 1) - 1)) AS last",
    ),
    "measurement_rec": (
        "measurement",
        ("person_id", "measurement_concept_id", "measurement_date", "value_as_number"),
        ("unit_concept_id", "unit_source_value", "range_high"),
        f"{_whole('person_id')} AS pid, {_whole('measurement_concept_id')} AS concept, "
        f"{_day('measurement_date')} AS day, TRY_CAST(value_as_number AS DOUBLE) AS value, "
        f"nullif({_whole('unit_concept_id')}, 0) AS unit_concept, "
        "CAST(unit_source_value AS VARCHAR) AS unit, TRY_CAST(range_high AS DOUBLE) AS high",
    ),
}
_DOMAINS = {
    CONDITION: ("condition_rec",),
    DRUG: ("drug_rec",),
    MEASUREMENT: ("measurement_rec",),
}


def open_omop(folder: Path, threads: int = 2) -> Source:
    """Open a folder of CDM tables.

    Raises:
        BadCohort: It holds no person table, or a table lacks a column the CDM requires.
    """
    tables = _tables(folder)
    if "person" not in tables:
        raise BadCohort(f"{folder} holds no person.parquet or person.csv: not a folder of OMOP CDM")
    connection = connect(threads)
    try:
        held = _views(connection, tables)
        unread = _unread_dates(connection, tables)
        vocabulary = _vocabulary(connection, tables, held)
        name = _name(connection, tables) or folder.resolve().name
        synthetic = "is_synthetic" in columns(connection, scan(tables["person"]), "person")
    except BaseException:
        connection.close()
        raise
    notes = [said("source", "synthetic")] if synthetic else []
    notes += [said("source", "dates_unread", column=column) for column in unread]
    if not vocabulary.descendants:
        notes.append(said("source", "no_ancestors"))
    return Source(name, connection, vocabulary, held, notes=tuple(notes))


def _tables(folder: Path) -> dict[str, Path]:
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        raise BadCohort(f"{folder} cannot be read: {error.strerror}") from None
    known = sorted(files, key=lambda path: _ENDINGS.index(path.suffix.lower())
                   if path.suffix.lower() in _ENDINGS else 99, reverse=True)  # fmt: skip
    return {path.stem.lower(): path for path in known if path.suffix.lower() in _ENDINGS}


def _views(connection: duckdb.DuckDBPyConnection, tables: dict[str, Path]) -> frozenset[str]:
    _person(connection, tables)
    held = set()
    for view, (table, needed, optional, picked) in _VIEWS.items():
        if table in tables:
            source = _source(connection, tables[table], table, needed, optional)
            connection.execute(f"CREATE TEMP VIEW {view} AS SELECT {picked} FROM {source}")
            held.add(view)
    empty_views(connection, frozenset(held), "BIGINT")
    return frozenset(held)


def _unread_dates(connection: duckdb.DuckDBPyConnection, tables: dict[str, Path]) -> list[str]:
    """Columns of dates as text of which some cannot be read."""
    found = []
    for table, needed, *_ in _VIEWS.values():
        if table not in tables:
            continue
        kinds = columns(connection, scan(tables[table]), f"table {table}")
        spelled = {name.lower(): name for name in kinds}
        for name in needed:
            if name.endswith("_date") and not check_dates(
                connection, scan(tables[table]), spelled[name], kinds, f"table {table}"
            ):
                found.append(f"{table}.{name}")
    return found


def _source(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    table: str,
    needed: tuple[str, ...],
    optional: tuple[str, ...],
) -> str:
    """A table with the columns a view names; those it may lack are null."""
    known = {name.lower() for name in columns(connection, scan(path), f"table {table}")}
    lacking = [name for name in needed if name not in known]
    if lacking:
        raise BadCohort(f"table {table} has no column {lacking[0]}, which OMOP CDM 5.4 requires")
    extra = "".join(f", NULL AS {name}" for name in optional if name not in known)
    return f"(SELECT *{extra} FROM {scan(path)})"


def _person(connection: duckdb.DuckDBPyConnection, tables: dict[str, Path]) -> None:
    source = _source(
        connection, tables["person"], "person",
        ("person_id", "gender_concept_id", "year_of_birth"),
        ("month_of_birth", "day_of_birth", "care_site_id"),
    )  # fmt: skip
    if "care_site" in tables:
        sites = _source(
            connection, tables["care_site"], "care_site", ("care_site_id", "care_site_name"), ()
        )
        named = (
            f"(SELECT {_whole('care_site_id')} AS id, any_value(care_site_name) AS name "
            f"FROM {sites} GROUP BY 1)"
        )
        site, join = "coalesce(s.name, CAST(p.care_site_id AS VARCHAR))", (
            f"LEFT JOIN {named} s ON s.id = {_whole('p.care_site_id')}"
        )  # fmt: skip
    else:
        site, join = "CAST(p.care_site_id AS VARCHAR)", ""
    gender = _whole("p.gender_concept_id")
    connection.execute(
        f"CREATE TEMP VIEW person_rec AS SELECT {_whole('p.person_id')} AS pid, "
        f"CASE {gender} WHEN {_MALE} THEN 0 WHEN {_FEMALE} THEN 1 END AS sex, "
        f"{_whole('p.year_of_birth')} AS year, {_whole('p.month_of_birth')} AS month, "
        f"{_whole('p.day_of_birth')} AS day, CAST(NULL AS DOUBLE) AS age, "
        f"CAST(NULL AS INTEGER) AS age_day, CAST(NULL AS INTEGER) AS index_year, {site} AS site "
        f"FROM {source} p {join}"
    )


def _name(connection: duckdb.DuckDBPyConnection, tables: dict[str, Path]) -> str | None:
    """What the source calls itself."""
    if "cdm_source" not in tables:
        return None
    with quiet("table cdm_source"):
        rows = connection.execute(
            f"SELECT cdm_source_name FROM {scan(tables['cdm_source'])} LIMIT 1"
        ).fetchall()
    return str(rows[0][0])[:120] if rows and rows[0][0] else None


def _vocabulary(
    connection: duckdb.DuckDBPyConnection, tables: dict[str, Path], held: frozenset[str]
) -> Vocabulary:
    if "concept" not in tables:
        return Vocabulary({})
    with quiet("table measurement"):
        limits = connection.execute(
            "SELECT DISTINCT concept FROM measurement_rec WHERE high > 0"
        ).fetchall()
    with_uln = frozenset(int(row[0]) for row in limits if row[0] is not None)
    concepts = _source(
        connection, tables["concept"], "concept", ("concept_id", "concept_name", "domain_id"), ()
    )
    with quiet("table concept"):
        above = scan(tables["concept_ancestor"]) if "concept_ancestor" in tables else None
        _used_concepts(connection, concepts, above, held)
        rows = connection.execute(
            f"SELECT {_whole('concept_id')}, domain_id, concept_name FROM {concepts} "
            f"WHERE {_whole('concept_id')} IN (SELECT id FROM vocabulary_ids)"
        ).fetchall()
    names: dict[int, tuple[str, list[str]]] = {
        id: (domain, [name]) for id, domain, name in rows if id is not None and name
    }
    if "concept_synonym" in tables:
        synonyms = _source(
            connection, tables["concept_synonym"], "concept_synonym",
            ("concept_id", "concept_synonym_name"), (),
        )  # fmt: skip
        with quiet("table concept_synonym"):
            for id, name in connection.execute(
                f"SELECT {_whole('concept_id')}, concept_synonym_name FROM {synonyms} "
                f"WHERE {_whole('concept_id')} IN (SELECT id FROM vocabulary_ids)"
            ).fetchall():
                if id in names and name and name not in names[id][1]:
                    names[id][1].append(name)
    entries = {id: Entry(id, domain, tuple(given)) for id, (domain, given) in names.items()}
    return Vocabulary(entries, _descendants(connection, tables), has_uln=with_uln)


def _used_concepts(
    connection: duckdb.DuckDBPyConnection,
    concepts: str,
    ancestors: str | None,
    held: frozenset[str],
) -> None:
    """Ids of the concepts a criterion may name; of a whole vocabulary, those the tables use."""
    domains = ", ".join(f"'{domain}'" for domain in _DOMAINS)
    every = f"SELECT {_whole('concept_id')} AS id FROM {concepts} WHERE domain_id IN ({domains})"
    counted = connection.execute(f"SELECT count(*) FROM ({every})").fetchall()[0][0]
    if counted > _ALL_CONCEPTS:
        used = " UNION ".join(
            f"SELECT DISTINCT concept AS id FROM {view}"
            for views in _DOMAINS.values()
            for view in views
            if view in held
        )
        connection.execute(f"CREATE TEMP TABLE used_ids AS {used}")
        above = ""
        if ancestors is not None:
            above = (
                f" OR id IN (SELECT {_whole('ancestor_concept_id')} FROM {ancestors} WHERE "
                f"{_whole('descendant_concept_id')} IN (SELECT id FROM used_ids))"
            )
        every = f"SELECT id FROM ({every}) WHERE id IN (SELECT id FROM used_ids){above}"
    connection.execute(f"CREATE TEMP TABLE vocabulary_ids AS {every}")


def _descendants(
    connection: duckdb.DuckDBPyConnection, tables: dict[str, Path]
) -> dict[int, frozenset[int]]:
    if "concept_ancestor" not in tables:
        return {}
    source = _source(
        connection, tables["concept_ancestor"], "concept_ancestor",
        ("ancestor_concept_id", "descendant_concept_id"), (),
    )  # fmt: skip
    with quiet("table concept_ancestor"):
        rows = connection.execute(
            f"SELECT {_whole('ancestor_concept_id')}, list({_whole('descendant_concept_id')}) "
            f"FROM {source} WHERE {_whole('descendant_concept_id')} IN "
            "(SELECT id FROM vocabulary_ids) GROUP BY 1"
        ).fetchall()
    return {int(above): frozenset(below) for above, below in rows if above is not None}

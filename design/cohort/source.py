"""A cohort to count in: the same views whatever it is stored as, and its vocabulary.

The views, all of them in one DuckDB connection (days are counted from 1970-01-01):

``person_rec``       pid, sex (0 male, 1 female, else null), year, month, day (of birth), age,
                     age_day (when it holds), index_year (of a table without dates), site
``visit_rec``        pid, day
``period_rec``       pid, day, last (times of observation)
``death_rec``        pid, day
``condition_rec``    pid, concept, day
``drug_rec``         pid, concept, day, last
``measurement_rec``  pid, concept, day, value, unit_concept, unit, high (upper limit of normal)
``unknown_rec``      pid, concept (a diagnosis or drug that is not known, in a described table)
``category_rec``     pid, concept, value (words of a column, in a described table)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import duckdb

from design.cohort.errors import BadCohort
from design.cohort.rules import Rule
from design.cohort.vocabulary import CATEGORY, CONDITION, DRUG, MEASUREMENT, Vocabulary
from design.wording import Text

VIEWS = {
    "visit_rec": "day INTEGER",
    "period_rec": "day INTEGER, last INTEGER",
    "death_rec": "day INTEGER",
    "condition_rec": "concept BIGINT, day INTEGER",
    "drug_rec": "concept BIGINT, day INTEGER, last INTEGER",
    "measurement_rec": "concept BIGINT, day INTEGER, value DOUBLE, unit_concept BIGINT, "
    "unit VARCHAR, high DOUBLE",
    "unknown_rec": "concept BIGINT",
    "category_rec": "concept BIGINT, value VARCHAR",
}


@dataclass(slots=True)
class Source:
    """An opened cohort.

    Attributes:
        name: What it is called, without the path.
        connection: Holds the views.
        vocabulary: What it can be asked about.
        held: Views that hold something; the others are empty.
        undated: Nothing in it has a date, so windows cannot be judged.
        one_day: Each person has one index date in the table itself.
        notes: What must be said with every count from it.
        grouped_by: Columns of a described table that its sites and years come from.
    """

    name: str
    connection: duckdb.DuckDBPyConnection
    vocabulary: Vocabulary
    held: frozenset[str]
    undated: bool = False
    one_day: bool = False
    notes: tuple[Text, ...] = field(default=())
    grouped_by: frozenset[str] = frozenset()

    def groups_by(self, rule: Rule) -> bool:
        """Whether a criterion asks for what the tables of sites and years are made of."""
        asked: list[tuple[str, int | str]] = []
        for leaf in rule.leaves():
            if leaf.category is not None:
                asked.append((CATEGORY, leaf.category.variable))
            elif leaf.measurement is not None:
                asked.append((MEASUREMENT, leaf.measurement.concept))
            elif leaf.coded is not None or leaf.washout is not None:
                given = leaf.coded or leaf.washout
                assert given is not None
                domain = CONDITION if leaf.kind == "diagnosis" else DRUG
                asked += [(domain, concept) for concept in given.concepts]
        ids = [id for domain, name in asked for id in self.vocabulary.resolve([name], domain)]
        entries = [self.vocabulary.entries[id] for id in ids if id in self.vocabulary.entries]
        return any(self.grouped_by & set(entry.names) for entry in entries)

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_source(path: Path, threads: int = 2) -> Source:
    """Open a folder of OMOP CDM 5.4 tables, or the description of a table (YAML, TOML, JSON).

    Args:
        path: A folder that holds ``person.parquet`` or ``person.csv`` and its sister tables, or a
            description file.
        threads: At most so many threads.

    Raises:
        BadCohort: It is neither, or a table lacks what is needed.
    """
    from design.cohort.described import open_described
    from design.cohort.omop import open_omop

    if path.is_dir():
        return open_omop(path, threads)
    if not path.exists():
        raise BadCohort(f"{path}: there is no such folder or file")
    if path.suffix.lower() in {".csv", ".tsv", ".parquet", ".pq", ".txt"}:
        raise BadCohort(
            f"{path}: a table needs a description (which column is the person, the sex, …); "
            "write one as docs/feasibility/funnel.md shows and give that instead"
        )
    return open_described(path, threads)


def empty_views(connection: duckdb.DuckDBPyConnection, held: frozenset[str], pid: str) -> None:
    """Create the views that a source has nothing for."""
    for view, fields in VIEWS.items():
        if view not in held:
            connection.execute(f"CREATE TEMP TABLE {view} (pid {pid}, {fields})")

"""The synthetic cohort: what is shipped, and that the generator does what is assumed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from eval.corpus.cohort.__main__ import FOLDER, PERSONS, main, simulate
from eval.corpus.cohort.records import CONVERSIONS, ckd_epi_2021
from eval.corpus.cohort.settings import assumptions, concepts
from eval.corpus.cohort.tables import TABLES


@pytest.fixture(scope="module")
def shipped() -> Any:
    with duckdb.connect() as connection:
        for name in TABLES:
            path = FOLDER / f"{name}.parquet"
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{path}'")
        yield connection


def one(connection: Any, query: str) -> Any:
    return connection.execute(query).fetchone()[0]


def test_every_table_ships_with_the_columns_of_the_model(shipped: Any) -> None:
    for name, columns in TABLES.items():
        found = [row[0] for row in shipped.execute(f"DESCRIBE {name}").fetchall()]
        assert found == [*columns, "is_synthetic"], name
        assert one(shipped, f"SELECT bool_and(is_synthetic) FROM {name}"), name


def test_enough_persons_in_every_sub_cohort(shipped: Any) -> None:
    assert one(shipped, "SELECT count(*) FROM person") == PERSONS >= 20_000
    query = """SELECT count(DISTINCT person_id) FROM condition_occurrence
        JOIN concept_ancestor ON descendant_concept_id = condition_concept_id
        WHERE ancestor_concept_id = """
    for key in ("nsclc", "t2dm", "hf", "stroke", "ra"):
        assert one(shipped, query + str(concepts()[key].concept_id)) > 1_500, key


def test_records_belong_to_persons_and_visits(shipped: Any) -> None:
    for name in ("visit_occurrence", "condition_occurrence", "drug_exposure", "measurement"):
        lost = f"SELECT count(*) FROM {name} ANTI JOIN person USING (person_id)"
        assert one(shipped, lost) == 0, name
    other = """SELECT count(*) FROM measurement m JOIN visit_occurrence v
        USING (visit_occurrence_id) WHERE m.person_id != v.person_id
        OR m.measurement_date != v.visit_start_date"""
    assert one(shipped, other) == 0


def test_nothing_happens_after_the_end(shipped: Any) -> None:
    query = """SELECT count(*) FROM {0} JOIN observation_period USING (person_id)
        WHERE {1} > observation_period_end_date"""
    for table, day in (
        ("visit_occurrence", "visit_end_date"),
        ("drug_exposure", "drug_exposure_end_date"),
        ("measurement", "measurement_date"),
        ("death", "death_date"),
    ):
        assert one(shipped, query.format(table, day)) == 0, table


def test_values_are_missing_and_more_so_where_sites_lose_them(shipped: Any) -> None:
    lvef, failing = concepts()["lvef"].concept_id, (443580, 443587)
    query = f"""SELECT care_site_id, avg(CASE WHEN m.person_id IS NULL THEN 1 ELSE 0 END)
        FROM (SELECT DISTINCT person_id FROM condition_occurrence
              WHERE condition_concept_id IN {failing}) JOIN person USING (person_id)
        LEFT JOIN (SELECT DISTINCT person_id FROM measurement
                   WHERE measurement_concept_id = {lvef}) m USING (person_id) GROUP BY 1"""
    missing = dict(shipped.execute(query).fetchall())
    assert 0.05 < missing[1] < 0.15
    assert missing[6] > missing[1]


def test_three_sites_report_in_other_units(shipped: Any) -> None:
    query = """SELECT DISTINCT care_site_id, unit_source_value FROM measurement
        JOIN person USING (person_id) WHERE measurement_concept_id = """
    for key, usual, site, other in (
        ("creatinine", "umol/L", 2, "mg/dL"),
        ("nt_probnp", "pg/mL", 4, "pmol/L"),
        ("hba1c", "%", 6, "mmol/mol"),
    ):
        found = dict(shipped.execute(query + str(concepts()[key].concept_id)).fetchall())
        assert found == {n: (other if n == site else usual) for n in range(1, 7)}, key


def test_the_same_seed_gives_the_same_rows() -> None:
    first, second = simulate(300, 5), simulate(300, 5)
    for name, columns in first.items():
        for key, values in columns.items():
            assert np.array_equal(values, second[name][key]), (name, key)
    assert not np.array_equal(simulate(300, 6)["person"]["year_of_birth"],
                              first["person"]["year_of_birth"])  # fmt: skip


@pytest.mark.slow
def test_what_is_shipped_is_what_the_generator_gives(shipped: Any, tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path)]) == 0
    for name in TABLES:
        path = tmp_path / f"{name}.parquet"
        both = f"(SELECT * FROM {name} EXCEPT ALL SELECT * FROM '{path}')"
        assert one(shipped, f"SELECT count(*) FROM {both}") == 0, name
        assert one(shipped, f"SELECT count(*) FROM '{path}'") == one(
            shipped, f"SELECT count(*) FROM {name}"
        )


def test_egfr_by_the_published_formula() -> None:
    # Inker et al. 2021: at the knots (0.7 and 0.9 mg/dL) only age and sex count.
    found = ckd_epi_2021(np.array([0.9, 0.7, 1.8]), np.array([50.0, 50.0, 50.0]),
                         np.array([True, False, True]))  # fmt: skip
    assert found[0] == pytest.approx(142 * 0.9938**50)
    assert found[1] == pytest.approx(142 * 0.9938**50 * 1.012)
    assert found[2] == pytest.approx(found[0] * 2**-1.2)


def test_units_are_converted_as_published() -> None:
    # NGSP 7.0 % is IFCC 53 mmol/mol; 88.42 umol/L of creatinine is 1 mg/dL.
    assert CONVERSIONS["hba1c", "mmol/mol"](np.array([7.0]))[0] == 53
    assert CONVERSIONS["creatinine", "mg/dL"](np.array([88.42]))[0] == 1.0
    assert CONVERSIONS["nt_probnp", "pmol/L"](np.array([845.7]))[0] == 100


def test_assumptions_are_whole() -> None:
    given, known = assumptions(), concepts()
    assert sum(site["share"] for site in given.sites) == pytest.approx(1)
    assert sum(cohort["share"] for cohort in given.cohorts.values()) == pytest.approx(1)
    assert set(given.measures) <= set(known)
    assert {drug for drugs in given.drugs.values() for drug in drugs} <= set(known)
    assert all(item.parent in {"", *known} for item in known.values())
    ids = [item.concept_id for item in known.values()]
    assert len(set(ids)) == len(ids)

"""A small OMOP folder written row by row, and the synthetic cohort."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from design.cohort import Criteria, Funnel, Options, Source, funnel, open_source

HEADS = {
    "person": "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,care_site_id",
    "visit_occurrence": "person_id,visit_start_date",
    "observation_period": "person_id,observation_period_start_date,observation_period_end_date",
    "condition_occurrence": "person_id,condition_concept_id,condition_start_date",
    "drug_exposure": "person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date",
    "measurement": "person_id,measurement_concept_id,measurement_date,value_as_number,"
    "unit_concept_id,unit_source_value,range_high",
    "concept": "concept_id,concept_name,domain_id",
    "concept_ancestor": "ancestor_concept_id,descendant_concept_id",
}
CONCEPTS = [
    (10, "Heart failure", "Condition"),
    (11, "Systolic heart failure", "Condition"),
    (12, "Myocardial infarction", "Condition"),
    (20, "metformin", "Drug"),
    (3016723, "Creatinine in serum or plasma", "Measurement"),
    (3006923, "Alanine aminotransferase", "Measurement"),
    (3004410, "Hemoglobin A1c", "Measurement"),
]
ANCESTORS = [(10, 10), (10, 11), (11, 11), (12, 12), (20, 20)]
DAY = "2024-06-30"
Rows = Sequence[Sequence[object]]
MakeOmop = Callable[..., Path]


@pytest.fixture
def make_omop(tmp_path: Path) -> MakeOmop:
    """``make_omop(person=[…], measurement=[…])``: rows as in ``HEADS``; one visit each."""

    def make(**tables: Rows) -> Path:
        people = tables.get("person", [(n, 8507, 1960, 1, 1, 1) for n in range(1, 4)])
        given: dict[str, Rows] = {
            "person": people,
            "visit_occurrence": [(row[0], DAY) for row in people],
            "condition_occurrence": [],
            "drug_exposure": [],
            "measurement": [],
            "concept": CONCEPTS,
            "concept_ancestor": ANCESTORS,
            **tables,
        }
        for name, rows in given.items():
            with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(HEADS[name].split(","))
                writer.writerows(rows)
        return tmp_path

    return make


def counted(path: Path, threshold: int = 1, **given: object) -> Funnel:
    """The funnel of criteria given as a mapping; nothing hidden unless asked for."""
    options = {key: given.pop(key) for key in ("missing", "off") if key in given}
    with open_source(path) as source:
        return funnel(
            source, Criteria.model_validate(given), Options(threshold=threshold, **options)
        )


@pytest.fixture(scope="session")
def synthetic(repo: Path) -> Source:
    """The synthetic cohort of the corpus."""
    return open_source(repo / "corpus" / "cohort" / "omop")

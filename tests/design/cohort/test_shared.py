"""Real tables of others by a description, and the OMOP sample; skipped where they are not."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from design.cohort import open_source
from tests.design.cohort.conftest import counted


@pytest.mark.shared
def test_support2_against_the_rows(shared: Path, tmp_path: Path) -> None:
    table = shared / "cohorts" / "support2.csv"
    (tmp_path / "support2.yaml").write_text(
        f"table: {table}\nperson: sno\nsex: sex\nage: age\n"
        "measurements:\n  creatinine: {column: crea, unit: mg/dL}\n"
        "conditions:\n  diabetes: {column: diabetes}\n"
        "categories:\n  group: {column: dzgroup}\n",
        encoding="utf-8",
    )
    found = counted(
        tmp_path / "support2.yaml",
        inclusion=[
            {"age": {"min": 18, "max": 75}},
            {"category": {"variable": "group", "values": ["CHF"]}},
            {"measurement": {"concept": "肌酐", "max": 177, "unit": "umol/L"}},
        ],
        exclusion=[{"diagnosis": "diabetes"}],
    )
    with table.open(encoding="utf-8") as file:
        rows = [{k.strip(): v.strip() for k, v in row.items()} for row in csv.DictReader(file)]
    left = [
        row
        for row in rows
        if 18 <= int(float(row["age"])) <= 75
        and row["dzgroup"] == "CHF"
        and row["crea"]
        and float(row["crea"]) * 88.42 <= 177
        and row["diabetes"] == "0"
    ]
    assert found.persons == len(rows)
    assert found.remaining == len(left) > 300


@pytest.mark.shared
def test_several_rows_a_person_are_one_person(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "colon.yaml").write_text(
        f"table: {shared / 'cohorts' / 'colon.csv'}\nperson: id\n"
        "sex: {column: sex, male: [1], female: [0]}\nage: age\n",
        encoding="utf-8",
    )
    found = counted(tmp_path / "colon.yaml", inclusion=[{"sex": "male"}])
    assert (found.persons, found.remaining) == (929, 484)


@pytest.mark.shared
def test_the_omop_sample(shared: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(shared / "cohorts" / "omop_synthea_5.4.zip") as held:
        held.extractall(tmp_path, [name for name in held.namelist() if "/" not in name])
    found = counted(
        tmp_path,
        inclusion=[
            {"age": {"min": 18}},
            {"measurement": {"concept": 3025315, "min": 60, "unit": "kg"}},
        ],
    )
    assert found.persons == 28
    assert found.remaining is not None
    assert 0 < found.remaining < 28
    with open_source(tmp_path) as source:
        assert any("concept_ancestor" in note.en for note in source.notes)

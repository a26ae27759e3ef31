"""Tables of one's own: columns by a description, codes, missing values, units, bad files."""

from __future__ import annotations

from pathlib import Path

import pytest

from design.cohort import BadCohort, open_source
from tests.design.cohort.conftest import counted

DESCRIPTION = """
table: cohort.csv
title: 示例表
person: 病案号
sex: {column: sex, male: [1], female: [2]}
age: age
site: site
year: year
measurements:
  creatinine: {column: scr, unit: mg/dL, names: [血肌酐], missing: [-9]}
conditions:
  diabetes: {column: dm, yes: [1], no: [0], names: [糖尿病]}
drugs:
  metformin: {column: met, names: [二甲双胍]}
categories:
  stage: {column: stage, names: [分期]}
"""
ROWS = """病案号,sex,age,site,year,scr,dm,met,stage
A1,1,63,甲,2023,1.1,1,是,II
A2,2,71,甲,2023,2.4,0,否,III
A3,2,55,乙,2024,NA,,是,iii
A4,9,,乙,2024,-9,1,,
"""


@pytest.fixture
def described(tmp_path: Path) -> Path:
    (tmp_path / "cohort.csv").write_text(ROWS, encoding="utf-8")
    path = tmp_path / "cohort.yaml"
    path.write_text(DESCRIPTION, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"age": {"min": 60}}, (2, 1, 1)),
        ({"sex": "female"}, (2, 1, 1)),
        ({"diagnosis": "糖尿病"}, (2, 1, 1)),
        ({"drug": "二甲双胍"}, (2, 1, 1)),
        ({"category": {"variable": "分期", "values": ["III"]}}, (2, 1, 1)),
        ({"measurement": {"concept": "血肌酐", "max": 177, "unit": "umol/L"}}, (1, 1, 2)),
        ({"measurement": {"concept": "creatinine", "max": 2}}, (1, 1, 2)),
    ],
)
def test_columns_become_rules(
    described: Path, rule: dict[str, object], expected: tuple[int, int, int]
) -> None:
    found = counted(described, inclusion=[rule])
    assert tuple(found.steps[0].alone[k] for k in ("met", "not_met", "unknown")) == expected


def test_sites_and_years(described: Path) -> None:
    found = counted(described, inclusion=[{"age": {"min": 18}}])
    assert [(g.name, g.persons, g.remaining) for g in found.sites] == [("乙", 2, 1), ("甲", 2, 2)]
    assert [(g.name, g.remaining) for g in found.years] == [("2023", 2), ("2024", 1)]


def test_a_window_cannot_be_judged_without_dates(described: Path) -> None:
    rule = {"drug": {"concepts": "二甲双胍", "window": {"before": "4w"}}}
    found = counted(described, inclusion=[rule, {"age": {"min": 18}}])
    assert found.steps[0].status == "not_evaluable"
    assert found.remaining == 3


def test_several_rows_a_person_with_dates(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "id,day,age,hb\n1,2024-01-01,60,80\n1,2024-05-01,60,110\n2,2024-05-01,50,85\n2,2024-06-01,50,\n",
        encoding="utf-8",
    )
    (tmp_path / "t.yaml").write_text(
        "table: t.csv\nperson: id\nage: age\ndate: day\n"
        "measurements:\n  hb: {column: hb, unit: g/L}\n",
        encoding="utf-8",
    )
    rule = {"measurement": {"concept": "血红蛋白", "min": 9, "unit": "g/dL"}}
    found = counted(tmp_path / "t.yaml", inclusion=[rule])
    assert (found.persons, found.remaining) == (2, 1)
    recent = {**rule["measurement"], "window": {"before": 7}}
    assert counted(tmp_path / "t.yaml", inclusion=[{"measurement": recent}]).steps[0].alone == {
        "met": 1, "not_met": 0, "unknown": 1, "cost": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("person: 病案号", "person: nobody"), "nobody"),
        (("unit: mg/dL", "unit: furlong"), "furlong"),
        (("table: cohort.csv", "table: gone.csv"), "gone.csv"),
        (("title: 示例表", "colour: red"), "colour"),
        (("no: [0]", "no: [1]"), "both yes and no"),
        (("column: scr", 'column: "scr\\"; DROP TABLE x; --"'), "DROP TABLE"),
    ],
)
def test_a_bad_description_is_told_in_one_sentence(
    described: Path, change: tuple[str, str], named: str
) -> None:
    described.write_text(DESCRIPTION.replace(*change), encoding="utf-8")
    with pytest.raises(BadCohort, match=named) as told:
        open_source(described)
    assert "\n" not in str(told.value)


def test_a_table_alone_needs_a_description(described: Path) -> None:
    with pytest.raises(BadCohort, match="description"):
        open_source(described.parent / "cohort.csv")


@pytest.mark.parametrize("name", ["person.parquet", "person.csv"])
def test_a_broken_file_does_not_tell_what_it_holds(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("person_id,gender_concept_id\n王小明,秘密\n", encoding="utf-8")
    with pytest.raises(BadCohort) as told:
        open_source(tmp_path)
    assert "王小明" not in str(told.value)
    assert "秘密" not in str(told.value)


def test_values_that_are_no_numbers_are_missing(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,hb\n1,Zhang San\n2,120\n", encoding="utf-8")
    (tmp_path / "t.yaml").write_text(
        "table: t.csv\nperson: id\nmeasurements: {hb: {column: hb, unit: g/L}}\n", encoding="utf-8"
    )
    rule = {"measurement": {"concept": "hb", "min": 90}}
    found = counted(tmp_path / "t.yaml", inclusion=[rule])
    assert dict(found.steps[0].reasons) == {"value_missing": 1}


def test_an_empty_folder_is_no_cohort(tmp_path: Path) -> None:
    with pytest.raises(BadCohort, match="person"):
        open_source(tmp_path)


def _table(folder: Path, rows: str, description: str) -> Path:
    (folder / "t.csv").write_text(rows, encoding="utf-8")
    (folder / "t.yaml").write_text("table: t.csv\nperson: id\n" + description, encoding="utf-8")
    return folder / "t.yaml"


def test_records_do_not_tell_of_persons(tmp_path: Path) -> None:
    rows = "id,age,dm,site\n" + "".join(
        f"{n},{20 + n % 40},{int(n < 3)},{'abc'[(n > 4) + (n > 40)]}\n" for n in range(140)
    )
    path = _table(
        tmp_path, rows, "age: age\nsite: site\nconditions:\n  dm: {column: dm}\n"
        "categories:\n  hospital: {column: site}\n",
    )  # fmt: skip
    either = {"any": [{"age": {"min": 40}}, {"diagnosis": "dm"}]}
    found = counted(path, 10, inclusion=[either, {"age": {"min": 30}}])
    assert found.steps[0].records is None
    assert found.steps[1].records == found.steps[1].alone["met"] == 100
    # Site a has 5 persons; b is hidden with it, and may not be asked for by a criterion.
    assert [group.persons for group in found.sites] == [None, None, 99]
    of_site = {"category": {"variable": "hospital", "values": ["b"]}}
    asked = counted(path, 10, inclusion=[of_site])
    assert asked.steps[0].alone["met"] == 36
    assert [group.persons for group in asked.sites] == [None, None, None]


def test_a_unit_that_nothing_can_be_carried_into_is_not_applied(tmp_path: Path) -> None:
    path = _table(tmp_path, "id,t\n1,37\n2,38\n", "measurements:\n  t: {column: t, unit: Cel}\n")
    found = counted(path, inclusion=[{"measurement": {"concept": "t", "min": 99, "unit": "kg"}}])
    (step,) = found.steps
    assert step.status == "not_evaluable" and found.remaining == 2
    assert step.why is not None and "Cel" in step.why.en and "kg" in step.why.en


def test_without_ages_or_sexes_criteria_on_them_are_not_applied(tmp_path: Path) -> None:
    found = counted(
        _table(tmp_path, "id\n1\n2\n", ""), inclusion=[{"age": {"min": 18}}, {"sex": "male"}]
    )
    assert [step.status for step in found.steps] == ["not_evaluable", "not_evaluable"]
    assert found.remaining == 2


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("id,day\n1,05.03.2024\n2,06.03.2024\n", "no date in the column day"),
        ("id,day,day\n1,2024-01-01,2024-02-01\n", "'day' twice"),
        ("", "is empty"),
        ("id,day\n", "no row has an id"),
    ],
)
def test_a_bad_table_says_what_is_wrong(tmp_path: Path, rows: str, message: str) -> None:
    path = _table(tmp_path, rows, "date: day\n")
    with pytest.raises(BadCohort, match=message):
        counted(path, inclusion=[{"observed": {"days": 0}}])


def test_some_dates_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    rows = "id,day,age\n1,2024-01-01,40\n2,05.03.2024,50\n"
    path = _table(tmp_path, rows, "date: day\nage: age\n")
    with open_source(path) as source:
        assert any("YYYY-MM-DD" in note.en for note in source.notes)
    assert counted(path, inclusion=[{"age": {"min": 18}}]).base == 1

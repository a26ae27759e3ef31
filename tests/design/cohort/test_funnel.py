"""Counts against persons written by hand, and against the cohort asked another way."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from design.cohort import BadCohort, Criteria, Funnel, Options, Source, funnel
from design.cohort.evaluate import evaluate
from design.cohort.people import gather
from tests.design.cohort.conftest import DAY, MakeOmop, counted

CREATININE = 3016723


def _alone(found: Funnel) -> list[tuple[int | None, int | None, int | None]]:
    return [tuple(s.alone[k] for k in ("met", "not_met", "unknown")) for s in found.steps]  # type: ignore[misc]


def test_age_is_in_completed_years_on_the_index_date(make_omop: MakeOmop) -> None:
    people = [(1, 8507, 2006, 6, 30, 1), (2, 8507, 2006, 7, 1, 1), (3, 8507, 1948, 7, 1, 1),
              (4, 8507, 1948, 6, 30, 1), (5, 8507, "", "", "", 1)]  # fmt: skip
    found = counted(make_omop(person=people), inclusion=[{"age": {"min": 18, "max": 75}}])
    assert _alone(found) == [(2, 2, 1)]  # 18 today and 75; 17 and 76; not known


def test_a_sex_that_is_not_coded_is_not_known(make_omop: MakeOmop) -> None:
    people = [(1, 8507, 1960, 1, 1, 1), (2, 8532, 1960, 1, 1, 1), (3, 0, 1960, 1, 1, 1)]
    folder = make_omop(person=people)
    assert _alone(counted(folder, inclusion=[{"sex": "female"}])) == [(1, 1, 1)]
    assert _alone(counted(folder, exclusion=[{"sex": "female"}])) == [(1, 1, 1)]


def test_kinds_of_a_diagnosis_count_unless_they_are_not_wanted(make_omop: MakeOmop) -> None:
    folder = make_omop(condition_occurrence=[(1, 10, DAY), (2, 11, DAY)])
    assert counted(folder, inclusion=[{"diagnosis": "Heart failure"}]).remaining == 2
    alone = {"concepts": ["heart failure"], "descendants": False}
    assert counted(folder, inclusion=[{"diagnosis": alone}]).remaining == 1
    assert counted(folder, inclusion=[{"diagnosis": 11}]).remaining == 1


def test_windows_end_on_the_index_date_and_include_their_first_day(make_omop: MakeOmop) -> None:
    rows = [(1, 12, "2024-06-02"), (2, 12, "2024-06-01"), (3, 12, "2024-07-01")]
    folder = make_omop(condition_occurrence=rows)
    inside = {"concepts": [12], "window": {"before": "4w"}}
    assert counted(folder, inclusion=[{"diagnosis": inside}]).remaining == 1
    assert counted(folder, inclusion=[{"diagnosis": 12}]).remaining == 2
    after = {"concepts": [12], "window": {"before": 0, "after": 1}}
    assert counted(folder, inclusion=[{"diagnosis": after}]).remaining == 1


def test_a_washout_counts_from_the_last_dose(make_omop: MakeOmop) -> None:
    rows = [(1, 20, "2024-01-01", "2024-06-02"), (2, 20, "2024-01-01", "2024-06-03")]
    folder = make_omop(drug_exposure=rows)
    washed = {"washout": {"concepts": ["metformin"], "days": 28}}
    found = counted(folder, inclusion=[washed])
    assert _alone(found) == [(2, 1, 0)]  # 28 days ago, and never; 27 days ago
    exposed = {"drug": {"concepts": ["metformin"], "window": {"before": 28}}}
    assert counted(folder, inclusion=[exposed]).remaining == 2


def test_units_are_carried_over_and_unknown_ones_are_not_compared(make_omop: MakeOmop) -> None:
    people = [(n, 8507, 1960, 1, 1, 1) for n in range(1, 8)]
    rows = [
        (1, CREATININE, DAY, 132, 8749, "umol/L", ""),
        (2, CREATININE, DAY, 1.5, 8840, "mg/dL", ""),  # 132.63 umol/L
        (3, CREATININE, DAY, 1.6, 8840, "mg/dL", ""),  # 141.47 umol/L
        (4, CREATININE, DAY, 1.0, 0, "furlong", ""),
        (5, CREATININE, DAY, 90, "", "", ""),
        (6, CREATININE, DAY, 90, 8840, "μmol/L", ""),  # the two contradict each other
    ]
    folder = make_omop(person=people, measurement=rows)
    rule = {"measurement": {"concept": "肌酐", "max": 133, "unit": "μmol/L"}}
    found = counted(folder, inclusion=[rule])
    assert _alone(found) == [(2, 1, 4)]
    assert dict(found.steps[0].reasons) == {"unit": 3, "not_recorded": 1}
    milligrams = {"measurement": {"concept": "肌酐", "max": 1.5, "unit": "mg/dL"}}
    assert _alone(counted(folder, inclusion=[milligrams])) == [(2, 1, 4)]


def test_an_affine_conversion(make_omop: MakeOmop) -> None:
    # NGSP 7.0% is 53 mmol/mol (IFCC master equation).
    rows = [(1, 3004410, DAY, 53, "", "mmol/mol", ""), (2, 3004410, DAY, 52.9, "", "mmol/mol", ""),
            (3, 3004410, DAY, 7.0, 8554, "%", "")]  # fmt: skip
    rule = {"measurement": {"concept": "HbA1c", "min": 7.0, "unit": "%"}}
    assert _alone(counted(make_omop(measurement=rows), inclusion=[rule])) == [(2, 1, 0)]


@pytest.mark.parametrize(("pick", "met"), [("latest", 1), ("first", 2), ("any", 3), ("every", 0)])
def test_which_value_counts(make_omop: MakeOmop, pick: str, met: int) -> None:
    def values(person: int, *each: tuple[str, float]) -> list[tuple[object, ...]]:
        return [(person, CREATININE, day, value, 8749, "umol/L", "") for day, value in each]

    rows = [
        *values(1, ("2024-01-01", 90), ("2024-06-01", 200)),
        *values(2, ("2024-01-01", 200), ("2024-06-01", 90)),
        *values(3, ("2024-01-01", 90), ("2024-03-01", 200), ("2024-06-01", 200)),
    ]
    rule = {"measurement": {"concept": CREATININE, "max": 133, "unit": "umol/L", "pick": pick}}
    found = counted(make_omop(measurement=rows), inclusion=[rule])
    assert found.remaining == met


def test_values_of_one_day_that_disagree_are_not_known(make_omop: MakeOmop) -> None:
    rows = [(1, CREATININE, DAY, value, 8749, "umol/L", "") for value in (90, 200)]
    rows += [(2, CREATININE, DAY, value, 8749, "umol/L", "") for value in (90, 91)]
    rule = {"measurement": {"concept": CREATININE, "max": 133, "unit": "umol/L"}}
    found = counted(make_omop(measurement=rows), inclusion=[rule])
    assert _alone(found) == [(1, 0, 2)]
    assert dict(found.steps[0].reasons) == {"conflict": 1, "not_recorded": 1}


def test_multiples_of_the_upper_limit_need_one(make_omop: MakeOmop) -> None:
    rows = [(1, 3006923, DAY, 100, 8645, "U/L", 40), (2, 3006923, DAY, 130, 8645, "U/L", 40)]
    rule = {"measurement": {"concept": "ALT", "max": 2.5, "times_uln": True}}
    assert _alone(counted(make_omop(measurement=rows), inclusion=[rule])) == [(1, 1, 1)]
    bare = [(*row[:-1], "") for row in rows]
    found = counted(make_omop(measurement=bare), inclusion=[rule, {"age": {"min": 18}}])
    assert [step.status for step in found.steps] == ["not_evaluable", "applied"]
    assert found.remaining == 3
    assert any("上限" in text.zh for text in found.warnings)


def test_and_or_not_with_what_is_not_known(make_omop: MakeOmop) -> None:
    # Person 1 has the diagnosis, nobody a creatinine.
    folder = make_omop(condition_occurrence=[(1, 12, DAY)])
    low = {"measurement": {"concept": CREATININE, "max": 133, "unit": "umol/L"}}
    infarct = {"diagnosis": 12}
    either = counted(folder, inclusion=[{"any": [infarct, low]}])
    assert _alone(either) == [(1, 0, 2)]
    both = counted(folder, inclusion=[{"all": [infarct, low]}])
    assert _alone(both) == [(0, 2, 1)]
    neither = counted(folder, inclusion=[{"not": {"any": [infarct, low]}}])
    assert _alone(neither) == [(0, 1, 2)]


@pytest.mark.parametrize(("missing", "left"), [("exclude", 1), ("keep", 2)])
def test_what_is_done_with_those_not_known(make_omop: MakeOmop, missing: str, left: int) -> None:
    rows = [
        (1, CREATININE, DAY, 90, 8749, "umol/L", ""),
        (2, CREATININE, DAY, 200, 8749, "umol/L", ""),
    ]
    rule = {"measurement": {"concept": CREATININE, "max": 133, "unit": "umol/L"}}
    folder = make_omop(measurement=rows)
    found = counted(folder, inclusion=[rule], missing=missing)
    assert found.remaining == left
    assert (found.steps[0].not_met, found.steps[0].unknown) == (1, 1)
    both = counted(folder, inclusion=[rule], missing="both")
    assert (both.remaining, both.remaining_keep) == (1, 2)


def test_costs_leave_one_out_and_switching_off(make_omop: MakeOmop) -> None:
    people = [
        (n, 8507 if n > 2 else 8532, 1960 if n > 1 else 2010, 1, 1, n % 2) for n in range(1, 7)
    ]
    rules = [{"age": {"min": 18}}, {"sex": "male"}]
    found = counted(make_omop(person=people), inclusion=rules)
    assert [step.remaining for step in found.steps] == [5, 4]
    assert [step.alone["cost"] for step in found.steps] == [1, 2]
    assert [step.gain for step in found.steps] == [0, 1]
    assert found.costliest == {"cost": 2, "gain": 2}
    assert [(group.name, group.persons, group.remaining) for group in found.sites] == [
        ("0", 3, 2), ("1", 3, 2),
    ]  # fmt: skip
    assert [(group.name, group.remaining) for group in found.years] == [("2024", 4)]
    without = counted(make_omop(person=people), inclusion=rules, off=[2])
    assert without.remaining == 5
    assert without.steps[1].status == "off"
    assert without.steps[1].alone["cost"] == 2


def test_persons_without_an_index_date_are_told(make_omop: MakeOmop) -> None:
    folder = make_omop(condition_occurrence=[(1, 10, "2020-01-01"), (1, 10, "2021-01-01")])
    index = {"event": "first_diagnosis", "concepts": ["heart failure"]}
    found = counted(folder, index=index, inclusion=[{"age": {"min": 60}}])
    assert (found.persons, found.base, found.remaining) == (3, 1, 1)
    assert [group.name for group in found.years] == ["2020"]


def test_observation_before_the_index_date(make_omop: MakeOmop) -> None:
    periods = [(1, "2023-06-30", "2024-12-31"), (2, "2023-07-02", "2024-12-31")]
    folder = make_omop(observation_period=periods)
    assert counted(folder, inclusion=[{"observed": {"days": "1y"}}]).remaining == 1


def test_the_synthetic_cohort_asked_by_other_sql(synthetic: Source, repo: Path) -> None:
    """Heart failure with an LVEF of at most 40, creatinine at most 133 umol/L: written by hand."""
    criteria = Criteria.model_validate(
        {
            "inclusion": [
                {"diagnosis": "心力衰竭"},
                {"measurement": {"concept": "LVEF", "max": 40, "unit": "%"}},
                {"measurement": {"concept": "血肌酐", "max": 133, "unit": "umol/L"}},
            ]
        }
    )
    found = funnel(synthetic, criteria)
    omop = repo / "corpus" / "cohort" / "omop"
    query = f"""
    WITH idx AS (SELECT person_id, max(visit_start_date) AS day
                 FROM '{omop}/visit_occurrence.parquet' GROUP BY 1),
    latest AS (
      SELECT m.person_id, measurement_concept_id AS c,
        avg(CASE WHEN unit_source_value = 'mg/dL' THEN value_as_number * 88.42
                 ELSE value_as_number END) AS v,
        count(*) AS n
      FROM '{omop}/measurement.parquet' m JOIN idx USING (person_id)
      WHERE measurement_date <= day AND value_as_number IS NOT NULL
        AND measurement_date = (SELECT max(o.measurement_date) FROM '{omop}/measurement.parquet' o
          WHERE o.person_id = m.person_id AND o.measurement_date <= day
            AND o.measurement_concept_id = m.measurement_concept_id)
        AND measurement_concept_id IN (3027172, 3016723) GROUP BY ALL)
    SELECT count(*) FROM idx
    WHERE person_id IN (SELECT person_id FROM '{omop}/condition_occurrence.parquet'
        WHERE condition_concept_id IN (316139, 443580, 443587) AND condition_start_date <= day)
      AND person_id IN (SELECT person_id FROM latest WHERE c = 3027172 AND v <= 40)
      AND person_id IN (SELECT person_id FROM latest WHERE c = 3016723 AND v <= 133)
    """
    expected = duckdb.execute(query).fetchall()[0][0]
    # Values of the same day on both sides of a bound are not known to us, and averaged there.
    assert found.remaining is not None
    assert abs(found.remaining - expected) <= 3
    assert expected > 1000


def test_no_person_comes_out(synthetic: Source) -> None:
    criteria = Criteria.model_validate({"inclusion": [{"age": {"min": 18}}, {"sex": "male"}]})
    found = funnel(synthetic, criteria, Options(missing="both"))
    told = json.dumps(found.to_json(), ensure_ascii=False) + found.table() + found.svg("en")
    assert "SYN-0" not in told
    assert "person_id" not in told


def test_hidden_counts_are_null_and_named(make_omop: MakeOmop) -> None:
    people = [(n, 8507 if n > 4 else 8532, 1960, 1, 1, 1) for n in range(1, 31)]
    found = counted(make_omop(person=people), threshold=10, inclusion=[{"sex": "male"}])
    step = found.to_json()["steps"][0]
    assert step["remaining"] is None
    assert "remaining" in step["suppressed"]
    assert found.to_json()["suppressed"] is True
    assert "26" not in found.table("en").split("\n\n")[1]
    assert "隐去" in found.table("zh")
    assert "<10" in found.table("zh")


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ({"diagnosis": "flu"}, "flu"),
        ({"diagnosis": 999}, "999"),
        ({"diagnosis": 20}, "Drug"),
        ({"measurement": {"concept": "ALT", "max": 3, "unit": "furlong"}}, "furlong"),
    ],
)
def test_what_the_source_does_not_know_is_refused(
    make_omop: MakeOmop, rule: dict[str, object], named: str
) -> None:
    rows = [(1, 3006923, DAY, 100, 8645, "U/L", 40)]
    with pytest.raises(BadCohort, match=named):
        counted(make_omop(measurement=rows), inclusion=[rule])


def test_states_are_judged_once_for_a_rule_used_twice(synthetic: Source) -> None:
    rule = Criteria.model_validate({"inclusion": [{"diagnosis": "心力衰竭"}]}).rules()[0]
    people = gather(synthetic, Criteria(inclusion=[rule]).index)
    first, second = evaluate(synthetic, people, [rule, rule])
    assert (first.states == second.states).all()


def test_without_a_vocabulary_ids_can_be_asked(make_omop: MakeOmop) -> None:
    path = make_omop(condition_occurrence=[(1, 99, "2024-01-01")])
    (path / "concept.csv").unlink()
    assert counted(path, inclusion=[{"diagnosis": {"concepts": [99]}}]).remaining == 1
    with pytest.raises(BadCohort, match="give concept ids"):
        counted(path, inclusion=[{"diagnosis": {"concepts": ["Heart failure"]}}])


def test_dates_as_text_that_cannot_be_read_are_refused(make_omop: MakeOmop) -> None:
    path = make_omop(visit_occurrence=[(1, "30/06/2024"), (2, "2024年6月30日")])
    with pytest.raises(
        BadCohort, match=r"visit_occurrence: no date in the column visit_start_date"
    ):
        counted(path, inclusion=[{"age": {"min": 18}}])


def test_joined_conditions_tell_no_records(make_omop: MakeOmop) -> None:
    path = make_omop(condition_occurrence=[(1, 10, "2024-01-01"), (2, 12, "2024-01-01")])
    either = {"any": [{"diagnosis": {"concepts": [10]}}, {"diagnosis": {"concepts": [12]}}]}
    found = counted(path, inclusion=[either, {"diagnosis": {"concepts": [10]}}])
    assert [step.records for step in found.steps] == [None, 1]

"""Competing trials, from made-up registry records."""

from __future__ import annotations

import json

import pytest

from assistant.feasibility import Competing, Sought, competing_trials
from assistant.feasibility.competing import condition_names
from retrieval import Index
from retrieval.lexicon import Lexicon
from tests.conftest import BuildIndex


def record(number: str, condition: str, **changes: str) -> dict[str, str]:
    return {
        "TrialID": number,
        "Public title": f"A made-up trial in {condition}",
        "Scientific title": f"A made-up trial in {condition}",
        "Source Register": "ChiCTR",
        "Recruitment Status": "Recruiting",
        "Date registration": "2026-01-05 00:00:00",
        "Last Refreshed on": "5 March 2026",
        "Date enrollement": "2026-02-01 00:00:00",
        "Target size": "Experimental group:60;Control group:40;",
        "Study type": "Interventional study",
        "Phase": "3",
        "Countries": "China",
        "Condition": condition,
        "Inclusion Criteria": "Adults.",
    } | changes


RECORDS = [
    record("ChiCTR2600000001", "Heart failure"),
    record("ChiCTR2600000002", "Heart failure", **{"Recruitment Status": "Completed"}),
    record("ChiCTR2600000003", "Heart failure", **{"Recruitment Status": "", "Target size": ""}),
    record("ChiCTR2600000004", "Heart failure", Countries="Spain", Phase="2"),
    record("ChiCTR2600000005", "Heart failure", **{"Date enrollement": "2029-01-01 00:00:00"}),
    record("ChiCTR2600000006", "Asthma"),
    record("ChiCTR2600000007", "心力衰竭", **{"Recruitment Status": "Not Recruiting"}),
    record("ChiCTR2600000008", "Non-small cell lung cancer",
           **{"Inclusion Criteria": "Previously untreated stage IV disease."}),
    record("ChiCTR2600000009", "Non-small cell lung cancer",
           **{"Inclusion Criteria": "Progressed: second-line treatment."}),
]  # fmt: skip
WINDOW = Sought("心力衰竭", start="2026-06-01", end="2028-06-30")


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory, build_index: BuildIndex) -> Index:
    folder = tmp_path_factory.mktemp("registry")
    lines = [json.dumps(r, ensure_ascii=False) for r in RECORDS]
    (folder / "records.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert build_index(folder / "index", folder / "records.jsonl").count("failed") == 0
    return Index(folder / "index")


def find(registry: Index, lexicon: Lexicon, sought: Sought) -> Competing:
    with registry.read() as view:
        return competing_trials(view, lexicon, sought)


def numbers(found: Competing) -> set[str]:
    return {trial.number[-1] for trial in found.competing}


def test_the_condition_is_found_under_all_its_names(registry: Index, lexicon: Lexicon) -> None:
    found = find(registry, lexicon, WINDOW)
    assert {trial.number[-1] for trial in found.trials} == set("123457")
    assert found.records == len(RECORDS)


def test_what_recruits_while_patients_are_wanted_competes(
    registry: Index, lexicon: Lexicon
) -> None:
    found = find(registry, lexicon, WINDOW)
    assert numbers(found) == {"1", "4"}
    states = {trial.number[-1]: (trial.status_class, trial.competes) for trial in found.trials}
    assert states["2"] == ("completed", False)
    assert states["3"] == ("unknown", None)
    assert states["5"] == ("recruiting", False)
    assert states["7"] == ("closed", False)
    told = found.sentences[0].zh
    assert "6 项" in told and "合计计划 200 例" in told and "另有 1 项" in told


def test_region_and_phase_leave_out_what_says_otherwise(registry: Index, lexicon: Lexicon) -> None:
    assert numbers(find(registry, lexicon, Sought("心力衰竭", region="中国"))) == {"1", "5"}
    assert numbers(find(registry, lexicon, Sought("heart failure", phases=("2",)))) == {"4"}


def test_lines_of_treatment_are_told_apart(registry: Index, lexicon: Lexicon) -> None:
    assert numbers(find(registry, lexicon, Sought("NSCLC", line="first"))) == {"8"}
    assert numbers(find(registry, lexicon, Sought("NSCLC", line="second_or_later"))) == {"9"}


def test_how_current_the_records_are_is_said(registry: Index, lexicon: Lexicon) -> None:
    found = find(registry, lexicon, WINDOW)
    assert found.latest_update == "2026-03-05"
    assert "2026-03-05" in found.sentences[1].zh and found.to_json()["snapshot"]


def test_nothing_found_is_said_with_what_was_searched(registry: Index, lexicon: Lexicon) -> None:
    found = find(registry, lexicon, Sought("麻风"))
    assert found.trials == () and str(len(RECORDS)) in found.sentences[0].zh


def test_a_short_name_does_not_match_inside_words(registry: Index, lexicon: Lexicon) -> None:
    assert find(registry, lexicon, Sought("RA")).trials == ()
    assert "ra" in condition_names("类风湿关节炎", lexicon)

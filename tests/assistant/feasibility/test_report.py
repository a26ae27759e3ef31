"""The report: every line has a basis, a part that fails says so, numbers are those of the parts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.feasibility.model import Figure, Line, Report, Table
from assistant.feasibility.reading import checked_synopsis, load_synopsis
from assistant.feasibility.report import Sources, make_report
from assistant.feasibility.synopsis import Synopsis
from assistant.feasibility.work import chance
from design import calculate
from retrieval import Index
from tests.conftest import BuildIndex

DAY = "2026-11-22"
LEAST = {"title": "t", "condition": "心力衰竭", "product": "drug", "phase": 3}
DESIGN = {"method": "two_proportions", "inputs": {"p1": 0.8, "p2": 0.6, "power": 0.8}}


def make(sources: Sources, **changes: Any) -> Report:
    return make_report(checked_synopsis(LEAST | changes, "test"), sources, as_of=DAY)


def example(repo: Path) -> Synopsis:
    return load_synopsis(repo / "docs/examples/synopsis.yaml")


@pytest.fixture(scope="module")
def report(sources: Sources, repo: Path) -> Report:
    return make_report(example(repo), sources, as_of=DAY, command="s.yaml")


def told(report: Report, key: str, language: str = "zh") -> str:
    return "\n".join(getattr(line.text, language) for line in report.section(key).lines)


def test_all_sections_are_there(report: Report) -> None:
    assert [section.key for section in report.sections] == [
        "summary", "sample_size", "cohort", "enrolment", "sites", "competing", "timeline",
        "risks", "not_computed",
    ]  # fmt: skip
    assert {s.key for s in report.sections if s.state == "absent"} == set()


def test_everything_says_what_it_rests_on(report: Report) -> None:
    known = {citation.id for citation in report.citations}
    for section in report.sections:
        for part in section.parts:
            cited = set(part.citations) if isinstance(part, Line) else set()
            if isinstance(part, Table):
                cited = {number for row in part.rows for cell in row for number in cell.citations}
                for row in part.rows:
                    assert all(c.citations for c in row if c.basis == "cited")
            if isinstance(part, Line) and part.basis == "cited":
                assert part.citations
            assert cited <= known
            if isinstance(part, (Table, Figure)) and part.basis == "computed":
                assert part.call and part.call.startswith("xinglin ")


def test_cited_quotes_stand_in_the_index(report: Report, sources: Sources) -> None:
    assert sources.index is not None and report.citations
    with sources.index.read() as view:
        for citation in report.citations:
            document = view.document(citation.document_id)
            assert document is not None
            text = view.blocks(document, citation.block, 1)[0][1].text
            assert text[citation.block_start : citation.block_end] == citation.quote


def test_the_size_is_that_of_the_calculator(report: Report, repo: Path) -> None:
    given = example(repo).design[0]
    outputs = calculate(given.method, given.inputs).outputs
    numbers = report.section("sample_size").numbers
    assert numbers["enrolled"] == outputs["n_total_with_dropout"]
    assert numbers["evaluable"] == outputs["n_total"]
    assert str(outputs["n_total_with_dropout"]) in _table(report, "summary")


def test_the_sections_lean_on_each_other(report: Report) -> None:
    cohort, sites = report.section("cohort").numbers, report.section("sites").numbers
    enrolment, plan = report.section("enrolment").numbers, report.section("timeline").numbers
    assert sites["wanted"]["eligible_share"] == cohort["eligible_share"]
    assert sites["wanted"]["lead_days"] == plan["lead_days"]
    assert sites["wanted"]["target"] == enrolment["target"] == 548
    assert enrolment["probability"] == pytest.approx(sites["probability"])
    competing = report.section("competing").numbers["sought"]
    last = next(step for step in plan["steps"] if step["key"] == "last_patient")
    assert competing["end"] == last["end"]


def test_competing_trials_are_cited_and_dated(report: Report) -> None:
    section = report.section("competing")
    assert section.numbers["matched"] and section.numbers["latest_update"] == "2026-03-05"
    assert "2026-03-05" in told(report, "competing")
    table = next(part for part in section.parts if isinstance(part, Table))
    status = table.rows[0][2]
    assert status.basis == "cited"
    quote = next(c.quote for c in report.citations if c.id == status.citations[0])
    assert status.text.zh in quote


def test_commands_repeat_the_numbers(report: Report) -> None:
    calls = report.record.calls
    assert calls[0] == "xinglin feasibility report s.yaml"
    for start in ("design two-means", "design curve two-means", "feasibility funnel",
                  "feasibility sites", "feasibility competing"):  # fmt: skip
        assert any(call.startswith(f"xinglin {start}") for call in calls), start
    assert len(set(calls)) == len(calls)


def test_it_is_json_and_the_same_each_time(report: Report, sources: Sources, repo: Path) -> None:
    again = make_report(example(repo), sources, as_of=DAY, command="s.yaml")
    first, second = (json.dumps(each.to_json(), ensure_ascii=False) for each in (report, again))
    assert first == second


def test_drawings_are_self_contained(report: Report) -> None:
    drawn = [part for s in report.sections for part in s.parts if isinstance(part, Figure)]
    assert len(drawn) == 4
    for figure in drawn:
        for language in ("zh", "en"):
            svg = figure.svg(language)
            assert svg.startswith("<svg") and "<script" not in svg and "<title" in svg
            assert not re.search(r"(?:href|src)=\"http", svg)


def test_a_part_that_is_missing_says_what_would_settle_it(bare: Sources) -> None:
    report = make(bare)
    absent = {s.key for s in report.sections if s.state == "absent"}
    assert absent == {"sample_size", "cohort", "enrolment", "sites", "competing", "timeline"}
    assert "nothing was ingested" in told(report, "competing")
    for key in absent:
        assert len(list(report.section(key).lines)) == 2
    listed = told(report, "not_computed")
    assert all(report.section(key).title.zh in listed for key in absent)
    assert report.record.snapshot is None and report.citations == ()


def test_a_part_that_fails_does_not_take_the_others(bare: Sources, tmp_path: Path) -> None:
    broken = replace(
        bare,
        cohort_path=lambda name: tmp_path / "none",
        directory_path=lambda name: tmp_path / "none",
    )
    report = make(
        broken,
        design=[DESIGN, DESIGN | {"inputs": {"p1": 0.5, "p2": 0.5, "power": 0.8}}],
        cohort={"criteria": {"inclusion": [{"age": {"min": 18}}]}},
        sites={},
        enrolment={"months": 12},
    )
    states = {section.key: section.state for section in report.sections}
    assert states["sample_size"] == "done"
    assert states["cohort"] == states["sites"] == states["enrolment"] == "absent"
    assert "没有差异可以检出" in told(report, "not_computed")


def test_an_index_without_records_of_registries_says_so(
    tmp_path: Path, build_index: BuildIndex, sources: Sources, repo: Path
) -> None:
    note = repo / "corpus/notes/operation/trial-benchmarks.md"  # of kind registry, but no record
    assert build_index(tmp_path / "index", note).count("failed") == 0
    notes = replace(sources, index=Index(tmp_path / "index"))
    section = make(notes).section("competing")
    assert section.state == "absent"
    assert "登记记录" in next(section.lines).text.zh


def test_rates_of_the_synopsis_need_no_directory(bare: Sources) -> None:
    report = make(bare, enrolment={"months": 12, "target": 100, "sites": 10, "rate": 1.0})
    numbers = report.section("enrolment").numbers
    direct = calculate("enrolment_by_time", {"time": 12, "sites": 10, "rate": 1, "target": 100})
    assert numbers["probability"] == pytest.approx(direct.outputs["probability"])
    assert any("enrolment-by-time" in call for call in report.record.calls)


def test_risks_name_the_number_they_rest_on(bare: Sources) -> None:
    report = make(
        bare, design=[DESIGN], enrolment={"months": 3, "sites": 4, "rate": 0.5},
    )  # fmt: skip
    risks = {risk["key"]: risk for risk in report.section("risks").numbers["risks"]}
    assert risks["late"]["level"] == "high" and risks["power"]["level"] == "high"
    probability = report.section("enrolment").numbers["probability"]
    assert chance(probability) in risks["late"]["text"]["zh"]
    n1 = calculate("two_proportions", DESIGN["inputs"]).outputs["n1"]
    kept = calculate("two_proportions", {"p1": 0.76, "p2": 0.6, "n1": n1}).outputs["power"]
    assert f"{kept:.3f}" in risks["power"]["text"]["en"]


def test_rules_read_from_text_are_marked_and_what_was_not_read_is_listed(bare: Sources) -> None:
    text = "纳入标准：\n1. 年龄18–75岁\n2. 心力衰竭\n3. 研究者认为合适\n"
    report = make(bare, cohort={"criteria_text": text})
    assert report.section("risks").numbers["risks"][0]["key"] == "unconfirmed"
    assert "研究者认为合适" in told(report, "not_computed")


def test_a_source_that_is_a_draft_is_a_risk(
    tmp_path: Path, build_index: BuildIndex, sources: Sources
) -> None:
    (tmp_path / "draft.md").write_text(
        "---\ntitle: 药物临床试验审批办法（征求意见稿）\nkind: regulation\njurisdiction: CN\n"
        "language: zh\n---\n# 药物临床试验审批办法（征求意见稿）\n\n"
        "药物临床试验申请自受理之日起60个工作日内决定，逾期未通知申办者的，视为同意。\n",
        encoding="utf-8",
    )
    assert build_index(tmp_path / "index", tmp_path / "draft.md").count("failed") == 0
    drafted = replace(sources, index=Index(tmp_path / "index"))
    report = make(drafted, timeline={"start": "2027-01-04"})
    assert [c.status for c in report.citations] == ["draft"]
    assert "source" in {risk["key"] for risk in report.section("risks").numbers["risks"]}


def _table(report: Report, key: str) -> str:
    table = next(part for part in report.section(key).parts if isinstance(part, Table))
    return " ".join(cell.text.zh for row in table.rows for cell in row)


SURVIVAL = {
    "method": "logrank",
    "inputs": {
        "hr": 0.7, "median_control": 12, "accrual_duration": 24, "min_followup": 18, "power": 0.8,
    },
}  # fmt: skip


def test_parts_of_a_synopsis_that_disagree_are_a_risk(bare: Sources) -> None:
    start = {"start": "2099-01-05", "follow_up_months": 12}
    differing = make(bare, design=[SURVIVAL], enrolment={"months": 12}, timeline=start)
    agreeing = make(
        bare,
        design=[SURVIVAL],
        enrolment={"months": 24},
        timeline=start | {"follow_up_months": 18},
    )
    found = {risk["key"] for risk in differing.section("risks").numbers["risks"]}
    assert {"accrual_differs", "follow_up_differs"} <= found and "past" not in found
    found = {risk["key"] for risk in agreeing.section("risks").numbers["risks"]}
    assert not {"accrual_differs", "follow_up_differs"} & found


def test_a_further_calculation_that_needs_more_is_a_risk(bare: Sources) -> None:
    larger = DESIGN | {"name": "次要终点", "inputs": {"p1": 0.7, "p2": 0.6, "power": 0.8}}
    report = make(bare, design=[DESIGN, larger])
    assert "次要终点" in told(report, "risks")
    assert "没有作多重性校正" in told(report, "sample_size")
    alone = make(bare, design=[DESIGN])
    assert "没有作多重性校正" not in told(alone, "sample_size")
    assert "more_needed" not in str(alone.section("risks").numbers)


def test_a_start_that_has_passed_is_a_risk(bare: Sources) -> None:
    report = make(bare, timeline={"start": "2020-01-06"})
    assert "past" in {risk["key"] for risk in report.section("risks").numbers["risks"]}


def test_what_the_forecast_takes_for_granted_is_said(bare: Sources) -> None:
    given = {"months": 12, "target": 100, "sites": 10, "rate": 1}
    silent = told(make(bare, enrolment=given), "enrolment")
    full = told(
        make(bare, enrolment=given | {"start_window": 4, "screen_failure": 0.2}), "enrolment"
    )
    for said in ("start_window", "screen_failure"):
        assert said in silent and said not in full


def test_a_refusal_of_a_calculator_is_told_in_the_language(bare: Sources) -> None:
    many = {"months": 6, "target": 18890, "sites": 8, "rate": 400}
    report = make(bare, enrolment=many)
    assert "million" not in told(report, "enrolment") and "超过一百万" in told(report, "enrolment")
    assert "million" in told(report, "enrolment", "en")


def test_a_power_that_a_method_does_not_tell_is_explained(bare: Sources) -> None:
    single = {"method": "single_stage_exact", "inputs": {"p0": 0.5, "p1": 0.7, "power": 0.8}}
    assert "不由例数求把握度" in told(make(bare, design=[single]), "sample_size")
    assert "不由例数求把握度" not in told(make(bare, design=[DESIGN]), "sample_size")


def test_a_probability_is_not_rounded_to_none(bare: Sources) -> None:
    report = make(bare, enrolment={"months": 3, "target": 2000, "sites": 10, "rate": 1})
    assert "<0.001" in _table(report, "summary") and "<0.001" in told(report, "risks")


def test_a_bioequivalence_trial_is_filed(bare: Sources) -> None:
    start = {"start": "2099-01-05"}
    steps = {
        s["key"]
        for s in make(bare, phase="be", timeline=start).section("timeline").numbers["steps"]
    }
    others = {s["key"] for s in make(bare, timeline=start).section("timeline").numbers["steps"]}
    assert "be_filing" in steps and "ind" not in steps
    assert "be_filing" not in others and "ind" in others

"""The dated steps: durations from verified quotes, order, working days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.feasibility.citing import Citer
from assistant.feasibility.reading import BadSynopsis, checked_synopsis
from assistant.feasibility.report import Sources
from assistant.feasibility.schedule import (
    _after_months,
    _after_working_days,
    benchmark,
    order_rules,
    schedule,
)
from assistant.feasibility.synopsis import Synopsis

START = "2027-01-04"  # a Monday


def synopsis(product: str = "drug", **timeline: Any) -> Synopsis:
    given = {
        "title": "t", "condition": "心力衰竭", "product": product, "phase": 3,
        "enrolment": {"months": 12}, "timeline": {"start": START} | timeline,
    }  # fmt: skip
    return checked_synopsis(given, "test")


def citer_on(sources: Sources, day: str) -> Iterator[Citer]:
    assert sources.index is not None and sources.searcher is not None
    with sources.index.read() as view:
        yield Citer(view, sources.searcher, "zh", day)


@pytest.fixture
def citer(sources: Sources) -> Iterator[Citer]:
    yield from citer_on(sources, "2026-11-22")


def test_durations_are_read_from_verified_quotes(citer: Citer) -> None:
    plan = schedule(synopsis(), citer)
    by_key = {step.key: step for step in plan.steps}
    ind, ethics = by_key["ind"].duration, by_key["ethics"].duration
    assert (ind.amount, ind.unit, ind.ground) == (60, "working_days", "cited")
    assert (ethics.amount, ethics.unit, ethics.ground) == (30, "days", "cited")
    assert ind.cited is not None and "60个工作日" in ind.cited.citation.quote
    assert by_key["contract"].duration.ground == "assumed"
    assert by_key["ind"].end == date(2027, 3, 29)  # twelve weeks of five working days
    assert by_key["ethics"].end == date(2027, 2, 3)


def test_a_rule_is_not_cited_for_a_day_before_it(sources: Sources) -> None:
    for old in citer_on(sources, "2018-06-01"):
        plan = schedule(synopsis(), old)
        assert {s.duration.ground for s in plan.steps if s.key in {"ind", "ethics"}} == {"assumed"}
        assert not old.composer.citations


def test_without_an_index_everything_is_assumed_or_given() -> None:
    plan = schedule(synopsis(), None)
    assert {step.duration.ground for step in plan.steps} == {"assumed", "synopsis"}


def test_the_synopsis_goes_before_what_is_found(citer: Citer) -> None:
    plan = schedule(synopsis(steps={"ind": 10}), citer, {"contract": 45})
    by_key = {step.key: step.duration for step in plan.steps}
    assert (by_key["ind"].amount, by_key["ind"].ground) == (10, "synopsis")
    assert (by_key["contract"].amount, by_key["contract"].ground) == (45, "directory")


def test_what_applies_depends_on_the_product() -> None:
    keys = {p: {s.key for s in schedule(synopsis(p), None).steps}
            for p in ("drug", "device", "ivd", "investigator_initiated")}  # fmt: skip
    assert "ind" in keys["drug"] and "device_filing" not in keys["drug"]
    assert keys["device"] == keys["ivd"] and "device_filing" in keys["device"]
    assert "iit_registration" in keys["investigator_initiated"]
    assert "ind" not in keys["investigator_initiated"]
    risky = schedule(synopsis("device", high_risk_device=True, foreign_party=True), None)
    assert {"device_approval", "hgr"} <= {step.key for step in risky.steps}
    fast = {step.key for step in schedule(synopsis(ind="30_day"), None).steps}
    assert "ind_30" in fast and "ind" not in fast


@pytest.mark.parametrize("product", ["drug", "device", "ivd", "investigator_initiated"])
def test_no_step_begins_before_what_it_waits_for(product: str) -> None:
    plan = schedule(synopsis(product, foreign_party=True, high_risk_device=True), None)
    ends = {step.key: step.end for step in plan.steps} | {"start": plan.start}
    for step in plan.steps:
        assert step.start == max(ends[key] for key in step.after if key in ends)
        assert step.end >= step.start
    path = plan.critical()
    assert path[-1] == "activation" and plan.lead_days == (ends["activation"] - plan.start).days


def test_order_rules_and_benchmarks_are_quotes(citer: Citer) -> None:
    quotes = [each.citation.quote for each in order_rules(synopsis("device"), citer)]
    assert any("备案" in quote and "知情同意" in quote for quote in quotes)
    taken = benchmark(synopsis(), citer, "duration")
    assert (taken.number("median"), taken.number("q1")) == (22.6, 12.1)
    assert benchmark(synopsis(), citer, "dropout").number("median") == 12.4


def test_a_timeline_without_end_is_refused() -> None:
    with pytest.raises(BadSynopsis, match="beyond"):
        schedule(synopsis(start="2199-12-01"), None)


days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(days, st.integers(0, 300), st.sets(st.integers(0, 500), max_size=20))
def test_working_days_are_counted_one_by_one(start: date, count: int, off: set[int]) -> None:
    holidays = {start + timedelta(days=offset) for offset in off}
    end = _after_working_days(start, count, holidays)
    worked = [
        day
        for offset in range(1, (end - start).days + 1)
        if (day := start + timedelta(days=offset)).weekday() < 5 and day not in holidays
    ]
    assert len(worked) == count and (not count or worked[-1] == end)


@given(days, st.integers(0, 240))
def test_whole_months_keep_the_day_or_the_last_of_the_month(start: date, months: int) -> None:
    end = _after_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end + timedelta(days=1)).month != end.month

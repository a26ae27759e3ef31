from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.designators import agreement, designators, row_designators


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("访视3的窗口期", {("visit", "3")}),
        ("第三次访视", {("visit", "3")}),
        ("試驗V2允許的窗口", {("visit", "2")}),
        ("Visit 4 (Week 12, Day 85)", {("visit", "4"), ("week", "12"), ("day", "85")}),
        ("第24周的无复发率", {("week", "24")}),
        ("C1D8给药", {("cycle", "1"), ("day", "8")}),
        ("dose level -1", {("dose_level", "-1")}),
        ("剂量水平２", {("dose_level", "2")}),
        ("队列2a入组", {("cohort", "2a")}),
        ("3级中性粒细胞减少", {("grade", "3")}),
        ("grade 4 neutropenia", {("grade", "4")}),
        ("3-4级中性粒细胞减少", {("grade", "3"), ("grade", "4")}),
        ("grades 1 and 2", {("grade", "1"), ("grade", "2")}),
        ("第1-4周", {("week", "1"), ("week", "2"), ("week", "3"), ("week", "4")}),
        ("第2周期", {("cycle", "2")}),
        ("方案V3.0", set()),
        ("每2次访视之间", set()),
        ("随访12个月", set()),
        ("主要终点是总生存期", set()),
    ],
)
def test_numbered_things_are_told_in_both_languages(
    text: str, expected: set[tuple[str, str]]
) -> None:
    assert expected <= designators(text) if expected else not designators(text)


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        (("Visit", "Window"), ("3", "±5 days"), ("visit", "3")),
        (("访视号", "研究日"), ("V3", "57"), ("visit", "3")),
        (("Week", "Procedure"), ("W12", "ECG"), ("week", "12")),
        (("剂量水平", "剂量（mg）"), ("-1", "50"), ("dose_level", "-1")),
        (("分级", "处理"), ("3", "停药"), ("grade", "3")),
    ],
)
def test_a_number_counts_under_the_head_of_its_column(
    header: tuple[str, ...], cells: tuple[str, ...], expected: tuple[str, str]
) -> None:
    assert expected in row_designators(header, cells)


def test_a_cycle_is_no_week_and_a_span_has_no_minus() -> None:
    assert designators("第2周期的采血") == {("cycle", "2")}
    assert ("grade", "-4") not in designators("3-4级")


def test_each_kind_asked_for_must_agree() -> None:
    asked = designators("第3周期第15天")
    assert agreement(asked, designators("第3周期 第15天")) == 1.0
    assert agreement(asked, designators("第3周期 第8天")) == -1.0
    assert agreement(asked, designators("第2周期 第15天")) == -1.0
    assert agreement(asked, designators("第3周期")) == 1.0


def test_an_open_span_neither_fits_nor_contradicts() -> None:
    assert agreement(designators("腹泻4级"), designators("≥3级")) == 0.0
    assert agreement(designators("腹泻3级"), designators("≥3级")) == 1.0
    assert agreement(designators("grade 4"), designators("grade 3 or higher")) == 0.0
    assert agreement(designators("血液学毒性4级"), designators("3-4级")) == 1.0


def test_a_number_under_another_head_is_no_designator() -> None:
    assert not row_designators(("剂量（mg）", "例数"), ("3", "12"))


def test_agreement_tells_the_same_from_another() -> None:
    asked = designators("访视3")
    assert agreement(asked, designators("访视3 第57天")) == 1.0
    assert agreement(asked, designators("访视2 第29天")) == -1.0
    assert agreement(asked, designators("第57天")) == 0.0
    assert agreement(frozenset(), designators("访视2")) == 0.0


@given(st.integers(0, 99), st.integers(0, 99))
def test_visits_agree_exactly_when_their_numbers_do(one: int, other: int) -> None:
    found = agreement(designators(f"访视{one}"), designators(f"visit {other}"))
    assert found == (1.0 if one == other else -1.0)
